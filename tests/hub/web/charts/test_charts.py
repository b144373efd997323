"""Whatever the figures, a chart stays within its frame, its axis is marked at round values, and its table says every figure."""

from __future__ import annotations

import re
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

import pytest
from django.template.loader import render_to_string
from hypothesis import given
from hypothesis import strategies as st

from guatu.hub.web.charts import (
    Bar,
    Gantt,
    GanttLine,
    Look,
    Mark,
    Series,
    bars,
    gantt,
    line_chart,
    slopes,
    sparkline,
    split,
)
from guatu.hub.web.charts.samples import samples
from guatu.hub.web.charts.scales import day_ticks, round_ticks
from guatu.hub.web.charts.splits import WIDTH
from guatu.text import Text

FIGURES = st.integers(-(10**16), 10**19).map(lambda number: Decimal(number).scaleb(-4))
DAYS = st.dates(date(1990, 1, 1), date(2080, 12, 31))
NAME = Text("东城区", "East district")
NONE = Text("", "")


def places(path: str) -> list[tuple[float, float]]:
    """The points of a path of M and L."""
    found = re.findall(r"[ML](-?[\d.]+) (-?[\d.]+)", path)
    return [(float(x), float(y)) for x, y in found]


def decimals(path: str) -> int:
    return max((len(one) for one in re.findall(r"\.(\d+)", path)), default=0)


@given(st.lists(FIGURES, max_size=20), st.integers(2, 9))
def test_ticks_are_round_evenly_apart_and_span_every_figure_and_nought(figures: list[Decimal], most: int) -> None:
    ticks = round_ticks(figures, most)

    steps = {after - before for before, after in pairwise(ticks)}
    assert len(steps) == 1
    step = steps.pop()
    assert step.normalize().as_tuple().digits in {(1,), (2,), (5,)}
    assert ticks[0] <= min([Decimal(0), *figures])
    assert max([Decimal(0), *figures]) <= ticks[-1]
    assert 2 <= len(ticks) <= most + 1
    assert Decimal(0) in ticks


@given(DAYS, st.integers(0, 20_000), st.integers(2, 20))
def test_days_are_marked_at_the_beginnings_of_periods_within_the_span(first: date, length: int, most: int) -> None:
    last = first + timedelta(days=length)

    marked = [one.on for one in day_ticks(first, last, most)]

    assert all(first <= one <= last for one in marked)
    assert marked == sorted(set(marked))
    assert len(marked) <= most + 2
    assert all(one.day == 1 for one in marked) or (last - first).days < 31 * most


@given(st.lists(st.one_of(st.none(), FIGURES), min_size=1, max_size=30))
def test_every_point_of_a_line_lies_within_its_frame(figures: list[Decimal | None]) -> None:
    first = date(2021, 1, 1)
    points = tuple((first + timedelta(days=9 * number), one) for number, one in enumerate(figures))

    chart = line_chart(
        "c", NAME, NAME, [Series(NAME, Look.ACTUAL, points)], unit=NONE, first=first, last=date(2021, 12, 31), today=date(2021, 5, 1)
    )  # fmt: skip

    curve = chart.curves[0]
    drawn = places(curve.path)
    assert len(drawn) == len(curve.readings) == sum(one is not None for one in figures)
    assert all(chart.left <= x <= chart.right and chart.top <= y <= chart.bottom for x, y in drawn)
    assert decimals(curve.path) <= 1
    assert len(chart.table.rows) == len(figures)


def test_a_missing_figure_breaks_the_line_and_is_a_dash_in_the_table() -> None:
    days = [date(2021, month, 1) for month in (3, 4, 5)]
    points = ((days[0], Decimal(1)), (days[1], None), (days[2], Decimal(3)))

    chart = line_chart(
        "c", NAME, NAME, [Series(NAME, Look.ACTUAL, points)], unit=NONE, first=date(2021, 1, 1), last=date(2021, 12, 31)
    )  # fmt: skip

    assert chart.curves[0].path.count("M") == 2
    assert "L" not in chart.curves[0].path
    assert chart.table.rows[1][1].zh == "—"


@given(st.lists(st.one_of(st.none(), FIGURES), max_size=40))
def test_a_sparkline_stays_within_its_word(figures: list[Decimal | None]) -> None:
    small = sparkline(NAME, figures)

    assert all(0 <= x <= small.width and 0 <= y <= small.height for x, y in places(small.path))
    assert (small.last is None) == all(one is None for one in figures)


@given(st.lists(st.tuples(FIGURES, FIGURES), max_size=25))
def test_names_beside_slopes_never_lie_over_one_another(pairs: list[tuple[Decimal, Decimal]]) -> None:
    chart = slopes("s", NAME, NAME, [(NAME, *pair) for pair in pairs], unit=NONE, start=NAME, end=NAME)

    for side in ([one.name_before for one in chart.slopes], [one.name_after for one in chart.slopes]):
        ordered = sorted(float(one) for one in side)
        assert all(after - before > 19 for before, after in pairwise(ordered))
        assert all(0 <= one <= chart.height for one in ordered)
    assert all(0 <= float(one.y_before) <= chart.height for one in chart.slopes)
    ways = ["up" if after > before else "down" if after < before else "level" for before, after in pairs]
    assert [one.way for one in chart.slopes] == ways


