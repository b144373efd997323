"""The workbook that goes back to the sender: the same sheets and addresses, bad cells marked with reason and remedy."""

from __future__ import annotations

import io
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from functools import partial
from pathlib import Path

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from guatu.office.cell_texts import begins_like_formula
from guatu.office.containers.child import BrokenOff, run_each
from guatu.office.containers.facts import Position
from guatu.office.containers.grid import Sheet, Value, position, show
from guatu.office.containers.limits import limits_in_force
from guatu.office.containers.opening import open_book
from guatu.office.containers.refusals import UnreadableWorkbook, packed_refusal, unpacked_refusal
from guatu.office.workbooks.fitting import column_widths, row_height
from guatu.office.workbooks.reading import Finding, Grade
from guatu.text import Language, Text

_GRADES: Mapping[Grade, Text] = {
    "error": Text("■ 错误", "■ error"),
    "question": Text("▲ 疑问", "▲ question"),
    "warning": Text("○ 提醒", "○ warning"),
}
_FILLS: Mapping[Grade, str] = {"error": "#F8CBAD", "question": "#FFE699", "warning": "#DDEBF7"}
_LOOK: Mapping[str, object] = {
    "font_size": 10, "valign": "vcenter", "text_wrap": True, "border": 1, "border_color": "#BFBFBF",
}  # fmt: skip
_MARKED, _REFUSED = b"=", b"N"
_MORE = 3
"""A workbook that was read within the limits may take so many times as much to be written with its marks."""
_A3, _A4, _WIDE = 8, 9, 14
_WORST_FIRST = ("error", "question", "warning")
_FORBIDDEN = re.compile(r"[\[\]:*?/\\]")
_TITLE = Text("填报问题", "Findings")
_COLUMNS = (
    (Text("级别", "Grade"), 10),
    (Text("工作表", "Sheet"), 16),
    (Text("单元格", "Cell"), 10),
    (Text("原文", "As written"), 24),
    (Text("问题", "Reason"), 48),
    (Text("怎么改", "Remedy"), 48),
)


def write_error_workbook(
    source: Path,
    findings: Iterable[Finding],
    target: Path,
    *,
    language: Language = "zh",
    encoding: str | None = None,
) -> None:
    """Write `source` again as `target` with every finding marked and listed on a last sheet with links.

    Values stand at the addresses they had, merges, hidden rows and columns are kept; formulas become their saved
    results, and text that looks like a formula stays text. Delimited text (in `encoding`, if it does not say) becomes
    a workbook too. Refuses a source that is neither. The source is opened in a child process, as for reading; should
    that break off, the list of findings goes back alone.
    """
    told = list(findings)
    limits = limits_in_force()
    room = replace(limits, memory_mb=_MORE * limits.memory_mb, seconds=_MORE * limits.seconds)
    [answer] = run_each([partial(_marked_or_refused, source, told, language, encoding)], room)
    if isinstance(answer, BrokenOff):
        answer = _MARKED + _marked((), told, language)
    if answer[:1] != _MARKED:
        raise UnreadableWorkbook(*unpacked_refusal(answer[1:]))
    target.write_bytes(answer[1:])


def _marked_or_refused(source: Path, told: Sequence[Finding], language: Language, encoding: str | None) -> bytes:
    """In the child."""
    try:
        return _MARKED + _marked(open_book(source, encoding=encoding).sheets, told, language)
    except UnreadableWorkbook as no:
        return _REFUSED + packed_refusal(no)


def _marked(of: Sequence[Sheet], told: Sequence[Finding], language: Language) -> bytes:
    held = io.BytesIO()
    with xlsxwriter.Workbook(held, {"in_memory": True, "strings_to_formulas": False}) as workbook:
        formats = _Formats(workbook)
        sheets = {}
        for sheet in of:
            sheets[sheet.name] = page = workbook.add_worksheet(_free_name(sheet.name, workbook))
            _write_sheet(page, sheet, [one for one in told if one.sheet == sheet.name], formats, language)
        page = workbook.add_worksheet(_free_name(_TITLE.in_(language), workbook))
        _write_list(page, told, sheets, formats, language)
        page.activate()
    return held.getvalue()


