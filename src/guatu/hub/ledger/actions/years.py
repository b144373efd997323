"""The year turns: items carried over or taken in with the year's plan, the plan adjusted, items let out; lists redrawn.

All of it is known from its own number on: what an earlier round was closed with stays what it was.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from guatu.declarations import Basis, FieldDeclaration
from guatu.declarations import Ledger as LedgerDeclaration
from guatu.hub.accounts.actor import Actor, require
from guatu.hub.accounts.roles import Permission
from guatu.hub.audit.acting import action
from guatu.hub.audit.events import Event
from guatu.hub.audit.recording import digest_of, record
from guatu.hub.audit.refusals import Conflict
from guatu.hub.audit.source import OnBehalf
from guatu.hub.ledger.actions.holding import all_held, held_and_there, nothing_different, require_reason
from guatu.hub.ledger.actions.items import checked_lists, row_of
from guatu.hub.ledger.actions.revising import Told, next_sequence, put_in_force, require_past, revise
from guatu.hub.ledger.encodings import Value, encoded
from guatu.hub.ledger.models import Figure, Item, Ledger, YearEntry
from guatu.hub.ledger.models.items import ItemState
from guatu.hub.ledger.models.remarks import EntryKind
from guatu.hub.ledger.packs import declared
from guatu.hub.ledger.rows import Changes
from guatu.text import Refusal, Text

YEARS = range(1990, 2101)
"""Years that may have a plan."""


class NotInThatYear(Conflict):
    """The item is not in the plan of that year, or is already."""

    def __init__(self, item: Item, year: int, is_in: bool) -> None:
        already = Text("已经在", "is already in") if is_in else Text("不在", "is not in")
        super().__init__(
            item.name,
            Text(f"{already.zh} {year} 年度计划里", f"{already.en} the plan of {year}"),
            Text("看看它的年度。", "Look at the years it is in."),
        )


@dataclass(frozen=True, slots=True)
class TakenIn:
    """An item taken into a year: its plan for the year by field, and why."""

    item: Item
    plans: Mapping[str, Value] = field(default_factory=dict)
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Redrawn:
    """An item entering or leaving a list, and why."""

    item: Item
    enters: bool
    reason: str


def plan_fields(ledger: LedgerDeclaration) -> dict[str, FieldDeclaration]:
    """Fields that hold a year's plan."""
    return {key: one for key, one in ledger.fields.items() if one.basis is Basis.YEAR and one.measure is not None}


@action("year.open")
def open_year(*, ledger: Ledger, year: int, taken: Sequence[TakenIn], by: Actor, at: datetime) -> list[YearEntry]:
    """Items carried over into a year, or new in it, with their plans: all, or none where one cannot be."""
    items = all_held([one.item for one in taken], ledger, by)
    declaration = declared(ledger)
    plans = [_encoded_plans(declaration, one) for one in taken]
    for item in items:
        if item.state != ItemState.ACTIVE or item.years.filter(year=year).exists():
            raise NotInThatYear(item, year, is_in=item.state == ItemState.ACTIVE)
    before = set(YearEntry.objects.filter(item__in=items, year__lt=year).values_list("item_id", flat=True))
    rows = [[item.pk, one.reason, dict(plan)] for item, one, plan in zip(items, taken, plans, strict=True)]
    told = record(
        Event.YEAR_OPENED, subject=ledger, after={"year": year, "count": len(items), "digest": digest_of(rows)},
        by=_under(items, by), at=at,
    )  # fmt: skip
    sequence = next_sequence(told)
    entries = []
    for item, one, plan in zip(items, taken, plans, strict=True):
        carried = item.pk in before or item.entered_on.year < year
        kind = EntryKind.CARRIED_OVER if carried else EntryKind.NEW
        entries.append(
            YearEntry.objects.create(item=item, year=year, kind=kind, reason=one.reason.strip(), sequence=sequence)
        )
        for key, value in plan.items():
            _state_plan(item, key, year, value, one.reason, sequence)
    return entries


