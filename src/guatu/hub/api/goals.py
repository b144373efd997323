"""Goals for programs: what packs declare of them, lists and trees with progress, and their changes."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.timezone import localdate
from ninja import Field, Query, Router, Schema, Status

from guatu.declarations.goals import Goals
from guatu.hub.accounts.models import Person, Unit
from guatu.hub.accounts.requests import ActorRequest
from guatu.hub.api.fields import (
    Because,
    Body,
    Day,
    From,
    Id,
    IdAsked,
    Key,
    Words,
    named_in_body,
    one_line,
    unit_in_body,
)
from guatu.hub.api.ledgers import described, titled
from guatu.hub.api.pages import Page, PageQuery, page_of
from guatu.hub.ledger.actions.goals import (
    Wanted,
    assign_goal,
    change_goal,
    end_goal,
    link_items,
    open_goal,
    unlink_item,
)
from guatu.hub.ledger.goals.schemes import schemes
from guatu.hub.ledger.models import Goal, GoalDuty, GoalItem, GoalRevision, Item
from guatu.hub.ledger.models.goals import GoalState

router = Router(tags=["目标 goals"])
Title = Annotated[str, one_line(200, least=1), Field(title="名称 title", examples=["产业招引攻势"])]


class SchemeOut(Schema):
    """What a pack declares of goals. Titles are Chinese; `x-title-en` has the English."""

    pack: str = Field(title="业务包 pack", examples=["campaign"])
    levels: dict[str, dict[str, Any]] = Field(
        title="层级，各在哪些层级之下 levels, and under which",
        examples=[{"line": {"title": "主线", "x-under": ["campaign"]}}],
    )
    slots: dict[str, dict[str, str]] = Field(title="责任 who answers", examples=[{"commander": {"title": "指挥长"}}])
    flags: dict[str, dict[str, str]] = Field(title="列入 lists it may be on", examples=[{"promise": {"title": "实事"}}])
    indicators: dict[str, dict[str, Any]] = Field(
        title="指标 indicators", examples=[{"investment": {"title": "完成投资", "type": "integer", "x-unit": "分"}}]
    )


class SchemesOut(Schema):
    """Of every installed pack that declares goals."""

    items: list[SchemeOut]


@router.get("/schema", response=SchemesOut, url_name="goal_schema", summary="目标的层级和指标 Levels and indicators")
def schema(request: ActorRequest) -> object:
    """各业务包规定的层级、责任、指标和它们的单位。 What packs declare: levels, who answers, indicators and their units."""
    return {"items": [_scheme_out(pack, one) for pack, one in schemes().items()]}


def _scheme_out(pack: str, scheme: Goals) -> dict[str, Any]:
    return {
        "pack": pack,
        "levels": {key: titled(one.title) | {"x-under": list(one.under)} for key, one in scheme.levels.items()},
        "slots": {key: titled(one.title) for key, one in scheme.slots.items()},
        "flags": {key: titled(one) for key, one in scheme.flags.items()},
        "indicators": {
            key: described(one.field)
            | {"x-adds": one.adds, "x-reached-by": "items" if one.actual is not None else "entry"}
            for key, one in scheme.indicators.items()
        },
    }


class GoalOut(Schema):
    """A goal as it is now."""

    id: int = Field(title="编号 id", examples=[4])
    pack: str = Field(title="业务包 pack", examples=["campaign"])
    level: str = Field(title="层级 level", examples=["campaign"])
    parent_id: int | None = Field(
        title="上级目标 the goal above", description="看不到的不写 Null if it is not yours to see", examples=[None]
    )
    title: str = Field(title="名称 title", examples=["产业招引攻势"])
    statement: str = Field(title="要求 what is wanted", examples=["两条主线、七大战役"])
    unit_id: int = Field(title="牵头单位 the unit that owns it", examples=[2])
    starts_on: date = Field(title="开始 starts", examples=["2026-01-01"])
    ends_on: date = Field(title="结束（含当天） its last day", examples=["2026-12-31"])
    state: GoalState = Field(title="状态 state", examples=["active"])
    flags: list[str] = Field(title="列入 lists it is on", examples=[["promise"]])
    revision: int = Field(title="第几版 revision", examples=[1])


class GoalPage(Page):
    items: list[GoalOut]


class GoalsAsked(Schema):
    """Which goals are asked for."""

    pack: Key | None = Field(None, title="业务包 pack", examples=["campaign"])
    state: GoalState | None = Field(None, title="状态 state", examples=["active"])
    level: Key | None = Field(None, title="层级 level", examples=["task"])
    unit: IdAsked | None = Field(None, title="牵头单位 the unit that owns it", examples=[2])

    def among(self, goals: QuerySet[Goal]) -> QuerySet[Goal]:
        wanted = {"pack": self.pack, "state": self.state, "level": self.level, "unit_id": self.unit}
        return goals.filter(**{name: value for name, value in wanted.items() if value is not None})


class GoalsQuery(PageQuery, GoalsAsked):
    parent: IdAsked | None = Field(None, title="直接上级 directly under", examples=[4])


@router.get("", response=GoalPage, url_name="goals", summary="目标列表 List goals")
def goals(request: ActorRequest, page: Query[GoalsQuery]) -> object:
    """看得到的目标，按编号。 The goals one may see, by id."""
    found = page.among(Goal.objects.visible_to(request.actor))
    held = page_of(found.filter(parent=page.parent) if page.parent is not None else found, page)
    return held | {"items": told(request, held["items"])}


@router.get("/{int:goal_id}", response=GoalOut, url_name="goal", summary="一个目标 One goal")
def goal(request: ActorRequest, goal_id: int) -> object:
    """现在的样子。 As it is now."""
    return told(request, [goal_seen(request, goal_id)])[0]


class GoalRevisionOut(Schema):
    """One revision of a goal: never changed."""

    number: int = Field(title="第几版 revision", examples=[2])
    kind: str = Field(title="变更类别 kind of change", examples=["changed"])
    reason: str = Field(title="事由 reason", examples=["年中调整"])
    recorded_at: datetime = Field(title="何时知道 when it became known", examples=["2026-07-01T02:30:00Z"])
    record_id: int = Field(title="审计记录 record of the audit", examples=[1203])


class GoalRevisionPage(Page):
    items: list[GoalRevisionOut]


@router.get(
    "/{int:goal_id}/revisions",
    response=GoalRevisionPage,
    url_name="goal_revisions",
    summary="目标的历次变更 A goal's revisions",
)
def revisions(request: ActorRequest, goal_id: int, page: Query[PageQuery]) -> object:
    """从设立起。 From its opening on."""
    return page_of(GoalRevision.objects.filter(goal=goal_seen(request, goal_id)), page)


class WantedIn(Body):
    """What a goal says."""

    title: Title
    statement: Words = Field("", title="要求 what is wanted", examples=["两条主线、七大战役 Two lines, seven battles"])
    starts_on: Annotated[Day, Field(title="开始 starts", examples=["2026-01-01"])]
    ends_on: Annotated[Day, Field(title="结束（含当天） its last day", examples=["2026-12-31"])]
    flags: list[Key] = Field([], max_length=50, title="列入 lists it is on", examples=[["promise"]])

    def wanted(self) -> Wanted:
        return Wanted(self.title, self.starts_on, self.ends_on, self.statement, tuple(self.flags))


class GoalIn(WantedIn):
    """A new goal, at the top of a pack's tree or under another."""

    pack: Annotated[Key, Field(title="业务包 pack", examples=["campaign"])]
    level: Annotated[Key, Field(title="层级 level", examples=["campaign"])]
    parent_id: Annotated[Id, Field(title="上级目标 the goal above", examples=[4])] | None = Field(
        None, title="上级目标 the goal above", examples=[None]
    )
    unit_id: Annotated[Id, Field(title="牵头单位 the unit that owns it", examples=[2])]


