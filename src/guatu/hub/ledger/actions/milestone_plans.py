"""The plan of an item's milestones as a whole: what comes before what, schedules backwards from an end, baselines."""

from __future__ import annotations

from datetime import date, datetime

from guatu.hub.accounts.actor import Actor, require
from guatu.hub.accounts.models import Unit
from guatu.hub.accounts.roles import Permission
from guatu.hub.audit.acting import action
from guatu.hub.audit.events import Event
from guatu.hub.audit.recording import record
from guatu.hub.audit.refusals import Conflict
from guatu.hub.ledger.actions.holding import held_and_there, nothing_different, require_reason
from guatu.hub.ledger.actions.milestones import plan_of, require_agreed, require_milestone
from guatu.hub.ledger.actions.revising import next_sequence, put_in_force
from guatu.hub.ledger.milestone_order import circle_in, latest_days, order_of
from guatu.hub.ledger.models import Baseline, Item, Milestone, MilestoneOrder
from guatu.hub.ledger.models.milestones import COUNTING, Fact
from guatu.hub.ledger.packs import declared
from guatu.text import Refusal, Text


class MilestonesInACircle(Refusal):
    """A milestone would come after itself."""

    def __init__(self, item: Item, titles: tuple[Text, ...]) -> None:
        super().__init__(
            item.name,
            Text(
                f"节点的先后绕成了圈：{' → '.join(one.zh for one in titles)}",
                f"milestones come after one another: {' → '.join(one.en for one in titles)}",
            ),
            Text("去掉其中一个先后。", "Take one of them away."),
        )


@action("milestone.order")
def order_milestones(
    *, item: Item, key: str, after: str, days: int | None, reason: str, by: Actor, at: datetime
) -> MilestoneOrder:
    """For this item: `key` comes at least `days` working days after `after`; None: whatever its ledger declares, it need not."""
    item = held_and_there(item)
    under = require(by, Permission.CHANGE_ITEMS, unit=item.unit)
    require_milestone(item, key)
    require_milestone(item, after)
    reason = require_reason(item.name, reason)
    declaration = declared(item.ledger)
    own = list(item.milestone_orders.in_force())
    before = next((one for one in own if (one.key, one.after) == (key, after)), None)
    was = order_of(declaration, own)
    fresh = MilestoneOrder(item=item, key=key, after=after, days=days, reason=reason)
    order = order_of(declaration, [*(one for one in own if one is not before), fresh])
    if circle := circle_in(order):
        raise MilestonesInACircle(item, tuple(declaration.milestones[one].title for one in circle))
    if order == was:
        raise nothing_different(item.name)
    told = record(
        Event.MILESTONES_ORDERED, subject=item, before={"days": was[key].get(after)},
        after={"milestone": key, "after": after, "days": days}, reason=reason, by=under, at=at,
    )  # fmt: skip
    return put_in_force(before, fresh, next_sequence(told))


@action("milestone.schedule")
def schedule_milestones(
    *, item: Item, end: str, on: date, reason: str, agreed_by: Unit | None = None, by: Actor, at: datetime
) -> list[Milestone]:
    """Plan backwards from an end in working days: the end on its day, whatever comes before it as late as it may be.

    Days that are reached stay out of it. Plans that stand are revised, which takes the unit that agreed.
    """
    item = held_and_there(item)
    under = require(by, Permission.CHANGE_ITEMS, unit=item.unit)
    require_milestone(item, end)
    reason = require_reason(item.name, reason)
    days = latest_days(order_of(declared(item.ledger), item.milestone_orders.in_force()), end, on).days
    fresh: list[tuple[Milestone | None, Milestone]] = []
    for key, facts in _facts_for(item, list(days)):
        actual, plan = facts.get(Fact.ACTUAL), plan_of(facts)
        if (actual is not None and actual.standing in COUNTING) or (plan is not None and plan.on == days[key]):
            continue
        fact = Fact.PLANNED if plan is None else Fact.REVISED
        fresh.append(
            (
                facts.get(fact),
                Milestone(item=item, key=key, fact=fact, on=days[key], reason=reason, agreed_by=agreed_by),
            )
        )
    if not fresh:
        raise nothing_different(item.name)
    if any(one.fact == Fact.REVISED for _, one in fresh):
        require_agreed(item, reason, agreed_by)
    told = record(
        Event.MILESTONES_SCHEDULED, subject=item,
        after={"end": end, "on": on, "days": {one.key: one.on for _, one in fresh}, "agreed_by": agreed_by.pk if agreed_by else None},
        reason=reason, by=under, at=at,
    )  # fmt: skip
    sequence = next_sequence(told)
    return [put_in_force(before, one, sequence) for before, one in fresh]


@action("milestone.set_baseline")
def set_baseline(*, item: Item, title: str, on: date, by: Actor, at: datetime) -> Baseline:
    """Keep the plan as it stands under a name, to compare later days with."""
    item = held_and_there(item)
    under = require(by, Permission.CHANGE_ITEMS, unit=item.unit)
    title = " ".join(title.split())
    if not title or item.baselines.filter(title=title).exists():
        raise Conflict(
            item.name,
            Text("基线没有名称，或已有同名的基线", "the baseline has no name, or there is one of that name"),
            Text("换一个名称，如“2026 年度计划”。", "Give another name, such as 'Plan of 2026'."),
        )
    if not item.milestones.in_force().exclude(fact=Fact.ACTUAL).exists():
        raise Conflict(
            item.name,
            Text("还没有任何节点计划", "no milestone is planned yet"),
            Text("先填计划日期。", "Plan the milestones first."),
        )
    told = record(Event.BASELINE_SET, subject=item, after={"title": title, "on": on}, by=under, at=at)
    kept: Baseline = Baseline.objects.create(item=item, title=title, set_on=on, sequence=next_sequence(told))
    return kept


def _facts_for(item: Item, keys: list[str]) -> list[tuple[str, dict[str, Milestone]]]:
    """What is known of some milestones, in that order."""
    found: dict[str, dict[str, Milestone]] = {key: {} for key in keys}
    for one in item.milestones.in_force().filter(key__in=keys):
        found[one.key][one.fact] = one
    return list(found.items())
