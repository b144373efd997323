"""Two bridges of the test city and a rulebook over them: one late, one begun."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from guatu.hub.ledger.actions.items import enter_item
from guatu.hub.ledger.actions.packs import install_pack
from guatu.hub.ledger.models import Ledger
from guatu.standards.periods import Period
from tests.hub.ledger.conftest import LEDGER, write_pack
from tests.hub.people import NOW, City

DONE = """\
  - {key: month_done, title: {zh: 本月完成, en: Done in the month}, type: money, unit: 万元, currency: CNY, measure: done, basis: month}
  - {key: ytd_done, title: {zh: 累计完成, en: Done this year}, type: money, unit: 万元, currency: CNY, measure: done, basis: year_to_date}
  - {key: opened_on, title: {zh: 通车, en: Opened on}, type: date}
milestones:
  - {key: opened, title: {zh: 通车, en: Opened}, actual: opened_on, standard: {zh: 通车, en: Open}, source: {zh: 测试, en: For tests}}
lists:
  - {key: roads"""
RULEBOOK = """\
rulebook: late
title: {zh: 逾期, en: Late}
version: "1"
effective_from: "2026-01-01"
source: {zh: 测试, en: For tests}
palette:
  normal: {zh: 正常, en: on time, colour: green}
  lagging: {zh: 逾期, en: late, colour: red}
indicators:
  - key: month_wan
    title: {zh: 本月合计, en: Total of the month}
    formula: sum(month_done)
    show: {unit: 万元, decimals: 0}
    examples:
      - {kind: value, given: [{month_done: 5万元}], then: 5}
      - {kind: missing, given: [{month_done: null}], then: null}
  - key: begun_rate
    title: {zh: 开工率, en: Share begun}
    formula: count(where begun) / count()
    show: {unit: "%", decimals: 1}
    decimals: 5
    better: higher
    when_zero: not_scored
    examples:
      - {kind: value, given: [{begun: true}, {begun: false}], then: 50}
      - {kind: missing, given: [{begun: null}], then: 0}
      - {kind: zero, given: [], then: null}
lights:
  - subject: item
    title: {zh: 亮灯, en: Lights}
    dimensions:
      - key: due
        title: {zh: 时限, en: Deadline}
        applies_when: due is not null
        clauses:
          - id: late
            severity: lagging
            when: due < period_end and not begun and opened_on is null
            because: {zh: "应于{due}完工，还没有开工", en: "due on {due}, not begun yet"}
            cite: {zh: 到期未开工的，亮红灯, en: Due and not begun is red}
            examples:
              - {kind: firing, period: 2026-04, given: {due: 2026-03-01, begun: false}, then: lagging}
              - {kind: boundary, period: 2026-04, given: {due: 2026-05-01, begun: false}, then: normal}
              - {kind: missing, period: 2026-04, given: {due: 2026-03-01, begun: null}, then: not_judged}
"""
APRIL, MAY = Period.month(2026, 4), Period.month(2026, 5)
WAN = 1_000_000


@pytest.fixture
def judged(city: City, tmp_path: Path) -> Ledger:
    return two_bridges(city, tmp_path, RULEBOOK)


def two_bridges(city: City, tmp_path: Path, rulebook: str) -> Ledger:
    """The ledger with both bridges on it, and a rulebook in its pack."""
    folder = write_pack(tmp_path / "works", LEDGER.replace("lists:\n  - {key: roads", DONE))
    (folder / "rulebooks").mkdir()
    (folder / "rulebooks" / "late.yaml").write_text(rulebook, encoding="utf-8")
    install_pack(folder=folder, by=city.actor("sun"), at=NOW)
    ledger = Ledger.objects.get()
    for name, unit, begun in (("东桥", "town", False), ("西桥", "west", True)):
        enter_item(
            ledger=ledger, unit=city.units[unit], name=name, values={"due": date(2026, 3, 1), "begun": begun},
            on=date(2026, 1, 1), by=city.actor("zhao"), at=NOW,
        )  # fmt: skip
    return ledger
