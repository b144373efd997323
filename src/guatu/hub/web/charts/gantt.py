"""A Gantt chart: a line for each, bars from day to day, marks on days, the plan first made as a ghost behind, a line for today."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from guatu.hub.web.charts.parts import UNSAID, Table, Tick
from guatu.hub.web.charts.scales import DayScale, day_ticks, place
from guatu.text import Text

ROW = 32
HEAD = 28
_EDGE = 12
_TICK_WIDTH = 44
"""Room a label of the axis needs."""
_ENOUGH_PER_DAY = 4.0
"""Width of a day from which single days can be told apart."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A day on a line; `look` is planned, reached, doubtful or past (due, and not reached)."""

    on: date
    look: str
    said: Text
    key: str = ""


@dataclass(frozen=True, slots=True)
class Bar:
    start: date
    end: date
    look: str
    """`plan`, `done` or `ghost`."""
    said: Text


@dataclass(frozen=True, slots=True)
class GanttLine:
    """What one line shows; `key` is what `after` of others names, `address` where its name leads."""

    key: str
    title: Text
    bars: tuple[Bar, ...] = ()
    marks: tuple[Mark, ...] = ()
    ghosts: tuple[date, ...] = ()
    """Days of the plan that was kept to compare with."""
    after: tuple[str, ...] = ()
    """Lines that come before it."""
    address: str = ""
    note: Text = UNSAID


@dataclass(frozen=True, slots=True)
class DrawnBar:
    x: str
    y: str
    width: str
    height: int
    look: str
    said: Text


@dataclass(frozen=True, slots=True)
class DrawnMark:
    x: str
    y: str
    look: str
    said: Text


@dataclass(frozen=True, slots=True)
class DrawnLine:
    title: Text
    note: Text
    address: str
    top: int
    middle: int
    bars: tuple[DrawnBar, ...]
    ghosts: tuple[DrawnMark, ...]
    marks: tuple[DrawnMark, ...]


@dataclass(frozen=True, slots=True)
class Gantt:
    key: str
    title: Text
    told: Text
    lines: tuple[DrawnLine, ...]
    ticks: tuple[Tick, ...]
    off: tuple[tuple[str, str], ...]
    """Days nobody works: where they begin, how wide they are."""
    arrows: tuple[str, ...]
    today: str
    width: int
    height: int
    labels: int
    """Width the names take within the picture; 0: they stand beside it."""
    table: Table | None = None
    row: int = ROW
    head: int = HEAD


def gantt(
    key: str,
    title: Text,
    told: Text,
    lines: Sequence[GanttLine],
    *,
    first: date,
    last: date,
    today: date,
    width: int = 640,
    labels: int = 0,
    off: Sequence[tuple[date, date]] = (),
    table: Table | None = None,
) -> Gantt:
    """Lines over the days from `first` to `last`. Days off are shown where a day is wide enough to be told apart."""
    along = DayScale(first, last, labels + _EDGE, width - _EDGE)
    drawn = tuple(_line(one, number, along) for number, one in enumerate(lines))
    marked = day_ticks(first, last, max(2, int((width - labels) / _TICK_WIDTH)))
    shaded = (
        tuple(
            (place(along.at(max(start, first))), place(along.until(min(end, last)) - along.at(max(start, first))))
            for start, end in off
            if end >= first and start <= last
        )
        if along.per_day >= _ENOUGH_PER_DAY
        else ()
    )
    return Gantt(
        key, title, told, drawn,
        ticks=tuple(Tick(place(along.at(one.on)), one.label, minor=bool(number % 2)) for number, one in enumerate(marked)),
        off=shaded, arrows=tuple(_arrows(lines, along)), today=place(along.at(today)) if first <= today <= last else "",
        width=width, height=HEAD + ROW * len(lines), labels=labels, table=table,
    )  # fmt: skip


def _line(one: GanttLine, number: int, along: DayScale) -> DrawnLine:
    top = HEAD + ROW * number
    middle = top + ROW // 2
    return DrawnLine(
        one.title, one.note, one.address, top, middle,
        bars=tuple(_bar(bar, middle, along) for bar in one.bars if bar.end >= along.first and bar.start <= along.last),
        ghosts=tuple(
            DrawnMark(place(_noon(on, along)), str(middle), "ghost", Text(str(on), str(on)))
            for on in one.ghosts
            if along.first <= on <= along.last
        ),
        marks=tuple(
            DrawnMark(place(_noon(mark.on, along)), str(middle), mark.look, mark.said)
            for mark in one.marks
            if along.first <= mark.on <= along.last
        ),
    )  # fmt: skip


def _noon(day: date, along: DayScale) -> float:
    return along.at(day) + along.per_day / 2


def _bar(bar: Bar, middle: int, along: DayScale) -> DrawnBar:
    start, end = max(bar.start, along.first), min(bar.end, along.last)
    x = along.at(start)
    height, top = (6, middle + 7) if bar.look == "ghost" else (10, middle - 5)
    return DrawnBar(place(x), str(top), place(max(1.0, along.until(end) - x)), height, bar.look, bar.said)


def _arrows(lines: Sequence[GanttLine], along: DayScale) -> list[str]:
    """From the end of what comes before to the beginning of what comes after: across, down or up, and in."""
    found = []
    number_of = {one.key: number for number, one in enumerate(lines)}
    for number, one in enumerate(lines):
        begins = _edge(one, first=True)
        for before in one.after:
            other = number_of.get(before)
            ends = _edge(lines[other], first=False) if other is not None else None
            if other is None or begins is None or ends is None or not (_within(begins, along) and _within(ends, along)):
                continue
            x, to = _noon(ends, along), _noon(begins, along)
            y, y_to = HEAD + ROW * other + ROW // 2, HEAD + ROW * number + ROW // 2
            turn = max(x, to) if to < x else x
            short = y_to - 6 if y_to > y else y_to + 6
            found.append(f"M{place(turn)} {y}V{place((y + y_to) / 2)}H{place(to)}V{short}")
    return found


def _within(day: date, along: DayScale) -> bool:
    return along.first <= day <= along.last


def _edge(line: GanttLine, *, first: bool) -> date | None:
    days = [mark.on for mark in line.marks] + [
        bar.start if first else bar.end for bar in line.bars if bar.look != "ghost"
    ]
    return (min(days) if first else max(days)) if days else None