class _Formats:
    """Cell formats by what they must show, made once each."""

    def __init__(self, workbook: xlsxwriter.Workbook) -> None:
        self._workbook = workbook
        self._made: dict[tuple[str, str, bool, bool], Format] = {}
        self.title = workbook.add_format({**_LOOK, "bold": True, "font_color": "#FFFFFF", "bg_color": "#2B2F36"})
        self.link = workbook.add_format({**_LOOK, "font_color": "#1F5FA8", "underline": 1})

    def cell(self, number_format: str, fill: str = "", centred: bool = False, *, as_text: bool = False) -> Format:
        key = (number_format, fill, centred, as_text)
        if key not in self._made:
            look: dict[str, object] = {**_LOOK, "num_format": number_format}
            if centred:
                look["align"] = "center"
            if fill:
                look["bg_color"] = fill
            if as_text:
                look["quote_prefix"] = True  # it stays text when somebody edits the cell and leaves it
            self._made[key] = self._workbook.add_format(look)
        return self._made[key]


def _write_sheet(
    page: Worksheet, sheet: Sheet, findings: Sequence[Finding], formats: _Formats, language: Language
) -> None:
    marks = _marks(findings, sheet)
    spans: dict[int, dict[int, int]] = defaultdict(dict)
    for (top, left), (bottom, right) in _apart(sheet.merges):
        page.merge_range(top, left, bottom, right, "", formats.cell("General"))
        spans[top][left] = right
    for row, values in enumerate(sheet.rows):
        for column, value in enumerate(values):
            told = marks.get((row, column), ())
            if value is not None or told:
                fill = _FILLS[_worst(told)] if told else ""
                shown = _number_format(sheet, row, column, value)
                look = formats.cell(shown, fill, column in spans.get(row, {}), as_text=begins_like_formula(value))
                _write(page, row, column, value, look)
    for place in {**sheet.facts.comments, **marks}:
        told = marks.get(place, ())
        words = "\n".join(filter(None, (_comment(told, language), sheet.facts.comments.get(place, ""))))
        page.write_comment(*place, words, {"x_scale": 2.4, "y_scale": 1 + 0.6 * len(told)})
    _lay_out(page, sheet, spans)
    if marks:
        page.set_tab_color(_FILLS[_worst([one for told in marks.values() for one in told])])
    if not sheet.visible:
        page.hide()


def _lay_out(page: Worksheet, sheet: Sheet, spans: Mapping[int, Mapping[int, int]]) -> None:
    """Widths and heights at which everything can be read, on paper too; what was hidden stays hidden."""
    shown = [{column: show(sheet.value(row, column)) for column in sheet.filled(row)} for row in range(sheet.height)]
    alone = [
        {column: text for column, text in texts.items() if spans.get(row, {}).get(column, column) == column}
        for row, texts in enumerate(shown)
    ]
    widths = column_widths(alone, sheet.width)
    for row, texts in enumerate(shown):
        hidden = {"hidden": True} if row in sheet.facts.hidden_rows else {}
        own = {column: text for column, text in texts.items() if not _reaches_down(sheet, row, column)}
        page.set_row(row, row_height(own, widths, spans.get(row)), None, hidden)
    for column, width in enumerate(widths):
        page.set_column(column, column, width, None, {"hidden": column in sheet.facts.hidden_columns})
    page.set_landscape()
    page.set_paper(_A3 if sheet.width > _WIDE else _A4)
    page.fit_to_pages(1, 0)


def _reaches_down(sheet: Sheet, row: int, column: int) -> bool:
    merge = sheet.merge_at(row, column)
    return merge is not None and merge[1][0] > row


def _apart(merges: Sequence[tuple[Position, Position]]) -> list[tuple[Position, Position]]:
    """Merges that do not overlap one before and cover more than a cell: what a workbook may hold."""
    taken: set[Position] = set()
    kept = []
    for (top, left), (bottom, right) in merges:
        cells = {(row, column) for row in range(top, bottom + 1) for column in range(left, right + 1)}
        if len(cells) > 1 and not cells & taken:
            kept.append(((top, left), (bottom, right)))
            taken |= cells
    return kept


