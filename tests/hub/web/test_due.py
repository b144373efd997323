"""Milestones that are due: what counts as due, how far off it is, and what the stranger gets."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import localdate

from guatu.hub.ledger.actions.items import enter_item, set_item_state
from guatu.hub.ledger.actions.milestones import claim_milestone, plan_milestone
from guatu.hub.ledger.due import due
from guatu.hub.ledger.models import Item
from guatu.hub.ledger.models.items import ItemState
from tests.hub.asking import queries_of
from tests.hub.ledger.dossiers import dossiers, parcel
from tests.hub.people import NOW, City

__all__ = ["dossiers", "parcel"]
TODAY = NOW.date()


def plan(item: Item, city: City, on: date, **words: object) -> None:
    plan_milestone(item=item, key="begun", on=on, by=city.actor("zhao"), at=NOW, **words)  # type: ignore[arg-type]


def days_due(city: City, who: str = "zhao", *, before: date = TODAY + timedelta(days=31)) -> list[date | None]:
    return [one.on for one in due(city.actor(who), before=before)]


def test_a_plan_is_due_until_it_is_reached(parcel: Item, city: City) -> None:
    plan(parcel, city, TODAY + timedelta(days=10))
    assert days_due(city) == [TODAY + timedelta(days=10)]

    claim_milestone(item=parcel, key="begun", on=TODAY, evidence="照片", by=city.actor("li"), at=NOW)
    assert days_due(city) == []


def test_a_revised_plan_takes_the_place_of_the_first(parcel: Item, city: City) -> None:
    plan(parcel, city, TODAY - timedelta(days=3))
    plan(parcel, city, TODAY + timedelta(days=20), reason="征地未完", agreed_by=city.units["bureau"])
    assert days_due(city) == [TODAY + timedelta(days=20)]


def test_what_left_the_ledger_is_not_due(parcel: Item, city: City) -> None:
    plan(parcel, city, TODAY)
    set_item_state(item=parcel, state=ItemState.WITHDRAWN, on=TODAY, reason="退出", by=city.actor("zhao"), at=NOW)
    assert days_due(city) == []


def test_another_zone_hears_of_nothing(parcel: Item, city: City) -> None:
    plan(parcel, city, TODAY)
    assert days_due(city, "li") == [TODAY]
    assert days_due(city, "qian") == []


@pytest.fixture
def zhao(city: City) -> Client:
    client = Client()
    client.force_login(city.people["zhao"])
    return client


@pytest.mark.parametrize(("days", "words"), [(-2, "已过 2 天"), (0, "今天"), (5, "还有 5 天")])
def test_the_page_says_how_far_off_a_day_is(parcel: Item, city: City, zhao: Client, days: int, words: str) -> None:
    plan(parcel, city, localdate() + timedelta(days=days))
    page = zhao.get("/due", {"within": "past" if days < 0 else "30"}).content.decode()
    assert parcel.name in page and words in page


def test_nonsense_in_the_address_asks_for_what_is_overdue(zhao: Client) -> None:
    assert zhao.get("/due", {"within": "x", "unit": "²", "page": "-"}).status_code == 200


def test_more_lines_cost_no_more_queries(parcel: Item, city: City, zhao: Client) -> None:
    plan(parcel, city, TODAY - timedelta(days=1))
    once = queries_of(zhao, "/due")
    for number in range(5):
        one = enter_item(
            ledger=parcel.ledger, unit=parcel.unit, name=f"地块{number}", on=TODAY, by=city.actor("zhao"), at=NOW
        )
        plan(one, city, TODAY - timedelta(days=number + 1))
    assert queries_of(zhao, "/due") == once


def test_the_desk_shows_what_comes_next_and_how_much_is_overdue(parcel: Item, city: City, zhao: Client) -> None:
    plan(parcel, city, localdate() + timedelta(days=12))
    assert "还有 12 天" in zhao.get("/").content.decode()

    plan(parcel, city, localdate() - timedelta(days=4), reason="提前", agreed_by=city.units["bureau"])
    page = zhao.get("/").content.decode()
    assert "已过期 1 个" in page and "已过 4 天" in page


@pytest.mark.parametrize("address", ["/", "/due", "/ledgers", "/goals"])
def test_no_line_brings_the_whole_text_of_its_pack(parcel: Item, city: City, zhao: Client, address: str) -> None:
    plan(parcel, city, localdate() - timedelta(days=4))
    zhao.get(address)
    with CaptureQueriesContext(connection) as queries:
        zhao.get(address)

    assert queries
    assert [one["sql"] for one in queries if '"ledger_packversion"."files"' in one["sql"]] == []
