"""What was reached of a target that no item tells of: said on a form, shown with who said it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.timezone import localdate

from guatu.declarations.goals import GoalIndicator, Goals
from guatu.hub.accounts.requests import ActorRequest
from guatu.hub.accounts.roles import Permission
from guatu.hub.ledger.actions.reached import MOST_EVIDENCE, enter_reached
from guatu.hub.ledger.goals.schemes import indicator_of, scheme_of
from guatu.hub.ledger.goals.values import read_value, shown_value
from guatu.hub.ledger.models import Reached, Target
from guatu.hub.ledger.shown import Shown
from guatu.hub.ledger.telling import UNTOLD, Telling, tellings
from guatu.hub.web.page_forms import DayField, LineField, PageForm, ReasonField, answered, with_unit
from guatu.text import Text

MOST_SHOWN = 50


class ReachedForm(PageForm):
    """By which day, how much, and what shows it."""

    on = DayField(Text("到哪天", "By which day"), initial=localdate)
    evidence = LineField(
        Text("依据", "Evidence"), most=MOST_EVIDENCE,
        help=Text("文件、报表、统计数据的出处；不要写个人信息。", "The paper or statistics it comes from; no personal data."),
    )  # fmt: skip
    reason = ReasonField(required=False)

    def __init__(self, *args: Any, indicator: GoalIndicator, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["value"] = LineField(
            with_unit(Text("累计完成", "Reached so far"), indicator.field.unit), most=40,
            help=Text("从本期开始到这一天。", "Since the period began, up to that day."),
        )  # fmt: skip
        self.order_fields(["on", "value", "evidence"])


@dataclass(frozen=True, slots=True)
class Word:
    """One thing that was said, in force or put right since."""

    fact: Reached
    value: Shown
    told: Telling


def words_on(target: Target, scheme: Goals) -> list[Word]:
    """What was said of a target, the latest day first; four queries."""
    facts = list(target.reached.order_by("-on", "-sequence")[:MOST_SHOWN])
    told: Mapping[int, Telling] = tellings(one.sequence for one in facts)
    indicator = indicator_of(scheme, target.indicator)
    return [Word(one, shown_value(indicator, one.value), told.get(one.sequence, UNTOLD)) for one in facts]


def enter(request: ActorRequest, target_id: int) -> HttpResponse:
    own = Target.objects.under(request.actor, Permission.REPORT_ITEMS).select_related("goal__unit", "unit")
    found = get_object_or_404(own, pk=target_id)
    indicator = indicator_of(scheme_of(found.goal), found.indicator)
    return answered(
        request, ReachedForm(request.POST or None, indicator=indicator),
        lambda said: enter_reached(
            target=found, on=said["on"], value=read_value(indicator, said["value"]), evidence=said["evidence"],
            reason=said["reason"], by=request.actor, at=timezone.now(),
        ),
        title=Text(f"填报“{indicator.title.zh}”完成值", f"Enter what was reached: {indicator.title.en}"),
        subject=found.goal.title, back=reverse("target", args=[found.pk]), done=Text("已填报。", "Entered."),
        explained=Text(
            "同一天再填就是更正，要写理由；原来填的留在历史里。",
            "Entered again for the same day it is put right, with the reason; what was said before stays in the history.",
        ),
    )  # fmt: skip
