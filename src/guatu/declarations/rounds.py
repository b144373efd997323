"""How often a ledger's figures are reported, from when on, and which of them an item is asked for by hand."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from guatu.standards.periods import Kind, Period

KINDS = (Kind.MONTH, Kind.QUARTER, Kind.HALF_YEAR, Kind.YEAR)


@dataclass(frozen=True, slots=True)
class Rounds:
    """The rounds (期) of a ledger. Without a declaration they are the months, each reported once it has ended."""

    every: Kind = Kind.MONTH
    opens: int | None = None
    """The day of its last month from which a round is reported; None: from the day after it ends."""
    skips: tuple[int, ...] = ()
    """Months that have no round of their own (January, where 1–2月 are one)."""
    asks: tuple[str, ...] = ()
    """Fields asked of an item when its figures are reported by hand; none: every figure of the round's span."""

    def is_round(self, period: Period) -> bool:
        return period.kind is self.every and not (self.every is Kind.MONTH and period.start.month in self.skips)

    def current(self, day: date) -> Period:
        """The round that is reported on a day: the latest that has opened."""
        period = Period.containing(self.every, day)
        return period if self.is_round(period) and day >= self._opening(period) else self.before(period)

    def before(self, period: Period) -> Period:
        """The round before a period."""
        earlier = period.previous()
        while not self.is_round(earlier):
            earlier = earlier.previous()
        return earlier

    def _opening(self, period: Period) -> date:
        return period.end if self.opens is None else period.last_day.replace(day=self.opens)
