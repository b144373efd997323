"""Units for programs: the tree, its history, and its changes."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated

from django.shortcuts import get_object_or_404
from django.utils.timezone import localdate
from ninja import Field, Query, Router, Schema

from guatu.hub.accounts.models import Succession, Unit, UnitSpan
from guatu.hub.accounts.models.units import UnitKind
from guatu.hub.accounts.requests import ActorRequest
from guatu.hub.accounts.tree import tree_on
from guatu.hub.api.fields import Day, IdAsked, one_line
from guatu.hub.api.pages import Page, PageQuery, page_of

router = Router(tags=["单位 units"])

NameZh = Annotated[str, one_line(100, least=1), Field(title="名称 name in Chinese", examples=["东关街道"])]
NameEn = Annotated[str, one_line(200), Field(title="英文名称 name in English", examples=["Dongguan Subdistrict"])]
Code = Annotated[str, one_line(18), Field(title="代码 code", examples=["370203001"])]


class UnitOut(Schema):
    """A unit as it is now."""

    id: int = Field(title="编号 id", examples=[7])
    kind: UnitKind = Field(title="类别 kind", examples=["town"])
    title_zh: str = Field(title="名称 name in Chinese", examples=["东关镇"])
    title_en: str = Field(title="英文名称 name in English", examples=["Dongguan Town"])
    code: str = Field(title="代码 code", description="没有就空着 Blank if it has none", examples=["370203001"])
    parent_id: int | None = Field(title="上级 the unit above", examples=[2])
    order: int = Field(title="次序 place among its siblings", examples=[3])
    opened_on: date = Field(title="设立 opened", examples=["2020-01-01"])
    closed_on: date | None = Field(title="撤销 first day it is no more", examples=[None])


class UnitPage(Page):
    items: list[UnitOut]


class SpanOut(Schema):
    """What a unit was called, and under whom it stood, from one day up to, not including, another."""

    valid_from: date = Field(title="起 from", examples=["2020-01-01"])
    valid_to: date | None = Field(title="止 up to, not including", examples=["2024-03-01"])
    kind: UnitKind = Field(title="类别 kind", examples=["town"])
    title_zh: str = Field(title="名称 name in Chinese", examples=["东关镇"])
    title_en: str = Field(title="英文名称 name in English", examples=["Dongguan Town"])
    code: str = Field(title="代码 code", examples=["370203001"])
    parent_id: int | None = Field(title="上级 the unit above", examples=[2])
    recorded_at: datetime = Field(title="记录于 recorded", examples=["2024-03-05T01:20:00Z"])


class SpanPage(Page):
    items: list[SpanOut]


class NodeOut(Schema):
    """A unit as it was on the tree's day."""

    id: int = Field(title="编号 id", examples=[7])
    kind: UnitKind = Field(title="类别 kind", examples=["town"])
    title_zh: str = Field(title="名称 name in Chinese", examples=["东关镇"])
    title_en: str = Field(title="英文名称 name in English", examples=["Dongguan Town"])
    code: str = Field(title="代码 code", examples=["370203001"])
    parent_id: int | None = Field(title="上级 the unit above that day", examples=[2])


class TreeOut(Schema):
    """The units of a day, each after the one above it, siblings as the city prints them."""

    on: date = Field(title="日期 day", examples=["2021-06-30"])
    items: list[NodeOut]


class TreeQuery(Schema):
    on: Day | None = Field(None, title="日期，缺省今天 day, today if not given", examples=["2021-06-30"])


class SuccessionOut(Schema):
    """What became of a unit that was merged or divided."""

    unit_id: int = Field(title="原单位 the unit that was", examples=[7])
    successor_id: int = Field(title="承接单位 the unit that took its place", examples=[9])
    on: date = Field(title="生效日 from which day", examples=["2024-03-01"])


class SuccessionPage(Page):
    items: list[SuccessionOut]


class UnitsQuery(PageQuery):
    kind: UnitKind | None = Field(None, title="类别 kind", examples=["town"])
    parent: IdAsked | None = Field(None, title="直接上级 directly under", examples=[2])
    under: IdAsked | None = Field(None, title="所有上级 anywhere under, itself included", examples=[1])
    code: str | None = Field(None, max_length=18, title="代码 code", examples=["370203001"])
    open_on: Day | None = Field(None, title="某日在册 there on a day", examples=["2026-06-15"])


@router.get("", response=UnitPage, url_name="units", summary="单位列表 List units")
def units(request: ActorRequest, page: Query[UnitsQuery]) -> object:
    """管辖范围内的单位，按编号。 The units one may see, by id."""
    found = Unit.objects.visible_to(request.actor)
    if page.open_on is not None:
        found = found.open_on(page.open_on)
    if page.under is not None:
        found = found.under(frozenset({page.under}))
    wanted = {"kind": page.kind, "parent_id": page.parent, "code": page.code}
    return page_of(found.filter(**{name: value for name, value in wanted.items() if value is not None}), page)


@router.get("/{int:unit_id}", response=UnitOut, url_name="unit", summary="一个单位 One unit")
def unit(request: ActorRequest, unit_id: int) -> object:
    return unit_seen(request, unit_id)


@router.get("/{int:unit_id}/history", response=SpanPage, url_name="unit_history", summary="单位沿革 A unit's history")
def history(request: ActorRequest, unit_id: int, page: Query[PageQuery]) -> object:
    """叫过什么名字、归谁管，各从哪天到哪天。 What it was called and under whom it stood, from when until when."""
    return page_of(UnitSpan.objects.filter(unit=unit_seen(request, unit_id)), page)


@router.get("/tree", response=TreeOut, url_name="unit_tree", summary="某日的单位树 The tree of a day")
def tree(request: ActorRequest, query: Query[TreeQuery]) -> object:
    """那一天在册的单位，当时的名称、上下级。 The units of that day with the names and places they had then."""
    day = query.on or localdate()
    seen = set(Unit.objects.visible_to(request.actor).values_list("pk", flat=True))
    nodes = [node for node in tree_on(day).nodes.values() if node.unit_id in seen]
    return {
        "on": day,
        "items": [
            {
                "id": node.unit_id,
                "kind": node.kind,
                "title_zh": node.title.zh,
                "title_en": node.title.en,
                "code": node.code,
                "parent_id": node.parent_id if node.parent_id in seen else None,
            }
            for node in nodes
        ],
    }


@router.get(
    "/{int:unit_id}/successors",
    response=SuccessionPage,
    url_name="unit_successors",
    summary="承接单位 What became of it",
)
def successors(request: ActorRequest, unit_id: int, page: Query[PageQuery]) -> object:
    """合并、拆分后由谁承接。 The units that took its place when it was merged or divided."""
    seen = Unit.objects.visible_to(request.actor)
    return page_of(Succession.objects.filter(unit=unit_seen(request, unit_id), successor__in=seen), page)


def unit_seen(request: ActorRequest, unit_id: int) -> Unit:
    """The unit of an address; 404 if it is not there or may not be seen."""
    return get_object_or_404(Unit.objects.visible_to(request.actor), pk=unit_id)
