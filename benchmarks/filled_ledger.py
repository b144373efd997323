"""A ledger of any size to measure with: works of a city, each with some twenty values and twelve milestones, by the hub's own writers.

Everything follows from an item's number by arithmetic alone, so every run and every size has the same shape. Needs Django set up.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from django.db import transaction
from django.utils.timezone import now

from guatu.hub.accounts.actor import Actor
from guatu.hub.accounts.models import Unit
from guatu.hub.audit.events import Event
from guatu.hub.audit.recording import record
from guatu.hub.ledger.actions.bulk import write_steps
from guatu.hub.ledger.actions.packs import install_pack
from guatu.hub.ledger.actions.revising import Told, next_sequence
from guatu.hub.ledger.importing.offers import Offer, StatedMilestone
from guatu.hub.ledger.importing.plan import NEW, Standing, Step
from guatu.hub.ledger.models import Item, Ledger

KEY, MILESTONES, AT_ONCE = "city_works", 12, 5000
_FIRST, _DAY = date(2025, 1, 1), timedelta(days=1)
_PACK = """\
pack: city_works
title: {zh: 城建工程, en: City works}
version: "1"
effective_from: "2025-01-01"
source: {zh: 度量用, en: To measure with}
"""
_LEDGER = """\
ledger: city_works
title: {zh: 城建工程台账, en: Ledger of city works}
item: {zh: 工程, en: work}
identity: [[own_no], [name]]
position: [longitude, latitude]
fields:
  - {key: own_no, title: {zh: 编号, en: Number}, type: text}
  - {key: name, title: {zh: 名称, en: Name}, type: text, required: true}
  - {key: lists, title: {zh: 清单, en: Lists}, type: tags}
  - {key: project_code, title: {zh: 项目代码, en: Project code}, type: project_code}
  - {key: owner, title: {zh: 建设单位, en: Owner}, type: text}
  - {key: industry, title: {zh: 行业, en: Industry}, type: text}
  - {key: location, title: {zh: 地点, en: Location}, type: text}
  - {key: scale, title: {zh: 建设内容, en: Content}, type: text}
  - {key: nature, title: {zh: 建设性质, en: Nature}, type: choice, states: {new: [新建], carry_over: [续建]}}
  - {key: stage, title: {zh: 阶段, en: Stage}, type: choice, states: {early: [前期], building: [在建], done: [竣工]}}
  - {key: total, title: {zh: 总投资, en: Total investment}, type: money, unit: 万元, currency: CNY, required: true}
  - {key: plan, title: {zh: 年度计划, en: Plan of the year}, type: money, unit: 万元, currency: CNY}
  - {key: done, title: {zh: 已完成投资, en: Invested}, type: money, unit: 万元, currency: CNY}
  - {key: land, title: {zh: 用地, en: Land}, type: area, unit: 亩}
  - {key: share, title: {zh: 形象进度, en: Progress}, type: percent, unit: "%"}
  - {key: plan_start, title: {zh: 计划开工, en: Planned start}, type: date}
  - {key: plan_finish, title: {zh: 计划竣工, en: Planned finish}, type: date}
  - {key: begun, title: {zh: 是否开工, en: Begun}, type: flag, states: {"true": [是], "false": [否]}}
  - {key: included, title: {zh: 是否纳统, en: In statistics}, type: flag, states: {"true": [是], "false": [否]}}
  - {key: longitude, title: {zh: 经度, en: Longitude}, type: number}
  - {key: latitude, title: {zh: 纬度, en: Latitude}, type: number}
lists:
  - {key: provincial, title: {zh: 省重点, en: Provincial key}}
  - {key: municipal, title: {zh: 市重点, en: City key}}
milestones:
"""
_MILESTONE = """\
  - key: step_{n}
    title: {{zh: 第{n}步, en: Step {n}}}
    standard: {{zh: 做完了, en: It is done}}
    source: {{zh: 度量用, en: To measure with}}
"""
_PLACES = ("东关", "重庆路", "滨海大道", "北关", "凤凰山", "胶州湾", "长江路", "大沽河")
_KINDS = ("大桥", "小学", "产业园", "污水处理厂", "棚户区改造", "地铁站", "医院", "供热管网")


def install(by: Actor) -> Ledger:
    """The pack and its ledger."""
    with TemporaryDirectory() as folder:
        pack = Path(folder, KEY)
        pack.mkdir()
        (pack / "pack.yaml").write_text(_PACK, encoding="utf-8")
        milestones = "".join(_MILESTONE.format(n=n) for n in range(1, MILESTONES + 1))
        (pack / "ledger.yaml").write_text(_LEDGER + milestones, encoding="utf-8")
        install_pack(folder=pack, by=by, at=now())
    return Ledger.objects.get(key=KEY)


def fill(ledger: Ledger, units: list[Unit], size: int, by: Actor) -> None:
    """`size` items over these units, as an import writes them, some thousands in a transaction."""
    for start in range(0, size, AT_ONCE):
        steps = [Step(NEW, one, 0, {}) for one in offers(units, start, min(size, start + AT_ONCE))]
        with transaction.atomic():
            told = record(
                Event.IMPORT_TAKEN, subject=ledger, after={"items": len(steps)}, by=by.as_self(), at=now()
            )  # fmt: skip
            write_steps(
                ledger, steps, Standing(Item.objects.none()), Told("imported", _FIRST, now(), told), next_sequence(told)
            )


def offers(units: list[Unit], start: int, end: int) -> Iterator[Offer]:
    for n in range(start, end):
        name = f"{_PLACES[n % 8]}{n}号{_KINDS[n // 8 % 8]}{'二期' if n % 5 == 0 else ''}"
        yield Offer(
            unit=units[n % len(units)].pk, name=name, code=f"CW-{n:06}", values=_values(n), milestones=tuple(_milestones(n)),
            lists=tuple(key for key, every in (("provincial", 7), ("municipal", 3)) if n % every == 0),
        )  # fmt: skip


def _values(n: int) -> dict[str, str | int | bool]:
    total = (100 + n * 7919 % 20000) * 1_000_000
    start = _FIRST + n * 31 % 540 * _DAY
    return {
        "project_code": f"2{n % 1000:03}-370{n % 300:03}-04-01-{n % 1_000_000:06}", "owner": f"市{_KINDS[n % 8]}建设有限公司",
        "industry": _KINDS[n // 3 % 8], "location": f"{_PLACES[n // 5 % 8]}{n % 300}号", "nature": ("new", "carry_over")[n % 2],
        "scale": f"总建筑面积{n % 90 + 10}万平方米，配套道路、管网和绿化，分{n % 3 + 1}期建设",
        "stage": ("early", "building", "done")[n % 3], "total": total, "plan": total // 5, "done": total // 5 * (n % 11) // 10,
        "land": n * 37 % 5000 * 1_000_000, "share": f"0.{n % 90 + 10}".rstrip("0"), "begun": n % 9 != 0, "included": n % 4 == 0,
        "plan_start": start.isoformat(), "plan_finish": (start + 700 * _DAY).isoformat(),
        "longitude": f"120.{n % 9000 + 1001}".rstrip("0"), "latitude": f"36.{n % 8000 + 1001}".rstrip("0"),
    }  # fmt: skip


def _milestones(n: int) -> Iterator[StatedMilestone]:
    """One planned day for each; the earlier half reached by some."""
    for step in range(1, MILESTONES + 1):
        day = _FIRST + (n * 31 % 540 + 55 * step) * _DAY
        yield StatedMilestone(f"step_{step}", "actual" if step <= n % 7 else "planned", day.isoformat())
