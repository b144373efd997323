"""The one box that finds items of every ledger."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from guatu.hub.ledger.models import Item
from tests.hub.ledger.conftest import bridge, works  # noqa: F401  # fixtures
from tests.hub.people import City
from tests.hub.web.test_ledgers import page_of


@pytest.mark.parametrize("asked", ["大桥", "dgdq", "東關", "w-1"])
def test_whoever_may_see_an_item_finds_it_from_any_page(client: Client, city: City, bridge: Item, asked: str) -> None:  # noqa: F811
    page = page_of(client, city, "li", f"/search?q={asked}")

    assert f'<a href="/items/{bridge.pk}">东关大桥</a>' in page and "工程台账" in page
    assert 'action="/search"' in page_of(client, city, "li", "/")


def test_a_stranger_finds_nothing_and_is_told_how_to_ask(client: Client, city: City, bridge: Item) -> None:  # noqa: F811
    page = page_of(client, city, "qian", "/search?q=大桥")

    assert "东关大桥" not in page and "管辖范围内没有" in page


def test_administrators_have_no_items_to_find(client: Client, city: City) -> None:
    client.force_login(city.people["sun"])

    assert client.get("/search?q=大桥").status_code in (302, 403)


def test_a_search_costs_the_same_queries_whatever_it_finds(client: Client, city: City, bridge: Item) -> None:  # noqa: F811
    page_of(client, city, "zhao", "/")
    counts = []
    for asked in ("大桥", "没有这个"):
        with CaptureQueriesContext(connection) as queries:
            client.get(f"/search?q={asked}")
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_nothing_typed_finds_nothing(client: Client, city: City, bridge: Item) -> None:  # noqa: F811
    assert "东关大桥" not in page_of(client, city, "zhao", "/search?q=%20")
