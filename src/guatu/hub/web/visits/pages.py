"""The sheet of a visit, to be printed or read on a phone, and its entry for a calendar."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from hashlib import sha256
from itertools import groupby

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from guatu.hub.accounts.language import spoken
from guatu.hub.accounts.requests import ActorRequest
from guatu.hub.accounts.roles import Permission
from guatu.hub.ledger.actions.visits import MOST
from guatu.hub.ledger.exports.calendar import calendar_lines, escaped
from guatu.hub.ledger.models import Ledger
from guatu.hub.web.grid.sentence import LIGHTS
from guatu.hub.web.visits.plan import Visit
from guatu.hub.web.visits.stops import stops_of
from guatu.text import Text


def sheet(request: ActorRequest) -> HttpResponse:
    visit = Visit.of(request.GET)
    asked = visit.items(request.actor)
    items = list(asked.select_related("unit", "ledger__pack").defer("ledger__pack__files", "search_text")[:MOST])
    stops = stops_of(items, visit.on)
    words = {
        "visit": visit,
        "units": [(unit, list(group)) for unit, group in groupby(stops, key=lambda one: one.item.unit)],
        "count": len(items),
        "left_out": asked.count() - MOST if len(items) == MOST else 0,
        "kept": visit.kept([one.pk for one in items]),
        "lights": LIGHTS,
        "ledgers": Ledger.objects.order_by("pk"),
        "pairs": replace(visit.asked, light="").pairs(),
        "may_report": request.actor.may(Permission.REPORT_ITEMS),
        "may_reveal": request.actor.may(Permission.REVEAL_PERSONAL_DATA),
    }
    return render(request, "visits/sheet.html", words)


def calendar(request: ActorRequest) -> HttpResponse:
    """One entry for the day: which items, why, and where the sheet is."""
    visit = Visit.of(request.GET)
    items = list(visit.items(request.actor).select_related("unit")[:MOST])
    address = request.build_absolute_uri(f"{reverse('visit_new')}?{visit.kept([one.pk for one in items])}")
    title = Text("走访 {n} 个事项", "Visit to {n} items").filled(n=len(items)).in_(spoken())
    told = "\n".join(
        [*filter(None, (visit.who, visit.why)), *(f"{one.unit.title.in_(spoken())} {one.name}" for one in items)]
    )
    content = calendar_lines(
        "BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Guatu//Visit//ZH", "CALSCALE:GREGORIAN", "METHOD:PUBLISH",
        "BEGIN:VEVENT",
        f"UID:visit-{sha256(address.encode()).hexdigest()[:24]}@guatu",
        f"DTSTAMP:{timezone.now():%Y%m%dT%H%M%SZ}",
        f"DTSTART;VALUE=DATE:{visit.on:%Y%m%d}",
        f"DTEND;VALUE=DATE:{visit.on + timedelta(days=1):%Y%m%d}",
        f"SUMMARY:{escaped(title)}",
        f"DESCRIPTION:{escaped(told)}",
        f"URL:{escaped(address)}",
        "END:VEVENT",
        "END:VCALENDAR",
    )  # fmt: skip
    response = HttpResponse(content, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="visit-{visit.on:%Y-%m-%d}.ics"'
    return response
