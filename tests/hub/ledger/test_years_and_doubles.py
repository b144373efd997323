"""The year turns and doubles are merged: named actions that change nothing of what was known before."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from guatu.hub.accounts.actor import NotAllowed
from guatu.hub.accounts.models import Person, Post
from guatu.hub.audit.refusals import Conflict
from guatu.hub.ledger.actions.duties import Answerable, assign_duty
from guatu.hub.ledger.actions.items import change_item, set_item_state
from guatu.hub.ledger.actions.links import link_items
from guatu.hub.ledger.actions.merging import NotMergeable, merge_items, tell_apart
from guatu.hub.ledger.actions.milestones import SameHands, check_milestone, claim_milestone, plan_milestone
from guatu.hub.ledger.actions.years import (
    NotInThatYear,
    Redrawn,
    TakenIn,
    adjust_year_plan,
    leave_year,
    open_year,
    redraw_list,
)
from guatu.hub.ledger.as_of import rows_on, sequence_at
from guatu.hub.ledger.doubles import doubles
from guatu.hub.ledger.models import Duty, Figure, Item, Ledger, Link, YearEntry
from guatu.hub.ledger.models.items import ItemState
from guatu.hub.ledger.packs import declared
from guatu.text import Refusal
from tests.hub.ledger.dossiers import JANUARY, dossiers, parcel, parcel_named, second
from tests.hub.people import NOW, City

__all__ = ["dossiers", "parcel", "second"]
MARCH, MAY, JUNE = date(2026, 3, 1), date(2026, 5, 1), date(2026, 6, 1)
LATER = NOW + timedelta(hours=1)


def everything_known(known_by: int) -> dict[str, object]:
    """What an outsider would have been told by a number: rows of every day there was, plans, milestones."""
    rows = {str(day): dict(rows_on(Item.objects.all(), day, known_by=known_by)) for day in (JANUARY, MARCH, MAY, JUNE)}
    plans = {
        (one.item_id, one.field, one.period): one.amount
        for one in Figure.objects.filter(sequence__lte=known_by)
        if one.superseded_by_sequence is None or one.superseded_by_sequence > known_by
    }
    milestones = {
        (item.pk, one.key, one.fact): one.on
        for item in Item.objects.all()
        for one in item.milestones.in_force(known_by)
    }
    return {"rows": rows, "plans": plans, "milestones": milestones}


def test_the_turn_of_the_year_changes_nothing_of_what_was_known_before(
    dossiers: Ledger, parcel: Item, second: Item, city: City
) -> None:
    zhao = city.actor("zhao")
    open_year(ledger=dossiers, year=2025, taken=[TakenIn(parcel, {"year_plan": 9_000_000})], by=zhao, at=NOW)
    plan_milestone(item=parcel, key="begun", on=JUNE, by=zhao, at=NOW)
    then = sequence_at(NOW)
    before = everything_known(then)

    entries = open_year(
        ledger=dossiers, year=2026, by=zhao, at=LATER,
        taken=[TakenIn(parcel, {"year_plan": 5_000_000}, "续建"), TakenIn(second, {"year_plan": 2_000_000})],
    )  # fmt: skip
    adjust_year_plan(item=parcel, year=2026, field="year_plan", value=4_000_000, reason="年中调整", by=zhao, at=LATER)
    redraw_list(ledger=dossiers, key="idle", changes=[Redrawn(parcel, True, "认定闲置")], on=MARCH, by=zhao, at=LATER)
    redraw_list(ledger=dossiers, key="idle", changes=[Redrawn(parcel, False, "已处置")], on=MAY, by=zhao, at=LATER)
    set_item_state(item=second, state=ItemState.SUSPENDED, on=MARCH, reason="停工", by=zhao, at=LATER)
    set_item_state(item=second, state=ItemState.ACTIVE, on=MAY, reason="复工", by=zhao, at=LATER)
    set_item_state(item=second, state=ItemState.WITHDRAWN, on=JUNE, reason="退出", by=zhao, at=LATER)
    leave_year(item=second, year=2026, on=JUNE, reason="退出", by=zhao, at=LATER)

    assert everything_known(then) == before
    assert [one.kind for one in entries] == ["carried_over", "new"]
    assert [row.state for row in (dict(rows_on(Item.objects.all(), day))[second.pk] for day in (MARCH, MAY, JUNE))] == [
        "suspended", "active", "withdrawn",
    ]  # fmt: skip
    plans = Figure.objects.filter(item=parcel, period="2026").order_by("sequence")
    assert [(one.amount, one.superseded_by_sequence is None) for one in plans] == [
        (5_000_000, False),
        (4_000_000, True),
    ]
    spell = parcel.memberships.get(list="idle")
    assert (spell.valid_from, spell.valid_to, spell.reason, spell.left_reason) == (MARCH, MAY, "认定闲置", "已处置")


def test_a_year_is_opened_for_all_or_for_none(dossiers: Ledger, parcel: Item, second: Item, city: City) -> None:
    zhao = city.actor("zhao")
    open_year(ledger=dossiers, year=2026, taken=[TakenIn(second)], by=zhao, at=NOW)

    with pytest.raises(NotInThatYear):
        open_year(ledger=dossiers, year=2026, taken=[TakenIn(parcel), TakenIn(second)], by=zhao, at=LATER)
    with pytest.raises(NotAllowed):
        open_year(ledger=dossiers, year=2026, taken=[TakenIn(parcel)], by=city.actor("li"), at=LATER)
    with pytest.raises(Refusal):
        open_year(ledger=dossiers, year=2026, taken=[TakenIn(parcel, {"way": "x"})], by=zhao, at=LATER)
    with pytest.raises(NotInThatYear):
        adjust_year_plan(item=parcel, year=2026, field="year_plan", value=1, reason="调", by=zhao, at=LATER)
    assert list(YearEntry.objects.values_list("item_id", flat=True)) == [second.pk]


def test_a_list_is_redrawn_for_all_or_for_none(dossiers: Ledger, parcel: Item, second: Item, city: City) -> None:
    zhao = city.actor("zhao")
    changes = [Redrawn(parcel, True, "认定"), Redrawn(second, False, "没有在册")]

    with pytest.raises(Conflict):
        redraw_list(ledger=dossiers, key="idle", changes=changes, on=MARCH, by=zhao, at=NOW)
    assert not parcel.memberships.exists()


def test_a_merged_item_leaves_a_tombstone_and_both_histories(
    dossiers: Ledger, parcel: Item, second: Item, city: City
) -> None:
    zhao = city.actor("zhao")
    change_item(
        item=second, seen=1, code="P-2", values={"way": "收回", "task_area": 7}, on=MARCH, reason="补", by=zhao, at=NOW
    )
    change_item(item=parcel, seen=1, values={"way": "置换"}, lists=("idle",), on=MARCH, reason="补", by=zhao, at=NOW)
    plan_milestone(item=second, key="begun", on=JUNE, by=zhao, at=NOW)
    open_year(ledger=dossiers, year=2026, taken=[TakenIn(second, {"year_plan": 3_000_000})], by=zhao, at=NOW)
    assign_duty(item=second, slot="lead", holder=Answerable(unit=city.units["west"]), on=MARCH, by=zhao, at=NOW)
    third = parcel_named("西关", dossiers, city)
    link_items(source=third, target=second, kind="part_of", on=MARCH, by=zhao, at=NOW)
    then = sequence_at(NOW)
    before = everything_known(then)

    merge_items(item=second, into=parcel, take=["task_area"], on=MAY, reason="同一宗地", by=zhao, at=LATER)

    second.refresh_from_db()
    parcel.refresh_from_db()
    assert (second.state, second.merged_into) == ("merged", parcel)
    assert (parcel.code, parcel.values) == ("P-2", {"way": "置换", "task_area": 7})
    assert parcel.milestones.in_force().get().on == JUNE
    assert parcel.figures.get(period="2026").amount == 3_000_000
    assert parcel.years.get().year == 2026
    assert parcel.duties.get(valid_to=None).unit == city.units["west"]
    assert Link.objects.get(valid_to=None).target == parcel
    assert Item.objects.visible_to(city.actor("qian")).filter(pk=parcel.pk).exists()
    assert everything_known(then) == before
    assert dict(rows_on(Item.objects.all(), MARCH))[second.pk].state == "active"
    with pytest.raises(Conflict):
        change_item(item=second, seen=3, name="新名", on=MAY, reason="误", by=zhao, at=LATER)


def test_a_merge_never_closes_a_circle_of_links(dossiers: Ledger, parcel: Item, second: Item, city: City) -> None:
    zhao = city.actor("zhao")
    third = parcel_named("西关", dossiers, city)
    link_items(source=third, target=second, kind="part_of", on=MARCH, by=zhao, at=NOW)
    link_items(source=parcel, target=third, kind="part_of", on=MARCH, by=zhao, at=NOW)

    merge_items(item=second, into=parcel, on=MAY, reason="同一宗地", by=zhao, at=LATER)

    assert [(one.source, one.target) for one in Link.objects.filter(valid_to=None)] == [(parcel, third)]


def test_whoever_claimed_a_day_does_not_pass_it_on_after_a_merge(
    dossiers: Ledger, parcel: Item, second: Item, city: City
) -> None:
    deputy = Person.objects.create(username="deputy", name="副手")
    Post.objects.create(person=deputy, unit=city.units["city"], role="dispatcher", starts_on=JANUARY)
    city.people["deputy"] = deputy
    claim_milestone(item=second, key="begun", on=MARCH, evidence="许可", by=city.actor("zhao"), at=NOW)
    merge_items(item=second, into=parcel, on=MAY, reason="同一宗地", by=city.actor("deputy"), at=LATER)

    with pytest.raises(SameHands):
        check_milestone(item=parcel, key="begun", accepted=True, by=city.actor("zhao"), at=LATER)
    check_milestone(item=parcel, key="begun", accepted=True, by=city.actor("wang"), at=LATER)


def test_what_cannot_be_one_is_not_merged(dossiers: Ledger, parcel: Item, second: Item, city: City) -> None:
    zhao = city.actor("zhao")
    change_item(item=second, seen=1, values={"way": "收回"}, on=JUNE, reason="补", by=zhao, at=NOW)

    with pytest.raises(NotMergeable):
        merge_items(item=parcel, into=parcel, on=JUNE, reason="误", by=zhao, at=LATER)
    with pytest.raises(NotMergeable, match="2026-06-01"):
        merge_items(item=second, into=parcel, on=MAY, reason="误", by=zhao, at=LATER)
    with pytest.raises(NotAllowed):
        merge_items(item=second, into=parcel, on=JUNE, reason="误", by=city.actor("li"), at=LATER)
    assert not Duty.objects.exists()


def test_doubles_are_found_until_somebody_tells_them_apart(dossiers: Ledger, parcel: Item, city: City) -> None:
    zhao, holder = city.actor("zhao"), "91370202MA3C000011"
    same = parcel_named("东关 一期地块", dossiers, city)
    elsewhere = parcel_named("东关一期", dossiers, city, unit="west")
    parcel_named("东关二期", dossiers, city)
    for one in (parcel, elsewhere):
        change_item(item=one, seen=1, values={"holder_code": holder}, on=MARCH, reason="补", by=zhao, at=NOW)

    def found() -> list[tuple[int, int]]:
        return [(one.one.pk, one.other.pk) for one in doubles(Item.objects.all(), declared(dossiers))]

    assert found() == [(parcel.pk, same.pk), (parcel.pk, elsewhere.pk)]
    tell_apart(one=elsewhere, other=parcel, reason="两宗地", by=zhao, at=LATER)
    assert found() == [(parcel.pk, same.pk)]
    merge_items(item=same, into=parcel, on=MARCH, reason="同一宗地", by=zhao, at=LATER)
    assert found() == []
    with pytest.raises(Conflict):
        tell_apart(one=parcel, other=elsewhere, reason="再", by=zhao, at=LATER)
