"""Which items are on which lists: stated by units, or derived by a ledger's expressions. `all` holds every item."""

from __future__ import annotations

import pyarrow as pa

from guatu.declarations.ledger import Ledger
from guatu.engine.expressions import Scope, Typed, check, parse
from guatu.engine.rulebook.formulas import ITEM_COLUMNS, item_columns
from guatu.engine.tables import ReferenceTables

ALL = "all"


def derive_lists(items: pa.Table, ledger: Ledger) -> pa.Table:
    """Membership (item_id, list) of every list of the ledger, and of `all`, sorted.

    A derived list may rest on stated lists and on derived ones declared before it.
    """
    tags = [set(found or ()) for found in items["lists"].to_pylist()]
    complete = with_fields(items, ledger)
    for key, typed in _derived(ledger):
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


def _derived(ledger: Ledger) -> list[tuple[str, Typed]]:
    if all(declared.where is None for declared in ledger.lists.values()):
        return []
    scope = Scope(columns=item_columns(ledger))
    return [
        (key, check(parse(declared.where, declared.place), scope))
        for key, declared in ledger.lists.items()
        if declared.where is not None
    ]


def with_lists(items: pa.Table, tags: list[set[str]]) -> pa.Table:
    """The items with these tags in place of their own."""
    column = pa.array([sorted(found) for found in tags], pa.list_(pa.string()))
    at = items.column_names.index("lists")
    return items.set_column(at, "lists", column)


def with_membership(items: pa.Table, membership: pa.Table) -> pa.Table:
    """The items whose `lists` hold their free tags and every list they are a member of, derived ones included."""
    tags = {
        item: set(found or ())
        for item, found in zip(items["item_id"].to_pylist(), items["lists"].to_pylist(), strict=True)
    }
    for item, key in zip(membership["item_id"].to_pylist(), membership["list"].to_pylist(), strict=True):
        if key != ALL and item in tags:
            tags[item].add(key)
    return with_lists(items, list(tags.values()))


def with_fields(items: pa.Table, ledger: Ledger) -> pa.Table:
    """The items with a column for every field of the ledger; a field nobody reported is missing everywhere."""
    columns = dict(zip(items.column_names, items.columns, strict=True))
    nothing = pa.nulls(items.num_rows)
    return pa.table(columns | {key: nothing for key in (*ITEM_COLUMNS, *ledger.fields) if key not in columns})
