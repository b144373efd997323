"""Expected progress (时序进度): what share of a year's plan should be done when a period ends, as an exact Fraction.

1 is the whole year's plan. Compare with a completion rate as fractions; a difference times 100 is in percentage
points. Nothing here is rounded.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction

from guatu.standards.periods import Kind, Period
from guatu.text import Refusal, Text

_WHOLE_MONTHS = (Kind.MONTH, Kind.QUARTER, Kind.HALF_YEAR, Kind.YEAR)


class InvalidCurve(Refusal):
    """The twelve points of a curve of expected progress do not make one."""

    def __init__(self, where: str, what: Text) -> None:
        super().__init__(
            where,
            what,
            Text(
                "按月写 12 个累计比例，逐月不减，12 月为 1，例如 0.02, 0.05 … 1。",
                "Write twelve cumulative shares, one a month, never falling, December 1: for instance 0.02, 0.05 … 1.",
            ),
        )


class NeedsDays(Refusal):
    """A period shorter than a month has no expected progress while progress is counted in whole months."""

    def __init__(self, period: Period) -> None:
        super().__init__(
            str(period),
            Text(
                "这一期不足一个月，按月计算没有时序进度", "the period is shorter than a month, and progress is by month"
            ),
            Text(
                "在口径中声明按日折算（by_days）。",
                "Declare in the rulebook that progress is counted by days (by_days).",
            ),
        )


def linear(period: Period, *, by_days: bool = False) -> Fraction:
    """Months elapsed ÷ 12: August 2/3, the third quarter 3/4, the year 1.

    `by_days` counts days elapsed ÷ days of the year instead. A day, week, fortnight or half-month needs it.
    """
    if by_days:
        year_start = date(period.year, 1, 1)
        year_days = (date(period.year + 1, 1, 1) - year_start).days
        return Fraction(min(year_days, (period.end - year_start).days), year_days)
    _require_whole_months(period)
    return Fraction(period.months_elapsed, 12)


def by_curve(period: Period, points: Sequence[Decimal], *, by_days: bool = False, where: str = "curve") -> Fraction:
    """The share a curve gives for the months elapsed; `points` are the cumulative shares at the ends of twelve months.

    The curve is checked each time: twelve numbers from 0 to 1, never falling, the last one 1; otherwise
    `InvalidCurve` at `where`. `by_days` goes in a straight line from one month's end to the next, which a period
    shorter than a month needs.
    """
    curve = _checked(points, where)
    if by_days:
        return _between_month_ends(period, curve)
    _require_whole_months(period)
    return curve[period.months_elapsed]


def _between_month_ends(period: Period, curve: Sequence[Fraction]) -> Fraction:
    elapsed = period.months_elapsed
    if elapsed == 12:
        return curve[12]
    month = Period.month(period.year, elapsed + 1)
    share = Fraction((period.end - month.start).days, month.days)
    return curve[elapsed] + (curve[elapsed + 1] - curve[elapsed]) * share


def _checked(points: Sequence[Decimal], where: str) -> tuple[Fraction, ...]:
    """The curve with its starting point 0 before the twelve given ones."""
    if len(points) != 12:
        raise InvalidCurve(
            where, Text(f"曲线有 {len(points)} 个点，应为 12 个", f"the curve has {len(points)} points, not 12")
        )
    if any(isinstance(point, float) for point in points):
        raise TypeError("The points of a curve are Decimal, not float.")
    curve = (Fraction(0), *(Fraction(point) for point in points))
    for month in range(1, 13):
        if curve[month] < curve[month - 1]:
            point = points[month - 1]
            raise InvalidCurve(
                where,
                Text(
                    f"{month}月的 {point} 低于上月", f"the point of month {month}, {point}, falls below the one before"
                ),
            )
    if curve[12] != 1:
        raise InvalidCurve(where, Text(f"12月为 {points[11]}，应为 1", f"December is {points[11]} and must be 1"))
    return curve


def _require_whole_months(period: Period) -> None:
    if period.kind not in _WHOLE_MONTHS:
        raise NeedsDays(period)
