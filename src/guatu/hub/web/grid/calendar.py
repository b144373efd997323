"""The calendar: a month of milestones of the items that are asked for."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.timezone import localdate

from guatu.declarations import Ledger as LedgerDeclaration
from guatu.hub.accounts.requests import ActorRequest
from guatu.hub.ledger.asking import ItemsAsked
from guatu.hub.ledger.folds import fold
from guatu.hub.ledger.grid.month import Day, listed, month_of, neighbours, weeks
from guatu.hub.ledger.models import Milestone
from guatu.hub.ledger.models.milestones import Fact
from guatu.hub.ledger.packs import declared
from guatu.hub.web.grid.asks import asks
from guatu.hub.web.ledgers import ledger_of
from guatu.text import Text

WEEKDAYS = (
    Text("一", "Mon"), Text("二", "Tue"), Text("三", "Wed"), Text("四", "Thu"), Text("五", "Fri"), Text("六", "Sat"),
    Text("日", "Sun"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Mark:
    """A milestone of an item on a day, with its sign: reached, planned, or planned and past."""

    milestone: Milestone
    title: Text
    sign: str
    word: Text
    kind: str


@dataclass(frozen=True, slots=True)
class Cell:
    """A day as the calendar shows it, and where it is listed whole."""

    day: Day
    marks: list[Mark]
    is_today: bool
    address: str


def calendar(request: ActorRequest, ledger_key: str) -> HttpResponse:
    """Two statements for the month, one more for a day that is listed (`day`)."""
    ledger = ledger_of(ledger_key)
    declaration = declared(ledger)
    asked, today = ItemsAsked.of(request.GET), localdate()
    first = month_of(request.GET.get("month", ""), today)
    items, named = asked.items_and_name(ledger, request.actor)
    rows = fold(named, ("weeks", first), lambda: weeks(items, first))
    before, after = neighbours(first)
    more = [("month", f"{first:%Y-%m}")] if "month" in request.GET else []
    query = list(asked.pairs())
    cells = [
        [
            Cell(day, _marks(declaration, day.milestones, today), day.on == today, _of_day(query, first, day.on))
            for day in row
        ]
        for row in rows
    ]
    held = sum(day.count for row in rows for day in row if day.in_month)
    opened = _day(request.GET.get("day", ""))
    count = fold(named, "count", items.count)
    words = asks(request, ledger, declaration, asked, more, count)
    words |= {
        "weeks": cells, "weekdays": WEEKDAYS, "first": first, "held": held,
        "earlier": _of_month(query, before), "later": _of_month(query, after), "now": _of_month(query, today),
        "opened_day": opened, "listed": _marks(declaration, listed(items, opened), today) if opened is not None else [],
    }  # fmt: skip
    return render(request, "ledgers/calendar.html", words)


def _marks(ledger: LedgerDeclaration, milestones: Iterable[Milestone], today: date) -> list[Mark]:
    found = []
    for one in milestones:
        title = ledger.milestone_title(one.key)
        if one.fact == Fact.ACTUAL:
            found.append(Mark(one, title, "●", Text("达到", "reached"), "reached"))
        elif one.on is not None and one.on < today:
            found.append(Mark(one, title, "■", Text("过期未到", "overdue"), "overdue"))
        else:
            found.append(Mark(one, title, "○", Text("计划", "planned"), "planned"))
    return found


def _of_month(query: list[tuple[str, str]], first: date | None) -> str:
    return f"?{urlencode([*query, ('month', f'{first:%Y-%m}')])}" if first is not None else ""


def _of_day(query: list[tuple[str, str]], first: date, on: date) -> str:
    return f"?{urlencode([*query, ('month', f'{first:%Y-%m}'), ('day', on.isoformat())])}#day"


def _day(said: str) -> date | None:
    try:
        return date.fromisoformat(said)
    except ValueError:
        return None
