"""What every workbook we write has in common: safe text, one set of formats, names, widths, print set-up.

Nothing a person or a sender wrote can become a formula: text is written as text, and a text that begins like a formula
gets a visible apostrophe, so that it stays text when somebody saves the sheet as CSV and opens it again.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from fractions import Fraction
from pathlib import Path
from typing import Any

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from guatu.office.body import TableSheet
from guatu.office.cell_texts import safe_text
from guatu.office.figures import MISSING, REST_MARK, Figure, FigureKind, Mark, Scale
from guatu.office.palette import HAIRLINE, INK, LIGHT_COLOURS, LIGHT_TINTS, QUIET, WARM
from guatu.text import Language, Text

FONT = "微软雅黑"
_WIDE = re.compile("[\u2e80-\U0010ffff]+")
_NOT_IN_NAMES = re.compile(r"[\[\]:*?/\\]")


def width_of(text: str) -> float:
    """The width of a text in a column's units: a Chinese character takes two."""
    if "\n" in text:
        return max(map(width_of, text.split("\n")))
    return 1.1 * len(text) + (0.0 if text.isascii() else sum(map(len, _WIDE.findall(text))))


def shown_number(figure: Figure, scale: Scale) -> float | None:
    """The figure as the number a cell holds: percentages stay ratios, everything else is in `scale`."""
    if figure.value is None:
        return None
    exact = Fraction(figure.value)
    return float(exact if figure.kind is FigureKind.PERCENT else exact / scale.divisor)


def number_format(figure: Figure) -> str:
    """The cell format of a figure, its decimals as the rulebook prints them."""
    places = "." + "0" * figure.decimals if figure.decimals else ""
    match figure.kind:
        case FigureKind.PERCENT:
            pattern = f"0{places}%"
        case FigureKind.RANK:
            pattern = "0"
        case _:
            pattern = f"#,##0{places}"
    star = f'"{REST_MARK}"' if figure.rests_on_missing else ""
    return f"+{pattern}{star};−{pattern}{star};{pattern}{star}" if figure.signed else pattern + star