@router.post("", response={201: GoalOut}, url_name="goals", summary="立目标 Open a goal")
def open_(request: ActorRequest, body: GoalIn) -> Status[dict[str, Any]]:
    """起止在上级目标之内。 Its days lie within those of the goal above."""
    parents = Goal.objects.visible_to(request.actor)
    made = open_goal(
        pack=body.pack, level=body.level,
        parent=named_in_body(parents, "parent_id", body.parent_id) if body.parent_id else None,
        unit=unit_in_body(request.actor, "unit_id", body.unit_id), wanted=body.wanted(),
        by=request.actor, at=timezone.now(),
    )  # fmt: skip
    return Status(201, told(request, [made])[0])


class GoalChangeIn(WantedIn):
    """All it says from now on."""

    seen: int = Field(
        ge=1, le=2**31 - 1, strict=True, title="从第几版改的 the revision it is changed from", examples=[1]
    )
    reason: Because


@router.post("/{int:goal_id}/change", response=GoalOut, url_name="goal_change", summary="修改目标 Change a goal")
def change(request: ActorRequest, goal_id: int, body: GoalChangeIn) -> object:
    """别人已经改过就不办，先读新的。 Refused if somebody was faster: read it anew first."""
    changed = change_goal(
        goal=goal_seen(request, goal_id), seen=body.seen, wanted=body.wanted(), reason=body.reason, by=request.actor,
        at=timezone.now(),
    )  # fmt: skip
    return told(request, [changed])[0]


