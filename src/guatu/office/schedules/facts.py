"""What a schedule file says, whichever software wrote it. Nothing is recomputed: the dates are the file's own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from fractions import Fraction

from guatu.standards.scheduling import LinkKind
from guatu.text import Refusal, Text


class UnreadableSchedule(Refusal):
    """The file is no schedule that can be read, is damaged, or asks for more than a schedule ever needs."""


class PercentKind(Enum):
    """What a percent complete measures; only the first follows from durations."""

    DURATION = "duration"
    PHYSICAL = "physical"
    UNITS = "units"


@dataclass(frozen=True, slots=True)
class Dates:
    """Start and finish of one plan (a baseline, the forecast, what happened); None where the file says nothing."""

    start: datetime | None = None
    finish: datetime | None = None


@dataclass(frozen=True, slots=True)
class Costs:
    """Hundredths of the file's currency: budget at completion, planned, earned, actual."""

    bac: int | None = None
    pv: int | None = None
    ev: int | None = None
    ac: int | None = None


@dataclass(frozen=True, slots=True)
class ScheduledLink:
    """An activity waits for another. The lag is in hours, or a percentage of the predecessor's duration."""

    predecessor: str
    kind: LinkKind
    lag_hours: Fraction = Fraction(0)
    elapsed: bool = False
    """Whether the lag runs through nights and weekends."""
    percent: Fraction | None = None


@dataclass(frozen=True, slots=True)
class ScheduledActivity:
    """One row of the schedule."""

    uid: str
    code: str
    """The code people use: WBS or activity code."""
    name: str
    level: int
    is_summary: bool
    is_milestone: bool
    is_critical: bool | None
    """None where the file was never scheduled."""
    forecast: Dates
    actual: Dates
    baselines: Mapping[int, Dates]
    percent: Fraction | None
    percent_kind: PercentKind
    duration_hours: Fraction | None
    slack_hours: Fraction | None
    links: tuple[ScheduledLink, ...] = ()
    costs: Costs = field(default_factory=Costs)

    def baseline(self, number: int = 0) -> Dates:
        """The plan first agreed (0) or a later one; blank where none was saved."""
        return self.baselines.get(number, Dates())


@dataclass(frozen=True, slots=True)
class ScheduleFile:
    """A schedule as it was read."""

    name: str
    """The file's name."""
    kind: Text
    title: str
    start: datetime | None
    finish: datetime | None
    currency: str | None
    hours_per_day: Fraction
    activities: tuple[ScheduledActivity, ...]
    baselines: int = 0
    """How many activities have a baseline of any number."""

    @property
    def milestones(self) -> tuple[ScheduledActivity, ...]:
        return tuple(one for one in self.activities if one.is_milestone)

    @property
    def critical(self) -> tuple[ScheduledActivity, ...]:
        """Activities the file marks critical, summaries left out."""
        return tuple(one for one in self.activities if one.is_critical and not one.is_summary)

    def days(self, hours: Fraction | None) -> Fraction | None:
        """Hours of work as days of this schedule."""
        return None if hours is None else hours / self.hours_per_day