@action("year.adjust_plan")
def adjust_year_plan(
    *, item: Item, year: int, field: str, value: Value, reason: str, by: Actor, at: datetime
) -> Figure:
    """Another plan for the rest of the year; the one it had stays known as it was."""
    item = held_and_there(item)
    under = require(by, Permission.CHANGE_ITEMS, unit=item.unit)
    reason = require_reason(item.name, reason)
    entry = item.years.filter(year=year, left_on=None).first()
    if entry is None:
        raise NotInThatYear(item, year, is_in=False)
    kept = _encoded_plans(declared(item.ledger), TakenIn(item, {field: value}))[field]
    before = _plan_in_force(item, field, year)
    was = None if before is None else before.amount if before.amount is not None else before.number
    if was == kept:
        raise nothing_different(item.name)
    told = record(
        Event.YEAR_PLAN_ADJUSTED, subject=item, before={"year": year, field: was}, after={"year": year, field: kept},
        reason=reason, by=under, at=at,
    )  # fmt: skip
    return _state_plan(item, field, year, kept, reason, next_sequence(told))


@action("year.leave")
def leave_year(*, item: Item, year: int, on: date, reason: str, by: Actor, at: datetime) -> YearEntry:
    """Out of the plan of a year, from a day on."""
    item = held_and_there(item)
    under = require(by, Permission.CHANGE_ITEMS, unit=item.unit)
    require_past(item.name, on, at)
    reason = require_reason(item.name, reason)
    entry: YearEntry | None = item.years.filter(year=year, left_on=None).first()
    if entry is None:
        raise NotInThatYear(item, year, is_in=False)
    record(Event.YEAR_LEFT, subject=item, after={"year": year, "on": on}, reason=reason, by=under, at=at)
    entry.left_on, entry.left_reason = on, reason
    entry.save()
    return entry


@action("list.redraw")
def redraw_list(
    *, ledger: Ledger, key: str, changes: Sequence[Redrawn], on: date, by: Actor, at: datetime
) -> list[Item]:
    """Items enter a list and leave it, each with its reason, under one number: all, or none."""
    require_past(key, on, at)
    checked_lists(declared(ledger), (key,))
    items = all_held([one.item for one in changes], ledger, by)
    rows = [
        [item.pk, one.enters, require_reason(item.name, one.reason)] for item, one in zip(items, changes, strict=True)
    ]
    for item, one in zip(items, changes, strict=True):
        if item.memberships.filter(list=key, valid_to=None).exists() is one.enters:
            raise nothing_different(item.name)
    told = record(
        Event.LIST_REDRAWN, subject=ledger, after={"list": key, "on": on, "count": len(items), "digest": digest_of(rows)},
        by=_under(items, by), at=at,
    )  # fmt: skip
    sequence = next_sequence(told)
    for item, one in zip(items, changes, strict=True):
        lists = {*row_of(item).lists, key} if one.enters else {*row_of(item).lists} - {key}
        revise(
            item, Changes({"lists": tuple(sorted(lists))}), Told("listed", on, at, told, one.reason), sequence=sequence
        )
    return items


def _under(items: Sequence[Item], by: Actor) -> OnBehalf:
    return require(by, Permission.CHANGE_ITEMS, unit=items[0].unit)


def _encoded_plans(ledger: LedgerDeclaration, taken: TakenIn) -> dict[str, Any]:
    fields = plan_fields(ledger)
    for key in taken.plans:
        if key not in fields:
            raise Refusal(
                taken.item.name,
                Text(f"“{key}”不是年度计划的字段", f"'{key}' is no field of a year's plan"),
                Text(f"可用：{'、'.join(fields)}。", f"There are: {', '.join(fields)}."),
            )
    return {key: encoded(fields[key], value) for key, value in sorted(taken.plans.items())}


def _plan_in_force(item: Item, key: str, year: int) -> Figure | None:
    return item.figures.in_force().filter(field=key, period=str(year)).first()


def _state_plan(item: Item, key: str, year: int, kept: Any, reason: str, sequence: int) -> Figure:
    """The year's plan as a figure of the year, in the place of the one before."""
    amount, number = (kept, "") if isinstance(kept, int) else (None, str(kept))
    fresh = Figure(item=item, field=key, period=str(year), amount=amount, number=number, reason=reason.strip())
    return put_in_force(_plan_in_force(item, key, year), fresh, sequence)
