"""Many items come to their next revision at once: the same rows as one by one, in a constant number of statements."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import islice
from typing import TypeVar

from guatu.hub.ledger.actions.revising import Told, revise, revision_of, show
from guatu.hub.ledger.importing.offers import StatedFigure, StatedMilestone
from guatu.hub.ledger.importing.plan import Standing, Step, changes_of
from guatu.hub.ledger.models import (
    Duty,
    Figure,
    Item,
    ItemAccess,
    ItemCode,
    ItemRevision,
    Ledger,
    ListMembership,
    Milestone,
    PersonalValue,
)
from guatu.hub.ledger.models.items import GONE
from guatu.hub.ledger.rows import Row, differing

BATCH = 500


@dataclass
class Written:
    """What a bulk change did to each item: its revision before (0: new) and after; and the new ones by their keys."""

    items: dict[int, tuple[int, int]] = field(default_factory=dict)
    created: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Revised:
    """An item as it was, as it is to be, and the cells that say so."""

    item: Item
    before: Row
    after: Row
    cells: Mapping[str, str] = field(default_factory=dict)


def write_steps(ledger: Ledger, steps: Sequence[Step], standing: Standing, told: Told, sequence: int) -> Written:
    """Carry out the steps of a plan under one sequence number. The items are locked by the caller."""
    written = Written()
    new = [step for step in steps if step.seen == 0]
    created = _enter_all(ledger, new, told, sequence)
    changed: list[Revised] = []
    for step in steps:
        if step.seen == 0:
            continue
        item = standing.items[step.offer.item or 0]
        before = standing.row(item)
        changes = standing.changes_of(step.offer, item, before)
        if changes.empty:
            continue
        if told.effective_on < item.effective_on:
            written.items[item.pk] = (item.revision, revise(item, changes, told, sequence=sequence).revision)
            continue
        after = before.changed(changes)
        if differing(before, after) or changes.missing:
            changed.append(Revised(item, before, after, step.offer.cells))
    written.items |= revise_all(changed, told, sequence)
    for item, step in zip(created, new, strict=True):
        written.items[item.pk] = (0, 1)
        written.created[step.offer.key] = item.pk
    paired = [
        *zip(created, new, strict=True),
        *((standing.items[one.offer.item or 0], one) for one in steps if one.seen),
    ]
    _state_all(paired, standing, sequence)
    _keep_people(paired)
    return written


def _enter_all(ledger: Ledger, steps: Sequence[Step], told: Told, sequence: int) -> list[Item]:
    items, rows = [], []
    for step in steps:
        blank = Row(unit=step.offer.unit, name=step.offer.name)
        row = blank.changed(changes_of(step.offer, blank))
        item = Item(
            ledger=ledger, revision=1, sequence=sequence, entered_on=told.effective_on, effective_on=told.effective_on
        )
        show(item, row)
        items.append(item)
        rows.append(row)
    created = Item.objects.bulk_create(items, batch_size=BATCH)
    _write_revisions(
        ((item, row, step.offer.cells) for item, row, step in zip(created, rows, steps, strict=True)), told, sequence
    )
    on = told.effective_on
    ItemCode.objects.bulk_create(
        (ItemCode(item=one, scheme=ItemCode.MAIN, code=one.code, valid_from=on) for one in created if one.code),
        batch_size=BATCH,
    )
    ListMembership.objects.bulk_create(
        (
            ListMembership(item=item, list=key, valid_from=on)
            for item, row in zip(created, rows, strict=True)
            for key in row.lists
        ),
        batch_size=BATCH,
    )
    ItemAccess.objects.bulk_create((ItemAccess(item=one, unit_id=one.unit_id) for one in created), batch_size=BATCH)
    return created


def revise_all(changed: Sequence[Revised], told: Told, sequence: int) -> dict[int, tuple[int, int]]:
    """The next revision of items whose latest day is not after the change's; item -> its revision before and after.

    The items are locked by the caller.
    """
    written = {}
    for one in changed:
        item = one.item
        written[item.pk] = (item.revision, item.revision + 1)
        item.revision, item.sequence, item.effective_on = item.revision + 1, sequence, told.effective_on
        show(item, one.after)
        gone = one.after.state in GONE
        item.left_on = (item.left_on or told.effective_on) if gone else None
    columns = [
        "unit", "name", "code", "state", "merged_into", "geometry", "values", "missing", "revision", "sequence",
        "effective_on", "left_on", "search_text",
    ]  # fmt: skip
    Item.objects.bulk_create(
        [one.item for one in changed],
        batch_size=BATCH,
        update_conflicts=True,
        unique_fields=["id"],
        update_fields=columns,
    )
    _write_revisions([(one.item, one.after, one.cells) for one in changed], told, sequence)
    on = told.effective_on
    _turn_codes([(one.item, one.after) for one in changed if one.before.code != one.after.code], on)
    relisted = [(one.item, set(one.before.lists), set(one.after.lists)) for one in changed]
    _turn_lists([one for one in relisted if one[1] != one[2]], on)
    _turn_access([one.item for one in changed if one.before.unit != one.after.unit])
    return written


def _turn_access(moved: Sequence[Item]) -> None:
    """Seen by the unit each item is at now, and by those with a duty, as before."""
    for some in batches(moved):
        duties = Duty.objects.filter(item__in=some, valid_to=None).exclude(unit=None).values_list("item_id", "unit_id")
        wanted = {(item.pk, item.unit_id) for item in some} | set(duties)
        ItemAccess.objects.filter(item__in=some).delete()
        ItemAccess.objects.bulk_create(ItemAccess(item_id=one, unit_id=unit) for one, unit in sorted(wanted))


T = TypeVar("T")


def batches(everything: Iterable[T], size: int = BATCH) -> Iterator[list[T]]:
    """So many at a time: databases take only so many values in a statement."""
    rest = iter(everything)
    while some := list(islice(rest, size)):
        yield some


def _write_revisions(rows: Iterable[tuple[Item, Row, Mapping[str, str]]], told: Told, sequence: int) -> None:
    for some in batches(rows):
        ItemRevision.objects.bulk_create(
            revision_of(
                item, row, told, number=item.revision, sequence=sequence, on=told.effective_on,
                evidence={**told.evidence, "cells": dict(cells)} if cells else told.evidence,
            )
            for item, row, cells in some
        )  # fmt: skip


def _turn_codes(recoded: Sequence[tuple[Item, Row]], on: date) -> None:
    for some in batches(item.pk for item, _ in recoded):
        held = ItemCode.objects.filter(item__in=some, scheme=ItemCode.MAIN, valid_to=None)
        held.filter(valid_from__gte=on).delete()
        held.update(valid_to=on)
    ItemCode.objects.bulk_create(
        (ItemCode(item=item, scheme=ItemCode.MAIN, code=row.code, valid_from=on) for item, row in recoded if row.code),
        batch_size=BATCH,
    )


def _turn_lists(relisted: Sequence[tuple[Item, set[str], set[str]]], on: date) -> None:
    for key in sorted({key for _, before, after in relisted for key in before - after}):
        for some in batches(item.pk for item, before, after in relisted if key in before - after):
            held = ListMembership.objects.filter(item__in=some, list=key, valid_to=None)
            held.filter(valid_from__gte=on).delete()
            held.update(valid_to=on)
    ListMembership.objects.bulk_create(
        (
            ListMembership(item=item, list=key, valid_from=on)
            for item, before, after in relisted
            for key in sorted(after - before)
        ),
        batch_size=BATCH,
    )


def _state_all(paired: Sequence[tuple[Item, Step]], standing: Standing, sequence: int) -> None:
    """Figures and milestones said otherwise than before; what they were is superseded, never overwritten."""
    figures: list[tuple[Item, StatedFigure]] = []
    milestones: list[tuple[Item, StatedMilestone]] = []
    for item, step in paired:
        known = item.pk if step.seen else 0
        figures += [(item, one) for one in standing.new_figures(known, step.offer.figures)]
        milestones += [(item, one) for one in standing.new_milestones(known, step.offer.milestones)]
    held = [standing.figures.get((item.pk, one.field, one.period)) for item, one in figures]
    _supersede(Figure, [one.pk for one in held if one is not None], sequence)
    for some in batches(figures, 2000):
        Figure.objects.bulk_create(
            Figure(
                item=item, field=one.field, period=one.period, amount=one.amount, number=one.number, sequence=sequence
            )
            for item, one in some
        )
    reached = [standing.milestones.get((item.pk, one.key, one.fact)) for item, one in milestones]
    _supersede(Milestone, [one.pk for one in reached if one is not None], sequence)
    Milestone.objects.bulk_create(
        (
            Milestone(item=item, key=one.key, fact=one.fact, on=one.on, precision=one.precision, sequence=sequence)
            for item, one in milestones
        ),
        batch_size=BATCH,
    )


def _supersede(model: type[Figure] | type[Milestone], ids: Sequence[int], sequence: int) -> None:
    for some in batches(ids):
        model.objects.filter(pk__in=some).update(superseded_by_sequence=sequence)


def _keep_people(paired: Iterable[tuple[Item, Step]]) -> None:
    """What the workbook says of people, in place of what was known."""
    said: Mapping[tuple[int, str], PersonalValue] = {
        (item.pk, key): PersonalValue(item=item, field=key, value=value)
        for item, step in paired
        for key, value in step.offer.people.items()
    }
    PersonalValue.objects.bulk_create(
        said.values(), batch_size=BATCH, update_conflicts=True, unique_fields=["item", "field"], update_fields=["value"]
    )
