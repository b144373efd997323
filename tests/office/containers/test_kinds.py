"""Every kind of workbook is told by its bytes and read to the same grid, markup and findings."""

from __future__ import annotations

import shutil
import struct
from datetime import date
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter

from guatu.declarations import load_pack
from guatu.office.containers.biff import read_markup as biff_markup
from guatu.office.containers.grid import Book
from guatu.office.containers.opening import open_book
from guatu.office.workbooks import WorkbookReading, read_workbook
from guatu.office.workbooks.error_workbook import write_error_workbook
from guatu.standards.periods import Period
from tests.office.containers.binary import (
    biff,
    ods,
    record,
    wide,
    xls,
    xls_number,
    xlsb_cell,
    xlsb_parts,
    xlsb_row,
    xlsx,
    zipped,
)  # fmt: skip

DATA = Path(__file__).parent / "data"
LEDGER = load_pack("key_projects").ledger
AUGUST = Period.month(2023, 8)
OFFICE = ("county.xlsx", "county.xls", "county.ods")


def read(path: Path) -> WorkbookReading:
    return read_workbook(path, LEDGER, period=AUGUST)


def kept(folder: Path, name: str, content: bytes) -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


@pytest.mark.parametrize("name", OFFICE)
def test_what_an_office_program_saved_is_read_whole(name: str) -> None:
    sheet = open_book(DATA / name).sheets[0]

    assert (sheet.name, sheet.height, sheet.width) == ("调度表", 7, 11)
    assert sheet.rows[3] == [
        1.0, "甲路改造项目", "2102-370202-04-05-815564", 1000.5, 500.0, 20.0, 100.0, 0.2, date(2023, 3, 1), "是", "征迁滞后",
    ]  # fmt: skip
    assert {type(value) for row in sheet.rows for value in row} == {type(None), str, float, date}
    assert list(sheet.merges) == [((0, 0), (0, 10))]
    assert sheet.value(5, 5) == sheet.facts.errors[5, 5] == "#DIV/0!"
    assert (sheet.facts.hidden_rows, sheet.facts.hidden_columns) == ({6}, {10})
    assert sheet.facts.percents == {(row, 7) for row in range(3, 7)}
    assert sheet.facts.comments == {(4, 3): "概算待批"}
    assert set(sheet.facts.formats) == {(6, 4)}


@pytest.mark.parametrize("name", OFFICE[1:])
def test_every_kind_gives_the_same_rows_and_findings(name: str) -> None:
    as_xlsx, other = read(DATA / "county.xlsx"), read(DATA / name)

    def told(reading: WorkbookReading) -> list[tuple[str, ...]]:
        return [(one.sheet, one.cell, one.code, one.raw) for one in reading.findings if one.code != "unit_by_format"]

    assert other.rows == as_xlsx.rows
    assert told(other) == told(as_xlsx)
    assert {one.cell for one in other.findings if one.code == "unit_by_format"} == {"E7"}
    assert ("调度表", "F6", "excel_error", "#DIV/0!") in told(other)


@pytest.mark.parametrize("name", ["county_1904.xls", "county.xlsb"])
def test_workbooks_of_other_writers_give_the_same_projects(name: str) -> None:
    reading = read(DATA / name)

    assert [row.value("name") for row in reading.rows] == ["甲路改造项目", "乙产业园一期", "乙产业园二期", "丙水厂"]
    assert [row.value("plan_start") for row in reading.rows][:2] == [date(2023, 3, 1), date(2023, 4, 15)]
    assert reading.rows[0].value("total_investment") == 1000_5000_00
    assert not reading.refused


@pytest.mark.parametrize(("source", "claimed"), [("county.xls", "et"), ("county.xlsx", "et"), ("county.ods", "xls")])
def test_the_name_of_a_file_decides_nothing(source: str, claimed: str, tmp_path: Path) -> None:
    path = Path(shutil.copy(DATA / source, tmp_path / f"某区.{claimed}"))

    assert read(path).rows == read(DATA / source).rows


def test_text_under_the_name_of_a_workbook_is_read_as_text(tmp_path: Path) -> None:
    path = kept(tmp_path, "某区.xls", "项目名称\t总投资（万元）\n甲路\t500\n".encode())

    assert open_book(path).sheets[0].rows == [["项目名称", "总投资（万元）"], ["甲路", "500"]]


