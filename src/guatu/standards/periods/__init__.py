"""Statistical periods, and cumulative and monthly figures over them."""

from guatu.standards.periods.cumulative import (
    Figure,
    NoJanuaryReport,
    NotAMonth,
    cumulative_from_monthly,
    cumulative_months,
    monthly_from_cumulative,
    reporting_rounds,
)
from guatu.standards.periods.period import Kind, Period, UnknownPeriod

__all__ = [
    "Figure",
    "Kind",
    "NoJanuaryReport",
    "NotAMonth",
    "Period",
    "UnknownPeriod",
    "cumulative_from_monthly",
    "cumulative_months",
    "monthly_from_cumulative",
    "reporting_rounds",
]
