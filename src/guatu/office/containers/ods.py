"""What calamine does not say about an .ods: merges, hidden rows and columns, comments, errors, percent cells, flags."""

from __future__ import annotations

import io
import re
from itertools import islice
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import iterparse

from guatu.office.containers.archive import Archive
from guatu.office.containers.facts import Merge, Position, SheetFacts, SheetMarkup
from guatu.office.containers.limits import HEADING_ROWS, Limits
from guatu.office.containers.number_formats import scales, unit_in

_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_CALC_TYPE = "{urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0}value-type"
_NUMBER = "{urn:oasis:names:tc:opendocument:xmlns:datastyle:1.0}"
_STYLE = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"
_NUMBER_STYLES = (f"{_NUMBER}number-style", f"{_NUMBER}currency-style")
_CELLS = (f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell")
_HIDDEN = ("collapse", "filter")
_SHOWN_ERROR = re.compile(r"#[A-Z0-9/]+[!?]?|Err:\d+")
_DIGITS = re.compile(r"[1-9]\d{0,8}")


def read_markup(archive: Archive, limits: Limits) -> dict[str, SheetMarkup]:
    """The markup of every sheet by its name. Raises UnreadableWorkbook for what no office program would write."""
    found: dict[str, SheetMarkup] = {}
    page: _Page | None = None
    styles = _Styles()
    try:
        if "styles.xml" in archive.names:
            for _, element in iterparse(io.BytesIO(archive.read("styles.xml"))):
                styles.take(element)
        for event, element in iterparse(io.BytesIO(archive.read("content.xml")), events=("start", "end")):
            if element.tag == f"{_TABLE}table":
                if event == "start" and page is None:
                    page = _Page(limits, styles)
                elif event == "end" and page is not None:
                    name = element.get(f"{_TABLE}name", "")
                    if name in found:
                        raise archive.damaged(f"two sheets are called {name!r}")
                    found[name] = page.markup()
                    page = None
                    element.clear()
            elif event == "end" and page is None:
                styles.take(element)
            elif event == "end" and page is not None:
                if element.tag == f"{_TABLE}table-column":
                    page.column(element)
                elif element.tag == f"{_TABLE}table-row":
                    page.row(element)
                    element.clear()
        return found
    except (ParseError, DefusedXmlException, ValueError) as error:
        raise archive.damaged(str(error) or type(error).__name__) from error


class _Styles:
    """The number formats of cell styles that tell more than the value, as Excel would write them."""

    def __init__(self) -> None:
        self._codes: dict[str, str] = {}
        self._of_style: dict[str, str] = {}

    def take(self, element: Element) -> None:
        if element.tag in _NUMBER_STYLES:
            self._codes[element.get(f"{_STYLE}name", "")] = _code(element)
        elif element.tag == f"{_STYLE}style":
            code = self._codes.get(element.get(f"{_STYLE}data-style-name", ""), "")
            if scales(code) or unit_in(code):
                self._of_style[element.get(f"{_STYLE}name", "")] = code

    def code(self, style: str | None) -> str:
        return self._of_style.get(style, "") if style else ""


def _code(element: Element) -> str:
    """0.00"亿元" for a style that writes a unit behind the number, 0.00, for one that shows thousands."""
    parts = []
    for one in element:
        if one.tag == f"{_NUMBER}number":
            factor = one.get(f"{_NUMBER}display-factor", "1")
            parts.append("0" + "," * ((len(factor) - 1) // 3))
        elif one.tag == f"{_NUMBER}text" and one.text:
            parts.append('"' + one.text.replace('"', "") + '"')
    return "".join(parts)


class _Page:
    """What collects while one sheet is read. Repeats are counted, never written out: one may stand for a million rows."""

    def __init__(self, limits: Limits, styles: _Styles) -> None:
        self._styles = styles
        self._most_rows, self._most_columns = limits.rows + HEADING_ROWS, limits.columns
        self._next_row = self._next_column = 0
        self._hidden_rows: set[int] = set()
        self._hidden_columns: set[int] = set()
        self._errors: dict[Position, str] = {}
        self._formulas: set[Position] = set()
        self._percents: set[Position] = set()
        self._comments: dict[Position, str] = {}
        self._flags: dict[Position, bool] = {}
        self._telling: dict[Position, str] = {}
        self._column_styles: dict[int, str] = {}
        self._merges: list[Merge] = []
        self._height = self._width = 0

    def column(self, element: Element) -> None:
        count = _repeats(element, "columns")
        columns = range(self._next_column, min(self._next_column + count, self._most_columns))
        if element.get(f"{_TABLE}visibility") in _HIDDEN:
            self._hidden_columns.update(columns)
        if code := self._styles.code(element.get(f"{_TABLE}default-cell-style-name")):
            self._column_styles.update(dict.fromkeys(columns, code))
        self._next_column += count

    def row(self, element: Element) -> None:
        first, count = self._next_row, _repeats(element, "rows")
        self._next_row += count
        rows = range(first, min(first + count, self._most_rows))
        if element.get(f"{_TABLE}visibility") in _HIDDEN:
            self._hidden_rows.update(rows)
        column = 0
        for cell in element:
            if cell.tag not in _CELLS:
                continue
            times = _repeats(cell, "columns")
            if _is_filled(cell):
                self._height, self._width = first + count, max(self._width, column + times)
            columns = range(column, min(column + times, self._most_columns))
            for place in ((one, other) for one in rows for other in columns):
                self._cell(cell, place)
            column += times

    def _cell(self, cell: Element, place: Position) -> None:
        kind = cell.get(f"{_OFFICE}value-type")
        if kind is None and not len(cell) and cell.get(f"{_TABLE}formula") is None:
            return
        shown = "\n".join("".join(line.itertext()) for line in cell.findall(f"{_TEXT}p"))
        if cell.get(f"{_TABLE}formula") is not None:
            if shown or kind != "string":
                self._formulas.add(place)
            if cell.get(_CALC_TYPE) == "error" or _SHOWN_ERROR.fullmatch(shown):
                self._errors[place] = shown or "#ERROR"
        style = cell.get(f"{_TABLE}style-name")
        if code := self._styles.code(style) if style else self._column_styles.get(place[1], ""):
            self._telling[place] = code
        if kind == "percentage":
            self._percents.add(place)
        elif kind == "boolean":
            self._flags[place] = cell.get(f"{_OFFICE}boolean-value") == "true"
        for note in islice(cell.findall(f"{_OFFICE}annotation"), 1):
            self._comments[place] = "\n".join("".join(line.itertext()) for line in note.iter(f"{_TEXT}p")).strip()
        self._merge(cell, place)

    def _merge(self, cell: Element, place: Position) -> None:
        down, across = _number(cell, "number-rows-spanned"), _number(cell, "number-columns-spanned")
        if down > 1 or across > 1:
            self._merges.append((place, (place[0] + down - 1, place[1] + across - 1)))

    def markup(self) -> SheetMarkup:
        facts = SheetFacts(
            hidden_rows=frozenset(self._hidden_rows),
            hidden_columns=frozenset(self._hidden_columns),
            errors=self._errors,
            formulas=frozenset(self._formulas),
            percents=frozenset(self._percents),
            formats=self._telling,
            comments=self._comments,
        )
        return SheetMarkup(facts, self._height, self._width, tuple(self._merges), self._flags)


def _is_filled(cell: Element) -> bool:
    return cell.get(f"{_OFFICE}value-type") is not None or cell.find(f"{_TEXT}p") is not None


def _repeats(element: Element, what: str) -> int:
    return _number(element, f"number-{what}-repeated")


def _number(element: Element, name: str) -> int:
    written = element.get(f"{_TABLE}{name}", "1")
    if not _DIGITS.fullmatch(written):
        raise ValueError(f"{name} is {written[:20]!r}")
    return int(written)
