"""A ledger of the site judged by its pack's rulebook: as of the round, over what a person may see, round after round."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from guatu.hub.assessment.judging import judge_rounds
from guatu.hub.ledger.actions.items import change_item, set_item_state
from guatu.hub.ledger.models import Figure, Ledger, Milestone
from guatu.hub.ledger.models.items import ItemState
from guatu.standards.periods import Period
from guatu.text import Refusal
from tests.hub.assessment.conftest import APRIL, MAY, WAN
from tests.hub.people import NOW, City


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
