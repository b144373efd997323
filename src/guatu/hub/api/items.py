"""Items for programs: lists with cursors, one item, what it was on any day, its milestones and figures."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils.timezone import localdate
from ninja import Field, Query, Router, Schema

from guatu.hub.accounts.requests import ActorRequest
from guatu.hub.api.fields import Day, IdAsked, one_line
from guatu.hub.api.ledgers import ledger_of
from guatu.hub.api.ledgers import router as ledger_router
from guatu.hub.api.pages import Page, PageQuery, page_of, written
from guatu.hub.ledger.as_of import latest_sequence, revisions_on
from guatu.hub.ledger.asking import ItemsAsked
from guatu.hub.ledger.models import Figure, Item, ItemRevision, ListMembership, Milestone
from guatu.hub.ledger.models.items import ItemState
from guatu.hub.ledger.rows import Row

router = Router(tags=["事项 items"])
Sequence = Annotated[int, Field(ge=0, le=2**63 - 1)]
_FIELDS = (
    "id", "unit_id", "name", "code", "state", "merged_into_id", "values", "missing", "geometry", "revision", "sequence",
    "effective_on", "entered_on", "left_on",
)  # fmt: skip
_VALUES = [{"cost": 12345678900, "begun": True, "due": "2027-08-31", "share": "0.35"}]


class Facts(Schema):
    """What an item says, in the ledger's exact form: see its schema."""

    unit_id: int = Field(title="责任单位 the unit that answers for it", examples=[7])
    name: str = Field(title="名称 name", examples=["东关大桥"])
    code: str = Field(title="代码 code", examples=["W-1"])
    state: ItemState = Field(title="状态 state", examples=["active"])
    merged_into_id: int | None = Field(title="并入 merged into", examples=[None])
    lists: list[str] = Field(title="清单 lists", examples=[["roads"]])
    values: dict[str, Any] = Field(
        title="字段的值 values of fields",
        description="金额为分，面积为百万分之一亩，小数为文字 Money in 分, areas in millionths of a 亩, decimals as text",
        examples=_VALUES,
    )
    missing: dict[str, str] = Field(title="为什么没有值 why fields have none", examples=[{"scale": "pending"}])
    geometry: dict[str, Any] | None = Field(title="位置 GeoJSON", examples=[None])


class ItemOut(Facts):
    """An item as it is now."""

    id: int = Field(title="编号 id", examples=[12])
    ledger: str = Field(title="台账 ledger", examples=["works"])
    revision: int = Field(title="第几版 revision", examples=[3])
    sequence: int = Field(title="变更序号 sequence of its last change", examples=[1207])
    effective_on: date = Field(title="从哪天起是这样 so since", examples=["2026-06-01"])
    entered_on: date = Field(title="进入台账 entered", examples=["2026-01-10"])
    left_on: date | None = Field(title="退出或并入之日 since when it is withdrawn or merged", examples=[None])


class ItemPage(Page):
    known_to: int = Field(
        title="读到的变更序号 the last sequence number when this was read",
        description="下次写 since=第一页的这个数，就得到以后的变更 Ask with since=this of the first page, later on, for what changed since",
        examples=[1207],
    )
    items: list[ItemOut]


class Asking(Schema):
    """Which items are asked for."""

    q: Annotated[str, one_line(200)] = Field("", title="名称、代码、拼音 name, code, pinyin", examples=["daqiao"])
    unit: IdAsked | None = Field(None, title="单位及下属 unit and below", examples=[7])
    list: Annotated[str, one_line(64)] = Field("", title="清单 list", examples=["roads"])
    state: ItemState = Field(ItemState.ACTIVE, title="状态 state", examples=["active"])
    left: Annotated[int, Field(ge=1900, le=2999)] | None = Field(
        None, title="退出或并入的年份 year it was withdrawn or merged in", examples=[2026]
    )
    since: Sequence | None = Field(
        None,
        title="此变更序号以后变更的，不论状态 changed after this sequence number, whatever the state",
        examples=[1207],
    )
    where: tuple[Annotated[str, one_line(200)], ...] = Field(
        (),
        max_length=8,
        title="字段条件 conditions on fields",
        description="字段:is|from|to:值，可写几个 field:is|from|to:value, several must all hold",
        examples=[["begun:is:true"]],
    )

    def asked(self) -> ItemsAsked:
        return ItemsAsked(self.q, self.unit, self.list, self.state.value, self.where, self.since, left=self.left)


