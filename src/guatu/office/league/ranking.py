"""A league sheet: units in order of rank, indicators under their group headings, lights, trend, native charts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from xlsxwriter.utility import xl_range_abs
from xlsxwriter.worksheet import Worksheet

from guatu.office.facts import IndicatorTitle, LeagueRow
from guatu.office.figures import Figure, Mark, Scale, number_of, scale_for
from guatu.office.league.facts import LeagueFacts, ListLeague
from guatu.office.palette import CINNABAR, HAIRLINE, INK, LIGHT_COLOURS, LIGHT_FILLS, LIGHT_HATCHES, PAPER, QUIET
from guatu.office.sheets import FONT, Book
from guatu.text import Text

CHART_WIDTH = 470  # pixels; two side by side are no wider than the table
FIRST = 4
"""Rows above the first unit: title, line, two rows of header."""
RANK, UNIT, LIGHTS, MOVED, TREND = (
    Text("位次", "Rank"),
    Text("单位", "Unit"),
    Text("亮灯", "Lights"),
    Text("升降", "Moved"),
    Text("走势", "Trend"),
)
_PATTERNS = {"": "", "..": "percent_20", "//": "wide_upward_diagonal", "xx": "trellis", "--": "narrow_horizontal"}


@dataclass(frozen=True, slots=True)
class _Column:
    """One column of the league: what stands over it and what it shows of a row."""

    group: str
    title: str
    scale: Scale
    kind: str
    key: str

    def figure(self, row: LeagueRow) -> Figure | None:
        source = {"value": row.values, "rank": row.ranks, "light": row.lights}[self.kind]
        return source.get(self.key)


def write_ranking(book: Book, facts: LeagueFacts, league: ListLeague, trends: Worksheet) -> None:
    """The sheet of one list; `trends` is a hidden sheet that holds what sparklines and target lines need."""
    language = facts.language
    sheet = book.sheet(league.title)
    columns = _columns(facts, league)
    main = next((one.title.in_(language) for one in league.indicators if one.key == league.ranked_by), "")
    by = f"按{main}排名" if language == "zh" else f"ranked by {main}"
    comma = "，" if language == "zh" else ", "
    extra = 4  # rank, unit, moved, trend
    title = f"{facts.place.in_(language)} {league.title.in_(language)} {facts.period.in_(language)}"
    line = comma.join((by, facts.rulebook.title.in_(language), _reported(facts).in_(language), str(facts.as_of)))
    book.heading(sheet, title, line, len(columns) + extra)
    _header(book, sheet, columns, facts)
    rows = [*league.rows, *([league.total] if league.total else [])]
    for index, row in enumerate(rows, FIRST):
        _row(book, sheet, index, row, columns, league, trends, strong=row is league.total)
    _sizes(book, sheet, columns, rows, facts)
    sheet.freeze_panes(FIRST, 2)
    sheet.autofilter(FIRST - 1, 0, FIRST + len(league.rows) - 1, len(columns) + extra - 1)
    sheet.repeat_rows(0, FIRST - 1)
    sheet.repeat_columns(0, 1)
    _charts(book, sheet, columns, league, facts, trends, below=FIRST + len(rows) + 1)


def _reported(facts: LeagueFacts) -> Text:
    """How many of the units due are in the table: a rank among nine is not a rank among ten."""
    due, arrived = len(facts.arrivals), sum(one.state == "arrived" for one in facts.arrivals)
    return Text(f"应报{due}个单位，采用{arrived}个", f"{arrived} of {due} units reported")


def _columns(facts: LeagueFacts, league: ListLeague) -> list[_Column]:
    language = facts.language
    rows = [*league.rows, *([league.total] if league.total else [])]
    columns = []
    for one in league.indicators:
        scale = scale_for([row.values[one.key] for row in rows if one.key in row.values])
        columns.append(_Column(_group(one, facts), headed(one.title, scale, facts), scale, "value", one.key))
        if one.ranked and any(one.key in row.ranks for row in rows):
            plain = scale_for([])
            columns.append(_Column(_group(one, facts), RANK.in_(language), plain, "rank", one.key))
    if any(row.lights for row in rows):
        shown = [
            _Column(LIGHTS.in_(language), mark.shown(language), scale_for([]), "light", mark.key)
            for mark in facts.marks
        ]
        columns.extend(shown)
    return columns


def _group(one: IndicatorTitle, facts: LeagueFacts) -> str:
    return one.group.in_(facts.language) if one.group else ""


def headed(title: Text, scale: Scale, facts: LeagueFacts) -> str:
    """A column's title with the unit of its numbers; a percentage shows its sign in the cell."""
    unit = scale.header.in_(facts.language)
    if not unit or unit == "%":
        return title.in_(facts.language)
    return f"{title.in_(facts.language)}\n({unit})"


