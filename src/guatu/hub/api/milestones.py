"""Milestones of items for programs: planned, claimed, checked, verified, withdrawn, ordered; on the router of `items`."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from django.utils import timezone
from ninja import Field, Query, Schema, Status

from guatu.hub.accounts.models import Unit
from guatu.hub.accounts.requests import ActorRequest
from guatu.hub.api.fields import Because, Body, Day, Id, Key, Reason, among, listed, named_in_body, one_line
from guatu.hub.api.items import MilestoneOut, item_seen, router
from guatu.hub.api.pages import Page, PageQuery, page_of
from guatu.hub.ledger.actions.milestone_plans import order_milestones, schedule_milestones, set_baseline
from guatu.hub.ledger.actions.milestones import (
    check_milestone,
    claim_milestone,
    plan_milestone,
    verify_milestone,
    withdraw_milestone,
)
from guatu.hub.ledger.agreeing import may_have_agreed
from guatu.hub.ledger.models import Baseline, Item, Milestone
from guatu.hub.ledger.shown import PRECISIONS

__all__ = ["router"]

_EXACT = ("", *PRECISIONS)
Precision = Annotated[
    str,
    among(_EXACT),
    listed(_EXACT),
    Field(title="精确到 how exactly it is known", description="空：到日 Empty: to the day", examples=["month"]),
]
AgreedBy = Annotated[Id, Field(title="同意调整的单位 unit that agreed to the change", examples=[2])]
Note = Annotated[str, one_line(500), Field(title="说明 note", examples=["现场已核"])]


class FactOut(MilestoneOut):
    """A fact about a milestone, in force or not."""

    superseded_by_sequence: int | None = Field(
        title="被哪次变更取代 sequence of the change that superseded it; null: in force", examples=[None]
    )


class FactPage(Page):
    items: list[FactOut]


@router.get(
    "/{int:item_id}/milestones/{slug:milestone_key}",
    response=FactPage,
    url_name="item_milestone",
    summary="一个节点的来龙去脉 One milestone, everything ever said of it",
)
def milestone(request: ActorRequest, item_id: int, milestone_key: str, page: Query[PageQuery]) -> object:
    """计划、调整、申报、退回、撤回都在；被取代的也在。 Plans, claims, rejections and withdrawals, those superseded too."""
    return page_of(Milestone.objects.filter(item=item_seen(request, item_id), key=milestone_key), page)


class PlanIn(Body):
    """The day a milestone is planned for; a plan that stands is revised."""

    on: Annotated[Day, Field(title="计划日期 planned day", examples=["2026-09-30"])]
    precision: Precision = ""
    agreed_by_id: AgreedBy | None = Field(None, title="同意调整的单位 unit that agreed to the change", examples=[2])
    reason: Reason = ""


@router.post(
    "/{int:item_id}/milestones/{slug:milestone_key}/plan",
    response=MilestoneOut,
    url_name="milestone_plan",
    summary="计划节点 Plan a milestone",
)
def plan(request: ActorRequest, item_id: int, milestone_key: str, body: PlanIn) -> object:
    """已有计划就是调整：要写理由和同意的单位。 Where a plan stands it is revised: the reason and who agreed must be given."""
    item = item_seen(request, item_id)
    return plan_milestone(
        item=item, key=milestone_key, on=body.on, precision=body.precision, reason=body.reason,
        agreed_by=_agreed(request, item, body.agreed_by_id),
        by=request.actor, at=timezone.now(),
    )  # fmt: skip


class ClaimIn(Body):
    """The day a milestone was reached, and what shows it."""

    on: Annotated[Day, Field(title="达到日期 day it was reached", examples=["2026-06-01"])]
    precision: Precision = ""
    evidence: Annotated[str, one_line(500, least=1)] = Field(
        title="依据 evidence", description="不要写个人信息 No personal data", examples=["施工许可 2026-7 号"]
    )


@router.post(
    "/{int:item_id}/milestones/{slug:milestone_key}/claim",
    response=MilestoneOut,
    url_name="milestone_claim",
    summary="申报节点 Claim a milestone",
)
def claim(request: ActorRequest, item_id: int, milestone_key: str, body: ClaimIn) -> object:
    """凭依据申报，等审核。 Claimed on evidence; it waits to be checked."""
    return claim_milestone(
        item=item_seen(request, item_id), key=milestone_key, on=body.on, evidence=body.evidence,
        precision=body.precision, by=request.actor, at=timezone.now(),
    )  # fmt: skip


class VerdictIn(Body):
    """Whether the day that was claimed meets its recognition standard."""

    accepted: bool = Field(strict=True, title="是否符合认定标准 whether it meets the standard", examples=[True])
    note: Note = ""


@router.post(
    "/{int:item_id}/milestones/{slug:milestone_key}/check",
    response=MilestoneOut,
    url_name="milestone_check",
    summary="审核节点 Check a milestone",
)
def check(request: ActorRequest, item_id: int, milestone_key: str, body: VerdictIn) -> object:
    """不能是申报的人或岗位；退回要写说明。 Never by whoever claimed it; to reject, say why."""
    return check_milestone(
        item=item_seen(request, item_id), key=milestone_key, accepted=body.accepted, note=body.note, by=request.actor,
        at=timezone.now(),
    )  # fmt: skip


@router.post(
    "/{int:item_id}/milestones/{slug:milestone_key}/verify",
    response=MilestoneOut,
    url_name="milestone_verify",
    summary="核查节点 Verify a milestone",
)
def verify(request: ActorRequest, item_id: int, milestone_key: str, body: VerdictIn) -> object:
    """不能是申报或审核的人或岗位。 Never by whoever claimed or checked it."""
    return verify_milestone(
        item=item_seen(request, item_id), key=milestone_key, accepted=body.accepted, note=body.note, by=request.actor,
        at=timezone.now(),
    )  # fmt: skip


class WithdrawIn(Body):
    """Why a claim is withdrawn."""

    reason: Because


@router.post(
    "/{int:item_id}/milestones/{slug:milestone_key}/withdraw",
    response=MilestoneOut,
    url_name="milestone_withdraw",
    summary="撤回申报 Withdraw a claim",
)
def withdraw(request: ActorRequest, item_id: int, milestone_key: str, body: WithdrawIn) -> object:
    """申报过的日期留在记录里。 What was claimed stays known as claimed then."""
    return withdraw_milestone(
        item=item_seen(request, item_id), key=milestone_key, reason=body.reason, by=request.actor, at=timezone.now()
    )


class OrderIn(Body):
    """What comes before a milestone of this item."""

    after: Annotated[Key, Field(title="在哪个节点之后 after which milestone", examples=["approved"])]
    days: int | None = Field(
        ge=0,
        le=2000,
        title="至少间隔几个工作日 least working days between",
        description="null：没有先后要求 null: the one need not come after the other",
        examples=[20],
    )
    reason: Because


class OrderOut(Schema):
    """An item's own word on what comes before one of its milestones."""

    key: str = Field(title="节点 milestone", examples=["started"])
    after: str = Field(title="在哪个节点之后 after which", examples=["approved"])
    days: int | None = Field(title="至少间隔几个工作日 least working days between", examples=[20])
    reason: str = Field(title="事由 reason", examples=["约定"])
    sequence: int = Field(title="变更序号 sequence", examples=[1207])


