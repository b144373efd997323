"""What a run leaves for the next one: every cell of every accepted workbook, as Parquet beside the results.

`results/cells.parquet` holds one row per value with the place it was read from; names and phones lie apart in
`results/contacts.parquet`, which may be deleted without touching a number.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import date
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from guatu.declarations import FieldType, Ledger
from guatu.dispatch.arrivals import Arrival
from guatu.dispatch.items import Cell, Item
from guatu.office.workbooks import Finding
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


def write_cells(folder: Path, items: Iterable[Item], ledger: Ledger) -> None:
    rows: list[dict[str, object]] = []
    contacts: list[dict[str, object]] = []
    for item in items:
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
    pq.write_table(pa.Table.from_pylist(rows, schema=CELLS), folder / "cells.parquet")
    pq.write_table(pa.Table.from_pylist(contacts, schema=CELLS), folder / "contacts.parquet")


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
    wanted = None if fields is None else _only(set(fields))
    items: dict[str, Item] = {}
    for name in ("cells.parquet", "contacts.parquet"):
        path = folder / name
        if not path.is_file():
            continue
        for row in pq.read_table(path, filters=wanted).to_pylist():
            item = items.setdefault(row["item_id"], Item(row["item_id"], row["unit"]))
            _put(item, row["role"], _read_cell(row, ledger))
    for item in items.values():
        _recompute_differences(item)
    return list(items.values())


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
