"""Items as a ledger's workbook or CSV: its titles, its units, its words; `guatu run` reads it back."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from guatu.declarations.ledger import FieldDeclaration, FieldType
from guatu.office.cell_texts import safe_text
from guatu.office.forms.facts import FormValue
from guatu.office.forms.workbook import stored_to_shown
from guatu.office.sheets import Book
from guatu.text import Refusal, Text

HEADER_ROW = 2
_UNITS = {FieldType.MONEY: "元", FieldType.PERCENT: "%"}


@dataclass(frozen=True, slots=True)
class LedgerTable:
    """Columns are fields of a ledger, values as tables store them: money in 分, percentages as shares."""

    title: str
    columns: Sequence[FieldDeclaration]
    rows: Sequence[Sequence[FormValue]]


def headed(field: FieldDeclaration) -> str:
    """The field's title with the unit its figures stand in."""
    unit = field.unit or _UNITS.get(field.type)
    title = field.title.zh
    return title if unit is None or "（" in title or field.type is FieldType.DATE else f"{title}（{unit}）"


def _shown(field: FieldDeclaration, value: FormValue) -> str | float | date | None:
    shown = stored_to_shown(field, value, _UNITS[FieldType.MONEY])
    return round(shown * 100, 6) if field.type is FieldType.PERCENT and isinstance(shown, float) else shown


def write_csv(path: Path, table: LedgerTable) -> None:
    """UTF-8 with a byte-order mark; dates as 2024-06-30; no cell can start a formula."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, lineterminator="\r\n")
        writer.writerow([headed(field) for field in table.columns])
        for row in table.rows:
            writer.writerow([_plain(_shown(field, value)) for field, value in zip(table.columns, row, strict=True)])


def _plain(value: str | float | date | None) -> str:
    if isinstance(value, float):
        return f"{value:.6f}".rstrip("0").rstrip(".")
    return safe_text(str(value)) if value is not None else ""


def write_workbook(path: Path, table: LedgerTable) -> None:
    """One sheet: a title, the header, a row per item."""
    book = Book(path, "zh", table.title, "Guatu", datetime(2021, 1, 1))
    sheet = book.sheet(Text("台账", "Ledger"))
    book.heading(sheet, table.title, "", max(len(table.columns), 2))
    headers = [headed(field) for field in table.columns]
    for column, text in enumerate(headers):
        book.text(sheet, HEADER_ROW, column, text, book.header())
    day, text_style = book.cell(num_format="yyyy-mm-dd", align="center"), book.cell(num_format="@")
    figure = book.cell(num_format="#,##0.######", align="right")
    for number, row in enumerate(table.rows, HEADER_ROW + 1):
        for column, (field, value) in enumerate(zip(table.columns, row, strict=True)):
            shown = _shown(field, value)
            if isinstance(shown, float):
                sheet.write_number(number, column, shown, figure)
            elif isinstance(shown, date):
                sheet.write_datetime(number, column, datetime(shown.year, shown.month, shown.day), day)
            else:
                book.text(sheet, number, column, shown, text_style)
    names = [[header, *(str(row[column] or "")[:40] for row in table.rows)] for column, header in enumerate(headers)]
    book.widths(sheet, names)
    sheet.freeze_panes(HEADER_ROW + 1, 2)
    book.close()


def write_ledger_table(path: Path, table: LedgerTable) -> None:
    """As CSV or workbook, by the ending of `path`. Raises Refusal for any other ending."""
    writers = {".csv": write_csv, ".xlsx": write_workbook}
    if path.suffix.lower() not in writers:
        raise Refusal(
            str(path),
            Text("只能写成 .xlsx 或 .csv", "only .xlsx and .csv can be written"),
            Text("换一个结尾。", "Choose one of these endings."),
        )
    path.parent.mkdir(parents=True, exist_ok=True)
    writers[path.suffix.lower()](path, table)
