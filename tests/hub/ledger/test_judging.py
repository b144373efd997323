"""A ledger of the site judged by its pack's rulebook: as of the round, over what a person may see, round after round."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from guatu.hub.ledger.actions.items import change_item, enter_item, set_item_state
from guatu.hub.ledger.actions.packs import install_pack
from guatu.hub.ledger.judging import judge_rounds
from guatu.hub.ledger.models import Figure, Ledger, Milestone
from guatu.hub.ledger.models.items import ItemState
from guatu.standards.periods import Period
from guatu.text import Refusal
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
EXAMPLES = """
              - {kind: firing, period: 2026-04, given: {due: 2026-03-01, begun: false}, then: lagging}
              - {kind: boundary, period: 2026-04, given: {due: 2026-05-01, begun: false}, then: normal}
              - {kind: missing, period: 2026-04, given: {due: 2026-03-01, begun: null}, then: not_judged}
"""
RULEBOOK = f"""\
rulebook: late
title: {{zh: 逾期, en: Late}}
version: "1"
effective_from: "2026-01-01"
source: {{zh: 测试, en: For tests}}
palette:
  normal: {{zh: 正常, en: on time, colour: green}}
  lagging: {{zh: 逾期, en: late, colour: red}}
indicators:
  - key: month_wan
    title: {{zh: 本月合计, en: Total of the month}}
    formula: sum(month_done)
    show: {{unit: 万元, decimals: 0}}
    examples:
      - {{kind: value, given: [{{month_done: 5万元}}], then: 5}}
      - {{kind: missing, given: [{{month_done: null}}], then: null}}
lights:
  - subject: item
    title: {{zh: 亮灯, en: Lights}}
    dimensions:
      - key: due
        title: {{zh: 时限, en: Deadline}}
        applies_when: due is not null
        clauses:
          - id: late
            severity: lagging
            when: due < period_end and not begun and opened_on is null
            because: {{zh: 逾期, en: late}}
            cite: {{zh: 测试, en: For tests}}
            examples:{EXAMPLES}"""
APRIL, MAY = Period.month(2026, 4), Period.month(2026, 5)
WAN = 1_000_000


@pytest.fixture
def judged(city: City, tmp_path: Path) -> Ledger:
    folder = write_pack(tmp_path / "works", LEDGER.replace("lists:\n  - {key: roads", DONE))
    (folder / "rulebooks").mkdir()
    (folder / "rulebooks" / "late.yaml").write_text(RULEBOOK, encoding="utf-8")
    install_pack(folder=folder, by=city.actor("sun"), at=NOW)
    ledger = Ledger.objects.get()
    for name, unit, begun in (("东桥", "town", False), ("西桥", "west", True)):
        enter_item(
            ledger=ledger, unit=city.units[unit], name=name, values={"due": date(2026, 3, 1), "begun": begun},
            on=date(2026, 1, 1), by=city.actor("zhao"), at=NOW,
        )  # fmt: skip
    return ledger


def lights(city: City, who: str, out: Path, *periods: Period) -> list[dict[str, str]]:
    found = []
    for results in judge_rounds("works", "late", periods, out, by=city.actor(who), engine="reference"):
        names = dict(zip(results.items["item_id"].to_pylist(), results.items["name"].to_pylist(), strict=True))
        rows = results.lights.to_pylist()
        found.append({names[one["id"]]: one["severity"] for one in rows if one["dimension"] == "due"})
    return found


def test_a_round_is_judged_as_the_ledger_was_on_its_last_day(judged: Ledger, city: City, tmp_path: Path) -> None:
    east = judged.items.get(name="东桥")
    change_item(
        item=east, seen=1, values={"begun": True}, on=date(2026, 5, 10), reason="开工", by=city.actor("zhao"), at=NOW
    )

    april, may = lights(city, "zhao", tmp_path / "out", APRIL, MAY)

    assert april == {"东桥": "lagging", "西桥": "normal"} and may["东桥"] == "normal"
    assert (tmp_path / "out" / "2026-05" / "results" / "lights.parquet").is_file()


def test_a_person_judges_what_they_may_see(judged: Ledger, city: City, tmp_path: Path) -> None:
    assert lights(city, "qian", tmp_path / "out", APRIL) == [{"西桥": "normal"}]
    assert lights(city, "sun", tmp_path / "none", APRIL) == [{}]


def test_a_suspended_item_is_not_judged(judged: Ledger, city: City, tmp_path: Path) -> None:
    east = judged.items.get(name="东桥")
    set_item_state(
        item=east, state=ItemState.SUSPENDED, on=date(2026, 4, 20), reason="缓建", by=city.actor("zhao"), at=NOW
    )

    assert lights(city, "zhao", tmp_path / "out", APRIL) == [{"西桥": "normal"}]


def test_a_month_is_the_cumulative_figure_less_the_one_before(judged: Ledger, city: City, tmp_path: Path) -> None:
    east, west = judged.items.get(name="东桥"), judged.items.get(name="西桥")
    for item, field, period, amount in (
        (east, "ytd_done", "2026-04", 30 * WAN), (east, "ytd_done", "2026-05", 42 * WAN),
        (west, "month_done", "2026-05", 5 * WAN), (west, "ytd_done", "2026-05", 9 * WAN),
    ):  # fmt: skip
        Figure.objects.create(item=item, field=field, period=period, amount=amount, sequence=1)

    [results] = judge_rounds("works", "late", [MAY], tmp_path, by=city.actor("zhao"), engine="reference")

    totals = {
        one["unit"]: one["value"]
        for one in results.indicators.to_pylist()
        if (one["list"], one["indicator"]) == ("all", "month_wan")
    }
    assert (totals["990001101"], totals["990002"], totals["990000"]) == ("12", "5", "17")


@pytest.mark.parametrize(
    ("day", "standing", "light"),
    [
        (date(2026, 4, 30), "claimed", "normal"),
        (date(2026, 5, 1), "claimed", "lagging"),
        (date(2026, 4, 30), "rejected", "lagging"),
    ],
)
def test_a_milestone_s_day_stands_for_a_field_nobody_filled(
    judged: Ledger, city: City, tmp_path: Path, day: date, standing: str, light: str
) -> None:
    east = judged.items.get(name="东桥")
    Milestone.objects.create(item=east, key="opened", fact="actual", on=day, standing=standing, sequence=1)

    assert lights(city, "zhao", tmp_path / "out", APRIL)[0]["东桥"] == light


@pytest.mark.parametrize(("ledger", "rulebook"), [("nothing", "late"), ("works", "later")])
def test_what_is_not_there_is_refused_by_name(
    judged: Ledger, city: City, tmp_path: Path, ledger: str, rulebook: str
) -> None:
    with pytest.raises(Refusal, match=r"late|works"):
        list(judge_rounds(ledger, rulebook, [APRIL], tmp_path, by=city.actor("zhao")))
