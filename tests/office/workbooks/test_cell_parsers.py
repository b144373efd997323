"""Dates, figures, words, one spelling at a time."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guatu.office.containers.spelling import plain
from guatu.office.workbooks.dates import find_date, parse_date
from guatu.office.workbooks.normalising import name_key, simplified, squeezed, word_key
from guatu.office.workbooks.numbers import AmountReader, PercentReader, exact, read_number
from guatu.office.workbooks.words import PeopleReader, States, read_name
from guatu.standards.quantities import unit_named

DATES: tuple[tuple[Any, str, str, bool], ...] = (
    ("2021.9", "2021-09-30", "month", False),
    ("2021年9月", "2021-09-30", "month", False),
    ("2021-09", "2021-09-30", "month", False),
    ("2021.10", "2021-10-31", "month", False),
    ("２０２１年９月", "2021-09-30", "month", False),
    ("2021.09.15", "2021-09-15", "day", False),
    ("2021-09-15", "2021-09-15", "day", False),
    ("2021年9月15日", "2021-09-15", "day", False),
    ("2021/9/15", "2021-09-15", "day", False),
    ("9月15日", "2021-09-15", "day", False),
    ("20210915", "2021-09-15", "day", False),
    (44440.0, "2021-09-01", "day", False),
    (2021.9, "2021-09-30", "month", False),
    (2021.11, "2021-11-30", "month", False),
    ("9月底", "2021-09-30", "month", True),
    ("9月底前", "2021-09-30", "month", True),
    ("10月20日前", "2021-10-20", "day", True),
    ("2021年3月上旬", "2021-03-10", "ten_days", False),
    ("3月中旬", "2021-03-20", "ten_days", False),
    ("2月下旬", "2021-02-28", "ten_days", False),
    ("三季度", "2021-09-30", "quarter", True),
    ("2021年第三季度", "2021-09-30", "quarter", True),
    ("一季度末", "2021-03-31", "quarter", True),
    ("上半年", "2021-06-30", "half", True),
    ("下半年", "2021-12-31", "half", True),
    ("年内", "2021-12-31", "year", True),
    ("年底前", "2021-12-31", "year", True),
    ("2021年", "2021-12-31", "year", True),
    ("明年6月底", "2022-06-30", "month", True),
    ("十二月", "2021-12-31", "month", False),
)


@pytest.mark.parametrize(("written", "value", "precision", "deadline"), DATES, ids=[str(one[0]) for one in DATES])
def test_a_date_is_the_last_day_its_words_allow(written: Any, value: str, precision: str, deadline: bool) -> None:
    parsed = parse_date(written, 2021)

    assert (str(parsed.value), parsed.precision, parsed.is_deadline) == (value, precision, deadline)


@pytest.mark.parametrize(
    ("written", "code"),
    [
        (2021.1, "month_1_or_10"), (2020.1, "month_1_or_10"), ("2021-13", "impossible_date"), (2021.13, "impossible_date"),
        ("2021年2月30日", "impossible_date"), ("择机", "not_a_date"), ("", "not_a_date"), (True, "not_a_date"),
        ("2021.3-2021.12", "two_dates"), ("0月", "impossible_date"),
    ],
)  # fmt: skip
def test_what_is_no_certain_date_is_refused(written: Any, code: str) -> None:
    parsed = parse_date(written, 2021)

    assert parsed.value is None
    assert parsed.problem is not None and parsed.problem.code == code


def test_the_text_2021_1_is_january_for_only_a_number_can_have_lost_its_zero() -> None:
    assert parse_date("2021.1", 2021).value == date(2021, 1, 31)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("已纳统(2021年3月)", "2021-03-31"),
        ("2020年12月已纳统", "2020-12-31"),
        ("是(2020年)", "2020-12-31"),
        ("拟9月纳统", None),
    ],
)
def test_a_date_inside_a_state_is_found(text: str, value: str | None) -> None:
    found = find_date(text, 2021)

    assert (str(found.value) if found else None) == value


@given(
    st.one_of(st.text(max_size=12), st.floats(allow_nan=False, allow_infinity=False), st.integers(1900, 2100).map(str))
)
def test_no_cell_breaks_the_date_parser(value: Any) -> None:
    parsed = parse_date(value, 2021)

    assert (parsed.value is None) == (parsed.missing is not None)


@given(st.dates(date(1990, 1, 1), date(2090, 12, 31)))
def test_every_day_is_read_back_from_every_full_spelling(day: date) -> None:
    for text in (
        day.isoformat(),
        f"{day.year}年{day.month}月{day.day}日",
        f"{day.year}.{day.month}.{day.day}",
        f"{day:%Y/%m/%d}",
    ):
        assert parse_date(text, 2021).value == day


NUMBERS: tuple[tuple[Any, str, str], ...] = (
    (0.30000000000000004, "0.3", ""),
    (11471400.0, "11471400", ""),
    ("１６４７００", "164700", ""),
    ("12,500", "12500", ""),
    ("1,234,567.89", "1234567.89", ""),
    ("21000 ", "21000", ""),
    ("-35", "-35", ""),
    ("41.2亿元", "41.2", "亿元"),
    ("10亿美元", "10", "亿美元"),
    ("101.5%", "101.5", "%"),
)


@pytest.mark.parametrize(("written", "number", "suffix"), NUMBERS, ids=[str(one[0]) for one in NUMBERS])
def test_a_figure_is_read_exactly(written: Any, number: str, suffix: str) -> None:
    assert read_number(written) == (Decimal(number), suffix, None)


@given(st.decimals(min_value=-(10**9), max_value=10**9, places=4))
def test_what_excel_stores_as_a_float_is_the_decimal_a_person_typed(number: Decimal) -> None:
    assert exact(float(number)) == number


@given(st.integers(-(10**12), 10**12))
def test_every_whole_fen_survives_being_written_in_wan(fen: int) -> None:
    reader = AmountReader(unit_named("万元"), "CNY", None, negative=True)

    assert reader(float(Decimal(fen) / 1_000_000)).value == fen


def test_the_unit_in_the_cell_beats_the_unit_of_the_column() -> None:
    reader = AmountReader(unit_named("万元"), "CNY", "usd", negative=False)

    assert reader("41.2亿元").value == 412_000 * 1_000_000
    assert reader("41.2亿").value == 412_000 * 1_000_000
    assert reader("10亿美元").beside[0][1].value == 100_000_000_000


def test_areas_are_kept_in_exact_millionths_of_a_mu() -> None:
    assert AmountReader(unit_named("平方米"), None, None, negative=False)(667.0).value == 667 * 1500
    assert AmountReader(unit_named("公顷"), None, None, negative=False)(1.0).value == 15_000_000


@pytest.mark.parametrize(
    ("written", "points", "ratio"), [(101.5, True, "1.015"), (0.7616, False, "0.7616"), ("81.9%", False, "0.819")]
)
def test_a_percentage_is_a_ratio_however_it_is_spelt(written: Any, points: bool, ratio: str) -> None:
    assert PercentReader(points)(written).value == Decimal(ratio)


def test_full_width_pinyin_noise_and_traditional_characters_are_cleaned_but_brackets_of_numbers_stay() -> None:
    assert plain("青督〔２０２１〕１５号　①") == "青督〔2021〕15号 ①"
    assert simplified("強(qiáng)市項目(km)") == "强市项目(km)"
    assert squeezed("合 计") == "合计"
    assert word_key("是否“四新”") == word_key("是否四新")


def test_phases_and_places_stay_in_a_name() -> None:
    assert name_key("台东供热供水\n改造项目（二期）") == name_key("台东供热供水改造项目(二期)")
    assert name_key("改造项目（二期）") != name_key("改造项目（一期）")
    assert read_name("台东供热供水\n改造项目 ").value == "台东供热供水改造项目"


@given(st.text(max_size=20))
def test_cleaning_a_text_twice_changes_nothing_more(text: str) -> None:
    assert plain(plain(text)) == plain(text)


def test_people_and_phones_in_one_cell_are_taken_apart() -> None:
    parsed = PeopleReader("phone")("张明\n0532-88880001、李强 13800000000")

    assert parsed.value == ("张明", "李强")
    assert parsed.beside == (("phone", parsed.beside[0][1]),)
    assert parsed.beside[0][1].value == ("0532-88880001", "13800000000")


STATES = States({"true": ["是", "已纳统*", "*年*月纳统"], "false": ["否", "拟*", "未*"]})


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("是", "true"),
        ("已纳统(2021年3月)", "true"),
        ("2021年3月纳统", "true"),
        ("拟2021年9月纳统", "false"),
        ("未纳统", "false"),
        ("也许", None),
    ],
)
def test_a_no_is_heard_before_a_yes(text: str, key: str | None) -> None:
    assert STATES.key(text) == key
