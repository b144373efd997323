"""The board and the calendar: the same filter, other shapes; what they count agrees with counting by hand."""

from __future__ import annotations

import re
from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from guatu.hub.ledger.actions.milestones import claim_milestone, plan_milestone
from guatu.hub.ledger.grid.board import CARDS
from guatu.hub.ledger.grid.month import month_of, neighbours
from guatu.hub.ledger.models import Item
from tests.hub.people import NOW, City
from tests.hub.web.grid.conftest import Enters, Shows
from tests.hub.web.grid.test_table import names


def stacks(page: str) -> dict[str, tuple[int, list[str]]]:
    """Columns of a board: how many they hold, and the names on their cards."""
    found = {}
    for part in page.split('<section class="stack')[1:]:
        title, count = re.findall(r"<h2>(.*?) <span class=\"count\">(\d+)</span>", part)[0]
        found[title] = (int(count), re.findall(r"<li><a[^>]*>([^<]+)</a>", part))
    return found


def reached(item: Item, key: str, on: date, city: City) -> None:
    claim_milestone(item=item, key=key, on=on, evidence="合同", by=city.actor("zhao"), at=NOW)


def test_items_stand_by_the_milestone_they_reached_last(enters: Enters, shows: Shows, city: City) -> None:
    east, west = enters("东桥"), enters("西桥")
    enters("南桥")
    reached(east, "signed", date(2026, 2, 1), city)
    reached(west, "started", date(2026, 3, 1), city)
    reached(west, "signed", date(2026, 4, 1), city)
    plan_milestone(item=east, key="started", on=date(2026, 5, 1), by=city.actor("zhao"), at=NOW)

    page = shows("/ledgers/works/board")

    assert stacks(page) == {"未到任何节点": (1, ["南桥"]), "签约": (1, ["东桥"]), "开工": (1, ["西桥"])}
    assert "开工 2026-05-01" in page and "过期" in page
    assert names(shows("/ledgers/works?reached=signed")) == ["东桥"]
    assert names(shows("/ledgers/works?reached=-")) == ["南桥"]
    assert names(shows("/ledgers/works?reached=nonsense")) == []


def test_items_stand_by_a_choice_and_those_without_one_stand_apart(enters: Enters, shows: Shows) -> None:
    enters("东桥", stage="done")
    enters("西桥")

    found = stacks(shows("/ledgers/works/board?by=stage&where=stage:is:done"))
    assert found == {"前期": (0, []), "在建": (0, []), "竣工": (1, ["东桥"]), "没有填": (0, [])}
    assert stacks(shows("/ledgers/works/board?by=stage"))["没有填"] == (1, ["西桥"])


def test_a_long_column_says_how_many_it_holds_and_leads_to_the_rest(enters: Enters, shows: Shows) -> None:
    for number in range(CARDS + 3):
        enters(f"工程{number:02}", stage="building")

    page = shows("/ledgers/works/board?by=stage")

    count, cards = stacks(page)["在建"]
    assert (count, len(cards)) == (CARDS + 3, CARDS)
    leads = re.findall(r'<a class="rest" href="([^"]+)">还有 3 个', page)
    assert leads == ["/ledgers/works?where=stage%3Ais%3Abuilding"]
    assert f"共 {CARDS + 3} 个" in shows(leads[0])


def test_a_month_shows_days_reached_and_plans_that_stand(enters: Enters, shows: Shows, city: City) -> None:
    bridge, zhao = enters("东桥"), city.actor("zhao")
    plan_milestone(item=bridge, key="signed", on=date(2026, 3, 5), by=zhao, at=NOW)
    reached(bridge, "signed", date(2026, 3, 9), city)
    plan_milestone(item=bridge, key="started", on=date(2026, 3, 20), by=zhao, at=NOW)
    plan_milestone(
        item=bridge, key="started", on=date(2026, 4, 2), reason="征地", agreed_by=city.units["east"], by=zhao, at=NOW
    )

    page = shows("/ledgers/works/calendar?month=2026-03")
    marks = {day: (sign, title) for day, sign, title in re.findall(MARKED, page)}

    assert marks == {"2026-03-09": ("●", "签约"), "2026-04-02": ("■", "开工")}
    assert "节点 1 个" in page, "days beside the month are shown and not counted"
    assert "month=2026-02" in page and "month=2026-04" in page
    day = shows("/ledgers/works/calendar?month=2026-03&day=2026-03-09")
    assert "东关镇" in day.split('id="day"')[1]
    assert "这天没有节点" in shows("/ledgers/works/calendar?day=2026-03-05")


MARKED = (
    r'day=([0-9-]+)#day" aria-label[^>]*>\d+</a></div><ul><li[^>]*><a[^>]*><span aria-hidden="true">(.)</span>'
    r'<span class="unseen">[^<]*</span> (\S+)'
)


@pytest.mark.parametrize("said", ["0001-01", "9999-12", "2026-13", "", "nonsense"])
def test_a_month_that_cannot_be_is_this_one_and_the_calendar_ends_where_dates_do(
    shows: Shows, ledger: object, said: str
) -> None:
    shows(f"/ledgers/works/calendar?month={said}")
    first = month_of(said, date(2026, 6, 15))
    before, after = neighbours(first)

    assert first.day == 1
    assert (before is None) == (said == "0001-01") and (after is None) == (said == "9999-12")


@pytest.mark.parametrize("view", ["board", "board?by=stage", "calendar?month=2026-03&day=2026-03-01"])
def test_a_view_costs_the_same_statements_whatever_it_shows(
    enters: Enters, client: Client, city: City, view: str
) -> None:
    client.force_login(city.people["li"])
    counted = []
    for number in (1, 25):
        for place in range(number):
            work = enters(f"工程{number}-{place}", stage=("early", "done")[place % 2])
            plan_milestone(item=work, key="started", on=date(2026, 3, 1 + place), by=city.actor("zhao"), at=NOW)
        client.get(f"/ledgers/works/{view}")
        with CaptureQueriesContext(connection) as queries:
            client.get(f"/ledgers/works/{view}")
        counted.append(len(queries))

    assert counted[0] == counted[1]


def test_a_stranger_sees_no_card_and_no_day(enters: Enters, shows: Shows, city: City) -> None:
    reached(enters("东桥", stage="done"), "signed", date(2026, 3, 9), city)

    for view in ("board", "board?by=stage", "calendar?month=2026-03&day=2026-03-09"):
        page = shows(f"/ledgers/works/{view}", who="qian")
        assert "东桥" not in page and "节点 1 个" not in page