@dataclass(slots=True)
class Book:
    """A workbook being written; `close` leaves the file. The same content gives the same bytes."""

    path: Path
    language: Language
    title: str
    author: str
    created: datetime
    book: xlsxwriter.Workbook = field(init=False)
    formats: dict[tuple[Any, ...], Format] = field(default_factory=dict)
    names: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.book = xlsxwriter.Workbook(
            str(self.path),
            {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False, "in_memory": True},
        )
        self.book.set_properties({"title": self.title, "author": self.author, "created": self.created})
        self.book.set_calc_mode("manual")

    def close(self) -> None:
        self.book.close()

    def style(self, **properties: Any) -> Format:
        """A format made once; unset properties are those of a body cell."""
        asked = tuple(properties.items())
        if asked not in self.formats:
            wanted = {"font_name": FONT, "font_size": 10.5, "font_color": INK, "valign": "vcenter", **properties}
            key = tuple(sorted(wanted.items()))
            if key not in self.formats:
                self.formats[key] = self.book.add_format(wanted)
            self.formats[asked] = self.formats[key]
        return self.formats[asked]

    def cell(self, **properties: Any) -> Format:
        """A format with the hairlines of a table."""
        asked = ("cell", *properties.items())
        if asked not in self.formats:
            self.formats[asked] = self.style(bottom=1, bottom_color=HAIRLINE, **properties)
        return self.formats[asked]

    def header(self, **properties: Any) -> Format:
        ruled = {"bottom": 1, "top": 1, "left": 1, "right": 1, "border_color": HAIRLINE}
        ground = {"bg_color": WARM, "bold": True, "align": "center", "text_wrap": True}
        return self.style(**{**ruled, **ground, **properties})

    def light(self, mark: Mark) -> Format:
        return self.cell(font_color=LIGHT_COLOURS[mark.colour], bg_color=LIGHT_TINTS[mark.colour], align="center")

    def sheet(self, title: Text, *, landscape: bool = True) -> TableSheet:
        """A new sheet with our print set-up; its name is made legal and unlike the others."""
        worksheet: TableSheet = self.book.add_worksheet(self.name(title.in_(self.language)), TableSheet)
        if landscape:
            worksheet.set_landscape()
        worksheet.set_paper(9)
        worksheet.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.7)
        worksheet.fit_to_pages(1, 0)
        worksheet.center_horizontally()
        folio = "第 &P 页 / 共 &N 页" if self.language == "zh" else "Page &P of &N"
        worksheet.set_footer(f"&L&9 &A&C&9 {folio}&R&9 {_footer(self.title)}")
        worksheet.hide_gridlines(2)
        worksheet.set_default_row(20)
        return worksheet

    def name(self, wanted: str) -> str:
        legal = _NOT_IN_NAMES.sub(" ", wanted).strip().strip("'")[:31] or "Sheet"
        name, number = legal, 2
        while name.casefold() in self.names:
            ending = f" ({number})"
            name, number = legal[: 31 - len(ending)] + ending, number + 1
        self.names.add(name.casefold())
        return name

    # -- cells ---------------------------------------------------------------------------------------------

    def text(self, sheet: Worksheet, row: int, column: int, text: str | None, style: Format) -> None:
        if text:
            sheet.write_string(row, column, safe_text(text), style)
        else:
            sheet.write_blank(row, column, None, style)

    def figure(
        self, sheet: Worksheet, row: int, column: int, figure: Figure | None, scale: Scale, *, strong: bool = False
    ) -> None:
        """A figure as a number with its format; a missing one as a dash whose comment says why."""
        value, style = self.figure_cell(figure, scale, strong=strong)
        (sheet.write_string if isinstance(value, str) else sheet.write_number)(row, column, value, style)
        self.figure_comment(sheet, row, column, figure)

    def figure_cell(self, figure: Figure | None, scale: Scale, *, strong: bool = False) -> tuple[str | float, Format]:
        """What a figure's cell holds, and its format."""
        ground = {"bold": True, "top": 1, "top_color": INK} if strong else {}
        if figure is None or figure.value is None:
            return MISSING, self.cell(align="center", font_color=QUIET, **ground)
        align = "center" if figure.kind is FigureKind.RANK else "right"
        return shown_number(figure, scale) or 0.0, self.cell(num_format=number_format(figure), align=align, **ground)

    def figure_comment(self, sheet: Worksheet, row: int, column: int, figure: Figure | None) -> None:
        """Why a figure is missing, or that it rests on cells that are."""
        if figure is None:
            return
        if figure.value is None:
            if figure.missing is not None:
                self.comment(sheet, row, column, figure.missing.in_(self.language))
        elif figure.rests_on_missing:
            cells = figure.provenance.missing_cells
            zh, en = f"有 {cells} 个单元格缺报", f"{cells} cells are missing"
            self.comment(sheet, row, column, zh if self.language == "zh" else en)

    def comment(self, sheet: Worksheet, row: int, column: int, text: str) -> None:
        options = {"author": self.author, "x_scale": 1.6, "font_name": FONT, "font_size": 9, "color": "#FBF6E9"}
        sheet.write_comment(row, column, safe_text(text), options)

    def heading(self, sheet: Worksheet, title: str, line: str, columns: int) -> None:
        """Title and line of rows 1 and 2, over `columns` columns."""
        last = max(columns - 1, 1)
        sheet.set_row(0, 34)
        sheet.set_row(1, 20)
        sheet.merge_range(0, 0, 0, last, "", self.style(font_size=16, bold=True, align="center"))
        sheet.write_string(0, 0, safe_text(title), self.style(font_size=16, bold=True, align="center"))
        sheet.merge_range(1, 0, 1, last, "", self.style(font_color=QUIET, align="center"))
        sheet.write_string(1, 0, safe_text(line), self.style(font_color=QUIET, align="center"))

    def widths(self, sheet: Worksheet, texts: Iterable[Iterable[str]], *, least: float = 8, most: float = 46) -> None:
        """Column widths from what stands in each column."""
        self.set_widths(sheet, [max(map(width_of, one), default=0.0) for one in texts], least=least, most=most)

    def set_widths(self, sheet: Worksheet, widest: Iterable[float], *, least: float = 8, most: float = 46) -> None:
        """Column widths from the widest text of each column."""
        for column, one in enumerate(widest):
            sheet.set_column(column, column, min(max(one + 1.6, least), most))


def _footer(text: str) -> str:
    return text.replace("&", "&&")[:120]
