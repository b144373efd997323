"""Items as the typed Arrow tables the engine takes (DESIGN §4): exact, sorted, without a person's name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from itertools import pairwise
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from guatu.declarations import FieldDeclaration, FieldType, Ledger, UnitDeclaration
from guatu.dispatch.item import Held, Item

ARROW_TYPES: Mapping[FieldType, pa.DataType] = {
    FieldType.TEXT: pa.string(),
    FieldType.CHOICE: pa.string(),
    FieldType.PROJECT_CODE: pa.string(),
    FieldType.CREDIT_CODE: pa.string(),
    FieldType.INTEGER: pa.int64(),
    FieldType.MONEY: pa.int64(),
    FieldType.AREA: pa.int64(),
    FieldType.NUMBER: pa.decimal128(24, 6),
    FieldType.PERCENT: pa.decimal128(24, 6),
    FieldType.DATE: pa.date32(),
    FieldType.FLAG: pa.bool_(),
    FieldType.TAGS: pa.list_(pa.string()),
}


def item_fields(ledger: Ledger) -> list[FieldDeclaration]:
    """The ledger's fields that are columns of the items table."""
    return [
        declared
        for declared in ledger.fields.values()
        if not declared.is_personal and declared.type in ARROW_TYPES and declared.key != "lists"
    ]


def items_table(items: Sequence[Item], ledger: Ledger) -> pa.Table:
    """One row per item: item_id, unit, lists, and every declared field; missing is null."""
    ordered = sorted(items, key=lambda item: (item.unit, item.item_id))
    held = Held.of(ordered)
    columns: dict[str, pa.Array] = {
        "item_id": pa.array([item.item_id for item in ordered], pa.string()),
        "unit": pa.array([item.unit for item in ordered], pa.string()),
        "lists": pa.array([sorted(item.on()) for item in ordered], pa.list_(pa.string())),
    }
    for declared in item_fields(ledger):
        columns[declared.key] = typed_array(held.values(declared.key), ARROW_TYPES[declared.type])
    return pa.table(columns)


def typed_array(values: Sequence[object], kind: pa.DataType) -> pa.Array:
    """Values as a column of the engine's table; a rate a formula left with more places than it has is rounded half up."""
    if pa.types.is_decimal(kind):
        values = [_rounded(value, kind.scale) if isinstance(value, Decimal) else value for value in values]
    if list(values).count(None) == len(values):
        return pa.nulls(len(values), kind)
    return pa.array(values, kind)


def _rounded(value: Decimal, places: int) -> Decimal:
    exponent = value.as_tuple().exponent
    if not isinstance(exponent, int) or -exponent <= places:
        return value
    return value.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)


def units_table(units: Mapping[str, UnitDeclaration]) -> pa.Table:
    return pa.table(
        {
            "code": pa.array(list(units), pa.string()),
            "title": pa.array([unit.title.zh for unit in units.values()], pa.string()),
            "parent": pa.array([unit.parent for unit in units.values()], pa.string()),
            "peers": pa.array([unit.peers for unit in units.values()], pa.string()),
        }
    )


def closure_table(units: Mapping[str, UnitDeclaration]) -> pa.Table:
    """Every unit with itself and each of its ancestors."""
    rows: list[tuple[str, str, int]] = []
    for code in units:
        ancestor: str | None = code
        depth = 0
        while ancestor is not None:
            rows.append((ancestor, code, depth))
            ancestor, depth = units[ancestor].parent, depth + 1
    return pa.table(
        {
            "ancestor": pa.array([row[0] for row in rows], pa.string()),
            "descendant": pa.array([row[1] for row in rows], pa.string()),
            "depth": pa.array([row[2] for row in rows], pa.int32()),
        }
    )


def with_free_tags(membership: pa.Table, items: pa.Table, ledger: Ledger) -> pa.Table:
    """Membership with every tag units wrote that is no declared list: it is rolled up under its own word."""
    lists = items["lists"].combine_chunks()
    tags = lists.flatten()
    free = pc.invert(pc.is_in(tags, pa.array(list(ledger.lists), pa.string())))
    more = pa.table(
        {
            "item_id": items["item_id"].combine_chunks().take(pc.list_parent_indices(lists)).filter(free),
            "list": tags.filter(free),
        }
    )
    return pa.concat_tables([membership, more])


def members_of(items: pa.Table, membership: pa.Table, closure: pa.Table) -> dict[tuple[str, str], list[str]]:
    """Unit and list -> ids of the items counted there, ancestors included."""
    ancestors: dict[str, list[str]] = {}
    for above, below in zip(closure["ancestor"].to_pylist(), closure["descendant"].to_pylist(), strict=True):
        ancestors.setdefault(below, []).append(above)
    unit_of = dict(zip(items["item_id"].to_pylist(), items["unit"].to_pylist(), strict=True))
    found: dict[tuple[str, str], list[str]] = {}
    for item, listed in zip(membership["item_id"].to_pylist(), membership["list"].to_pylist(), strict=True):
        for unit in ancestors.get(unit_of[item], ()):
            found.setdefault((unit, listed), []).append(item)
    return found


def listed(column: pa.Array | pa.ChunkedArray) -> list[Any]:
    """A column of texts, or of lists of texts as tuples, each distinct text made once."""
    if isinstance(column, pa.ChunkedArray):
        column = column.combine_chunks()
    if pa.types.is_string(column.type):
        coded = column.dictionary_encode()
        words = [*coded.dictionary.to_pylist(), None]
        return [words[code] for code in coded.indices.fill_null(-1).to_numpy().tolist()]
    if pa.types.is_list(column.type) and not column.null_count:
        told, ends = tuple(listed(column.values)), column.offsets.to_numpy().tolist()
        return [told[first:last] for first, last in pairwise(ends)]
    return [tuple(value) if isinstance(value, list) else value for value in column.to_pylist()]
