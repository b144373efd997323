"""Targets of goals for programs: how far each has come; set, adjusted, split, answered for; the tree of goals with theirs."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from fractions import Fraction
from typing import Annotated, Any

from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.timezone import localdate
from ninja import Field, Query, Router, Schema, Status

from guatu.declarations.goals import GoalIndicator, Goals
from guatu.hub.accounts.models import Unit
from guatu.hub.accounts.requests import ActorRequest
from guatu.hub.api.fields import Because, Body, Given, Id, Key, Reason, named_in_body, one_line
from guatu.hub.api.goals import GoalOut, GoalsAsked, OnDay, goal_seen, told
from guatu.hub.api.goals import router as goal_router
from guatu.hub.api.pages import Page, PageQuery, page_of
from guatu.hub.ledger.actions.targets import Part, adjust_target, answer_target, set_target, split_target
from guatu.hub.ledger.encodings import accepted
from guatu.hub.ledger.goals.progress import Progress, Standings
from guatu.hub.ledger.goals.schemes import indicator_of, scheme_of, schemes
from guatu.hub.ledger.goals.trees import in_tree_order
from guatu.hub.ledger.goals.values import kept
from guatu.hub.ledger.models import Goal, Item, Target, TargetVersion
from guatu.hub.ledger.models.goals import GoalState
from guatu.hub.ledger.models.targets import Along, Standing
from guatu.standards.rounding import round_half_up

router = Router(tags=["目标值 targets"])
Period = Annotated[str, one_line(16, least=4), Field(title="期 period", examples=["2026-09"])]
Value = Annotated[
    Given,
    Field(
        title="值 value",
        description="金额为分（整数），整数为整数，其他为十进制文字，百分比 1 = 100 % Money in 分, whole numbers as such, others as "
        "decimal text, percentages with 1 = 100 %",
        examples=[1000000000000],
    ),
]
Seen = Annotated[
    int, Field(ge=1, le=2**31 - 1, strict=True, title="从第几版改的 the version it is changed from", examples=[1])
]


class ProgressOut(Schema):
    """How far a target has come by a day."""

    done: str = Field(title="已完成，与目标值同写法 reached, written as targets are", examples=["430000000000"])
    share: str = Field(title="完成比例 share of the target, to four decimals", examples=["0.4300"])
    elapsed: str = Field(title="时间比例 share of the period gone", examples=["0.4521"])
    light: str = Field(title="进度灯 light: on_time, attention, behind", examples=["on_time"])
    items: int = Field(title="计入的事项 items that count", examples=[12])
    silent: int = Field(title="其中没有报数的 of them, or of the parts, without a report", examples=[1])
    said_on: date | None = Field(
        title="人填的，到哪天 where people say it: by which day",
        description="从事项算的是 null Null if reckoned from items",
        examples=[None],
    )
    said_sequence: int | None = Field(title="填报的变更序号 sequence of their last word", examples=[None])


class TargetOut(Schema):
    """A value wanted: of a goal as a whole, or a part of another target's split."""

    id: int = Field(title="编号 id", examples=[9])
    goal_id: int = Field(title="目标 goal", examples=[4])
    indicator: str = Field(title="指标 indicator", examples=["investment"])
    period: str = Field(title="期 period", examples=["2026"])
    whole_id: int | None = Field(title="总目标值 the target it is a part of", examples=[None])
    along: str = Field(title="怎样分的 along unit, period or item", examples=[""])
    unit_id: int = Field(title="单位 unit", examples=[2])
    item_id: int | None = Field(title="事项 item", examples=[None])
    value: str = Field(title="值 value", description="金额为分 Money in 分", examples=["1000000000000"])
    version: int = Field(title="第几版 version", examples=[1])
    standing: Standing = Field(title="答复 standing", examples=["agreed"])
    objection: str = Field(title="异议 objection", examples=[""])
    progress: ProgressOut | None = Field(
        title="完成情况 progress", description="没有数可算就是 null Null where nothing says it", examples=[None]
    )


class TargetPage(Page):
    on: date = Field(title="到哪一天 by which day", examples=["2026-06-30"])
    items: list[TargetOut]


class TargetsQuery(PageQuery, OnDay):
    """By which day, and which page."""


@goal_router.get(
    "/{int:goal_id}/targets",
    response=TargetPage,
    url_name="goal_targets",
    summary="目标值和完成情况 Targets with progress",
)
def targets(request: ActorRequest, goal_id: int, page: Query[TargetsQuery]) -> object:
    """总目标值和各部分，凡看得到的。 Wholes and parts, as far as one may see them."""
    found = goal_seen(request, goal_id)
    held = page_of(Target.objects.visible_to(request.actor).in_force().filter(goal=found), page)
    return {"on": page.day, "next": held["next"], "items": _told(held["items"], found.pack, page.day)}


@router.get("/{int:target_id}", response=TargetOut, url_name="target", summary="一个目标值 One target")
def target(request: ActorRequest, target_id: int, query: Query[OnDay]) -> object:
    """值、答复、到某日完成多少。 Its value, how it stands, and how far it has come by a day."""
    return _one(target_seen(request, target_id), query.day)


