"""What of the current round is not in yet, of the units one reports for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.timezone import localdate

from guatu.hub.accounts.numbers import whole_number
from guatu.hub.accounts.requests import ActorRequest
from guatu.hub.accounts.roles import Permission
from guatu.hub.ledger.models import Figure, Item
from guatu.hub.ledger.models.items import ItemQuerySet
from guatu.hub.ledger.reporting.rounds import needed_fields
from guatu.hub.ledger.reporting.waiting import Round, progress_of, rounds_on, waiting_items
from guatu.hub.ledger.shown import Shown, shown_figure
from guatu.hub.web.page_forms import manageable
from guatu.text import Text

PER_PAGE = 50
UNITS = 400


@dataclass(frozen=True, slots=True)
class Line:
    """An item that is not in: its round, and what it said of the round before."""

    item: Item
    period: str
    before: str
    last: Shown | None
    title: Text


def page(request: ActorRequest) -> HttpResponse:
    unit = whole_number(request.GET.get("unit", ""))
    rounds = rounds_on(localdate())
    progress = progress_of(request.actor, rounds, unit)
    listed = Paginator(waiting_items(request.actor, rounds, unit), PER_PAGE).get_page(request.GET.get("page"))
    words = {
        "page": listed,
        "lines": lines(list(listed.object_list), rounds),
        "progress": progress,
        "done": sum(one.done for one in progress),
        "of": sum(one.of for one in progress),
        "unit": unit,
        "units": manageable(request.actor, Permission.REPORT_ITEMS)
        .filter(closed_on=None)
        .order_by("order", "pk")[:UNITS],
        "carried": urlencode({"unit": unit} if unit is not None else {}),
    }
    return render(request, "reporting/waiting.html", words)


def lines(items: Sequence[Item], rounds: Sequence[Round]) -> list[Line]:
    """Each item with the first figure it has to give, as of the round before."""
    by_ledger = {one.ledger.pk: one for one in rounds}
    wanted = {one.ledger.pk: needed_fields(one.declaration)[0] for one in rounds}
    before = {one.ledger.pk: str(one.declaration.rounds.before(one.period)) for one in rounds}
    held = Figure.objects.in_force().filter(
        item__in=[one.pk for one in items], field__in=set(wanted.values()), period__in=set(before.values())
    )
    figures = {(one.item_id, one.field, one.period): one for one in held}
    found = []
    for item in items:
        of = by_ledger[item.ledger_id]
        field, last = of.declaration.fields[wanted[item.ledger_id]], before[item.ledger_id]
        figure = figures.get((item.pk, field.key, last))
        told = shown_figure(field, figure.amount, figure.number) if figure is not None else None
        found.append(Line(item, str(of.period), last, told, field.title))
    return found


def next_of(items: ItemQuerySet, after: Item) -> Item | None:
    """The first that is not in but this one."""
    found: Item | None = items.exclude(pk=after.pk).first()
    return found
