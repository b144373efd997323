"""The plain files a run leaves: CSV for whoever computes on, YAML for whoever answers, JSON for provenance."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import yaml

from guatu.declarations import Ledger
from guatu.dispatch.item import FORM_KEY, Cell, Held, HeldTable, Item
from guatu.dispatch.reconciliation.identity import Question
from guatu.office.containers.grid import Value, column_letters, show
from guatu.office.workbooks import Finding
from guatu.office.workbooks.held import FieldColumn
from guatu.office.workbooks.reading import CellValue
from guatu.text import Language

FINDINGS = ("workbook", "sheet", "cell", "raw", "severity", "reason", "remedy")
LIGHTS = ("unit_code", "item", "name", "dimension", "severity", "because")
INDICATORS = ("unit_code", "list", "indicator", "value", "numerator", "denominator", "rank", "printed")
POINTS = ("unit_code", "dimension", "item", "points", "state", "rank", "how")
LADDER = ("unit_code", "subject", "ladder", "step", "measure", "hold", "because")


def write_csv(path: Path, columns: Sequence[str], rows: Iterable[Mapping[str, object]]) -> None:
    """UTF-8 with a byte-order mark, so that Excel and WPS open the Chinese right; no cell can start a formula."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(columns)
    writer.writerows(
        [
            value if type(value := row.get(key)) is str and value[:1] not in _BEGINS else _harmless(value)
            for key in columns
        ]
        for row in rows
    )
    path.write_bytes(text.getvalue().encode("utf-8-sig"))


_BEGINS = frozenset("=+-@\t\r＝＋－＠")
_FIGURE = re.compile(r"[+-]?\d[\d,.]*[%\w ]*(（\w*）)?")
"""A printed figure such as -3.2% or -120万元: it begins like a formula and is none."""


def _harmless(value: object) -> object:
    """Text a spreadsheet would run as a formula is led by an apostrophe; figures stay as they are."""
    if isinstance(value, str) and value[:1] in _BEGINS and not _FIGURE.fullmatch(value):
        return f"'{value}"
    return "" if value is None else value


def finding_rows(findings: Iterable[Finding], language: Language) -> list[dict[str, object]]:
    return [
        {
            "workbook": one.workbook,
            "sheet": one.sheet,
            "cell": one.cell,
            "raw": one.raw,
            "severity": one.grade,
            "reason": one.reason.in_(language),
            "remedy": one.remedy.in_(language),
        }
        for one in findings
    ]


def write_questions(
    path: Path, findings: Iterable[Finding], language: Language, decisions: Iterable[Question] = ()
) -> None:
    """Questions as a form: fill in `answer` with what the cell should say, or with one of the `choices` where a
    decision is asked for, and run again with --answers.

    What a column is, is no cell's answer: `guatu map` asks that.
    """
    decisions = list(decisions)
    asked = {one.finding for one in decisions}
    questions: list[dict[str, object]] = [
        {**_asked(one, language), "answer": ""}
        for one in findings
        if one.grade == "question" and one.cell and not one.is_of_a_column and one not in asked
    ]
    questions += [
        {
            "about": one.decision.check,
            "items": list(one.decision.items),
            **({"rests_on": dict(one.decision.rests_on)} if one.decision.rests_on else {}),
            **_asked(one.finding, language),
            "choices": " | ".join(one.choices),
            "answer": "",
        }
        for one in decisions
    ]
    if questions:
        path.write_text(yaml.safe_dump({"questions": questions}, allow_unicode=True, sort_keys=False), encoding="utf-8")


def _asked(one: Finding, language: Language) -> dict[str, str]:
    stop = "；" if language == "zh" else ". "
    return {
        "workbook": one.workbook,
        "sheet": one.sheet,
        "cell": one.cell,
        "raw": one.raw,
        "question": f"{one.reason.in_(language)}{stop}{one.remedy.in_(language)}",
    }


def provenance(items: Sequence[Item], ledger: Ledger) -> dict[str, object]:
    """Where every value stands. An item of a plain row names its table and row: the table says once which field each
    column holds, and lists the cells of a column row by row as they stood. Any other item names the cells of each
    field itself. Names and phones are left out."""
    held = Held.of(items)
    records: dict[str, object] = {}
    tables: list[dict[str, object]] = []
    for table, positions, indexes in held.tables:
        records |= _records(table, [items[position] for position in positions], indexes, len(tables))
        tables.append(_table(table, indexes, ledger))
    for _, item in held.others:
        records[item.item_id] = {
            "unit": item.unit,
            "name": item.name,
            "code": item.code,
            "fields": {
                key: [_place(cell) for cell in cells]
                for key, cells in sorted(item.cells.items())
                if key in ledger.fields and not ledger.fields[key].is_personal
            },
            "lists": {tag: _place(cell) for tag, cell in sorted(item.tags.items())},
        }
    return {"tables": tables, "items": {item.item_id: records[item.item_id] for item in items}}


def _records(table: HeldTable, items: Sequence[Item], indexes: Sequence[int], number: int) -> dict[str, object]:
    rows, columns = table.rows, table.current
    nothing: Sequence[CellValue] = [None] * len(rows)
    names, codes = (
        columns[key].values if key is not None and key in columns else nothing for key in ("name", table.code_field)
    )
    return {
        item.item_id: {
            "unit": item.unit,
            "name": names[index] or item.item_id,
            "code": codes[index],
            "table": number,
            "row": rows.places[index] + 1,
            "lists": {tag.key or tag.word: tag.address for tag in reversed(rows.tags[index])},
        }
        for item, index in zip(items, indexes, strict=True)
    }


def _table(table: HeldTable, indexes: Sequence[int], ledger: Ledger) -> dict[str, object]:
    rows = table.rows
    return {
        "workbook": table.workbook,
        "sheet": rows.sheet,
        "rows": [rows.places[index] + 1 for index in indexes],
        "fields": {
            key: _column(table, one, indexes)
            for key, one in sorted(table.current.items())
            if key in ledger.fields and not ledger.fields[key].is_personal and key != FORM_KEY
        },
    }


def _column(table: HeldTable, one: FieldColumn, indexes: Sequence[int]) -> dict[str, object]:
    sources = one.sources
    record: dict[str, object] = {"column": column_letters(one.column), "raw": [_said(sources[row]) for row in indexes]}
    if one.period:
        record["period"] = str(one.period)
    if one.missing:
        record["missing"] = {table.rows.places[row] + 1: one.missing[row] for row in indexes if row in one.missing}
    if one.homes:
        record["cells"] = {
            table.rows.places[row] + 1: "{}{}".format(*table.place(one, row)) for row in indexes if row in one.homes
        }
    return record


def _said(source: Value) -> str | float | None:
    """A number as a number, anything else as it shows."""
    if type(source) is float:
        return int(source) if source.is_integer() else source
    return source if source is None or type(source) is str else show(source)


def _place(cell: Cell) -> dict[str, object]:
    record: dict[str, object] = {"workbook": cell.workbook, "sheet": cell.sheet, "cell": cell.address, "raw": cell.raw}
    if cell.missing:
        record["missing"] = cell.missing
    if cell.period:
        record["period"] = cell.period
    return record


def write_json(path: Path, record: object) -> None:
    path.write_text(json.dumps(record, ensure_ascii=False), encoding="utf-8")
