"""Charts as pictures for documents: readable when printed in black, figures tabular, the same bytes every time.

Drawn with matplotlib (Agg) in the Noto Sans CJK that the `mplfonts` wheel carries; nothing is looked up on the
machine. Values become floats here and only here: a bar's length is not a figure. What is written beside a bar is.
"""

from __future__ import annotations

import io
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import matplotlib
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Canvas
from matplotlib.font_manager import FontProperties
from matplotlib.patches import Patch

from guatu.declarations.located import Place
from guatu.office.documents.facts import CircularFacts
from guatu.office.documents.fonts import SANS
from guatu.office.documents.phrases import refuse
from guatu.office.facts import LeagueRow
from guatu.office.figures import Figure, Mark, printed
from guatu.office.palette import CINNABAR, HAIRLINE, INK, LIGHT_FILLS, LIGHT_HATCHES, PAPER, QUIET, WARM
from guatu.text import Language

WIDTH_MM = 156.0
_INCH = 25.4
_DPI = 220
_SIDE_BY_SIDE = 4
_TREND_MM = 15
_MOST_NAME = 0.4
"""Share of the width the names may take; longer ones stand in two lines, smaller."""
_SMALLER = 0.78
_NARROWEST = 0.035
"""Share of the longest bar below which a part has no room for its number; the table has it."""


@dataclass(frozen=True, slots=True)
class Chart:
    """A PNG, the width it is made for, and what it shows in words."""

    png: bytes
    width_mm: float
    alt: str


