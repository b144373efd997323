"""What a workbook would change in a ledger, item by item, held against the ledger as it is now."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from django.db.models import F, QuerySet

from guatu.hub.ledger.importing.offers import Offer, StatedFigure, StatedMilestone
from guatu.hub.ledger.models import Figure, ImportStep, Item, ItemRevision, ListMembership, Milestone
from guatu.hub.ledger.models.items import ItemState
from guatu.hub.ledger.rows import Changes, Row, differing

NEW, CHANGED, MOVED, SAME, ABSENT = "new", "changed", "moved", "same", "absent"
UNDONE = "undone"
"""The kind of revision an undone import writes."""
_SAID_EVERY = 1000


@dataclass(frozen=True, slots=True)
class Step:
    """What becomes of one item. `seen` is its revision now, 0 for a new one; `before` and `after` by fact."""

    kind: str
    offer: Offer
    seen: int
    changes: Mapping[str, tuple[Any, Any]]


@dataclass(frozen=True, slots=True)
class Plan:
    """All steps of one workbook, and the items of its units it says nothing of."""

    steps: Sequence[Step]
    absent: Sequence[Item]

    @property
    def counts(self) -> dict[str, int]:
        kinds = [step.kind for step in self.steps]
        return {kind: kinds.count(kind) for kind in (NEW, CHANGED, MOVED, SAME)} | {ABSENT: len(self.absent)}


def step_of(kept: ImportStep) -> Step:
    """A step as it was kept."""
    people = json.loads(kept.people) if kept.people else {}
    changes = {fact: (before, after) for fact, (before, after) in json.loads(kept.changes).items()}
    return Step(kept.kind, Offer.of(json.loads(kept.offer), people), kept.seen, changes)


class HeldFigure(NamedTuple):
    """A figure in force: its row, and what it says."""

    pk: int
    amount: int | None
    number: str


class Standing:
    """The items a workbook may touch, as they are now, read in a constant number of queries."""

    def __init__(self, items: QuerySet[Item], periods: Iterable[str] = (), *, locked: bool = False) -> None:
        """`periods`: those the workbook speaks of; figures of others are not looked at."""
        now = items.select_for_update().order_by("pk") if locked else items
        self.items = {item.pk: item for item in now}
        among = items.order_by().values("pk")
        self.lists = _grouped(
            ListMembership.objects.filter(item__in=among, valid_to=None).values_list("item_id", "list")
        )
        said = Figure.objects.in_force().filter(item__in=among, period__in=set(periods))
        self.figures: dict[tuple[int, str, str], HeldFigure] = {
            (item or 0, field, period): HeldFigure(pk, amount, number)
            for pk, item, field, period, amount, number in said.values_list(
                "pk", "item_id", "field", "period", "amount", "number"
            ).iterator(chunk_size=5000)
        }
        self.milestones: dict[tuple[int, str, str], Milestone] = {
            (one.item_id, one.key, one.fact): one for one in Milestone.objects.in_force().filter(item__in=among)
        }
        undone = ItemRevision.objects.filter(item__in=among, item__state=ItemState.WITHDRAWN, kind=UNDONE)
        self.undone = set(undone.filter(number=F("item__revision")).values_list("item_id", flat=True))
        """New with a workbook that was undone: reported again, they are back."""

    def row(self, item: Item) -> Row:
        return Row.shown_by(item, self.lists.get(item.pk, ()))

    def changes_of(self, offer: Offer, item: Item, row: Row) -> Changes:
        """What the offer says otherwise than the item's row."""
        changes = changes_of(offer, row)
        if item.pk in self.undone:
            return replace(changes, core={**changes.core, "state": ItemState.ACTIVE.value})
        return changes

    def new_figures(self, item_id: int, stated: Iterable[StatedFigure]) -> list[StatedFigure]:
        """Those of the figures the ledger does not have like this."""
        return [one for one in stated if not _as_held(self.figures.get((item_id, one.field, one.period)), one)]

    def new_milestones(self, item_id: int, stated: Iterable[StatedMilestone]) -> list[StatedMilestone]:
        return [one for one in stated if not _as_known(self.milestones.get((item_id, one.key, one.fact)), one)]


