"""What comes before which milestone of an item, and by when each must be reached for the last to be in time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from graphlib import CycleError, TopologicalSorter

from guatu.declarations import Ledger as LedgerDeclaration
from guatu.hub.ledger.models import MilestoneOrder
from guatu.standards.working_days import UnknownYear, WorkingCalendar

Order = Mapping[str, Mapping[str, int]]
"""Milestone -> those that come before it -> the least number of working days between."""


@dataclass
class PlanningCalendar:
    """Working days for plans: as published; Monday to Friday in years whose holidays are not, which `supposed` names."""

    published: WorkingCalendar = field(default_factory=WorkingCalendar)
    supposed: set[int] = field(default_factory=set)

    def is_working_day(self, day: date) -> bool:
        try:
            return self.published.is_working_day(day)
        except UnknownYear:
            self.supposed.add(day.year)
            return day.weekday() < 5


@dataclass(frozen=True, slots=True)
class LatestDays:
    """By when each milestone must be reached; and the years whose holidays nobody knows yet."""

    days: Mapping[str, date]
    supposed: tuple[int, ...]


def order_of(ledger: LedgerDeclaration, own: Iterable[MilestoneOrder]) -> dict[str, dict[str, int]]:
    """As the ledger declares it, with the item's own word over it."""
    order = {key: dict(one.after) for key, one in ledger.milestones.items()}
    for one in own:
        if one.key not in order or one.after not in order:
            continue
        if one.days is None:
            order[one.key].pop(one.after, None)
        else:
            order[one.key][one.after] = one.days
    return order


def circle_in(order: Order) -> tuple[str, ...]:
    """Milestones that come after one another, the first again at the end; none if there is no circle."""
    try:
        TopologicalSorter({key: before.keys() for key, before in order.items()}).prepare()
    except CycleError as circular:
        return tuple(circular.args[1])
    return ()


def latest_days(order: Order, end: str, on: date) -> LatestDays:
    """The end milestone on its day, and by when everything that comes before it must be reached.

    Working days are counted as limits are: the first is the one after the earlier milestone, the last may be the later one's day.
    """
    calendar = PlanningCalendar()
    latest = {end: on}
    for key in reversed(list(TopologicalSorter({key: before.keys() for key, before in order.items()}).static_order())):
        if key in latest:
            for before, days in order.get(key, {}).items():
                by = _back(latest[key], days, calendar)
                latest[before] = min(by, latest.get(before, by))
    return LatestDays({key: latest[key] for key in order if key in latest}, tuple(sorted(calendar.supposed)))


def _back(day: date, days: int, calendar: PlanningCalendar) -> date:
    """The last working day from which `days` working days run out by `day`; the day itself for none."""
    left = days
    while left:
        left -= calendar.is_working_day(day)
        day -= timedelta(days=1)
    while days and not calendar.is_working_day(day):
        day -= timedelta(days=1)
    return day
