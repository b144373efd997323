"""What a workbook would change in a ledger, item by item, held against the ledger as it is now."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from guatu.hub.audit.recording import canonical
from guatu.hub.ledger.importing.offers import Offer, StatedFigure, StatedMilestone
from guatu.hub.ledger.models import Figure, Item, ListMembership, Milestone
from guatu.hub.ledger.models.items import ItemState
from guatu.hub.ledger.rows import Changes, Row, differing

NEW, CHANGED, MOVED, SAME = "new", "changed", "moved", "same"


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
    absent: Sequence[int]

    @property
    def counts(self) -> dict[str, int]:
        kinds = [step.kind for step in self.steps]
        return {kind: kinds.count(kind) for kind in (NEW, CHANGED, MOVED, SAME)} | {"absent": len(self.absent)}

    @property
    def text(self) -> str:
        """The plan as it is kept until somebody takes it."""
        steps = [
            {"kind": one.kind, "offer": one.offer.record(), "seen": one.seen, "changes": one.changes}
            for one in self.steps
        ]
        return canonical({"steps": steps, "absent": list(self.absent)})

    @classmethod
    def of(cls, text: str) -> Plan:
        held = json.loads(text)
        steps = [
            Step(
                one["kind"], Offer.of(one["offer"]), one["seen"],
                {fact: (before, after) for fact, (before, after) in one["changes"].items()},
            )
            for one in held.get("steps", [])
        ]  # fmt: skip
        return cls(steps, held.get("absent", []))


class Standing:
    """The items a workbook may touch, as they are now, read in a constant number of queries."""

    def __init__(self, items: QuerySet[Item]) -> None:
        self.items = {item.pk: item for item in items}
        ids = list(self.items)
        self.lists = _grouped(ListMembership.objects.filter(item__in=ids, valid_to=None).values_list("item_id", "list"))
        self.figures: dict[tuple[int, str, str], Figure] = {
            (one.item_id or 0, one.field, one.period): one
            for one in Figure.objects.filter(item__in=ids, superseded_by_sequence=None)
        }
        self.milestones: dict[tuple[int, str, str], Milestone] = {
            (one.item_id, one.key, one.fact): one
            for one in Milestone.objects.filter(item__in=ids, superseded_by_sequence=None)
        }

    def row(self, item: Item) -> Row:
        return Row.shown_by(item, self.lists.get(item.pk, ()))

    def new_figures(self, item_id: int, stated: Iterable[StatedFigure]) -> list[StatedFigure]:
        """Those of the figures the ledger does not have like this."""
        return [one for one in stated if not _as_held(self.figures.get((item_id, one.field, one.period)), one)]

    def new_milestones(self, item_id: int, stated: Iterable[StatedMilestone]) -> list[StatedMilestone]:
        return [one for one in stated if not _as_known(self.milestones.get((item_id, one.key, one.fact)), one)]


def planned(offers: Sequence[Offer], standing: Standing) -> Plan:
    """Hold every offer against the item it is."""
    steps = [_step(offer, standing) for offer in offers]
    offered = {offer.item for offer in offers}
    units = {offer.unit for offer in offers}
    absent = [
        item.pk
        for item in standing.items.values()
        if item.unit_id in units and item.pk not in offered and item.state == ItemState.ACTIVE
    ]
    return Plan(steps, sorted(absent))


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
    facts = differing(row, row.changed(changes_of(offer, row)))
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


def _as_held(held: Figure | None, stated: StatedFigure) -> bool:
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