@router.get("/{int:target_id}/parts", response=TargetPage, url_name="target_parts", summary="分解 Parts of a target")
def parts(request: ActorRequest, target_id: int, page: Query[TargetsQuery]) -> object:
    """按单位、按期、按事项分出的各部分。 Its parts along units, periods and items."""
    whole = target_seen(request, target_id)
    held = page_of(Target.objects.visible_to(request.actor).in_force().filter(whole=whole), page)
    return {"on": page.day, "next": held["next"], "items": _told(held["items"], whole.goal.pack, page.day)}


class VersionOut(Schema):
    """A value a target had, or an answer given to it: never changed."""

    number: int = Field(title="第几版 version", examples=[2])
    value: str = Field(title="值 value", examples=["900000000000"])
    standing: Standing = Field(title="答复 standing", examples=["set"])
    reason: str = Field(title="事由 reason", examples=["年中调整"])
    recorded_at: datetime = Field(title="何时 when", examples=["2026-07-01T02:30:00Z"])
    record_id: int = Field(title="审计记录 record of the audit", examples=[1203])


class VersionPage(Page):
    items: list[VersionOut]


@router.get(
    "/{int:target_id}/versions",
    response=VersionPage,
    url_name="target_versions",
    summary="目标值的历次变更 A target's versions",
)
def versions(request: ActorRequest, target_id: int, page: Query[PageQuery]) -> object:
    """定的、调的、答复的。 As it was set, adjusted and answered."""
    return page_of(TargetVersion.objects.filter(target=target_seen(request, target_id)), page)


class TargetIn(Body):
    """A value the goal as a whole is to reach in a period."""

    indicator: Annotated[Key, Field(title="指标 indicator", examples=["investment"])]
    period: Period
    value: Value


@goal_router.post(
    "/{int:goal_id}/targets", response={201: TargetOut}, url_name="goal_targets", summary="定目标值 Set a target"
)
def set_(request: ActorRequest, goal_id: int, body: TargetIn) -> Status[dict[str, Any]]:
    """一个指标一期一个。 One for each indicator and period."""
    goal = goal_seen(request, goal_id)
    indicator = indicator_of(scheme_of(goal), body.indicator)
    made = set_target(
        goal=goal, indicator=body.indicator, period=body.period, value=kept_value(indicator, body.value), by=request.actor,
        at=timezone.now(),
    )  # fmt: skip
    return Status(201, _one(made, localdate()))


class AdjustIn(Body):
    """Another value from now on."""

    seen: Seen
    value: Value
    reason: Because


@router.post(
    "/{int:target_id}/adjust", response=TargetOut, url_name="target_adjust", summary="调整目标值 Adjust a target"
)
def adjust(request: ActorRequest, target_id: int, body: AdjustIn) -> object:
    """分解要重新核对。 Its split stays until it is split anew."""
    found = target_seen(request, target_id)
    adjusted = adjust_target(
        target=found, seen=body.seen, value=kept_value(indicator_in(found), body.value), reason=body.reason, by=request.actor,
        at=timezone.now(),
    )  # fmt: skip
    return _one(adjusted, localdate())


class TargetPartIn(Body):
    """A part: whose (one of unit, period and item, as the split goes), and how much."""

    unit_id: Annotated[Id, Field(title="单位 unit", examples=[7])] | None = Field(None, title="单位 unit", examples=[7])
    period: Period | None = Field(None, title="期 period", examples=[None])
    item_id: Annotated[Id, Field(title="事项 item", examples=[12])] | None = Field(
        None, title="事项 item", examples=[None]
    )
    value: Value


class SplitIn(Body):
    """All parts along units, periods or items."""

    seen: Seen
    along: Along = Field(title="怎样分 along what", examples=["unit"])
    parts: list[TargetPartIn] = Field(
        min_length=1, max_length=200, title="各部分 the parts", examples=[[{"unit_id": 7, "value": 600000000000}]]
    )
    reason: Reason = ""


class SplitOut(Schema):
    """A split that was made: the whole less its parts, 0 where they agree."""

    along: Along = Field(title="怎样分 along what", examples=["unit"])
    of_version: int = Field(title="按第几版分的 of which version", examples=[1])
    difference: str = Field(title="总数减各部分 whole less parts", examples=["0"])
    reason: str = Field(title="事由 reason", examples=[""])


@router.post("/{int:target_id}/split", response=SplitOut, url_name="target_split", summary="分解目标值 Split a target")
def split(request: ActorRequest, target_id: int, body: SplitIn) -> object:
    """没列的就是去掉；加起来必须等于总数，不等写明理由。 What is left out is dropped; the parts make up the whole, or a reason says why."""
    found = target_seen(request, target_id)
    indicator = indicator_in(found)
    units, items = Unit.objects.visible_to(request.actor), Item.objects.visible_to(request.actor).select_related("unit")
    given = [
        Part(
            kept_value(indicator, one.value),
            unit=named_in_body(units, "unit_id", one.unit_id) if one.unit_id else None,
            period=one.period or "",
            item=named_in_body(items, "item_id", one.item_id) if one.item_id else None,
        )
        for one in body.parts
    ]
    return split_target(
        target=found, seen=body.seen, along=body.along, parts=given, reason=body.reason, by=request.actor,
        at=timezone.now(),
    )  # fmt: skip


