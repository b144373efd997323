"""Which items are on which lists: stated by units, or derived by a ledger's expressions. `all` holds every item."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from guatu.declarations.ledger import Ledger
from guatu.engine.rulebook.formulas import ITEM_COLUMNS, derived_lists
from guatu.engine.tables import ReferenceTables
from guatu.engine.tables.combinations import combinations, row_numbers

ALL = "all"


def derive_lists(items: pa.Table, ledger: Ledger) -> pa.Table:
    """Membership (item_id, list) of every list of the ledger, and of `all`, sorted.

    A derived list may rest on stated lists and on derived ones declared before it.
    """
    tags = [set(found or ()) for found in items["lists"].to_pylist()]
    complete = with_fields(items, ledger)
    for key, typed in derived_lists(ledger):
        table = ReferenceTables({"items": with_lists(complete, tags)}, {})
        for found, on in zip(tags, table.rows("items", {"held": typed})["held"].to_pylist(), strict=True):
            (found.add if on else found.discard)(key)
    ids = items["item_id"].to_pylist()
    rows = [
        (item, key) for item, found in zip(ids, tags, strict=True) for key in (ALL, *sorted(found & set(ledger.lists)))
    ]
    return pa.table(
        {
            "item_id": pa.array([row[0] for row in rows], pa.string()),
            "list": pa.array([row[1] for row in rows], pa.string()),
        }
    )


def with_lists(items: pa.Table, tags: list[set[str]]) -> pa.Table:
    """The items with these tags in place of their own."""
    column = pa.array([sorted(found) for found in tags], pa.list_(pa.string()))
    at = items.column_names.index("lists")
    return items.set_column(at, "lists", column)


LISTING = "#listing"
"""The column of items that says by a number which lists an item is on; `Coded.listing` has the lists of each number."""

FEW = 60
"""Different lists and tags that are still told apart by a bit each."""


@dataclass(frozen=True, slots=True)
class Coded:
    """Items whose `lists` hold their free tags and every list they are a member of, and a number for their lists.

    Items on the same lists have the same number, of which there are few: `listing` is (code, list).
    """

    items: pa.Table
    listing: pa.Table


def code_lists(items: pa.Table, membership: pa.Table) -> Coded:
    """The items with the lists of the membership, derived ones included."""
    ids = items["item_id"].combine_chunks()
    members = {key: _members(ids, membership, key) for key in pc.unique(membership["list"]).to_pylist()}
    codes, of_code = _coded(ids, members)
    listing = [(code, key) for code, keys in enumerate(of_code) for key in keys]
    complete = items.append_column(LISTING, codes)
    return Coded(
        _with_tags(complete, {key: on for key, on in members.items() if key != ALL}),
        pa.table(
            {
                "code": pa.array([code for code, _ in listing], pa.int64()),
                "list": pa.array([key for _, key in listing], pa.string()),
            }
        ),
    )


def _members(ids: Any, membership: pa.Table, key: str) -> Any:
    """For each item whether it is on a list."""
    found = membership.filter(pc.equal(membership["list"], key))["item_id"].combine_chunks().cast(ids.type)
    # Most often every item is on `all`, in the same order: then there is nothing to look up.
    return pa.repeat(True, len(ids)) if found.equals(ids) else pc.is_in(ids, found)


def _coded(rows: Any, flags: Mapping[str, Any]) -> tuple[Any, list[tuple[str, ...]]]:
    """A number for each row and the flags that are set for each number."""
    codes, found = combinations([flag.cast(pa.int64()) for flag in flags.values()], len(rows))
    return codes, [tuple(key for key, on in zip(flags, held, strict=True) if on) for held in found]


def _with_tags(items: pa.Table, members: Mapping[str, Any]) -> pa.Table:
    """The items with the lists they are members of among their tags, each tag once and sorted."""
    lists = items["lists"].combine_chunks().cast(pa.list_(pa.string()))
    stated, row_of = pc.list_flatten(lists), pc.list_parent_indices(lists)
    tags = pc.unique(stated).drop_null().to_pylist()
    if len(tags) + len(members) > FEW:
        return _with_many_tags(items, members)
    numbers = row_numbers(len(lists))
    flags = {}
    for key in sorted({*tags, *members}):
        on = pc.is_in(numbers, row_of.filter(pc.equal(stated, key)).cast(pa.int64()))
        flags[key] = pc.or_(on, members[key]) if key in members else on
    codes, of_code = _coded(lists, flags)
    column = pa.array([list(keys) for keys in of_code], pa.list_(pa.string())).take(codes)
    return items.set_column(items.column_names.index("lists"), "lists", column)


def _with_many_tags(items: pa.Table, members: Mapping[str, Any]) -> pa.Table:
    """The same where people wrote very many different tags."""
    tags = [set(found or ()) - {None} for found in items["lists"].to_pylist()]
    for key, on in members.items():
        for found, held in zip(tags, on.to_pylist(), strict=True):
            if held:
                found.add(key)
    return with_lists(items, tags)


def with_fields(items: pa.Table, ledger: Ledger) -> pa.Table:
    """The items with a column for every field of the ledger; a field nobody reported is missing everywhere."""
    columns = dict(zip(items.column_names, items.columns, strict=True))
    nothing = pa.nulls(items.num_rows)
    return pa.table(columns | {key: nothing for key in (*ITEM_COLUMNS, *ledger.fields) if key not in columns})
