"""Forms about an item's milestones: plan, claim, check, verify, withdraw, order, schedule backwards, keep a baseline."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.timezone import localdate

from guatu.declarations import Ledger as LedgerDeclaration
from guatu.declarations import MilestoneDeclaration
from guatu.hub.accounts.requests import ActorRequest
from guatu.hub.accounts.roles import Permission
from guatu.hub.ledger.actions.milestone_plans import order_milestones, schedule_milestones, set_baseline
from guatu.hub.ledger.actions.milestones import (
    check_milestone,
    claim_milestone,
    plan_milestone,
    verify_milestone,
    withdraw_milestone,
)
from guatu.hub.ledger.agreeing import may_have_agreed
from guatu.hub.ledger.milestone_order import LatestDays, latest_days, order_of
from guatu.hub.ledger.models import Item
from guatu.hub.ledger.packs import declared
from guatu.hub.ledger.shown import PRECISIONS
from guatu.hub.web.item_changes import changeable, of_item
from guatu.hub.web.page_forms import (
    ChosenField,
    DayField,
    LineField,
    PageForm,
    ReasonField,
    ReasonForm,
    UnitField,
    answered,
    in_language,
)
from guatu.text import Text

PRECISION = Text("精确到", "Known to")
AGREED = Text("同意的单位", "Unit that agreed")
VERDICTS: Mapping[str, Text] = {
    "yes": Text("符合认定标准", "It meets the standard"),
    "no": Text("不符合，退回", "It does not: reject"),
}


def agreed_field(request: ActorRequest, item: Item) -> UnitField:
    return UnitField(
        AGREED,
        may_have_agreed(item, request.actor),
        required=False,
        help=Text("调整已有计划时必填。", "Must be named when a plan that stands is changed."),
    )


class PlanForm(PageForm):
    on = DayField(Text("计划日期", "Planned day"))
    precision = ChosenField(PRECISION, PRECISIONS, required=False)
    reason = ReasonField(required=False)

    def __init__(self, request: ActorRequest, item: Item) -> None:
        super().__init__(request.POST or None)
        self.fields["agreed_by"] = agreed_field(request, item)
        self.order_fields(["on", "precision", "agreed_by"])


class ClaimForm(PageForm):
    on = DayField(Text("达到日期", "Day it was reached"), initial=localdate)
    precision = ChosenField(PRECISION, PRECISIONS, required=False)
    evidence = LineField(
        Text("依据", "Evidence"),
        most=500,
        help=Text(
            "文号、日期、验收单位；不要写个人信息。",
            "Number and date of a paper, the unit that accepted; no personal data.",
        ),
    )


class VerdictForm(PageForm):
    verdict = ChosenField(Text("结论", "Verdict"), VERDICTS)
    note = LineField(
        Text("说明", "Note"),
        most=500,
        required=False,
        help=Text("退回时写明哪里不符。", "Say what is wrong when you reject it."),
    )


class OrderForm(PageForm):
    days = forms.IntegerField(
        label=in_language(Text("至少间隔几个工作日", "Least working days between")),
        required=False,
        min_value=0,
        max_value=2000,
        help_text=in_language(Text("空着：没有先后要求。", "Blank: the one need not come after the other.")),
    )
    reason = ReasonField()

    def __init__(self, request: ActorRequest, others: Mapping[str, Text]) -> None:
        super().__init__(request.POST or None)
        self.fields["after"] = ChosenField(Text("在哪个节点之后", "After which milestone"), others)
        self.order_fields(["after"])


class ScheduleForm(PageForm):
    on = DayField(Text("最后节点的日期", "Day of the last milestone"))
    reason = ReasonField()

    def __init__(
        self, request: ActorRequest, item: Item, milestones: Mapping[str, Text], first: Mapping[str, Any]
    ) -> None:
        super().__init__(request.POST or None, initial=dict(first))
        self.fields["end"] = ChosenField(Text("倒排到哪个节点", "Backwards from which milestone"), milestones)
        self.fields["agreed_by"] = agreed_field(request, item)
        self.order_fields(["end", "on", "agreed_by"])


class BaselineForm(PageForm):
    title = LineField(Text("名称", "Name"), help=Text("如“2026 年度计划”。", "Such as 'Plan of 2026'."))
    on = DayField(Text("日期", "Day"), initial=localdate)


def plan(request: ActorRequest, item_id: int, milestone_key: str) -> HttpResponse:
    item, milestone = _found(request, item_id, milestone_key, Permission.CHANGE_ITEMS)
    return answered(
        request,
        PlanForm(request, item),
        lambda data: plan_milestone(
            item=item, key=milestone_key, on=data["on"], precision=data["precision"], reason=data["reason"],
            agreed_by=data["agreed_by"], by=request.actor, at=timezone.now(),
        ),
        title=Text(f"计划“{milestone.title.zh}”", f"Plan '{milestone.title.en}'"),
        explained=_standard(milestone),
        done=Text("计划已记入。", "The plan has been recorded."),
        **of_item(item),
    )  # fmt: skip


def claim(request: ActorRequest, item_id: int, milestone_key: str) -> HttpResponse:
    item, milestone = _found(request, item_id, milestone_key, Permission.REPORT_ITEMS)
    return answered(
        request,
        ClaimForm(request.POST or None),
        lambda data: claim_milestone(
            item=item, key=milestone_key, on=data["on"], precision=data["precision"], evidence=data["evidence"],
            by=request.actor, at=timezone.now(),
        ),
        title=Text(f"申报“{milestone.title.zh}”", f"Claim '{milestone.title.en}'"),
        explained=_standard(milestone),
        done=Text("已申报，等审核。", "It is claimed, and waits to be checked."),
        **of_item(item),
    )  # fmt: skip


def check(request: ActorRequest, item_id: int, milestone_key: str) -> HttpResponse:
    item, milestone = _found(request, item_id, milestone_key, Permission.CHECK_ITEMS)
    return answered(
        request,
        VerdictForm(request.POST or None),
        lambda data: check_milestone(
            item=item, key=milestone_key, accepted=data["verdict"] == "yes", note=data["note"], by=request.actor,
            at=timezone.now(),
        ),
        title=Text(f"审核“{milestone.title.zh}”", f"Check '{milestone.title.en}'"),
        explained=_standard(milestone),
        done=Text("已审核。", "It has been checked."),
        **of_item(item),
    )  # fmt: skip


def verify(request: ActorRequest, item_id: int, milestone_key: str) -> HttpResponse:
    item, milestone = _found(request, item_id, milestone_key, Permission.VERIFY_ITEMS)
    return answered(
        request,
        VerdictForm(request.POST or None),
        lambda data: verify_milestone(
            item=item, key=milestone_key, accepted=data["verdict"] == "yes", note=data["note"], by=request.actor,
            at=timezone.now(),
        ),
        title=Text(f"核查“{milestone.title.zh}”", f"Verify '{milestone.title.en}'"),
        explained=_standard(milestone),
        done=Text("已核查。", "It has been verified."),
        **of_item(item),
    )  # fmt: skip


def withdraw(request: ActorRequest, item_id: int, milestone_key: str) -> HttpResponse:
    item, milestone = _found(request, item_id, milestone_key, Permission.REPORT_ITEMS)
    return answered(
        request,
        ReasonForm(request.POST or None),
        lambda data: withdraw_milestone(
            item=item, key=milestone_key, reason=data["reason"], by=request.actor, at=timezone.now()
        ),
        title=Text(f"撤回“{milestone.title.zh}”的申报", f"Withdraw the claim of '{milestone.title.en}'"),
        explained=Text(
            "申报过的日期留在记录里，不再算达到。", "The day that was claimed stays on record and counts no more."
        ),
        grave=True,
        done=Text("申报已撤回。", "The claim has been withdrawn."),
        **of_item(item),
    )


def order(request: ActorRequest, item_id: int, milestone_key: str) -> HttpResponse:
    item, milestone = _found(request, item_id, milestone_key, Permission.CHANGE_ITEMS)
    others = {key: one.title for key, one in declared(item.ledger).milestones.items() if key != milestone_key}
    return answered(
        request,
        OrderForm(request, others),
        lambda data: order_milestones(
            item=item, key=milestone_key, after=data["after"], days=data["days"], reason=data["reason"], by=request.actor,
            at=timezone.now(),
        ),
        title=Text(f"“{milestone.title.zh}”的前置节点", f"What comes before '{milestone.title.en}'"),
        explained=Text("只改这一个事项；台账的通行先后不变。", "For this item alone; what its ledger declares stays."),
        done=Text("先后已记入。", "The order has been recorded."),
        **of_item(item),
    )  # fmt: skip


def schedule(request: ActorRequest, item_id: int) -> HttpResponse:
    item = changeable(request, item_id)
    declaration = declared(item.ledger)
    asked = {"end": request.GET.get("end", ""), "on": request.GET.get("on", "")}
    latest = _latest(item, declaration, asked)
    titles = {key: one.title for key, one in declaration.milestones.items()}
    return answered(
        request,
        ScheduleForm(request, item, titles, asked),
        lambda data: schedule_milestones(
            item=item, end=data["end"], on=data["on"], reason=data["reason"], agreed_by=data["agreed_by"],
            by=request.actor, at=timezone.now(),
        ),
        title=Text("倒排工期", "Schedule backwards"),
        button=Text("写入计划", "Write the plan"),
        explained=Text(
            "从最后节点往前，按前置节点和间隔工作日，算出每个节点最迟哪天；已达到的不动。先试算，再写入。",
            "From the last milestone back, by what comes before and the working days between, to the latest day of each; those "
            "reached stay. Try it first, then write it.",
        ),
        done=Text("计划已写入。", "The plan has been written."),
        template="ledgers/schedule.html",
        more={
            "titles": titles,
            "asked": asked,
            "latest": [(titles[key], day, day < localdate()) for key, day in latest.days.items()] if latest else [],
            "supposed": "、".join(map(str, latest.supposed)) if latest else "",
            "item": item,
        },
        **of_item(item),
    )  # fmt: skip


def baseline(request: ActorRequest, item_id: int) -> HttpResponse:
    item = changeable(request, item_id)
    return answered(
        request,
        BaselineForm(request.POST or None),
        lambda data: set_baseline(item=item, title=data["title"], on=data["on"], by=request.actor, at=timezone.now()),
        title=Text("留存基线", "Keep a baseline"),
        explained=Text(
            "把现在的节点计划留存下来，以后的调整和实际都与它对比。",
            "Keep the plan of all milestones as it stands, to compare later plans and days with.",
        ),
        done=Text("基线已留存。", "The baseline has been kept."),
        **of_item(item),
    )


def _latest(item: Item, ledger: LedgerDeclaration, asked: Mapping[str, str]) -> LatestDays | None:
    """What a schedule backwards would give, where enough is asked."""
    try:
        on = date.fromisoformat(asked["on"])
    except ValueError:
        return None
    if asked["end"] not in ledger.milestones:
        return None
    return latest_days(order_of(ledger, item.milestone_orders.in_force()), asked["end"], on)


def _found(request: ActorRequest, item_id: int, key: str, permission: Permission) -> tuple[Item, MilestoneDeclaration]:
    item = changeable(request, item_id, permission)
    milestones = declared(item.ledger).milestones
    if key not in milestones:
        raise Http404(reverse("item", args=[item_id]))
    return item, milestones[key]


def _standard(milestone: MilestoneDeclaration) -> Text:
    return Text(
        f"认定标准：{milestone.standard.zh}（{milestone.source.zh}）",
        f"Recognition standard: {milestone.standard.en} ({milestone.source.en})",
    )
