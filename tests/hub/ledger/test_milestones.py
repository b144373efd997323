"""Milestones: planned, revised with agreement, claimed, checked and verified by different hands; known then and now."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from guatu.hub.accounts.actor import NotAllowed
from guatu.hub.audit.refusals import Conflict
from guatu.hub.ledger.actions.milestone_plans import (
    MilestonesInACircle,
    order_milestones,
    schedule_milestones,
    set_baseline,
)
from guatu.hub.ledger.actions.milestones import (
    NotAtThatStage,
    SameHands,
    UnknownMilestone,
    check_milestone,
    claim_milestone,
    plan_milestone,
    verify_milestone,
    withdraw_milestone,
)
from guatu.hub.ledger.as_of import sequence_at
from guatu.hub.ledger.milestone_order import latest_days
from guatu.hub.ledger.models import Item, Milestone
from guatu.standards.working_days import WorkingCalendar
from guatu.text import Refusal
from tests.hub.ledger.dossiers import dossiers, parcel
from tests.hub.people import NOW, City

__all__ = ["dossiers", "parcel"]
LATER, LAST = NOW + timedelta(hours=1), NOW + timedelta(hours=2)
MAY, JUNE = date(2026, 5, 20), date(2026, 6, 30)


def known(item: Item, known_by: int | None = None) -> dict[str, tuple[date | None, str]]:
    """Day and standing in force by fact, of `begun`."""
    return {one.fact: (one.on, one.standing) for one in item.milestones.in_force(known_by).filter(key="begun")}


def claimed(parcel: Item, city: City) -> Milestone:
    return claim_milestone(item=parcel, key="begun", on=MAY, evidence="施工许可 7 号", by=city.actor("li"), at=NOW)


def test_a_revised_plan_leaves_the_first_one_and_what_was_known_then(parcel: Item, city: City) -> None:
    zhao = city.actor("zhao")
    plan_milestone(item=parcel, key="begun", on=MAY, by=zhao, at=NOW)
    plan_milestone(
        item=parcel, key="begun", on=JUNE, reason="征地未完", agreed_by=city.units["bureau"], by=zhao, at=LATER
    )
    plan_milestone(
        item=parcel, key="begun", on=date(2026, 7, 1), reason="汛期", agreed_by=city.units["bureau"], by=zhao, at=LAST
    )

    assert {fact: on for fact, (on, _) in known(parcel).items()} == {"planned": MAY, "revised": date(2026, 7, 1)}
    assert {fact: on for fact, (on, _) in known(parcel, sequence_at(NOW)).items()} == {"planned": MAY}
    assert {fact: on for fact, (on, _) in known(parcel, sequence_at(LATER)).items()} == {
        "planned": MAY,
        "revised": JUNE,
    }


def test_a_plan_that_stands_is_not_changed_without_a_reason_and_an_agreement(parcel: Item, city: City) -> None:
    zhao = city.actor("zhao")
    plan_milestone(item=parcel, key="begun", on=MAY, by=zhao, at=NOW)

    with pytest.raises(Refusal, match="no reason"):
        plan_milestone(item=parcel, key="begun", on=JUNE, agreed_by=city.units["bureau"], by=zhao, at=NOW)
    with pytest.raises(Refusal, match="agreed"):
        plan_milestone(item=parcel, key="begun", on=JUNE, reason="拖延", by=zhao, at=NOW)
    with pytest.raises(Conflict, match="nothing"):
        plan_milestone(item=parcel, key="begun", on=MAY, by=zhao, at=NOW)
    with pytest.raises(UnknownMilestone):
        plan_milestone(item=parcel, key="moon", on=MAY, by=zhao, at=NOW)


def test_a_day_is_claimed_checked_and_verified_by_three_people(parcel: Item, city: City) -> None:
    claimed(parcel, city)
    check_milestone(item=parcel, key="begun", accepted=True, by=city.actor("wang"), at=LATER)
    verify_milestone(item=parcel, key="begun", accepted=True, by=city.actor("feng"), at=LAST)

    assert known(parcel) == {"actual": (MAY, "verified")}
    assert known(parcel, sequence_at(LATER)) == {"actual": (MAY, "checked")}
    assert Milestone.objects.in_force().get().evidence == "施工许可 7 号"
    with pytest.raises(NotAtThatStage):
        claim_milestone(item=parcel, key="begun", on=MAY, evidence="x", by=city.actor("li"), at=LAST)
    with pytest.raises(NotAtThatStage):
        plan_milestone(item=parcel, key="begun", on=JUNE, by=city.actor("zhao"), at=LAST)


def test_whoever_claims_does_not_check(parcel: Item, city: City) -> None:
    zhao = city.actor("zhao")
    claim_milestone(item=parcel, key="begun", on=MAY, evidence="许可", by=zhao, at=NOW)

    with pytest.raises(SameHands):
        check_milestone(item=parcel, key="begun", accepted=True, by=zhao, at=LATER)


def test_whoever_checked_does_not_verify_even_in_another_post(parcel: Item, city: City) -> None:
    claimed(parcel, city)
    city.posts["wang"].role = "inspector"
    check_milestone(item=parcel, key="begun", accepted=True, by=city.actor("wang"), at=LATER)
    city.posts["wang"].save()

    with pytest.raises(SameHands):
        verify_milestone(item=parcel, key="begun", accepted=True, by=city.actor("wang"), at=LAST)


def test_a_rejected_day_counts_no_more_and_is_claimed_anew(parcel: Item, city: City) -> None:
    claimed(parcel, city)
    with pytest.raises(Refusal, match="no reason"):
        check_milestone(item=parcel, key="begun", accepted=False, by=city.actor("wang"), at=LATER)
    check_milestone(item=parcel, key="begun", accepted=False, note="只平整了场地", by=city.actor("wang"), at=LATER)

    assert not parcel.milestones.in_force().counting().exists()
    with pytest.raises(NotAtThatStage):
        verify_milestone(item=parcel, key="begun", accepted=True, by=city.actor("feng"), at=LAST)
    claimed(parcel, city)
    assert known(parcel) == {"actual": (MAY, "claimed")}


def test_a_claim_is_withdrawn_by_those_who_report_and_stays_known(parcel: Item, city: City) -> None:
    claimed(parcel, city)
    withdraw_milestone(item=parcel, key="begun", reason="填错项目", by=city.actor("li"), at=LATER)

    assert known(parcel) == {"actual": (MAY, "withdrawn")}
    assert known(parcel, sequence_at(NOW)) == {"actual": (MAY, "claimed")}


def test_a_claim_names_evidence_and_no_day_to_come(parcel: Item, city: City) -> None:
    li = city.actor("li")
    with pytest.raises(Refusal, match="Ground is broken"):
        claim_milestone(item=parcel, key="begun", on=MAY, evidence=" ", by=li, at=NOW)
    with pytest.raises(Refusal, match="not come yet"):
        claim_milestone(item=parcel, key="begun", on=JUNE, evidence="许可", by=li, at=NOW)


@pytest.mark.parametrize("stranger", ["qian", "zheng", "sun", "feng", "wang"])
def test_strangers_claim_nothing(parcel: Item, city: City, stranger: str) -> None:
    with pytest.raises(NotAllowed):
        claim_milestone(item=parcel, key="begun", on=MAY, evidence="许可", by=city.actor(stranger), at=NOW)


def test_a_schedule_backwards_counts_working_days_over_holidays(parcel: Item, city: City) -> None:
    """供地 no later than 动工; 批准 20 working days before 供地: over 端午 (19 June) that is 1 June for 30 June."""
    schedule_milestones(item=parcel, end="begun", on=JUNE, reason="七一前动工", by=city.actor("zhao"), at=NOW)

    days = dict(parcel.milestones.in_force().values_list("key", "on"))
    assert days == {"begun": JUNE, "supplied": JUNE, "approved": date(2026, 6, 1)}
    assert WorkingCalendar().add_working_days(date(2026, 6, 1), 20) == JUNE
    assert WorkingCalendar().add_working_days(date(2026, 6, 2), 20) > JUNE


def test_a_schedule_leaves_what_is_reached_and_revises_only_with_agreement(parcel: Item, city: City) -> None:
    zhao = city.actor("zhao")
    claim_milestone(item=parcel, key="approved", on=MAY, evidence="批复", by=city.actor("li"), at=NOW)
    schedule_milestones(item=parcel, end="begun", on=JUNE, reason="倒排", by=zhao, at=NOW)
    assert not parcel.milestones.filter(key="approved", fact="planned").exists()

    with pytest.raises(Refusal, match="agreed"):
        schedule_milestones(item=parcel, end="begun", on=date(2026, 7, 31), reason="推迟", by=zhao, at=LATER)
    moved = schedule_milestones(
        item=parcel, end="begun", on=date(2026, 7, 31), reason="推迟", agreed_by=city.units["bureau"], by=zhao, at=LATER
    )
    assert sorted(one.key for one in moved) == ["begun", "supplied"]
    assert {one.fact for one in moved} == {"revised"}


def test_years_without_published_holidays_are_said_to_be_supposed() -> None:
    order = {"a": {}, "b": {"a": 5}}

    found = latest_days(order, "b", date(2031, 3, 14))

    assert found.days["a"] == date(2031, 3, 7)
    assert found.supposed == (2031,)


def test_an_items_own_order_stands_over_the_ledgers_and_never_makes_a_circle(parcel: Item, city: City) -> None:
    zhao = city.actor("zhao")
    with pytest.raises(MilestonesInACircle):
        order_milestones(item=parcel, key="approved", after="begun", days=0, reason="误", by=zhao, at=NOW)
    order_milestones(item=parcel, key="supplied", after="approved", days=None, reason="先供后批", by=zhao, at=NOW)

    schedule_milestones(item=parcel, end="begun", on=JUNE, reason="倒排", by=zhao, at=NOW)

    assert dict(parcel.milestones.in_force().values_list("key", "on"))["approved"] == date(2026, 6, 23)


def test_a_baseline_keeps_the_plan_it_was_made_of(parcel: Item, city: City) -> None:
    zhao = city.actor("zhao")
    with pytest.raises(Conflict):
        set_baseline(item=parcel, title="年度计划", on=MAY, by=zhao, at=NOW)
    plan_milestone(item=parcel, key="begun", on=MAY, by=zhao, at=NOW)
    kept = set_baseline(item=parcel, title="年度计划", on=MAY, by=zhao, at=NOW)
    plan_milestone(item=parcel, key="begun", on=JUNE, reason="征地", agreed_by=city.units["bureau"], by=zhao, at=LATER)

    assert known(parcel, kept.sequence) == {"planned": (MAY, "claimed")}
    with pytest.raises(Conflict):
        set_baseline(item=parcel, title="年度计划", on=MAY, by=zhao, at=LATER)
