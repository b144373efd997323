"""History functions: what earlier published results say, for each subject of today."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from guatu.engine.expressions import Typed
from guatu.engine.tables.rounds import first_round, round_number, year_before

Key = tuple[Any, ...]


@dataclass(slots=True)
class EarlierResults:
    """One value per subject and earlier period. A row of this period or later is not history and is left out."""

    now: str
    calendar: str
    keys: Sequence[Key]
    periods: Sequence[str]
    values: Sequence[Any]
    by_period: dict[Key, dict[str, Any]] = field(init=False)

    def __post_init__(self) -> None:
        self.by_period = {}
        for key, period, value in zip(self.keys, self.periods, self.values, strict=True):
            if period >= self.now:
                continue
            self.by_period.setdefault(key, {})[period] = value

    def answer(self, typed: Typed, keys: Sequence[Key], current: Sequence[Any]) -> list[Any]:
        """The history function's value for each subject, given the part's value now."""
        work = {
            "prev": self._prev,
            "same_period_last_year": self._last_year,
            "streak": self._streak,
            "running": self._running,
            "to_month": self._to_month,
            "to_cumulative": self._to_cumulative,
        }[typed.operation]
        return [work(typed, self.by_period.get(key, {}), now) for key, now in zip(keys, current, strict=True)]

    def _rounds(self, known: dict[str, Any]) -> dict[int, Any]:
        numbered = ((round_number(period, self.calendar), value) for period, value in known.items())
        return {number: value for number, value in numbered if number is not None}

    @property
    def _round_now(self) -> int | None:
        return round_number(self.now, self.calendar)

    def _prev(self, typed: Typed, known: dict[str, Any], now: Any) -> Any:
        steps = int(str(typed.arguments[1].value)) if len(typed.arguments) == 2 else 1
        return None if self._round_now is None else self._rounds(known).get(self._round_now - steps)

    def _last_year(self, typed: Typed, known: dict[str, Any], now: Any) -> Any:
        return known.get(year_before(self.now))

    def as_of(self, day: date | str | None, keys: Sequence[Key], current: Sequence[Any]) -> list[Any]:
        """The value of the last period that had ended by then; this period's own where it had."""
        if day is None:
            return [None] * len(keys)
        last = day if isinstance(day, str) else last_period_ended(day)
        if self.now <= last:
            return list(current)
        found = []
        for key in keys:
            known = self.by_period.get(key, {})
            period = max((p for p in known if p <= last), default=None)
            found.append(None if period is None else known[period])
        return found

    def _streak(self, typed: Typed, known: dict[str, Any], now: bool | None) -> Fraction | None:
        skip = typed.word("gap", "break") == "skip"
        if self._round_now is None or (now is None and not skip):
            return None
        if now is False:
            return Fraction(0)
        rounds, count, number = self._rounds(known), int(now is True), self._round_now - 1
        oldest = min(rounds, default=number + 1)
        while number >= oldest:
            held = rounds.get(number)
            if held is False or (held is None and not skip):
                break
            count += held is True
            number -= 1
        return Fraction(count)

    def _running(self, typed: Typed, known: dict[str, Any], now: bool | None) -> bool | None:
        if self._round_now is None:
            return None
        steps, rounds = int(str(typed.arguments[0].value)), self._rounds(known)
        held = [now, *(rounds.get(self._round_now - step) for step in range(1, steps))]
        return False if False in held else None if None in held else True

    def _this_year(self, known: dict[str, Any]) -> list[Any]:
        """Values of this year's rounds before this one, in order; None where one is missing."""
        first = round_number(f"{self.now[:4]}-{first_round(self.calendar):02d}", self.calendar)
        rounds = self._rounds(known)
        assert first is not None and self._round_now is not None
        return [rounds.get(number) for number in range(first, self._round_now)]

    def _to_month(self, typed: Typed, known: dict[str, Any], now: Fraction | None) -> Fraction | None:
        if self._round_now is None or now is None:
            return None
        earlier = self._this_year(known)
        if not earlier:
            return now
        return None if earlier[-1] is None else now - earlier[-1]

    def _to_cumulative(self, typed: Typed, known: dict[str, Any], now: Fraction | None) -> Fraction | None:
        if self._round_now is None:
            return None
        months = [*self._this_year(known), now]
        return None if None in months else sum(months, Fraction(0))


def last_period_ended(day: date) -> str:
    """The month that ends on or before a day."""
    if (day + timedelta(days=1)).day == 1:
        return day.isoformat()[:7]
    year, month = (day.year, day.month - 1) if day.month > 1 else (day.year - 1, 12)
    return f"{year:04d}-{month:02d}"
