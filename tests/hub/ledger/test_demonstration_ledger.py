"""The three Qingdao rounds through the door: the ledger holds what the published figures say, and is judged as they say."""

from __future__ import annotations

from pathlib import Path

from demo.compare import EXPECTED, rows
from demo.hub import fill
from demo.ledger import LEDGER, ROUNDS, compare, report
from django.utils import timezone

from guatu.hub.accounts.actor import Actor
from guatu.hub.accounts.models import Person
from guatu.hub.audit.source import Door, Source
from guatu.hub.ledger.judging import judge_rounds
from guatu.hub.ledger.models import Import, Item, Ledger
from guatu.hub.ledger.packs import declared
from guatu.standards.periods import Period


def test_the_ledger_bears_out_every_figure_of_the_three_rounds_and_every_rank(db: None, tmp_path: Path) -> None:
    fill(timezone.now())

    report()

    for period in ROUNDS:
        assert compare(period) == (390, [])
    assert Item.objects.count() == 1426
    assert Import.objects.filter(state="taken").count() == 30
    assert judged_wrongly(tmp_path) == []


def judged_wrongly(out: Path) -> list[str]:
    """Values and ranks of expected.csv that the ledger judged by the rulebook does not come to."""
    by = Actor.of(Person.objects.get(username="zhao"), at=timezone.now(), source=Source(Door.CLI))
    lists = declared(Ledger.objects.get(key=LEDGER)).lists
    titled = {one.title.zh: key for key, one in lists.items()} | {"全部": "all"}
    wrong, expected = [], list(rows(EXPECTED))
    for results in judge_rounds(LEDGER, "yinchuan_2025", [Period.parse(one) for one in ROUNDS], out, by=by):
        found = {(one["unit"], one["list"], one["indicator"]): one for one in results.indicators.to_pylist()}
        for row in (one for one in expected if one["round"] == str(results.period)):
            measure = row["measure"].removeprefix("rank_")
            have = found.get((row["unit_code"], titled.get(row["list"], row["list"]), measure), {})
            if str(have.get("value" if measure == row["measure"] else "rank")) != row["value"]:
                wrong.append(f"{row['round']} {row['unit']} {row['list']} {row['measure']}")
    return wrong
