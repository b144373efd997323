"""A round judged into the site: lights, values and reasons are kept; the same again is said to be the same; nothing is altered."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from guatu.hub.accounts.actor import NotAllowed
from guatu.hub.assessment.actions.rounds import AlreadyWaiting, NotBegun, evaluate, may_judge
from guatu.hub.assessment.models import ItemLight, Run, RunState, UnitResult
from guatu.hub.assessment.reading import items_with_light, latest_run, lights_of, strips_of
from guatu.hub.assessment.rows import figures_read, lights_read
from guatu.hub.assessment.task import judge
from guatu.hub.audit.models import Record
from guatu.hub.ledger.actions.items import change_item
from guatu.hub.ledger.models import Item, Ledger
from guatu.text import Refusal
from tests.hub.people import NOW, City


def judged_run(ledger: Ledger, city: City, period: str) -> Run:
    run = evaluate(ledger=ledger, rulebook="late", period=period, by=city.actor("zhao"), at=NOW)
    judge.func(run.pk)
    return Run.objects.get(pk=run.pk)


def begin(city: City, name: str, on: date) -> None:
    item = Item.objects.get(name=name)
    change_item(
        item=item, seen=item.revision, values={"begun": True}, on=on, reason="开工", by=city.actor("zhao"), at=NOW
    )


def test_a_judged_round_keeps_each_light_with_its_clause_and_the_values_it_put_in(judged: Ledger, city: City) -> None:
    run = judged_run(judged, city, "2026-04")

    east = ItemLight.objects.get(run=run, item__name="东桥")
    assert (run.state, run.counts, east.severity) == ("judged", {"lagging": 1, "normal": 1}, "lagging")
    due = lights_read(east.lights)["due"]
    assert (due.clause, due.conditions, due.inputs) == ("late", "111", ("2026-03-01",))
    assert due.because == ("应于2026年3月1日完工，还没有开工", "due on 1 March 2026, not begun yet")
    assert run.pack == judged.pack and run.rulebook == "late" and (run.known_by or 0) > 0
    asked = Record.objects.get(pk=run.record_id)
    assert (asked.kind, asked.person_id) == ("round.asked_for", city.people["zhao"].pk)


def test_values_of_units_are_kept_exactly_with_both_sides_and_rank(judged: Ledger, city: City) -> None:
    run = judged_run(judged, city, "2026-04")

    values = {
        one.unit.title_zh: figures_read(one.values)["begun_rate"]
        for one in UnitResult.objects.filter(run=run, list="all").select_related("unit")
    }
    whole = values["挂图市"]
    assert (whole.num, whole.den, whole.numerator, whole.denominator, whole.value) == ("1", "2", "1", "2", "50")
    assert [(values[name].value, values[name].rank) for name in ("西城区", "东城区")] == [("100", 1), ("0", 2)]


def test_the_same_facts_and_rules_give_the_same_digest_and_are_kept_once(judged: Ledger, city: City) -> None:
    first, again = judged_run(judged, city, "2026-04"), judged_run(judged, city, "2026-04")

    assert (again.state, again.same_as, again.digest) == (RunState.SAME, first, first.digest)
    assert ItemLight.objects.count() == 2 and latest_run(judged) == first


def test_a_restated_round_is_a_run_of_its_own_and_the_old_one_stays(judged: Ledger, city: City) -> None:
    first = judged_run(judged, city, "2026-04")
    before = list(ItemLight.objects.order_by("pk").values())

    begin(city, "东桥", date(2026, 4, 10))
    second = judged_run(judged, city, "2026-04")

    assert second.state == RunState.JUDGED and second.digest != first.digest
    assert list(ItemLight.objects.filter(run=first).order_by("pk").values()) == before
    assert lights_of(second, [Item.objects.get(name="东桥").pk]) == {Item.objects.get(name="东桥").pk: "normal"}
    assert latest_run(judged) == second


def test_a_round_looks_back_at_the_one_before_it(judged: Ledger, city: City) -> None:
    april = judged_run(judged, city, "2026-04")
    begin(city, "东桥", date(2026, 5, 10))
    may = judged_run(judged, city, "2026-05")

    east = ItemLight.objects.get(run=may, item__name="东桥")
    assert (may.looked_back, may.before, may.changes) == ([april.pk], april, {"better": 1, "same": 1})
    assert (east.before, east.severity, east.change) == ("lagging", "normal", "better")
    items = list(Item.objects.order_by("name"))
    with CaptureQueriesContext(connection) as asked:
        strips = strips_of(items)
    assert strips == {items[0].pk: ["lagging", "normal"], items[1].pk: ["normal", "normal"]}
    assert len(asked) == 3


def test_items_are_found_by_their_light(judged: Ledger, city: City) -> None:
    run = judged_run(judged, city, "2026-04")

    lagging = items_with_light(Item.objects.visible_to(city.actor("zhao")), run, "lagging")

    assert [one.name for one in lagging] == ["东桥"]


def test_whoever_does_not_dispatch_for_all_judges_nothing(judged: Ledger, city: City) -> None:
    empty = Ledger.objects.create(key="empty", pack=judged.pack, title_zh="空台账", title_en="Empty")
    for ledger in (judged, empty):
        for name in ("li", "wang", "qian", "zheng", "sun"):
            with pytest.raises(NotAllowed):
                evaluate(ledger=ledger, rulebook="late", period="2026-04", by=city.actor(name), at=NOW)
            assert not may_judge(ledger, city.actor(name))
    assert Run.objects.count() == 0
    assert may_judge(empty, city.actor("zhao"))


def test_a_round_to_come_another_rulebook_and_the_same_twice_are_refused(judged: Ledger, city: City) -> None:
    def ask(rulebook: str, period: str) -> Run:
        return evaluate(ledger=judged, rulebook=rulebook, period=period, by=city.actor("zhao"), at=NOW)

    with pytest.raises(NotBegun):
        ask("late", "2026-07")
    with pytest.raises(Refusal, match="late"):
        ask("later", "2026-04")
    with pytest.raises(Refusal):
        ask("late", "四月")
    ask("late", "2026-04")
    with pytest.raises(AlreadyWaiting):
        ask("late", "2026-04")


def test_what_the_engine_refuses_is_told_where_the_run_is(
    judged: Ledger, city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("guatu.hub.assessment.judging.evaluate", refuse)

    run = judged_run(judged, city, "2026-04")

    assert run.state == RunState.FAILED and run.refusal.zh and run.remedy.en
    assert latest_run(judged) is None and ItemLight.objects.count() == 0
