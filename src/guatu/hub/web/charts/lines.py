"""A line chart over days: an S-curve of plan, actual and forecast, or any series beside one another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from guatu.hub.web.charts.parts import Table, Tick, as_table, worded
from guatu.hub.web.charts.scales import DayScale, Scale, Value, day_ticks, place, round_ticks
from guatu.text import Text

WIDTH, HEIGHT = 640, 260
_LEFT, _RIGHT, _TOP, _BOTTOM = 64, 16, 16, 28
_MONTHS_SHOWN = 12


class Look(StrEnum):
    """How a series is drawn; told apart without colour by dashes and by the shapes of its points."""

    PLAN = "plan"  # dashed, no points
    ACTUAL = "actual"  # whole, filled points
    FORECAST = "forecast"  # dotted, hollow points
    OTHER = "other"  # thin, whole


@dataclass(frozen=True, slots=True)
class Series:
    """Figures of one line: the last day of each period, and the value then; None is a gap."""

    title: Text
    look: Look
    points: tuple[tuple[date, Decimal | None], ...]


@dataclass(frozen=True, slots=True)
class Reading:
    """One point: where it lies and what is read there."""

    x: str
    y: str
    on: date
    said: Text


@dataclass(frozen=True, slots=True)
class Curve:
    title: Text
    look: Look
    path: str
    readings: tuple[Reading, ...]


@dataclass(frozen=True, slots=True)
class LineChart:
    """A line chart within a frame of `width` by `height`; `today` is where today lies, if within."""

    key: str
    title: Text
    told: Text
    unit: Text
    curves: tuple[Curve, ...]
    rungs: tuple[Tick, ...]
    days: tuple[Tick, ...]
    today: str
    table: Table
    width: int = WIDTH
    height: int = HEIGHT
    left: int = _LEFT
    right: int = WIDTH - _RIGHT
    top: int = _TOP
    bottom: int = HEIGHT - _BOTTOM


def line_chart(
    key: str,
    title: Text,
    told: Text,
    series: Sequence[Series],
    *,
    unit: Text,
    first: date,
    last: date,
    today: date | None = None,
) -> LineChart:
    """Series over the days from `first` to `last`; `key` names the chart on its page, `told` is what it shows in a sentence."""
    values = [value for one in series for _, value in one.points if value is not None]
    rungs = round_ticks(values)
    up = Scale(rungs[0], rungs[-1], HEIGHT - _BOTTOM, _TOP)
    along = DayScale(first, last, _LEFT, WIDTH - _RIGHT)
    marked = day_ticks(first, last, _MONTHS_SHOWN)
    return LineChart(
        key, title, told, unit,
        curves=tuple(_curve(one, along, up) for one in series),
        rungs=tuple(Tick(place(up.at(one)), worded(one)) for one in rungs),
        days=tuple(Tick(place(along.at(one.on)), one.label, minor=bool(number % 3)) for number, one in enumerate(marked)),
        today=place(along.until(today)) if today is not None and first <= today <= last else "",
        table=_table(series),
    )  # fmt: skip


def _curve(one: Series, along: DayScale, up: Scale) -> Curve:
    within = [(on, value) for on, value in one.points if along.first <= on <= along.last]
    readings = tuple(
        Reading(place(along.until(on)), place(up.at(value)), on, worded(value))
        for on, value in within
        if value is not None
    )
    return Curve(one.title, one.look, _path(within, along, up), readings)


def _path(points: Sequence[tuple[date, Value | None]], along: DayScale, up: Scale) -> str:
    """Straight from point to point, taken up anew after a gap."""
    parts, pen = [], "M"
    for on, value in points:
        if value is None:
            pen = "M"
            continue
        parts.append(f"{pen}{place(along.until(on))} {place(up.at(value))}")
        pen = "L"
    return "".join(parts)


def _table(series: Sequence[Series]) -> Table:
    days = sorted({on for one in series for on, _ in one.points})
    held = [dict(one.points) for one in series]
    rows = ((Text(str(on), str(on)), *(worded(one.get(on)) for one in held)) for on in days)
    return as_table((Text("截至", "By"), *(one.title for one in series)), rows)
