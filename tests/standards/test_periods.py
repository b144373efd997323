from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guatu.standards.periods import Kind, Period, UnknownPeriod
from guatu.text import Text

DAYS = st.dates(date(1990, 1, 1), date(2090, 12, 31))
KINDS = st.sampled_from(Kind)


@pytest.mark.parametrize(
    ("key", "kind", "first", "last"),
    [
        ("2021-08", Kind.MONTH, date(2021, 8, 1), date(2021, 8, 31)),
        ("2021-12", Kind.MONTH, date(2021, 12, 1), date(2021, 12, 31)),
        ("2024-02", Kind.MONTH, date(2024, 2, 1), date(2024, 2, 29)),
        ("2021Q3", Kind.QUARTER, date(2021, 7, 1), date(2021, 9, 30)),
        ("2021H1", Kind.HALF_YEAR, date(2021, 1, 1), date(2021, 6, 30)),
        ("2021H2", Kind.HALF_YEAR, date(2021, 7, 1), date(2021, 12, 31)),
        ("2021", Kind.YEAR, date(2021, 1, 1), date(2021, 12, 31)),
        ("2021-W35", Kind.WEEK, date(2021, 8, 30), date(2021, 9, 5)),
        ("2020-W53", Kind.WEEK, date(2020, 12, 28), date(2021, 1, 3)),
        ("2026-W01", Kind.WEEK, date(2025, 12, 29), date(2026, 1, 4)),
        ("2021-F18", Kind.FORTNIGHT, date(2021, 8, 30), date(2021, 9, 12)),
        ("2020-F27", Kind.FORTNIGHT, date(2020, 12, 28), date(2021, 1, 3)),
        ("2021-08A", Kind.HALF_MONTH, date(2021, 8, 1), date(2021, 8, 15)),
        ("2021-12B", Kind.HALF_MONTH, date(2021, 12, 16), date(2021, 12, 31)),
        ("2021-08-31", Kind.DAY, date(2021, 8, 31), date(2021, 8, 31)),
    ],
)
def test_a_key_names_its_days_and_comes_back(key: str, kind: Kind, first: date, last: date) -> None:
    period = Period.parse(key)

    assert (period.kind, period.first_day, period.last_day) == (kind, first, last)
    assert str(period) == key


@pytest.mark.parametrize(
    "text",
    ["", "2021-13", "2021-00", "2021Q5", "2021H3", "2021-W54", "2021-W53", "2021-F00", "2021-02-30", "21-08", "2021-8",
     "2021年8月", "2021-08C", "0000", "9999-12", "２０２１", "2021-08 09"],
)  # fmt: skip
def test_anything_else_is_refused_in_both_languages_with_the_place(text: str) -> None:
    with pytest.raises(UnknownPeriod) as refusal:
        Period.parse(text, where="--round")

    assert refusal.value.where == "--round"
    assert f"“{text}”" in refusal.value.what.zh
    assert f"'{text}'" in refusal.value.what.en
    assert "2021-08" in refusal.value.remedy.zh


def test_spaces_around_a_key_are_forgiven() -> None:
    assert Period.parse(" 2021-08 ") == Period.month(2021, 8)


@given(KINDS, DAYS)
def test_every_period_comes_back_from_its_key(kind: Kind, day: date) -> None:
    period = Period.containing(kind, day)

    assert Period.parse(str(period)) == period
    assert day in period


@given(KINDS, DAYS)
def test_periods_of_a_kind_follow_each_other_without_gap_or_overlap(kind: Kind, day: date) -> None:
    period = Period.containing(kind, day)

    assert period.next().start == period.end
    assert period.next().previous() == period
    assert period.previous() < period < period.next()
    assert period.end not in period


@given(KINDS, DAYS, DAYS)
def test_keys_of_a_kind_sort_in_the_order_of_time(kind: Kind, one: date, other: date) -> None:
    first, second = Period.containing(kind, one), Period.containing(kind, other)

    assert (str(first) < str(second)) == (first < second)