class AnswerIn(Body):
    """Whether the unit agrees to its share; if not, why."""

    seen: Seen
    agrees: bool = Field(strict=True, title="是否同意 whether it agrees", examples=[True])
    reason: Reason = ""


@router.post(
    "/{int:target_id}/answer", response=TargetOut, url_name="target_answer", summary="答复目标值 Answer for a share"
)
def answer(request: ActorRequest, target_id: int, body: AnswerIn) -> object:
    """不同意要写理由。 To object, say why."""
    answered = answer_target(
        target=target_seen(request, target_id), seen=body.seen, agrees=body.agrees, reason=body.reason, by=request.actor,
        at=timezone.now(),
    )  # fmt: skip
    return _one(answered, localdate())


class GoalNodeOut(GoalOut):
    """A goal in its tree, with what it is to reach."""

    days_left: int = Field(title="还剩几天，负数为已过 days left, negative: past its last day", examples=[199])
    targets: list[TargetOut] = Field(title="总目标值 its targets as a whole", examples=[[]])


class GoalTreeOut(Schema):
    """Goals, each after the one above it, with their progress by a day."""

    on: date = Field(title="到哪一天 by which day", examples=["2026-06-30"])
    items: list[GoalNodeOut]


class GoalTreeQuery(OnDay, GoalsAsked):
    state: GoalState = Field(GoalState.ACTIVE, title="状态 state", examples=["active"])


@goal_router.get("/tree", response=GoalTreeOut, url_name="goal_tree", summary="目标树和完成情况 The tree with progress")
def tree(request: ActorRequest, query: Query[GoalTreeQuery]) -> object:
    """看得到的全部目标，上级在前。 All goals one may see, each after the one above it; in one piece."""
    day = query.day
    visible = query.among(Goal.objects.visible_to(request.actor)).order_by("starts_on", "ends_on", "pk")
    found = in_tree_order(visible)
    wholes = Target.objects.visible_to(request.actor).in_force().filter(
        whole=None, goal__in=[one.pk for one in found]
    ).select_related("goal")  # fmt: skip
    reached: dict[int, list[dict[str, Any]]] = {}
    by_pack: dict[str, list[Target]] = {}
    for one in wholes.order_by("pk"):
        by_pack.setdefault(one.goal.pack, []).append(one)
    for pack, held in by_pack.items():
        for said in _told(held, pack, day):
            reached.setdefault(said["goal_id"], []).append(said)
    nodes = [
        said | {"days_left": (one.ends_on - day).days, "targets": reached.get(one.pk, [])}
        for one, said in zip(found, told(request, found), strict=True)
    ]
    return {"on": day, "items": nodes}


def target_seen(request: ActorRequest, target_id: int) -> Target:
    seen = Target.objects.visible_to(request.actor).select_related("goal__unit", "unit", "item", "whole")
    return get_object_or_404(seen, pk=target_id)


def indicator_in(found: Target) -> GoalIndicator:
    return indicator_of(scheme_of(found.goal), found.indicator)


def kept_value(indicator: GoalIndicator, given: object) -> str:
    return str(accepted(indicator.field, given))


_SAID = (
    "id", "goal_id", "indicator", "period", "whole_id", "along", "unit_id", "item_id", "value", "version", "standing",
    "objection",
)  # fmt: skip


def _one(found: Target, day: date) -> dict[str, Any]:
    return _told([found], found.goal.pack, day)[0]


def _told(held: Iterable[Target], pack: str, day: date) -> list[dict[str, Any]]:
    """Targets of one pack with their progress; a few queries whatever their number."""
    rows, scheme = list(held), schemes().get(pack)
    standings = Standings.of(rows, pack, scheme, day) if scheme is not None and rows else None
    return [
        {name: getattr(one, name) for name in _SAID} | {"progress": _progress(one, scheme, standings)} for one in rows
    ]


def _progress(one: Target, scheme: Goals | None, standings: Standings | None) -> dict[str, Any] | None:
    found = standings.progress(one, scheme) if standings is not None and scheme is not None else None
    return None if found is None else _progress_out(found)


def _progress_out(found: Progress) -> dict[str, Any]:
    def share(of: Fraction) -> str:
        return str(round_half_up(of, 4))

    last = max(found.said, key=lambda one: (one.on, one.sequence)) if found.said else None
    return {
        "said_on": last.on if last is not None else None, "said_sequence": last.sequence if last is not None else None,
        "done": kept(found.done), "share": share(found.share), "elapsed": share(found.elapsed), "light": found.light,
        "items": found.items, "silent": found.silent,
    }  # fmt: skip
