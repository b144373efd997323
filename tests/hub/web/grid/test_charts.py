"""Charts of the same filter: what they count and add up is what the table shows, and every number leads to its rows."""

from __future__ import annotations

import re
from datetime import date
from html import unescape

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from guatu.hub.accounts.actions.units import placed
from guatu.hub.ledger.models import Figure, Item
from guatu.hub.web.grid.charts import MOST
from guatu.text import Text
from tests.hub.people import NOW, City
from tests.hub.web.grid.conftest import Enters, Shows
from tests.hub.web.grid.test_table import names

ROW = re.compile(r'<tr><th scope="row">(.*?)</th><td class="figure">(\d+)</td>(.*?)</tr>', re.DOTALL)
LINK = re.compile(r'<a href="([^"]+)">(\d+)</a>')
BAR = re.compile(r'<g class="bar"><text[^>]*>([^<]+)</text>.*?<text[^>]*>([^<]+)</text></g>')


def groups(page: str) -> dict[str, int]:
    """Groups by their names, and how many each holds."""
    return {re.sub("<[^>]+>", "", name): int(count) for name, count, _ in ROW.findall(page)}


def spends(item: Item, period: str, wan: int, field: str = "spent") -> None:
    Figure.objects.create(item=item, field=field, period=period, amount=wan * 1_000_000, sequence=1)


def test_groups_say_how_many_of_each_light_and_every_number_leads_to_just_those(
    lit: dict[str, Item], enters: Enters, shows: Shows
) -> None:
    enters("中桥", unit="west", stage="done")
    page = shows("/ledgers/works/charts?by=stage")
    assert groups(page) == {"竣工": 1, "没有填": 3}

    led = [(unescape(address), int(count)) for _, _, row in ROW.findall(page) for address, count in LINK.findall(row)]
    assert len(led) == 2
    for address, count in led:
        assert len(names(shows(address))) == count
    assert [names(shows(address)) for address, _ in led] == [["东桥"], ["西桥"]]
    whole = re.findall(r'<th scope="row"><a href="([^"]+)">', page)
    assert [len(names(shows(unescape(one)))) for one in whole] == [1, 3]


def test_a_unit_with_units_below_it_that_hold_some_leads_nowhere_for_the_filter_would_ask_for_more(
    enters: Enters, shows: Shows
) -> None:
    enters("东桥", unit="town")
    enters("西桥", unit="east")
    enters("南桥", unit="west")

    page = shows("/ledgers/works/charts")

    assert groups(page) == {"东城区": 1, "东关镇": 1, "西城区": 1}
    assert re.findall(r'<th scope="row">(?:<a href="([^"]+)">)?([^<]+)', page)[0] == ("", "东城区")
    leads = re.findall(r'<th scope="row"><a href="([^"]+)">', page)
    assert [names(shows(unescape(one))) for one in leads] == [["东桥"], ["南桥"]]


def test_amounts_are_added_up_to_the_fen_and_held_against_another_in_the_same_unit(
    enters: Enters, shows: Shows
) -> None:
    for name, unit, cost, spent in (("东桥", "town", 100, 33), ("西桥", "town", 50, 17), ("南桥", "west", 10, 9)):
        work = enters(name, unit=unit, cost=cost * 1_000_000)
        spends(work, "2026-01", 1)
        spends(work, "2026-02", spent)

    page = shows("/ledgers/works/charts?against=cost")

    assert BAR.findall(page) == [("东关镇", "50"), ("西城区", "9")]
    assert "年初累计完成（2026年2月）" in page and "造价" in page
    table = page.split("看数字")[1].split("</table>")[0]
    assert re.findall(r'<th scope="row">([^<]+)</th><td class="figure">([^<]+)</td><td class="figure">([^<]+)</td>', table) == [
        ("东关镇", "50", "150"), ("西城区", "9", "10"),
    ]  # fmt: skip
    course = page.split('id="course-t"')[1]
    assert re.findall(r'<th scope="row">([^<]+)</th><td class="figure">([^<]+)</td>', course) == [
        ("2026-01-31", "3"), ("2026-02-28", "59"),
    ]  # fmt: skip
    assert "用地" in page and "against=land" not in page
    assert (
        '<option value="-">' in page
        and "against" not in shows("/ledgers/works/charts?against=-").split("legend")[0].split("bars")[-1]
    )


def test_what_is_asked_for_and_nothing_else_is_drawn(enters: Enters, shows: Shows) -> None:
    enters("东桥", stage="done", cost=100)
    enters("西桥", stage="early", cost=200)

    page = shows("/ledgers/works/charts?by=stage&where=stage:is:done&of=nonsense")

    assert groups(page) == {"竣工": 1}
    assert "没有要画的" in shows("/ledgers/works/charts?q=没有这个")
    assert 'href="/ledgers/works?where=stage%3Ais%3Adone' in page, "other views keep what is asked for"


def test_of_very_many_groups_those_that_hold_most_are_drawn_and_the_table_has_the_rest(
    enters: Enters, shows: Shows, city: City
) -> None:
    for number in range(MOST + 2):
        key = f"town{number}"
        city.units[key] = placed(
            parent=city.units["west"], kind="town", title=Text(f"第{number}镇", ""), on=date(2020, 1, 1), at=NOW
        )
        for place in range(2 if number else 1):
            enters(f"桥{number}-{place}", unit=key)

    page = shows("/ledgers/works/charts")

    assert len(groups(page)) == MOST and "第0镇" not in groups(page)
    assert "还有 2 组" in page


@pytest.mark.parametrize("view", ["charts", "charts?by=stage&of=cost", "charts?by=light", "charts?by=list"])
def test_charts_cost_the_same_statements_whatever_they_show(
    lit: dict[str, Item], enters: Enters, client: Client, city: City, view: str
) -> None:
    client.force_login(city.people["zhao"])
    counted = []
    for number in (1, 20):
        for place in range(number):
            work = enters(f"工程{number}-{place}", unit=("town", "west")[place % 2], lists=("roads",), stage="done")
            spends(work, "2026-01", 5)
            spends(work, "2026-02", 6)
        client.get(f"/ledgers/works/{view}")
        with CaptureQueriesContext(connection) as queries:
            client.get(f"/ledgers/works/{view}")
        counted.append(len(queries))

    assert counted[0] == counted[1]


def test_a_stranger_sees_nothing_drawn(enters: Enters, shows: Shows) -> None:
    spends(enters("东桥", cost=5), "2026-01", 3)

    page = shows("/ledgers/works/charts", who="qian")

    assert groups(page) == {} and "没有要画的" in page
