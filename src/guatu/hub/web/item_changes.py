"""Forms that enter and change items, one address each, drawn from the ledger's declaration."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.timezone import localdate

from guatu.declarations import FieldType
from guatu.declarations import Ledger as LedgerDeclaration
from guatu.hub.accounts.language import spoken
from guatu.hub.accounts.requests import ActorRequest
from guatu.hub.accounts.roles import Permission
from guatu.hub.ledger.actions.items import CodeTaken, change_item, enter_item, move_item, set_item_state
from guatu.hub.ledger.encodings import Json, Value, encoded
from guatu.hub.ledger.fields import facts_of, ledger_code, stated_list_titles
from guatu.hub.ledger.models import Item
from guatu.hub.ledger.models.items import ItemState
from guatu.hub.ledger.packs import declared
from guatu.hub.ledger.shown import STATES
from guatu.hub.web.declared_fields import CodeField, DeclaredField
from guatu.hub.web.ledgers import ledger_of
from guatu.hub.web.page_forms import (
    ChosenField,
    DayField,
    LineField,
    PageForm,
    ReasonField,
    UnitField,
    answered,
    in_language,
    manageable,
)
from guatu.text import Refusal, Text

SINCE = Text("从哪天起", "From which day")
SINCE_HELP = Text("这天起是这样，今天或以前。", "It is so from that day on: today or earlier.")


def name_field() -> forms.Field:
    """How the name of an item is asked for."""
    return LineField(Text("名称", "Name"), most=300)


def code_field(ledger: LedgerDeclaration) -> forms.Field:
    """How the code of an item is asked for: one whose check characters must agree where the ledger declares such codes."""
    declared_code = ledger.fields.get(ledger_code(ledger) or "")
    title = declared_code.title if declared_code is not None else Text("代码", "Code")
    if declared_code is not None and declared_code.type in (FieldType.PROJECT_CODE, FieldType.CREDIT_CODE):
        return CodeField(title, declared_code.type)
    return LineField(title, most=64, required=False)


class ItemForm(PageForm):
    """Name, code, lists and every declared fact of an item."""

    on = DayField(SINCE, initial=localdate, help=SINCE_HELP)

    def __init__(self, request: ActorRequest, ledger: LedgerDeclaration, item: Item | None = None) -> None:
        self.declaration = ledger
        self.item = item
        self.facts = [DeclaredField(one) for one in facts_of(ledger).values()]
        kept: Mapping[str, Json] = item.values if item is not None else {}
        first = {one.name: one.shown_at_first(kept.get(one.declared.key)) for one in self.facts}
        lists = sorted(item.memberships.filter(valid_to=None).values_list("list", flat=True)) if item else []
        core = {"name": item.name, "code": item.code, "lists": lists, "seen": item.revision} if item else {}
        super().__init__(request.POST or None, initial={**first, **core})
        self._ask(kept)

    def _ask(self, kept: Mapping[str, Json]) -> None:
        self.fields["name"] = name_field()
        self.fields["code"] = code_field(self.declaration)
        if offered := stated_list_titles(self.declaration):
            self.fields["lists"] = forms.MultipleChoiceField(
                label=in_language(Text("清单", "Lists")),
                required=False,
                widget=forms.CheckboxSelectMultiple,
                choices=[(key, title.in_(spoken())) for key, title in offered.items()],
            )
        for one in self.facts:
            self.fields[one.name] = one.asked(kept.get(one.declared.key))
        if self.item is not None:
            self.fields["seen"] = forms.IntegerField(widget=forms.HiddenInput)
        self.fields["reason"] = ReasonField(required=self.item is not None)
        self.order_fields(["name", "code", "lists", *(one.name for one in self.facts), "on", "reason"])

    def field_of(self, refusal: Refusal) -> str:
        return "code" if isinstance(refusal, CodeTaken) else f"f-{getattr(refusal, 'field', '')}"

    def stated(self, data: Mapping[str, Any]) -> dict[str, Value]:
        """Every fact that is given."""
        meant = {one.declared.key: one.meant(data[one.name]) for one in self.facts}
        return {key: value for key, value in meant.items() if value is not None}

    def changed(self, data: Mapping[str, Any]) -> dict[str, Value | None]:
        """Facts the item does not have like this; None takes one away."""
        assert self.item is not None
        kept: Mapping[str, Json] = self.item.values
        found: dict[str, Value | None] = {}
        for one in self.facts:
            key, value = one.declared.key, one.meant(data[one.name])
            if kept.get(key) != (encoded(one.declared, value) if value is not None else None):
                found[key] = value
        return found


class MoveForm(PageForm):
    on = DayField(SINCE, initial=localdate, help=SINCE_HELP)
    reason = ReasonField()

    def __init__(self, request: ActorRequest, item: Item) -> None:
        super().__init__(request.POST or None)
        units = manageable(request.actor, Permission.CHANGE_ITEMS).exclude(pk=item.unit_id)
        self.fields["other"] = UnitField(Text("划到哪个单位", "To which unit"), units)
        self.order_fields(["other"])


class StateForm(PageForm):
    """Suspended, withdrawn or back again."""

    on = DayField(SINCE, initial=localdate, help=SINCE_HELP)
    reason = ReasonField()

    def __init__(self, request: ActorRequest, item: Item) -> None:
        super().__init__(request.POST or None)
        offered = {key: title for key, title in STATES.items() if key not in (item.state, ItemState.MERGED.value)}
        self.fields["state"] = ChosenField(Text("改为", "Becomes"), offered)
        self.order_fields(["state"])


class EndForm(PageForm):
    """Of a duty or a link: over from a day, for a reason."""

    on = DayField(Text("从哪天起解除", "Ends on"), initial=localdate)
    reason = ReasonField()


def enter(request: ActorRequest, ledger_key: str) -> HttpResponse:
    ledger = ledger_of(ledger_key)
    form = ItemForm(request, declared(ledger))
    form.fields["unit"] = UnitField(Text("责任单位", "Unit"), manageable(request.actor, Permission.CHANGE_ITEMS))
    form.order_fields(["name", "unit"])
    return answered(
        request,
        form,
        lambda data: enter_item(
            ledger=ledger, unit=data["unit"], name=data["name"], code=data["code"], values=form.stated(data),
            lists=tuple(data.get("lists", ())), on=data["on"], reason=data["reason"], by=request.actor, at=timezone.now(),
        ),
        title=Text(f"新增{form.declaration.item.zh}", f"Enter a {form.declaration.item.en}"),
        subject=ledger.title.in_(spoken()),
        back=reverse("items", args=[ledger.key]),
        done=Text("已新增。", "It has been entered."),
        template="forms/wide.html",
    )  # fmt: skip


def change(request: ActorRequest, item_id: int) -> HttpResponse:
    item = changeable(request, item_id)
    form = ItemForm(request, declared(item.ledger), item)

    def act(data: dict[str, Any]) -> None:
        change_item(
            item=item, seen=data["seen"], name=data["name"], code=data["code"], values=form.changed(data),
            lists=tuple(data["lists"]) if "lists" in data else None, on=data["on"], reason=data["reason"],
            by=request.actor, at=timezone.now(),
        )  # fmt: skip

    return answered(
        request,
        form,
        act,
        title=Text("修改", "Change"),
        done=Text("已修改。", "It has been changed."),
        template="forms/wide.html",
        **of_item(item),
    )


def move(request: ActorRequest, item_id: int) -> HttpResponse:
    item = changeable(request, item_id)
    return answered(
        request,
        MoveForm(request, item),
        lambda data: move_item(
            item=item, unit=data["other"], on=data["on"], reason=data["reason"], by=request.actor, at=timezone.now()
        ),
        title=Text("划转", "Move"),
        explained=Text(
            "从所写日期起由另一个单位负责；以前各期仍算原单位的。",
            "Another unit answers for it from the day given; rounds before stay with the old one.",
        ),
        done=Text("已划转。", "It has been moved."),
        **of_item(item),
    )


def set_state(request: ActorRequest, item_id: int) -> HttpResponse:
    item = changeable(request, item_id)
    return answered(
        request,
        StateForm(request, item),
        lambda data: set_item_state(
            item=item, state=ItemState(data["state"]), on=data["on"], reason=data["reason"], by=request.actor,
            at=timezone.now(),
        ),
        title=Text("暂停、退出、恢复", "Suspend, withdraw, resume"),
        explained=Text(
            "从所写日期起生效；以前各期照旧。", "It takes effect from the day given; past rounds stay as they were."
        ),
        done=Text("状态已改。", "Its state has been set."),
        **of_item(item),
    )  # fmt: skip


def changeable(request: ActorRequest, item_id: int, permission: Permission = Permission.CHANGE_ITEMS) -> Item:
    """An item at whose own unit a post of the actor allows this, and that is no tombstone."""
    items = Item.objects.under(request.actor, permission).exclude(state=ItemState.MERGED)
    return get_object_or_404(items.select_related("unit", "ledger__pack"), pk=item_id)


def of_item(item: Item) -> dict[str, Any]:
    """What every form about an item says: of which, and where it leads back."""
    return {"subject": item.name, "back": reverse("item", args=[item.pk])}
