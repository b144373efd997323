"""From values and days to places in a frame, and the round values and days an axis is marked at."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from math import ceil

from guatu.standards.periods import Kind, Period
from guatu.text import Text

Value = Decimal | int
_STEPS = (Decimal(1), Decimal(2), Decimal(5), Decimal(10), Decimal(20))
_SPANS = (
    (Kind.DAY, 1), (Kind.DAY, 7), (Kind.MONTH, 1), (Kind.MONTH, 2), (Kind.QUARTER, 1), (Kind.HALF_YEAR, 1),
    (Kind.YEAR, 1), (Kind.YEAR, 2), (Kind.YEAR, 5), (Kind.YEAR, 10), (Kind.YEAR, 20), (Kind.YEAR, 50), (Kind.YEAR, 100),
)  # fmt: skip
"""Spans between two marks of days, the shortest first."""
_DAYS = {Kind.DAY: 1, Kind.MONTH: 30, Kind.QUARTER: 91, Kind.HALF_YEAR: 182, Kind.YEAR: 365}


def place(at: float) -> str:
    """A place as an SVG writes it: one decimal at most."""
    return f"{at:.1f}".rstrip("0").rstrip(".") if at else "0"


@dataclass(frozen=True, slots=True)
class Scale:
    """A straight line: the value `low` lies at the place `start`, `high` at `end`. With one value alone all lies at `start`."""

    low: Decimal
    high: Decimal
    start: float
    end: float

    def at(self, value: Value) -> float:
        span = self.high - self.low
        share = float((Decimal(value) - self.low) / span) if span else 0.0
        return self.start + (self.end - self.start) * share


@dataclass(frozen=True, slots=True)
class DayScale:
    """Days from `first` to `last`, both within the frame: the morning of `first` at `start`, the night of `last` at `end`."""

    first: date
    last: date
    start: float
    end: float

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    @property
    def per_day(self) -> float:
        return (self.end - self.start) / self.days

    def at(self, day: date) -> float:
        """Where a day begins."""
        return self.start + (day - self.first).days * self.per_day

    def until(self, day: date) -> float:
        """Where a day ends."""
        return self.at(day) + self.per_day


def round_ticks(values: Iterable[Value], most: int = 5) -> list[Decimal]:
    """Values 1, 2 or 5 times a power of ten apart, the first no higher than the least value and the last no lower than the greatest.

    Zero is always among what they span. At most `most` + 1 of them; 0 and 1 where every value is nought.
    """
    known = [Decimal(0), *(Decimal(one) for one in values)]
    low, high = min(known), max(known)
    if low == high:
        return [Decimal(0), Decimal(1)]
    rough = (high - low) / most
    unit = Decimal(1).scaleb(rough.adjusted())
    for step in (unit * one for one in _STEPS):
        first = (low / step).to_integral_value(ROUND_FLOOR)
        last = (high / step).to_integral_value(ROUND_CEILING)
        if last - first <= most:
            break
    return [step * number for number in range(int(first), int(last) + 1)]


@dataclass(frozen=True, slots=True)
class DayTick:
    """A day an axis is marked at: where a period begins."""

    on: date
    label: Text


def day_ticks(first: date, last: date, most: int) -> list[DayTick]:
    """Beginnings of days, months, quarters or years within two days, some `most` of them at the closest span that allows it."""
    days = (last - first).days + 1
    kind, every = next(
        (one for one in _SPANS if days / (_DAYS[one[0]] * one[1]) <= most), (Kind.YEAR, max(1, ceil(days / 365 / most)))
    )
    return [
        DayTick(one, _day_label(kind, one, one == first or one.month == 1))
        for one in beginnings(kind, every, first, last)
    ]


def beginnings(kind: Kind, every: int, first: date, last: date) -> list[date]:
    """Days within two on which a period of a kind begins, every so many of them."""
    found = []
    if kind is Kind.DAY:
        start = first if every == 1 else first + timedelta(days=-first.weekday() % 7)
        return [start + timedelta(days=one) for one in range(0, (last - start).days + 1, every)]
    at = Period.containing(kind, first)
    while at.start <= last:
        if at.start >= first and _counted(at, every):
            found.append(at.start)
        at = at.next()
    return found


def _counted(period: Period, every: int) -> bool:
    number = period.start.month - 1 if period.kind is Kind.MONTH else period.year
    return number % every == 0


def _day_label(kind: Kind, day: date, with_year: bool) -> Text:
    if kind is Kind.YEAR:
        return Text(f"{day.year}年", str(day.year))
    if kind is Kind.DAY:
        return Text(f"{day.month}/{day.day}", f"{day.day} {_EN[day.month - 1]}")
    year = Text(f"{day.year % 100:02d}年", f" {day.year % 100:02d}") if with_year and day.month == 1 else Text("", "")
    return Text(f"{year.zh}{day.month}月", f"{_EN[day.month - 1]}{year.en}")


_EN: Sequence[str] = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
