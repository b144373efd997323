"""The Gantt chart of a ledger's items: whatever the filter asks for, fifty at a time, zoomed by month, quarter or year."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.timezone import localdate

from guatu.hub.accounts.requests import ActorRequest
from guatu.hub.ledger.asking import ItemsAsked
from guatu.hub.ledger.exports.formats import TITLES, Format, formats_of
from guatu.hub.ledger.packs import declared
from guatu.hub.ledger.plans import plans_of
from guatu.hub.web.gantt.alone import svg_of
from guatu.hub.web.gantt.drawing import drawn
from guatu.hub.web.gantt.spans import ALL, ZOOMS, Span, span_of
from guatu.hub.web.grid.asks import asks
from guatu.hub.web.ledgers import ledger_of
from guatu.text import Text

PER_PAGE = 50


@dataclass(frozen=True, slots=True)
class Zoom:
    title: Text
    address: str
    is_open: bool


def items_gantt(request: ActorRequest, ledger_key: str) -> HttpResponse:
    """As a page, or with `?as=svg` as a file; the same queries whatever it shows."""
    ledger = ledger_of(ledger_key)
    declaration, today = declared(ledger), localdate()
    asked = ItemsAsked.of(request.GET)
    found = (
        asked.items(ledger, request.actor).select_related("unit").defer("search_text", "geometry", "values", "missing")
    )
    page = Paginator(found.order_by("unit__order", "unit_id", "pk"), PER_PAGE).get_page(request.GET.get("page"))
    items = list(page.object_list)
    plans = plans_of(declaration, [one.pk for one in items])
    days = [day for one in plans.values() for day in (*one.days, *one.baseline_days)]
    span = span_of(request.GET.get("zoom", ALL), request.GET.get("at", ""), days, today)
    alone = request.GET.get("as") == "svg"
    chart = drawn(declaration, items, plans, span, today, alone=alone)
    if alone:
        answer = HttpResponse(svg_of(chart), content_type="image/svg+xml")
        answer["Content-Disposition"] = f'attachment; filename="{ledger.key}-gantt-{today:%Y%m%d}.svg"'
        return answer
    zoomed = _zoomed(span)
    words = asks(request, ledger, declaration, asked, zoomed, page.paginator.count) | {
        "formats": [(one.value, TITLES[one]) for one in formats_of(ledger) if one is Format.SCHEDULE],
        "page": page,
        "chart": chart,
        "span": span,
        "has_days": bool(days),
        "zooms": _zooms(asked, span),
        "before": _at(asked, span, -1),
        "after": _at(asked, span, 1),
        "svg": urlencode([*asked.pairs(), *zoomed, ("page", page.number), ("as", "svg")]),
    }
    return render(request, "gantt/gantt.html", words)


def _zoomed(span: Span) -> list[tuple[str, str]]:
    return [("zoom", span.zoom), ("at", str(span.first))] if span.period is not None else []


def _zooms(asked: ItemsAsked, span: Span) -> list[Zoom]:
    found = []
    for key, title in ZOOMS.items():
        more = [("zoom", key)] if span.period is None else [("zoom", key), ("at", str(span.first))]
        query = urlencode([*asked.pairs(), *(() if key == ALL else more)])
        found.append(Zoom(title, f"?{query}", key == span.zoom))
    return found


def _at(asked: ItemsAsked, span: Span, step: int) -> str:
    """The same zoom a period earlier or later; nothing where all days are shown."""
    if span.period is None:
        return ""
    period = span.period.next() if step > 0 else span.period.previous()
    return f"?{urlencode([*asked.pairs(), ('zoom', span.zoom), ('at', str(period.first_day))])}"
