"""The test city with a ledger of key projects."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from guatu.hub.ledger.actions.items import enter_item
from guatu.hub.ledger.actions.packs import install_pack
from guatu.hub.ledger.models import Item, Ledger
from tests.hub.people import NOW, City

PACK = """\
pack: works
title: {zh: 工程, en: Works}
version: "1"
effective_from: "2026-01-01"
source: {zh: 测试, en: For tests}
"""
LEDGER = """\
ledger: works
title: {zh: 工程台账, en: Ledger of works}
item: {zh: 工程, en: work}
identity: [[own_no], [name]]
fields:
  - {key: own_no, title: {zh: 编号, en: Number}, type: text}
  - {key: name, title: {zh: 名称, en: Name}, type: text, required: true}
  - {key: lists, title: {zh: 清单, en: Lists}, type: tags}
  - {key: cost, title: {zh: 造价, en: Cost}, type: money, unit: 万元, currency: CNY}
  - {key: share, title: {zh: 进度, en: Progress}, type: percent}
  - {key: due, title: {zh: 应完工, en: Due}, type: date}
  - {key: begun, title: {zh: 是否开工, en: Begun}, type: flag, states: {"true": [是], "false": [否]}}
  - {key: head, title: {zh: 责任人, en: In charge}, type: people}
lists:
  - {key: roads, title: {zh: 道路, en: Roads}}
  - {key: schools, title: {zh: 学校, en: Schools}}
"""


def write_pack(folder: Path, ledger: str = LEDGER, pack: str = PACK) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / "pack.yaml").write_text(pack, encoding="utf-8")
    (folder / "ledger.yaml").write_text(ledger, encoding="utf-8")
    return folder


@pytest.fixture
def works(city: City, tmp_path: Path) -> Ledger:
    install_pack(folder=write_pack(tmp_path / "works"), by=city.actor("sun"), at=NOW)
    return Ledger.objects.get(key="works")


@pytest.fixture
def bridge(works: Ledger, city: City) -> Item:
    """A bridge of the town's, there since January."""
    return enter_item(
        ledger=works, unit=city.units["town"], name="东关大桥", code="W-1", values={"cost": 12_345_678_900},
        lists=("roads",), on=date(2026, 1, 10), by=city.actor("zhao"), at=NOW,
    )  # fmt: skip
