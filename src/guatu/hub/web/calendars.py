"""Which days are worked: a year as months, with holidays, make-up days and where each is written."""

from __future__ import annotations

from calendar import Calendar
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from importlib.metadata import version

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.timezone import localdate

from guatu.hub.accounts.numbers import whole_number
from guatu.hub.accounts.requests import ActorRequest
from guatu.hub.ledger.milestone_order import PlanningCalendar
from guatu.hub.web.grid.calendar import WEEKDAYS
from guatu.standards.working_days import PUBLISHED_YEARS, WEEKDAY, WEEKEND, CalendarDay, WorkingCalendar
from guatu.text import Text

PUBLISHED_BY = "chinesecalendar"
FURTHEST = 2
"""Years beyond the published ones that the page shows, as they are reckoned meanwhile."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A day of a month: what it is, and the word that says why where it is not what its weekday says."""

    on: date
    kind: str
    because: Text | None
    is_today: bool


@dataclass(frozen=True, slots=True)
class Month:
    first: date
    weeks: Sequence[Sequence[Cell | None]]
    worked: int


@dataclass(frozen=True, slots=True)
class Run:
    """Days in a row that are off, or worked on a weekend, for one reason."""

    since: date
    until: date
    kind: str
    because: Text

    @property
    def days(self) -> int:
        return (self.until - self.since).days + 1


def page(request: ActorRequest) -> HttpResponse:
    today = localdate()
    first, last = min(PUBLISHED_YEARS), max(PUBLISHED_YEARS) + FURTHEST
    said = whole_number(request.GET.get("year", ""), below=10_000)
    year = min(max(said if said is not None else today.year, first), last)
    is_known = year in PUBLISHED_YEARS
    months = [_month(year, number, today, is_known=is_known) for number in range(1, 13)]
    words = {
        "year": year,
        "is_known": is_known,
        "months": months,
        "worked": sum(one.worked for one in months),
        "runs": _runs(year) if is_known else [],
        "weekdays": WEEKDAYS,
        "earlier": year - 1 if year > first else None,
        "later": year + 1 if year < last else None,
        "known": (first, max(PUBLISHED_YEARS)),
        "source": f"{PUBLISHED_BY} {version(PUBLISHED_BY)}",
    }
    return render(request, "calendars/year.html", words)


def _month(year: int, number: int, today: date, *, is_known: bool) -> Month:
    published, site = WorkingCalendar(), PlanningCalendar()
    weeks, worked = [], 0
    for week in Calendar().monthdatescalendar(year, number):
        cells: list[Cell | None] = []
        for on in week:
            if on.month != number:
                cells.append(None)
                continue
            worked += site.is_working_day(on)
            told = published.day(on) if is_known else None
            kind = _kind(on, told)
            because = told.because if told is not None and kind in ("holiday", "makeup") else None
            cells.append(Cell(on, kind, because, on == today))
        weeks.append(cells)
    return Month(date(year, number, 1), weeks, worked)


def _kind(on: date, told: CalendarDay | None) -> str:
    """Worked or off as its weekday says, a holiday, or a weekend day that is worked."""
    if told is None or not _is_named(told):
        return "worked" if on.weekday() < 5 else "weekend"
    return "makeup" if told.worked else "holiday"


def _is_named(told: CalendarDay) -> bool:
    """Whether something else than the day of the week says what it is."""
    return told.because not in (WEEKDAY, WEEKEND)


def _runs(year: int) -> list[Run]:
    """The days that differ from their weekdays, gathered; weekends inside a holiday belong to it."""
    published, found = WorkingCalendar(), list[Run]()
    day = date(year, 1, 1)
    while day.year == year:
        told = published.day(day)
        if _is_named(told):
            kind = "makeup" if told.worked else "holiday"
            last = found[-1] if found else None
            if last is not None and last.because == told.because and (day - last.until).days == 1 and last.kind == kind:
                found[-1] = Run(last.since, day, kind, told.because)
            else:
                found.append(Run(day, day, kind, told.because))
        day = date.fromordinal(day.toordinal() + 1)
    return found
