"""The workbook that goes back: same sheets, addresses and merges, bad cells marked, nothing live in it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import openpyxl
import pytest
from openpyxl.comments import Comment
from openpyxl.worksheet.worksheet import Worksheet

from guatu.declarations.ledger import Ledger
from guatu.office.workbooks import Finding, read_workbook
from guatu.office.workbooks.error_workbook import write_error_workbook
from guatu.text import Text
from tests.office.workbooks.conftest import AUGUST, ROWS, TITLES


@pytest.fixture
def source(tmp_path: Path) -> Path:
    book = openpyxl.Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    sheet.title = "调度'8'表"
    for row in (["单位:万元"], TITLES, *ROWS):
        sheet.append(list(row))
    sheet.merge_cells("A1:K1")
    sheet["D3"], sheet["H4"], sheet["K4"], sheet["K5"] = "约500", "2021-13", "=HYPERLINK(1)", "@SUM(1)"
    sheet["K4"].data_type = "s"
    sheet.row_dimensions[5].hidden = True
    other = book.create_sheet("填报问题")
    other["B2"] = "原有内容"
    path = tmp_path / "某区.xlsx"
    book.save(path)
    return path


def written(
    source: Path, ledgers: Mapping[str, Ledger], tmp_path: Path
) -> tuple[openpyxl.Workbook, tuple[Finding, ...]]:
    reading = read_workbook(source, ledgers["key_projects"], period=AUGUST)
    target = tmp_path / "退回.xlsx"
    write_error_workbook(source, reading.findings, target)
    return openpyxl.load_workbook(target), reading.findings


def test_values_addresses_and_merges_are_kept(source: Path, ledgers: Mapping[str, Ledger], tmp_path: Path) -> None:
    before = openpyxl.load_workbook(source)
    after, _ = written(source, ledgers, tmp_path)

    assert after.sheetnames == [*before.sheetnames, "填报问题 2"]
    for name in before.sheetnames:
        assert {str(one) for one in after[name].merged_cells.ranges} == {
            str(one) for one in before[name].merged_cells.ranges
        }
        for row in before[name].iter_rows():
            for cell in row:
                assert after[name][cell.coordinate].value == cell.value
    assert after[before.sheetnames[0]].row_dimensions[5].hidden


def test_bad_cells_are_coloured_and_say_why_and_what_to_do(
    source: Path, ledgers: Mapping[str, Ledger], tmp_path: Path
) -> None:
    book, findings = written(source, ledgers, tmp_path)
    sheet = book.worksheets[0]

    assert {finding.cell for finding in findings if finding.grade != "warning"} == {"D3", "H4"}
    for cell, words in (("D3", "约数"), ("H4", "日期不存在")):
        assert sheet[cell].comment is not None and words in sheet[cell].comment.text and "→" in sheet[cell].comment.text
        assert sheet[cell].fill.fgColor.rgb != sheet["B4"].fill.fgColor.rgb


def test_the_last_sheet_lists_all_findings_worst_first_with_links(
    source: Path, ledgers: Mapping[str, Ledger], tmp_path: Path
) -> None:
    book, findings = written(source, ledgers, tmp_path)
    rows = list(book.worksheets[-1].iter_rows(min_row=2))

    assert len(rows) == len(findings)
    assert [row[0].value for row in rows][:2] == ["■ 错误", "▲ 疑问"]
    link = rows[0][2].hyperlink
    assert rows[0][2].value == "H4" and link is not None and link.location == "'调度''8''表'!H4"


def test_text_that_looks_like_a_formula_stays_text(source: Path, ledgers: Mapping[str, Ledger], tmp_path: Path) -> None:
    book, _ = written(source, ledgers, tmp_path)

    types = {cell.data_type for sheet in book.worksheets for row in sheet.iter_rows() for cell in row}
    assert "f" not in types
    assert book.worksheets[0]["K4"].value == "=HYPERLINK(1)"


def test_a_formula_comes_back_as_its_saved_result(tmp_path: Path) -> None:
    source, target = Path(__file__).parents[3] / "demo/2021-08/西海岸新区.xlsx", tmp_path / "退回.xlsx"

    write_error_workbook(source, (), target)

    total = openpyxl.load_workbook(target)["8月"]["K122"]
    assert (total.value, total.data_type) == (1854.1, "n")


def test_a_finding_about_a_row_marks_its_first_cell(source: Path, tmp_path: Path) -> None:
    told = Finding(
        "某区.xlsx", "调度'8'表", "4:4", "", "error", "no_name", Text("缺名称", "no name"), Text("补上", "add")
    )

    write_error_workbook(source, [told], tmp_path / "退回.xlsx", language="en")

    comment = openpyxl.load_workbook(tmp_path / "退回.xlsx").worksheets[0]["A4"].comment
    assert comment is not None and "[■ error] no name" in comment.text


def test_comments_people_wrote_stay_beside_the_reasons(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    assert isinstance(book.active, Worksheet)
    book.active["A1"], book.active["B1"] = "甲", "乙"
    book.active["A1"].comment = Comment("原批注", "张")
    book.save(tmp_path / "源.xlsx")
    told = Finding("源.xlsx", "Sheet", "A1", "甲", "error", "x", Text("不对", "wrong"), Text("改", "mend"))

    write_error_workbook(tmp_path / "源.xlsx", [told], tmp_path / "退回.xlsx")

    comment = openpyxl.load_workbook(tmp_path / "退回.xlsx").worksheets[0]["A1"].comment
    assert comment is not None and "不对" in comment.text and "原批注" in comment.text


def test_long_texts_get_room_and_the_list_of_findings_is_shown_first(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    sheet.append(["序号", "建设内容"])
    sheet.append([1, "新建厂房" * 30])
    book.save(tmp_path / "源.xlsx")
    told = Finding("源.xlsx", sheet.title, "B2", "", "error", "x", Text("问题" * 60, "y"), Text("改", "z"))

    write_error_workbook(tmp_path / "源.xlsx", [told], tmp_path / "退回.xlsx")

    after = openpyxl.load_workbook(tmp_path / "退回.xlsx")
    page, listed = after.worksheets
    assert after.active is listed
    assert (page.row_dimensions[2].height or 0) > 3 * (page.row_dimensions[1].height or 0)
    assert (page.column_dimensions["B"].width or 0) > (page.column_dimensions["A"].width or 0)
    assert (listed.row_dimensions[2].height or 0) > 2 * (page.row_dimensions[1].height or 0)
