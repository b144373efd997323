"""Headers as people really make them: merges taken off, printed again, with rows of units and numbers under them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from guatu.declarations.ledger import Ledger
from guatu.office.workbooks import WorkbookReading, read_workbook
from tests.office.workbooks.conftest import AUGUST, ROWS, TITLES, Reader

WAN = 10**6
TOP = ["序号", "项目名称", "建设单位", "总投资", "2021年投资", None, None, "存在问题"]
BOTTOM = [None, None, None, None, "计划", "8月完成", "1-8月累计", None]
DATA: list[list[Any]] = [
    [1, "甲路改造项目", "城投公司", 1000, 500, 20, 100, "无"],
    [2, "乙产业园一期", "产投公司", 2000, 800, 30, 400, "/"],
]
PATHS = {
    "总投资": "total_investment",
    "2021年投资 | 计划": "annual_plan",
    "2021年投资 | 8月完成": "month_done",
    "2021年投资 | 1-8月累计": "ytd_done",
}


@pytest.fixture
def read_sheet(tmp_path: Path, ledgers: Mapping[str, Ledger]) -> Any:
    """Read a workbook of one sheet holding these rows, with these ranges merged."""

    def read(rows: Sequence[Sequence[Any]], merges: Sequence[str] = ()) -> WorkbookReading:
        book = openpyxl.Workbook()
        sheet = book.active
        assert isinstance(sheet, Worksheet)
        for row in rows:
            sheet.append(list(row))
        for merge in merges:
            sheet.merge_cells(merge)
        book.save(tmp_path / "某区.xlsx")
        return read_workbook(tmp_path / "某区.xlsx", ledgers["key_projects"], period=AUGUST)

    return read


def figures(reading: WorkbookReading) -> dict[str, str | None]:
    return {one.shown_title: one.field for one in reading.tables[0].columns if one.shown_title in PATHS}


def codes(reading: WorkbookReading) -> list[tuple[str, str]]:
    return [(one.code, one.cell) for one in reading.findings if one.grade != "warning" and one.code != "unknown_sender"]


@pytest.mark.parametrize("merges", [(), ("E2:G2",), ("E2:G2", "A2:A3", "B2:B3", "C2:C3", "D2:D3", "H2:H3")])
def test_a_group_ends_where_the_next_title_begins_with_or_without_merges(
    read_sheet: Any, merges: Sequence[str]
) -> None:
    reading = read_sheet([["单位:万元"], TOP, BOTTOM, *DATA], merges)

    assert reading.tables[0].header == (2, 3)
    assert figures(reading) == PATHS
    assert [row.value("owner") for row in reading.rows] == ["城投公司", "产投公司"]


def test_three_header_rows_without_vertical_merges_keep_each_group_over_its_own_columns(read_sheet: Any) -> None:
    rows = [
        ["单位:万元"],
        ["序号", "项目名称", "投资情况", None, None, None, "存在问题", "责任单位"],
        [None, None, "总投资", "2021年投资", None, None, None, None],
        [None, None, None, "计划", "8月完成", "1-8月累计", None, None],
        [1, "甲路改造项目", 1000, 500, 20, 100, "无", "住建局"],
    ]

    reading = read_sheet(rows, ["C2:F2", "D3:F3"])

    assert reading.tables[0].header == (2, 4)
    assert [one.title for one in reading.tables[0].columns[2:8]] == [
        ("投资情况", "总投资"),
        ("投资情况", "2021年投资", "计划"),
        ("投资情况", "2021年投资", "8月完成"),
        ("投资情况", "2021年投资", "1-8月累计"),
        ("存在问题",),
        ("责任单位",),
    ]


def test_a_first_row_of_words_is_data_not_a_lower_header(read_sheet: Any) -> None:
    titles = ["项目名称", "建设地点", "建设性质", "责任单位", "责任人", None, "总投资(万元)"]
    rows = [titles, ["甲路改造项目", "东镇", "新建", "住建局", "张明", "0532-88888888", None]]

    reading = read_sheet(rows, ["E1:F1"])

    assert [row.value("name") for row in reading.rows] == ["甲路改造项目"]


def test_a_row_of_units_under_the_titles_gives_the_units(read_sheet: Any) -> None:
    units = ["计量单位", "—", "—", "亿元", "万元", "万元", "元", "—"]

    reading = read_sheet([TOP, BOTTOM, units, *DATA], ["E1:G1"])

    assert codes(reading) == [] and len(reading.rows) == 2
    assert reading.rows[0].value("total_investment") == 1000 * 10_000 * WAN
    assert reading.rows[0].value("annual_plan") == 500 * WAN
    assert reading.rows[0].value("ytd_done") == 100 * 100


def test_a_row_of_brackets_with_units_gives_the_units(read_sheet: Any) -> None:
    units = [None, None, None, "（亿元）", "(万元)", "(万元)", "(万元)", None]

    reading = read_sheet([TOP, BOTTOM, units, *DATA], ["E1:G1"])

    assert reading.rows[0].value("total_investment") == 1000 * 10_000 * WAN


def test_units_in_every_cell_need_none_in_the_title(read_changed: Reader) -> None:
    rows = [(*row[:3], f"{row[3]}万元", f"{row[4]}万元", f"{row[5]}万元", f"{row[6]}万元", *row[7:]) for row in ROWS]

    reading = read_changed(lambda sheet: sheet.__setitem__("A1", "截至2021年8月底"), rows=rows)

    assert codes(reading) == []
    assert reading.rows[0].value("total_investment") == 1000 * WAN


@pytest.mark.parametrize(
    "marks",
    [["甲", "乙", *range(1, 10)], [None, "甲", "乙", *range(1, 9)], [f"({number})" for number in range(1, 12)]],
)
def test_numbers_of_columns_are_no_project(read_changed: Reader, marks: list[Any]) -> None:
    reading = read_changed(rows=[marks, *ROWS])

    assert len(reading.rows) == 3 and codes(reading) == []


def test_numbers_of_columns_under_a_header_without_running_number_are_no_project(read_changed: Reader) -> None:
    reading = read_changed(titles=TITLES[1:], rows=[["甲", "乙", *range(1, 9)], *(row[1:] for row in ROWS)])

    assert [row.value("name") for row in reading.rows] == [row[1] for row in ROWS]


def test_a_header_printed_again_for_a_part_leaves_one_table_whose_total_adds_up_all(read_changed: Reader) -> None:
    rows: list[Sequence[Any]] = [
        ["一、省重点项目(2个)"], *ROWS[:2], ["二、市重点项目(1个)"], TITLES, ROWS[2],
        ["合计", None, None, 6000, 2200, 90, 1400],
    ]  # fmt: skip

    reading = read_changed(rows=rows)

    assert len(reading.tables) == 1 and codes(reading) == []
    assert [sorted(row.lists) for row in reading.rows] == [["provincial"], ["provincial"], ["municipal"]]


def test_a_header_printed_again_may_have_a_total_of_its_own_part(read_changed: Reader) -> None:
    rows: list[Sequence[Any]] = [
        *ROWS[:2], ["合计", None, None, 3000, 1300, 50, 500], [], ["二、其他项目"], TITLES, ROWS[2],
        ["合计", None, None, 3000, 900, 40, 900],
    ]  # fmt: skip

    assert codes(read_changed(rows=rows)) == []


def test_a_header_printed_again_may_leave_out_its_row_of_units(read_sheet: Any) -> None:
    units = ["计量单位", None, None, "亿元", "万元", "万元", "万元", None]

    reading = read_sheet([TOP, BOTTOM, units, DATA[0], TOP, BOTTOM, DATA[1]], ["E1:G1", "E5:G5"])

    assert codes(reading) == [] and len(reading.tables) == 1
    assert [row.value("total_investment") for row in reading.rows] == [10**13, 2 * 10**13]


def test_the_unit_line_of_a_sheet_holds_for_its_second_table_too(read_changed: Reader) -> None:
    titles = ["序号", "项目名称", "总投资", "年度计划投资", "1-8月累计", "责任单位"]
    rows = [*ROWS, [], ["附表二 续建项目情况表"], titles, [1, "丙桥改造项目", 700, 300, 200, "交通局"]]

    reading = read_changed(rows=rows)

    assert len(reading.tables) == 2 and codes(reading) == []
    assert reading.rows[3].value("total_investment") == 700 * WAN


@pytest.mark.parametrize("title", ["指标", "类别", "工作内容"])
@pytest.mark.parametrize("merged", [True, False])
def test_a_battle_map_is_found_by_what_its_rows_say(read_sheet: Any, title: str, merged: bool) -> None:
    months = [f"{month}月" for month in range(1, 13)]
    rows: list[list[Any]] = [["单位:万元"], ["序号", "项目", title, *months]]
    for number, name in enumerate(("甲路改造项目", "乙产业园一期"), 1):
        rows += [
            [number, name, "计划节点", *["完成桩基"] * 12],
            [None, None, "实际进展", *["桩基施工中"] * 8],
            [None, None, "完成投资", *range(number * 100, number * 100 + 8)],
        ]

    reading = read_sheet(rows, ["A3:A5", "B3:B5", "A6:A8", "B6:B8"] if merged else [])

    assert [row.value("name") for row in reading.rows] == ["甲路改造项目", "乙产业园一期"]
    assert reading.rows[1].value("month_done", AUGUST) == 207 * WAN
    assert reading.rows[1].value("node_actual", AUGUST) == "桩基施工中"
    assert codes(reading) == []


def test_a_title_merged_over_two_columns_of_one_value_is_one_column(read_sheet: Any) -> None:
    titles = ["序号", "项目名称", None, "总投资", "年度计划投资", "1-8月累计", "责任单位"]
    row = [1, "甲路改造项目", None, 1000, 500, 100, "住建局"]

    reading = read_sheet([["单位:万元"], titles, row], ["B2:C2", "B3:C3"])

    assert codes(reading) == [] and not any(one.letters == "C" for one in reading.tables[0].columns)
