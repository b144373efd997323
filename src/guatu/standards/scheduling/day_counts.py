"""Counting days on a time line of boundaries: boundary n is the midnight at which day n (its ordinal) begins.

An activity starts at a boundary and finishes at one; its last day is the one before its finish. A count numbers the
days that count, day 0 being the first at or after the anchor, and answers how many lie before a boundary.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Container
from datetime import date
from typing import Protocol


class WorkedDays(Protocol):
    """Anything that knows which days are worked, such as `guatu.standards.working_days.WorkingCalendar`."""

    def is_working_day(self, day: date) -> bool: ...


class WorkedWeekdays:
    """A week that repeats: worked on some weekdays (Monday is 0), but for single days that differ."""

    def __init__(
        self, weekdays: Container[int] = range(5), worked: Container[date] = (), off: Container[date] = ()
    ) -> None:
        self._weekdays, self._worked, self._off = weekdays, worked, off

    def is_working_day(self, day: date) -> bool:
        return day in self._worked or (day.weekday() in self._weekdays and day not in self._off)


class DayCount(Protocol):
    """How many days that count lie before a boundary (negative before the anchor), and where the nth one lies."""

    def before(self, boundary: int) -> int: ...

    def day(self, number: int) -> int: ...


class EveryDay:
    """Calendar days: every day counts."""

    def __init__(self, anchor: int) -> None:
        self._anchor = anchor

    def before(self, boundary: int) -> int:
        return boundary - self._anchor

    def day(self, number: int) -> int:
        return self._anchor + number


MOST_IDLE = 3_660
"""Days without a working day after which a calendar is taken to have none."""


class CountedWorkingDays:
    """Working days of a calendar, looked up only as far as asked: a year nobody reaches need not be known."""

    def __init__(self, calendar: WorkedDays, anchor: int) -> None:
        self._calendar = calendar
        self._anchor = anchor
        self._after: list[int] = []
        self._earlier: list[int] = []  # negated, so that both lists go up
        self._seen_to, self._seen_from = anchor, anchor

    def before(self, boundary: int) -> int:
        if boundary >= self._anchor:
            while self._seen_to < boundary:
                self._look_ahead()
            return bisect_left(self._after, boundary)
        while self._seen_from > boundary:
            self._look_back()
        return -bisect_left(self._earlier, -boundary + 1)

    def day(self, number: int) -> int:
        if number >= 0:
            while len(self._after) <= number:
                self._look_ahead()
            return self._after[number]
        while len(self._earlier) < -number:
            self._look_back()
        return -self._earlier[-number - 1]

    def _look_ahead(self) -> None:
        self._require_work(self._seen_to - (self._after[-1] if self._after else self._anchor))
        if self._calendar.is_working_day(date.fromordinal(self._seen_to)):
            self._after.append(self._seen_to)
        self._seen_to += 1

    def _look_back(self) -> None:
        self._require_work((-self._earlier[-1] if self._earlier else self._anchor) - self._seen_from)
        self._seen_from -= 1
        if self._calendar.is_working_day(date.fromordinal(self._seen_from)):
            self._earlier.append(-self._seen_from)

    def _require_work(self, idle: int) -> None:
        if idle > MOST_IDLE:
            raise ValueError(f"The calendar works on none of {idle} days in a row.")


def earliest(count: DayCount, boundary: int, days: int) -> int:
    """The first boundary with at least `days` counted days between `boundary` and it."""
    return count.day(count.before(boundary) + days - 1) + 1


def latest(count: DayCount, boundary: int, days: int) -> int:
    """The last boundary with at least `days` counted days between it and `boundary`.

    `earliest(b, n) <= f` exactly when `b <= latest(f, n)`: what the forward pass asks, the backward pass gives back.
    """
    return count.day(count.before(boundary) - days)
