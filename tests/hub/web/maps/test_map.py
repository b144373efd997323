"""The map of a ledger: what it counts, whom it shows what, and putting an item on it."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from guatu.hub.audit.models import Record
from guatu.hub.ledger.actions.items import enter_item
from guatu.hub.ledger.actions.packs import install_pack
from guatu.hub.ledger.models import Item, Ledger
from tests.hub.ledger.conftest import LEDGER, write_pack
from tests.hub.people import NOW, City

FIELDS = """\
  - {key: lon, title: {zh: 经度, en: Longitude}, type: number}
  - {key: lat, title: {zh: 纬度, en: Latitude}, type: number}
"""
MAPPED = LEDGER.replace("lists:\n", FIELDS + "lists:\n", 1).replace("type: flag,", "type: flag, filterable: true,")
WEST = [[120.3, 36.0], [120.4, 36.0], [120.4, 36.1], [120.3, 36.1], [120.3, 36.0]]


def boundaries(folder: Path, **said: str) -> None:
    squares = {"990001": [[x - 0.1, y] for x, y in WEST], "990002": WEST}
    features = [
        {"type": "Feature", "properties": {"code": code}, "geometry": {"type": "Polygon", "coordinates": [ring]}}
        for code, ring in squares.items()
    ]
    content = {
        "type": "FeatureCollection",
        "source": {"zh": "测绘院", "en": "the survey"},
        "features": features,
        **said,
    }
    (folder / "units.geojson").write_text(json.dumps(content), encoding="utf-8")


@pytest.fixture
def site(tmp_path: Path, settings: Any) -> Iterator[Path]:
    settings.BOUNDARIES = tmp_path / "boundaries"
    settings.BOUNDARIES.mkdir()
    boundaries(settings.BOUNDARIES)
    yield settings.BOUNDARIES


@pytest.fixture
def works(city: City, tmp_path: Path, site: Path) -> Ledger:
    install_pack(
        folder=write_pack(tmp_path / "works", MAPPED + "position: [lon, lat]\nposition_system: gcj02\n"),
        by=city.actor("sun"), at=NOW,
    )  # fmt: skip
    return Ledger.objects.get(key="works")


def entered(city: City, works: Ledger, name: str, unit: str = "town", **values: Any) -> Item:
    return enter_item(
        ledger=works, unit=city.units[unit], name=name, values=values, lists=("roads",), on=date(2026, 1, 10),
        by=city.actor("zhao"), at=NOW,
    )  # fmt: skip


def opened(client: Client, city: City, who: str, address: str) -> str:
    client.force_login(city.people[who])
    answer = client.get(address)
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


def points(client: Client, city: City, who: str, query: str = "") -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(opened(client, city, who, f"/ledgers/works/map/points{query}"))["features"]
    return found


def test_districts_count_the_items_of_all_units_under_them(client: Client, city: City, works: Ledger) -> None:
    for name in ("东关大桥", "东关学校"):
        entered(city, works, name)
    entered(city, works, "市里的", "bureau")

    page = opened(client, city, "zhao", "/ledgers/works/map")

    assert '<tr data-code="990001" data-step="5"' in page and '<tr data-code="990002" data-step="0"' in page
    assert "图上没有界线的单位" in page
    assert page.count('class="area" data-step="5"') == 2, "one in the drawing, one in the legend"


def test_districts_are_washed_by_the_share_of_a_choice(client: Client, city: City, works: Ledger) -> None:
    entered(city, works, "甲", begun=True)
    entered(city, works, "乙", begun=False)
    entered(city, works, "丙")

    page = opened(client, city, "zhao", "/ledgers/works/map?wash=begun:true")

    assert 'title="1 / 3 个">33.3 %' in page
    assert '<tr data-code="990001" data-step="2"' in page
    assert "1 of 3" in opened_in_english(client, "/ledgers/works/map?wash=begun:true")


def opened_in_english(client: Client, address: str) -> str:
    client.cookies["language"] = "en"
    return client.get(address).content.decode()


def test_a_map_without_an_approval_number_says_so_and_the_sites_own_is_printed(
    client: Client, city: City, works: Ledger, settings: Any
) -> None:
    assert "没有审图号" in opened(client, city, "zhao", "/ledgers/works/map")

    settings.MAP_APPROVAL = "鲁SG(2026)007号"

    page = opened(client, city, "zhao", "/ledgers/works/map")
    assert "审图号：鲁SG(2026)007号" in page and "没有审图号" not in page


def test_points_of_a_source_in_gcj_02_are_given_in_cgcs_2000(client: Client, city: City, works: Ledger) -> None:
    item = entered(city, works, "东关大桥", lon=Decimal("120.385132"), lat=Decimal("36.070275"))
    entered(city, works, "没有位置")

    [point] = points(client, city, "zhao")

    assert point["id"] == item.pk and point["properties"] == {"n": "东关大桥", "u": item.unit_id, "k": [0]}
    assert point["geometry"]["coordinates"] == pytest.approx([120.38, 36.07], abs=2e-6)


def test_a_stranger_is_given_no_point_and_no_count(client: Client, city: City, works: Ledger) -> None:
    entered(city, works, "东关大桥", lon=Decimal("120.38"), lat=Decimal("36.07"))

    assert points(client, city, "qian") == []
    assert 'data-code="990001"' not in opened(client, city, "qian", "/ledgers/works/map")


def test_the_map_takes_the_filter_of_the_list(client: Client, city: City, works: Ledger) -> None:
    entered(city, works, "东关大桥", lon=Decimal("120.38"), lat=Decimal("36.07"), begun=True)

    queries = ("?q=大桥", "?q=学校", "?list=schools", "?where=begun:is:true", "?where=begun:is:false")
    assert [len(points(client, city, "zhao", query)) for query in queries] == [1, 0, 0, 1, 0]


def test_points_are_sent_again_only_when_something_changed(client: Client, city: City, works: Ledger) -> None:
    entered(city, works, "东关大桥", lon=Decimal("120.38"), lat=Decimal("36.07"))
    client.force_login(city.people["zhao"])
    first = client.get("/ledgers/works/map/points", headers={"Accept-Encoding": "gzip"})
    again = client.get("/ledgers/works/map/points", headers={"If-None-Match": first["ETag"]})
    entered(city, works, "东关学校", lon=Decimal("120.39"), lat=Decimal("36.07"))
    changed = client.get("/ledgers/works/map/points", headers={"If-None-Match": first["ETag"]})

    assert first["Cache-Control"] == "private, no-cache"
    assert (again.status_code, changed.status_code) == (304, 200)
    assert len(json.loads(changed.content)["features"]) == 2


def test_many_points_travel_compressed(client: Client, city: City, works: Ledger) -> None:
    for number in range(20):
        entered(city, works, f"工程{number}", lon=Decimal("120.38"), lat=Decimal("36.07"))
    client.force_login(city.people["zhao"])

    answer = client.get("/ledgers/works/map/points", headers={"Accept-Encoding": "gzip"})

    assert answer["Content-Encoding"] == "gzip"
    assert len(json.loads(gzip.decompress(answer.content))["features"]) == 20


def test_a_map_costs_the_same_queries_whatever_it_shows(client: Client, city: City, works: Ledger) -> None:
    client.force_login(city.people["zhao"])
    counted = []
    for number in (1, 20):
        for place in range(number):
            entered(city, works, f"工程{number}-{place}", lon=Decimal("120.38"), lat=Decimal("36.07"))
        for address in ("/ledgers/works/map", "/ledgers/works/map/points"):
            client.get(address)
            with CaptureQueriesContext(connection) as queries:
                client.get(address)
            counted.append(len(queries))

    assert counted[:2] == counted[2:]


def test_the_outlines_are_given_as_geojson_and_kept_while_they_are_the_same(
    client: Client, city: City, works: Ledger, site: Path
) -> None:
    client.force_login(city.people["zhao"])
    first = client.get("/ledgers/works/map/areas")
    assert client.get("/ledgers/works/map/areas", headers={"If-None-Match": first["ETag"]}).status_code == 304
    boundaries(site, approval="鲁SG(2026)001号")
    answer = client.get("/ledgers/works/map/areas", headers={"If-None-Match": first["ETag"]})

    assert {one["properties"]["code"] for one in json.loads(answer.content)["features"]} == {"990001", "990002"}


def test_without_boundaries_the_map_says_how_to_bring_them(
    client: Client, city: City, works: Ledger, site: Path
) -> None:
    (site / "units.geojson").unlink()

    assert "还没有界线" in opened(client, city, "zhao", "/ledgers/works/map")


def placed(client: Client, item: Item, **said: str) -> Any:
    form = {"longitude": "120.385132", "latitude": "36.070275", "system": "gcj02", "seen": "1", "on": "2026-06-01"}
    return client.post(f"/items/{item.pk}/place", {**form, "reason": "现场核对", **said})


def test_an_item_is_put_on_the_map_from_a_map_in_gcj_02(client: Client, city: City, works: Ledger) -> None:
    item = entered(city, works, "东关大桥")
    client.force_login(city.people["zhao"])

    assert placed(client, item)["Location"] == f"/items/{item.pk}"

    item.refresh_from_db()
    assert item.geometry is not None and item.geometry["coordinates"] == pytest.approx([120.38, 36.07], abs=2e-6)
    assert item.revision == 2 and Record.objects.filter(kind="item.placed").count() == 1
    assert "经度 120.380000°，纬度 36.070000°" in opened(client, city, "zhao", f"/items/{item.pk}")
    assert 'value="120.38"' in opened(client, city, "zhao", f"/items/{item.pk}/place")


def test_a_place_is_taken_away_by_leaving_both_numbers_empty(client: Client, city: City, works: Ledger) -> None:
    item = entered(city, works, "东关大桥")
    client.force_login(city.people["zhao"])
    placed(client, item)

    placed(client, item, longitude="", latitude="", seen="2")

    item.refresh_from_db()
    assert item.geometry is None and item.revision == 3


@pytest.mark.parametrize(
    ("said", "refusal"),
    [
        ({"latitude": ""}, "只写了一个"),
        ({"longitude": "36.07", "latitude": "120.38"}, "写反了"),
        ({"longitude": "x"}, "■"),
        ({"system": "beijing54"}, "■"),
        ({"seen": "7"}, "打开后有人改过"),
        ({"reason": ""}, "■"),
    ],
)
def test_a_place_that_cannot_be_is_refused_beside_its_field(
    client: Client, city: City, works: Ledger, said: dict[str, str], refusal: str
) -> None:
    item = entered(city, works, "东关大桥")
    client.force_login(city.people["zhao"])

    answer = placed(client, item, **said)

    assert answer.status_code in (409, 422) and refusal in answer.content.decode()
    item.refresh_from_db()
    assert item.geometry is None


def test_whoever_may_not_change_an_item_does_not_place_it(client: Client, city: City, works: Ledger) -> None:
    item = entered(city, works, "东关大桥")
    client.force_login(city.people["li"])

    assert placed(client, item).status_code == 403
