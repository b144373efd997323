"""Many items changed at once, each in its own way: all, or none where one cannot be; one record of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from guatu.declarations import Ledger as LedgerDeclaration
from guatu.hub.accounts.actor import Actor, require
from guatu.hub.accounts.models import Unit
from guatu.hub.accounts.roles import Permission
from guatu.hub.audit.acting import action
from guatu.hub.audit.events import Event
from guatu.hub.audit.recording import digest_of, record
from guatu.hub.audit.refusals import Conflict
from guatu.hub.ledger.actions.bulk import Revised, revise_all
from guatu.hub.ledger.actions.holding import all_held, nothing_different, require_not_merged, require_reason
from guatu.hub.ledger.actions.items import (
    ChangedMeanwhile,
    CodeTaken,
    as_kept,
    checked_lists,
    checked_name,
    require_declared,
)
from guatu.hub.ledger.actions.revising import Told, next_sequence, require_past, revise
from guatu.hub.ledger.encodings import Value
from guatu.hub.ledger.models import Item, Ledger, ListMembership
from guatu.hub.ledger.models.items import ItemState
from guatu.hub.ledger.packs import declared
from guatu.hub.ledger.rows import Changes, Row, differing
from guatu.text import Text

AT_ONCE = 500
"""Items changed together at most."""


@dataclass(frozen=True, slots=True)
class Together:
    """What one item becomes: values (None takes one away), another name, code, unit or state, lists it enters and leaves.

    `seen` is the revision the change was made from.
    """

    item: Item
    seen: int
    values: Mapping[str, Value | None] = field(default_factory=dict)
    name: str | None = None
    code: str | None = None
    unit: Unit | None = None
    state: ItemState | None = None
    enters: tuple[str, ...] = ()
    leaves: tuple[str, ...] = ()


@action("item.set_together")
def set_together(
    *, ledger: Ledger, changes: Sequence[Together], on: date, reason: str, by: Actor, at: datetime
) -> list[Item]:
    """Whoever changes items may change them at every unit they lie at, and at those they move to. Returns those that differ."""
    require_past(ledger.title.zh, on, at)
    reason = require_reason(ledger.title.zh, reason)
    items, declaration = all_held([one.item for one in changes], ledger, by), declared(ledger)
    for unit in {one.unit.pk: one.unit for one in changes if one.unit is not None}.values():
        require(by, Permission.CHANGE_ITEMS, unit=unit)
    differ = differences(declaration, items, changes)
    if not differ:
        raise nothing_different(ledger.title.zh)
    rows = [
        [one.item.pk, [[name, before, after] for name, (before, after) in sorted(said.items())]] for one, said in differ
    ]
    touched = sorted({name for _, said in differ for name in said})
    told = record(
        Event.ITEMS_SET, subject=ledger, reason=reason, by=require(by, Permission.CHANGE_ITEMS, unit=items[0].unit), at=at,
        after={"on": on, "count": len(differ), "fields": touched, "digest": digest_of(rows)},
    )  # fmt: skip
    _write([one for one, _ in differ], declaration, changes, Told("set_together", on, at, told, reason))
    return [one.item for one, _ in differ]


Differing = tuple[Revised, dict[str, tuple[Any, Any]]]


def differences(ledger: LedgerDeclaration, items: Sequence[Item], changes: Sequence[Together]) -> list[Differing]:
    """Each item that becomes another, as it is and as it is to be, with what differs; refuses what cannot be."""
    lists: dict[int, set[str]] = {}
    on = ListMembership.objects.filter(item__in=[one.pk for one in items], valid_to=None)
    for pk, key in on.values_list("item_id", "list"):
        lists.setdefault(pk, set()).add(key)
    _require_free_codes(items, changes)
    found = []
    for item, change in zip(items, changes, strict=True):
        require_not_merged(item)
        if item.revision != change.seen:
            raise ChangedMeanwhile(item, change.seen)
        before = Row.shown_by(item, lists.get(item.pk, set()))
        after = before.changed(_changes(ledger, change, before))
        if said := differing(before, after):
            found.append((Revised(item, before, after), said))
    return found


def _require_free_codes(items: Sequence[Item], changes: Sequence[Together]) -> None:
    """No two come to go by one code, nor one by that of an item which keeps it."""
    given = {one.item.pk: one.code.strip() for one in changes if one.code is not None}
    if not given:
        return
    there = Item.objects.filter(ledger=items[0].ledger_id, code__in=[code for code in given.values() if code])
    others = there.exclude(state=ItemState.MERGED).exclude(pk__in=list(given)).select_related("unit")
    for other in others[:1]:
        raise CodeTaken(other)
    first: dict[str, Item] = {}
    for item in items:
        code = given.get(item.pk, "")
        if code and code in first:
            raise CodeTaken(first[code], code)
        first[code] = item


def _changes(ledger: LedgerDeclaration, change: Together, before: Row) -> Changes:
    core: dict[str, Any] = {}
    if change.name is not None:
        core["name"] = checked_name(change.name)
    if change.code is not None:
        core["code"] = change.code.strip()
    if change.unit is not None:
        core["unit"] = change.unit.pk
    if change.state is ItemState.MERGED:
        raise Conflict(
            change.item.name, Text("要用“合并”", "is to be merged"), Text("用合并页。", "Use the page that merges.")
        )
    if change.state is not None:
        core["state"] = change.state.value
    if change.enters or change.leaves:
        checked_lists(ledger, (*change.enters, *change.leaves))
        core["lists"] = tuple(sorted({*before.lists, *change.enters} - set(change.leaves)))
    kept = as_kept(ledger, {key: value for key, value in change.values.items() if value is not None})
    taken = {key: None for key, value in change.values.items() if value is None}
    require_declared(ledger, taken)
    return Changes(core, {**kept, **taken})


def _write(differ: Sequence[Revised], ledger: LedgerDeclaration, changes: Sequence[Together], told: Told) -> None:
    """In a constant number of statements; an item that already says something of a later day, by itself."""
    sequence = next_sequence(told.record)
    plain = [one for one in differ if one.item.effective_on <= told.effective_on]
    by_item = {one.item.pk: one for one in changes}
    recoded = [one.item.pk for one in differ if one.before.code != one.after.code]
    if recoded:  # two may take each other's code: none goes by two at a time
        Item.objects.filter(pk__in=recoded).update(code="")
    for one in differ:
        if one.item.effective_on > told.effective_on:
            revise(one.item, _changes(ledger, by_item[one.item.pk], one.before), told, sequence=sequence)
    revise_all(plain, told, sequence)
