"""Who answers for an item: duties in the slots its ledger declares, dated, handed over and ended."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from guatu.declarations import DutyDeclaration, Holder
from guatu.hub.accounts.actor import Actor, require
from guatu.hub.accounts.models import Person, Unit
from guatu.hub.accounts.roles import ROLES, Permission
from guatu.hub.audit.acting import action
from guatu.hub.audit.events import Event
from guatu.hub.audit.recording import record
from guatu.hub.audit.refusals import Conflict
from guatu.hub.ledger.actions.holding import held_and_there, require_reason
from guatu.hub.ledger.actions.revising import keep_access, require_past
from guatu.hub.ledger.models import Duty, Item
from guatu.hub.ledger.packs import declared
from guatu.text import Refusal, Text

HOLDERS: dict[Holder, Text] = {
    Holder.PERSON: Text("某个人", "a person"),
    Holder.POST: Text("某单位的某岗位", "whoever is in a post of a unit"),
    Holder.UNIT: Text("某个单位", "a unit"),
}


@dataclass(frozen=True, slots=True)
class Answerable:
    """Who is to hold a duty: a person; a unit; with a role, whoever holds that role at the unit on the day asked about."""

    person: Person | None = None
    unit: Unit | None = None
    role: str = ""

    @property
    def kind(self) -> Holder:
        if self.person is not None:
            return Holder.PERSON
        return Holder.POST if self.role else Holder.UNIT

    @property
    def is_somebody(self) -> bool:
        return (self.person is None) != (self.unit is None) and (not self.role or self.unit is not None)

    def facts(self) -> dict[str, Any]:
        """As the record says it: ids, never names."""
        return {
            "person": self.person.pk if self.person is not None else None,
            "unit": self.unit.pk if self.unit is not None else None,
            "role": self.role,
        }


class WrongHolder(Refusal):
    """The slot is not there, or not for such a holder."""


class SlotTaken(Conflict):
    """Somebody holds the slot, and it is for one alone."""

    def __init__(self, item: Item, slot: DutyDeclaration) -> None:
        super().__init__(
            item.name,
            Text(f"“{slot.title.zh}”已经落实到人", f"'{slot.title.en}' is held already"),
            Text("用“交接”。", "Hand it over instead."),
        )


@action("duty.assign")
def assign_duty(
    *, item: Item, slot: str, holder: Answerable, on: date, reason: str = "", by: Actor, at: datetime
) -> Duty:
    """Somebody answers for the item in a slot, from a day on."""
    item = held_and_there(item)
    under = require(by, Permission.CHANGE_ITEMS, unit=item.unit)
    require_past(item.name, on, at)
    declaration = _require_slot(item, slot, holder)
    standing = list(item.duties.filter(slot=slot, valid_to=None))
    if standing and not declaration.several:
        raise SlotTaken(item, declaration)
    if any(_facts(one) == holder.facts() for one in standing):
        raise SlotTaken(item, declaration)
    record(
        Event.DUTY_ASSIGNED, subject=item, after={"slot": slot, "on": on, **holder.facts()}, reason=reason, by=under, at=at
    )  # fmt: skip
    return _begin(item, slot, holder, on, reason)


@action("duty.hand_over")
def hand_over_duty(*, duty: Duty, holder: Answerable, on: date, reason: str, by: Actor, at: datetime) -> Duty:
    """Another holds it from a day on; who held it before stays known for the days before."""
    item = held_and_there(duty.item)
    under = require(by, Permission.CHANGE_ITEMS, unit=item.unit)
    require_past(item.name, on, at)
    reason = require_reason(item.name, reason)
    standing = _standing(duty, item, on)
    _require_slot(item, standing.slot, holder)
    if _facts(standing) == holder.facts():
        raise WrongHolder(
            item.name,
            Text("交接前后是同一个", "would be handed over to its own holder"),
            Text("选另一个人或单位。", "Choose another."),
        )
    record(
        Event.DUTY_HANDED_OVER, subject=item, before={"slot": standing.slot, **_facts(standing)},
        after={"slot": standing.slot, "on": on, **holder.facts()}, reason=reason, by=under, at=at,
    )  # fmt: skip
    _end(standing, on)
    return _begin(item, standing.slot, holder, on, reason)


@action("duty.end")
def end_duty(*, duty: Duty, on: date, reason: str, by: Actor, at: datetime) -> Duty:
    """Nobody holds it any more, from a day on."""
    item = held_and_there(duty.item)
    under = require(by, Permission.CHANGE_ITEMS, unit=item.unit)
    require_past(item.name, on, at)
    reason = require_reason(item.name, reason)
    standing = _standing(duty, item, on)
    record(
        Event.DUTY_ENDED, subject=item, before={"slot": standing.slot, **_facts(standing)}, after={"on": on}, reason=reason,
        by=under, at=at,
    )  # fmt: skip
    _end(standing, on)
    keep_access(item)
    return standing


def _require_slot(item: Item, slot: str, holder: Answerable) -> DutyDeclaration:
    slots = declared(item.ledger).duties
    if slot not in slots:
        raise WrongHolder(
            item.name,
            Text(f"台账没有责任位“{slot}”", f"its ledger has no duty '{slot}'"),
            Text(
                f"可用：{'、'.join(one.title.zh for one in slots.values())}。",
                f"There are: {', '.join(one.title.en for one in slots.values())}.",
            ),
        )
    kinds = slots[slot].held_by
    if not holder.is_somebody or holder.kind not in kinds or (holder.role and holder.role not in ROLES):
        raise WrongHolder(
            item.name,
            Text(f"“{slots[slot].title.zh}”不能这样落实", f"'{slots[slot].title.en}' cannot be held like this"),
            Text(
                f"可以是{'，或'.join(HOLDERS[kind].zh for kind in kinds)}。",
                f"It may be {', or '.join(HOLDERS[kind].en for kind in kinds)}.",
            ),
        )
    return slots[slot]


def _standing(duty: Duty, item: Item, on: date) -> Duty:
    """The duty as it stands, held by the item's lock."""
    standing: Duty = Duty.objects.get(pk=duty.pk)
    if standing.valid_to is not None or on <= standing.valid_from:
        raise Conflict(
            item.name,
            Text("这项责任已经解除，或那天还没有开始", "the duty has ended, or had not begun by that day"),
            Text(f"写 {standing.valid_from} 之后的日期。", f"Give a day after {standing.valid_from}."),
        )
    return standing


def _begin(item: Item, slot: str, holder: Answerable, on: date, reason: str) -> Duty:
    duty: Duty = Duty.objects.create(
        item=item, slot=slot, person=holder.person, unit=holder.unit, role=holder.role, valid_from=on, reason=reason.strip()
    )  # fmt: skip
    keep_access(item)
    return duty


def _end(duty: Duty, on: date) -> None:
    duty.valid_to = on
    duty.save()


def _facts(duty: Duty) -> dict[str, Any]:
    return {"person": duty.person_id, "unit": duty.unit_id, "role": duty.role}
