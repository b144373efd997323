"""A visit put off, or told otherwise: its day, who goes, why."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone

from guatu.hub.accounts.actor import NotAllowed
from guatu.hub.accounts.requests import ActorRequest
from guatu.hub.accounts.roles import Permission
from guatu.hub.ledger.actions.visits import LONGEST, change_visit
from guatu.hub.ledger.models import Item, KeptVisit
from guatu.hub.web.page_forms import DayField, LineField, PageForm, answered
from guatu.text import Text


class VisitForm(PageForm):
    on = DayField(
        Text("日期", "Day"),
        help=Text("已经记了走访情况的，日期不能改。", "It stays once something seen is written down."),
    )
    who = LineField(
        Text("谁去", "Who goes"), most=LONGEST, required=False, personal=True,
        help=Text("写单位或职务即可；清空即删去。", "A unit or an office will do; emptied, it is gone."),
    )  # fmt: skip
    why = LineField(Text("为什么去", "Why"), most=LONGEST, required=False)


def change(request: ActorRequest, visit_id: int) -> HttpResponse:
    visit = get_object_or_404(KeptVisit.objects.visible_to(request.actor, Permission.REPORT_ITEMS), pk=visit_id)
    if not may_change(request, visit):
        raise NotAllowed(Permission.REPORT_ITEMS, str(visit))
    told = {"on": visit.on, "who": visit.who, "why": visit.why}
    return answered(
        request,
        VisitForm(request.POST or None, initial=told),
        lambda data: change_visit(visit=visit, **data, by=request.actor, at=timezone.now()),
        title=Text("改走访", "Change a visit"),
        subject=str(visit.on),
        back=reverse("visit", args=[visit.pk]),
        done=Text("走访已改。", "The visit is changed."),
        button=Text("改好了", "Change it"),
    )


def may_change(request: ActorRequest, visit: KeptVisit) -> bool:
    """Whether the visit is theirs to change: whoever reports for every item on the way."""
    reported = Item.objects.under(request.actor, Permission.REPORT_ITEMS)
    return not visit.stops.exclude(item__in=reported.values("pk")).exists()
