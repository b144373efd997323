"""Dates written beside a flag (已纳统（2021年3月）) where the date has a column of its own."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from guatu.office.workbooks.desk import Desk
from guatu.office.workbooks.reading import ReadCell

_UNSAID = frozenset({"blank", "slash", "dash", "none"})


def settle_asides(desk: Desk, cells: list[ReadCell], asides: Iterable[ReadCell]) -> None:
    """The column's own value stands; where it is blank the aside takes its place, and two that differ are asked."""
    for aside in asides:
        if not isinstance(aside.value, date):
            continue
        for index, own in enumerate(cells):
            if own.field != aside.field:
                continue
            if own.value is None and own.missing in _UNSAID:
                cells[index] = aside
            elif isinstance(own.value, date) and _differ(own.value, own.precision, aside.value, aside.precision):
                title = desk.words.ledger.fields[own.field].title
                desk.say(
                    "dates_disagree", aside.sheet, aside.address, aside.raw,
                    field=title.zh, field_en=title.en, date=own.raw,
                )  # fmt: skip
            break


def _differ(one: date, precision: str | None, other: date, others: str | None) -> bool:
    """Whether two dates contradict each other, each taken no finer than it is written."""
    finest = {"day": 3, "ten_days": 2, "month": 2}
    parts = min(finest.get(precision or "", 1), finest.get(others or "", 1))
    return one.timetuple()[:parts] != other.timetuple()[:parts]
