"""A ledger whose items report a month and a cumulative figure, with checks that ask, refuse and warn."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from guatu.hub.ledger.actions.items import enter_item
from guatu.hub.ledger.actions.packs import install_pack
from guatu.hub.ledger.actions.years import TakenIn, open_year
from guatu.hub.ledger.models import Item, Ledger
from tests.hub.ledger.conftest import write_pack
from tests.hub.ledger.workbooks import PACK
from tests.hub.people import NOW, City

LEDGER = """\
ledger: roads
title: {zh: 道路台账, en: Ledger of roads}
item: {zh: 道路, en: road}
identity: [[own_no], [name]]
rounds: {every: month, asks: [month_done, ytd_done, share]}
fields:
  - {key: own_no, title: {zh: 编号, en: Number}, type: text}
  - {key: name, title: {zh: 名称, en: Name}, type: text, required: true}
  - {key: plan, title: {zh: 年度计划, en: Annual plan}, type: money, unit: 万元, currency: CNY, measure: planned, basis: year}
  - {key: month_done, title: {zh: 本月完成, en: Done this month}, type: money, unit: 万元, currency: CNY, negative: true,
     measure: done, basis: month}
  - {key: ytd_done, title: {zh: 年初累计, en: Done this year}, type: money, unit: 万元, currency: CNY, required: true,
     measure: done, basis: year_to_date}
  - {key: share, title: {zh: 形象进度, en: Progress}, type: percent, unit: "%", measure: progress, basis: since_start}
  - {key: staff, title: {zh: 在场人数, en: People on site}, type: integer, measure: people, basis: month}
"""
CHECK = """\
  - key: {key}
    title: {{zh: 查, en: Check}}
    grade: {grade}
    field: {field}
    when: {when}
    reason: {{zh: "“{{field}}”是 {{this}}{zh}", en: "'{{field}}' says {{this}}{en}"}}
    remedy: {{zh: 核对。, en: Check it.}}
    cite: {{zh: 测试, en: For tests}}
    examples:
      - {{kind: firing, before: {before}, given: {firing}, then: fires}}
      - {{kind: boundary, before: {before}, given: {quiet}, then: quiet}}
      - {{kind: quiet, before: {before}, given: {quiet}, then: quiet}}
      - {{kind: missing, given: {{ytd_done: null}}, then: quiet}}
"""
CHECKS = (
    'checks: roads\neffective_from: "2020-01-01"\nsource: {zh: 测试, en: For tests}\nrows:\n'
    + CHECK.format(
        key="fell", grade="question", field="ytd_done", when="ytd_done < prev(ytd_done)", zh="，上期已报更多",
        en=", last round had more", before="{ytd_done: 900万元}", firing="{ytd_done: 800万元}", quiet="{ytd_done: 900万元}",
    )
    + CHECK.format(
        key="too_much", grade="error", field="month_done", when="month_done > ytd_done", zh="，比累计还大", en=", more than the year",
        before="null", firing="{month_done: 2万元, ytd_done: 1万元}", quiet="{month_done: 1万元, ytd_done: 1万元}",
    )
    + CHECK.format(
        key="beyond", grade="warning", field="ytd_done", when="ytd_done > plan", zh="，超过计划 {plan}", en=", above the plan of {plan}",
        before="null", firing="{ytd_done: 2万元, plan: 1万元}", quiet="{ytd_done: 1万元, plan: 1万元}",
    )
)  # fmt: skip


@pytest.fixture
def roads(city: City, tmp_path: Path) -> Ledger:
    folder = write_pack(tmp_path / "roads", LEDGER, PACK)
    (folder / "checks.yaml").write_text(CHECKS, encoding="utf-8")
    install_pack(folder=folder, by=city.actor("sun"), at=NOW)
    return Ledger.objects.get(key="roads")


@pytest.fixture
def road(roads: Ledger, city: City) -> Item:
    """A road of the town's that is to do 10 000 万元 this year."""
    zhao = city.actor("zhao")
    found = enter_item(
        ledger=roads, unit=city.units["town"], name="东关大道", code="R-1", on=date(2026, 1, 10), by=zhao, at=NOW
    )
    plans = {"plan": 10_000 * WAN}
    open_year(ledger=roads, year=2026, taken=[TakenIn(found, plans)], by=zhao, at=NOW)
    return found


WAN = 1_000_000
"""分 in 万元."""
