"""Periods as consecutive rounds, by the calendar a rule counts in."""

from __future__ import annotations

CALENDARS = ("statistical", "monthly", "quarterly", "yearly")


def round_number(period: str, calendar: str) -> int | None:
    """Which round a period (`2021-08`) is: consecutive rounds have consecutive numbers; None = no round.

    statistical: 11 rounds a year; January has no report, 1–2月 is the one round named `-02`, and the
    round before it is December. monthly: 12. quarterly: the quarters' last months only. yearly: December only.
    """
    year, month = int(period[:4]), int(period[5:7])
    if calendar == "statistical":
        return None if month == 1 else year * 11 + month - 2
    if calendar == "quarterly":
        return None if month % 3 else year * 4 + month // 3 - 1
    if calendar == "yearly":
        return year if month == 12 else None
    return year * 12 + month - 1


def first_round(calendar: str) -> int:
    """The month whose figure since January is the first of its year."""
    return {"statistical": 2, "monthly": 1, "quarterly": 3, "yearly": 12}[calendar]


def year_before(period: str) -> str:
    return f"{int(period[:4]) - 1:04d}{period[4:]}"


def period_of_round(number: int, calendar: str) -> str:
    """The period that has this round number."""
    if calendar == "statistical":
        year, place = divmod(number, 11)
        return f"{year:04d}-{place + 2:02d}"
    if calendar == "quarterly":
        year, place = divmod(number, 4)
        return f"{year:04d}-{place * 3 + 3:02d}"
    if calendar == "yearly":
        return f"{number:04d}-12"
    year, place = divmod(number, 12)
    return f"{year:04d}-{place + 1:02d}"
