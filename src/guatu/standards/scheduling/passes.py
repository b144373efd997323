"""The critical-path method: a forward pass for early dates, a backward pass for late ones, slack between them.

Activities and lags may count working days or calendar days, each its own; the passes therefore run over days of the
calendar, and slack is counted in the activity's own days. Textbook networks are the case where every day counts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from guatu.standards.scheduling.day_counts import (
    CountedWorkingDays,
    DayCount,
    EveryDay,
    WorkedDays,
    WorkedWeekdays,
    earliest,
    latest,
)
from guatu.standards.scheduling.network import Activity, Days, Link, in_order


@dataclass(frozen=True, slots=True)
class Timing:
    """When an activity can be done. `es` … `lf` count the activity's own days since the project's start."""

    activity: Activity
    es: int
    ef: int
    ls: int
    lf: int
    free_slack: int
    early_start: date
    early_finish: date
    """The last day worked; of a milestone the day it is reached."""
    late_start: date
    late_finish: date

    @property
    def slack(self) -> int:
        """Total slack (总时差): days it may slip without moving the finish; negative when the wanted finish is lost."""
        return self.ls - self.es


@dataclass(frozen=True, slots=True)
class Schedule:
    """A network in time. `timings` keep the order in which the activities were given."""

    start: date
    finish: date
    """The last day of the whole, as early as it can be."""
    duration: int
    """Days from start to finish: working days if any activity counts them, else calendar days."""
    timings: Mapping[str, Timing]
    critical_path: tuple[str, ...]
    """One chain of activities, each driven by the one before, that leads up to the finish."""

    @property
    def critical(self) -> tuple[str, ...]:
        """Every activity without slack."""
        return tuple(key for key, one in self.timings.items() if one.slack <= 0)


def schedule_from(
    start: date, activities: Sequence[Activity], *, calendar: WorkedDays | None = None, finish: date | None = None
) -> Schedule:
    """Schedule from a first day on. With a wanted `finish`, slack is against that day instead of the earliest possible.

    `calendar`: which days are worked; None is Monday to Friday. Raises NetworkRefused, CircularLinks, and whatever
    the calendar refuses (a year whose holidays nobody knows).
    """
    network = _Network(activities, calendar, start.toordinal())
    early = network.forward(start.toordinal())
    end = network.end(early)
    late = network.backward(end if finish is None else finish.toordinal() + 1)
    return network.schedule(start.toordinal(), early, late)


def schedule_to(finish: date, activities: Sequence[Activity], *, calendar: WorkedDays | None = None) -> Schedule:
    """Schedule backwards from the last day wanted: `start` is the latest day on which the whole can begin."""
    network = _Network(activities, calendar, finish.toordinal())
    late = network.backward(finish.toordinal() + 1)
    start = min((finish.toordinal(), *(begin for begin, _ in late.values())))
    return network.schedule(start, network.forward(start), late)


Span = tuple[int, int]
"""Start and finish, as boundaries."""


class _Network:
    def __init__(self, activities: Sequence[Activity], calendar: WorkedDays | None, anchor: int) -> None:
        self.given = list(activities)
        self.ordered = in_order(activities)
        self.by_key = {one.key: one for one in activities}
        self.counts: dict[Days, DayCount] = {
            Days.WORKING: CountedWorkingDays(calendar or WorkedWeekdays(), anchor),
            Days.CALENDAR: EveryDay(anchor),
        }
        self.until = anchor
        """The boundary by which the backward pass lets everything finish."""
        self.successors: dict[str, list[tuple[Activity, Link]]] = {one.key: [] for one in activities}
        for one in activities:
            for link in one.links:
                self.successors[link.predecessor].append((one, link))

    # forward

    def forward(self, start: int) -> dict[str, Span]:
        """Earliest start and finish of every activity."""
        early: dict[str, Span] = {}
        for one in self.ordered:
            first = max(start, one.not_before.toordinal() if one.not_before else start)
            for link in one.links:
                first = max(first, self._first_start(one, link, early[link.predecessor]))
            first = self._workable(one, first)
            early[one.key] = (first, self._finish(one, first))
        return early

    def _first_start(self, one: Activity, link: Link, before: Span) -> int:
        """The earliest start one link allows."""
        boundary = before[1] if link.kind.from_finish else before[0]
        allowed = self._after(one, link, boundary)
        if one.duration == 0 and link.lag == 0:
            return boundary  # a milestone needs no working day to fall on
        if link.kind.to_start or one.duration == 0:
            return allowed
        # The finish must not come before `allowed`: start after every start that would finish earlier.
        return latest(self.counts[one.days], allowed - 1, one.duration) + 1

    def _after(self, one: Activity, link: Link, boundary: int) -> int:
        days = self._days(one, link)
        return boundary if days is None else earliest(self.counts[days], boundary, link.lag)

    def _days(self, one: Activity, link: Link) -> Days | None:
        """In which days a lag counts; None: no lag, and the two need not see the same days as worked."""
        both = {one.days, self.by_key[link.predecessor].days} == {Days.WORKING}
        if link.lag == 0 and not both:
            return None
        return link.days or (Days.WORKING if both else Days.CALENDAR)

    def _workable(self, one: Activity, boundary: int) -> int:
        """The beginning of the first day the activity can be worked on; a milestone may fall on any."""
        count = self.counts[one.days]
        return boundary if one.duration == 0 else count.day(count.before(boundary))

    def _finish(self, one: Activity, start: int) -> int:
        return start if one.duration == 0 else earliest(self.counts[one.days], start, one.duration)

    def end(self, early: Mapping[str, Span]) -> int:
        return max((finish for _, finish in early.values()), default=0)

    # backward

    def backward(self, end: int) -> dict[str, Span]:
        """Latest start and finish of every activity that still let everything finish by `end`."""
        late: dict[str, Span] = {}
        self.until = end
        for one in reversed(self.ordered):
            start, finish = self._limits(one, late, end)
            late[one.key] = self._latest(one, start, finish)
        return late

    def _limits(self, one: Activity, spans: Mapping[str, Span], end: int) -> tuple[int | None, int]:
        """The last start (if any link limits it) and the last finish the successors leave."""
        start: int | None = None
        finish = end
        for successor, link in self.successors[one.key]:
            allowed = self._before(successor, link, spans[successor.key][0 if link.kind.to_start else 1])
            if link.kind.from_finish:
                finish = min(finish, allowed)
            else:
                start = allowed if start is None else min(start, allowed)
        return start, finish

    def _before(self, successor: Activity, link: Link, boundary: int) -> int:
        days = self._days(successor, link)
        return boundary if days is None else latest(self.counts[days], boundary, link.lag)

    def _latest(self, one: Activity, start: int | None, finish: int) -> Span:
        count = self.counts[one.days]
        if one.duration == 0:
            last = finish if start is None else min(start, finish)
            return last, last
        last = latest(count, finish, one.duration)
        if start is not None and start < last:
            number = count.before(start)
            last = start if count.day(number) == start else count.day(number - 1)
        return last, earliest(count, last, one.duration)

    # what comes of both

    def schedule(self, start: int, early: Mapping[str, Span], late: Mapping[str, Span]) -> Schedule:
        end = self.end(early)
        timings = {one.key: self._timing(one, start, end, early, late[one.key]) for one in self.given}
        used = Days.WORKING if any(one.days is Days.WORKING for one in self.given) else Days.CALENDAR
        count = self.counts[used]
        return Schedule(
            start=date.fromordinal(start),
            finish=date.fromordinal(max(start, end - 1)),
            duration=count.before(end) - count.before(start) if self.given else 0,
            timings=timings,
            critical_path=self._driving(early, end),
        )

    def _timing(self, one: Activity, origin: int, end: int, early: Mapping[str, Span], late: Span) -> Timing:
        count = self.counts[one.days]
        es, ef = (count.before(boundary) for boundary in early[one.key])
        ls, lf = (count.before(boundary) for boundary in late)
        zero = count.before(origin)
        start, finish = self._limits(one, early, end)
        free = count.before(self._latest(one, start, finish)[0]) - es
        first, last, late_first, late_last = self._dates(one, early, late)
        return Timing(one, es - zero, ef - zero, ls - zero, lf - zero, free, first, last, late_first, late_last)

    def _dates(self, one: Activity, early: Mapping[str, Span], late: Span) -> tuple[date, date, date, date]:
        """First and last day, early and late."""
        begin, end = early[one.key]
        if one.duration:
            boundaries = (begin, end - 1, late[0], late[1] - 1)
        else:
            back = 1 if self._held_by_a_finish(one, early) else 0
            number = self.counts[one.days].before(late[0])
            latest_day = max(begin - back, min(self.counts[one.days].day(number - back), self.until - 1))
            boundaries = (begin - back, begin - back, latest_day, latest_day)
        first, last, late_first, late_last = map(date.fromordinal, boundaries)
        return first, last, late_first, late_last

    def _held_by_a_finish(self, milestone: Activity, early: Mapping[str, Span]) -> bool:
        """Whether it falls on the last day of the work or the lag that holds it, not on the day that begins then."""
        link = self._driving_link(milestone, early)
        while link is not None and link.lag <= 0 and (before := self.by_key[link.predecessor]).duration == 0:
            link = self._driving_link(before, early)
        return link is not None and (link.kind.from_finish or link.lag > 0)

    def _driving(self, early: Mapping[str, Span], end: int) -> tuple[str, ...]:
        """From the activity that finishes last back through the links that hold each one where it is."""
        last = next((one for one in self.ordered if early[one.key][1] == end), None)
        path: list[str] = []
        while last is not None:
            path.insert(0, last.key)
            link = self._driving_link(last, early)
            last = self.by_key[link.predecessor] if link else None
        return tuple(path)

    def _driving_link(self, one: Activity, early: Mapping[str, Span]) -> Link | None:
        """The link without which the activity would start earlier; None where it may start when it likes."""
        for link in one.links:
            before = early[link.predecessor]
            if self._workable(one, self._first_start(one, link, before)) >= early[one.key][0] >= before[0]:
                return link
        return None
