"""A month of milestones: the days on which items are to reach one, and those on which they did."""

from __future__ import annotations

from calendar import Calendar
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, F, Q, QuerySet, Window
from django.db.models.functions import RowNumber

from guatu.hub.ledger.models import Item, Milestone
from guatu.hub.ledger.models.milestones import Fact, MilestoneQuerySet, still_to_come

ON_A_DAY = 3
"""Milestones that stand in the cell of a day at most."""
LISTED = 300
"""Milestones that are listed of one day at most."""


@dataclass(slots=True)
class Day:
    """A day of the month's weeks: how many milestones it holds, the first of them."""

    on: date
    in_month: bool
    count: int = 0
    milestones: list[Milestone] = field(default_factory=list)

    @property
    def rest(self) -> int:
        return self.count - len(self.milestones)


def month_of(said: str, today: date) -> date:
    """The first day of the month an address names, `2026-08`; of this month where it names none."""
    try:
        return date.fromisoformat(f"{said}-01")
    except ValueError:
        return today.replace(day=1)


def neighbours(first: date) -> tuple[date | None, date | None]:
    """The months before and after, as far as calendars go."""
    before = (first - timedelta(days=1)).replace(day=1) if first > date(1, 1, 1) else None
    after = (first + timedelta(days=31)).replace(day=1) if first < date(9999, 12, 1) else None
    return before, after


def milestones_on(items: QuerySet[Item], since: date, before: date) -> MilestoneQuerySet:
    """Days reached, and plans that stand and are not reached, from `since` up to, not including, `before`."""
    within = Milestone.objects.in_force().counting().filter(on__gte=since, on__lt=before)
    return within.filter(Q(fact=Fact.ACTUAL) | still_to_come(), item__in=items.order_by().values("pk"))


def weeks(items: QuerySet[Item], first: date) -> list[list[Day]]:
    """The weeks of a month, Mondays first, with the days beside it that fill them. Two statements."""
    days = [Day(on, on.month == first.month) for on in _days(first)]
    known = {day.on: day for day in days}
    found = milestones_on(items, days[0].on, days[-1].on + timedelta(days=1))
    for on, count in found.order_by().values_list("on").annotate(n=Count("pk")):
        known[on].count = count
    for one in _first_of_each_day(found):
        known[one.on].milestones.append(one)
    return [days[start : start + 7] for start in range(0, len(days), 7)]


def _first_of_each_day(found: MilestoneQuerySet) -> QuerySet[Any]:
    number = Window(RowNumber(), partition_by=[F("on")], order_by=[F("fact"), F("item_id"), F("key")])
    return found.annotate(number=number).filter(number__lte=ON_A_DAY).select_related("item").order_by("on", "number")


def _days(first: date) -> Sequence[date]:
    """At the ends of the calendar a week may lack the days that do not exist."""
    try:
        return list(Calendar().itermonthdates(first.year, first.month))
    except (OverflowError, ValueError):
        last = date(first.year, first.month, 28)
        return [first + timedelta(days=one) for one in range((last - first).days + 1)]


def listed(items: QuerySet[Item], on: date) -> QuerySet[Milestone]:
    """All milestones of a day, with their items and units."""
    return (
        milestones_on(items, on, on + timedelta(days=1))
        .select_related("item__unit")
        .order_by("fact", "item_id", "key")[:LISTED]
    )
