"""The milestones of many items at once: the plan that stands, the day reached, the plan kept as baseline."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from guatu.declarations import Ledger as LedgerDeclaration
from guatu.hub.ledger.milestone_order import order_of
from guatu.hub.ledger.models import Baseline, Milestone, MilestoneOrder
from guatu.hub.ledger.models.milestones import COUNTING, Fact


@dataclass
class MilestonePlan:
    """One milestone of one item; `reached` without an actual day was reached on a day nobody reported."""

    key: str
    planned: date | None = None
    revised: date | None = None
    actual: date | None = None
    reached: bool = False
    baseline: date | None = None
    too_early: bool = False
    """Reached before what should have come before it."""

    @property
    def plan(self) -> date | None:
        return self.revised or self.planned

    @property
    def on(self) -> date | None:
        """The day it was reached, else the one it is planned for."""
        return self.actual if self.reached else self.plan


@dataclass
class ItemPlan:
    """Milestones of an item by key, in the ledger's order; only those that something is known of."""

    milestones: dict[str, MilestonePlan] = field(default_factory=dict)

    @property
    def days(self) -> list[date]:
        return [one.on for one in self.milestones.values() if one.on is not None]

    @property
    def baseline_days(self) -> list[date]:
        return [one.baseline for one in self.milestones.values() if one.baseline is not None]

    @property
    def reached_days(self) -> list[date]:
        return [one.actual for one in self.milestones.values() if one.reached and one.actual is not None]


def days_to_come(ids: Iterable[int]) -> dict[int, dict[str, date]]:
    """Of each item that has some, the days planned for milestones it has not reached, as last revised; one query."""
    planned: dict[int, dict[str, date]] = {}
    reached: set[tuple[int, str]] = set()
    held = Milestone.objects.in_force().counting().filter(item__in=list(ids))
    for item, key, fact, on in held.order_by("fact", "pk").values_list("item_id", "key", "fact", "on"):
        if fact == Fact.ACTUAL:
            reached.add((item, key))
        elif on is not None:  # what was planned first, then what was revised
            planned.setdefault(item, {})[key] = on
    left = {item: {key: on for key, on in days.items() if (item, key) not in reached} for item, days in planned.items()}
    return {item: days for item, days in left.items() if days}


def plans_of(ledger: LedgerDeclaration, ids: Iterable[int]) -> dict[int, ItemPlan]:
    """Of each item; three queries. The baseline is the one kept last; without one, the plan first made where another stands now."""
    asked = list(ids)
    kept: dict[int, int] = dict(
        Baseline.objects.filter(item__in=asked).order_by("sequence").values_list("item_id", "sequence")
    )
    facts = list(Milestone.objects.filter(item__in=asked, key__in=ledger.milestones).order_by("sequence"))
    own: dict[int, list[MilestoneOrder]] = {}
    for order in MilestoneOrder.objects.in_force().filter(item__in=asked):
        own.setdefault(order.item_id, []).append(order)
    by_item: dict[int, list[Milestone]] = {one: [] for one in asked}
    for fact in facts:
        by_item[fact.item_id].append(fact)
    return {one: _plan(ledger, by_item[one], kept.get(one), own.get(one, ())) for one in asked}


def _plan(
    ledger: LedgerDeclaration, facts: Sequence[Milestone], baseline: int | None, own: Sequence[MilestoneOrder]
) -> ItemPlan:
    found: dict[str, MilestonePlan] = {}
    for fact in facts:
        one = found.setdefault(fact.key, MilestonePlan(fact.key))
        if fact.superseded_by_sequence is None:
            _say(one, fact)
        if baseline is not None and fact.stood_at(baseline) and fact.fact in (Fact.PLANNED, Fact.REVISED):
            one.baseline = fact.on
    for one in found.values():
        if baseline is None and one.planned != one.on:
            one.baseline = one.planned
    _mark(found, order_of(ledger, own))
    return ItemPlan({key: found[key] for key in ledger.milestones if key in found})


def _say(one: MilestonePlan, fact: Milestone) -> None:
    if fact.fact == Fact.PLANNED:
        one.planned = fact.on
    elif fact.fact == Fact.REVISED:
        one.revised = fact.on
    elif fact.standing in COUNTING:
        one.actual, one.reached = fact.on, True


def _mark(found: Mapping[str, MilestonePlan], order: Mapping[str, Mapping[str, int]]) -> None:
    for key, one in found.items():
        for before in order.get(key, ()) if one.reached else ():
            other = found.get(before)
            if other is None or not other.reached or (one.actual and other.actual and other.actual > one.actual):
                one.too_early = True
