"""A ledger with a field of every kind, and works of the town's on it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from django.test import Client

from guatu.hub.assessment.models import ItemLight, Run
from guatu.hub.ledger.actions.items import enter_item
from guatu.hub.ledger.actions.packs import install_pack
from guatu.hub.ledger.encodings import Value
from guatu.hub.ledger.models import Item, Ledger
from tests.hub.ledger.conftest import write_pack
from tests.hub.people import NOW, City

LEDGER = """\
ledger: works
title: {zh: 工程台账, en: Ledger of works}
item: {zh: 工程, en: work}
identity: [[own_no], [name]]
position: [longitude, latitude]
fields:
  - {key: own_no, title: {zh: 编号, en: Number}, type: text}
  - {key: name, title: {zh: 名称, en: Name}, type: text, required: true}
  - {key: lists, title: {zh: 清单, en: Lists}, type: tags}
  - key: stage
    title: {zh: 阶段, en: Stage}
    type: choice
    filterable: true
    states: {early: [前期], building: [在建], done: [竣工]}
  - {key: cost, title: {zh: 造价, en: Cost}, type: money, unit: 万元, currency: CNY, filterable: true}
  - {key: land, title: {zh: 用地, en: Land}, type: area, unit: 亩}
  - {key: jobs, title: {zh: 就业, en: Jobs}, type: integer, unit: 人}
  - {key: weight, title: {zh: 用钢, en: Steel}, type: number, unit: 吨}
  - {key: share, title: {zh: 进度, en: Progress}, type: percent}
  - {key: due, title: {zh: 应完工, en: Due}, type: date, filterable: true}
  - {key: begun, title: {zh: 是否开工, en: Begun}, type: flag, filterable: true, states: {"true": [是], "false": [否]}}
  - {key: industry, title: {zh: 行业, en: Industry}, type: text, filterable: true}
  - {key: longitude, title: {zh: 经度, en: Longitude}, type: number}
  - {key: latitude, title: {zh: 纬度, en: Latitude}, type: number}
  - key: spent
    title: {zh: 年初累计完成, en: Done this year}
    type: money
    unit: 万元
    currency: CNY
    measure: invested
    basis: year_to_date
  - {key: head, title: {zh: 责任人, en: In charge}, type: people}
lists:
  - {key: roads, title: {zh: 道路, en: Roads}}
  - {key: schools, title: {zh: 学校, en: Schools}}
milestones:
  - {key: signed, title: {zh: 签约, en: Signed}, standard: {zh: 合同已签, en: Signed}, source: {zh: 测试, en: For tests}}
  - {key: started, title: {zh: 开工, en: Started}, standard: {zh: 已打桩, en: Piled}, source: {zh: 测试, en: For tests}}
duties:
  - {key: lead_unit, title: {zh: 牵头单位, en: Lead unit}}
"""
FIRST = date(2026, 1, 1)
Enters = Callable[..., Item]
Shows = Callable[..., str]


@pytest.fixture
def ledger(city: City, tmp_path: Path) -> Ledger:
    install_pack(folder=write_pack(tmp_path / "works", LEDGER), by=city.actor("sun"), at=NOW)
    return Ledger.objects.get(key="works")


@pytest.fixture
def enters(ledger: Ledger, city: City) -> Enters:
    """Enter a work: name, unit by its name in the city, lists, values."""

    def enter(name: str, unit: str = "town", lists: tuple[str, ...] = (), code: str = "", **values: Value) -> Item:
        return enter_item(
            ledger=ledger, unit=city.units[unit], name=name, code=code, lists=lists, values=values, on=FIRST,
            by=city.actor("zhao"), at=NOW,
        )  # fmt: skip

    return enter


@pytest.fixture
def shows(client: Client, city: City) -> Shows:
    """The page at an address, as somebody sees it."""

    def show(address: str, who: str = "zhao", status: int = 200) -> str:
        client.force_login(city.people[who])
        answer = client.get(address)
        assert answer.status_code == status, answer.status_code
        return answer.content.decode()

    return show


@pytest.fixture
def lit(enters: Enters, ledger: Ledger) -> dict[str, Item]:
    """Three works: in May one red and one green, both green in April; the third judged in neither."""
    works = {name: enters(name, cost=cost * 1_000_000) for name, cost in (("东桥", 1), ("西桥", 2), ("南桥", 4))}
    for month, east in ((4, "normal"), (5, "lagging")):
        run = Run.objects.create(
            ledger=ledger, pack=ledger.pack, rulebook="late", title_zh="逾期", title_en="Late", period=f"2026-{month:02}",
            starts_on=date(2026, month, 1), ends_on=date(2026, month, 30), known_by=1, state="judged", asked_at=NOW,
            record_id=1, digest="sha256:0", counts={"normal": 1},
        )  # fmt: skip
        for name, severity in (("东桥", east), ("西桥", "normal")):
            item = works[name]
            ItemLight.objects.create(run=run, item=item, unit=item.unit, severity=severity, lights="{}", values="{}")
    return works
