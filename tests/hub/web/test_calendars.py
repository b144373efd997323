"""The year of working days: holidays and make-up days with their source, and years nobody knows yet."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client

from guatu.hub.web.calendars import _runs
from guatu.standards.working_days import PUBLISHED_YEARS, WorkingCalendar
from tests.hub.people import City


@pytest.fixture
def zhao(city: City) -> Client:
    client = Client()
    client.force_login(city.people["zhao"])
    return client


def test_holidays_stand_in_runs_and_make_up_days_by_themselves() -> None:
    runs = {(one.since, one.until): (one.kind, one.because.zh) for one in _runs(2021)}

    assert runs[date(2021, 10, 1), date(2021, 10, 7)] == ("holiday", "国庆节放假")
    assert runs[date(2021, 10, 9), date(2021, 10, 9)] == ("makeup", "国庆节调休上班")


def test_the_year_says_how_many_days_are_worked_and_where_that_is_written(zhao: Client) -> None:
    page = zhao.get("/calendars", {"year": "2021"}).content.decode()
    worked = sum(
        WorkingCalendar().is_working_day(date.fromordinal(date(2021, 1, 1).toordinal() + n)) for n in range(365)
    )

    assert f"{worked} 天" in page and "国庆节调休上班" in page and "国务院办公厅" in page and "chinesecalendar" in page


def test_a_year_nobody_knows_is_said_to_be_supposed(zhao: Client) -> None:
    page = zhao.get("/calendars", {"year": str(max(PUBLISHED_YEARS) + 1)}).content.decode()

    assert "还不知道" in page and "放假和调休" not in page


@pytest.mark.parametrize("said", ["", "x", "0000", "9999", "²⁰²¹"])
def test_nonsense_in_the_address_leads_to_a_year_there_is(zhao: Client, said: str) -> None:
    assert zhao.get("/calendars", {"year": said}).status_code == 200