def periods_of(offers: Iterable[Offer]) -> set[str]:
    """The periods offers have figures of."""
    return {figure.period for offer in offers for figure in offer.figures}


def planned(offers: Sequence[Offer], standing: Standing, done: Callable[[int], None] = lambda count: None) -> Plan:
    """Hold every offer against the item it is; `done` hears how many were held now and then."""
    steps = []
    for count, offer in enumerate(offers, 1):
        steps.append(_step(offer, standing))
        if count % _SAID_EVERY == 0:
            done(count)
    offered = {offer.item for offer in offers}
    units = {offer.unit for offer in offers}
    absent = [
        item
        for item in standing.items.values()
        if item.unit_id in units and item.pk not in offered and item.state == ItemState.ACTIVE
    ]
    return Plan(steps, sorted(absent, key=lambda item: item.pk))


def changes_of(offer: Offer, row: Row) -> Changes:
    """What the offer says otherwise than the row: fields its workbook has no column for stay as they are."""
    core: dict[str, Any] = {}
    for name, said in (("unit", offer.unit), ("name", offer.name), ("code", offer.code or row.code)):
        if said != getattr(row, name):
            core[name] = said
    if (lists := tuple(sorted(offer.lists))) != row.lists:
        core["lists"] = lists
    values = {key: value for key, value in offer.values.items() if row.values.get(key) != value}
    gone = {key: None for key in offer.missing if key in row.values}
    missing = {key: why for key, why in offer.missing.items() if row.missing.get(key) != why}
    return Changes(core, {**values, **gone}, missing)


def _step(offer: Offer, standing: Standing) -> Step:
    item = standing.items.get(offer.item) if offer.item is not None else None
    if item is None:
        row = Row(unit=offer.unit, name=offer.name).changed(changes_of(offer, Row(unit=offer.unit, name=offer.name)))
        facts = {fact: (None, value) for fact, value in row.facts().items() if value not in (None, "", [])}
        return Step(NEW, offer, 0, {**facts, **_stated(offer.figures, offer.milestones, standing, 0)})
    row = standing.row(item)
    facts = differing(row, row.changed(standing.changes_of(offer, item, row)))
    figures = standing.new_figures(item.pk, offer.figures)
    milestones = standing.new_milestones(item.pk, offer.milestones)
    changes = {**facts, **_stated(figures, milestones, standing, item.pk)}
    kind = MOVED if "unit" in facts else CHANGED if changes else SAME
    return Step(kind, offer, item.revision, changes)


def _stated(
    figures: Iterable[StatedFigure], milestones: Iterable[StatedMilestone], standing: Standing, item_id: int
) -> dict[str, tuple[Any, Any]]:
    """Figures and milestones among the changes, as they were and as they are."""
    found: dict[str, tuple[Any, Any]] = {}
    for one in figures:
        held = standing.figures.get((item_id, one.field, one.period))
        before = None if held is None else held.amount if held.amount is not None else held.number
        found[f"figures.{one.field}.{one.period}"] = (before, one.amount if one.amount is not None else one.number)
    for stated in milestones:
        known = standing.milestones.get((item_id, stated.key, stated.fact))
        day = known.on.isoformat() if known is not None and known.on is not None else None
        found[f"milestones.{stated.key}.{stated.fact}"] = (day, stated.on)
    return found


def _as_held(held: HeldFigure | None, stated: StatedFigure) -> bool:
    return held is not None and (held.amount, held.number) == (stated.amount, stated.number)


def _as_known(known: Milestone | None, stated: StatedMilestone) -> bool:
    if known is None:
        return False
    return (known.on.isoformat() if known.on else None, known.precision) == (stated.on, stated.precision)


def _grouped(pairs: Iterable[tuple[int, str]]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    for key, value in pairs:
        found.setdefault(key, []).append(value)
    return found
