"""What a run leaves for the next one: every cell of every accepted workbook, as Parquet beside the results.

`results/table-1.parquet` … hold the tables of plain rows by column; `results/cells.parquet` one row per value of every
other item, with the place it was read from. Names and phones lie apart in `results/contacts.parquet`, which may be
deleted without touching a number.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, cast

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from guatu.declarations import FieldType, Ledger
from guatu.dispatch.arrivals import Arrival
from guatu.dispatch.held_store import read_tables, write_tables
from guatu.dispatch.item import Cell, Held, HeldItem, HeldTable, Item
from guatu.office.containers import grid
from guatu.office.containers.grid import show
from guatu.office.workbooks import Finding
from guatu.office.workbooks.held import FieldColumn
from guatu.text import Text

CELLS = pa.schema(
    [
        ("item_id", pa.string()),
        ("unit", pa.string()),
        ("role", pa.string()),  # value | figure | tag
        ("field", pa.string()),
        ("period", pa.string()),
        ("value", pa.string()),
        ("raw", pa.string()),
        ("missing", pa.string()),
        ("workbook", pa.string()),
        ("sheet", pa.string()),
        ("address", pa.string()),
        ("precision", pa.string()),
        ("is_deadline", pa.bool_()),
    ]
)

_ORDER = b"guatu order"


def write_cells(folder: Path, items: Iterable[Item], ledger: Ledger) -> None:
    """Whole tables as they are held, everything else cell by cell; names and phones apart."""
    items = list(items)
    held = Held.of(items)
    write_tables(folder, held, items, ledger)
    rows: list[dict[str, object]] = []
    contacts: list[dict[str, object]] = []
    for _, item in held.others:
        for role, cell in _cells(item):
            declared = ledger.fields.get(cell.field)
            target = contacts if declared is not None and declared.is_personal else rows
            target.append(
                {
                    "item_id": item.item_id,
                    "unit": item.unit,
                    "role": role,
                    "field": cell.field,
                    "period": cell.period,
                    "value": _written(cell.value),
                    "raw": cell.raw,
                    "missing": cell.missing,
                    "workbook": cell.workbook,
                    "sheet": cell.sheet,
                    "address": cell.address,
                    "precision": cell.precision,
                    "is_deadline": cell.is_deadline,
                }
            )
    order = json.dumps([item.item_id for item in items])
    cells = pa.Table.from_pylist(rows, schema=CELLS).replace_schema_metadata({_ORDER: order})
    pq.write_table(cells, folder / "cells.parquet")
    more = [_contacts(*one, items, ledger) for one in held.tables]
    people = pa.concat_tables([pa.Table.from_pylist(contacts, schema=CELLS), *more])
    pq.write_table(people, folder / "contacts.parquet")


def _contacts(
    table: HeldTable, positions: Sequence[int], indexes: Sequence[int], items: Sequence[Item], ledger: Ledger
) -> pa.Table:
    """The personal columns of a table, a row a cell."""
    rows: dict[str, list[object]] = {name: [] for name in CELLS.names}
    personal = [one for key, one in table.current.items() if key in ledger.fields and ledger.fields[key].is_personal]
    ids = [items[place].item_id for place in positions]
    for one in personal:
        places = [table.place(one, index) for index in indexes]
        said: dict[str, list[object]] = {
            "item_id": list(ids),
            "unit": [table.unit] * len(ids),
            "role": ["value"] * len(ids),
            "field": [one.field] * len(ids),
            "value": [_written(one.values[index]) for index in indexes],
            "raw": [show(one.sources[index]) for index in indexes],
            "missing": [one.missing.get(index) for index in indexes],
            "workbook": [table.workbook] * len(ids),
            "sheet": [table.rows.sheet] * len(ids),
            "address": [f"{letters}{number}" for letters, number in places],
            "is_deadline": [False] * len(ids),
        }
        for name, values in rows.items():
            values += said.get(name, [None] * len(ids))
    return pa.table({name: pa.array(rows[name], CELLS.field(name).type) for name in CELLS.names}, schema=CELLS)


def _cells(item: Item) -> Iterable[tuple[str, Cell]]:
    for key, cells in item.cells.items():
        for position, cell in enumerate(cells):
            # A difference rests on two cells: the field it belongs to is written with both.
            role = "value" if cell.field == key and len(cells) == 1 else f"value:{key}:{position}"
            yield role, cell
    for cell in item.figures:
        yield "figure", cell
    for cell in item.tags.values():
        yield "tag", cell


def read_items(folder: Path, ledger: Ledger, fields: Iterable[str] | None = None) -> list[Item]:
    """The items of an earlier run, just as it had them; without contacts if those were deleted.

    With `fields`, items carry only those values and no tags: enough to know them again, or to explain a figure.
    """
    fields = None if fields is None else set(fields)
    wanted = None if fields is None else _only(fields)
    items: dict[str, Item] = {one.item_id: one for one in read_tables(folder, ledger, fields)}
    for name in ("cells.parquet", "contacts.parquet"):
        path = folder / name
        if not path.is_file():
            continue
        whole: dict[tuple[int, str], FieldColumn] = {}
        for row in pq.read_table(path, filters=wanted).to_pylist():
            item = items.setdefault(row["item_id"], Item(row["item_id"], row["unit"], code_field=ledger.code_field))
            cell = _read_cell(row, ledger)
            if type(item) is HeldItem and row["role"] == "value":
                _put_held(item, cell, whole)
            else:
                _put(item, row["role"], cell)
    for item in items.values():
        if type(item) is not HeldItem:
            _recompute_differences(item)
    order = _order(folder)
    return sorted(items.values(), key=lambda item: order.get(item.item_id, len(order)))


def _order(folder: Path) -> dict[str, int]:
    """Where each item stood among the others of its run."""
    path = folder / "cells.parquet"
    about = (pq.read_schema(path).metadata or {}) if path.is_file() else {}
    return {item_id: place for place, item_id in enumerate(json.loads(about.get(_ORDER, b"[]")))}


def _put_held(item: HeldItem, cell: Cell, whole: dict[tuple[int, str], FieldColumn]) -> None:
    """A name or phone back into the table its item is held in."""
    rows = item.table.rows
    at = grid.position(cell.address) or (rows.places[item.index], 0)
    column = whole.get((id(rows), cell.field))
    if column is None:
        nothing: list[Any] = [None] * len(rows)
        column = whole[id(rows), cell.field] = FieldColumn(cell.field, None, at[1], None, nothing, list(nothing))
        column.missing = dict.fromkeys(range(len(rows)), "blank")
        rows.columns = (*rows.columns, column)
    column.missing.pop(item.index, None)
    if cell.missing is not None:
        column.missing[item.index] = cell.missing
    column.values[item.index] = cast(Any, cell.value)
    column.sources[item.index] = cell.raw or None
    if at != (rows.places[item.index], column.column):
        column.homes[item.index] = at


def _only(fields: set[str]) -> pc.Expression:
    """The cells that hold these fields' values, or that a difference standing for one of them rests on."""
    plain = (pc.field("role") == "value") & pc.field("field").isin(sorted(fields))
    differences = [f"value:{key}:{position}" for key in sorted(fields) for position in (0, 1)]
    return plain | pc.field("role").isin(differences)


