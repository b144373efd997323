"""What is due and when: milestones not reached yet, of the units one sees."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.timezone import localdate

from guatu.hub.accounts.numbers import whole_number
from guatu.hub.accounts.requests import ActorRequest
from guatu.hub.ledger.due import due
from guatu.hub.ledger.models import Milestone
from guatu.hub.ledger.models.milestones import MilestoneQuerySet
from guatu.hub.ledger.packs import declared
from guatu.hub.ledger.shown import PRECISIONS
from guatu.hub.web.units import units_to_choose
from guatu.text import Text

PER_PAGE = 50
AHEAD = 30
"""Days the desk looks ahead."""
SPANS = {
    "past": Text("已过期", "overdue"),
    "7": Text("7 天内到期", "due within 7 days"),
    "30": Text("30 天内到期", "due within 30 days"),
    "90": Text("90 天内到期", "due within 90 days"),
}


@dataclass(frozen=True, slots=True)
class Due:
    """A line: the milestone of an item, the day planned, and how far off that is."""

    milestone: Milestone
    title: Text
    precision: Text | None
    off: Text
    overdue: bool


def lines(milestones: Iterable[Milestone], today: date) -> list[Due]:
    return [_line(one, one.on, today) for one in milestones if one.on is not None]


def _line(one: Milestone, on: date, today: date) -> Due:
    days = (on - today).days
    if days < 0:
        off = Text(f"已过 {-days} 天", f"{-days} days ago" if days < -1 else "yesterday")
    else:
        off = Text(f"还有 {days} 天", f"in {days} days" if days != 1 else "tomorrow") if days else Text("今天", "today")
    title = declared(one.item.ledger).milestone_title(one.key)
    return Due(one, title, PRECISIONS.get(one.precision), off, days < 0)


def asked(request: ActorRequest, span: str, unit: int | None, today: date) -> MilestoneQuerySet:
    if span == "past":
        return due(request.actor, before=today, unit=unit)
    return due(request.actor, since=today, before=today + timedelta(days=int(span) + 1), unit=unit)


def page(request: ActorRequest) -> HttpResponse:
    today = localdate()
    span = request.GET.get("within", "")
    span = span if span in SPANS else "past"
    unit = whole_number(request.GET.get("unit", ""))
    listed = Paginator(asked(request, span, unit, today), PER_PAGE).get_page(request.GET.get("page"))
    words = {
        "page": listed,
        "lines": lines(listed.object_list, today),
        "spans": SPANS,
        "span": span,
        "unit": unit,
        "units": units_to_choose(request.actor),
        "carried": urlencode({"within": span, **({"unit": unit} if unit is not None else {})}),
    }
    return render(request, "home/due.html", words)
