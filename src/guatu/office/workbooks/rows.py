"""What each row below a header is: an item, a section title, a subtotal, a note, or nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum

from guatu.office.containers.grid import Sheet, Value
from guatu.office.workbooks.labels import is_guide, is_note, is_section, is_total
from guatu.office.workbooks.normalising import squeezed
from guatu.office.workbooks.numbers import read_number
from guatu.office.workbooks.tables import Table
from guatu.office.workbooks.words import CIRCLED

_LEGEND = re.compile(f"({CIRCLED.pattern})([^\u2460-\u2473\u2776-\u277f;；]+)")
_BRACKETS = re.compile(r"[(（].*?[)）]")
_LEVEL_TWO = re.compile(r"^[(（]")
_ORDINAL = re.compile(r"^(?:[(（]?[一二三四五六七八九十百]+[)）、.．]|第[一二三四五六七八九十]+[类批部][:：]?)")
_COUNT = re.compile(r"[(（]?(?:共)?(\d+)\s*(?:个|项|宗|家)(?:项目)?[)）]?$")

_LONGEST_TOTAL = 9
LEAST_ROW = 3
"""A row with so many filled cells says something: it is read, or named."""


class Kind(Enum):
    ITEM = "item"
    SECTION = "section"
    SUBTOTAL = "subtotal"
    TOTAL = "total"
    NOTE = "note"
    GUIDE = "guide"
    """An example or instructions (示例, 填写说明) inside the table."""
    CONTINUED = "continued"
    """A further line of the item above, whose name is merged over both."""
    UNCLEAR = "unclear"


@dataclass(frozen=True, slots=True)
class Line:
    """One non-empty row below a header."""

    row: int
    kind: Kind
    label: str
    """Text of a section, total or note."""
    column: int
    """Where the label stands."""

    @property
    def level(self) -> int:
        """1 for 一、 and unnumbered sections, 2 for (一)."""
        return 2 if _LEVEL_TWO.match(squeezed(self.label)) else 1

    @property
    def heading(self) -> str:
        """The section's name without ordinal and count: 省重点项目."""
        return _BRACKETS.sub("", _ORDINAL.sub("", squeezed(self.label))).rstrip(":：")

    @property
    def count(self) -> int | None:
        """The count in (13个), when there is one."""
        match = _COUNT.search(squeezed(self.label))
        return int(match[1]) if match else None


def lines(sheet: Sheet, table: Table, named_by: list[int]) -> Iterator[Line]:
    """Every non-empty row of the table; `named_by` are the columns that hold an item's name or code."""
    for row in table.rows():
        if _is_plain_item(sheet.rows[row], named_by):
            yield Line(row, Kind.ITEM, "", 0)
        elif columns := sheet.filled(row):
            yield _line(sheet, row, columns, named_by)


def _is_plain_item(values: list[Value], named_by: list[int]) -> bool:
    """Most rows: a running number first, and a name too long for a total."""
    name = values[named_by[0]] if named_by else None
    return type(values[0]) is float and type(name) is str and len(name) > _LONGEST_TOTAL


def _line(sheet: Sheet, row: int, columns: list[int], named_by: list[int]) -> Line:
    first = columns[0]
    text = sheet.text(row, first)
    wide = (merge := sheet.merge_at(row, first)) is not None and merge[1][1] - merge[0][1] >= 2
    for column in columns[:3]:
        if is_total(sheet.text(row, column)) and _may_label(sheet, row, column, first, named_by):
            label = sheet.text(row, column)
            kind = Kind.SUBTOTAL if "小计" in squeezed(label) or "分计" in squeezed(label) else Kind.TOTAL
            return Line(row, kind, label, column)
    if is_note(text) and (len(columns) <= 3 or wide):
        return Line(row, Kind.NOTE, text, first)
    if is_guide(text) and first not in named_by:
        return Line(row, Kind.GUIDE, text, first)
    named = any(sheet.value(row, column) is not None for column in named_by)
    if not named and any(_filled_down(sheet, row, column) for column in named_by):
        return Line(row, Kind.CONTINUED, text, first)
    if is_section(text) and (not named or wide or (first in named_by and _only_sums(sheet, row, columns[1:]))):
        return Line(row, Kind.SECTION, text, first)
    if len(columns) == 1 and not (first in named_by and not wide) and isinstance(sheet.value(row, first), str):
        return Line(row, Kind.SECTION if wide or first not in named_by else Kind.UNCLEAR, text, first)
    if named:
        return Line(row, Kind.ITEM, "", first)
    return Line(row, Kind.UNCLEAR, text, first)


def _may_label(sheet: Sheet, row: int, column: int, first: int, named_by: list[int]) -> bool:
    """Whether a word such as 合计 says what the row is: beside a name of its own it is only a value (建设地点: 全市)."""
    return column == first or column in named_by or all(sheet.value(row, other) is None for other in named_by)


def _only_sums(sheet: Sheet, row: int, columns: list[int]) -> bool:
    """Whether a section title written in the name column has nothing beside it, or sums: a project has words too."""
    return len(columns) <= 1 or all(read_number(sheet.value(row, column))[0] is not None for column in columns)


def _filled_down(sheet: Sheet, row: int, column: int) -> bool:
    merge = sheet.merge_at(row, column)
    return merge is not None and merge[0][0] < row and sheet.value(*merge[0]) is not None


def legend(notes: list[str]) -> Mapping[str, str]:
    """What circled numbers stand for, from the notes under a table: ①重点产业 ②四新."""
    found: dict[str, str] = {}
    for note in notes:
        for mark, meaning in _LEGEND.findall(note):
            found.setdefault(mark, _BRACKETS.sub("", meaning).strip(" \t\n。,，;；、.:：=-—"))
    return found
