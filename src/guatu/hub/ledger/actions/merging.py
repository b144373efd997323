"""Two items that are one: merged by a person, both histories kept, a tombstone that points on; or told apart for good."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from guatu.hub.accounts.actor import Actor, require
from guatu.hub.accounts.roles import Permission
from guatu.hub.audit.acting import action
from guatu.hub.audit.events import Event
from guatu.hub.audit.recording import record
from guatu.hub.audit.refusals import Conflict
from guatu.hub.ledger.actions.bulk import BATCH
from guatu.hub.ledger.actions.holding import held_and_there, require_reason
from guatu.hub.ledger.actions.items import require_declared, row_of
from guatu.hub.ledger.actions.links import room_for
from guatu.hub.ledger.actions.revising import Told, keep_access, next_sequence, require_past, revise
from guatu.hub.ledger.encodings import Json
from guatu.hub.ledger.models import Duty, Figure, Item, Ledger, Link, Milestone, PersonalValue, ToldApart, YearEntry
from guatu.hub.ledger.models.items import ItemState
from guatu.hub.ledger.packs import declared
from guatu.hub.ledger.rows import Changes
from guatu.text import Text

CORE = ("name", "code")
"""Facts that may be taken of the one that goes, beside declared fields."""


class NotMergeable(Conflict):
    """The two cannot become one."""


@action("item.merge")
def merge_items(
    *, item: Item, into: Item, take: Sequence[str] = (), on: date, reason: str, by: Actor, at: datetime
) -> Item:
    """From a day on, `item` is `into`, which keeps what it says but for the facts in `take`, and gains what it had nothing of.

    The item stays as a tombstone with all its history. Its figures, milestones, lists, duties, links and years that the other
    lacks are said again for the other, under one number.
    """
    first, second = sorted((item, into), key=lambda one: one.pk)
    held = {one.pk: held_and_there(one) for one in (first, second)}
    gone, stays = held[item.pk], held[into.pk]
    under = require(by, Permission.CHANGE_ITEMS, unit=gone.unit)
    require(by, Permission.CHANGE_ITEMS, unit=stays.unit)
    require_past(gone.name, on, at)
    reason = require_reason(gone.name, reason)
    _require_mergeable(gone, stays, on)
    require_declared(declared(stays.ledger), dict.fromkeys(key for key in take if key not in CORE))
    changes = _gains(gone, stays, take)
    told_record = record(
        Event.ITEMS_MERGED, subject=gone, after={"into": stays.pk, "on": on, "taken": sorted(take)}, reason=reason, by=under, at=at
    )  # fmt: skip
    sequence = next_sequence(told_record)
    Ledger.objects.select_for_update().get(pk=stays.ledger_id)
    told = Told("merged", on, at, told_record, reason, {"into": stays.pk})
    revise(gone, Changes({"state": ItemState.MERGED.value, "merged_into": stays.pk}), told, sequence=sequence)
    revise(stays, changes, Told("merged", on, at, told_record, reason, {"merged": gone.pk}), sequence=sequence)
    _say_again(gone, stays, sequence)
    _hand_on(gone, stays, on, reason)
    return stays


@action("item.tell_apart")
def tell_apart(*, one: Item, other: Item, reason: str, by: Actor, at: datetime) -> ToldApart:
    """Alike, but two: they are not shown as one again."""
    first, second = (held_and_there(each) for each in sorted((one, other), key=lambda each: each.pk))
    under = require(by, Permission.CHANGE_ITEMS, unit=first.unit)
    require(by, Permission.CHANGE_ITEMS, unit=second.unit)
    reason = require_reason(first.name, reason)
    if first.pk == second.pk or ToldApart.objects.filter(one=first, other=second).exists():
        raise Conflict(
            first.name,
            Text("已经判定为两个事项", "the two were told apart already"),
            Text("不必再办。", "Nothing is left to do."),
        )
    told = record(Event.ITEMS_TOLD_APART, subject=first, after={"other": second.pk}, reason=reason, by=under, at=at)
    kept: ToldApart = ToldApart.objects.create(one=first, other=second, reason=reason, sequence=next_sequence(told))
    return kept


def _require_mergeable(gone: Item, stays: Item, on: date) -> None:
    if gone.pk == stays.pk or gone.ledger_id != stays.ledger_id:
        raise NotMergeable(
            gone.name,
            Text("只能并入同一台账的另一个事项", "an item is merged into another of its own ledger only"),
            Text("另选一个；不同台账的用“关联”。", "Choose another; link items of different ledgers."),
        )
    latest = max(gone.effective_on, stays.effective_on)
    if on < latest:
        raise NotMergeable(
            gone.name,
            Text(f"{latest} 还有变动", f"one of the two changed on {latest}"),
            Text(f"写 {latest} 或以后的日期。", f"Give {latest} or a later day."),
        )


def _gains(gone: Item, stays: Item, take: Sequence[str]) -> Changes:
    """What the one that stays takes from the other: facts asked for, and those it has none of; its code; its lists."""
    row, other = row_of(stays), row_of(gone)
    core: dict[str, Any] = {}
    if "name" in take:
        core["name"] = other.name
    if other.code and (not row.code or "code" in take):
        core["code"] = other.code
    if lists := {*row.lists, *other.lists} - {*row.lists}:
        core["lists"] = tuple(sorted({*row.lists, *lists}))
    if row.geometry is None and other.geometry is not None:
        core["geometry"] = other.geometry
    values: dict[str, Json | None] = {
        key: value for key, value in other.values.items() if key in take or key not in row.values
    }
    return Changes(core, values)


def _say_again(gone: Item, stays: Item, sequence: int) -> None:
    """Figures and milestones the one that stays has none of, as known of the other."""
    has = set(stays.figures.in_force().values_list("field", "period"))
    figures = [one for one in gone.figures.in_force() if (one.field, one.period) not in has]
    for figure in figures:
        figure.pk, figure.item, figure.sequence = None, stays, sequence
    Figure.objects.bulk_create(figures, batch_size=BATCH)
    known = set(stays.milestones.in_force().values_list("key", "fact"))
    milestones = [one for one in gone.milestones.in_force() if (one.key, one.fact) not in known]
    for milestone in milestones:
        milestone.pk, milestone.item, milestone.sequence = None, stays, sequence
    Milestone.objects.bulk_create(milestones, batch_size=BATCH)
    years = set(stays.years.values_list("year", flat=True))
    entries = [one for one in gone.years.all() if one.year not in years]
    for entry in entries:
        entry.pk, entry.item, entry.sequence = None, stays, sequence
    YearEntry.objects.bulk_create(entries)
    named = set(stays.personal_values.values_list("field", flat=True))
    PersonalValue.objects.bulk_create(
        PersonalValue(item=stays, field=one.field, value=one.value)
        for one in gone.personal_values.all()
        if one.field not in named
    )


def _hand_on(gone: Item, stays: Item, on: date, reason: str) -> None:
    """Duties and links end with the tombstone and begin with the other, where it has room for them."""
    slots = declared(stays.ledger).duties
    held = list(stays.duties.filter(valid_to=None))
    for duty in gone.duties.filter(valid_to=None):
        same = [one for one in held if one.slot == duty.slot]
        several = duty.slot in slots and slots[duty.slot].several
        alike = any((one.person_id, one.unit_id, one.role) == (duty.person_id, duty.unit_id, duty.role) for one in same)
        _end(duty, on)
        if not same or (several and not alike):
            held.append(
                Duty.objects.create(
                    item=stays, slot=duty.slot, person_id=duty.person_id, unit_id=duty.unit_id, role=duty.role, valid_from=on, reason=reason
                )
            )  # fmt: skip
    for link in [*gone.links.filter(valid_to=None), *gone.linked_from.filter(valid_to=None)]:
        _end(link, on)
        source = stays if link.source_id == gone.pk else link.source
        target = stays if link.target_id == gone.pk else link.target
        kind = declared(source.ledger).link_kinds.get(link.kind)
        if source.pk != target.pk and kind is not None and room_for(source, target, kind) is None:
            Link.objects.create(source=source, target=target, kind=link.kind, valid_from=on, reason=reason)
    keep_access(gone)
    keep_access(stays)


def _end(dated: Duty | Link, on: date) -> None:
    """In force until a day; what began on that day never was."""
    if on <= dated.valid_from:
        dated.delete()
    else:
        dated.valid_to = on
        dated.save()
