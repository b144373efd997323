"""The map after a round was judged: items by their light, districts by an indicator."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from guatu.hub.assessment.actions.rounds import evaluate
from guatu.hub.assessment.task import judge
from guatu.hub.ledger.actions.figures import report_figures
from guatu.hub.ledger.actions.items import place_item
from guatu.hub.ledger.models import Item, Ledger
from guatu.standards.coordinates import LonLat
from tests.hub.assessment.conftest import APRIL, MAY, WAN, judged  # noqa: F401  # fixture
from tests.hub.people import NOW, City
from tests.hub.web.maps.test_map import boundaries, opened


@pytest.fixture
def lit(city: City, judged: Ledger, tmp_path: Path, settings: Any) -> Ledger:  # noqa: F811
    """The late bridge of the town and the one in the west, both placed, after April was judged."""
    settings.BOUNDARIES = tmp_path / "boundaries"
    settings.BOUNDARIES.mkdir()
    boundaries(settings.BOUNDARIES)
    for item in Item.objects.order_by("pk"):
        place_item(
            item=item, seen=1, place=LonLat(120.35, 36.05), on=NOW.date(), reason="现场", by=city.actor("zhao"), at=NOW
        )
    run = evaluate(ledger=judged, rulebook="late", period=str(APRIL), by=city.actor("zhao"), at=NOW)
    judge.func(run.pk)
    return judged


def test_points_carry_the_light_of_the_latest_round(client: Client, city: City, lit: Ledger) -> None:
    found = json.loads(opened(client, city, "zhao", f"/ledgers/{lit.key}/map/points"))["features"]

    assert {one["properties"]["n"]: one["properties"]["l"] for one in found} == {"东桥": "lagging", "西桥": "normal"}


def test_districts_are_washed_by_the_share_of_a_light(client: Client, city: City, lit: Ledger) -> None:
    page = opened(client, city, "zhao", f"/ledgers/{lit.key}/map?wash=light:lagging")

    assert "亮灯：逾期" in page
    assert '<tr data-code="990001" data-step="5"' in page and '<tr data-code="990002" data-step="1"' in page


def test_districts_are_washed_by_an_indicator_with_its_rank_behind_it(client: Client, city: City, lit: Ledger) -> None:
    page = opened(client, city, "zhao", f"/ledgers/{lit.key}/map?wash=indicator:begun_rate")

    assert "开工率（2026-04）" in page
    assert '<tr data-code="990001" data-step="1"' in page and '<tr data-code="990002" data-step="5"' in page
    assert "100.0%" in page and "80.0% – 100.0%" in page


def test_points_are_fetched_without_the_book_of_their_round(client: Client, city: City, lit: Ledger) -> None:
    with CaptureQueriesContext(connection) as queries:
        opened(client, city, "zhao", f"/ledgers/{lit.key}/map/points")

    assert not [one["sql"] for one in queries if '"book"' in one["sql"]]


def test_values_of_a_wash_are_printed_as_the_round_prints_them(client: Client, city: City, lit: Ledger) -> None:
    said = {"month_done": 1_234_500 * WAN, "ytd_done": 1_234_500 * WAN}
    report_figures(
        item=Item.objects.get(name="东桥"), period=str(MAY), figures=said, seen=0, by=city.actor("li"), at=NOW
    )
    judge.func(evaluate(ledger=lit, rulebook="late", period=str(MAY), by=city.actor("zhao"), at=NOW).pk)

    assert "1\u2009234\u2009500万元" in opened(client, city, "zhao", f"/ledgers/{lit.key}/map?wash=indicator:month_wan")
