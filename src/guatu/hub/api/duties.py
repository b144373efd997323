"""Who answers for items, for programs: duties on the router of `items`, one of them on its own."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Field, Query, Router, Schema, Status

from guatu.hub.accounts.models import Person, Unit, valid_on
from guatu.hub.accounts.requests import ActorRequest
from guatu.hub.accounts.roles import ROLES
from guatu.hub.api.fields import Because, Body, Day, From, Id, Key, Reason, among, listed, named_in_body
from guatu.hub.api.items import item_seen
from guatu.hub.api.items import router as item_router
from guatu.hub.api.pages import Page, PageQuery, page_of
from guatu.hub.ledger.actions.duties import Answerable, assign_duty, end_duty, hand_over_duty
from guatu.hub.ledger.models import Duty, Item

router = Router(tags=["责任 duties"])
_ROLES = ("", *sorted(key for key, role in ROLES.items() if not role.administrator))


class DutyOut(Schema):
    """Who answers for an item in a slot: a person, a unit, or whoever holds a role at a unit. Ids, never names."""

    id: int = Field(title="编号 id", examples=[31])
    item_id: int = Field(title="事项 item", examples=[12])
    slot: str = Field(title="责任 slot", examples=["lead"])
    person_id: int | None = Field(title="人 person", examples=[None])
    unit_id: int | None = Field(title="单位 unit", examples=[7])
    role: str = Field(title="单位的哪个岗位 role at the unit", examples=["leader"])
    valid_from: date = Field(title="起 from", examples=["2026-01-10"])
    valid_to: date | None = Field(title="止 up to, not including", examples=[None])
    reason: str = Field(title="事由 reason", examples=[""])


class DutyPage(Page):
    items: list[DutyOut]


class DutiesQuery(PageQuery):
    slot: Key | None = Field(None, title="责任 slot", examples=["lead"])
    on: Day | None = Field(None, title="某日有效的 in force on a day", examples=["2026-06-15"])


class HolderIn(Body):
    """Whoever is to hold a duty: a person, or a unit; with a role, whoever holds that role at the unit."""

    person_id: Annotated[Id, Field(title="人 person", examples=[5])] | None = Field(
        None, title="人 person", examples=[None]
    )
    unit_id: Annotated[Id, Field(title="单位 unit", examples=[7])] | None = Field(None, title="单位 unit", examples=[7])
    role: Annotated[str, among(_ROLES), listed(_ROLES)] = Field(
        "", title="单位的哪个岗位 role at the unit", examples=["leader"]
    )
    on: From


class DutyIn(HolderIn):
    """A duty in one of the slots that the ledger declares."""

    slot: Annotated[Key, Field(title="责任 slot", examples=["lead"])]
    reason: Reason = ""


class DutyHandOverIn(HolderIn):
    """Another holder from a day on."""

    reason: Because


class NoMoreIn(Body):
    """From a day on no more."""

    on: From
    reason: Because


@item_router.get(
    "/{int:item_id}/duties", response=DutyPage, url_name="item_duties", summary="事项的责任 Duties of an item"
)
def duties(request: ActorRequest, item_id: int, page: Query[DutiesQuery]) -> object:
    """现任和以前的；写日期就只要那天有效的。 Those now and before; with a day, those in force then."""
    held = Duty.objects.filter(item=item_seen(request, item_id))
    if page.slot:
        held = held.filter(slot=page.slot)
    if page.on is not None:
        held = held.filter(valid_on(page.on))
    return page_of(held, page)


@item_router.post(
    "/{int:item_id}/duties", response={201: DutyOut}, url_name="item_duties", summary="落实责任 Assign a duty"
)
def assign(request: ActorRequest, item_id: int, body: DutyIn) -> Status[Duty]:
    """人、单位，或某单位的某岗位。 A person, a unit, or whoever is in a post of a unit."""
    made = assign_duty(
        item=item_seen(request, item_id), slot=body.slot, holder=_holder(request, body), on=body.on, reason=body.reason,
        by=request.actor, at=timezone.now(),
    )  # fmt: skip
    return Status(201, made)


@router.post(
    "/{int:duty_id}/hand-over", response=DutyOut, url_name="duty_hand_over", summary="交接责任 Hand over a duty"
)
def hand_over(request: ActorRequest, duty_id: int, body: DutyHandOverIn) -> object:
    """从某日起由另一个负责；应答是新的那一条。 Another answers from a day on; the answer is the new duty."""
    return hand_over_duty(
        duty=_seen(request, duty_id), holder=_holder(request, body), on=body.on, reason=body.reason, by=request.actor,
        at=timezone.now(),
    )  # fmt: skip


@router.post("/{int:duty_id}/end", response=DutyOut, url_name="duty_end", summary="解除责任 End a duty")
def end(request: ActorRequest, duty_id: int, body: NoMoreIn) -> object:
    """从某日起不再负责。 Nobody holds it from a day on."""
    return end_duty(
        duty=_seen(request, duty_id), on=body.on, reason=body.reason, by=request.actor, at=timezone.now()
    )  # fmt: skip


def _holder(request: ActorRequest, body: HolderIn) -> Answerable:
    people, units = Person.objects.visible_to(request.actor), Unit.objects.visible_to(request.actor)
    return Answerable(
        named_in_body(people.filter(is_active=True), "person_id", body.person_id) if body.person_id else None,
        named_in_body(units.filter(closed_on=None), "unit_id", body.unit_id) if body.unit_id else None,
        body.role,
    )


def _seen(request: ActorRequest, duty_id: int) -> Duty:
    items = Item.objects.visible_to(request.actor)
    return get_object_or_404(
        Duty.objects.filter(item__in=items).select_related("item__ledger__pack", "item__unit"), pk=duty_id
    )
