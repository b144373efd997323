"""Figures reported by hand: taken together, checked as a workbook's are, never twice, never over what nobody saw."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import pytest

from guatu.hub.accounts.actor import NotAllowed
from guatu.hub.audit.models import Record
from guatu.hub.ledger.actions.figures import (
    BelowNothing,
    FiguresWrong,
    NotAsked,
    QuestionsOpen,
    ReportedMeanwhile,
    RoundNotOpen,
    Taken,
    report_figures,
)
from guatu.hub.ledger.importing.known import KnownLedger, decisions_of
from guatu.hub.ledger.models import Figure, ImportDecision, Item
from guatu.hub.ledger.packs import declared
from guatu.hub.ledger.reporting.rounds import NoSuchRound, Reported, needed_fields
from guatu.standards.periods import Period
from tests.hub.ledger.reported import WAN, road, roads
from tests.hub.people import NOW, City

__all__ = ["road", "roads"]

APRIL, MAY = "2026-04", "2026-05"


def told(
    item: Item, city: City, figures: Mapping[str, Any], *, period: str = MAY, who: str = "li", **more: Any
) -> Taken:
    seen = more.pop("seen", None)
    if seen is None:
        seen = Reported(item, declared(item.ledger)).seen(Period.parse(period))
    return report_figures(item=item, period=period, figures=figures, seen=seen, by=city.actor(who), at=NOW, **more)


def in_force(item: Item, period: str = MAY) -> dict[str, object]:
    held = item.figures.in_force().filter(period=period)
    return {one.field: one.amount if one.amount is not None else one.number for one in held}


def test_several_figures_of_a_round_are_taken_together_and_say_that_they_were_entered_by_hand(
    road: Item, city: City
) -> None:
    taken = told(road, city, {"month_done": 200 * WAN, "ytd_done": 1_000 * WAN, "share": Decimal("0.125")})

    assert in_force(road) == {"month_done": 200 * WAN, "ytd_done": 1_000 * WAN, "share": "0.125"}
    assert not taken.same and taken.warnings == []
    assert set(road.figures.filter(period=MAY).values_list("by_hand", flat=True)) == {True}
    kept = Record.objects.get(kind="figures.reported")
    assert '"entered by hand"' in kept.after and kept.post_id == city.posts["li"].pk


def test_a_later_report_supersedes_and_the_first_stays_known(road: Item, city: City) -> None:
    told(road, city, {"ytd_done": 1_000 * WAN})
    told(road, city, {"ytd_done": 1_200 * WAN})

    before, after = Figure.objects.filter(item=road, field="ytd_done", period=MAY).order_by("sequence")
    assert (before.amount, after.amount) == (1_000 * WAN, 1_200 * WAN)
    assert before.superseded_by_sequence == after.sequence


def test_the_same_figures_again_change_nothing_whatever_was_seen(road: Item, city: City) -> None:
    told(road, city, {"ytd_done": 1_000 * WAN})

    again = told(road, city, {"ytd_done": 1_000 * WAN}, seen=0)

    assert again.same
    assert Figure.objects.filter(item=road, period=MAY).count() == 1
    assert '"same"' in Record.objects.filter(kind="figures.reported").order_by("-pk")[0].after


def test_figures_somebody_reported_meanwhile_are_not_overwritten_unseen(road: Item, city: City) -> None:
    told(road, city, {"ytd_done": 1_000 * WAN})

    with pytest.raises(ReportedMeanwhile):
        told(road, city, {"ytd_done": 1_100 * WAN}, seen=0)

    assert in_force(road) == {"ytd_done": 1_000 * WAN}


def test_an_error_of_the_checks_refuses_and_says_so_in_the_packs_words(road: Item, city: City) -> None:
    with pytest.raises(FiguresWrong, match="more than the year") as refused:
        told(road, city, {"month_done": 2_000 * WAN, "ytd_done": 1_000 * WAN})

    assert refused.value.field == "month_done"
    assert [one.check for one in refused.value.said] == ["too_much"]
    assert in_force(road) == {}


def test_a_cumulative_figure_below_last_months_is_asked_about_and_taken_with_a_reason(road: Item, city: City) -> None:
    told(road, city, {"ytd_done": 1_000 * WAN}, period=APRIL)

    with pytest.raises(QuestionsOpen) as asked:
        told(road, city, {"ytd_done": 900 * WAN})
    [question] = asked.value.said
    assert question.reason.zh == "“年初累计”是 900万元，上期已报更多"

    told(road, city, {"ytd_done": 900 * WAN}, reasons={"fell": "四月多报，已核减"})

    figure = road.figures.in_force().get(period=MAY)
    assert (figure.amount, figure.reason) == (900 * WAN, "四月多报，已核减")
    assert Record.objects.filter(kind="figures.reported").order_by("-pk")[0].context.count("四月多报，已核减") == 1


def test_what_was_decided_by_hand_is_not_asked_of_a_workbook_nor_again(road: Item, city: City) -> None:
    told(road, city, {"ytd_done": 1_000 * WAN}, period=APRIL)
    told(road, city, {"ytd_done": 900 * WAN}, reasons={"fell": "四月多报，已核减"})
    told(road, city, {"ytd_done": 950 * WAN}, reasons={"fell": "补报"})

    told(road, city, {"ytd_done": 900 * WAN})

    assert in_force(road) == {"ytd_done": 900 * WAN}
    assert ImportDecision.objects.filter(check_key="fell").count() == 2
    assert {one.answer for one in decisions_of(road.ledger)} == {"confirmed"}


def test_a_warning_is_said_and_the_figure_taken(road: Item, city: City) -> None:
    taken = told(road, city, {"ytd_done": 10_001 * WAN})

    assert [one.reason.zh for one in taken.warnings] == ["“年初累计”是 10\u2009001万元，超过计划 10\u2009000万元"]
    assert in_force(road) == {"ytd_done": 10_001 * WAN}


def test_a_workbook_of_the_next_round_looks_back_at_what_was_entered_by_hand(road: Item, city: City) -> None:
    told(road, city, {"ytd_done": 1_000 * WAN}, period=APRIL)

    known = KnownLedger(road.ledger, declared(road.ledger), Period.month(2026, 5), {})

    assert [str(one) for one in known.rounds] == [APRIL]


@pytest.mark.parametrize(
    ("figures", "period", "refusal"),
    [
        ({"plan": WAN}, MAY, NotAsked),
        ({"staff": 3}, MAY, NotAsked),
        ({"ytd_done": -1}, MAY, BelowNothing),
        ({"ytd_done": WAN}, "2026-06", RoundNotOpen),
        ({"ytd_done": WAN}, "2026Q1", NoSuchRound),
        ({"ytd_done": WAN}, "never", NoSuchRound),
    ],
)
def test_what_is_not_asked_cannot_be_reported(
    road: Item, city: City, figures: Mapping[str, Any], period: str, refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        told(road, city, figures, period=period, seen=0)

    assert not road.figures.filter(by_hand=True).exists()


def test_a_stranger_reports_nothing_here(road: Item, city: City) -> None:
    with pytest.raises(NotAllowed):
        told(road, city, {"ytd_done": WAN}, who="qian")


def test_what_is_required_makes_a_round_complete(road: Item) -> None:
    assert needed_fields(declared(road.ledger)) == ("ytd_done",)
