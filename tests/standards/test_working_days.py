import json
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guatu.standards.periods import Period
from guatu.standards.working_days import (
    PUBLISHED_YEARS,
    ConflictingOverrides,
    NegativeDays,
    Override,
    UnknownYear,
    WorkingCalendar,
)
from guatu.text import Text

DATA = Path(__file__).parent / "data"
HOLIDAYS = json.loads((DATA / "cn_holidays_2004_2026.json").read_text(encoding="utf-8"))
ANSWERS = json.loads((DATA / "reference_answers.json").read_text(encoding="utf-8"))

NOTICE = "国办发明电〔2026〕0号"


@pytest.mark.parametrize("year", range(2004, 2027))
def test_every_day_agrees_with_an_independent_source(year: int) -> None:
    calendar = WorkingCalendar()
    off, made_up = HOLIDAYS[str(year)]["holidays"], HOLIDAYS[str(year)]["workdays"]
    days = [date(year, 1, 1) + timedelta(days=n) for n in range((date(year + 1, 1, 1) - date(year, 1, 1)).days)]

    disagreeing = [
        day
        for day in days
        if calendar.is_working_day(day) != (str(day) in made_up or (day.weekday() < 5 and str(day) not in off))
    ]

    assert disagreeing == []


@pytest.mark.parametrize(("year", "worked"), ANSWERS["workdays_per_year"].items())
def test_working_days_of_a_year(year: str, worked: int) -> None:
    assert WorkingCalendar().working_days_in(Period.parse(year)) == worked


@pytest.mark.parametrize("case", ANSWERS["add_working_days"], ids=lambda case: case["received"])
def test_due_dates(case: dict[str, str | int]) -> None:
    received, due = date.fromisoformat(str(case["received"])), date.fromisoformat(str(case["due"]))

    assert WorkingCalendar().add_working_days(received, int(case["working_days"])) == due


@given(st.dates(date(2004, 1, 1), date(2025, 12, 31)), st.integers(0, 60))
def test_counting_back_gives_the_limit_again(received: date, limit: int) -> None:
    calendar = WorkingCalendar()

    due = calendar.add_working_days(received, limit)

    assert calendar.working_days_between(received, due) == limit
    assert calendar.working_days_between(due, received) == -limit


def test_the_day_of_receipt_itself_is_a_limit_of_no_days_even_on_a_sunday() -> None:
    sunday = date(2021, 8, 29)

    assert WorkingCalendar().add_working_days(sunday, 0) == sunday


def test_a_negative_limit_is_refused() -> None:
    with pytest.raises(NegativeDays):
        WorkingCalendar().add_working_days(date(2021, 8, 30), -1)


def test_an_override_wins_over_the_published_holiday_and_names_its_source() -> None:
    holiday = date(2021, 10, 1)
    calendar = WorkingCalendar([Override(holiday, worked=True, source="防汛值班通知")])

    assert calendar.day(holiday).worked
    assert calendar.day(holiday).because.zh == "防汛值班通知"
    assert not WorkingCalendar().is_working_day(holiday)


def test_a_units_override_wins_over_the_national_one_and_touches_no_other_unit() -> None:
    day = date(2021, 8, 30)
    calendar = WorkingCalendar(
        [Override(day, worked=False, source="全国停工"), Override(day, worked=True, source="本区通知", unit="370203")]
    )

    assert calendar.is_working_day(day, unit="370203")
    assert not calendar.is_working_day(day, unit="370202")
    assert not calendar.is_working_day(day)


def test_a_units_make_up_day_moves_its_deadline() -> None:
    saturday = date(2021, 8, 28)
    calendar = WorkingCalendar([Override(saturday, worked=True, source="本区通知", unit="370203")])

    assert calendar.add_working_days(date(2021, 8, 27), 1, unit="370203") == saturday
    assert calendar.add_working_days(date(2021, 8, 27), 1) == date(2021, 8, 30)


def test_two_entries_that_contradict_each_other_are_refused() -> None:
    day = date(2021, 8, 28)

    with pytest.raises(ConflictingOverrides) as refusal:
        WorkingCalendar([Override(day, True, "甲通知"), Override(day, False, "乙通知")])

    assert refusal.value.where == "2021-08-28"
    assert "甲通知" in refusal.value.what.zh and "乙通知" in refusal.value.what.en


def test_the_same_entry_twice_is_no_contradiction() -> None:
    day = date(2021, 8, 28)

    assert WorkingCalendar([Override(day, True, "甲"), Override(day, True, "乙")]).day(day).because.zh == "甲"


def test_an_override_without_a_source_is_refused() -> None:
    with pytest.raises(ValueError, match="no source"):
        Override(date(2021, 8, 28), True, " ")


@pytest.mark.parametrize(
    "ask",
    [
        lambda calendar: calendar.is_working_day(date(2003, 12, 31)),
        lambda calendar: calendar.add_working_days(date(max(PUBLISHED_YEARS), 12, 30), 15),
        lambda calendar: calendar.working_days_between(date(2003, 12, 30), date(2004, 1, 5)),
    ],
)
def test_a_year_nobody_has_published_is_refused_rather_than_guessed(ask: Callable[[WorkingCalendar], object]) -> None:
    with pytest.raises(UnknownYear) as refusal:
        ask(WorkingCalendar())

    assert "2003" in refusal.value.what.zh or str(max(PUBLISHED_YEARS) + 1) in refusal.value.what.en


def test_a_year_declared_known_by_the_table_is_monday_to_friday_with_its_overrides() -> None:
    calendar = WorkingCalendar([Override(date(2099, 10, 1), False, NOTICE)], known_years={2099: NOTICE})

    assert not calendar.is_working_day(date(2099, 10, 1))
    assert calendar.day(date(2099, 10, 2)).because == Text("周一至周五", "Monday to Friday")
    assert not calendar.is_working_day(date(2099, 10, 3))


def test_single_overridden_days_do_not_make_their_year_known() -> None:
    calendar = WorkingCalendar([Override(date(2099, 10, 1), False, NOTICE)])

    assert not calendar.is_working_day(date(2099, 10, 1))
    with pytest.raises(UnknownYear):
        calendar.is_working_day(date(2099, 10, 2))


@pytest.mark.parametrize(
    ("day", "zh", "en"),
    [
        (date(2021, 2, 12), "春节放假", "Spring Festival"),
        (date(2021, 2, 7), "春节调休上班", "make-up day for Spring Festival"),
        (date(2021, 8, 28), "周末", "weekend"),
        (date(2021, 8, 30), "周一至周五", "Monday to Friday"),
    ],
)
def test_a_day_says_why_it_is_worked_or_off(day: date, zh: str, en: str) -> None:
    assert WorkingCalendar().day(day).because == Text(zh, en)