def _header(book: Book, sheet: Worksheet, columns: list[_Column], facts: LeagueFacts) -> None:
    language, header = facts.language, book.header()
    sheet.set_row(2, 24)
    sheet.set_row(3, 34)
    titles = [
        RANK.in_(language),
        UNIT.in_(language),
        *(one.title for one in columns),
        MOVED.in_(language),
        TREND.in_(language),
    ]
    groups = ["", "", *(one.group for one in columns), "", ""]
    start = 0
    while start < len(titles):
        end = start
        while end + 1 < len(titles) and groups[start] and groups[end + 1] == groups[start]:
            end += 1
        if groups[start]:
            _merged(book, sheet, 2, start, 2, end, groups[start])
            for column in range(start, end + 1):
                book.text(sheet, 3, column, titles[column], header)
        else:
            book.text(sheet, 2, start, "", header)
            book.text(sheet, 3, start, titles[start], header)
        start = end + 1


def _merged(book: Book, sheet: Worksheet, top: int, left: int, bottom: int, right: int, text: str) -> None:
    header = book.header()
    if (top, left) != (bottom, right):
        sheet.merge_range(top, left, bottom, right, "", header)
    book.text(sheet, top, left, text, header)


def _row(
    book: Book,
    sheet: Worksheet,
    index: int,
    row: LeagueRow,
    columns: list[_Column],
    league: ListLeague,
    trends: Worksheet,
    *,
    strong: bool,
) -> None:
    ground: dict[str, Any] = {"bold": True, "top": 1, "top_color": INK} if strong else {}
    plain = scale_for([])
    if strong:
        book.text(sheet, index, 0, "", book.cell(**ground))
    else:
        book.figure(sheet, index, 0, row.ranks.get(league.ranked_by), plain)
    name = book.cell(**ground) if row.stands else book.cell(font_color=QUIET, italic=True)
    book.text(sheet, index, 1, row.unit.in_(book.language), name)
    if row.note is not None:
        book.comment(sheet, index, 1, row.note.in_(book.language))
    for column, one in enumerate(columns, 2):
        book.figure(sheet, index, column, one.figure(row), one.scale, strong=strong)
    after = 2 + len(columns)
    book.text(sheet, index, after, _moved(row), book.cell(align="center", **ground))
    book.text(sheet, index, after + 1, "", book.cell(**ground))
    values = [None if one.value is None else float(one.value) for one in row.trend]
    if len(values) > 1:
        line = _kept(trends, f"{league.key}/{row.key}", values)
        sheet.add_sparkline(
            index,
            after + 1,
            {"range": line, "series_color": INK, "last_point": True, "last_color": CINNABAR, "weight": 1.5},
        )


def _moved(row: LeagueRow) -> str:
    if not row.moved:
        return "" if row.moved is None else "→"
    return f"{'▲' if row.moved > 0 else '▼'} {abs(row.moved)}"


def _kept(trends: Worksheet, name: str, values: list[float | None]) -> str:
    """Write a line of numbers on the hidden sheet; its range as charts name it."""
    line = (trends.dim_rowmax if trends.dim_rowmax is not None else -1) + 1
    trends.write_string(line, 0, name)
    for column, value in enumerate(values, 1):
        if value is not None:
            trends.write_number(line, column, value)
    return f"'{trends.get_name()}'!{xl_range_abs(line, 1, line, len(values))}"


def _sizes(book: Book, sheet: Worksheet, columns: list[_Column], rows: list[LeagueRow], facts: LeagueFacts) -> None:
    language = facts.language
    texts: list[list[str]] = [[RANK.in_(language)], [row.unit.in_(language) for row in rows]]
    for one in columns:
        figures = [figure for row in rows if (figure := one.figure(row)) is not None]
        texts.append([one.title, *(number_of(figure, one.scale, "en") for figure in figures)])
    texts += [[MOVED.in_(language)], ["走势走势走势走"]]
    book.widths(sheet, texts, least=7.5, most=24)