class GoalEndIn(Body):
    """How it ends, and why."""

    state: GoalState = Field(title="结束或撤回 ended or withdrawn", examples=["ended"])
    reason: Because


@router.post("/{int:goal_id}/end", response=GoalOut, url_name="goal_end", summary="结束目标 End a goal")
def end(request: ActorRequest, goal_id: int, body: GoalEndIn) -> object:
    """下级都结束了才能结束。 What is below it ends first."""
    ended = end_goal(
        goal=goal_seen(request, goal_id), state=body.state, reason=body.reason, by=request.actor, at=timezone.now()
    )
    return told(request, [ended])[0]


class GoalDutyOut(Schema):
    """Who answers for a goal in a slot: a person or a unit. Ids, never names."""

    slot: str = Field(title="责任 slot", examples=["commander"])
    person_id: int | None = Field(title="人 person", examples=[None])
    unit_id: int | None = Field(title="单位 unit", examples=[2])
    valid_from: date = Field(title="起 from", examples=["2026-01-01"])
    valid_to: date | None = Field(title="止 up to, not including", examples=[None])


class GoalDutyPage(Page):
    items: list[GoalDutyOut]


class GoalDutyIn(Body):
    """Who answers in a slot from a day on; neither person nor unit: nobody does any more."""

    slot: Annotated[Key, Field(title="责任 slot", examples=["commander"])]
    person_id: Annotated[Id, Field(title="人 person", examples=[5])] | None = Field(
        None, title="人 person", examples=[None]
    )
    unit_id: Annotated[Id, Field(title="单位 unit", examples=[2])] | None = Field(None, title="单位 unit", examples=[2])
    on: From


@router.get(
    "/{int:goal_id}/duties", response=GoalDutyPage, url_name="goal_duties", summary="目标的责任 Who answers for a goal"
)
def duties(request: ActorRequest, goal_id: int, page: Query[PageQuery]) -> object:
    """现任和以前的。 Those now and before."""
    return page_of(GoalDuty.objects.filter(goal=goal_seen(request, goal_id)), page)


@router.post("/{int:goal_id}/duties", response=GoalOut, url_name="goal_duties", summary="明确责任 Say who answers")
def assign(request: ActorRequest, goal_id: int, body: GoalDutyIn) -> object:
    """原来负责的从那天起不再负责。 Whoever did before does no longer."""
    goal = goal_seen(request, goal_id)
    people, units = Person.objects.visible_to(request.actor), Unit.objects.visible_to(request.actor)
    assign_goal(
        goal=goal, slot=body.slot,
        person=named_in_body(people.filter(is_active=True), "person_id", body.person_id) if body.person_id else None,
        unit=named_in_body(units.filter(closed_on=None), "unit_id", body.unit_id) if body.unit_id else None,
        on=body.on, by=request.actor, at=timezone.now(),
    )  # fmt: skip
    return told(request, [goal])[0]