class ItemsQuery(PageQuery, Asking):
    """Which items, and which page of them."""


@ledger_router.get(
    "/{slug:ledger_key}/items", response=ItemPage, url_name="ledger_items", summary="事项列表 List items"
)
def items(request: ActorRequest, ledger_key: str, page: Query[ItemsQuery]) -> object:
    """管辖范围内的事项，按编号。 The items one may see, by id."""
    ledger, known_to = ledger_of(ledger_key), latest_sequence()
    found = page_of(page.asked().items(ledger, request.actor).values(*_FIELDS), page)
    lists = lists_of([one["id"] for one in found["items"]])
    for one in found["items"]:
        one["ledger"], one["lists"] = ledger.key, lists.get(one["id"], [])
    return written({"known_to": known_to, "items": found["items"], "next": found["next"]})


class DayQuery(Schema):
    on: Day | None = Field(None, title="哪一天，缺省今天 day, today if not given", examples=["2026-07-31"])
    known_to: Sequence | None = Field(
        None, title="按当时所知：变更序号 as known by this sequence number", examples=[1207]
    )


class RowOut(Facts):
    """An item as it was on a day."""

    id: int = Field(title="编号 id", examples=[12])
    revision: int = Field(title="第几版 revision", examples=[3])
    sequence: int = Field(title="变更序号 sequence of that revision", examples=[1207])
    effective_on: date = Field(title="从哪天起是这样 so since", examples=["2026-06-01"])
    recorded_at: datetime = Field(title="何时知道 when it became known", examples=["2026-06-15T02:30:00Z"])


class RowPage(Page):
    on: date = Field(title="日期 day", examples=["2026-07-31"])
    items: list[RowOut]


class RowsQuery(PageQuery, DayQuery):
    """Which day, and which page of it."""


@ledger_router.get(
    "/{slug:ledger_key}/rows", response=RowPage, url_name="ledger_rows", summary="某日的台账 The ledger as of a day"
)
def rows(request: ActorRequest, ledger_key: str, page: Query[RowsQuery]) -> object:
    """现在知道的那一天，或当时所知的那一天。 That day as known now, or as known then."""
    seen = Item.objects.visible_to(request.actor).filter(ledger=ledger_of(ledger_key))
    day = page.on or localdate()
    found = page_of(seen.filter(entered_on__lte=day).only("pk"), page)
    held = revisions_on(Item.objects.filter(pk__in=[one.pk for one in found["items"]]), day, known_by=page.known_to)
    return written({"on": day, "items": [_row_out(one) for one in held], "next": found["next"]})


@router.get("/{int:item_id}", response=ItemOut, url_name="item", summary="一个事项 One item")
def item(request: ActorRequest, item_id: int) -> object:
    """现在的样子。 As it is now."""
    found = item_seen(request, item_id)
    return item_out(found, found.ledger.key, lists_of([found.pk]).get(found.pk, []))


class RowsOut(Schema):
    """The row of the day, none if it had not entered by then."""

    on: date = Field(title="日期 day", examples=["2026-07-31"])
    items: list[RowOut]


@router.get("/{int:item_id}/row", response=RowsOut, url_name="item_row", summary="事项某日的样子 An item as of a day")
def row(request: ActorRequest, item_id: int, query: Query[DayQuery]) -> object:
    """那天还没有它，就是空的。 Empty if it had not entered by that day."""
    day = query.on or localdate()
    held = revisions_on(Item.objects.filter(pk=item_seen(request, item_id).pk), day, known_by=query.known_to)
    return {"on": day, "items": [_row_out(one) for one in held]}


class RevisionOut(RowOut):
    """One revision of an item: never changed."""

    kind: str = Field(title="变更类别 kind of change", examples=["changed"])
    reason: str = Field(title="事由 reason", examples=["概算批复"])
    record_id: int = Field(title="审计记录 record of the audit", examples=[1203])


class RevisionPage(Page):
    items: list[RevisionOut]


@router.get(
    "/{int:item_id}/revisions",
    response=RevisionPage,
    url_name="item_revisions",
    summary="事项的历次变更 An item's revisions",
)
def revisions(request: ActorRequest, item_id: int, page: Query[PageQuery]) -> object:
    """从第一版起。 From the first on."""
    found = page_of(ItemRevision.objects.filter(item=item_seen(request, item_id)), page)
    told = [
        _row_out(one) | {"kind": one.kind, "reason": one.reason, "record_id": one.record_id} for one in found["items"]
    ]
    return {"items": told, "next": found["next"]}