def _charts(
    book: Book,
    sheet: Worksheet,
    columns: list[_Column],
    league: ListLeague,
    facts: LeagueFacts,
    trends: Worksheet,
    *,
    below: int,
) -> None:
    last = FIRST + len(league.rows) - 1
    if last < FIRST:
        return
    names = f"'{sheet.get_name()}'!{xl_range_abs(FIRST, 1, last, 1)}"
    for index, one in enumerate(columns, 2):
        if one.kind == "value" and one.key == league.ranked_by:
            values = f"'{sheet.get_name()}'!{xl_range_abs(FIRST, index, last, index)}"
            chart = _bars(book, one, names, values, facts, trends, len(league.rows))
            sheet.insert_chart(below, 0, chart, {"object_position": 2, "x_offset": 4})
    stacked = [(index, one) for index, one in enumerate(columns, 2) if one.kind == "light"]
    if stacked:
        chart = book.book.add_chart({"type": "bar", "subtype": "stacked"})
        for index, one in reversed(stacked):
            mark = next(mark for mark in facts.marks if mark.key == one.key)
            chart.add_series(
                {
                    "name": one.title,
                    "categories": names,
                    "values": f"'{sheet.get_name()}'!{xl_range_abs(FIRST, index, last, index)}",
                    "gap": 40,
                    **_ground(mark),
                }
            )
        _dress(chart, LIGHTS.in_(facts.language), len(league.rows))
        chart.set_y_axis({"reverse": True, "num_font": _font(9), "line": {"color": INK}})
        chart.set_x_axis({"visible": False, "major_gridlines": {"visible": False}})
        sheet.insert_chart(below, 0, chart, {"object_position": 2, "x_offset": 12 + CHART_WIDTH})


def _bars(book: Book, one: _Column, names: str, values: str, facts: LeagueFacts, trends: Worksheet, count: int) -> Any:
    chart = book.book.add_chart({"type": "column"})
    chart.add_series(
        {
            "name": one.title.replace("\n", ""),
            "categories": names,
            "values": values,
            "gap": 60,
            "fill": {"color": QUIET},
            "border": {"color": INK, "width": 0.5},
            "data_labels": {"value": True, "font": _font(9)},
        }
    )
    target = facts.targets.get(one.key)
    if target is not None and target.value.value is not None:
        line = book.book.add_chart({"type": "line"})
        line.add_series(
            {
                "name": target.title.in_(facts.language),
                "categories": names,
                "values": _kept(trends, f"target/{one.key}", [float(target.value.value)] * count),
                "line": {"color": CINNABAR, "width": 1.5, "dash_type": "dash"},
            }
        )
        chart.combine(line)
    _dress(chart, one.title.replace("\n", ""), count)
    chart.set_x_axis({"num_font": _font(9), "line": {"color": INK}})
    chart.set_y_axis(
        {"visible": False, "major_gridlines": {"visible": True, "line": {"color": HAIRLINE, "width": 0.5}}}
    )
    return chart


def _ground(mark: Mark) -> dict[str, Any]:
    colour, pattern = LIGHT_COLOURS[mark.colour], _PATTERNS[LIGHT_HATCHES[mark.colour]]
    border = {"color": INK, "width": 0.5}
    if not pattern:
        return {"fill": {"color": LIGHT_FILLS[mark.colour]}, "border": border}
    return {"pattern": {"pattern": pattern, "fg_color": colour, "bg_color": PAPER}, "border": border}


def _font(size: float) -> dict[str, Any]:
    return {"name": FONT, "size": size, "color": INK}


def _dress(chart: Any, title: str, count: int) -> None:
    chart.set_title({"name": title, "name_font": {**_font(11), "bold": True}, "overlay": False})
    chart.set_legend({"position": "bottom", "font": _font(9)})
    chart.set_chartarea({"border": {"none": True}, "fill": {"color": PAPER}})
    chart.set_plotarea({"fill": {"color": PAPER}})
    chart.set_size({"width": CHART_WIDTH, "height": max(280, 60 + 26 * count)})
