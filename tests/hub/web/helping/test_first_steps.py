"""The first ten minutes: each step is ticked from what was done, for whoever did it."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.test import Client

from guatu.hub.ledger.actions.imports import take_import
from guatu.hub.ledger.models import Item, Ledger
from tests.hub.asking import queries_of
from tests.hub.ledger.workbooks import install, send, workbook
from tests.hub.people import NOW, City


@pytest.fixture
def roads(city: City, tmp_path: Path, client: Client) -> Ledger:
    client.force_login(city.people["li"])
    return install(city, tmp_path)


def done(client: Client) -> list[str]:
    page = client.get("/first-steps").content.decode()
    return [line.partition(" <span")[0] for line in page.split("<h2>")[1:] if "做到了" in line.partition("</h2>")[0]]


def test_looking_ticks_what_was_looked_at(client: Client, city: City, roads: Ledger) -> None:
    assert done(client) == ["登录"]

    client.get("/")
    client.get("/ledgers/roads")
    client.get("/ledgers/roads/map")

    assert done(client) == ["登录", "看我的桌面", "打开一本台账", "在地图上看一眼"]


def test_what_was_done_is_ticked_by_the_record_also_in_another_browser(
    client: Client, city: City, roads: Ledger
) -> None:
    sent = send(city, workbook([("R-1", "东关大桥", 500, 10, None, None)]))
    take_import(sent=sent, by=city.actor("li"), at=NOW)
    client.get(f"/items/{Item.objects.get().pk}")
    elsewhere = Client()
    elsewhere.force_login(city.people["li"])

    assert done(client) == ["登录", "报一个工作簿", "入账", "看变了什么"]
    assert done(elsewhere) == ["登录", "报一个工作簿", "入账"]


def test_what_somebody_else_did_ticks_nothing(client: Client, city: City, roads: Ledger) -> None:
    send(city, workbook([("R-1", "东关大桥", 500, 10, None, None)]))
    client.get("/")
    client.force_login(city.people["wang"])

    assert done(client) == ["登录"]


def test_a_cookie_nobody_signed_says_nothing(client: Client, city: City, roads: Ledger) -> None:
    client.cookies["seen"] = f"{city.people['li'].pk}:desk.ledger.map"

    assert done(client) == ["登录"]


def test_who_may_not_see_items_has_the_steps_that_are_theirs(client: Client, city: City) -> None:
    client.force_login(city.people["wu"])
    page = client.get("/first-steps")

    assert page.status_code in (200, 302)


def test_the_first_steps_cost_the_same_queries_however_much_was_done(client: Client, city: City, roads: Ledger) -> None:
    counted = []
    for number in (1, 4):
        for one in range(number):
            sent = send(city, workbook([(f"R-{number}{one}", f"第{number}{one}路", 500, 10, None, None)]))
            take_import(sent=sent, by=city.actor("li"), at=NOW)
        counted.append(queries_of(client, "/first-steps"))

    assert counted[0] == counted[1]
