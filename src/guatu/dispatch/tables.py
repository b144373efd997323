"""Items as the typed Arrow tables the engine takes (DESIGN §4): exact, sorted, without a person's name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal

import pyarrow as pa

from guatu.declarations import FieldDeclaration, FieldType, Ledger, UnitDeclaration
from guatu.dispatch.items import Item

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
    columns: dict[str, pa.Array] = {
        "item_id": pa.array([item.item_id for item in ordered], pa.string()),
        "unit": pa.array([item.unit for item in ordered], pa.string()),
        "lists": pa.array([sorted(item.tags) for item in ordered], pa.list_(pa.string())),
    }
    for declared in item_fields(ledger):
        values = [item.values.get(declared.key) for item in ordered]
        columns[declared.key] = typed_array(values, ARROW_TYPES[declared.type])
    return pa.table(columns)


def typed_array(values: Sequence[object], kind: pa.DataType) -> pa.Array:
    """Values as a column of the engine's table; a rate a formula left with more places than it has is rounded half up."""
    if pa.types.is_decimal(kind):
        values = [_rounded(value, kind.scale) if isinstance(value, Decimal) else value for value in values]
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
    rows = [
        (item, tag)
        for item, tags in zip(items["item_id"].to_pylist(), items["lists"].to_pylist(), strict=True)
        for tag in tags
        if tag not in ledger.lists
    ]
    more = pa.table(
        {
            "item_id": pa.array([one[0] for one in rows], pa.string()),
            "list": pa.array([one[1] for one in rows], pa.string()),
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
