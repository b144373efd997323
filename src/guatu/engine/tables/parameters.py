"""Dated parameters by unit or class: which value was in force."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from itertools import pairwise
from typing import Any

from guatu.engine.expressions import Typed
from guatu.engine.tables.dimension import TablesRefused
from guatu.engine.tables.readable import Readable
from guatu.text import Text

_FIRST, _LAST = date.min, date.max

Interval = tuple[date, date, Any]


def find_parameters(
    store: Readable, typed: Typed, keys: Sequence[tuple[Any, ...]], days: Sequence[date | None]
) -> list[Any]:
    """The value in force for each row's keys on its day; None where there is none."""
    table = str(typed.arguments[0].value)
    dated = store.has(table, "valid_from")
    known = intervals(store, table, typed)
    found: list[Any] = []
    for key, day in zip(keys, days, strict=True):
        if None in key or (dated and day is None):
            found.append(None)
            continue
        in_force = (v for start, end, v in known.get(key, ()) if not dated or start <= (day or _FIRST) < end)
        found.append(next(in_force, None))
    return found


def intervals(store: Readable, table: str, typed: Typed) -> dict[tuple[Any, ...], list[Interval]]:
    """Every key's values with the days they hold (from, up to but not including). Refuses overlaps."""
    value, *keys = (store.values(table, name) for name in typed.columns)
    rows = len(value)
    starts = _days(store, table, "valid_from", _FIRST, rows)
    ends = _days(store, table, "valid_to", _LAST, rows)
    known: dict[tuple[Any, ...], list[Interval]] = defaultdict(list)
    for index in range(rows):
        known[tuple(key[index] for key in keys)].append((starts[index], ends[index], value[index]))
    for key, spans in known.items():
        spans.sort(key=lambda span: span[:2])
        for (_, end, _), (start, _, _) in pairwise(spans):
            if start < end:
                raise _overlap(table, key, start)
    return known


def _days(store: Readable, table: str, column: str, blank: date, rows: int) -> list[date]:
    if not store.has(table, column):
        return [blank] * rows
    return [blank if day is None else day for day in store.texts(table, column)]


def _overlap(table: str, key: tuple[Any, ...], day: date) -> TablesRefused:
    named = "/".join(str(part) for part in key) or "–"
    return TablesRefused(
        table,
        Text(f"参数“{named}”自 {day} 起有两个值", f"the parameter '{named}' has two values from {day}"),
        Text("给前一个值写上 valid_to。", "End the earlier value with valid_to."),
    )