class GoalItemOut(Schema):
    """An item that brings a goal about, for a time."""

    item_id: int = Field(title="事项 item", examples=[12])
    valid_from: date = Field(title="起 from", examples=["2026-01-10"])
    valid_to: date | None = Field(title="止 up to, not including", examples=[None])


class GoalItemPage(Page):
    items: list[GoalItemOut]


class GoalItemsIn(Body):
    """Items that bring it about."""

    items: list[Id] = Field(min_length=1, max_length=200, title="事项 items", examples=[[12, 13]])
    on: From


class LinkedOut(Schema):
    """How many were new to it."""

    linked: int = Field(title="新联上的 newly linked", examples=[2])


@router.get(
    "/{int:goal_id}/items", response=GoalItemPage, url_name="goal_items", summary="目标联着的事项 Items of a goal"
)
def items(request: ActorRequest, goal_id: int, page: Query[PageQuery]) -> object:
    """其中看得到的，现在和以前联着的。 Those of them one may see, linked now or before."""
    seen = Item.objects.visible_to(request.actor).values("pk")
    return page_of(GoalItem.objects.filter(goal=goal_seen(request, goal_id), item__in=seen), page)


@router.post("/{int:goal_id}/items", response=LinkedOut, url_name="goal_items", summary="联上事项 Link items to a goal")
def link(request: ActorRequest, goal_id: int, body: GoalItemsIn) -> object:
    """完成情况从联上的事项算起。 How far it has come is reckoned from them."""
    chosen = list(Item.objects.filter(pk__in=body.items))  # the action links those of them that are seen
    linked = link_items(goal=goal_seen(request, goal_id), items=chosen, on=body.on, by=request.actor, at=timezone.now())
    return {"linked": linked}


class UnlinkIn(Body):
    """From a day on no more."""

    on: From


@router.post(
    "/{int:goal_id}/items/{int:item_id}/unlink",
    response=GoalOut,
    url_name="goal_unlink",
    summary="取消联系 Unlink an item",
)
def unlink(request: ActorRequest, goal_id: int, item_id: int, body: UnlinkIn) -> object:
    """从某日起与目标无关。 From a day on it has nothing to do with the goal."""
    goal = goal_seen(request, goal_id)
    item = get_object_or_404(Item.objects.visible_to(request.actor), pk=item_id)
    unlink_item(goal=goal, item=item, on=body.on, by=request.actor, at=timezone.now())
    return told(request, [goal])[0]


class OnDay(Schema):
    on: Day | None = Field(None, title="到哪一天，缺省今天 by which day, today if not given", examples=["2026-06-30"])

    @property
    def day(self) -> date:
        return self.on or localdate()


def goal_seen(request: ActorRequest, goal_id: int) -> Goal:
    """The goal of an address; 404 if it is not there or may not be seen."""
    return get_object_or_404(Goal.objects.visible_to(request.actor).select_related("unit", "parent"), pk=goal_id)


_SAID = (
    "id", "pack", "level", "parent_id", "title", "statement", "unit_id", "starts_on", "ends_on", "state", "flags", "revision",
)  # fmt: skip


def told(request: ActorRequest, goals: list[Goal]) -> list[dict[str, Any]]:
    """Goals as they are told: those above them that are not to be seen are not named."""
    above = {one.parent_id for one in goals if one.parent_id is not None}
    seen = (
        set(Goal.objects.visible_to(request.actor).filter(pk__in=above).values_list("pk", flat=True))
        if above
        else set()
    )
    said = [{name: getattr(one, name) for name in _SAID} for one in goals]
    return [one | {"parent_id": one["parent_id"] if one["parent_id"] in seen else None} for one in said]
