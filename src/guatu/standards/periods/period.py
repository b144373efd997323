"""Statistical periods: days, weeks, fortnights, half-months, months, quarters, half-years, years.

A period is its half-open span of days and its kind. Its key (`2021-08`, `2021Q3`, `2021-W35`) is what files,
folders and commands call it; keys of one kind sort in the order of time.

Weeks are ISO 8601 weeks (Monday to Sunday, belonging to the year of their Thursday). A fortnight (双周) is ISO
weeks 1-2, 3-4 and so on; week 53, where a year has one, is a fortnight by itself. A half-month (半月) is the 1st
to the 15th, or the rest.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from guatu.text import Refusal, Text

MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
_ZH_QUARTERS = "一二三四"
_EN_ORDINALS = ("first", "second", "third", "fourth")


class UnknownPeriod(Refusal):
    """The text is no key of a period."""

    def __init__(self, text: str, where: str) -> None:
        super().__init__(
            where,
            Text(f"“{text}”不是统计期", f"'{text}' is not a statistical period"),
            Text(
                "写成 2021-08（月）、2021Q3（季）、2021H1（半年）、2021（年）、2021-W35（周）、2021-F18（双周）、"
                "2021-08A 或 2021-08B（上、下半月）、2021-08-31（日）之一。",
                "Write one of 2021-08 (month), 2021Q3 (quarter), 2021H1 (half-year), 2021 (year), 2021-W35 (week), "
                "2021-F18 (fortnight), 2021-08A or 2021-08B (half-months), 2021-08-31 (day).",
            ),
        )


class Kind(StrEnum):
    """How long a period is, and so how often it is reported."""

    DAY = "day"
    WEEK = "week"
    FORTNIGHT = "fortnight"
    HALF_MONTH = "half_month"
    MONTH = "month"
    QUARTER = "quarter"
    HALF_YEAR = "half_year"
    YEAR = "year"


_MONTHS_IN = {Kind.MONTH: 1, Kind.QUARTER: 3, Kind.HALF_YEAR: 6, Kind.YEAR: 12}


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """Days from `start` up to, not including, `end`; always a whole period of its kind.

    Periods sort by their days. Build one with `Period.month`, `Period.containing` or `Period.parse`.
    """

    start: date
    end: date
    kind: Kind

    def __post_init__(self) -> None:
        if (self.start, self.end) != _span(self.kind, self.start):
            raise ValueError(f"{self.start} to {self.end} is not a whole {self.kind}.")

    @classmethod
    def month(cls, year: int, month: int) -> Period:
        """One calendar month; a month outside 1-12 is a ValueError."""
        return cls.containing(Kind.MONTH, date(year, month, 1))

    @classmethod
    def containing(cls, kind: Kind, day: date) -> Period:
        """The period of `kind` that `day` falls in."""
        return cls(*_span(kind, day), kind)

    @classmethod
    def parse(cls, text: str, *, where: str | None = None) -> Period:
        """The period a key names; anything else is `UnknownPeriod` at `where` (the text itself, if not given)."""
        for kind, (pattern, first_day) in _KEYS.items():
            if match := re.fullmatch(pattern, text.strip(), re.ASCII):
                try:
                    return cls.containing(kind, first_day(*match.groups()))
                except (ValueError, OverflowError):  # such as month 13, week 54, 30 February
                    break
        raise UnknownPeriod(text, where or text)

    def __str__(self) -> str:
        """The key; `Period.parse` gives the period back."""
        month = f"{self.year:04d}-{self.start.month:02d}"
        match self.kind:
            case Kind.DAY:
                return self.start.isoformat()
            case Kind.WEEK:
                return f"{self.year:04d}-W{self._week:02d}"
            case Kind.FORTNIGHT:
                return f"{self.year:04d}-F{self._fortnight:02d}"
            case Kind.HALF_MONTH:
                return f"{month}{'A' if self.start.day == 1 else 'B'}"
            case Kind.MONTH:
                return month
            case Kind.QUARTER:
                return f"{self.year:04d}Q{self.quarter}"
            case Kind.HALF_YEAR:
                return f"{self.year:04d}H{self._half}"
            case Kind.YEAR:
                return f"{self.year:04d}"

    # -- days ----------------------------------------------------------------------------------------------

    @property
    def first_day(self) -> date:
        return self.start

    @property
    def last_day(self) -> date:
        return self.end - timedelta(days=1)

    @property
    def days(self) -> int:
        return (self.end - self.start).days

    def __contains__(self, day: object) -> bool:
        return isinstance(day, date) and self.start <= day < self.end

    # -- place in the year ---------------------------------------------------------------------------------

    @property
    def year(self) -> int:
        """The year it is counted in; for weeks and fortnights the ISO year, which may differ from `start.year`."""
        return self.start.isocalendar().year if self.kind in (Kind.WEEK, Kind.FORTNIGHT) else self.start.year

    @property
    def quarter(self) -> int:
        """1-4, of the last day that lies in its year."""
        return (min(self.last_day, date(self.year, 12, 31)).month + 2) // 3

    @property
    def months_elapsed(self) -> int:
        """Whole months of its year that are over when it ends: 8 for August, 9 for the third quarter, 0-12."""
        return min(12, max(0, (self.end.year - self.year) * 12 + self.end.month - 1))

    @property
    def months(self) -> tuple[Period, ...]:
        """The months it is made of, in order; empty for a period shorter than a month."""
        first = self.start.month
        return tuple(Period.month(self.year, first + offset) for offset in range(_MONTHS_IN.get(self.kind, 0)))

    @property
    def _week(self) -> int:
        return self.start.isocalendar().week

    @property
    def _fortnight(self) -> int:
        return (self._week + 1) // 2

    @property
    def _half(self) -> int:
        return 1 if self.start.month == 1 else 2

    # -- neighbours ----------------------------------------------------------------------------------------

    def previous(self) -> Period:
        """The period of the same kind that ends where this one starts."""
        return Period.containing(self.kind, self.start - timedelta(days=1))

    def next(self) -> Period:
        """The period of the same kind that starts where this one ends."""
        return Period.containing(self.kind, self.end)

    def same_period_last_year(self) -> Period:
        """Its namesake a year earlier. 29 February has the 28th, and a 53rd week the 52nd where there is none."""
        last_year = self.year - 1
        if self.kind in (Kind.WEEK, Kind.FORTNIGHT):
            week = min(self._week, date(last_year, 12, 28).isocalendar().week)
            return Period.containing(self.kind, date.fromisocalendar(last_year, week, 1))
        leap_day = (self.start.month, self.start.day) == (2, 29)
        return Period.containing(self.kind, self.start.replace(year=last_year, day=28 if leap_day else self.start.day))

    # -- names ---------------------------------------------------------------------------------------------

    def title(self) -> Text:
        """What a table of cumulative figures is headed with: for August `2021年1-8月`, `January–August 2021`.

        Periods other than months have one name only and are headed with that.
        """
        if self.kind is not Kind.MONTH or self.start.month == 1:
            return self.name()
        month = self.start.month
        return Text(zh=f"{self.year}年1-{month}月", en=f"January–{MONTHS[month - 1]} {self.year}")

    def month_title(self) -> Text:
        """The month it ends in, without the year: `8月`, `August`."""
        month = self.last_day.month
        return Text(zh=f"{month}月", en=MONTHS[month - 1])

    def name(self) -> Text:
        """Itself, not cumulated: `2021年8月`, `August 2021`."""
        year, month, day = self.year, self.start.month, self.start.day
        of_month = f"{MONTHS[month - 1]} {year}"
        match self.kind:
            case Kind.DAY:
                return Text(f"{year}年{month}月{day}日", f"{day} {of_month}")
            case Kind.WEEK:
                return Text(f"{year}年第{self._week}周", f"week {self._week} of {year}")
            case Kind.FORTNIGHT:
                return Text(f"{year}年第{self._fortnight}个双周", f"fortnight {self._fortnight} of {year}")
            case Kind.HALF_MONTH:
                zh, en = ("上", "first") if day == 1 else ("下", "second")
                return Text(f"{year}年{month}月{zh}半月", f"{en} half of {of_month}")
            case Kind.MONTH:
                return Text(f"{year}年{month}月", of_month)
            case Kind.QUARTER:
                quarter = self.quarter - 1
                return Text(f"{year}年{_ZH_QUARTERS[quarter]}季度", f"{_EN_ORDINALS[quarter]} quarter of {year}")
            case Kind.HALF_YEAR:
                zh, en = ("上", "first") if month == 1 else ("下", "second")
                return Text(f"{year}年{zh}半年", f"{en} half of {year}")
            case Kind.YEAR:
                return Text(f"{year}年", str(year))


def _span(kind: Kind, day: date) -> tuple[date, date]:
    """First day, and day after the last, of the period of `kind` around `day`."""
    if kind is Kind.DAY:
        return day, day + timedelta(days=1)
    if kind in (Kind.WEEK, Kind.FORTNIGHT):
        return _span_of_weeks(kind, day)
    if kind is Kind.HALF_MONTH:
        middle = day.replace(day=16)
        return (day.replace(day=1), middle) if day < middle else (middle, _month_start(day.year, day.month + 1))
    length = _MONTHS_IN[kind]
    first = (day.month - 1) // length * length + 1
    return _month_start(day.year, first), _month_start(day.year, first + length)


def _span_of_weeks(kind: Kind, day: date) -> tuple[date, date]:
    year, week, weekday = day.isocalendar()
    monday = day - timedelta(days=weekday - 1)
    if kind is Kind.WEEK or week == 53:
        return monday, monday + timedelta(days=7)
    first = date.fromisocalendar(year, week - (week + 1) % 2, 1)
    return first, first + timedelta(days=14)


def _month_start(year: int, month: int) -> date:
    """The first of a month; month 13 is next January."""
    return date(year + (month - 1) // 12, (month - 1) % 12 + 1, 1)


def _quarter_start(year: str, quarter: str) -> date:
    return date(int(year), int(quarter) * 3 - 2, 1)


def _half_start(year: str, half: str) -> date:
    return date(int(year), int(half) * 6 - 5, 1)


def _half_month_start(year: str, month: str, half: str) -> date:
    return date(int(year), int(month), 1 if half == "A" else 16)


def _week_start(year: str, week: str) -> date:
    return date.fromisocalendar(int(year), int(week), 1)


def _fortnight_start(year: str, fortnight: str) -> date:
    return date.fromisocalendar(int(year), int(fortnight) * 2 - 1, 1)


def _day(year: str, month: str = "1", day: str = "1") -> date:
    return date(int(year), int(month), int(day))


_KEYS: Mapping[Kind, tuple[str, Callable[..., date]]] = {
    Kind.DAY: (r"(\d{4})-(\d{2})-(\d{2})", _day),
    Kind.WEEK: (r"(\d{4})-W(\d{2})", _week_start),
    Kind.FORTNIGHT: (r"(\d{4})-F(\d{2})", _fortnight_start),
    Kind.HALF_MONTH: (r"(\d{4})-(\d{2})([AB])", _half_month_start),
    Kind.MONTH: (r"(\d{4})-(\d{2})", _day),
    Kind.QUARTER: (r"(\d{4})Q([1-4])", _quarter_start),
    Kind.HALF_YEAR: (r"(\d{4})H([12])", _half_start),
    Kind.YEAR: (r"(\d{4})", _day),
}
