"""Reporting by hand on pages: what is asked, what comes back, what is not in yet."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.utils.timezone import localdate

from guatu.hub.ledger.actions.items import enter_item
from guatu.hub.ledger.models import Item
from guatu.standards.periods import Kind, Period
from tests.hub.asking import queries_of
from tests.hub.ledger.reported import WAN, road, roads
from tests.hub.people import NOW, City

__all__ = ["road", "roads"]

ROUND = Period.containing(Kind.MONTH, localdate()).previous()
BEFORE = ROUND.previous()
MAY = Period.month(2026, 5)
"""Of the year of the road's plan, with a round of the same year before it: for what checks say, whatever day it is."""


@pytest.fixture
def li(city: City) -> Client:
    client = Client()
    client.force_login(city.people["li"])
    return client


def address(item: Item, period: Period = ROUND) -> str:
    return f"/items/{item.pk}/figures/{period}"


def said(client: Client, item: Item, period: Period = ROUND, **figures: str) -> Any:
    page = client.get(address(item, period)).content.decode()
    seen = page.split('name="seen" value="')[1].split('"')[0]
    named = {f"f-{key}" if not key.startswith("why-") else key: value for key, value in figures.items()}
    return client.post(address(item, period), {"seen": seen, **named})


def in_force(item: Item, period: Period = ROUND) -> dict[str, object]:
    held = item.figures.in_force().filter(period=str(period))
    return {one.field: one.amount if one.amount is not None else one.number for one in held}


def test_the_page_shows_last_round_in_the_units_people_speak_of_and_asks_for_this_one(road: Item, li: Client) -> None:
    said(li, road, BEFORE, ytd_done="12000")

    page = li.get(address(road)).content.decode()

    assert "12\u2009000" in page and "1.2 亿元" in page
    assert 'inputmode="decimal"' in page and 'data-times="10000"' in page
    assert "在场人数" not in page


@pytest.mark.parametrize("typed", ["1234.5", "1,234.5", "１２３４．５", " 1\u2009234.5 "])
def test_figures_are_taken_as_people_type_them(road: Item, li: Client, typed: str) -> None:
    answer = said(li, road, ytd_done=typed)

    assert answer.status_code == 302
    assert in_force(road) == {"ytd_done": 1_234_500_000}


def test_blank_says_nothing_and_words_are_refused_beside_their_field(road: Item, li: Client) -> None:
    assert said(li, road).status_code == 422
    assert said(li, road, ytd_done="many").status_code == 422
    assert in_force(road) == {}


def test_a_question_is_asked_with_what_was_typed_and_taken_with_its_reason(road: Item, li: Client) -> None:
    said(li, road, MAY.previous(), ytd_done="900")

    asked = said(li, road, MAY, ytd_done="800")
    page = asked.content.decode()
    assert asked.status_code == 422 and "上期已报更多" in page and 'value="800"' in page
    assert 'name="why-fell"' in page

    assert said(li, road, MAY, ytd_done="800", **{"why-fell": "上期多报"}).status_code == 302
    assert in_force(road, MAY) == {"ytd_done": 800 * WAN}


def test_an_error_says_no_and_a_warning_is_shown_once_the_figures_are_in(road: Item, li: Client) -> None:
    refused = said(li, road, month_done="2", ytd_done="1")
    assert refused.status_code == 422 and "比累计还大" in refused.content.decode()

    page = li.post(address(road, MAY), {"seen": "0", "f-ytd_done": "10001"}, follow=True).content.decode()
    assert "超过计划" in page and "已报送" in page


def test_what_a_colleague_reported_meanwhile_is_shown_before_it_is_replaced(road: Item, li: Client) -> None:
    said(li, road, ytd_done="100")

    refused = li.post(address(road), {"seen": "0", "f-ytd_done": "200"})
    page = refused.content.decode()
    assert refused.status_code == 409 and "有人报过" in page and "已报：100" in page
    assert in_force(road) == {"ytd_done": 100 * WAN}

    seen = page.split('name="seen" value="')[1].split('"')[0]
    li.post(address(road), {"seen": seen, "f-ytd_done": "200"})
    assert in_force(road) == {"ytd_done": 200 * WAN}


def test_rounds_that_are_not_open_are_not_there(road: Item, li: Client) -> None:
    for period in (ROUND.next(), "2026Q1", "x"):
        assert li.get(f"/items/{road.pk}/figures/{period}").status_code == 404


def test_a_stranger_and_whoever_only_reviews_get_nothing(road: Item, city: City) -> None:
    for name, status in (("qian", 404), ("wang", 403)):
        client = Client()
        client.force_login(city.people[name])
        assert client.get(address(road)).status_code == status
    assert road.name not in client.get("/report").content.decode()


def test_the_list_names_what_is_not_in_and_counts_what_is(road: Item, city: City, li: Client) -> None:
    other = enter_item(
        ledger=road.ledger, unit=city.units["town"], name="西环路", on=date(2026, 1, 10), by=city.actor("zhao"), at=NOW
    )
    page = li.get("/report").content.decode()
    assert road.name in page and other.name in page and "已报 0 / 2" in page

    said(li, road, month_done="5")
    assert "已报 0 / 2" in li.get("/report").content.decode()  # what is required is not there yet

    said(li, road, month_done="5", ytd_done="50")
    page = li.get("/report").content.decode()
    assert road.name not in page and other.name in page and "已报 1 / 2" in page
    assert other.name in li.get(address(road)).content.decode()  # and the next one is a tap away


def test_more_items_cost_no_more_queries(road: Item, city: City, li: Client) -> None:
    once = queries_of(li, "/report")
    for number in range(5):
        enter_item(
            ledger=road.ledger, unit=road.unit, name=f"路{number}", on=date(2026, 1, 10), by=city.actor("zhao"), at=NOW
        )
    assert queries_of(li, "/report") == once


def test_a_unit_that_reports_nothing_is_told_what_would_stand_here(city: City, li: Client) -> None:
    assert "没有要填报的事项" in li.get("/report").content.decode()
