"""Write the league workbook: one sheet a list, then lights, fractions, arrivals, findings, missing cells, ladder."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

from xlsxwriter.worksheet import Worksheet

from guatu.office.figures import Figure, Mark, Scale, number_of, scale_for
from guatu.office.league.facts import LeagueFacts
from guatu.office.league.ranking import RANK, UNIT, headed, write_ranking
from guatu.office.palette import CINNABAR
from guatu.office.sheets import Book, width_of
from guatu.text import Text

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
    for item in facts.items:
        because = stop.join(
            f"{light.title.in_(language)}{light.mark.glyph} {light.because.in_(language)}"
            for light in item.lights.values()
            if light.because.in_(language) and light.mark.colour != "green"  # what is well needs no reason here
        )
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
    widest = [width_of(text) for text in header]
    for index, row in enumerate(rows, 3):
        marked = alert is not None and alert[index - 3]
        longest = 0.0
        for column, value in enumerate(row):
            scale = scales[column] if column < len(scales) else None
            _cell(book, sheet, index, column, value, scale, alert=marked)
            width = width_of(value) if type(value) is str else width_of(_said(value, scale))
            if type(value) is str:
                longest = max(longest, width)
                width = width if len(value) <= _MOST_SHOWN else width_of(value[:_MOST_SHOWN])
            if width > widest[column]:
                widest[column] = width
        if longest > 46:
            sheet.set_row(index, min(20 * -(-int(longest) // 44), 180))
    if not rows:
        book.text(sheet, 3, 0, Text("无", "None").in_(language), book.cell())
    book.set_widths(sheet, widest)
    sheet.freeze_panes(3, freeze)
    sheet.autofilter(2, 0, 2 + max(len(rows), 1), len(header) - 1)
    sheet.repeat_rows(0, 2)


def _said(value: Cell, scale: Scale | None) -> str:
    """About what a cell shows, for the width of its column."""
    match value:
        case Figure():
            return number_of(value, scale or scale_for([value]), "en")
        case Mark():
            return value.shown("en")
        case date():
            return "2021-08-31"
        case _:
            return "" if value is None else str(value)[:_MOST_SHOWN]


def _exact(text: str | None) -> Cell:
    """A whole or decimal number as a number when a cell can hold it exactly."""
    if text is not None and _NUMBER.fullmatch(text) and len(text.replace(".", "").lstrip("-")) <= 15:
        return Decimal(text)
    return text


def _cell(
    book: Book, sheet: Worksheet, row: int, column: int, value: Cell, scale: Scale | None, *, alert: bool
) -> None:
    if type(value) is str:
        colour = {"font_color": CINNABAR} if alert and column == 4 else {}
        book.text(sheet, row, column, value, book.cell(text_wrap=True, **colour))
        return
    match value:
        case None:
            book.text(sheet, row, column, None, book.cell())
        case Figure():
            book.figure(sheet, row, column, value, scale or scale_for([value]))
        case Mark():
            book.text(sheet, row, column, value.shown(book.language), book.light(value))
        case date():
            moment = datetime(value.year, value.month, value.day)
            sheet.write_datetime(row, column, moment, book.cell(num_format="yyyy-mm-dd", align="center"))
        case int() | Decimal():
            sheet.write_number(row, column, float(value), book.cell(num_format="General", align="right"))
