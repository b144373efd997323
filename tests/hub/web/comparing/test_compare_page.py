"""Two rounds beside one another: what is new, gone, changed field by field, figures and lights that moved, as known now."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from guatu.hub.assessment.models import ItemLight, Run, RunState
from guatu.hub.ledger.actions.imports import submit_import, take_import
from guatu.hub.ledger.actions.items import set_item_state
from guatu.hub.ledger.actions.packs import install_pack
from guatu.hub.ledger.importing.task import read_import
from guatu.hub.ledger.models import Import, Item, Ledger
from guatu.hub.ledger.models.items import ItemState
from tests.hub.ledger.workbooks import workbook
from tests.hub.people import NOW, City

TITLES = ("项目名称", "总投资(万元)", "年度计划投资(万元)", "年初累计完成投资(万元)", "形象进度")
Row = Sequence[str | float | None]
ROUNDS = "?from=2026-04&to=2026-05"


def report(city: City, period: str, rows: Sequence[Row], *, unit: str = "town", by: str = "li") -> None:
    content = workbook(rows, TITLES)
    sent = submit_import(
        ledger=Ledger.objects.get(), unit=city.units[unit], period=period, file_name=f"{period}.xlsx", content=content,
        sha256=hashlib.sha256(content).hexdigest(), by=city.actor(by), at=NOW,
    )  # fmt: skip
    read_import.func(sent.pk)
    take_import(sent=Import.objects.get(pk=sent.pk), by=city.actor(by), at=NOW)


@pytest.fixture
def two_rounds(city: City) -> None:
    """April: a bridge, a school and a road in town, a mill in the west. May: the bridge is further, the school withdrawn, a
    station new, the road as it was, and April's figure of the bridge put right since."""
    install_pack(folder="key_projects", by=city.actor("sun"), at=NOW)
    road: Row = ("北关公路", 500, 100, 30, "路基")
    april: Sequence[Row] = [("北关大桥", 9000, 1200, 220, "桩基"), ("东关小学", 800, 200, 90, "封顶"), road]
    report(city, "2026-04", april)
    report(city, "2026-04", [("西郊纱厂", 700, 300, 50, "主体")], unit="west", by="qian")
    report(city, "2026-05", [("北关大桥", 9500, 1200, 360, "主体"), road, ("南站", 60, 60, 6, "开工")])
    report(city, "2026-05", [("西郊纱厂", 700, 300, 60, "主体")], unit="west", by="qian")
    report(city, "2026-04", [("北关大桥", 9000, 1200, 200, "桩基"), *april[1:]])
    school = Item.objects.get(name="东关小学")
    set_item_state(
        item=school, state=ItemState.WITHDRAWN, on=date(2026, 5, 20), reason="并校", by=city.actor("zhao"), at=NOW
    )


def read(city: City, query: str = "", *, name: str = "zhao") -> str:
    client = Client()
    client.force_login(city.people[name])
    answer = client.get(f"/ledgers/key_projects/compare{query}")
    assert answer.status_code == 200
    return answer.content.decode()


def counts(page: str) -> dict[str, int]:
    return {title: int(number) for number, title in re.findall(r"<strong>(\d+)</strong> ([^<\s]+)", page)}


def listed(page: str) -> list[str]:
    return re.findall(r'<a href="/items/\d+">([^<]+)</a>', page)


def test_what_is_new_gone_and_changed_is_counted_and_listed(two_rounds: None, city: City) -> None:
    page = read(city, ROUNDS)

    assert counts(page) == {"有变化": 1, "新增": 1, "退出": 1, "数字变动": 2}
    assert listed(page) == ["北关大桥"]
    assert listed(read(city, f"{ROUNDS}&show=new")) == ["南站"]
    gone = read(city, f"{ROUNDS}&show=gone")
    assert listed(gone) == ["东关小学"]
    assert '<td class="old">在列</td><td>退出</td>' in gone


def test_a_change_is_told_field_by_field_and_narrowed_to_one(two_rounds: None, city: City) -> None:
    page = read(city, ROUNDS)

    assert '<td class="old">9\u2009000 万元</td><td>9\u2009500 万元</td>' in page
    assert '<td class="old">桩基</td><td>主体</td>' in page
    narrowed = read(city, f"{ROUNDS}&fact=values.total_investment")
    assert "9\u2009500 万元" in narrowed
    assert '<td class="old">桩基</td>' not in narrowed
    assert listed(read(city, f"{ROUNDS}&fact=values.location")) == []