@given(st.lists(st.tuples(FIGURES, st.one_of(st.none(), FIGURES)), max_size=12))
def test_bars_begin_at_nought_and_end_within_the_frame(rows: list[tuple[Decimal, Decimal | None]]) -> None:
    chart = bars("b", NAME, NAME, [(NAME, *row) for row in rows], unit=NONE, marks=NAME)

    for bar, (value, _) in zip(chart.bars, rows, strict=True):
        start, end = float(bar.x), float(bar.x) + float(bar.length)
        assert chart.left - 0.1 <= start <= end + 0.1 <= chart.width
        assert abs((end if value < 0 else start) - float(chart.zero)) <= 0.2


@given(st.lists(st.tuples(DAYS, DAYS), min_size=1, max_size=8), DAYS, st.integers(0, 4000))
def test_a_gantt_chart_draws_what_lies_within_its_days_and_nothing_beyond(
    spans: list[tuple[date, date]], first: date, length: int
) -> None:
    last = first + timedelta(days=length)
    lines = [
        GanttLine(
            str(number), NAME, (Bar(min(span), max(span), "plan", NAME),), tuple(Mark(on, "planned", NAME) for on in span),
            ghosts=span, after=(str(number - 1),) if number else (),
        )
        for number, span in enumerate(spans)
    ]  # fmt: skip

    chart = gantt("g", NAME, NAME, lines, first=first, last=last, today=first, off=[(first, first)])

    for line, span in zip(chart.lines, spans, strict=True):
        assert len(line.marks) == len(line.ghosts) == sum(first <= on <= last for on in span)
        assert all(0 <= float(one.x) <= chart.width for one in (*line.marks, *line.ghosts))
        for bar in line.bars:
            assert float(bar.x) >= 0
            assert float(bar.x) + float(bar.width) <= chart.width
        assert bool(line.bars) == (max(span) >= first and min(span) <= last)
        assert line.middle <= chart.height
    assert chart.today


def test_single_days_off_are_shaded_only_where_a_day_can_be_told_from_the_next() -> None:
    sunday = date(2021, 8, 8)

    def over(first: date, last: date) -> Gantt:
        return gantt("g", NAME, NAME, [], first=first, last=last, today=sunday, off=[(sunday, sunday)], width=640)

    near, far = over(date(2021, 8, 1), date(2021, 8, 31)), over(date(2021, 1, 1), date(2021, 12, 31))

    assert len(near.off) == 1
    assert far.off == ()


def test_an_arrow_leads_from_what_comes_before_to_what_comes_after() -> None:
    start, end = (Mark(date(2021, month, 1), "planned", NAME) for month in (3, 9))
    lines = [GanttLine("a", NAME, marks=(start,)), GanttLine("b", NAME, marks=(end,), after=("a", "unknown"))]

    chart = gantt("g", NAME, NAME, lines, first=date(2021, 1, 1), last=date(2021, 12, 31), today=date(2021, 6, 1))

    assert len(chart.arrows) == 1
    assert chart.arrows[0].startswith(f"M{chart.lines[0].marks[0].x} ")
    assert f"H{chart.lines[1].marks[0].x}" in chart.arrows[0]


@pytest.mark.parametrize(
    ("kind", "template"),
    [("line", "line"), ("bars", "bars"), ("slopes", "slope"), ("gantt", "gantt"), ("spark", "sparkline")],
)
def test_every_kind_is_a_picture_with_a_title_without_a_colour_of_its_own(kind: str, template: str) -> None:
    drawn = render_to_string(f"charts/{template}.html", {"chart": samples("")[kind]})

    assert 'role="img"' in drawn
    assert "<title" in drawn
    assert not re.search(r"#[0-9a-f]{3,8}\b|rgb\(|fill=|style=", drawn)
    assert kind in ("spark", "gantt") or "<table" in drawn


@given(counts=st.lists(st.integers(0, 10**6), max_size=8), more=st.integers(0, 10**6))
def test_parts_of_a_bar_lie_end_to_end_in_their_order_and_as_long_as_there_are_of_them(
    counts: list[int], more: int
) -> None:
    whole = sum(counts) + more
    drawn = split([(str(number), one) for number, one in enumerate(counts)], whole)

    assert [one.kind for one in drawn.parts] == [str(number) for number, one in enumerate(counts) if one]
    ends = Decimal(0)
    for part in drawn.parts:
        assert Decimal(part.x) >= ends
        ends = Decimal(part.x) + Decimal(part.length)
        share = Decimal(WIDTH) * counts[int(part.kind)] / max(whole, 1)
        assert abs(Decimal(part.length) - max(share - 1, Decimal(2))) <= Decimal("0.05")
