"""Header rows: how many a table has, above and below the row it was known by, and each column's title path."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise

from guatu.office.containers.grid import Sheet
from guatu.office.containers.spelling import plain
from guatu.office.workbooks.labels import is_note, is_section, is_total
from guatu.office.workbooks.normalising import squeezed
from guatu.standards.units import unit_named

LONGEST_TITLE = 40
_DEEPEST_HEADER = 6
_COLUMN_MARKS = re.compile(r"^(?:[甲乙丙丁戊己庚辛]|[(]?\d{1,2}[)]?|[A-Z]|\d+=.*)$")
_UNIT_LABELS = frozenset({"单位", "计量单位", "金额单位"})
_DASHES = frozenset("-—－–―/")
_LONGEST_UNIT = 6
_BRACKETS = re.compile(r"[(（][^()（）]*[)）]")
_WRITTEN_FIGURE = re.compile(r"[-+]?[\d,]*\.?\d+%?|\d{1,4}([-/.])\d{1,2}\1\d{1,4}")
"""A number or a date in a sheet where all is text."""

Origin = tuple[int, int] | None
"""The cell a title is written in."""


def title_length(text: str) -> int:
    """How long a title is without what stands in brackets; three Latin letters take the room of one character."""
    bare = _BRACKETS.sub("", text)
    latin = sum(letter.isascii() for letter in bare)
    return len(bare) - latin + latin // 3


@dataclass(frozen=True, slots=True)
class Header:
    """The rows of one header, zero-based and inclusive, and what they say of every column of the sheet."""

    first: int
    last: int
    paths: tuple[tuple[str, ...], ...]
    """The title path of every column, outermost first; empty where there is none. A unit that stands in a row of its
    own under the title is part of the title: 总投资(万元)."""
    spread: frozenset[int] = frozenset()
    """Columns whose title is written in a column to their left, into which they are merged down to the last title."""


def read_header(sheet: Sheet, anchor: int, floor: int) -> Header:
    """The header around a row known to belong to it; it begins at row `floor` or below."""
    first = last = anchor
    while first > floor and last - first < _DEEPEST_HEADER and _is_upper_level(sheet, first - 1, first):
        first -= 1
    while last + 1 < sheet.height and last - first < _DEEPEST_HEADER and _is_lower_level(sheet, first, last):
        last += 1
    titles, units = _title_rows(sheet, first, last)
    paths = tuple(_path(sheet, column, titles, units) for column in range(sheet.width))
    return Header(first, last, paths, frozenset(_spread(sheet, titles)))


def is_figure(sheet: Sheet, row: int, column: int) -> bool:
    """Whether a cell holds a number, a date or a truth value: no title does."""
    value = sheet.value(row, column)
    if sheet.is_typed or not isinstance(value, str):
        return isinstance(value, float | bool | date | datetime)
    return _WRITTEN_FIGURE.fullmatch(value.strip()) is not None


# -- which rows --------------------------------------------------------------------------------------------------


def _is_upper_level(sheet: Sheet, row: int, below: int) -> bool:
    """A group-title row above: several texts, or merged downwards into the header; a caption is one wide text."""
    columns = sheet.filled(row)
    if not columns or any(is_figure(sheet, row, column) for column in columns):
        return False
    if any((merge := sheet.merge_at(row, column)) and merge[1][0] >= below for column in columns):
        return True
    if is_note(sheet.text(row, columns[0])):
        return False
    texts = [sheet.text(row, column) for column in columns]
    return len(columns) >= 2 and all(len(text) <= LONGEST_TITLE and ":" not in text for text in texts)


def _is_lower_level(sheet: Sheet, first: int, last: int) -> bool:
    row = last + 1
    columns = sheet.filled(row)
    if _is_column_numbers(sheet, row, _titled(sheet, first, last)) or _is_unit_row(sheet, row):
        return True
    if any(is_figure(sheet, row, column) for column in columns):
        return False
    if _reaches_below(sheet, first, last):
        return True
    if len(columns) == 1 and (is_total(sheet.text(row, columns[0])) or is_section(sheet.text(row, columns[0]))):
        return False
    if not columns or any(len(sheet.text(row, column)) > LONGEST_TITLE for column in columns):
        return False
    return _fills_groups(sheet, first, last, columns)


def _reaches_below(sheet: Sheet, first: int, last: int) -> bool:
    """Whether a title is merged down past the last row."""
    return any(
        merge[0][0] <= last < merge[1][0]
        for column in range(sheet.width)
        if (merge := sheet.merge_at(last, column)) and merge[0][0] >= first
    )


def _titled(sheet: Sheet, first: int, last: int) -> list[int]:
    return sorted({column for row in range(first, last + 1) for column in sheet.filled(row)})


def _fills_groups(sheet: Sheet, first: int, last: int, columns: list[int]) -> bool:
    """Whether the row holds the titles under the groups of the row above, and nothing else.

    Groups are merged across their columns, or written once at their left (exports without merges). A data row stands
    under the titles that have no groups too, the first ones (序号, 项目名称) above all; a group may have one column.
    """
    if _merged_across(sheet, first, last):
        under = [column for column in columns if _is_under_group(sheet, last, column)]
    else:
        blank = [column for column in columns if _is_untitled(sheet, first, last, column)]
        under = [column for column in columns if column in blank or column + 1 in blank]
        if not blank:
            return False
    foremost = _titled(sheet, first, last)[0]
    return len(under) * 2 > len(columns) and (foremost in under or foremost not in columns)


def _merged_across(sheet: Sheet, first: int, row: int) -> bool:
    """Whether this header row has groups merged across their columns."""
    return any(_is_under_group(sheet, row, column) for column in sheet.filled(row))


def _is_under_group(sheet: Sheet, row: int, column: int) -> bool:
    merge = sheet.merge_at(row, column)
    return merge is not None and merge[1][0] == row and merge[1][1] > merge[0][1]


def _is_untitled(sheet: Sheet, first: int, row: int, column: int) -> bool:
    """Whether a column has no title in this row and, above it, at most groups merged across."""
    if sheet.value(row, column) is not None or sheet.merge_at(row, column) is not None:
        return False
    return all(
        _is_under_group(sheet, above, column)
        or (sheet.value(above, column) is None and sheet.merge_at(above, column) is None)
        for above in range(first, row)
    )


def _is_column_numbers(sheet: Sheet, row: int, titled: list[int]) -> bool:
    """The row 甲 乙 1 2 3 … (or 1 2 3 …, or (1) (2) (3) …) some forms print under the titles."""
    columns = sheet.filled(row)
    if len(columns) < 4 or len(columns) * 2 < len(titled):
        return False
    texts = [squeezed(sheet.text(row, column)) for column in columns]
    if not all(_COLUMN_MARKS.match(text) for text in texts):
        return False
    numbers = [int(bare) for text in texts if (bare := text.strip("()")).isdecimal()]
    return len(numbers) >= 3 and all(after == before + 1 for before, after in pairwise(numbers))


def _is_unit_row(sheet: Sheet, row: int) -> bool:
    """The row 计量单位 — 万元 亿元 … statistical tables print under the titles: units, dashes and nothing else."""
    texts = [plain(sheet.text(row, column)) for column in sheet.filled(row)]
    if (
        any(is_figure(sheet, row, column) for column in sheet.filled(row))
        or max(map(len, texts), default=9) > _LONGEST_UNIT
    ):
        return False
    units = sum(_unit_word(text) is not None for text in texts)
    neutral = sum(squeezed(text) in _UNIT_LABELS or set(text) <= _DASHES for text in texts)
    return units >= 1 and (units + neutral) * 4 >= len(texts) * 3


def _unit_word(text: str) -> str | None:
    """万元 of `万元`, `(万元)` or `单位:万元`; None for anything that is more than a unit."""
    bare = squeezed(text).strip("()[]【】〔〕").removeprefix("单位:")
    return bare if bare and unit_named(bare) is not None else None


# -- title paths --------------------------------------------------------------------------------------------------


def _title_rows(sheet: Sheet, first: int, last: int) -> tuple[list[int], list[int]]:
    """The rows of a header that hold titles, and those that hold units; numbers of columns say nothing."""
    titled = _titled(sheet, first, first)
    rows = [row for row in range(first, last + 1) if row == first or not _is_column_numbers(sheet, row, titled)]
    units = [row for row in rows[1:] if _is_unit_row(sheet, row)]
    return [row for row in rows if row not in units], units


def _spread(sheet: Sheet, titles: list[int]) -> Iterable[int]:
    for column in range(sheet.width):
        merge = sheet.merge_at(titles[-1], column)
        if merge is not None and merge[0][1] < column and merge[0][0] >= titles[0]:
            yield column


def _path(sheet: Sheet, column: int, titles: list[int], units: list[int]) -> tuple[str, ...]:
    path: list[str] = []
    home: Origin = None
    for row in titles:
        text, origin = _title_at(sheet, row, column, titles)
        if not text or origin == home:
            continue
        home = origin
        if path and (unit := _unit_word(text)) is not None:
            path[-1] += f"({unit})"
        else:
            path.append(text)
    for text in (sheet.text(row, column) for row in units):
        if path and (unit := _unit_word(text)) is not None:
            path[-1] += f"({unit})"
    return tuple(path)


def _title_at(sheet: Sheet, row: int, column: int, titles: list[int]) -> tuple[str, Origin]:
    """The title covering a header cell and the cell it is written in."""
    if merge := sheet.merge_at(row, column):
        origin = merge[0]
        return (sheet.text(*origin), origin) if origin[0] >= titles[0] else ("", None)
    if sheet.value(row, column) is not None:
        return sheet.text(row, column), (row, column)
    return _carried_over(sheet, row, column, titles)


def _carried_over(sheet: Sheet, row: int, column: int, titles: list[int]) -> tuple[str, Origin]:
    """A group title written once at the left of its unmerged columns.

    It ends where a column has no title below, where another group or a column with its own title above begins, and
    there is none in a row whose groups are merged.
    """
    below = [other for other in titles if other > row]
    if _merged_across(sheet, titles[0], row) or not _has_title(sheet, below, column):
        return "", None
    left = column - 1
    while left >= 0 and sheet.value(row, left) is None and sheet.merge_at(row, left) is None:
        left -= 1
    if left < 0 or sheet.merge_at(row, left) is not None:
        return "", None
    if not all(_has_title(sheet, below, between) for between in range(left, column)):
        return "", None
    above = [other for other in titles if other < row]
    if above and _title_at(sheet, above[-1], column, titles)[1] != _title_at(sheet, above[-1], left, titles)[1]:
        return "", None
    return sheet.text(row, left), (row, left)


def _has_title(sheet: Sheet, rows: Iterable[int], column: int) -> bool:
    return any(sheet.value(row, column) is not None for row in rows)
