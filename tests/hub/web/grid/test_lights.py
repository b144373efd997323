"""Lights of the round that counts now: in the table, in the sentence, in groups, on cards, and in what leaves as a file."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from guatu.hub.assessment.models import ItemLight, Run
from guatu.hub.ledger.models import Item, Ledger
from tests.hub.people import City
from tests.hub.web.grid.conftest import Enters, Shows
from tests.hub.web.grid.test_table import names


def cells(page: str, name: str) -> str:
    line = page[page.index(f">{name}<") :]
    return line[: line.index("</tr>")]


def test_a_ledger_with_a_judged_round_shows_its_lights_and_one_without_shows_no_such_column(
    shows: Shows, enters: Enters, ledger: Ledger
) -> None:
    enters("北桥")
    assert 'class="light"' not in shows("/ledgers/works") and 'value="light"' not in shows("/ledgers/works")
    assert names(shows("/ledgers/works?light=lagging")) == []


def test_lights_and_strips_stand_in_the_table_as_shape_word_and_colour(lit: dict[str, Item], shows: Shows) -> None:
    page = shows("/ledgers/works")
    assert 'data-grade="lagging"' in cells(page, "东桥") and "滞后" in cells(page, "东桥")
    assert 'data-grade="not_judged"' in cells(page, "南桥")

    strip = cells(shows("/ledgers/works?columns=strip"), "东桥")
    assert re.findall(r'data-grade="(\w+)"', strip) == ["normal", "lagging"]


def test_a_light_is_asked_for_in_the_sentence_and_in_every_view_and_file(
    lit: dict[str, Item], shows: Shows, client: Client, city: City
) -> None:
    page = shows("/ledgers/works?light=lagging")
    assert names(page) == ["东桥"] and "灯为“滞后”" in page
    for view in ("board", "board?by=stage"):
        shown = shows(f"/ledgers/works/{view}{'&' if '?' in view else '?'}light=normal")
        assert "西桥" in shown and "东桥" not in shown and 'data-grade="normal"' in shown
    client.force_login(city.people["zhao"])
    answer = client.post("/ledgers/works/export", {"format": "csv", "light": "lagging"})
    said = b"".join(answer).decode("utf-8-sig")
    assert "东桥" in said and "西桥" not in said
    form = client.get("/ledgers/works/ask", {"ask": "1", "state": "active", "light": "lagging"})
    assert form["Location"] == "/ledgers/works?light=lagging"


def test_groups_by_light_stand_the_worst_first_with_their_sums(lit: dict[str, Item], shows: Shows) -> None:
    page = shows("/ledgers/works?group=light&columns=cost")

    line = r'aria-expanded="true">([^<]+)</a> <span class="count">(\d+)</span></th><td class="figure">([^<]+)<'
    assert re.findall(line, page) == [("滞后", "1", "1"), ("正常", "1", "2"), ("未判定", "1", "4")]
    assert names(page) == ["东桥", "西桥", "南桥"]


@pytest.mark.parametrize(
    ("sort", "order", "way"),
    [
        ("light", ["东桥", "西桥", "北桥", "南桥"], "ascending"),
        ("-light", ["西桥", "北桥", "东桥", "南桥"], "descending"),
    ],
)
def test_rows_are_sorted_by_light_the_worst_first_and_what_was_not_judged_last(
    lit: dict[str, Item], enters: Enters, shows: Shows, sort: str, order: list[str], way: str
) -> None:
    north = enters("北桥", cost=8_000_000)
    ItemLight.objects.create(
        run=Run.objects.get(period="2026-05"), item=north, unit=north.unit, severity="normal", lights="{}", values="{}"
    )

    page = shows(f"/ledgers/works?sort={sort}")

    assert names(page) == order
    assert f'aria-sort="{way}"' in page
    assert names(shows(f"/ledgers/works?sort={sort}&group=unit&columns=cost")) == order


def test_without_a_judged_round_rows_asked_for_by_light_stand_as_the_city_prints_its_units(
    enters: Enters, shows: Shows
) -> None:
    enters("东桥"), enters("西桥")

    assert names(shows("/ledgers/works?sort=light")) == ["东桥", "西桥"]


def test_a_stranger_learns_nothing_of_others_lights(lit: dict[str, Item], shows: Shows) -> None:
    page = shows("/ledgers/works?group=light&light=lagging", who="qian")

    assert names(page) == [] and "共 0 个" in page