def test_figures_moved_are_those_known_now_the_greatest_move_first(two_rounds: None, city: City) -> None:
    page = read(city, f"{ROUNDS}&show=figures")

    assert listed(page) == ["北关大桥", "西郊纱厂"]  # the road stood still, and the station had no figure in April
    row = page[page.index(">北关大桥<") :]
    assert '<td class="figure">200</td><td class="figure">360</td><td class="figure">▲ 160</td>' in row
    assert '<td class="figure">50</td><td class="figure">60</td><td class="figure">▲ 10</td>' in page


def test_the_units_below_the_city_are_summed_and_drawn(two_rounds: None, city: City) -> None:
    page = read(city, f"{ROUNDS}&show=figures")
    chart = page[page.index("drawn slopes") : page.index("</figure>")]

    assert "东城区 230" in chart  # 200 of the bridge, 30 of the road
    assert "396 东城区" in chart
    assert "西城区 50" in chart
    assert "60 西城区" in chart
    narrowed = read(city, f"{ROUNDS}&show=figures&unit={city.units['east'].pk}")
    assert "东关镇 230" in narrowed
    assert "西城区" not in narrowed[narrowed.index("drawn slopes") : narrowed.index("</figure>")]


def test_rounds_the_wrong_way_round_and_nonsense_are_put_right(two_rounds: None, city: City) -> None:
    assert counts(read(city, "?from=2026-05&to=2026-04")) == counts(read(city, ROUNDS))
    latest = read(city, "?from=0001-01&to=moon")
    assert "2026年4月 → 2026年5月" in latest


def test_a_stranger_is_told_of_their_own_alone(two_rounds: None, city: City) -> None:
    page = read(city, f"{ROUNDS}&show=figures", name="qian")

    assert counts(page) == {"有变化": 0, "新增": 0, "退出": 0, "数字变动": 1}
    assert "东城区" not in page
    assert "60 西城区" in page  # a unit with none below it stands for itself


def test_totals_are_of_the_units_below_the_readers_own(two_rounds: None, city: City) -> None:
    chart = read(city, f"{ROUNDS}&show=figures", name="wang")
    chart = chart[chart.index("drawn slopes") : chart.index("</figure>")]

    assert "396 东关镇" in chart
    assert "东城区" not in chart


def judged(ledger: Ledger, period: str, lights: dict[str, str]) -> None:
    first, last = {"2026-04": (date(2026, 4, 1), date(2026, 4, 30)), "2026-05": (date(2026, 5, 1), date(2026, 5, 31))}[
        period
    ]
    run = Run.objects.create(
        ledger=ledger, pack=ledger.pack, rulebook="lights", title_zh="亮灯", title_en="Lights", period=period, starts_on=first,
        ends_on=last, known_by=1, state=RunState.JUDGED, asked_at=NOW, record_id=1, digest="x",
        counts={"normal": 1},
    )  # fmt: skip
    for name, severity in lights.items():
        item = Item.objects.get(name=name)
        ItemLight.objects.create(run=run, item=item, unit=item.unit, severity=severity, lights="{}", values="{}")


def test_lights_that_moved_are_listed_what_got_worse_first(two_rounds: None, city: City) -> None:
    assert "变灯" not in read(city, ROUNDS)
    ledger = Ledger.objects.get()
    judged(ledger, "2026-04", {"北关大桥": "lagging", "北关公路": "normal", "西郊纱厂": "normal"})
    judged(ledger, "2026-05", {"北关大桥": "normal", "北关公路": "normal", "西郊纱厂": "attention"})

    page = read(city, f"{ROUNDS}&show=lights")

    assert counts(page)["变灯"] == 2
    assert "▼ 变差 1 ▲ 变好 1" in page
    assert listed(page) == ["西郊纱厂", "北关大桥"]
    assert page.index('data-grade="normal"') < page.index('data-grade="attention"')


@pytest.mark.parametrize("show", ["changed", "figures"])
def test_more_that_differs_costs_no_more_queries(two_rounds: None, city: City, show: str) -> None:
    client = Client()
    client.force_login(city.people["zhao"])

    def cost() -> int:
        client.get(f"/ledgers/key_projects/compare{ROUNDS}&show={show}")
        with CaptureQueriesContext(connection) as queries:
            client.get(f"/ledgers/key_projects/compare{ROUNDS}&show={show}")
        return len(queries)

    few = cost()
    names = [f"新桥{number}" for number in range(6)]
    report(city, "2026-04", [(name, 100, 50, 5, "桩基") for name in names])
    report(city, "2026-05", [(name, 110, 50, 9, "主体") for name in names])

    assert cost() == few