def _put(item: Item, role: str, cell: Cell) -> None:
    if role == "tag":
        item.tags[str(cell.value)] = cell
    elif role == "figure":
        item.figures.append(cell)
    elif role == "value":
        item.cells[cell.field] = (cell,)
        item.values[cell.field] = cell.value
        if cell.missing:
            item.missing[cell.field] = cell.missing
    else:
        key = role.split(":")[1]
        item.cells[key] = (*item.cells.get(key, ()), cell)


def _recompute_differences(item: Item) -> None:
    """Values that rest on other fields' cells: a month on one or two cumulative ones."""
    for key, cells in item.cells.items():
        if cells[0].field == key:
            continue
        amounts = [cell.value for cell in cells]
        if cells[0].missing:
            item.missing[key] = cells[0].missing
            item.values[key] = None
        else:
            assert all(isinstance(amount, int) for amount in amounts)
            now, *before = [amount for amount in amounts if isinstance(amount, int)]
            item.values[key] = now - sum(before)


def _written(value: object | None) -> str | None:
    if value is None:
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list | tuple):
        return json.dumps(list(value), ensure_ascii=False)
    return str(value)


def _read_cell(row: Mapping[str, object], ledger: Ledger) -> Cell:
    key = str(row["field"])
    text = row["value"]
    value = None if text is None else _value(str(text), ledger.fields[key].type if key in ledger.fields else None)
    fields = {name: row[name] for name in ("period", "raw", "missing", "workbook", "sheet", "address", "precision")}
    return Cell(field=key, value=value, is_deadline=bool(row["is_deadline"]), **fields)  # type: ignore[arg-type]


def _value(text: str, kind: FieldType | None) -> object:
    if kind in (FieldType.MONEY, FieldType.AREA, FieldType.INTEGER):
        return int(text)
    if kind in (FieldType.NUMBER, FieldType.PERCENT):
        return Decimal(text)
    if kind is FieldType.DATE:
        return date.fromisoformat(text)
    if kind is FieldType.FLAG:
        return text == "true"
    if kind in (FieldType.TAGS, FieldType.PEOPLE, FieldType.PHONES) and text.startswith("["):
        return tuple(json.loads(text))
    return text


def write_findings(folder: Path, findings: Iterable[Finding]) -> None:
    """What was found in the workbooks of this round, for runs that are not given all of them again."""
    records = [
        {
            **asdict(one),
            "reason": {"zh": one.reason.zh, "en": one.reason.en},
            "remedy": {"zh": one.remedy.zh, "en": one.remedy.en},
        }
        for one in findings
    ]
    (folder / "findings.json").write_text(json.dumps(records, ensure_ascii=False), encoding="utf-8")


def read_findings(folder: Path) -> list[Finding]:
    path = folder / "findings.json"
    if not path.is_file():
        return []
    records = json.loads(path.read_text(encoding="utf-8"))
    return [Finding(**{**one, "reason": Text(**one["reason"]), "remedy": Text(**one["remedy"])}) for one in records]


def write_arrivals(folder: Path, arrivals: Iterable[Arrival]) -> None:
    records = [
        {
            "unit": one.unit,
            "title": {"zh": one.title.zh, "en": one.title.en},
            "state": one.state,
            "workbook": one.workbook,
            "sha256": one.sha256,
            "items": one.items,
            "errors": one.errors,
            "questions": one.questions,
            "warnings": one.warnings,
        }
        for one in arrivals
    ]
    (folder / "arrivals.json").write_text(json.dumps(records, ensure_ascii=False, indent=1), encoding="utf-8")


def read_arrivals(folder: Path) -> list[Arrival]:
    path = folder / "arrivals.json"
    if not path.is_file():
        return []
    records = json.loads(path.read_text(encoding="utf-8"))
    return [Arrival(**{**record, "title": Text(**record["title"])}) for record in records]
