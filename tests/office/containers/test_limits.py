"""A file that asks for more than a ledger needs is refused with the limit, its own figure and the remedy."""

from __future__ import annotations

import struct
from pathlib import Path

import pytest

from guatu.office.containers.limits import HEADING_ROWS, Limits, limits_in_force, read_limits
from guatu.office.containers.opening import open_book
from guatu.office.containers.refusals import UnreadableWorkbook
from guatu.text import Refusal
from tests.office.containers.binary import ods, xls, xls_number, xlsb_cell, xlsb_parts, xlsb_row, xlsx, zipped
from tests.office.containers.test_kinds import DATA

SMALL = Limits(rows=50, columns=30)


def refusal(folder: Path, content: bytes, limits: Limits = SMALL) -> UnreadableWorkbook:
    path = folder / "某区.xlsx"
    path.write_bytes(content)
    with pytest.raises(UnreadableWorkbook) as refused:
        open_book(path, limits=limits)
    return refused.value


CELL = '<table:table-cell office:value-type="float" office:value="1"{}><text:p>1</text:p></table:table-cell>'
WIDE = ' table:number-columns-repeated="16384"'
FAR_ROW = {
    "xlsx": lambda: xlsx('<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="A1048576"><v>1</v></c></row>'),
    "xls": lambda: xls(xls_number(0, 0, 1), xls_number(65535, 0, 1)),
    "xlsb": lambda: zipped(xlsb_parts([xlsb_row(1048575), xlsb_cell(5, 0, struct.pack("<d", 1))])),
    "ods": lambda: ods(
        '<table:table-row table:number-rows-repeated="1048575"><table:table-cell/></table:table-row>'
        f"<table:table-row>{CELL.format('')}</table:table-row>"
    ),
    "csv": lambda: b"a,b\n" * 1000,
}
FAR_COLUMN = {
    "xlsx": lambda: xlsx('<row r="1"><c r="XFD1"><v>1</v></c></row>'),
    "xls": lambda: xls(xls_number(0, 255, 1)),
    "xlsb": lambda: zipped(xlsb_parts([xlsb_row(0), xlsb_cell(5, 16383, struct.pack("<d", 1))])),
    "ods": lambda: ods(f"<table:table-row>{CELL.format(WIDE)}</table:table-row>"),
    "csv": lambda: b"," * 100 + b"x\n1\n",
}


@pytest.mark.parametrize("kind", FAR_ROW)
def test_a_value_in_a_far_row_is_named(kind: str, tmp_path: Path) -> None:
    said = refusal(tmp_path, FAR_ROW[kind]())

    row = {"xlsx": 1048576, "xls": 65536, "xlsb": 1048576, "ods": 1048576, "csv": 1000}[kind]
    assert f"uses row {row} in its sheet" in said.what.en
    assert "the limit is 50 rows" in said.what.en
    assert f"A{row}" in said.remedy.en and "GUATU_MOST_ROWS" in said.remedy.zh


@pytest.mark.parametrize("kind", FAR_COLUMN)
def test_a_value_in_a_far_column_is_named(kind: str, tmp_path: Path) -> None:
    said = refusal(tmp_path, FAR_COLUMN[kind]())

    column = {"xls": 256, "csv": 101}.get(kind, 16384)
    assert f"uses column {column} in its sheet" in said.what.en
    assert "GUATU_MOST_COLUMNS" in said.remedy.en


def test_titles_and_notes_do_not_count_as_rows_of_the_table(tmp_path: Path) -> None:
    rows = "".join(f'<row r="{n}"><c r="A{n}"><v>1</v></c></row>' for n in range(1, 50 + HEADING_ROWS + 1))
    path = tmp_path / "某区.xlsx"
    path.write_bytes(xlsx(rows))

    assert open_book(path, limits=SMALL).sheets[0].height == 50 + HEADING_ROWS


def test_a_large_file_is_refused_before_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "某区.xlsx"
    with path.open("wb") as file:
        file.truncate(11 * 1024 * 1024)

    with pytest.raises(UnreadableWorkbook, match=r"has 11\.0 MB, the limit is 10 MB"):
        open_book(path)


def test_what_unpacks_too_far_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    bomb = zipped({"[Content_Types].xml": b"", "xl/worksheets/sheet1.xml": bytes(3 * 1024 * 1024)})

    said = refusal(tmp_path, bomb, Limits(unpacked_mb=2))

    assert "unpacks to 3.0 MB, the limit is 2 MB" in said.what.en


def test_a_file_of_many_parts_is_refused(tmp_path: Path) -> None:
    said = refusal(tmp_path, zipped({f"part{number}.xml": b"" for number in range(201)}), Limits())

    assert "is made of 201 parts, the limit is 200" in said.what.en


def test_the_operator_of_a_machine_sets_its_limits(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert limits_in_force() == Limits()

    monkeypatch.setenv("GUATU_MOST_ROWS", "5")
    monkeypatch.setenv("GUATU_MOST_SECONDS", "60")

    assert limits_in_force() == Limits(rows=5, seconds=60)
    path = tmp_path / "某区.csv"
    path.write_text("a,b\n" * 200)
    with pytest.raises(UnreadableWorkbook, match="the limit is 5 rows"):
        open_book(path)


@pytest.mark.parametrize("written", ["0", "-5", "many", "1.5", "٣"])
def test_a_limit_that_is_no_whole_number_is_refused_by_name(written: str) -> None:
    with pytest.raises(Refusal) as refused:
        read_limits({"GUATU_MOST_MEMORY_MB": written})

    assert refused.value.where == "GUATU_MOST_MEMORY_MB"
    assert written in refused.value.what.zh


def test_the_defaults_are_those_that_are_documented() -> None:
    page = (Path(__file__).parents[3] / "docs/reference/files.md").read_text(encoding="utf-8")

    for limit in Limits.__slots__:  # type: ignore[attr-defined]
        row = next(line for line in page.splitlines() if f"`GUATU_MOST_{limit.upper()}`" in line)
        assert f"{getattr(Limits(), limit):,}" in row


def test_a_workbook_within_the_limits_is_read() -> None:
    assert open_book(DATA / "county.ods", limits=SMALL).sheets[0].height == 7
