"""Every bad cell is named: sheet, address, raw text, grade and code; and the workbook falls with its first error."""

from __future__ import annotations

from typing import Any

import pytest

from tests.office.workbooks.conftest import Reader

SEEDED: tuple[tuple[str, Any, str, str], ...] = (
    # cell, what is written there, grade, code
    ("D3", "约500", "question", "about_a_number"),
    ("D3", "近1000万", "question", "about_a_number"),
    ("D3", "1,2,500", "error", "bad_thousands"),
    ("D3", "500/600", "question", "two_numbers"),
    ("D3", "500-600", "question", "two_numbers"),
    ("D3", "见备注", "error", "not_a_number"),
    ("D3", "#REF!", "error", "excel_error"),
    ("D3", "#N/A", "error", "excel_error"),
    ("D3", "Err:502", "error", "excel_error"),
    ("K3", "Err:508", "error", "excel_error"),
    ("D3", -5, "error", "negative"),
    ("D3", "5000吨", "question", "unknown_unit"),
    ("E4", "3亩", "question", "unknown_unit"),
    ("E4", "1.5万欧元", "question", "other_unit"),
    ("E4", 0.00000012, "warning", "rounded"),
    ("C3", "12345", "question", "bad_project_code"),
    ("C3", "2113-370202-04-05-815564", "question", "bad_project_code"),
    ("H3", 2021.1, "question", "month_1_or_10"),
    ("H3", "2021-13", "error", "impossible_date"),
    ("H3", "2021年2月30日", "error", "impossible_date"),
    ("H3", "择机", "error", "not_a_date"),
    ("H3", "2021.3-2021.12", "question", "two_dates"),
    ("I3", "差不多了", "question", "unknown_word"),
    ("J4", "大概是", "question", "unknown_word"),
    ("G5", "=1+1", "error", "formula_without_value"),
)


@pytest.mark.parametrize(("cell", "value", "grade", "code"), SEEDED, ids=[f"{s[0]}={s[1]}" for s in SEEDED])
def test_a_bad_cell_is_named_with_its_address(
    cell: str, value: Any, grade: str, code: str, read_changed: Reader
) -> None:
    reading = read_changed(lambda sheet: sheet.__setitem__(cell, value))

    [finding] = [one for one in reading.findings if one.cell == cell]
    assert (finding.sheet, finding.grade, finding.code) == ("调度表", grade, code)
    assert finding.raw == ("" if code == "formula_without_value" else finding.raw)
    assert finding.reason.zh and finding.reason.en and finding.remedy.zh and finding.remedy.en
    assert "{" not in finding.reason.zh + finding.reason.en + finding.remedy.zh + finding.remedy.en
    assert reading.refused == (grade == "error")


@pytest.mark.parametrize(("cell", "value", "grade", "code"), SEEDED, ids=[f"{s[0]}={s[1]}" for s in SEEDED])
def test_a_bad_cell_has_no_value_unless_it_was_only_a_warning(
    cell: str, value: Any, grade: str, code: str, read_changed: Reader
) -> None:
    reading = read_changed(lambda sheet: sheet.__setitem__(cell, value))

    [found] = [one for row in reading.rows for one in row.cells if one.address == cell]
    assert (found.value is None) == (grade != "warning")
    assert (found.missing is not None) == (grade != "warning")


def test_a_clean_ledger_has_no_findings(read_changed: Reader) -> None:
    reading = read_changed()

    assert reading.findings == ()
    assert not reading.refused
    assert len(reading.rows) == 3


def test_two_bad_cells_in_one_row_are_both_named(read_changed: Reader) -> None:
    def change(sheet: Any) -> None:
        sheet["D3"], sheet["H3"] = "见备注", "2021-13"

    reading = read_changed(change)

    assert [(one.cell, one.code) for one in reading.of_grade("error")] == [
        ("D3", "not_a_number"),
        ("H3", "impossible_date"),
    ]


def test_blanks_keep_their_reason_and_zero_is_zero(read_changed: Reader) -> None:
    def change(sheet: Any) -> None:
        sheet["D3"], sheet["D4"], sheet["D5"], sheet["G3"], sheet["C3"] = "/", "待定", None, 0, "——"

    reading = read_changed(change)

    missing = [row.cell("total_investment") for row in reading.rows]
    assert [cell and (cell.value, cell.missing) for cell in missing] == [
        (None, "slash"),
        (None, "pending"),
        (None, "blank"),
    ]
    assert reading.rows[0].value("ytd_done") == 0
    code = reading.rows[0].cell("project_code")
    assert code is not None and code.missing == "dash"


def test_carry_over_as_a_planned_start_is_missing_with_that_reason(read_changed: Reader) -> None:
    reading = read_changed(lambda sheet: sheet.__setitem__("H3", "续建"))

    cell = reading.rows[0].cell("plan_start")
    assert cell is not None and (cell.value, cell.missing) == (None, "carry_over")
    assert reading.findings == ()


def test_a_row_with_figures_but_no_name_is_an_error(read_changed: Reader) -> None:
    def change(sheet: Any) -> None:
        sheet["B4"], sheet["C4"] = None, None

    reading = read_changed(change)

    [finding] = reading.findings
    assert (finding.code, finding.cell, finding.grade) == ("no_name", "4:4", "error")


def test_the_same_code_twice_in_one_table_is_asked(read_changed: Reader) -> None:
    reading = read_changed(lambda sheet: sheet.__setitem__("C4", "2102-370202-04-05-815564"))

    [finding] = reading.findings
    assert (finding.code, finding.cell) == ("repeated_item", "C4")


def test_phase_one_and_phase_two_without_codes_are_two_items(read_changed: Reader) -> None:
    def change(sheet: Any) -> None:
        sheet["C4"], sheet["C5"] = "/", "/"

    assert read_changed(change).findings == ()


def test_an_answer_is_read_in_the_place_of_its_cell(read_changed: Reader) -> None:
    reading = read_changed(
        lambda sheet: sheet.__setitem__("H3", 2021.1), answers={("调度表", "H3"): "2021年10月", ("调度表", "ZZ9"): "5"}
    )

    assert str(reading.rows[0].value("plan_start")) == "2021-10-31"
    assert [(one.code, one.grade) for one in reading.findings] == [
        ("answered", "warning"),
        ("answer_without_cell", "warning"),
    ]


def test_no_unit_anywhere_refuses_the_money_columns(read_changed: Reader) -> None:
    reading = read_changed(lambda sheet: sheet.__setitem__("A1", "截至2021年8月底"))

    assert {one.cell for one in reading.of_grade("error")} == {"D2", "E2", "F2", "G2"}
    assert {one.code for one in reading.of_grade("error")} == {"no_unit_column"}


def test_last_months_workbook_is_refused(read_changed: Reader) -> None:
    def change(sheet: Any) -> None:
        sheet["A1"], sheet["F2"], sheet["G2"] = "单位:万元 截至2021年7月底", "7月完成", "1-7月累计"

    reading = read_changed(change)

    assert {one.code for one in reading.of_grade("error")} == {"no_column", "other_round"}
    assert "表中是7月" in next(one for one in reading.findings if one.code == "no_column").reason.zh


def test_a_total_that_is_an_excel_error_is_named(read_changed: Reader) -> None:
    def change(sheet: Any) -> None:
        sheet["A6"], sheet["D6"] = "合计", "#REF!"

    reading = read_changed(change)

    assert [(one.code, one.cell, one.grade) for one in reading.findings] == [("control_unreadable", "D6", "warning")]
    assert len(reading.rows) == 3