class MilestoneOut(Schema):
    """A fact about a milestone that is in force."""

    key: str = Field(title="节点 milestone", examples=["started"])
    fact: str = Field(title="计划、调整或实际 planned, revised or actual", examples=["planned"])
    on: date | None = Field(title="日期 day", examples=["2026-09-30"])
    precision: str = Field(title="精确到 how exactly it is known", examples=["month"])
    standing: str = Field(title="申报、核查或认定 claimed, checked or verified", examples=["claimed"])
    reason: str = Field(title="事由 reason", examples=[""])
    evidence: str = Field(title="依据 evidence", examples=["施工许可 2026-7 号"])
    agreed_by_id: int | None = Field(title="同意调整的单位 unit that agreed to the change", examples=[None])
    sequence: int = Field(title="变更序号 sequence", examples=[1207])


class MilestonePage(Page):
    items: list[MilestoneOut]


@router.get(
    "/{int:item_id}/milestones",
    response=MilestonePage,
    url_name="item_milestones",
    summary="事项的节点 An item's milestones",
)
def milestones(request: ActorRequest, item_id: int, page: Query[PageQuery]) -> object:
    """现行的计划、调整和实际日期。 Planned, revised and actual days in force."""
    return page_of(Milestone.objects.in_force().counting().filter(item=item_seen(request, item_id)), page)


class FigureOut(Schema):
    """A figure of a period that is in force."""

    field: str = Field(title="字段 field", examples=["month_done"])
    period: str = Field(title="期 period", examples=["2026-06"])
    amount: int | None = Field(title="金额（分）或整数 money in 分, or a whole number", examples=[120000000])
    number: str = Field(title="小数 decimal", examples=[""])
    by_hand: bool = Field(title="手工填报 entered by hand", examples=[False])
    reason: str = Field(title="理由 why it stands", examples=[""])
    sequence: int = Field(title="变更序号 sequence", examples=[1207])


class FigurePage(Page):
    items: list[FigureOut]


class FiguresQuery(PageQuery):
    field: Annotated[str, one_line(64)] = Field("", title="字段 field", examples=["month_done"])
    period: Annotated[str, one_line(16)] = Field("", title="期 period", examples=["2026-06"])


@router.get(
    "/{int:item_id}/figures", response=FigurePage, url_name="item_figures", summary="事项的分期数据 An item's figures"
)
def figures(request: ActorRequest, item_id: int, page: Query[FiguresQuery]) -> object:
    """各期报的数，现行的。 What was reported of each period, as it is in force."""
    wanted = {name: value for name in ("field", "period") if (value := getattr(page, name))}
    held = Figure.objects.in_force().filter(item=item_seen(request, item_id), **wanted)
    return page_of(held, page)


def items_seen(request: ActorRequest) -> QuerySet[Item]:
    """Those one may see, each with its ledger and unit."""
    seen = Item.objects.visible_to(request.actor).select_related("ledger__pack", "unit")
    return seen.defer("search_text", "ledger__pack__files")


def item_seen(request: ActorRequest, item_id: int) -> Item:
    """The item of an address; 404 if it is not there or may not be seen."""
    return get_object_or_404(items_seen(request), pk=item_id)


def lists_of(ids: list[int]) -> dict[int, list[str]]:
    """The lists items are on now, by item."""
    through = ListMembership.objects.filter(item__in=ids, valid_to=None)
    held: dict[int, list[str]] = {}
    for item_id, key in through.order_by("list").values_list("item_id", "list"):
        held.setdefault(item_id, []).append(key)
    return held


def item_out(one: Item, ledger: str, lists: list[str]) -> dict[str, Any]:
    return {name: getattr(one, name) for name in _FIELDS} | {"ledger": ledger, "lists": lists}


def _row_out(one: ItemRevision) -> dict[str, Any]:
    held = Row.of(one.row)
    said = {
        "unit_id": held.unit, "name": held.name, "code": held.code, "state": held.state, "merged_into_id": held.merged_into,
        "values": held.values, "missing": held.missing, "lists": list(held.lists), "geometry": held.geometry,
    }  # fmt: skip
    return said | {
        "id": one.item_id, "revision": one.number, "sequence": one.sequence, "effective_on": one.effective_on,
        "recorded_at": one.recorded_at,
    }  # fmt: skip
