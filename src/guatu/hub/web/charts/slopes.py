"""A slope chart: what several had at one round and at the next, a line for each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from statistics import fmean

from guatu.hub.web.charts.parts import Table, as_table, worded
from guatu.hub.web.charts.scales import Scale, place
from guatu.text import Text

WIDTH = 600
_LEFT, _RIGHT, _TOP, _BOTTOM = 215, 385, 36, 16
_LINE = 20
"""Between two names at the least."""
_ROOM = 24
"""For each line of the chart."""
_LEAD = 18
"""Between an end of a line and its name."""
_LEAST = 160


@dataclass(frozen=True, slots=True)
class Slope:
    """One who had a figure at both rounds; `way` is up, down or level."""

    title: Text
    before: Text
    after: Text
    way: str
    y_before: str
    y_after: str
    name_before: str
    """Where the name stands: beside its end of the line, moved where names would lie over one another."""
    name_after: str


@dataclass(frozen=True, slots=True)
class Slopes:
    key: str
    title: Text
    told: Text
    unit: Text
    start: Text
    end: Text
    slopes: tuple[Slope, ...]
    table: Table
    height: int
    width: int = WIDTH
    left: int = _LEFT
    right: int = _RIGHT
    name_left: int = _LEFT - _LEAD
    name_right: int = _RIGHT + _LEAD


def slopes(
    key: str,
    title: Text,
    told: Text,
    rows: Sequence[tuple[Text, Decimal, Decimal]],
    *,
    unit: Text,
    start: Text,
    end: Text,
    least_on_top: bool = False,
) -> Slopes:
    """Rows are a name, the figure at `start` and the figure at `end`; high figures lie high, or low where the least is the best."""
    height = max(_LEAST, _TOP + _BOTTOM + _ROOM * len(rows))
    values = [value for _, before, after in rows for value in (before, after)] or [Decimal(0)]
    floor, top = (_TOP, height - _BOTTOM) if least_on_top else (height - _BOTTOM, _TOP)
    up = Scale(min(values), max(values), floor, top)
    befores = _apart([up.at(before) for _, before, _ in rows], height)
    afters = _apart([up.at(after) for _, _, after in rows], height)
    drawn = [
        Slope(
            name, worded(before), worded(after), _way(*_ends(before, after, least_on_top)),
            place(up.at(before)), place(up.at(after)), place(one), place(other),
        )
        for (name, before, after), one, other in zip(rows, befores, afters, strict=True)
    ]  # fmt: skip
    told_rows = (
        (name, worded(before), worded(after), changed(*_ends(before, after, least_on_top)))
        for name, before, after in rows
    )
    table = as_table((Text("名称", "Name"), start, end, Text("变化", "Change")), told_rows)
    return Slopes(key, title, told, unit, start, end, tuple(drawn), table, height)


def _ends(before: Decimal, after: Decimal, least_on_top: bool) -> tuple[Decimal, Decimal]:
    """The two ends so that the greater is the higher."""
    return (after, before) if least_on_top else (before, after)


def changed(before: Decimal, after: Decimal) -> Text:
    """A difference with its sign."""
    sign = {"up": "▲ ", "down": "▼ ", "level": ""}[_way(before, after)]
    said = worded(abs(after - before))
    return replace(said, zh=f"{sign}{said.zh}", en=f"{sign}{said.en}")


def _way(before: Decimal, after: Decimal) -> str:
    return "up" if after > before else "down" if after < before else "level"


def _apart(places: Sequence[float], height: int) -> list[float]:
    """Where the names stand: in the order of the places, a line from one to the next at least, as near to them as that allows."""
    order = sorted(range(len(places)), key=lambda one: places[one])
    pools: list[list[float]] = []
    for rank, one in enumerate(order):
        pools.append([places[one] - rank * _LINE])
        while len(pools) > 1 and fmean(pools[-2]) > fmean(pools[-1]):
            last = pools.pop()
            pools[-1] += last
    highest, lowest = float(_TOP), height - _BOTTOM - (len(places) - 1) * _LINE
    kept = [min(max(fmean(pool), highest), lowest) for pool in pools for _ in pool]
    moved = list(places)
    for rank, one in enumerate(order):
        moved[one] = kept[rank] + rank * _LINE
    return moved