def _marks(findings: Iterable[Finding], sheet: Sheet) -> dict[Position, list[Finding]]:
    """Findings by the cell to mark; one about a whole row or column marks its first filled cell."""
    marks: dict[Position, list[Finding]] = defaultdict(list)
    for finding in findings:
        place = position(finding.cell)
        if place is None and ":" in finding.cell:
            place = _first_filled(finding.cell.partition(":")[0], sheet)
        if place is not None:
            marks[place].append(finding)
    return marks


def _first_filled(line: str, sheet: Sheet) -> Position | None:
    """The first filled cell of a row (12) or a column (L)."""
    if line.isdigit():
        row = int(line) - 1
        return (row, next(iter(sheet.filled(row)), 0)) if row < sheet.height else None
    top = position(f"{line}1")
    if top is None or top[1] >= sheet.width:
        return None
    return next(((row, top[1]) for row in range(sheet.height) if sheet.value(row, top[1]) is not None), top)


def _worst(findings: Sequence[Finding]) -> Grade:
    return min((finding.grade for finding in findings), key=_WORST_FIRST.index)


def _comment(findings: Sequence[Finding], language: Language) -> str:
    return "\n".join(
        f"[{_GRADES[one.grade].in_(language)}] {one.reason.in_(language)}\n→ {one.remedy.in_(language)}"
        for one in findings
    )


def _number_format(sheet: Sheet, row: int, column: int, value: Value) -> str:
    match value:
        case datetime():
            return "yyyy-mm-dd hh:mm"
        case date():
            return "yyyy-mm-dd"
        case time() | timedelta():
            return "hh:mm:ss"
        case _:
            return "0.0##%" if (row, column) in sheet.facts.percents else "General"


def _write(page: Worksheet, row: int, column: int, value: Value, look: Format) -> None:
    match value:
        case None:
            page.write_blank(row, column, None, look)
        case bool():
            page.write_boolean(row, column, value, look)
        case float():
            page.write_number(row, column, value, look)
        case datetime() | date() | time() | timedelta():
            page.write_datetime(row, column, value, look)
        case _:
            page.write_string(row, column, value, look)


def _free_name(wanted: str, workbook: xlsxwriter.Workbook) -> str:
    """A sheet name Excel takes: other programs allow longer ones, and characters Excel forbids."""
    taken = {page.get_name().casefold() for page in workbook.worksheets()}
    base = _FORBIDDEN.sub("_", wanted).strip("'")[:31] or "_"
    name, number = base, 1
    while name.casefold() in taken:
        number += 1
        name = f"{base[:28]} {number}"
    return name


def _write_list(
    page: Worksheet, findings: Sequence[Finding], sheets: Mapping[str, Worksheet], formats: _Formats, language: Language
) -> None:
    """All findings, worst first, each with a link to its cell."""
    for column, (title, width) in enumerate(_COLUMNS):
        page.set_column(column, column, width)
        page.write_string(0, column, title.in_(language), formats.title)
    ordered = sorted(findings, key=lambda one: _WORST_FIRST.index(one.grade))
    for row, one in enumerate(ordered, start=1):
        look = formats.cell("General", _FILLS[one.grade])
        plain = formats.cell("General")
        page.write_string(row, 0, _GRADES[one.grade].in_(language), look)
        page.write_string(row, 1, one.sheet, plain)
        if one.sheet in sheets and one.cell:
            quoted = sheets[one.sheet].get_name().replace("'", "''")
            page.write_url(row, 2, f"internal:'{quoted}'!{one.cell}", formats.link, one.cell)
        else:
            page.write_string(row, 2, one.cell, plain)
        texts = dict(enumerate((one.sheet, one.cell, one.raw, one.reason.in_(language), one.remedy.in_(language)), 1))
        for column in (3, 4, 5):
            as_text = begins_like_formula(texts[column])
            page.write_string(row, column, texts[column], formats.cell("General", as_text=as_text))
        page.set_row(row, row_height(texts, [width for _, width in _COLUMNS]))
    page.freeze_panes(1, 0)
    page.autofilter(0, 0, len(ordered), len(_COLUMNS) - 1)
    page.set_row(0, 20)
    page.set_landscape()
    page.set_paper(_A4)
    page.fit_to_pages(1, 0)
    page.repeat_rows(0)
