"""The year's turn of a ledger: carry over, take in, plan, adjust, let out; and its lists redrawn."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.db.models import Exists, OuterRef, QuerySet
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.timezone import localdate

from guatu.hub.accounts.language import spoken
from guatu.hub.accounts.requests import ActorRequest
from guatu.hub.accounts.roles import Permission
from guatu.hub.ledger.actions.years import (
    YEARS,
    Redrawn,
    TakenIn,
    adjust_year_plan,
    leave_year,
    open_year,
    plan_fields,
    redraw_list,
)
from guatu.hub.ledger.encodings import Value
from guatu.hub.ledger.fields import stated_lists
from guatu.hub.ledger.models import Item, Ledger, ListMembership, YearEntry
from guatu.hub.ledger.models.items import ItemState
from guatu.hub.ledger.models.remarks import EntryKind
from guatu.hub.ledger.packs import declared
from guatu.hub.web.declared_fields import QuantityField
from guatu.hub.web.item_changes import SINCE, SINCE_HELP, changeable, of_item
from guatu.hub.web.ledgers import ledger_of
from guatu.hub.web.page_forms import ChosenField, DayField, PageForm, ReasonField, answered
from guatu.text import Text

PER_PAGE = 50
ENTRIES: Mapping[str, Text] = {
    EntryKind.NEW: Text("新增", "new"),
    EntryKind.CARRIED_OVER: Text("结转", "carried over"),
}


class ChosenItems(PageForm):
    """A page of items to tick, and one reason for all of them."""

    def __init__(self, request: ActorRequest, items: QuerySet[Item]) -> None:
        super().__init__(request.POST or None)
        self.page = Paginator(items.select_related("unit"), PER_PAGE).get_page(request.GET.get("page"))
        for one in self.page.object_list:
            self.fields[f"item-{one.pk}"] = forms.BooleanField(required=False, label=one.name)

    def chosen(self, data: Mapping[str, Any]) -> list[Item]:
        return [one for one in self.page.object_list if data[f"item-{one.pk}"]]


class YearForm(ChosenItems):
    reason = ReasonField(required=False)

    def __init__(self, request: ActorRequest, items: QuerySet[Item], ledger: Ledger) -> None:
        super().__init__(request, items)
        self.plans = plan_fields(declared(ledger))
        for one in self.page.object_list:
            for key, field in self.plans.items():
                self.fields[f"plan-{one.pk}-{key}"] = QuantityField(field)

    def taken(self, data: Mapping[str, Any]) -> list[TakenIn]:
        return [TakenIn(one, self._plans(one, data), data["reason"]) for one in self.chosen(data)]

    def _plans(self, item: Item, data: Mapping[str, Any]) -> dict[str, Value]:
        found = {key: data[f"plan-{item.pk}-{key}"] for key in self.plans}
        return {key: value for key, value in found.items() if value is not None}

    @property
    def rows(self) -> list[tuple[Item, Any, list[Any]]]:
        """Each item with its tick and the fields of its plan, as the page sets them out."""
        return [
            (one, self[f"item-{one.pk}"], [self[f"plan-{one.pk}-{key}"] for key in self.plans])
            for one in self.page.object_list
        ]


class ListForm(ChosenItems):
    on = DayField(SINCE, initial=localdate, help=SINCE_HELP)
    reason = ReasonField()

    @property
    def rows(self) -> list[tuple[Item, Any, list[Any]]]:
        return [(one, self[f"item-{one.pk}"], []) for one in self.page.object_list]


class PlanForm(PageForm):
    reason = ReasonField()

    def __init__(self, request: ActorRequest, item: Item) -> None:
        super().__init__(request.POST or None)
        self.plans = plan_fields(declared(item.ledger))
        self.fields["field"] = ChosenField(
            Text("哪项计划", "Which plan"), {key: one.title for key, one in self.plans.items()}
        )
        for key, one in self.plans.items():
            self.fields[f"plan-{key}"] = QuantityField(one)
        self.order_fields(["field", *(f"plan-{key}" for key in self.plans)])

    def value(self, data: Mapping[str, Any]) -> Value:
        value: Value = data[f"plan-{data['field']}"]
        return value

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if data.get("field") and data.get(f"plan-{data['field']}") is None:
            self.add_error(f"plan-{data['field']}", Text("写新的计划数。", "Give the new figure.").in_(spoken()))
        return data


class LeaveForm(PageForm):
    on = DayField(Text("从哪天起退出", "Out from"), initial=localdate)
    reason = ReasonField()


def turn(request: ActorRequest, ledger_key: str, year: int) -> HttpResponse:
    """Items that are not in the plan of a year yet, to be carried over or taken in; those that are, beside them."""
    if year not in YEARS:
        raise Http404(str(year))
    ledger = ledger_of(ledger_key)
    mine = Item.objects.under(request.actor, Permission.CHANGE_ITEMS).filter(ledger=ledger)
    within = YearEntry.objects.filter(item=OuterRef("pk"), year=year)
    waiting = mine.filter(~Exists(within), state=ItemState.ACTIVE).order_by("unit__order", "unit_id", "pk")
    form = YearForm(request, waiting, ledger)
    entries = YearEntry.objects.filter(item__in=mine, year=year).select_related("item__unit").order_by("pk")
    return answered(
        request,
        form,
        lambda data: open_year(ledger=ledger, year=year, taken=form.taken(data), by=request.actor, at=timezone.now()),
        title=Text(f"{year} 年度结转和新增", f"Into the plan of {year}"),
        explained=Text(
            "勾选列入这一年的事项，填年度计划。以前年份列过的记为结转，其余记为新增；以前各期不受影响。",
            "Tick the items of the year and give their plans. Those of earlier years count as carried over, others as new; past rounds "
            "stay as they were.",
        ),
        subject=ledger.title.in_(spoken()),
        back=reverse("ledger_year", args=[ledger.key, year]),
        done=Text("已列入。", "They have been taken in."),
        template="ledgers/year.html",
        more={
            "ledger": ledger,
            "year": year,
            "plans": list(form.plans.values()),
            "page": form.page,
            "entries": [(one, ENTRIES[one.kind]) for one in entries[:PER_PAGE]],
            "counted": entries.count(),
        },
    )


def redraw(request: ActorRequest, ledger_key: str, list_key: str) -> HttpResponse:
    """Items that enter a list, or with `?out` those that leave it."""
    ledger = ledger_of(ledger_key)
    declaration = declared(ledger)
    if list_key not in stated_lists(declaration):
        raise Http404(list_key)
    enters = "out" not in request.GET
    mine = Item.objects.under(request.actor, Permission.CHANGE_ITEMS).filter(ledger=ledger)
    on_it = ListMembership.objects.filter(item=OuterRef("pk"), list=list_key, valid_to=None)
    offered = mine.filter(~Exists(on_it) if enters else Exists(on_it)).exclude(state=ItemState.MERGED)
    form = ListForm(request, offered.order_by("unit__order", "unit_id", "pk"))
    title = declaration.lists[list_key].title
    return answered(
        request,
        form,
        lambda data: redraw_list(
            ledger=ledger, key=list_key, changes=[Redrawn(one, enters, data["reason"]) for one in form.chosen(data)],
            on=data["on"], by=request.actor, at=timezone.now(),
        ),
        title=Text(f"{title.zh}：调入", f"{title.en}: enter") if enters else Text(f"{title.zh}：调出", f"{title.en}: leave"),
        explained=Text(
            "从所写日期起生效，进出各留理由；以前各期的清单照旧。",
            "It holds from the day given, with the reason of each entry and exit; lists of past rounds stay as they were.",
        ),
        subject=ledger.title.in_(spoken()),
        back=reverse("list_redraw", args=[ledger.key, list_key]),
        done=Text("清单已调整。", "The list has been redrawn."),
        template="ledgers/list.html",
        more={"ledger": ledger, "key": list_key, "enters": enters, "page": form.page, "carried": "" if enters else "out"},
    )  # fmt: skip


def adjust(request: ActorRequest, item_id: int, year: int) -> HttpResponse:
    item = changeable(request, item_id)
    form = PlanForm(request, item)
    return answered(
        request,
        form,
        lambda data: adjust_year_plan(
            item=item, year=year, field=data["field"], value=form.value(data), reason=data["reason"], by=request.actor,
            at=timezone.now(),
        ),
        title=Text(f"调整 {year} 年度计划", f"Adjust the plan of {year}"),
        explained=Text("原计划留在记录里；以前各期照旧。", "The earlier plan stays on record; past rounds stay as they were."),
        done=Text("计划已调整。", "The plan has been adjusted."),
        **of_item(item),
    )  # fmt: skip


def leave(request: ActorRequest, item_id: int, year: int) -> HttpResponse:
    item = changeable(request, item_id)
    return answered(
        request,
        LeaveForm(request.POST or None),
        lambda data: leave_year(
            item=item, year=year, on=data["on"], reason=data["reason"], by=request.actor, at=timezone.now()
        ),
        title=Text(f"退出 {year} 年度计划", f"Take it out of the plan of {year}"),
        grave=True,
        done=Text("已退出。", "It has been taken out."),
        **of_item(item),
    )
