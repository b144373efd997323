"""Headers of any depth, several tables, sections, merges, hidden things: structure found without configuration."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from guatu.declarations.checks import Totals
from guatu.declarations.ledger import Ledger, UnitDeclaration
from guatu.declarations.packs import Pack
from guatu.office.workbooks import UnreadableWorkbook, WorkbookReading, read_workbook
from guatu.standards.periods import Period
from tests.office.workbooks.conftest import AUGUST, ROWS, TITLES, Reader


def fields(reading: WorkbookReading) -> dict[str, str | None]:
    return {column.letters: column.field for column in reading.tables[0].columns if column.role == "field"}


def test_title_unit_line_header_and_data_are_told_apart(read_changed: Reader) -> None:
    reading = read_changed()

    [table] = reading.tables
    assert table.caption == ("单位:万元 截至2021年8月底",) or "单位:万元" in table.caption[0]
    assert (table.header, table.data) == ((2, 2), (3, 5))
    assert [row.number for row in reading.rows] == [3, 4, 5]


def test_a_three_level_merged_header_gives_paths(read_changed: Reader) -> None:
    def change(sheet: Worksheet) -> None:
        sheet.insert_rows(2, 2)
        for column in range(1, len(TITLES) + 1):
            sheet.cell(2, column, sheet.cell(4, column).value)
            sheet.cell(4, column).value = None
        for columns, titles in (((4, 7), ("投资(亿元)",)),):
            sheet.cell(2, columns[0], titles[0])
            for column in range(columns[0] + 1, columns[1] + 1):
                sheet.cell(2, column).value = None
            sheet.merge_cells(start_row=2, end_row=2, start_column=columns[0], end_column=columns[1])
        sheet["D3"], sheet["E3"] = "总投资", "2021年"
        sheet.merge_cells("E3:G3")
        sheet.merge_cells("D3:D4")
        sheet["E4"], sheet["F4"], sheet["G4"] = "计划", "8月完成", "1-8月"
        for column in (1, 2, 3, 8, 9, 10, 11):
            sheet.merge_cells(start_row=2, end_row=4, start_column=column, end_column=column)

    reading = read_changed(change)

    [table] = reading.tables
    assert table.header == (2, 4)
    assert [column.title for column in table.columns[3:7]] == [
        ("投资(亿元)", "总投资"),
        ("投资(亿元)", "2021年", "计划"),
        ("投资(亿元)", "2021年", "8月完成"),
        ("投资(亿元)", "2021年", "1-8月"),
    ]
    assert [column.field for column in table.columns[3:7]] == [
        "total_investment",
        "annual_plan",
        "month_done",
        "ytd_done",
    ]
    assert reading.rows[0].value("total_investment") == 1000 * 10**10, "the group's 亿元 beats the sheet's 万元"


def test_the_unit_of_a_column_beats_the_unit_of_the_sheet(read_changed: Reader) -> None:
    reading = read_changed(lambda sheet: sheet.__setitem__("D2", "总投资(亿元)"))

    assert reading.rows[0].value("total_investment") == 1000 * 10**10
    assert reading.rows[0].value("annual_plan") == 500 * 10**6


def test_sections_give_lists_and_subtotals_are_no_projects(read_changed: Reader) -> None:
    rows: list[list[Any]] = [
        ["一、省重点项目(2个)"], list(ROWS[0]), list(ROWS[1]), ["小计", None, None, 3000, 1300, 50, 500],
        ["二、市重点项目(1个)"], list(ROWS[2]), ["小计", None, None, 3000, 900, 40, 900],
        ["合 计", None, None, 6000, 2200, 90, 1400], ["注:完成投资不含土地费用。"], ["填表人:张明"],
    ]  # fmt: skip

    reading = read_changed(rows=rows)

    assert [sorted(row.lists) for row in reading.rows] == [["provincial"], ["provincial"], ["municipal"]]
    assert reading.rows[0].tags[0].address == "A3"
    assert reading.findings == ()
    totals = [control for control in reading.controls if control.field == "total_investment"]
    assert [(control.address, control.stated, control.difference) for control in totals] == [
        ("D6", 3000 * 10**6, 0),
        ("D9", 3000 * 10**6, 0),
        ("D10", 6000 * 10**6, 0),
    ]


def test_a_subtotal_that_does_not_add_up_is_asked_with_the_difference(read_changed: Reader) -> None:
    reading = read_changed(rows=[*ROWS, ["合计(4个)", None, None, 6100, 2200, 90, 1400]])

    assert [(one.code, one.cell) for one in reading.findings] == [
        ("count_difference", "A6"),
        ("control_difference", "D6"),
    ]
    assert "相差 100" in reading.findings[1].reason.zh
    assert not reading.refused


def test_a_total_within_rounding_is_only_a_warning(read_changed: Reader) -> None:
    rows = [(*row[:3], value, *row[4:]) for row, value in zip(ROWS, (1000.14, 2000.14, 3000.14), strict=True)]

    reading = read_changed(rows=[*rows, ["合计", None, None, 6000.4, 2200, 90, 1400]])

    assert [(one.code, one.grade) for one in reading.findings] == [("control_rounding", "warning")]


def test_text_merged_over_rows_holds_for_each_and_a_figure_does_not(read_changed: Reader) -> None:
    def change(sheet: Worksheet) -> None:
        sheet["K2"] = "责任单位"
        sheet["K3"] = "发展和改革局"
        for cell in ("K4", "K5", "D4"):
            sheet[cell] = None
        sheet.merge_cells("K3:K5")
        sheet.merge_cells("D3:D4")

    reading = read_changed(change)

    assert [row.value("responsible_unit") for row in reading.rows] == ["发展和改革局"] * 3
    last = reading.rows[2].cell("responsible_unit")
    assert last is not None and last.address == "K3"
    assert [row.value("total_investment") for row in reading.rows] == [1000 * 10**6, None, 3000 * 10**6]


def test_two_tables_on_one_sheet_keep_their_own_units(read_changed: Reader) -> None:
    def change(sheet: Worksheet) -> None:
        sheet.append([])
        sheet.append(["表二 其他项目"])
        sheet.append(["单位:亿元"])
        sheet.append(list(TITLES))
        sheet.append([1, "丙桥梁项目", "/", 5, 2, 1, 1.5, "/", "是", "是", "无"])

    reading = read_changed(change)

    assert [table.header for table in reading.tables] == [(2, 2), (9, 9)]
    assert reading.rows[-1].value("total_investment") == 5 * 10**10
    assert reading.rows[0].value("total_investment") == 1000 * 10**6


def test_a_header_repeated_for_printing_is_no_project(read_changed: Reader) -> None:
    reading = read_changed(rows=[ROWS[0], TITLES, ROWS[1], ROWS[2]])

    assert [row.value("name") for row in reading.rows] == ["甲路改造项目", "乙产业园一期", "乙产业园二期"]
    assert [row.value("ytd_done") for row in reading.rows] == [100 * 10**6, 400 * 10**6, 900 * 10**6]


def test_the_row_of_column_numbers_under_a_header_is_no_data(read_changed: Reader) -> None:
    reading = read_changed(rows=[["甲", "乙", "丙", 1, 2, 3, 4, 5, 6, 7, 8], *ROWS])

    assert len(reading.rows) == 3
    assert reading.findings == ()


def test_hidden_rows_are_data_with_a_warning_and_hidden_columns_too(read_changed: Reader) -> None:
    def change(sheet: Worksheet) -> None:
        sheet.row_dimensions[4].hidden = True
        sheet.column_dimensions["K"].hidden = True

    reading = read_changed(change)

    assert [(one.code, one.grade) for one in reading.findings] == [
        ("hidden_column", "warning"),
        ("hidden_rows", "warning"),
    ]
    assert [row.hidden for row in reading.rows] == [False, True, False]


def test_a_sheet_that_is_no_ledger_is_named_with_the_reason(read_changed: Reader) -> None:
    def change(sheet: Worksheet) -> None:
        assert sheet.parent is not None
        other = sheet.parent.create_sheet("通讯录")
        for row in (["科室", "联系人", "电话"], ["一科", "张明", "0532-88880000"]):
            other.append(row)
        hidden = sheet.parent.create_sheet("旧表")
        hidden.append(["单位:万元"])
        hidden.append(list(TITLES))
        hidden.append(list(ROWS[0]))
        hidden.sheet_state = "hidden"

    reading = read_changed(change)

    assert set(reading.skipped) == {"通讯录", "旧表"}
    assert [(one.code, one.sheet) for one in reading.findings] == [("not_a_ledger", "通讯录"), ("hidden_sheet", "旧表")]
    assert len(reading.rows) == 3


def test_a_workbook_without_any_ledger_is_refused(tmp_path: Path, ledgers: Mapping[str, Ledger]) -> None:
    book = openpyxl.Workbook()
    assert book.active is not None
    book.active.append(["会议纪要"])
    book.save(tmp_path / "会议.xlsx")

    reading = read_workbook(tmp_path / "会议.xlsx", ledgers["key_projects"], period=AUGUST)

    assert reading.refused
    assert [one.code for one in reading.of_grade("error")] == ["no_table"]


def test_two_columns_that_fit_one_field_equally_are_an_error_not_a_choice(read_changed: Reader) -> None:
    def change(sheet: Worksheet) -> None:
        sheet["K2"] = "总投资"
        for row in range(3, 6):
            sheet.cell(row, 11, row * 7)

    reading = read_changed(change)

    [finding] = reading.of_grade("error")
    assert finding.code == "competing_columns"


def test_ticks_under_a_lists_name_put_the_item_on_the_list(read_changed: Reader) -> None:
    def change(sheet: Worksheet) -> None:
        sheet["K2"], sheet["K3"], sheet["K4"], sheet["K5"] = "省重点", "√", None, "√"

    reading = read_changed(change)

    assert [sorted(row.lists) for row in reading.rows] == [["provincial"], [], ["provincial"]]
    assert reading.rows[0].tags[0].address == "K3"


def test_circled_numbers_are_explained_by_the_note_under_the_table(read_changed: Reader) -> None:
    def change(sheet: Worksheet) -> None:
        sheet["K2"] = "清单"
        sheet["K3"], sheet["K4"], sheet["K5"] = "①②", "②", "③"
        sheet["A6"] = "注:清单代号:①省重点 ②四新(四新经济项目)。"

    reading = read_changed(change)

    assert [sorted(row.lists) for row in reading.rows] == [["four_new", "provincial"], ["four_new"], []]
    assert [(one.code, one.cell) for one in reading.findings] == [("unexplained_mark", "K5")]


def test_in_a_column_of_ticks_a_blank_says_no_and_beside_a_cross_it_says_nothing(read_changed: Reader) -> None:
    def ticks(third: str | None) -> list[Any]:
        def change(sheet: Worksheet) -> None:
            sheet["J3"], sheet["J4"], sheet["J5"] = "√", None, third

        return [row.value("is_included") for row in read_changed(change).rows]

    assert ticks("√") == [True, False, True]
    assert ticks("×") == [True, None, False]


def test_a_date_column_alone_stands_for_its_flag(read_changed: Reader) -> None:
    def change(sheet: Worksheet) -> None:
        sheet["J2"], sheet["J3"], sheet["J4"], sheet["J5"] = "纳统时间", "2021年3月", None, "未纳统"

    reading = read_changed(change)

    assert [row.value("is_included") for row in reading.rows] == [True, False, False]
    flag = reading.rows[1].cell("is_included")
    assert flag is not None and flag.address == "J4"
    assert str(reading.rows[0].value("included_on")) == "2021-03-31"


def test_a_flag_with_a_date_in_it_fills_the_date_as_well(read_changed: Reader) -> None:
    def change(sheet: Worksheet) -> None:
        sheet["J3"], sheet["J4"], sheet["J5"] = "已纳统(2021年3月)", "拟9月纳统", "申报中"

    reading = read_changed(change)

    assert [row.value("is_included") for row in reading.rows] == [True, False, False]
    assert str(reading.rows[0].value("included_on")) == "2021-03-31"
    assert reading.findings == ()


def test_months_before_the_round_keep_their_own_period(read_changed: Reader) -> None:
    reading = read_changed(lambda sheet: sheet.__setitem__("F2", "7月底累计"))

    first = reading.rows[0]
    assert first.value("ytd_done", Period.month(2021, 7)) == 20 * 10**6
    assert first.value("ytd_done", AUGUST) == 100 * 10**6
    assert first.cell("month_done") is None


def test_a_battle_map_with_three_rows_a_project_becomes_one_row_each(
    tmp_path: Path, ledgers: Mapping[str, Ledger]
) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    sheet.append(["作战图 单位:万元"])
    sheet.append(["序号", "项目名称", "指标", *(f"{month}月" for month in range(1, 13)), "责任人"])
    for first, name in ((3, "甲项目"), (6, "乙项目")):
        sheet.append([1, name, "计划节点", *["桩基"] * 12, "张明"])
        sheet.append([None, None, "实际进展", *["完成"] * 8])
        sheet.append([None, None, "完成投资", *range(100, 900, 100)])
        for column in "ABP":
            sheet.merge_cells(f"{column}{first}:{column}{first + 2}")
    book.save(tmp_path / "图.xlsx")

    reading = read_workbook(tmp_path / "图.xlsx", ledgers["key_projects"], period=AUGUST)

    assert [row.value("name") for row in reading.rows] == ["甲项目", "乙项目"]
    first_row = reading.rows[0]
    assert first_row.value("node_plan", Period.month(2021, 12)) == "桩基"
    assert first_row.value("node_actual", AUGUST) == "完成"
    assert first_row.value("month_done", AUGUST) == 800 * 10**6
    assert first_row.value("person") == ("张明",)


def test_the_sender_is_known_by_file_name_reporting_line_or_title(
    tmp_path: Path, demo_pack: Pack, demo_units: tuple[UnitDeclaration, ...]
) -> None:
    def sent(file: str, caption: str) -> WorkbookReading:
        book = openpyxl.Workbook()
        assert isinstance(book.active, Worksheet)
        for row in ([caption], TITLES, *ROWS):
            book.active.append(list(row))
        book.save(tmp_path / file)
        return read_workbook(tmp_path / file, demo_pack.ledger, period=AUGUST, units=demo_units)

    by_line = sent("8月调度表.xlsx", "填报单位:市北区发展和改革局 单位:万元")
    unknown = sent("调度表.xlsx", "单位:万元")
    conflict = sent("李沧区8月.xlsx", "填报单位:市北区发展和改革局 单位:万元")

    assert by_line.unit is not None and (by_line.unit.code, by_line.unit.by.en) == ("370203", "reporting-unit line")
    assert unknown.unit is None and [one.code for one in unknown.of_grade("error")] == ["unknown_sender"]
    assert conflict.unit is not None and conflict.unit.code == "370213"
    assert [one.code for one in conflict.of_grade("question")] == ["sender_conflict"]


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 broken", b"<html>no workbook</html>"])
def test_a_file_that_is_no_workbook_is_refused(content: bytes, tmp_path: Path, ledgers: Mapping[str, Ledger]) -> None:
    path = tmp_path / "坏.xlsx"
    path.write_bytes(content)

    with pytest.raises(UnreadableWorkbook) as refusal:
        read_workbook(path, ledgers["key_projects"], period=AUGUST)
    assert refusal.value.where == "坏.xlsx"


def test_a_few_cells_far_away_do_not_take_the_memory(tmp_path: Path, ledgers: Mapping[str, Ledger]) -> None:
    book = openpyxl.Workbook()
    assert book.active is not None
    book.active["A1"], book.active["XFD1048576"] = "甲", "乙"
    book.save(tmp_path / "稀疏.xlsx")

    with pytest.raises(UnreadableWorkbook):
        read_workbook(tmp_path / "稀疏.xlsx", ledgers["key_projects"], period=AUGUST)


def test_a_merge_over_the_whole_sheet_costs_nothing(read_changed: Reader) -> None:
    reading = read_changed(lambda sheet: sheet.merged_cells.add("L1:XFD1048576"))

    assert len(reading.rows) == 3


def test_the_pack_says_how_a_total_that_disagrees_is_graded(
    read_changed: Reader, ledgers: Mapping[str, Ledger], monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [*ROWS, ["合计(4个)", None, None, 6100, 2200, 90, 1400]]

    plain = read_changed(rows=rows)
    strict = replace(ledgers["key_projects"].checks, totals=Totals(total="error", count="off"))
    monkeypatch.setitem(
        cast(dict[str, Ledger], ledgers), "key_projects", replace(ledgers["key_projects"], checks=strict)
    )
    refused = read_changed(rows=rows)

    assert [(one.code, one.grade) for one in plain.findings] == [
        ("count_difference", "question"),
        ("control_difference", "question"),
    ]
    assert [(one.code, one.grade) for one in refused.findings] == [("control_difference", "error")]
