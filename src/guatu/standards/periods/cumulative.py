"""Cumulative and monthly figures, as statistics reports them.

Fixed-asset investment has no January report: a year has eleven rounds, 1-2月, 1-3月 … 1-12月, each known by its
last month, and the first carries January and February together. A month's figure is the difference of two
cumulative ones; a negative difference is a legal revision. Where one of the two is missing, so is the difference.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Context, Decimal, Inexact, localcontext
from fractions import Fraction
from typing import Generic, TypeVar

from guatu.standards.periods.period import Kind, Period
from guatu.text import Refusal, Text

Number = TypeVar("Number", int, Decimal, Fraction)

# Sums of decimals must not be rounded to the default 28 digits behind anyone's back.
_EXACT = Context(prec=200, traps=[Inexact])


class NoJanuaryReport(Refusal):
    """A January figure was given for statistics that have none."""

    def __init__(self, period: Period) -> None:
        super().__init__(
            str(period),
            Text(
                "固定资产投资没有1月报，首期是1-2月",
                "fixed-asset statistics have no January report; they begin with 1–2",
            ),
            Text(
                "把1月并入1-2月，或声明本指标有1月报。",
                "Add January to 1–2, or declare that this measure has a January report.",
            ),
        )


class NotAMonth(Refusal):
    """Cumulative statistics are kept by month; this period is another kind."""

    def __init__(self, period: Period) -> None:
        super().__init__(
            str(period),
            Text("累计数按月统计，这一期不是月", "cumulative statistics are kept by month, and this is not one"),
            Text("改用月份，例如 2021-08。", "Use a month, for instance 2021-08."),
        )


@dataclass(frozen=True, slots=True)
class Figure(Generic[Number]):
    """A derived figure for months `first`-`last` of a year: a value, or the reason why there is none."""

    first: int
    last: int
    value: Number | None
    missing: Text | None

    def __post_init__(self) -> None:
        if (self.value is None) == (self.missing is None):
            raise ValueError("A figure has either a value or the reason why it is missing.")


def cumulative_months(period: Period, *, january: bool = False) -> tuple[int, int]:
    """First and last month a cumulative round covers: (1, 2) for February, (1, 8) for August.

    January itself is refused unless the measure is declared to have a January report.
    """
    if period.kind is not Kind.MONTH:
        raise NotAMonth(period)
    if period.start.month == 1 and not january:
        raise NoJanuaryReport(period)
    return 1, period.start.month


def reporting_rounds(year: int) -> tuple[Period, ...]:
    """The eleven rounds of a year of fixed-asset statistics, February (1-2月) to December (1-12月)."""
    return tuple(Period.month(year, month) for month in range(2, 13))


def monthly_from_cumulative(
    cumulative: Mapping[Period, Number | None], *, january: bool = False
) -> dict[Period, Figure[Number]]:
    """Each month's own figure, from figures cumulated since the start of the year.

    Keys are months and may span years; the result has the same keys in the order of time. The first round of a year
    is 1-2月 taken together (1月, if `january`). A figure whose own or preceding cumulative value is missing is
    missing with the reason.
    """
    figures: dict[Period, Figure[Number]] = {}
    for period in sorted(cumulative):
        _, last = cumulative_months(period, january=january)
        value = cumulative[period]
        before = cumulative.get(period.previous())
        if value is None:
            figures[period] = Figure(last, last, None, _no_cumulative(period))
        elif last == _first_round(january):
            figures[period] = Figure(1, last, value, None)
        elif before is None:
            figures[period] = Figure(last, last, None, _no_cumulative(period.previous()))
        else:
            with localcontext(_EXACT):
                figures[period] = Figure(last, last, value - before, None)
    return figures


def cumulative_from_monthly(
    monthly: Mapping[Period, Number | None], *, january: bool = False
) -> dict[Period, Figure[Number]]:
    """Figures cumulated since the start of the year, from monthly ones; the inverse of `monthly_from_cumulative`.

    February's figure stands for 1-2月 (unless `january`). From the first missing month of a year on, every
    cumulative figure of that year is missing with the reason.
    """
    figures: dict[Period, Figure[Number]] = {}
    for period in sorted(monthly):
        first, last = cumulative_months(period, january=january)
        value = monthly[period]
        before = None if last == _first_round(january) else figures.get(period.previous())
        if value is None:
            figures[period] = Figure(first, last, None, _no_monthly(period, january))
        elif last == _first_round(january):
            figures[period] = Figure(first, last, value, None)
        elif before is None:
            figures[period] = Figure(first, last, None, _no_monthly(period.previous(), january))
        elif before.value is None:
            figures[period] = Figure(first, last, None, before.missing)
        else:
            with localcontext(_EXACT):
                figures[period] = Figure(first, last, before.value + value, None)
    return figures


def _first_round(january: bool) -> int:
    return 1 if january else 2


def _no_cumulative(period: Period) -> Text:
    name = period.title()
    return Text(f"缺{name.zh}的累计数", f"the cumulative figure of {name.en} is missing")


def _no_monthly(period: Period, january: bool) -> Text:
    name = period.title() if period.start.month == _first_round(january) else period.name()
    return Text(f"缺{name.zh}的当月数", f"the figure of {name.en} alone is missing")
