"""Cells as other people's workbooks hold them: formats that show another figure, names set wide, words for not yet."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from guatu.office.containers.number_formats import scales, unit_in
from guatu.office.workbooks import WorkbookReading
from guatu.office.workbooks.dates import parse_date
from guatu.office.workbooks.numbers import read_number
from guatu.office.workbooks.parsed import Problem
from guatu.office.workbooks.words import PeopleReader
from tests.office.workbooks.conftest import ROWS, TITLES, Reader


def codes_at(reading: WorkbookReading, cell: str) -> list[str]:
    return [one.code for one in reading.findings if one.cell == cell]


def code_of(problem: Problem | None) -> str:
    return problem.code if problem else "read"


def formatted(cell: str, value: Any, number_format: str) -> Any:
    def change(sheet: Any) -> None:
        sheet[cell].value, sheet[cell].number_format = value, number_format

    return change


@pytest.mark.parametrize("number_format", ["0!.0,", "#,##0.00,", r"0\.0000", '0"."0000', "#,##0,,", '0!.0,"万元"'])
def test_a_figure_whose_format_moves_the_point_is_asked(number_format: str, read_changed: Reader) -> None:
    reading = read_changed(formatted("D3", 12340000, number_format))

    assert codes_at(reading, "D3") == ["scaled_by_format"]
    assert reading.rows[0].value("total_investment") is None


@pytest.mark.parametrize(
    "number_format", ["General", "#,##0", "0.00_ ", "#,##0.00_);(#,##0.00)", "_ ¥* #,##0.00_ ", "[$¥-804]#,##0"]
)
def test_ordinary_formats_change_nothing(number_format: str, read_changed: Reader) -> None:
    reading = read_changed(formatted("D3", 1234, number_format))

    assert reading.findings == ()
    assert reading.rows[0].value("total_investment") == 1234_000_000


def test_a_unit_written_by_the_format_is_asked_unless_it_is_the_unit_of_the_column(read_changed: Reader) -> None:
    other = read_changed(formatted("D3", 6.25, '0.00"亿元"'))
    same = read_changed(formatted("D3", 1234, '#,##0"万元"'))

    assert codes_at(other, "D3") == ["unit_by_format"]
    assert codes_at(same, "D3") == []
    assert same.rows[0].value("total_investment") == 1234_000_000


def test_formats_of_dates_and_percents_scale_nothing() -> None:
    assert not any(scales(code) or unit_in(code) for code in ('yyyy"年"m"月"', "0.00%", "@", "General", "h:mm"))


@pytest.mark.parametrize("text", ["500\n300", "500\r\n300", "500 300", "6 2500"])
def test_figures_apart_are_two_figures(text: str) -> None:
    number, _, refusal = read_number(text)

    assert number is None and refusal is not None and code_of(refusal.problem) == "two_numbers"


def test_dates_on_two_lines_are_two_dates_and_a_broken_line_is_one() -> None:
    assert code_of(parse_date("2023.9\n2023.10", 2023).problem) == "two_dates"
    assert parse_date("2023.1\n2", 2023).value is None
    assert parse_date("2023年\n9月", 2023).value == date(2023, 9, 30)


@pytest.mark.parametrize("text", ["2023年9月左右", "2023年9月以后", "2023年9月起", "约2023年9月", "早于2023年9月"])
def test_an_approximate_or_open_date_is_asked(text: str) -> None:
    parsed = parse_date(text, 2023)

    assert (parsed.value, code_of(parsed.problem)) == (None, "open_date")


def test_an_instant_in_text_is_its_day() -> None:
    assert parse_date("2023-09-01T00:00:00", 2023).value == date(2023, 9, 1)


@pytest.mark.parametrize("text", ["未开工", "尚未开工", "待开工", "拟9月开工"])
def test_not_yet_in_an_actual_date_is_missing_with_that_reason(text: str, read_changed: Reader) -> None:
    dates = ("2021年3月", "2021年4月", text)
    titles, rows = (*TITLES, "实际开工时间"), [(*row, said) for row, said in zip(ROWS, dates, strict=True)]

    reading = read_changed(titles=titles, rows=rows)

    cell = reading.rows[2].cell("actual_start")
    assert cell is not None and (cell.value, cell.missing) == (None, "not_yet")
    assert reading.of_grade("error") == ()


@pytest.mark.parametrize(("word", "value"), [("✘", False), ("╳", False), ("不是", False), ("是。", True), ("✔", True)])
def test_marks_and_words_mean_the_same_in_every_shape(word: str, value: bool, read_changed: Reader) -> None:
    reading = read_changed(lambda sheet: sheet.__setitem__("I3", word))

    assert reading.rows[0].value("is_started") is value
    assert codes_at(reading, "I3") == []


@pytest.mark.parametrize("text", ["张 伟", "张　伟", "张  伟"])
def test_a_name_set_wide_is_one_person(text: str) -> None:
    assert PeopleReader(None)(text).value == ("张伟",)
    assert PeopleReader(None)(f"{text}、李 小娜").value == ("张伟", "李小娜")


def test_an_item_known_by_its_code_alone_is_an_error_naming_its_row(read_changed: Reader) -> None:
    reading = read_changed(lambda sheet: sheet.__setitem__("B4", "/"))

    assert [(one.cell, one.code) for one in reading.of_grade("error")] == [("B4", "no_name")]


def test_one_name_under_two_codes_is_pointed_out(read_changed: Reader) -> None:
    reading = read_changed(lambda sheet: sheet.__setitem__("B5", " 乙产业园\n一期 "))

    assert [(one.cell, one.code, one.grade) for one in reading.findings] == [("B5", "same_name", "warning")]


def test_yuan_in_a_column_of_ten_thousands_is_asked_and_not_taken(read_changed: Reader) -> None:
    rows = [(number, f"项目{number}", None, 1000 + number, 500, 20, 100) for number in range(1, 10)]
    rows[4] = (5, "项目5", None, 10_050_000, 500, 20, 100)

    reading = read_changed(rows=rows)

    assert codes_at(reading, "D7") == ["implausible_amount"]
    assert reading.rows[4].value("total_investment") is None
    assert len(reading.findings) == 1


def test_a_plan_many_times_the_total_is_asked_and_a_large_project_is_not(read_changed: Reader) -> None:
    rows = [(number, f"项目{number}", None, 1000 + number, 500, 20, 100) for number in range(1, 10)]
    rows[4] = (5, "项目5", None, 2000, 50_000, 20, 100)
    rows[6] = (7, "项目7", None, 900_000, 60_000, 5_000, 40_000)

    reading = read_changed(rows=rows)

    assert [(one.cell, one.code) for one in reading.findings] == [("E7", "implausible_amount")]


@pytest.mark.parametrize(
    ("own", "value", "codes"),
    [
        ("2021年3月", date(2021, 3, 31), []),
        ("2021-03-15", date(2021, 3, 15), []),
        ("2021年5月", date(2021, 5, 31), ["dates_disagree"]),
        (None, date(2021, 3, 31), []),
    ],
)
def test_the_column_of_dates_stands_against_a_date_beside_the_flag(
    own: str | None, value: date, codes: list[str], read_changed: Reader
) -> None:
    titles = (*TITLES, "纳统时间")
    rows = [(*row, said) for row, said in zip(ROWS, (None, own, None), strict=True)]

    reading = read_changed(lambda sheet: sheet.__setitem__("J4", "已纳统（2021年3月）"), titles=titles, rows=rows)

    assert (reading.rows[1].value("is_included"), reading.rows[1].value("included_on")) == (True, value)
    assert codes_at(reading, "J4") == codes


def test_amounts_in_different_units_do_not_turn_points_into_ratios(read_changed: Reader) -> None:
    titles = (*TITLES[:4], "年度计划投资（亿元）", TITLES[5], "1-8月累计（万元）", "投资完成率%")
    rows = [
        (number, f"项目{number}", None, 90_000, 5, 20, 40_000 + 100 * number, 80 + number / 5) for number in range(9)
    ]

    reading = read_changed(titles=titles, rows=rows)

    assert reading.rows[0].value("completion_rate") == Decimal("0.8")
    assert reading.findings == ()
