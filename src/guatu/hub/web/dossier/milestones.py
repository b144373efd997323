"""Milestones of an item as its dossier shows them: plans, the day reached, standing, slip, and what was said when, as of a day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time

from django.utils.timezone import get_current_timezone, localdate

from guatu.declarations import Ledger as LedgerDeclaration
from guatu.declarations import MilestoneDeclaration
from guatu.hub.composed import ByKey
from guatu.hub.ledger.as_of import sequence_at
from guatu.hub.ledger.milestone_order import order_of
from guatu.hub.ledger.models import Baseline, Item, Milestone, MilestoneOrder
from guatu.hub.ledger.models.milestones import COUNTING, Fact, Standing
from guatu.hub.ledger.shown import FACTS
from guatu.hub.ledger.telling import UNTOLD, Telling
from guatu.text import Text

BASELINES = 3
STANDINGS: Mapping[str, tuple[Text, str]] = {
    Standing.CLAIMED: (Text("○ 已申报", "○ claimed"), "waits"),
    Standing.CHECKED: (Text("◐ 已审核", "◐ checked"), "waits"),
    Standing.VERIFIED: (Text("● 已核实", "● verified"), "good"),
    Standing.REJECTED: (Text("■ 已退回", "■ rejected"), "bad"),
    Standing.WITHDRAWN: (Text("□ 已撤回", "□ withdrawn"), "soft"),
}
"""Each standing of an actual day with its sign, its word and its colour."""


@dataclass(frozen=True, slots=True)
class FactTold:
    """A fact of a milestone as the page tells it; `gone` when another took its place."""

    fact: Milestone
    word: Text
    gone: bool
    when: str
    post: Text | None


@dataclass
class MilestoneShown:
    """A milestone's line: the plan first made, the plan that stands, the day reached, and how they lie to one another."""

    declared: MilestoneDeclaration
    facts: dict[str, Milestone] = field(default_factory=dict)
    past: list[Milestone] = field(default_factory=list)
    baselines: list[date | None] = field(default_factory=list)
    too_early: list[Text] = field(default_factory=list)
    """Milestones that should have come before and did not."""
    told: list[FactTold] = field(default_factory=list)
    """Filled by `tell`."""
    order: Mapping[str, int] = field(default_factory=dict)
    """What comes before it, with the least working days between."""

    @property
    def planned(self) -> Milestone | None:
        return self.facts.get(Fact.PLANNED)

    @property
    def plan(self) -> Milestone | None:
        return self.facts.get(Fact.REVISED) or self.planned

    @property
    def actual(self) -> Milestone | None:
        return self.facts.get(Fact.ACTUAL)

    @property
    def reached(self) -> bool:
        return self.actual is not None and self.actual.standing in COUNTING

    @property
    def standing(self) -> tuple[Text, str] | None:
        return STANDINGS[self.actual.standing] if self.actual is not None else None

    @property
    def slip(self) -> int | None:
        """Days the plan that stands, or the day reached, lies after the plan first made; negative before it."""
        now = self.actual if self.reached else self.plan
        first = self.planned
        if now is None or now.on is None or first is None or first.on is None or now is first:
            return None
        return (now.on - first.on).days

    @property
    def early(self) -> int:
        return -(self.slip or 0)

    @property
    def overdue(self) -> bool:
        plan = self.plan
        return not self.reached and plan is not None and plan.on is not None and plan.on < localdate()


_MILESTONES = ByKey(lambda item: Milestone.objects.filter(item=item).select_related("agreed_by").order_by("sequence"))
_BASELINES = ByKey(lambda item: Baseline.objects.filter(item=item).order_by("-sequence")[:BASELINES])
_ORDERS = ByKey(lambda item: MilestoneOrder.objects.in_force().filter(item=item))


def sequence_on(day: date) -> int | None:
    """What was known by the end of a day; today: everything."""
    if day >= localdate():
        return None
    return sequence_at(datetime.combine(day, time.max, get_current_timezone()))


def milestones_of(
    item: Item, ledger: LedgerDeclaration, known_by: int | None
) -> tuple[list[MilestoneShown], list[Baseline]]:
    """Every declared milestone with what was known of it by a number, and the latest baselines."""
    rows = {key: MilestoneShown(one) for key, one in ledger.milestones.items()}
    everything = _MILESTONES.all(item.pk)
    for one in everything:
        if one.key not in rows or (known_by is not None and one.sequence > known_by):
            continue
        later = one.superseded_by_sequence
        if later is None or (known_by is not None and later > known_by):
            rows[one.key].facts[one.fact] = one
        else:
            rows[one.key].past.append(one)
    baselines = _BASELINES.all(item.pk)
    for key, row in rows.items():
        row.baselines = [_planned_at(everything, key, one.sequence) for one in baselines]
    _mark_too_early(rows, ledger, item)
    return list(rows.values()), baselines


def _planned_at(facts: Sequence[Milestone], key: str, sequence: int) -> date | None:
    """The day a milestone was planned for as known at a number."""
    then = {one.fact: one.on for one in facts if one.key == key and one.stood_at(sequence)}
    return then.get(Fact.REVISED) or then.get(Fact.PLANNED)


def _mark_too_early(rows: Mapping[str, MilestoneShown], ledger: LedgerDeclaration, item: Item) -> None:
    """Name what should have come before a milestone that is reached, and is not reached or came later."""
    order = order_of(ledger, _ORDERS.all(item.pk))
    for key, row in rows.items():
        row.order = order[key]
        if not row.reached or row.actual is None:
            continue
        for before in order[key]:
            other = rows[before]
            if not other.reached or _later(other.actual, row.actual):
                row.too_early.append(other.declared.title)


def _later(one: Milestone | None, than: Milestone) -> bool:
    return one is not None and one.on is not None and than.on is not None and one.on > than.on


def sequences_of(rows: Sequence[MilestoneShown]) -> set[int]:
    """Numbers whose moment and post the page tells."""
    return {one.sequence for row in rows for one in [*row.facts.values(), *row.past]}


def tell(rows: Sequence[MilestoneShown], told: Mapping[int, Telling]) -> None:
    """Give every line its facts, the last known first, with when that was and the post under which."""
    for row in rows:
        for one in sorted([*row.facts.values(), *row.past], key=lambda one: one.sequence, reverse=True):
            telling = told.get(one.sequence, UNTOLD)
            word = STANDINGS[one.standing][0] if one.fact == Fact.ACTUAL else FACTS[one.fact]
            row.told.append(FactTold(one, word, one in row.past, telling.when, telling.post))
