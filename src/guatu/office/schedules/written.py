"""Values as schedule files write them, read exactly or refused with the task and the field they stand in."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal, InvalidOperation
from fractions import Fraction

from guatu.office.containers.limits import Limits, setting
from guatu.office.schedules.facts import UnreadableSchedule
from guatu.office.schedules.refusals import refused
from guatu.text import Text

_CORRECT = Text("在计划软件中改正后重新导出。", "Correct it in the scheduling software and export again.")
_MOST_DIGITS = 15
_LONGEST = 40


def exact_number(where: str, field: str, text: str | None) -> Fraction | None:
    """A plain decimal number; None for none."""
    if not text:
        return None
    try:
        value = Decimal(text)
    except InvalidOperation:
        raise unreadable(where, field, text) from None
    if not value.is_finite() or abs(value.adjusted()) > _MOST_DIGITS or len(text) > _LONGEST:
        raise unreadable(where, field, text)
    return Fraction(value)


def moment(where: str, field: str, text: str | None) -> datetime | None:
    """A date with its time of day, as the file's own clock; None for none."""
    if not text or text == "NA":
        return None
    try:
        return datetime.fromisoformat(text).replace(tzinfo=None)
    except ValueError:
        raise unreadable(where, field, text) from None


def share(where: str, field: str, text: str | None) -> Fraction | None:
    """A percentage from 0 to 100 as 0 to 1."""
    value = exact_number(where, field, text)
    if value is not None and not 0 <= value <= 100:
        raise unreadable(where, field, str(text))
    return None if value is None else value / 100


def unreadable(where: str, field: str, text: str) -> UnreadableSchedule:
    shown = text if len(text) <= _LONGEST else text[:_LONGEST] + "…"
    return refused(
        where, f"的 {field} 写的是“{shown}”，读不懂", f"has '{shown}' for {field}, which cannot be read", _CORRECT
    )


def require_fewer(name: str, rows: int, limits: Limits) -> None:
    """Refuse a schedule of more activities than the machine's limit of rows."""
    if rows > limits.rows:
        raise refused(
            name,
            f"有 {limits.rows} 个以上的任务",
            f"has more than {limits.rows} tasks",
            Text(
                f"拆成几份计划，或请系统管理员调大 {setting('rows')}。",
                f"Split the schedule, or ask the operator to raise {setting('rows')}.",
            ),
        )
