"""Bars lying on their side: a figure of several, from nought."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from guatu.hub.web.charts.parts import UNSAID, Table, Tick, as_table, worded
from guatu.hub.web.charts.scales import Scale, place, round_ticks
from guatu.text import Text

WIDTH = 640
_LEFT, _RIGHT, _TOP, _BOTTOM, _ROW = 160, 128, 8, 24, 26
_THICK = 14


@dataclass(frozen=True, slots=True)
class OneBar:
    title: Text
    said: Text
    x: str
    y: str
    length: str
    middle: str
    beyond: str
    """Where a second mark (a plan, a target) lies on it; empty: there is none."""


@dataclass(frozen=True, slots=True)
class Bars:
    key: str
    title: Text
    told: Text
    unit: Text
    marks: Text
    """What the second mark is."""
    bars: tuple[OneBar, ...]
    rungs: tuple[Tick, ...]
    zero: str
    table: Table
    height: int
    width: int = WIDTH
    left: int = _LEFT
    top: int = _TOP
    bottom: int = 0
    thick: int = _THICK


def bars(
    key: str,
    title: Text,
    told: Text,
    rows: Sequence[tuple[Text, Decimal, Decimal | None]],
    *,
    unit: Text,
    marks: Text = UNSAID,
) -> Bars:
    """Rows are a name, a figure, and what it is held against (`marks` says what that is) or None."""
    values = [value for _, one, other in rows for value in (one, other) if value is not None]
    rungs = round_ticks(values, most=6)
    along = Scale(rungs[0], rungs[-1], _LEFT, WIDTH - _RIGHT)
    height = _TOP + _BOTTOM + _ROW * len(rows)
    drawn = tuple(_bar(number, one, along) for number, one in enumerate(rows))
    ticks = tuple(Tick(place(along.at(one)), worded(one), minor=bool(number % 2)) for number, one in enumerate(rungs))
    heads = [Text("名称", "Name"), title, *([marks] if marks.zh else [])]
    lines = ([name, worded(one), *([worded(other)] if marks.zh else [])] for name, one, other in rows)
    return Bars(
        key, title, told, unit, marks, drawn, ticks, place(along.at(0)), as_table(heads, lines), height, bottom=height - _BOTTOM
    )  # fmt: skip


def _bar(number: int, row: tuple[Text, Decimal, Decimal | None], along: Scale) -> OneBar:
    name, value, other = row
    top = _TOP + _ROW * number
    start, end = sorted((along.at(0), along.at(value)))
    return OneBar(
        name, worded(value), place(start), place(top + (_ROW - _THICK) / 2), place(end - start), place(top + _ROW / 2),
        place(along.at(other)) if other is not None else "",
    )  # fmt: skip
