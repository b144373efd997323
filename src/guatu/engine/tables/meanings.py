"""What each operation means, one row at a time, in plain Python. SQL must agree with this.

Values: Fraction for every number, date, str, bool, frozenset for tags, 0–4 for severities, None for
missing. Unless said otherwise a missing argument makes the result missing.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from fractions import Fraction
from functools import lru_cache, wraps
from typing import Any

from guatu.engine.expressions.vocabulary import UNITS
from guatu.standards.rounding import round_half_up

Meaning = Callable[..., Any]


def strict(meaning: Meaning) -> Meaning:
    """The same, but missing as soon as one argument is."""

    @wraps(meaning)
    def guarded(*values: Any, **words: Any) -> Any:
        return None if any(value is None for value in values) else meaning(*values, **words)

    return guarded


# three-valued logic


def both(*conditions: bool | None) -> bool | None:
    if False in conditions:
        return False
    return None if None in conditions else True


def either(*conditions: bool | None) -> bool | None:
    if True in conditions:
        return True
    return None if None in conditions else False


def _in(value: Any, *items: Any) -> bool | None:
    return either(*(None if value is None or item is None else value == item for item in items))


def _between(value: Any, low: Any, high: Any) -> bool | None:
    above = None if value is None or low is None else value >= low
    below = None if value is None or high is None else value <= high
    return both(above, below)


def _at_least(least: Fraction, *conditions: bool | None) -> bool | None:
    held = sum(condition is True for condition in conditions)
    if held >= least:
        return True
    return None if held + sum(condition is None for condition in conditions) >= least else False


def _case(*parts: Any) -> Any:
    for condition, value in zip(parts[:-1:2], parts[1:-1:2], strict=True):
        if condition is True:
            return value
    return parts[-1]


# missing values


def _coalesce(*values: Any) -> Any:
    return next((value for value in values if value is not None), None)


def _nullif(value: Any, other: Any) -> Any:
    return None if value is not None and other is not None and value == other else value


def _min_of(*values: Any) -> Any:
    """The smallest of those there are."""
    return min((value for value in values if value is not None), default=None)


def _max_of(*values: Any) -> Any:
    return max((value for value in values if value is not None), default=None)


# numbers


def _divide(left: Fraction, right: Fraction) -> Fraction | None:
    return None if right == 0 else left / right


def _quantity(value: Fraction, unit: str) -> Fraction:
    return value * UNITS[unit][1] if unit in UNITS else value


def _in_unit(value: Fraction, unit: str) -> Fraction:
    return value / UNITS[unit][1] if unit in UNITS else value


def _floor(value: Fraction, decimals: Fraction = Fraction(0)) -> Fraction:
    scale = 10 ** int(decimals)
    return Fraction((value * scale).__floor__(), scale)


def _ceil(value: Fraction, decimals: Fraction = Fraction(0)) -> Fraction:
    scale = 10 ** int(decimals)
    return Fraction((value * scale).__ceil__(), scale)


def _round(value: Fraction, decimals: Fraction = Fraction(0)) -> Fraction:
    return Fraction(round_half_up(value, int(decimals)))


def _root(value: Fraction, degree: Fraction, decimals: Fraction) -> Fraction | None:
    """The root rounded half up; of a negative number only odd roots."""
    n, scale = int(degree), 10 ** int(decimals)
    if value < 0:
        positive = _root(-value, degree, decimals) if n % 2 else None
        return None if positive is None else -positive
    # Half up: the largest whole r with (r - 1/2)^n <= value * scale^n, that is (2r - 1)^n <= 2^n * …
    target = value * scale**n * 2**n
    return Fraction((_whole_root(target.__floor__(), n) + 1) // 2, scale)


def _whole_root(target: int, n: int) -> int:
    """The largest whole number whose nth power is not above `target`."""
    low, high = 0, 1
    while high**n <= target:
        high *= 2
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if middle**n <= target else (low, middle)
    return low


def _bucket(value: Any, edges: Sequence[Any], side: str = "left") -> Fraction | None:
    if any(edge is None for edge in edges):
        return None
    passed = (value >= edge if side == "left" else value > edge for edge in edges)
    return Fraction(sum(passed))


# dates


def _moved(day: date, days: Fraction) -> date | None:
    try:
        return day + timedelta(days=int(days))
    except OverflowError:
        return None


def _add_months(day: date, months: Fraction) -> date | None:
    index = day.year * 12 + day.month - 1 + int(months)
    year, month = divmod(index, 12)
    if not 1 <= year <= 9999:
        return None
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _months_between(start: date, end: date) -> Fraction:
    """Whole months from start to end; negative when end comes first. 31 Jan to 28 Feb is one."""
    if end < start:
        return -_months_between(end, start)
    months = (end.year - start.year) * 12 + end.month - start.month
    last = monthrange(end.year, end.month)[1]
    return Fraction(months - (end.day < min(start.day, last)))


def _year(value: date | str) -> Fraction:
    return Fraction(value.year if isinstance(value, date) else int(value[:4]))


def _month(value: date | str) -> Fraction:
    return Fraction(value.month if isinstance(value, date) else int(value[5:7]))


def _end_of_month(value: date | str) -> date:
    year, month = int(_year(value)), int(_month(value))
    return date(year, month, monthrange(year, month)[1])


def _reached(day: date | None, as_of: date | None) -> bool | None:
    """A blank date has not been reached; a blank as-of date leaves it open."""
    if as_of is None:
        return None
    return day is not None and day <= as_of


def _stage(*reached: bool | None) -> Fraction | None:
    """The furthest link reached, counted from 1; 0 = none. Missing only if every link is."""
    if all(link is None for link in reached):
        return None
    return Fraction(max((index for index, link in enumerate(reached, 1) if link), default=0))


# text and tags


@lru_cache(maxsize=256)
def _wildcards(pattern: str) -> re.Pattern[str]:
    return re.compile("".join({"*": ".*", "?": "."}.get(c, re.escape(c)) for c in pattern), re.DOTALL)


def _matches(text: str, pattern: str) -> bool:
    return _wildcards(pattern).fullmatch(text) is not None


MEANINGS: dict[str, Meaning] = {
    "add": strict(lambda a, b: a + b),
    "subtract": strict(lambda a, b: a - b),
    "multiply": strict(lambda a, b: a * b),
    "divide": strict(_divide),
    "negate": strict(lambda a: -a),
    "eq": strict(lambda a, b: a == b),
    "ne": strict(lambda a, b: a != b),
    "lt": strict(lambda a, b: a < b),
    "le": strict(lambda a, b: a <= b),
    "gt": strict(lambda a, b: a > b),
    "ge": strict(lambda a, b: a >= b),
    "between": _between,
    "in": _in,
    "and": both,
    "or": either,
    "not": strict(lambda a: not a),
    "is_null": lambda a: a is None,
    "case": _case,
    "coalesce": _coalesce,
    "nullif": _nullif,
    "min_of": _min_of,
    "max_of": _max_of,
    "abs": strict(abs),
    "round": strict(_round),
    "floor": strict(_floor),
    "ceil": strict(_ceil),
    "power": strict(lambda a, n: a ** int(n)),
    "root": strict(_root),
    "quantity": strict(_quantity),
    "in_unit": strict(_in_unit),
    "bucket": strict(_bucket),
    "at_least": _at_least,
    "year": strict(_year),
    "quarter": strict(lambda d: Fraction((int(_month(d)) + 2) // 3)),
    "month": strict(_month),
    "day": strict(lambda d: Fraction(d.day)),
    "add_days": strict(_moved),
    "add_months": strict(_add_months),
    "days_between": strict(lambda a, b: Fraction((b - a).days)),
    "months_between": strict(_months_between),
    "end_of_month": strict(_end_of_month),
    "period_of": strict(lambda d: d.isoformat()[:7]),
    "starts_with": strict(lambda text, part: text.startswith(part)),
    "ends_with": strict(lambda text, part: text.endswith(part)),
    "contains": strict(lambda text, part: part in text),
    "matches": strict(_matches),
    "on_list": strict(lambda tags, *wanted: any(tag in tags for tag in wanted)),
    "has_any": strict(lambda tags, *wanted: any(tag in tags for tag in wanted)),
    "has_all": strict(lambda tags, *wanted: all(tag in tags for tag in wanted)),
    "reached": _reached,
    "stage": _stage,
    "list": lambda *items: tuple(items),
}


# totals


def total(name: str, values: list[Any], kept: list[bool | None] | None) -> Any:
    """An aggregate over the rows whose filter is true; missing values take no part."""
    chosen = [v for i, v in enumerate(values) if kept is None or kept[i] is True]
    there = [value for value in chosen if value is not None]
    if name == "count":
        return Fraction(len(there))
    if name == "distinct":
        return Fraction(len(set(there)))
    if name == "share":
        whole = sum((v for v in values if v is not None), Fraction(0))
        return None if whole == 0 else sum(there, Fraction(0)) / whole
    if not there:
        return None
    if name == "sum":
        return sum(there, Fraction(0))
    if name == "mean":
        return sum(there, Fraction(0)) / len(there)
    if name == "median":
        ordered = sorted(there)
        return (ordered[(len(there) - 1) // 2] + ordered[len(there) // 2]) / 2
    return _REDUCTIONS[name](there)


_REDUCTIONS: dict[str, Meaning] = {"min": min, "max": max, "any": any, "all": all}
