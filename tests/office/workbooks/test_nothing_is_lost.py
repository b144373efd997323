"""Every row of a ledger sheet is read, or known for what it is, or named: nothing disappears without a word."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from openpyxl.worksheet.worksheet import Worksheet

from guatu.office.workbooks import WorkbookReading
from tests.office.workbooks.conftest import ROWS, TITLES, Reader


def said(reading: WorkbookReading) -> list[tuple[str, str, str]]:
    return [(one.grade, one.code, one.cell) for one in reading.findings if one.code != "unknown_sender"]


@pytest.mark.parametrize(
    "label", ["本页合计", "汇  总", "合计数", "10个项目合计", "以上3个项目合计", "Σ", "∑", "全县合计", "总 计："]
)
def test_totals_of_many_names_are_no_projects(read_changed: Reader, label: str) -> None:
    reading = read_changed(rows=[*ROWS, [label, None, None, 6000, 2200, 90, 1400]])

    assert len(reading.rows) == 3 and said(reading) == []


def test_a_project_for_the_whole_city_is_no_total(read_changed: Reader) -> None:
    titles = ("序号", "项目名称", "建设地点", *TITLES[3:])
    rows = [(row[0], row[1], "全市", *row[3:]) for row in ROWS]

    assert len(read_changed(titles=titles, rows=rows).rows) == 3


def test_a_section_with_sums_in_the_name_column_is_no_project(read_changed: Reader) -> None:
    rows: list[Sequence[Any]] = [["一、新建项目(3个)", None, 6000, 2200, 90, 1400], *(row[1:] for row in ROWS)]

    reading = read_changed(titles=TITLES[1:], rows=rows)

    assert [row.value("name") for row in reading.rows] == [row[1] for row in ROWS]
    assert [(one.address, one.difference) for one in reading.controls][:2] == [("A3", 0), ("C3", 0)]


def test_a_project_whose_name_begins_with_an_ordinal_is_read(read_changed: Reader) -> None:
    rows: list[Sequence[Any]] = [("一、甲路改造项目", *ROWS[0][2:]), *(row[1:] for row in ROWS[1:])]

    assert len(read_changed(titles=TITLES[1:], rows=rows).rows) == 3


def test_a_figure_merged_over_two_projects_is_asked_about(read_changed: Reader) -> None:
    def change(sheet: Worksheet) -> None:
        sheet["G4"] = None
        sheet.merge_cells("G3:G4")

    reading = read_changed(change)

    assert said(reading) == [("question", "merged_figure", "G4")]
    assert [row.value("ytd_done") for row in reading.rows[:2]] == [100 * 10**6, None]


def test_a_header_without_a_row_is_refused(read_changed: Reader) -> None:
    reading = read_changed(rows=[])

    assert ("error", "no_rows", "A2") in said(reading)
    assert reading.refused


def test_an_empty_table_beside_a_full_one_is_only_mentioned(read_changed: Reader) -> None:
    def add(sheet: Worksheet) -> None:
        assert sheet.parent is not None
        other = sheet.parent.create_sheet("市重点")
        other.append(["单位:万元"])
        other.append(list(TITLES))

    reading = read_changed(add)

    assert ("warning", "empty_table", "A2") in said(reading)
    assert not any(one.grade == "error" for one in reading.findings if one.code != "unknown_sender")


def test_a_row_above_the_header_that_says_much_is_an_error_naming_it(read_changed: Reader) -> None:
    def change(sheet: Worksheet) -> None:
        sheet.insert_rows(1)
        values: list[Any] = ["甲市政项目", 3, 5, 8]
        for column, value in enumerate(values, 1):
            sheet.cell(1, column, value)

    assert said(read_changed(change)) == [("error", "unread_row", "1:1")]


def test_a_row_of_words_without_a_name_is_an_error_naming_it(read_changed: Reader) -> None:
    reading = read_changed(rows=[*ROWS, [4, None, None, None, None, None, None, None, "是", "否", "征迁滞后"]])

    assert said(reading) == [("error", "unread_row", "6:6")]


def test_running_numbers_filled_in_beforehand_are_no_rows(read_changed: Reader) -> None:
    reading = read_changed(rows=[*ROWS, [4], [5], [6]])

    assert len(reading.rows) == 3 and not any(grade == "error" for grade, _, _ in said(reading))


def test_a_table_below_the_ledger_that_lists_projects_is_asked_about(read_changed: Reader) -> None:
    rows: list[Sequence[Any]] = [*ROWS, [], ["序号", "项目名称", "联系人"], [1, "甲路改造项目", "张明"]]

    assert ("question", "other_table", "7:8") in said(read_changed(rows=rows))


def test_a_table_below_the_ledger_about_something_else_is_mentioned(read_changed: Reader) -> None:
    rows: list[Sequence[Any]] = [*ROWS, [], ["序号", "责任单位", "总投资", "联系电话"], [1, "住建局", 900, "0532-1"]]

    assert ("warning", "foreign_table", "7:8") in said(read_changed(rows=rows))


@pytest.mark.parametrize("label", ["示例", "例：", "填写说明", "填报要求"])
def test_an_example_row_is_no_project_and_is_mentioned(read_changed: Reader, label: str) -> None:
    reading = read_changed(rows=[[label, "XX市XX路改造项目", None, 100, 50, 2, 10], *ROWS])

    assert len(reading.rows) == 3 and said(reading) == [("warning", "guide_row", "3:3")]


def test_a_second_line_of_a_project_is_asked_about_and_is_no_section_of_the_next(read_changed: Reader) -> None:
    def change(sheet: Worksheet) -> None:
        sheet.insert_rows(4)
        sheet["K4"] = "资金缺口"
        sheet.merge_cells("B3:B4")

    reading = read_changed(change)

    assert [row.number for row in reading.rows] == [3, 5, 6] and not any(row.tags for row in reading.rows)
    assert said(reading) == [("question", "continued_row", "4:4")]
