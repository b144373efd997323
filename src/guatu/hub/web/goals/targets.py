"""A target with its splits: set, adjusted, split along units, periods or items, and answered for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.timezone import localdate
from django.views.decorators.http import require_POST

from guatu.declarations.goals import GoalIndicator, Goals
from guatu.hub.accounts.language import spoken
from guatu.hub.accounts.models import Unit
from guatu.hub.accounts.requests import ActorRequest
from guatu.hub.accounts.roles import Permission
from guatu.hub.ledger.actions.targets import Part, adjust_target, answer_target, set_target, split_target
from guatu.hub.ledger.goals.progress import linked_below
from guatu.hub.ledger.goals.schemes import indicator_of, scheme_of
from guatu.hub.ledger.goals.values import WrongNumber, kept, read_value, shown_value, written_value
from guatu.hub.ledger.models import Item, Split, Target
from guatu.hub.ledger.models.goals import GoalState
from guatu.hub.ledger.models.targets import Along
from guatu.hub.ledger.shown import Shown
from guatu.hub.web.goals.forms import AdjustForm, TargetForm
from guatu.hub.web.goals.pages import goal_to_manage, seen_of
from guatu.hub.web.goals.reached import words_on
from guatu.hub.web.goals.shown import STANDINGS, Line, lines_of
from guatu.hub.web.page_forms import PageForm, ReasonField, answered, with_unit
from guatu.hub.web.posted import posted
from guatu.hub.web.units import permissions_at
from guatu.standards.periods import Period
from guatu.text import Refusal, Text

MOST_PARTS = 200
ALONG: Mapping[str, Text] = {
    "unit": Text("按单位分", "By unit"),
    "period": Text("按月分", "By month"),
    "item": Text("落到事项（企业）", "By item (enterprise)"),
}


class SplitForm(PageForm):
    """A line for each that may have a part; empty lines have none."""

    def __init__(self, *args: Any, lines: Mapping[str, Text], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for key, title in lines.items():
            field = forms.CharField(required=False, max_length=40, label=title.in_(spoken()))
            field.is_third = True  # type: ignore[attr-defined]  # three beside one another
            self.fields[key] = field
        self.fields["reason"] = ReasonField(required=False)
        self.fields["reason"].label = Text("与总数有差额的理由", "Why the parts differ from the whole").in_(spoken())


@dataclass(frozen=True, slots=True)
class Shares:
    """A split as its page shows it."""

    along: str
    title: Text
    split: Split | None
    lines: list[Line]
    names: list[Text]
    total: Shown
    difference: Shown | None
    """Whole less parts as they are now; None when they agree, or do not add up."""
    short: bool

    @property
    def rows(self) -> list[tuple[Line, Text]]:
        return list(zip(self.lines, self.names, strict=True))


def set_(request: ActorRequest, goal_id: int) -> HttpResponse:
    goal = goal_to_manage(request, goal_id)
    scheme = scheme_of(goal)

    def act(said: dict[str, Any]) -> Target:
        value = read_value(indicator_of(scheme, said["indicator"]), said["value"])
        return set_target(
            goal=goal, indicator=said["indicator"], period=said["period"], value=value, by=request.actor,
            at=timezone.now(),
        )  # fmt: skip

    form = TargetForm(request.POST or None, scheme=scheme, initial={"period": str(goal.ends_on.year)})
    return answered(
        request, form, act, title=Text("定目标值", "Set a target"), subject=goal.title,
        back=reverse("goal", args=[goal.pk]), done=Text("已定。", "Set."),
    )  # fmt: skip


def target(request: ActorRequest, target_id: int) -> HttpResponse:
    found, scheme = _found(request, target_id)
    is_active = found.goal.state == GoalState.ACTIVE and not found.dropped
    parts = list(
        Target.objects.visible_to(request.actor).in_force().filter(whole=found).select_related("unit", "item", "goal")
    )
    unseen = set(found.parts.in_force().exclude(pk__in=[one.pk for one in parts]).values_list("along", flat=True))
    line, *rest = lines_of([found, *parts], found.goal.pack, scheme, localdate())
    by_pk = {one.target.pk: one for one in rest}
    versions = [
        (one, shown_value(indicator_of(scheme, found.indicator), one.value), STANDINGS[one.standing])
        for one in found.versions.order_by("-pk")[:50]
    ]
    words = {
        "target": found,
        "line": line,
        "name": _name(found),
        "shares": [_shares(found, scheme, along, parts, by_pk, along in unseen) for along in Along.values],
        "along": ALONG,
        "words": words_on(found, scheme) if line.entered else [],
        "versions": versions,
        "may": permissions_at(request.actor, found.unit) if is_active else set(),
        "may_goal": permissions_at(request.actor, found.goal.unit) if is_active else set(),
    }
    return render(request, "goals/target.html", words)


def _shares(
    whole: Target, scheme: Goals, along: str, parts: list[Target], lines: Mapping[int, Line], are_some_unseen: bool
) -> Shares:
    """Whether parts make up the whole is told to whoever sees all of them."""
    mine = sorted(
        (one for one in parts if one.along == along), key=lambda one: (one.period, one.unit_id, one.item_id or 0)
    )
    indicator = indicator_of(scheme, whole.indicator)
    total = sum((one.amount for one in mine), Fraction())
    left = whole.amount - total if indicator.adds and mine and not are_some_unseen else Fraction(0)
    return Shares(
        along=along, title=ALONG[along], split=whole.splits.filter(along=along).order_by("-pk").first(),
        lines=[lines[one.pk] for one in mine], names=[_name(one) for one in mine],
        total=shown_value(indicator, kept(total)), short=left > 0,
        difference=shown_value(indicator, kept(abs(left))) if left else None,
    )  # fmt: skip


def _name(one: Target) -> Text:
    """Whose a target is, or of when."""
    if one.along == Along.PERIOD:
        return Period.parse(one.period).name()
    if one.item is not None:
        return Text(one.item.name, one.item.name)
    return one.unit.title


def adjust(request: ActorRequest, target_id: int) -> HttpResponse:
    found, scheme = _to_manage(request, target_id)
    indicator = indicator_of(scheme, found.indicator)
    return answered(
        request, AdjustForm(request.POST or None, initial={"value": written_value(indicator, found.value)}),
        lambda said: adjust_target(
            target=found, seen=seen_of(request, found.version), value=read_value(indicator, said["value"]), reason=said["reason"],
            by=request.actor, at=timezone.now(),
        ),
        title=Text("调整目标值", "Adjust the target"), subject=found.goal.title,
        back=reverse("target", args=[found.pk]), done=Text("已调整，分解要重新核对。", "Adjusted; check how it is split."),
        explained=Text(
            "原来的值留在历史里；已签的责任状会显示为“已变化”，要重新签订。",
            "The former value stays in the history; papers signed before show as outdated until signed anew.",
        ),
    )  # fmt: skip


def split(request: ActorRequest, target_id: int, along: str) -> HttpResponse:
    found, scheme = _to_manage(request, target_id)
    if along not in ALONG:
        raise Http404
    indicator, lines = indicator_of(scheme, found.indicator), _candidates(request, found, Along(along))
    titles = {key: with_unit(title, indicator.field.unit) for key, (title, _) in lines.items()}
    form = SplitForm(request.POST or None, lines=titles, initial=_values(found, along, indicator))

    def act(said: dict[str, Any]) -> Split:
        parts = [_part(indicator, key, said[key], part) for key, (_, part) in lines.items() if said[key].strip()]
        return split_target(
            target=found, seen=seen_of(request, found.version), along=Along(along), parts=parts, reason=said["reason"],
            by=request.actor, at=timezone.now(),
        )  # fmt: skip

    value = shown_value(indicator, found.value)
    return answered(
        request, form, act, title=Text(f"分解目标值·{ALONG[along].zh}", f"Split the target: {ALONG[along].en.lower()}"),
        subject=found.goal.title, back=reverse("target", args=[found.pk]), done=Text("已分解。", "Split."),
        explained=Text(
            f"总数 {value.with_unit.zh}。没有份额的空着。各部分相加必须等于总数；不等的，写明理由。",
            f"The whole is {value.with_unit.en}. Leave empty what has no part. The parts make up the whole exactly, "
            "or a reason says why not.",
        ),
    )  # fmt: skip


def _part(indicator: GoalIndicator, key: str, written: str, part: Part) -> Part:
    try:
        value = read_value(indicator, written)
    except WrongNumber as wrong:
        wrong.field = key
        raise
    return Part(value, part.unit, part.period, part.item)


def _candidates(request: ActorRequest, found: Target, along: Along) -> dict[str, tuple[Text, Part]]:
    """Who may have a part, by the name of their line."""
    if along is Along.UNIT:
        seen = Unit.objects.visible_to(request.actor).filter(closed_on=None)
        below = seen.filter(parent=found.unit)
        units = below if below.exists() else seen.filter(parent=found.unit.parent_id)
        there = found.parts.filter(along=along).values("unit_id")
        chosen = (units | seen.filter(pk__in=there)).distinct().order_by("order", "pk")[:MOST_PARTS]
        return {f"unit-{one.pk}": (one.title, Part("", unit=one)) for one in chosen}
    if along is Along.PERIOD:
        whole = Period.parse(found.period)
        months = [one for one in whole.months if one != whole]
        return {f"period-{one}": (one.name(), Part("", period=str(one))) for one in months}
    linked = [one.item for one in linked_below([found.goal_id], found.goal.pack)[found.goal_id]]
    items = Item.objects.visible_to(request.actor).filter(pk__in=linked).select_related("unit")
    return {
        f"item-{one.pk}": (Text(one.name, one.name), Part("", item=one))
        for one in items.order_by("name", "pk")[:MOST_PARTS]
    }


def _values(found: Target, along: str, indicator: GoalIndicator) -> dict[str, str]:
    keys = {"unit": "unit_id", "period": "period", "item": "item_id"}
    parts = found.parts.filter(along=along, dropped=False)
    return {f"{along}-{getattr(one, keys[along])}": written_value(indicator, one.value) for one in parts}


@require_POST
def answer(request: ActorRequest, target_id: int) -> HttpResponse:
    found, _ = _found(request, target_id)
    answer_target(
        target=found, seen=seen_of(request, found.version), agrees=posted(request, "agrees") == "yes",
        reason=posted(request, "reason")[:500], by=request.actor, at=timezone.now(),
    )  # fmt: skip
    messages.success(request, Text("已答复。", "Answered.").in_(spoken()))
    return redirect("target", found.pk)


def _to_manage(request: ActorRequest, target_id: int) -> tuple[Target, Goals]:
    """One of a goal that the reader manages: its own share lets a unit see it and answer, not change it."""
    found, scheme = _found(request, target_id)
    goal_to_manage(request, found.goal_id)
    return found, scheme


def _found(request: ActorRequest, target_id: int) -> tuple[Target, Goals]:
    found = get_object_or_404(
        Target.objects.visible_to(request.actor, Permission.SEE_ITEMS).select_related(
            "goal__unit", "unit", "item", "whole"
        ),
        pk=target_id,
    )
    scheme = scheme_of(found.goal)
    if found.indicator not in scheme.indicators:
        raise Refusal(
            found.goal.title,
            Text("业务包不再有这个指标", "the pack no longer has this indicator"),
            Text("请系统管理员核对业务包。", "Ask the system administrator to check the pack."),
        )
    return found, scheme
