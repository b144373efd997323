"""Forms about who answers for an item."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.timezone import localdate

from guatu.declarations import DutyDeclaration, Holder
from guatu.hub.accounts.models import Person, Unit
from guatu.hub.accounts.requests import ActorRequest
from guatu.hub.accounts.roles import ROLES, Permission
from guatu.hub.ledger.actions.duties import Answerable, assign_duty, end_duty, hand_over_duty
from guatu.hub.ledger.models import Duty, Item
from guatu.hub.ledger.packs import declared
from guatu.hub.web.item_changes import SINCE, SINCE_HELP, EndForm, changeable, of_item
from guatu.hub.web.page_forms import ChosenField, DayField, PageForm, PersonField, ReasonField, UnitField, answered
from guatu.text import Text

PERSON = Text("哪个人", "Which person")
UNIT = Text("哪个单位", "Which unit")
ROLE = Text("该单位的哪个岗位", "Which post of that unit")
ONE_OF = Text(
    "填人，或填单位；填了岗位，就由任职的人负责，换人不必再改。",
    "Name a person, or a unit; with a post, whoever holds it answers.",
)


class HolderForm(PageForm):
    """Whoever is to hold a duty, in the ways its slot allows."""

    on = DayField(SINCE, initial=localdate, help=SINCE_HELP)
    reason = ReasonField(required=False)

    def __init__(self, request: ActorRequest, slots: Mapping[str, DutyDeclaration], *, ask: bool) -> None:
        super().__init__(request.POST or None)
        kinds = {kind for one in slots.values() for kind in one.held_by}
        if ask:
            self.fields["slot"] = ChosenField(Text("责任", "Duty"), {key: one.title for key, one in slots.items()})
        if Holder.PERSON in kinds:
            people = Person.objects.visible_to(request.actor, Permission.SEE_UNITS)
            self.fields["person"] = PersonField(PERSON, people, required=kinds == {Holder.PERSON})
        if kinds & {Holder.UNIT, Holder.POST}:
            units = Unit.objects.visible_to(request.actor)
            self.fields["unit"] = UnitField(UNIT, units, required=Holder.PERSON not in kinds, help=ONE_OF)
        if Holder.POST in kinds:
            titles = {key: role.title for key, role in ROLES.items() if not role.administrator}
            self.fields["role"] = ChosenField(ROLE, titles, required=kinds == {Holder.POST})
        self.order_fields(["slot", "person", "unit", "role"])


def assign(request: ActorRequest, item_id: int) -> HttpResponse:
    item = changeable(request, item_id)
    return answered(
        request,
        HolderForm(request, declared(item.ledger).duties, ask=True),
        lambda data: assign_duty(
            item=item, slot=data["slot"], holder=_holder(data), on=data["on"], reason=data["reason"], by=request.actor,
            at=timezone.now(),
        ),
        title=Text("落实责任", "Assign a duty"),
        done=Text("责任已落实。", "The duty has been assigned."),
        **of_item(item),
    )  # fmt: skip


def hand_over(request: ActorRequest, duty_id: int) -> HttpResponse:
    duty, slot = _found(request, duty_id)
    form = HolderForm(request, {duty.slot: slot}, ask=False)
    form.fields["reason"].required = True
    return answered(
        request,
        form,
        lambda data: hand_over_duty(
            duty=duty, holder=_holder(data), on=data["on"], reason=data["reason"], by=request.actor, at=timezone.now()
        ),
        title=Text(f"交接“{slot.title.zh}”", f"Hand over '{slot.title.en}'"),
        done=Text("责任已交接。", "The duty has been handed over."),
        **of_item(duty.item),
    )


def end(request: ActorRequest, duty_id: int) -> HttpResponse:
    duty, slot = _found(request, duty_id)
    return answered(
        request,
        EndForm(request.POST or None),
        lambda data: end_duty(duty=duty, on=data["on"], reason=data["reason"], by=request.actor, at=timezone.now()),
        title=Text(f"解除“{slot.title.zh}”", f"End '{slot.title.en}'"),
        grave=True,
        done=Text("责任已解除。", "The duty has been ended."),
        **of_item(duty.item),
    )


def _holder(data: Mapping[str, Any]) -> Answerable:
    return Answerable(data.get("person"), data.get("unit"), data.get("role") or "")


def _found(request: ActorRequest, duty_id: int) -> tuple[Duty, DutyDeclaration]:
    items = Item.objects.under(request.actor, Permission.CHANGE_ITEMS)
    duty = get_object_or_404(
        Duty.objects.select_related("item__ledger__pack", "item__unit"), pk=duty_id, item__in=items
    )
    slot = declared(duty.item.ledger).duties.get(duty.slot)
    return duty, slot or DutyDeclaration(duty.slot, Text(duty.slot, duty.slot), declared(duty.item.ledger).place)
