"""Write the league workbook: one sheet a list, then lights, fractions, arrivals, findings, missing cells, ladder."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

from guatu.office.body import CellOut, TableSheet
from guatu.office.cell_texts import safe_text
from guatu.office.facts import DimensionLight
from guatu.office.figures import Figure, Mark, Scale, number_of, scale_for
from guatu.office.league.facts import LeagueFacts
from guatu.office.league.ranking import RANK, UNIT, headed, write_ranking
from guatu.office.palette import CINNABAR
from guatu.office.sheets import Book, width_of
from guatu.text import Language, Text

Cell = str | int | Decimal | date | Figure | Mark | None
_MOST_SHOWN = 60
"""Characters of a text that count for the width of its column."""
_NUMBER = re.compile(r"-?\d+(\.\d+)?")
_ARRIVED = {
    "arrived": Text("已采用", "accepted"),
    "missing": Text("未报送", "not received"),
    "refused": Text("已退回", "returned"),
}


def write_league(path: Path, facts: LeagueFacts) -> None:
    """Write the workbook at `path`; the same facts give the same bytes."""
    language = facts.language
    created = datetime(facts.as_of.year, facts.as_of.month, facts.as_of.day)
    title = Text(f"{facts.period.zh}重点项目排名", f"Key project league, {facts.period.en}")
    book = Book(path, language, title.in_(language), facts.issuer.in_(language), created)
    trends = book.book.add_worksheet(book.name("trend"))
    for league in facts.lists:
        write_ranking(book, facts, league, trends)
    _lights(book, facts)
    _fractions(book, facts)
    _arrivals(book, facts)
    _findings(book, facts)
    _missing(book, facts)
    _ladder(book, facts)
    trends.very_hidden()
    first = book.book.worksheets()[1]
    first.activate()
    first.set_first_sheet()
    book.close()


def _lights(book: Book, facts: LeagueFacts) -> None:
    language = facts.language
    scales = {
        one.key: scale_for([item.figures[one.key] for item in facts.items if one.key in item.figures])
        for one in facts.item_figures
    }
    header = [
        UNIT.in_(language),
        Text("项目", "Project").in_(language),
        Text("项目代码", "Code").in_(language),
        Text("清单", "Lists").in_(language),
        *(headed(one.title, scales[one.key], facts) for one in facts.item_figures),
        Text("综合", "Overall").in_(language),
        *(title.in_(language) for title in facts.dimensions.values()),
        Text("原因", "Because").in_(language),
        Text("责任单位", "Owner").in_(language),
        Text("下一节点", "Next date").in_(language),
    ]
    comma, stop = ("、", "；") if language == "zh" else (", ", "; ")
    rows: list[list[Cell]] = []
    told: dict[int, str] = {}
    for item in facts.items:
        because = stop.join([words for light in item.lights.values() if (words := _told(light, told, language))])
        lights = [item.lights[key].mark if key in item.lights else None for key in facts.dimensions]
        rows.append(
            [
                item.unit.in_(language),
                item.name,
                item.code,
                comma.join(title.in_(language) for title in item.lists),
                *(item.figures.get(one.key) for one in facts.item_figures),
                item.overall,
                *lights,
                because,
                item.owner,
                item.next_date,
            ]
        )
    column_scales = [None] * 4 + [scales[one.key] for one in facts.item_figures]
    _table(book, facts, Text("亮灯", "Lights"), header, rows, column_scales, freeze=2)


def _told(light: DimensionLight, told: dict[int, str], language: Language) -> str:
    """Why a light is what it is; nothing where all is well. Items share their lights, and `told` what was said of them."""
    found = told.get(id(light))
    if found is None:
        because = light.because.in_(language)
        is_told = because and light.mark.colour != "green"
        found = told[id(light)] = f"{light.title.in_(language)}{light.mark.glyph} {because}" if is_told else ""
    return found


def _fractions(book: Book, facts: LeagueFacts) -> None:
    """Every figure of every list with its numerator, denominator and rank."""
    language = facts.language
    header = [
        one.in_(language)
        for one in (
            UNIT,
            Text("清单", "List"),
            Text("指标", "Indicator"),
            Text("数值", "Value"),
            Text("分子", "Numerator"),
            Text("分母", "Denominator"),
            RANK,
            Text("缺报", "Missing cells"),
            Text("规则与版本", "Rule and version"),
        )
    ]
    rows: list[list[Cell]] = []
    for league in facts.lists:
        for row in (*league.rows, *([league.total] if league.total else [])):
            for one in league.indicators:
                figure = row.values.get(one.key)
                if figure is None:
                    continue
                reasons = figure.provenance
                rows.append(
                    [
                        row.unit.in_(language),
                        league.title.in_(language),
                        headed(one.title, scale_for([figure]), facts).replace("\n", ""),
                        figure,
                        _exact(reasons.numerator),
                        _exact(reasons.denominator),
                        row.ranks.get(one.key),
                        reasons.missing_cells or None,
                        f"{reasons.rule} {reasons.version}",
                    ]
                )
    _table(book, facts, Text("指标", "Indicators"), header, rows, [], freeze=3)


def _arrivals(book: Book, facts: LeagueFacts) -> None:
    language = facts.language
    titles = (
        UNIT,
        Text("情况", "State"),
        Text("工作簿", "Workbook"),
        Text("错误", "Errors"),
        Text("待核", "Questions"),
        Text("提示", "Warnings"),
        Text("退回原因", "Why returned"),
    )
    rows: list[list[Cell]] = [
        [
            one.unit.in_(language),
            _ARRIVED[one.state].in_(language),
            one.workbook,
            one.errors,
            one.questions,
            one.warnings,
            one.reason.in_(language) if one.reason else None,
        ]
        for one in facts.arrivals
    ]
    _table(book, facts, Text("报送情况", "Arrivals"), [title.in_(language) for title in titles], rows, [])


def _findings(book: Book, facts: LeagueFacts) -> None:
    language = facts.language
    titles = (
        Text("工作簿", "Workbook"),
        Text("工作表", "Sheet"),
        Text("单元格", "Cell"),
        Text("原文", "Raw"),
        Text("等级", "Grade"),
        Text("问题", "Reason"),
        Text("如何更正", "Remedy"),
    )
    rows: list[list[Cell]] = [
        [
            one.workbook,
            one.sheet,
            one.cell,
            one.raw,
            one.grade.in_(language),
            one.reason.in_(language),
            one.remedy.in_(language),
        ]
        for one in facts.findings
    ]
    serious = [one.serious for one in facts.findings]
    _table(
        book, facts, Text("数据问题", "Findings"), [title.in_(language) for title in titles], rows, [], alert=serious
    )


def _missing(book: Book, facts: LeagueFacts) -> None:
    language = facts.language
    titles = (Text("结果", "Result"), Text("缺报处数", "Missing cells"), Text("说明", "Why"))
    rows: list[list[Cell]] = [[one.result.in_(language), one.cells, one.why.in_(language)] for one in facts.missing]
    _table(book, facts, Text("缺报影响", "Missing data"), [title.in_(language) for title in titles], rows, [])


def _ladder(book: Book, facts: LeagueFacts) -> None:
    language = facts.language
    titles = (
        Text("对象", "Subject"),
        Text("措施等级", "Step"),
        Text("措施", "Measure"),
        Text("依据", "Grounds"),
        Text("期限", "Due"),
    )
    rows: list[list[Cell]] = [
        [
            one.subject.in_(language),
            one.step.in_(language),
            one.measure.in_(language),
            one.because.in_(language),
            one.due_on,
        ]
        for one in facts.ladder
    ]
    _table(book, facts, Text("问责阶梯", "Ladder"), [title.in_(language) for title in titles], rows, [])


def _table(
    book: Book,
    facts: LeagueFacts,
    title: Text,
    header: list[str],
    rows: list[list[Cell]],
    scales: Sequence[Scale | None],
    *,
    freeze: int = 1,
    alert: list[bool] | None = None,
) -> None:
    """A plain table under a heading: filter, frozen header, header repeated in print."""
    language = facts.language
    sheet = book.sheet(title)
    book.heading(sheet, f"{facts.period.in_(language)} {title.in_(language)}", str(facts.as_of), len(header))
    sheet.set_row(2, 34)
    for column, text in enumerate(header):
        book.text(sheet, 2, column, text, book.header())
    body = _Body(book, sheet, [*scales, *[None] * (len(header) - len(scales))], [width_of(text) for text in header])
    for index, row in enumerate(rows, 3):
        body.row(index, row, alert=alert is not None and alert[index - 3])
    if not rows:
        book.text(sheet, 3, 0, Text("无", "None").in_(language), book.cell())
    book.set_widths(sheet, body.widest)
    sheet.freeze_panes(3, freeze)
    sheet.autofilter(2, 0, 2 + max(len(rows), 1), len(header) - 1)
    sheet.repeat_rows(0, 2)


def _exact(text: str | None) -> Cell:
    """A whole or decimal number as a number when a cell can hold it exactly."""
    if text is not None and _NUMBER.fullmatch(text) and len(text.replace(".", "").lstrip("-")) <= 15:
        return Decimal(text)
    return text


_FIRST_DAY = date(1899, 12, 30)
"""Day 0 of the serial numbers a workbook keeps dates as."""


class _Body:
    """The rows of a table, and how wide its columns get; what many cells share is worked out once."""

    def __init__(self, book: Book, sheet: TableSheet, scales: Sequence[Scale | None], widest: list[float]) -> None:
        self.book, self.sheet, self.scales, self.widest = book, sheet, scales, widest
        self.words, self.empty = book.cell(text_wrap=True), book.cell()
        self.alert = book.cell(text_wrap=True, font_color=CINNABAR)
        self.texts: dict[str, tuple[str, float, float]] = {}
        """A text as it is written, its width, and the width its column needs for it."""
        self.marks: dict[int, tuple[Mark, CellOut, float]] = {}

    def row(self, index: int, values: Sequence[Cell], *, alert: bool) -> None:
        cells: list[CellOut] = []
        widest, longest = self.widest, 0.0
        for column, value in enumerate(values):
            width = 0.0
            if type(value) is str:
                text, full, width = self.texts.get(value) or self._text(value)
                longest = max(longest, full)
                cells.append((text or None, self.alert if alert and column == 4 else self.words))
            elif value is None:
                cells.append((None, self.empty))
            elif type(value) is Mark:
                _, cell, width = self.marks.get(id(value)) or self._mark(value)
                cells.append(cell)
            else:
                cell, width = self._other(index, column, value)
                cells.append(cell)
            if width > widest[column]:
                widest[column] = width
        self.sheet.add_row(index, cells, min(20 * -(-int(longest) // 44), 180) if longest > 46 else None)

    def _text(self, text: str) -> tuple[str, float, float]:
        full = width_of(text)
        short = full if len(text) <= _MOST_SHOWN else width_of(text[:_MOST_SHOWN])
        found = self.texts[text] = (safe_text(text), full, short)
        return found

    def _mark(self, mark: Mark) -> tuple[Mark, CellOut, float]:
        cell = (safe_text(mark.shown(self.book.language)), self.book.light(mark))
        found = self.marks[id(mark)] = (mark, cell, width_of(mark.shown("en")))
        return found

    def _other(self, row: int, column: int, value: Cell) -> tuple[CellOut, float]:
        """A figure, a date or a number, and about how wide it shows."""
        match value:
            case Figure():
                scale = self.scales[column] or scale_for([value])
                self.book.figure_comment(self.sheet, row, column, value)
                return self.book.figure_cell(value, scale), width_of(number_of(value, scale, "en"))
            case date():
                style = self.book.cell(num_format="yyyy-mm-dd", align="center")
                return ((value - _FIRST_DAY).days, style), width_of("2021-08-31")
            case int() | Decimal():
                style = self.book.cell(num_format="General", align="right")
                return (float(value), style), width_of(str(value)[:_MOST_SHOWN])
            case _:
                raise TypeError(f"A {type(value).__name__} has no place in a table.")