@router.post(
    "/{int:item_id}/milestones/{slug:milestone_key}/order",
    response=OrderOut,
    url_name="milestone_order",
    summary="节点先后 Order milestones",
)
def order(request: ActorRequest, item_id: int, milestone_key: str, body: OrderIn) -> object:
    """只改这一个事项。 For this item alone."""
    return order_milestones(
        item=item_seen(request, item_id), key=milestone_key, after=body.after, days=body.days, reason=body.reason,
        by=request.actor, at=timezone.now(),
    )  # fmt: skip


class ScheduleIn(Body):
    """An end to plan backwards from."""

    end: Annotated[Key, Field(title="倒排到哪个节点 from which milestone", examples=["completed"])]
    on: Annotated[Day, Field(title="它的日期 its day", examples=["2027-08-31"])]
    agreed_by_id: AgreedBy | None = Field(None, title="同意调整的单位 unit that agreed to the change", examples=[2])
    reason: Because


class Scheduled(Schema):
    """The plans that were written."""

    items: list[MilestoneOut]


@router.post(
    "/{int:item_id}/schedule",
    response=Scheduled,
    url_name="milestone_schedule",
    summary="倒排工期 Schedule backwards",
)
def schedule(request: ActorRequest, item_id: int, body: ScheduleIn) -> object:
    """从最后节点按工作日往前排；已达到的不动。 Backwards in working days; what is reached stays."""
    item = item_seen(request, item_id)
    written = schedule_milestones(
        item=item, end=body.end, on=body.on, reason=body.reason,
        agreed_by=_agreed(request, item, body.agreed_by_id),
        by=request.actor, at=timezone.now(),
    )  # fmt: skip
    return {"items": written}


class BaselineOut(Schema):
    """The plan of an item as it stood at a sequence number, under a name."""

    id: int = Field(title="编号 id", examples=[4])
    title: str = Field(title="名称 name", examples=["2026 年度计划"])
    set_on: date = Field(title="日期 day", examples=["2026-03-01"])
    sequence: int = Field(title="变更序号 sequence", examples=[1207])


class BaselinePage(Page):
    items: list[BaselineOut]


class BaselineIn(Body):
    """A name for the plan as it stands."""

    title: Annotated[str, one_line(100, least=1)] = Field(title="名称 name", examples=["2026 年度计划 Plan of 2026"])
    on: Annotated[Day, Field(title="日期 day", examples=["2026-03-01"])]


@router.get(
    "/{int:item_id}/baselines",
    response=BaselinePage,
    url_name="item_baselines",
    summary="事项的基线 An item's baselines",
)
def baselines(request: ActorRequest, item_id: int, page: Query[PageQuery]) -> object:
    """留存的节点计划。 Plans that were kept to compare with."""
    return page_of(Baseline.objects.filter(item=item_seen(request, item_id)), page)


@router.post(
    "/{int:item_id}/baselines",
    response={201: BaselineOut},
    url_name="item_baselines",
    summary="留存基线 Keep a baseline",
)
def keep(request: ActorRequest, item_id: int, body: BaselineIn) -> Status[Baseline]:
    """把现在的节点计划留存下来。 Keep the plan as it stands."""
    item = item_seen(request, item_id)
    return Status(201, set_baseline(item=item, title=body.title, on=body.on, by=request.actor, at=timezone.now()))


def _agreed(request: ActorRequest, item: Item, unit_id: int | None) -> Unit | None:
    if unit_id is None:
        return None
    return named_in_body(may_have_agreed(item, request.actor), "agreed_by_id", unit_id)
