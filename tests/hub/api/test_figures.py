"""Figures reported by programs: checked like the page's, refused with every place, repeated without effect."""

from __future__ import annotations

from collections.abc import Callable

from guatu.hub.ledger.models import Figure, Item
from tests.hub.api.conftest import Program
from tests.hub.api.test_changing import done, refused
from tests.hub.ledger.reported import WAN, road, roads

__all__ = ["road", "roads"]
ProgramOf = Callable[[str], Program]
MAY = "2026-05"


def test_a_program_reports_a_round_and_reads_it_back(program: ProgramOf, road: Item) -> None:
    li, at = program("li"), f"/items/{road.pk}/figures"

    told = done(li.post(at, {"period": MAY, "figures": {"ytd_done": 9 * WAN, "share": "0.125"}, "seen": 0}))

    assert not told["same"] and told["warnings"] == []
    read = done(li.get(f"{at}?period={MAY}"))["items"]
    assert {one["field"]: one["amount"] or one["number"] for one in read} == {"ytd_done": 9 * WAN, "share": "0.125"}
    assert all(one["by_hand"] for one in read)

    again = done(li.post(at, {"period": MAY, "figures": {"ytd_done": 9 * WAN}, "seen": 0}))
    assert again["same"] and Figure.objects.filter(item=road, period=MAY).count() == 2
    refused(li.post(at, {"period": MAY, "figures": {"ytd_done": 10 * WAN}, "seen": 0}), 409, "reported_meanwhile")


def test_what_the_checks_say_comes_with_its_place_and_goes_by_its_check(program: ProgramOf, road: Item) -> None:
    li, at = program("li"), f"/items/{road.pk}/figures"
    done(li.post(at, {"period": "2026-04", "figures": {"ytd_done": 900 * WAN}, "seen": 0}))
    fewer = {"period": MAY, "figures": {"ytd_done": 800 * WAN}, "seen": 0}

    answer = li.post(at, fewer)
    refused(answer, 422, "questions_open")
    assert [(one["at"], one["check"], one["grade"]) for one in answer.json()["errors"]] == [
        ("body/figures/ytd_done", "fell", "question")
    ]
    done(li.post(at, {**fewer, "reasons": {"fell": "上期多报"}}))

    wrong = {
        "period": MAY,
        "figures": {"month_done": 900 * WAN},
        "seen": Figure.objects.get(item=road, period=MAY).sequence,
    }
    refused(li.post(at, wrong), 422, "figures_wrong")
    refused(li.post(at, {"period": MAY, "figures": {"name": "x"}, "seen": 0}), 422, "not_asked")
    refused(program("qian").post(at, fewer), 404, "not_found")
    refused(program("wang").post(at, fewer), 403, "not_allowed")
