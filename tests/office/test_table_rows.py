"""Rows written past the library come to the very XML the library writes."""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path
from zipfile import ZipFile

import openpyxl
import pytest

from guatu.office.body import CellOut
from guatu.office.cell_texts import LONGEST_TEXT, safe_text
from guatu.office.sheets import Book
from guatu.text import Text

TEXTS = [
    "甲 & 乙 <丙>",
    " ends with a space ",
    "two\nlines",
    "甲 & 乙 <丙>",
    '"quoted"',
    "\x01 control",
    "_x0041_",
    "=1+1",
    "1",
]
NUMBERS = [0.1 + 0.2, 1 / 3, -5, 12_345_678_901_234, 1e-7, 44_196]


def written(path: Path, *, whole_rows: bool) -> tuple[str, str]:
    """The XML of a sheet and of its strings, with the body written one way or the other."""
    book = Book(path, "zh", "表", "某市", datetime(2026, 6, 30))
    sheet = book.sheet(Text("亮灯", "Lights"))
    book.heading(sheet, "标题", "2026-06-30", 3)
    book.text(sheet, 2, 0, "列名", book.header())
    rows: list[tuple[list[CellOut], float | None]] = [
        (
            [(safe_text(text), book.cell(text_wrap=True)), (None, book.cell()), (number, book.cell(align="right"))],
            height,
        )
        for text, number, height in zip(TEXTS, NUMBERS * 2, [None, 40, 33.3] * 3, strict=False)
    ]
    for row, (cells, height) in enumerate(rows, 3):
        if whole_rows:
            sheet.add_row(row, cells, height)
            continue
        if height is not None:
            sheet.set_row(row, height)
        for column, (value, style) in enumerate(cells):
            style._get_xf_index()  # formats are numbered as they are first used
            if isinstance(value, str):
                sheet.write_string(row, column, value, style)
            elif value is None:
                sheet.write_blank(row, column, None, style)
            else:
                sheet.write_number(row, column, value, style)
    book.close()
    with ZipFile(path) as archive:
        sheet_xml = archive.read("xl/worksheets/sheet1.xml").decode()
        strings = archive.read("xl/sharedStrings.xml").decode()
    return re.sub(r' spans="[\d:]*"', "", sheet_xml), strings


def test_whole_rows_are_the_xml_the_library_writes_cell_by_cell(tmp_path: Path) -> None:
    by_row, by_cell = written(tmp_path / "row.xlsx", whole_rows=True), written(tmp_path / "cell.xlsx", whole_rows=False)

    assert by_row == by_cell


def test_whole_rows_are_read_back_as_they_were_written(tmp_path: Path) -> None:
    written(tmp_path / "row.xlsx", whole_rows=True)

    sheet = openpyxl.load_workbook(tmp_path / "row.xlsx").active

    assert sheet is not None
    assert [sheet.cell(row, 1).value for row in (4, 6, 11)] == ["甲 & 乙 <丙>", "two\nlines", "'=1+1"]
    assert [sheet.cell(row, 3).value for row in (6, 7)] == [-5, 12_345_678_901_234]
    assert sheet.dimensions == "A1:C12"


@pytest.mark.parametrize("text", ["<r><t>x</t></r>", "<r>&</r>", "<r></r>"])
def test_text_in_the_library_s_own_markup_stays_text(tmp_path: Path, text: str) -> None:
    """XlsxWriter writes a string between <r> and </r> into the file as it is: a sender's cell could break the workbook."""
    book = Book(tmp_path / "a.xlsx", "zh", "表", "某市", datetime(2026, 6, 30))
    book.text(book.sheet(Text("表", "Sheet")), 0, 0, text, book.cell())
    book.close()

    sheet = openpyxl.load_workbook(tmp_path / "a.xlsx").active

    assert sheet is not None and sheet.cell(1, 1).value == f"'{text}"


@pytest.mark.parametrize("sign", ["甲", "😀"])
def test_no_text_is_longer_than_a_cell_holds(sign: str) -> None:
    """A cell counts in units of 16 bits, of which some signs take two."""
    cut = safe_text(sign * (LONGEST_TEXT + 1))

    assert len(cut.encode("utf-16-le")) // 2 <= LONGEST_TEXT
    assert cut.endswith("…") and set(cut[:-1]) == {sign}