def test_the_marked_workbook_of_any_kind_is_an_xlsx_with_the_same_addresses(tmp_path: Path) -> None:
    for name in OFFICE:
        reading = read(DATA / name)
        write_error_workbook(DATA / name, reading.findings, tmp_path / "marked.xlsx")

        marked = openpyxl.load_workbook(tmp_path / "marked.xlsx")["调度表"]
        assert marked["F6"].value == "#DIV/0!"
        assert marked["F6"].comment is not None and "错误" in marked["F6"].comment.text
        assert marked.row_dimensions[7].hidden


def test_a_workbook_with_macros_is_read_and_its_macros_are_spoken_of(tmp_path: Path) -> None:
    stub = kept(tmp_path, "vbaProject.bin", b"\xd0\xcf\x11\xe0 never opened")
    path = tmp_path / "某区.xlsm"
    with xlsxwriter.Workbook(path) as book:
        book.add_worksheet("表").write_string(0, 0, "项目名称")
        book.add_vba_project(str(stub))

    opened = open_book(path)

    assert opened.sheets[0].rows == [["项目名称"]]
    assert [remark.code for remark in opened.remarks] == ["macros_not_run"]
    [said] = [one for one in read(path).findings if one.code == "macros_not_run"]
    assert said.grade == "warning"


# -- what the markup of the binary kinds says -----------------------------------------------------------------------


def opened(folder: Path, content: bytes) -> Book:
    return open_book(kept(folder, "某区", content))


def test_the_markup_of_an_xlsb_is_seen(tmp_path: Path) -> None:
    columns = record(390) + record(60, struct.pack("<IIIIH", 1, 1, 2560, 0, 1)) + record(391)
    merges = record(177, struct.pack("<I", 1)) + record(176, struct.pack("<IIII", 0, 0, 0, 1)) + record(178)
    cells = [
        xlsb_row(0),
        xlsb_cell(6, 0, wide("完成率")),
        xlsb_cell(5, 1, struct.pack("<d", 0.5), style=1),
        xlsb_row(1, hidden=True),
        xlsb_cell(3, 0, b"\x17"),
        xlsb_cell(5, 1, struct.pack("<d", 2), style=2),
        xlsb_cell(4, 2, b"\x01"),
    ]

    [sheet] = opened(tmp_path, zipped(xlsb_parts(cells, before=columns, behind=merges))).sheets

    assert sheet.rows == [["完成率", 0.5, None], ["#REF!", 2.0, True]]
    assert list(sheet.merges) == [((0, 0), (0, 1))]
    assert (sheet.facts.hidden_rows, sheet.facts.hidden_columns) == ({1}, {1})
    assert sheet.facts.percents == {(0, 1)}
    assert sheet.facts.formats == {(1, 1): '0.00"亿元"'}


@pytest.mark.parametrize("epoch_1904", [False, True])
def test_from_which_day_a_binary_workbook_counts_is_seen(epoch_1904: bool, tmp_path: Path) -> None:
    settings = biff(0x22, struct.pack("<H", epoch_1904))
    as_xls = xls(xls_number(0, 0, 45000), settings=settings)
    as_xlsb = zipped(xlsb_parts([xlsb_row(0), xlsb_cell(5, 0, struct.pack("<d", 45000))], epoch_1904=epoch_1904))

    assert opened(tmp_path, as_xls).sheets[0].facts.epoch_1904 == epoch_1904
    assert opened(tmp_path, as_xlsb).sheets[0].facts.epoch_1904 == epoch_1904


def _formula(result: bytes) -> bytes:
    return biff(0x06, struct.pack("<HHH", 0, 0, 0) + result + struct.pack("<HIH", 0, 0, 0))


@pytest.mark.parametrize(
    ("cell", "shown"),
    [
        (biff(0x205, struct.pack("<HHHBB", 0, 0, 0, 0x2A, 1)), "#N/A"),
        (biff(0x205, struct.pack("<HHHBB", 0, 0, 0, 1, 0)), True),
        (_formula(struct.pack("<BBBBHH", 2, 0, 0x07, 0, 0, 0xFFFF)), "#DIV/0!"),
        (_formula(struct.pack("<d", 12.5)), 12.5),
    ],
)
def test_errors_and_results_of_an_xls_are_kept(cell: bytes, shown: object, tmp_path: Path) -> None:
    [sheet] = opened(tmp_path, xls(cell, xls_number(1, 1, 1))).sheets

    assert sheet.value(0, 0) == shown


