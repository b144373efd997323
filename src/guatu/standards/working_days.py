"""Working days: State Council holidays and make-up days, and an override table that wins over them.

National days come from the `chinesecalendar` package, for the years it knows. An override says of one day that it
is worked or off, nationally or for one unit, and where that is written. A year the package does not know yet can be
declared known by the table that brings its days; the rest of such a year is Monday to Friday.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

import chinese_calendar
from chinese_calendar.constants import holidays as national_holidays

from guatu.standards.periods import Period
from guatu.text import Refusal, Text

PUBLISHED_YEARS = frozenset(day.year for day in national_holidays)
"""Years whose State Council arrangement the installed package carries."""

WEEKDAY = Text("周一至周五", "Monday to Friday")
WEEKEND = Text("周末", "weekend")
"""Why a day is worked, or off, where only its day of the week says so."""


class UnknownYear(Refusal):
    """No arrangement of holidays is known for the year of this day."""

    def __init__(self, day: date) -> None:
        years = {"first": min(PUBLISHED_YEARS), "last": max(PUBLISHED_YEARS), "year": day.year}
        super().__init__(
            day.isoformat(),
            Text(
                "{year}年的放假调休安排未知（已知{first}至{last}年）",
                "the holidays of {year} are not known (known: {first} to {last})",
            ).filled(**years),
            Text(
                "在日历调整表中录入国务院{year}年放假通知，并声明该年已知；或升级 chinesecalendar。",
                "Enter the State Council notice for {year} in the calendar override table and declare the year known, "
                "or upgrade chinesecalendar.",
            ).filled(**years),
        )


class ConflictingOverrides(Refusal):
    """The override table says of one day, for the same unit, both that it is worked and that it is off."""

    def __init__(self, one: Override, other: Override) -> None:
        whom = Text(f"单位{one.unit}", f"unit {one.unit}") if one.unit else Text("全国", "the whole country")
        super().__init__(
            one.day.isoformat(),
            Text(
                f"{whom.zh}这一天既记为上班又记为休息（{one.source}；{other.source}）",
                f"the day is both worked and off for {whom.en} ({one.source}; {other.source})",
            ),
            Text("在日历调整表中只留一条。", "Keep only one of the two in the calendar override table."),
        )


class NegativeDays(Refusal):
    """A time limit cannot be a negative number of working days."""

    def __init__(self, days: int) -> None:
        super().__init__(
            str(days),
            Text("时限不能是负的工作日数", "a limit cannot be a negative number of working days"),
            Text("写 0（当日）或正整数。", "Write 0 (the same day) or a positive whole number."),
        )


@dataclass(frozen=True, slots=True)
class Override:
    """One day that differs: worked or off, where that is written, and for which unit (None: the whole country)."""

    day: date
    worked: bool
    source: str
    unit: str | None = None

    def __post_init__(self) -> None:
        if not self.source.strip():
            raise ValueError(f"The override of {self.day} names no source.")


@dataclass(frozen=True, slots=True)
class CalendarDay:
    """What a calendar says of one day, and why: a holiday, an override's source, the weekend, Monday to Friday."""

    day: date
    worked: bool
    because: Text


class WorkingCalendar:
    """Which days are worked. A unit's overrides win over national ones, and those over the published holidays.

    `known_years` declares years beyond the published ones: year -> source of their arrangement. Their days are
    the overrides, and otherwise Monday to Friday. Days of any other year, unless overridden one by one, are refused
    with `UnknownYear`: a guessed deadline is worse than none.
    """

    def __init__(self, overrides: Iterable[Override] = (), known_years: Mapping[int, str] | None = None) -> None:
        self._known_years = dict(known_years or {})
        self._overrides: dict[tuple[date, str | None], Override] = {}
        for override in overrides:
            earlier = self._overrides.setdefault((override.day, override.unit), override)
            if earlier.worked != override.worked:
                raise ConflictingOverrides(earlier, override)

    def day(self, day: date, unit: str | None = None) -> CalendarDay:
        """Whether `day` is worked by `unit` (by the country, if none), with the reason."""
        override = self._overrides.get((day, unit)) or self._overrides.get((day, None))
        if override:
            return CalendarDay(day, override.worked, Text(override.source, override.source))
        weekday = day.weekday() < 5
        if day.year not in PUBLISHED_YEARS:
            if day.year not in self._known_years:
                raise UnknownYear(day)
            return CalendarDay(day, weekday, WEEKDAY if weekday else WEEKEND)
        worked = bool(chinese_calendar.is_workday(day))
        _, holiday = chinese_calendar.get_holiday_detail(day)
        return CalendarDay(day, worked, _published_reason(worked, holiday))

    def is_working_day(self, day: date, unit: str | None = None) -> bool:
        return self.day(day, unit).worked

    def add_working_days(self, received: date, days: int, unit: str | None = None) -> date:
        """The day a limit of `days` working days runs out; the first day counted is the one after `received`.

        0 is the day of receipt itself, worked or not.
        """
        if days < 0:
            raise NegativeDays(days)
        day = received
        while days:
            day += timedelta(days=1)
            days -= self.is_working_day(day, unit)
        return day

    def working_days_between(self, received: date, day: date, unit: str | None = None) -> int:
        """Working days used up on `day`: those after `received`, up to and including `day`.

        The inverse of `add_working_days`; negative when `day` lies before `received`.
        """
        if day < received:
            return -self.working_days_between(day, received, unit)
        return self._count(received + timedelta(days=1), day + timedelta(days=1), unit)

    def working_days_in(self, period: Period, unit: str | None = None) -> int:
        """How many days of a period are worked."""
        return self._count(period.start, period.end, unit)

    def _count(self, start: date, end: date, unit: str | None) -> int:
        return sum(self.is_working_day(day, unit) for day in _days(start, end))


def _days(start: date, end: date) -> Iterator[date]:
    return (start + timedelta(days=offset) for offset in range((end - start).days))


def _published_reason(worked: bool, holiday: str | None) -> Text:
    if holiday is None:
        return WEEKDAY if worked else WEEKEND
    name = Text(chinese_calendar.Holiday(holiday).chinese, holiday)
    if worked:
        return Text(f"{name.zh}调休上班", f"make-up day for {name.en}")
    return Text(f"{name.zh}放假", name.en)
