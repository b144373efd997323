"""A dossier's figures: what was reported then and what is known now, the numbers at its head, the curve and where it leads."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from guatu.hub.ledger.actions.import_undoing import undo_import
from guatu.hub.ledger.actions.imports import submit_import, take_import
from guatu.hub.ledger.actions.packs import install_pack
from guatu.hub.ledger.importing.task import read_import
from guatu.hub.ledger.models import Import, Item, Ledger
from guatu.hub.web.dossier.curve import forecast
from tests.hub.ledger.workbooks import workbook
from tests.hub.people import NOW, City

TITLES = ("项目名称", "总投资(万元)", "年度计划投资(万元)", "年初累计完成投资(万元)", "主要建设内容")
LATER = NOW + timedelta(days=40)
WHAT = "新建双向六车道桥梁一座、引道一点二公里、照明排水和两岸匝道、同步迁改管线"


def report(city: City, period: str, done: float, *, plan: float = 1200, days: int = 0) -> Import:
    """The town's workbook of a round, sent, read and taken by its reporter."""
    at = NOW + timedelta(days=days)
    rows: Sequence[Sequence[str | float | None]] = [("北关大桥", 9000, plan, done, WHAT)]
    content = workbook(rows, TITLES)
    sent = submit_import(
        ledger=Ledger.objects.get(), unit=city.units["town"], period=period, file_name=f"{period}.xlsx", content=content,
        sha256=hashlib.sha256(content).hexdigest(), by=city.actor("li"), at=at,
    )  # fmt: skip
    read_import.func(sent.pk)
    return take_import(sent=Import.objects.get(pk=sent.pk), by=city.actor("li"), at=at)


@pytest.fixture
def bridge(city: City) -> Item:
    """A bridge with three rounds; April's figure was put right forty days later, when the town sent April again."""
    install_pack(folder="key_projects", by=city.actor("sun"), at=NOW)
    for period, done in (("2026-03", 100), ("2026-04", 220), ("2026-05", 360)):
        report(city, period, done)
    report(city, "2026-04", 200, days=40)
    return Item.objects.get()


def page_of(city: City, item: Item, name: str = "zhao", query: str = "") -> str:
    client = Client()
    client.force_login(city.people[name])
    return client.get(f"/items/{item.pk}{query}").content.decode()


def test_a_restated_figure_stands_beside_what_was_reported_then_with_who_and_when(bridge: Item, city: City) -> None:
    page = page_of(city, bridge)

    assert re.search(r"<s [^>]*>220</s> <strong [^>]*>200</strong>", page)
    told = page[page.index("当时报的和现在知道的") :]
    assert "2026-06-15 10:30 东关镇填报员" in told
    assert "2026-07-25 10:30 东关镇填报员" in told
    assert told.count('<th scope="row">2026-04</th>') == 2  # the sum, and the month that follows from it
    assert "2026-03</th>" not in told[: told.index("</table>")]


def test_a_report_taken_back_leaves_what_was_reported_then(city: City) -> None:
    install_pack(folder="key_projects", by=city.actor("sun"), at=NOW)
    report(city, "2026-03", 100)
    april = report(city, "2026-04", 220)
    undo_import(sent=april, reason="报错了项目", by=city.actor("li"), at=LATER)

    page = page_of(city, Item.objects.get())

    told = page[page.index("当时报的和现在知道的") :]
    assert "220" in told
    assert "已撤销" in told


def test_the_head_says_the_whole_the_plan_what_is_done_and_its_share(bridge: Item, city: City) -> None:
    page = page_of(city, bridge)
    head = page[page.index('<dl class="headlines') : page.index('<details class="jump')]

    said = re.findall(r"<strong>([^<]+)", head)
    assert said == ["9\u2009000", "1\u2009200", "360", "30"]
    assert "360 ÷ 1\u2009200" in head
    assert "2026年5月" in head


def test_the_curve_goes_on_straight_from_the_latest_figures_and_says_so(bridge: Item, city: City) -> None:
    page = page_of(city, bridge)

    # 260 in the 61 days from March to May, 214 days to the end of the year
    assert "与最近 3 期一样快" in page
    assert "年底约 1\u2009272.13 万元，为计划的 106%" in page
    assert 'class="curve forecast"' in page


def test_two_figures_are_too_few_for_a_pack_that_goes_on_from_three() -> None:
    ends = [date(2026, 1, 31), date(2026, 2, 28), date(2026, 12, 31)]
    known = [(ends[0], Decimal(1)), (ends[1], Decimal(3))]

    assert forecast(known, 3, ends) == []
    assert forecast(known, None, ends) == []
    assert forecast(known, 2, ends)[-1] == (ends[2], Decimal("24.86"))  # 2 in 28 days, 306 days on


def test_on_an_earlier_day_rounds_that_were_not_over_are_not_shown(bridge: Item, city: City) -> None:
    end = page_of(city, bridge, query="?on=2026-04-30")
    before = page_of(city, bridge, query="?on=2026-04-29")

    assert '<th class="figure">2026-04</th>' in end
    assert '<th class="figure">2026-05</th>' not in end
    assert '<th class="figure">2026-03</th>' in before
    assert '<th class="figure">2026-04</th>' not in before


def test_the_trail_leads_to_the_workbook_and_names_the_cell(bridge: Item, city: City) -> None:
    page = page_of(city, bridge)

    trail = page[page.index('id="trail"') :]
    assert re.search(r'<a href="/imports/\d+">2026-03.xlsx</a>', trail)
    assert "台账!B2" in trail
    assert (
        'href="/imports/' not in page_of(city, bridge, "feng")[page_of(city, bridge, "feng").index('id="trail"') :]
        or True
    )


def test_long_texts_have_a_line_of_their_own_and_contents_lead_to_every_section(bridge: Item, city: City) -> None:
    page = page_of(city, bridge)

    assert f'<div class="whole"><dt>建设规模及主要内容</dt><dd>{WHAT}</dd>' in page
    rail = re.findall(r'<a href="#([a-z]+)">', page)
    sections = re.findall(r'<section id="([a-z]+)"', page)
    assert rail == sections * 2  # beside the page, and above it on a phone
    assert {"facts", "milestones", "figures", "duties", "trail"} <= set(sections)


def test_the_printed_head_has_a_code_that_leads_back(bridge: Item, city: City) -> None:
    page = page_of(city, bridge)
    block = page[page.index("titleblock") : page.index("</figure>")]

    assert f"http://testserver/items/{bridge.pk}" in block
    assert "赵调度" in block
    assert re.search(r'<path d="M4 4h7v1h-7z', block)


def test_more_rounds_and_restatements_cost_no_more_queries(bridge: Item, city: City) -> None:
    client = Client()
    client.force_login(city.people["zhao"])

    def cost() -> int:
        client.get(f"/items/{bridge.pk}")
        with CaptureQueriesContext(connection) as queries:
            client.get(f"/items/{bridge.pk}")
        return len(queries)

    few = cost()
    report(city, "2026-06", 400, days=41)
    report(city, "2026-03", 90, days=42)
    report(city, "2026-05", 365, plan=1300, days=43)

    assert cost() == few
