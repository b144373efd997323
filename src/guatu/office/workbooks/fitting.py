"""Column widths and row heights that show a sheet's text, which Excel measures only while somebody types."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from math import ceil

_NARROWEST, _WIDEST = 6.0, 30.0
_LINE = 15.0
"""Points one line of text takes."""
_MOST_LINES = 8
_FITTED = 0.9
"""Share of a column's cells that should stand on one line; the rest wrap."""


def printed_width(text: str) -> float:
    """Width of the longest line, in the characters column widths are given in: a Chinese character is two."""
    return max(sum(1.0 + (unicodedata.east_asian_width(one) in "WF") for one in line) for line in text.split("\n"))


def column_widths(rows: Sequence[Mapping[int, str]], count: int) -> list[float]:
    """A width for each column from the texts of its cells."""
    widths = []
    for column in range(count):
        found = sorted(printed_width(row[column]) for row in rows if row.get(column))
        fitting = found[int((len(found) - 1) * _FITTED)] if found else 0.0
        widths.append(min(max(fitting + 1.5, _NARROWEST), _WIDEST))
    return widths


def row_height(row: Mapping[int, str], widths: Sequence[float], spans: Mapping[int, int] | None = None) -> float:
    """Height in points at which every text of the row can be read; `spans` are last columns of merged cells."""
    lines = 1
    for column, text in row.items():
        last = (spans or {}).get(column, column)
        room = sum(widths[column : last + 1]) - 1
        lines = max(lines, sum(ceil(printed_width(line) / room) or 1 for line in text.split("\n")))
    return _LINE * min(lines, _MOST_LINES) + 3