class Charts:
    """Draws the charts a template asks for from the facts of a round."""

    def __init__(self, facts: CircularFacts, language: Language) -> None:
        self.facts = facts
        self.language = language

    def draw(self, chart: str, indicator: str | None, place: Place) -> Chart:
        """`ranking` and `completion` need an indicator of the league; `lights` and `trend` need none."""
        if chart == "lights":
            return self.lights()
        if chart == "trend":
            return self.trend()
        if indicator is None or not any(indicator in row.values for row in self.facts.league):
            raise refuse(
                place,
                f"图“{chart}”要的指标“{indicator}”不在排名里",
                f"chart '{chart}' asks for indicator '{indicator}', which the league does not have",
            )
        return self.bars(indicator, bullet=chart == "completion")

    def name(self, row: LeagueRow) -> str:
        return row.unit.in_(self.language)

    def trend(self) -> Chart:
        """Each unit's ranked indicator round by round, as small lines side by side on one scale."""
        rows = [row for row in self.facts.league if len(row.trend) > 1]
        known = [float(one.value) for row in rows for one in row.trend if one.value is not None]
        low, high = min(known, default=0.0), max(known, default=1.0)
        room = (high - low) * 0.25 or 1.0
        lines = -(-len(rows) // _SIDE_BY_SIDE)
        height = _TREND_MM * max(lines, 1)
        canvas = Canvas(figsize=(WIDTH_MM / _INCH, height / _INCH), dpi=_DPI, facecolor=PAPER)
        for order, row in enumerate(rows):
            line, column = divmod(order, _SIDE_BY_SIDE)
            left, bottom = column / _SIDE_BY_SIDE, 1 - (line + 1) / lines
            axes = canvas.add_axes((left + 0.01, bottom + 0.12 / lines, 0.21, 0.5 / lines))
            axes.set_axis_off()
            axes.set_ylim(low - room, high + room)
            heights = [float("nan") if one.value is None else float(one.value) for one in row.trend]
            axes.plot(range(len(heights)), heights, color=INK, linewidth=1.1)
            axes.plot([len(heights) - 1], [heights[-1]], marker="o", markersize=3.2, color=CINNABAR)
            said = f"{self.name(row)} {printed(row.trend[-1], self.language)}"
            canvas.text(left + 0.01, bottom + 0.7 / lines, said, fontproperties=_font(9), color=INK)
        alt = "; ".join(
            f"{self.name(row)}: {', '.join(printed(one, self.language) for one in row.trend)}" for row in rows
        )
        return Chart(_png(canvas), WIDTH_MM, alt)

    def lights(self) -> Chart:
        """Each unit's items by light, stacked; hatches tell the lights apart without colour."""
        rows = [row for row in self.facts.league if row.lights]
        marks = [one.mark for one in self.facts.lights]
        canvas, axes = _canvas([self.name(row) for row in rows], legend=True)
        left = [0.0] * len(rows)
        most = max((sum(_length(one) for one in row.lights.values()) for row in rows), default=0.0) or 1.0
        for mark in reversed(marks):
            lengths = [_length(row.lights.get(mark.key)) for row in rows]
            axes.barh(
                range(len(rows)),
                lengths,
                left=left,
                height=0.62,
                color=LIGHT_FILLS[mark.colour],
                hatch=LIGHT_HATCHES[mark.colour],
                edgecolor=INK,
                linewidth=0.5,
            )
            for index, length in enumerate(lengths):
                if length >= most * _NARROWEST:
                    self.count(axes, left[index] + length / 2, index, row=rows[index], mark=mark)
            left = [start + length for start, length in zip(left, lengths, strict=True)]
        _units(axes, [self.name(row) for row in rows])
        axes.set_xlim(0, max(left, default=1) * 1.02 or 1)
        axes.xaxis.set_visible(False)
        patches = [
            Patch(facecolor=LIGHT_FILLS[mark.colour], hatch=LIGHT_HATCHES[mark.colour], edgecolor=INK, linewidth=0.5)
            for mark in reversed(marks)
        ]
        _legend(canvas, patches, [mark.shown(self.language) for mark in reversed(marks)])
        said = "; ".join(f"{self.name(row)}: {self.counts(row, marks)}" for row in rows)
        return Chart(_png(canvas), WIDTH_MM, said)

    def counts(self, row: LeagueRow, marks: Sequence[Mark]) -> str:
        shown = ((mark, row.lights.get(mark.key)) for mark in marks)
        return ", ".join(
            f"{mark.word.in_(self.language)} {printed(one, self.language)}" for mark, one in shown if one is not None
        )

    def count(self, axes: Axes, x: float, y: int, *, row: LeagueRow, mark: Mark) -> None:
        axes.text(
            x,
            y,
            printed(row.lights[mark.key], self.language),
            ha="center",
            va="center",
            fontproperties=_font(8.5),
            color=INK,
            bbox={"boxstyle": "round,pad=0.15", "facecolor": PAPER, "edgecolor": "none"},
        )

    def bars(self, indicator: str, *, bullet: bool) -> Chart:
        """One bar a unit in the order of its value; the yardstick as a line, bars short of it hatched."""
        rows = sorted(
            (row for row in self.facts.league if indicator in row.values),
            key=lambda row: (row.values[indicator].value is None, -Fraction(row.values[indicator].value or 0)),
        )
        target = self.facts.targets.get(indicator)
        goal = None if target is None or target.value.value is None else Fraction(target.value.value)
        canvas, axes = _canvas([self.name(row) for row in rows], legend=target is not None)
        lengths = [_length(row.values[indicator]) for row in rows]
        if bullet:
            axes.barh(range(len(rows)), [1.0] * len(rows), height=0.72, color=WARM, edgecolor=HAIRLINE, linewidth=0.6)
        short = [_is_short(row.values[indicator], goal) for row in rows]
        for late in (False, True):
            chosen = [index for index, one in enumerate(short) if one is late]
            axes.barh(
                chosen,
                [lengths[index] for index in chosen],
                height=0.36 if bullet else 0.62,
                color=CINNABAR if late else QUIET,
                hatch="//" if late else "",
                edgecolor=PAPER if late else QUIET,
                linewidth=0.0,
            )
        farthest = max([*lengths, float(goal or 0), 1.0 if bullet else 0.0, 1e-9])
        for index, row in enumerate(rows):
            axes.text(
                max(lengths[index], 1.0 if bullet else 0.0) + farthest * 0.012,
                index,
                printed(row.values[indicator], self.language),
                va="center",
                fontproperties=_font(9),
                color=INK,
                bbox={"boxstyle": "square,pad=0.1", "facecolor": PAPER, "edgecolor": "none"},
            )
        _units(axes, [self.name(row) for row in rows])
        axes.set_xlim(0, farthest * 1.14)
        axes.xaxis.set_visible(False)
        if target is not None and goal is not None:
            line = axes.axvline(float(goal), color=INK, linewidth=1.1, linestyle=(0, (4, 2)))
            said = f"{target.title.in_(self.language)} {printed(target.value, self.language)}"
            _legend(canvas, [line], [said])
        alt = "; ".join(f"{self.name(row)} {printed(row.values[indicator], self.language)}" for row in rows)
        return Chart(_png(canvas), WIDTH_MM, alt)


def _is_short(figure: Figure, goal: Fraction | None) -> bool:
    return goal is not None and figure.value is not None and Fraction(figure.value) < goal


def _length(figure: Figure | None) -> float:
    return 0.0 if figure is None or figure.value is None else float(figure.value)


def _font(size: float) -> FontProperties:
    return FontProperties(fname=str(SANS), size=size)


def _name_mm(name: str) -> float:
    """About how wide a name is at 10 pt."""
    return sum(3.6 if ord(character) > 0x2E7F else 2.0 for character in name)


def _is_long(name: str) -> bool:
    return _name_mm(name) > _MOST_NAME * WIDTH_MM - 5


def _lines(name: str) -> str:
    """A name in lines that fit its place beside the bars."""
    if not _is_long(name):
        return name
    each = _name_mm(name) / len(name) * _SMALLER
    return "\n".join(textwrap.wrap(name, max(int((_MOST_NAME * WIDTH_MM - 5) / each), 1)))


def _canvas(names: Sequence[str], *, legend: bool) -> tuple[Canvas, Axes]:
    height = 7.2 * max(len(names), 1) + 6 + (8 if legend else 0)
    canvas = Canvas(figsize=(WIDTH_MM / _INCH, height / _INCH), dpi=_DPI, facecolor=PAPER)
    left = min(_MOST_NAME, (5 + max(map(_name_mm, names), default=0)) / WIDTH_MM)
    axes = canvas.add_axes((left, 3 / height, 0.985 - left, (height - 6 - (8 if legend else 0)) / height))
    for side in ("top", "right", "bottom"):
        axes.spines[side].set_visible(False)
    axes.spines["left"].set_color(INK)
    axes.spines["left"].set_linewidth(0.8)
    return canvas, axes


def _units(axes: Axes, names: Sequence[str]) -> None:
    axes.set_yticks(range(len(names)), labels=list(map(_lines, names)), fontproperties=_font(10), color=INK)
    for label, name in zip(axes.get_yticklabels(), names, strict=True):
        if _is_long(name):
            label.set_fontproperties(_font(10 * _SMALLER))
            label.set_linespacing(0.95)
    axes.tick_params(axis="y", length=0)
    axes.set_ylim(len(names) - 0.45, -0.55)


def _legend(canvas: Canvas, handles: Sequence[Artist], labels: Sequence[str]) -> None:
    canvas.legend(
        handles,
        labels,
        loc="upper right",
        ncols=len(labels),
        frameon=False,
        prop=_font(9.5),
        labelcolor=INK,
        borderaxespad=0.2,
        handlelength=1.8,
    )


def _png(canvas: Canvas) -> bytes:
    target = io.BytesIO()
    with matplotlib.rc_context({"hatch.linewidth": 0.6}):
        canvas.savefig(target, format="png", dpi=_DPI, facecolor=PAPER, metadata={"Software": None})
    return target.getvalue()