@given(KINDS, DAYS)
def test_the_same_period_last_year_has_the_same_kind_and_the_year_before(kind: Kind, day: date) -> None:
    period = Period.containing(kind, day)

    earlier = period.same_period_last_year()

    assert (earlier.kind, earlier.year) == (kind, period.year - 1)
    # A fortnight that is a 53rd week alone has the 52nd's before it, which began a week earlier.
    longest = 378 if kind is Kind.FORTNIGHT else 372
    assert timedelta(days=350) < period.start - earlier.start <= timedelta(days=longest)


def test_a_53rd_week_that_is_a_fortnight_alone_looks_back_at_the_last_fortnight_of_52_weeks() -> None:
    assert str(Period.parse("1998-F27").same_period_last_year()) == "1997-F26"


@pytest.mark.parametrize(
    ("key", "a_year_earlier"),
    [
        ("2021-08", "2020-08"),
        ("2021Q3", "2020Q3"),
        ("2021H2", "2020H2"),
        ("2021", "2020"),
        ("2021-W35", "2020-W35"),
        ("2021-08B", "2020-08B"),
        ("2024-02-29", "2023-02-28"),
        ("2020-W53", "2019-W52"),
        ("2020-F27", "2019-F26"),
    ],
)
def test_the_same_period_last_year(key: str, a_year_earlier: str) -> None:
    assert str(Period.parse(key).same_period_last_year()) == a_year_earlier


@pytest.mark.parametrize(
    ("key", "months", "quarter", "year"),
    [
        ("2021-08", 8, 3, 2021),
        ("2021-12", 12, 4, 2021),
        ("2021Q3", 9, 3, 2021),
        ("2021H1", 6, 2, 2021),
        ("2021", 12, 4, 2021),
        ("2021-08-30", 7, 3, 2021),
        ("2021-08-31", 8, 3, 2021),
        ("2021-08A", 7, 3, 2021),
        ("2021-W34", 7, 3, 2021),
        ("2020-W53", 12, 4, 2020),
        ("2026-W01", 0, 1, 2026),
    ],
)
def test_only_whole_months_count_as_elapsed(key: str, months: int, quarter: int, year: int) -> None:
    period = Period.parse(key)

    assert (period.months_elapsed, period.quarter, period.year) == (months, quarter, year)


def test_a_quarter_is_made_of_its_three_months_and_a_week_of_none() -> None:
    assert [str(month) for month in Period.parse("2021Q4").months] == ["2021-10", "2021-11", "2021-12"]
    assert len(Period.parse("2021").months) == 12
    assert Period.parse("2021-W35").months == ()


def test_a_span_that_is_no_whole_month_is_refused() -> None:
    with pytest.raises(ValueError, match="not a whole month"):
        Period(date(2021, 8, 2), date(2021, 9, 1), Kind.MONTH)


@pytest.mark.parametrize(
    ("key", "zh", "en"),
    [
        ("2021-08", "2021年1-8月", "January–August 2021"),
        ("2021-02", "2021年1-2月", "January–February 2021"),
        ("2021-01", "2021年1月", "January 2021"),
        ("2021Q3", "2021年三季度", "third quarter of 2021"),
        ("2021H1", "2021年上半年", "first half of 2021"),
        ("2021", "2021年", "2021"),
        ("2021-W35", "2021年第35周", "week 35 of 2021"),
        ("2021-F18", "2021年第18个双周", "fortnight 18 of 2021"),
        ("2021-08B", "2021年8月下半月", "second half of August 2021"),
        ("2021-08-31", "2021年8月31日", "31 August 2021"),
    ],
)
def test_titles_in_both_languages(key: str, zh: str, en: str) -> None:
    assert Period.parse(key).title() == Text(zh, en)


def test_a_month_has_a_name_of_its_own_beside_the_cumulative_title() -> None:
    august = Period.month(2021, 8)

    assert august.name() == Text("2021年8月", "August 2021")
    assert august.month_title() == Text("8月", "August")
