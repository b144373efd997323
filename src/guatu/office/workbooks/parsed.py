"""What a cell parser gives back: a typed value, or the reason there is none, and what is wrong with the cell."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple


class Problem(NamedTuple):
    """Something a person must hear about: the finding's code and the words that fill its message."""

    code: str
    words: Mapping[str, str]


class Parsed(NamedTuple):
    """One cell read. Exactly one of `value` and `missing` is given."""

    value: Any = None
    missing: str | None = None
    problem: Problem | None = None
    precision: str | None = None
    """Dates: day, ten_days, month, quarter, half, year."""
    is_deadline: bool = False
    unit: str | None = None
    """The unit the amount was written in, when the cell itself names it."""
    beside: tuple[tuple[str, Parsed], ...] = ()
    """Values of other fields written in the same cell: the date in 已开工(2021年3月), a foreign amount, phones."""


def absent(reason: str) -> Parsed:
    """Nothing there, and why."""
    return Parsed(missing=reason)


def refused(code: str, missing: str, /, **words: str) -> Parsed:
    """A cell that cannot be taken as it stands."""
    return Parsed(missing=missing, problem=Problem(code, words))