@pytest.mark.parametrize(("page", "encoding"), [(936, "gbk"), (950, "big5"), (1252, "gbk"), (9999, "gbk")])
def test_the_sheets_of_an_excel_95_workbook_are_named_in_its_code_page(page: int, encoding: str) -> None:
    name = "Sheet" if page == 1252 else "臺帳" if page == 950 else "台账"
    encoded = name.encode(encoding)
    globals_ = biff(0x809, struct.pack("<HHHH", 0x500, 5, 0, 0)) + biff(0x42, struct.pack("<H", page))
    start = len(globals_) + 4 + 7 + len(encoded) + 4
    bound = biff(0x85, struct.pack("<IBBB", start, 0, 0, len(encoded)) + encoded)
    sheet = biff(0x809, struct.pack("<HHHH", 0x500, 0x10, 0, 0)) + xls_number(2, 1, 7)

    markup = biff_markup("某区.xls", globals_ + bound + biff(0x0A) + sheet + biff(0x0A))

    assert {title: (page.height, page.width) for title, page in markup.items()} == {name: (3, 2)}


def test_the_markup_of_an_ods_is_seen_however_it_is_written(tmp_path: Path) -> None:
    text = "<text:p>{}</text:p>"
    cells = [
        '<table:table-cell office:value-type="string"><office:annotation><text:p>批注</text:p></office:annotation>'
        f"{text.format('甲')}{text.format('乙')}</table:table-cell>",
        '<table:table-cell office:value-type="boolean" office:boolean-value="true"/>',
        '<table:table-cell office:value-type="percentage" office:value="0.5"/>',
        '<table:table-cell table:formula="of:=1/0" office:value-type="string" office:string-value="">'
        f"{text.format('Err:502')}</table:table-cell>",
        '<table:table-cell table:number-rows-spanned="2" office:value-type="float" office:value="3"/>',
        '<table:table-cell table:formula="of:=A1"/>',
    ]

    [sheet] = opened(tmp_path, ods(f"<table:table-row>{''.join(cells)}</table:table-row>")).sheets

    assert sheet.rows[0][:5] == ["甲\n乙", True, 0.5, "Err:502", 3.0]
    assert sheet.facts.comments == {(0, 0): "批注"}
    assert sheet.facts.percents == {(0, 2)}
    assert sheet.facts.errors == {(0, 3): "Err:502"}
    assert sheet.facts.formulas == {(0, 3), (0, 5)}
    assert list(sheet.merges) == [((0, 4), (1, 4))]


# -- .xlsx as few programs write it -----------------------------------------------------------------------------------


def test_cells_without_an_address_follow_the_one_before(tmp_path: Path) -> None:
    content = xlsx(
        '<row><c><v>1</v></c><c t="e"><v>#REF!</v></c></row>'
        '<row hidden="1"><c/><c r="C2" t="e"><v>#N/A</v></c><c><f>1+1</f></c></row>'
    )

    [sheet] = opened(tmp_path, content).sheets

    assert sheet.facts.errors == {(0, 1): "#REF!", (1, 2): "#N/A"}
    assert sheet.facts.hidden_rows == {1}
    assert sheet.facts.formulas == {(1, 3)}
    assert sheet.rows[0][:2] == [1.0, "#REF!"]


def test_what_is_commented_out_of_a_sheet_is_not_there(tmp_path: Path) -> None:
    content = xlsx('<row r="1"><c r="A1"><v>7</v></c><!-- <c r="B1" t="e"><v>#REF!</v></c> --></row>')

    [sheet] = opened(tmp_path, content).sheets

    assert sheet.rows == [[7.0]]
    assert sheet.facts.errors == {}


def test_an_error_cell_without_a_value_takes_none_from_its_neighbour(tmp_path: Path) -> None:
    content = xlsx('<row r="1"><c r="A1" t="e"/><c r="B1"><v>5</v></c></row>')

    [sheet] = opened(tmp_path, content).sheets

    assert sheet.value(0, 1) == 5.0
    assert sheet.facts.errors == {}


def test_blank_cells_with_a_format_far_away_are_no_use_of_the_sheet(tmp_path: Path) -> None:
    content = xlsx('<row r="1"><c r="A1"><v>7</v></c></row><row r="1048576"><c r="XFD1048576" s="0"/></row>')

    assert opened(tmp_path, content).sheets[0].rows == [[7.0]]


def test_links_to_other_workbooks_are_spoken_of_and_not_followed(tmp_path: Path) -> None:
    relations = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        '<Relationship Id="rId1" Type="x/worksheet" Target="worksheets/sheet1.xml"/>'
        '<Relationship Id="rId2" Type="x/externalLink" Target="externalLinks/externalLink1.xml"/></Relationships>'
    )
    content = xlsx('<row r="1"><c r="A1"><v>7</v></c></row>', more={"xl/_rels/workbook.xml.rels": relations})

    assert [remark.code for remark in opened(tmp_path, content).remarks] == ["external_links"]
