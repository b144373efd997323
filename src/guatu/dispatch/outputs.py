"""The plain files a run leaves: CSV for whoever computes on, YAML for whoever answers, JSON for provenance."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import yaml

from guatu.declarations import Ledger
from guatu.dispatch.items import Cell, Item
from guatu.dispatch.reconciliation.identity import Question
from guatu.office.workbooks import Finding
from guatu.text import Language

FINDINGS = ("workbook", "sheet", "cell", "raw", "severity", "reason", "remedy")
LIGHTS = ("unit_code", "item", "name", "dimension", "severity", "because")
INDICATORS = ("unit_code", "list", "indicator", "value", "numerator", "denominator", "rank", "printed")
POINTS = ("unit_code", "dimension", "item", "points", "state", "rank", "how")
LADDER = ("unit_code", "subject", "ladder", "step", "measure", "hold", "because")


def write_csv(path: Path, columns: Sequence[str], rows: Iterable[Mapping[str, object]]) -> None:
    """UTF-8 with a byte-order mark, so that Excel and WPS open the Chinese right; no cell can start a formula."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, columns, lineterminator="\r\n")
        writer.writeheader()
        writer.writerows({key: _harmless(row.get(key)) for key in columns} for row in rows)


_FIGURE = re.compile(r"[+-]?\d[\d,.]*[%\w ]*(（\w*）)?")
"""A printed figure such as -3.2% or -120万元: it begins like a formula and is none."""


def _harmless(value: object) -> object:
    """Text a spreadsheet would run as a formula is led by an apostrophe; figures stay as they are."""
    begins = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
    if isinstance(value, str) and value.startswith(begins) and not _FIGURE.fullmatch(value):
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


def provenance(items: Iterable[Item], ledger: Ledger) -> dict[str, object]:
    """Item -> field -> the cells its value rests on. Names and phones are left out."""
    return {
        item.item_id: {
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
        for item in items
    }


def _place(cell: Cell) -> dict[str, object]:
    record: dict[str, object] = {"workbook": cell.workbook, "sheet": cell.sheet, "cell": cell.address, "raw": cell.raw}
    if cell.missing:
        record["missing"] = cell.missing
    if cell.period:
        record["period"] = cell.period
    return record


def write_json(path: Path, record: object) -> None:
    path.write_text(json.dumps(record, ensure_ascii=False), encoding="utf-8")
