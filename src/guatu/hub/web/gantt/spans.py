"""The days a chart shows: a month, a quarter or a year, or all days there are; and the days among them nobody works."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from guatu.hub.ledger.milestone_order import PlanningCalendar
from guatu.standards.periods import Kind, Period
from guatu.text import Text

ALL = "all"
ZOOMS: dict[str, Text] = {
    ALL: Text("全部", "All"),
    Kind.YEAR.value: Text("年", "Year"),
    Kind.QUARTER.value: Text("季", "Quarter"),
    Kind.MONTH.value: Text("月", "Month"),
}
NEAR = timedelta(days=200)
"""How far from what is drawn today may lie to be drawn as well."""


@dataclass(frozen=True, slots=True)
class Span:
    """From `first` to `last`; `period` unless all days are shown."""

    zoom: str
    first: date
    last: date
    period: Period | None = None

    @property
    def title(self) -> Text:
        if self.period is None:
            return Text(f"{self.first} 至 {self.last}", f"{self.first} to {self.last}")
        return self.period.name()


def span_of(zoom: str, on: str, days: Iterable[date], today: date) -> Span:
    """What an address asks for; nonsense is all days there are, and a period without a day is that of today."""
    known = sorted(days)
    if zoom in ZOOMS and zoom != ALL:
        period = Period.containing(Kind(zoom), _day(on) or _nearest(known, today))
        return Span(zoom, period.first_day, period.last_day, period)
    first, last = (known[0], known[-1]) if known else (today, today)
    if first - NEAR <= today <= last + NEAR:
        first, last = min(first, today), max(last, today)
    return Span(ALL, Period.containing(Kind.MONTH, first).first_day, Period.containing(Kind.MONTH, last).last_day)


def _day(said: str) -> date | None:
    try:
        found = date.fromisoformat(said)
    except ValueError:
        return None
    return found if 1900 < found.year < 2200 else None


def _nearest(days: list[date], today: date) -> date:
    """Today, or the nearest day there is something on."""
    return min(days, key=lambda one: abs((one - today).days), default=today)


def days_off(first: date, last: date) -> list[tuple[date, date]]:
    """Runs of days nobody works, as published; Saturdays and Sundays in years whose holidays are not."""
    calendar = PlanningCalendar()
    runs: list[tuple[date, date]] = []
    day = first
    while day <= last:
        if not calendar.is_working_day(day):
            if runs and runs[-1][1] == day - timedelta(days=1):
                runs[-1] = (runs[-1][0], day)
            else:
                runs.append((day, day))
        day += timedelta(days=1)
    return runs
