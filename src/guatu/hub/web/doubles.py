"""Items that may be one: found, merged by a person, or told apart."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.timezone import localdate

from guatu.declarations import Ledger as LedgerDeclaration
from guatu.hub.accounts.language import spoken
from guatu.hub.accounts.models import Unit
from guatu.hub.accounts.requests import ActorRequest
from guatu.hub.accounts.roles import Permission
from guatu.hub.ledger.actions.items import row_of
from guatu.hub.ledger.actions.merging import merge_items, tell_apart
from guatu.hub.ledger.doubles import doubles
from guatu.hub.ledger.models import Item
from guatu.hub.ledger.models.items import ItemState
from guatu.hub.ledger.packs import declared
from guatu.hub.ledger.rows import differing
from guatu.hub.ledger.shown import NOTHING, said_of, titled
from guatu.hub.web.item_changes import SINCE, SINCE_HELP, changeable, of_item
from guatu.hub.web.item_field import ItemField
from guatu.hub.web.ledgers import ledger_of
from guatu.hub.web.page_forms import DayField, PageForm, ReasonField, ReasonForm, answered, in_language
from guatu.text import Text

PER_PAGE = 50


class ChooseForm(PageForm):
    def __init__(self, request: ActorRequest, item: Item) -> None:
        super().__init__(request.POST or None)
        others = Item.objects.under(request.actor, Permission.CHANGE_ITEMS).filter(ledger=item.ledger_id)
        others = others.exclude(pk=item.pk).exclude(state=ItemState.MERGED)
        self.fields["into"] = ItemField(Text("并入哪个事项", "Into which item"), others)


class MergeForm(PageForm):
    on = DayField(SINCE, initial=localdate, help=SINCE_HELP)
    reason = ReasonField()

    def __init__(self, request: ActorRequest, offered: dict[str, Text]) -> None:
        super().__init__(request.POST or None)
        if offered:
            self.fields["take"] = forms.MultipleChoiceField(
                label=in_language(Text("哪些以被并入的为准", "Taken from the one that goes")),
                required=False,
                widget=forms.CheckboxSelectMultiple,
                choices=[(key, title.in_(spoken())) for key, title in offered.items()],
            )
        self.order_fields(["take"])


def found(request: ActorRequest, ledger_key: str) -> HttpResponse:
    ledger = ledger_of(ledger_key)
    items = Item.objects.under(request.actor, Permission.CHANGE_ITEMS).filter(ledger=ledger)
    page = Paginator(doubles(items, declared(ledger)), PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "ledgers/doubles.html", {"ledger": ledger, "page": page})


def choose(request: ActorRequest, item_id: int) -> HttpResponse:
    """Which item it goes into; nothing is done yet."""
    item = changeable(request, item_id)
    form = ChooseForm(request, item)
    if request.method == "POST" and form.is_valid():
        return HttpResponseRedirect(reverse("item_merge", args=[item.pk, form.cleaned_data["into"].pk]))
    words = {"form": form, "title": Text("合并", "Merge"), "button": Text("下一步", "Next"), **of_item(item)}
    return render(request, "forms/form.html", words, status=422 if form.is_bound else 200)


def merge(request: ActorRequest, item_id: int, other_id: int) -> HttpResponse:
    item, into = changeable(request, item_id), changeable(request, other_id)
    compared = _compared(item, into, declared(item.ledger))
    offered = {
        key: title
        for key, title, mine, other in compared
        if key not in ("unit", "lists") and NOTHING not in (mine.zh, other.zh) and mine.zh
    }
    return answered(
        request,
        MergeForm(request, offered),
        lambda data: merge_items(
            item=item, into=into, take=[one.removeprefix("values.") for one in data.get("take", ())], on=data["on"],
            reason=data["reason"], by=request.actor, at=timezone.now(),
        ),
        title=Text(f"并入“{into.name}”", f"Merge into '{into.name}'"),
        explained=Text(
            "它从所写日期起成为指向另一个的存根，两边的历史都留着。另一个没有的数字、节点、责任、清单由它补上；都有的，以另一个为准，"
            "勾选的除外。不能撤销。",
            "From the day given it is a tombstone that points to the other; both histories stay. Figures, milestones, duties and lists "
            "the other has none of are taken over; of what both have the other's stays, but for what is ticked. It cannot be undone.",
        ),
        grave=True,
        done=Text("已合并。", "They have been merged."),
        template="ledgers/merge.html",
        more={"compared": compared, "item": item, "into": into},
        **of_item(item),
    )  # fmt: skip


def apart(request: ActorRequest, item_id: int, other_id: int) -> HttpResponse:
    item, other = changeable(request, item_id), changeable(request, other_id)
    return answered(
        request,
        ReasonForm(request.POST or None),
        lambda data: tell_apart(one=item, other=other, reason=data["reason"], by=request.actor, at=timezone.now()),
        title=Text(f"与“{other.name}”是两个事项", f"Is another than '{other.name}'"),
        explained=Text("以后不再把这两个列为疑似重复。", "The two are not shown as one again."),
        done=Text("已判定为两个事项。", "The two have been told apart."),
        subject=item.name,
        back=reverse("doubles", args=[item.ledger.key]),
    )


def _compared(item: Item, into: Item, ledger: LedgerDeclaration) -> list[tuple[str, Text, Text, Text]]:
    """Facts in which the two differ: key, title, what the one and what the other says."""
    units: dict[int, Text] = {one.pk: one.title for one in Unit.objects.filter(pk__in=[item.unit_id, into.unit_id])}
    facts: dict[str, tuple[Any, Any]] = differing(row_of(item), row_of(into))
    return [
        (fact, titled(ledger, fact), said_of(ledger, fact, mine, units), said_of(ledger, fact, other, units))
        for fact, (mine, other) in facts.items()
        if fact in ("name", "code", "unit", "lists") or fact.startswith("values.")
    ]
