"""The year's turn for programs: items in the plan of a year, taken in, with another plan, let out; on the routers of ledgers and items."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from django.http import Http404
from django.utils import timezone
from ninja import Field, Query, Schema, Status

from guatu.declarations import Ledger as LedgerDeclaration
from guatu.hub.accounts.requests import ActorRequest
from guatu.hub.api.fields import Because, Body, From, Given, Id, Key, NoSuch, Reason
from guatu.hub.api.items import FigureOut, item_seen
from guatu.hub.api.items import router as item_router
from guatu.hub.api.ledgers import ledger_of
from guatu.hub.api.ledgers import router as ledger_router
from guatu.hub.api.pages import Page, PageQuery, page_of
from guatu.hub.ledger.actions.items import require_declared
from guatu.hub.ledger.actions.years import YEARS, TakenIn, adjust_year_plan, leave_year, open_year
from guatu.hub.ledger.encodings import Value, valued
from guatu.hub.ledger.models import Item, YearEntry
from guatu.hub.ledger.models.remarks import EntryKind
from guatu.hub.ledger.packs import declared

__all__ = ["item_router", "ledger_router"]

_PLANS = [{"year_plan": 500000000}]
_EXACT = "金额为分，面积为百万分之一亩，小数为文字 Money in 分, areas in millionths of a 亩, decimals as text"


class YearEntryOut(Schema):
    """An item in the plan of a year; its plan is among its figures, the year being their period."""

    item_id: int = Field(title="事项 item", examples=[12])
    year: int = Field(title="年度 year", examples=[2026])
    kind: EntryKind = Field(title="新增或结转 new or carried over", examples=["carried_over"])
    reason: str = Field(title="列入理由 why it is in it", examples=["续建"])
    left_on: date | None = Field(title="从哪天起退出 out of it since", examples=[None])
    left_reason: str = Field(title="退出理由 why it is out of it", examples=[""])
    sequence: int = Field(title="变更序号 sequence", examples=[1207])


class YearEntryPage(Page):
    items: list[YearEntryOut]


@ledger_router.get(
    "/{slug:ledger_key}/years/{int:year}",
    response=YearEntryPage,
    url_name="ledger_year",
    summary="年度计划里的事项 Items in the plan of a year",
)
def entries(request: ActorRequest, ledger_key: str, year: int, page: Query[PageQuery]) -> object:
    """其中看得到的，退出了的也在。 Those of them one may see, those that left it too."""
    _require_year(year)
    seen = Item.objects.visible_to(request.actor).filter(ledger=ledger_of(ledger_key))
    return page_of(YearEntry.objects.filter(item__in=seen, year=year), page)


@item_router.get(
    "/{int:item_id}/years", response=YearEntryPage, url_name="item_years", summary="事项列入的年度 Years of an item"
)
def of_item(request: ActorRequest, item_id: int, page: Query[PageQuery]) -> object:
    """各年度怎样列入、何时退出。 How it came into each year, and when it left."""
    return page_of(YearEntry.objects.filter(item=item_seen(request, item_id)), page)


class TakenInIn(Body):
    """An item taken into a year, with its plan."""

    item_id: Annotated[Id, Field(title="事项 item", examples=[12])]
    plans: dict[Key, Given] = Field({}, title="年度计划 plan by field", description=_EXACT, examples=_PLANS)
    reason: Reason = ""


class OpenYearIn(Body):
    """Items carried over into a year, or new in it."""

    taken: list[TakenInIn] = Field(
        min_length=1,
        max_length=500,
        title="列入的事项 items taken in",
        examples=[[{"item_id": 12, "plans": {"year_plan": 500000000}, "reason": "续建"}]],
    )


class OpenedYearOut(Schema):
    """The items that were taken in, in the order they were named."""

    items: list[YearEntryOut]


@ledger_router.post(
    "/{slug:ledger_key}/years/{int:year}",
    response={201: OpenedYearOut},
    url_name="ledger_year",
    summary="结转和新增 Take items into a year",
)
def open_(request: ActorRequest, ledger_key: str, year: int, body: OpenYearIn) -> Status[dict[str, Any]]:
    """都列入，或都不列入；以前年份列过的记为结转。 All of them, or none; those of earlier years count as carried over."""
    _require_year(year)
    ledger = ledger_of(ledger_key)
    declaration, asked = declared(ledger), [one.item_id for one in body.taken]
    seen = Item.objects.visible_to(request.actor).filter(ledger=ledger).select_related("unit").in_bulk(asked)
    if missing := [key for key in asked if key not in seen]:
        raise NoSuch("taken", missing[0])
    taken = [
        TakenIn(seen[one.item_id], {key: _plan(declaration, key, said) for key, said in one.plans.items()}, one.reason)
        for one in body.taken
    ]
    made = open_year(ledger=ledger, year=year, taken=taken, by=request.actor, at=timezone.now())
    return Status(201, {"items": made})


class YearPlanIn(Body):
    """Another plan for the rest of a year."""

    field: Annotated[Key, Field(title="哪项计划 which plan", examples=["year_plan"])]
    value: Given = Field(title="新的计划 the plan from now on", description=_EXACT, examples=[400000000])
    reason: Because


@item_router.post(
    "/{int:item_id}/years/{int:year}/plan",
    response=FigureOut,
    url_name="year_plan",
    summary="调整年度计划 Adjust a year's plan",
)
def adjust(request: ActorRequest, item_id: int, year: int, body: YearPlanIn) -> object:
    """原来的计划留在记录里。 The plan it had stays known as it was."""
    item = item_seen(request, item_id)
    value = _plan(declared(item.ledger), body.field, body.value)
    return adjust_year_plan(
        item=item, year=year, field=body.field, value=value, reason=body.reason, by=request.actor, at=timezone.now()
    )


class LeaveYearIn(Body):
    """Out of the plan of a year from a day on."""

    on: From
    reason: Because


@item_router.post(
    "/{int:item_id}/years/{int:year}/leave",
    response=YearEntryOut,
    url_name="year_leave",
    summary="退出年度计划 Take an item out of a year",
)
def leave(request: ActorRequest, item_id: int, year: int, body: LeaveYearIn) -> object:
    """以前各期不变。 Past rounds keep what they said."""
    item = item_seen(request, item_id)
    return leave_year(item=item, year=year, on=body.on, reason=body.reason, by=request.actor, at=timezone.now())


def _require_year(year: int) -> None:
    if year not in YEARS:
        raise Http404(str(year))


def _plan(ledger: LedgerDeclaration, key: str, said: object) -> Value:
    require_declared(ledger, {key: said})
    return valued(ledger.fields[key], said)
