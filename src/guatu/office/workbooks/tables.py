"""Where the tables of a sheet are: captions, header rows of any depth, data rows; found by shape alone."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise

from guatu.office.workbooks.grid import Sheet
from guatu.office.workbooks.normalising import squeezed, word_key

SEQUENCE_TITLES = frozenset({"序号", "编号", "项次", "行次", "no", "no.", "№", "序"})
_LONGEST_TITLE = 40
_DEEPEST_HEADER = 5
_COLUMN_MARKS = re.compile(r"^(?:[甲乙丙丁戊己庚辛]|\d{1,2}|\(\d{1,2}\)|[A-Z]|\d+=.*)$")
_ORDINAL = re.compile(r"^(?:[(]?[一二三四五六七八九十百]+[)、.．]|第[一二三四五六七八九十]+[类批部])")
_TOTAL = re.compile(
    r"^(?:[(]?[一二三四五六七八九十\d]*[)、.]?)?(?:合计|总计|小计|共计|累计|总合计|分计|全[市区县]合?计?|其中:?)"
    r"(?:[(:].*|\d+个?)?$"
)
_NOTE = re.compile(
    r"^(?:[*※]*(?:备?注|说明|附注|填表|填报|制表|审核|复核|单位负责人|负责人|联系人|联系电话|统计负责人|数据来源|资料来源|报送)"
    r"[^,,。:]{0,8}(?:[:]|\d+[.、])|[*※])"
)

IsTitle = Callable[[str], bool]
"""Whether a cell's text is a title some ledger field or list goes by."""


@dataclass(frozen=True, slots=True)
class Table:
    """One table on a sheet; all numbers are zero-based and inclusive."""

    caption: tuple[int, ...]
    """Rows above the header that belong to it: title, unit line, reporting unit."""
    header: tuple[int, int]
    data: tuple[int, int]
    """First and last row below the header; may hold sections, subtotals and notes."""
    paths: tuple[tuple[str, ...], ...]
    """The title path of every column of the sheet, outermost first; empty where there is none."""


def is_total(text: str) -> bool:
    """合计, 小计, 总计(96个), 其中: rows that repeat or add up other rows."""
    return bool(_TOTAL.match(squeezed(text)))


def is_note(text: str) -> bool:
    """注:, 说明:, 填表人: lines below or above a table."""
    return bool(_NOTE.match(squeezed(text)))


def is_section(text: str) -> bool:
    """一、省重点项目(13个), (二)续建."""
    return bool(_ORDINAL.match(squeezed(text)))


def find_tables(sheet: Sheet, is_title: IsTitle) -> tuple[Table, ...]:
    """Every table of a sheet, top to bottom; none when no row looks like a header."""
    blocks: list[tuple[int, int]] = []
    row = 0
    while row < sheet.height:
        if _is_anchor(sheet, row, is_title):
            block = _block(sheet, row, blocks[-1][1] + 1 if blocks else 0)
            blocks.append(block)
            row = block[1] + 1
        else:
            row += 1
    tables = []
    end_of_previous = -1
    for index, (first, last) in enumerate(blocks):
        caption = _caption(sheet, first, end_of_previous)
        following = blocks[index + 1][0] if index + 1 < len(blocks) else sheet.height
        end = following - 1
        if index + 1 < len(blocks):
            later = _caption(sheet, following, last)
            end = min(later, default=following) - 1
        tables.append(Table(caption, (first, last), (last + 1, end), _paths(sheet, first, last)))
        end_of_previous = end
    return tuple(tables)


def _is_anchor(sheet: Sheet, row: int, is_title: IsTitle) -> bool:
    """A row that must be part of a header: mostly texts, several of them known titles."""
    columns = sheet.filled(row)
    if len(columns) < 2 or any(_is_figure(sheet, row, column) for column in columns):
        return False
    known: set[str] = set()  # the same word again and again is data, not a header
    sequence = 0
    for column in columns:
        text = sheet.text(row, column)
        if len(text) > _LONGEST_TITLE:
            return False
        key = word_key(text)
        if key in SEQUENCE_TITLES:
            sequence = 1
        elif is_title(text):
            known.add(key)
    return len(known) + 2 * sequence >= 3 and (len(known) >= 2 or len(columns) >= 3)


def _is_figure(sheet: Sheet, row: int, column: int) -> bool:
    value = sheet.value(row, column)
    return isinstance(value, float | bool | date | datetime)


def _block(sheet: Sheet, anchor: int, floor: int) -> tuple[int, int]:
    """Grow the header from its anchor row over the rows merged with it, above and below."""
    first = last = anchor
    while first > floor and last - first < _DEEPEST_HEADER and _is_upper_level(sheet, first - 1, first):
        first -= 1
    while last + 1 < sheet.height and last - first < _DEEPEST_HEADER and _is_lower_level(sheet, first, last):
        last += 1
    return first, last


def _is_upper_level(sheet: Sheet, row: int, below: int) -> bool:
    """A group-title row above: several texts, or merged downwards into the header; a caption is one wide text."""
    columns = sheet.filled(row)
    if not columns or any(_is_figure(sheet, row, column) for column in columns):
        return False
    if any((merge := sheet.merge_at(row, column)) and merge[1][0] >= below for column in columns):
        return True
    if is_note(sheet.text(row, columns[0])):
        return False
    texts = [sheet.text(row, column) for column in columns]
    return len(columns) >= 2 and all(len(text) <= _LONGEST_TITLE and ":" not in text for text in texts)


def _is_lower_level(sheet: Sheet, first: int, last: int) -> bool:
    row = last + 1
    columns = sheet.filled(row)
    reaches = any(
        merge[0][0] <= last < merge[1][0]
        for column in range(sheet.width)
        if (merge := sheet.merge_at(last, column)) and merge[0][0] >= first
    )
    if _is_column_numbers(sheet, row, columns):
        return True
    if any(_is_figure(sheet, row, column) for column in columns):
        return False
    if reaches:
        return True
    if len(columns) < 2 or is_total(sheet.text(row, columns[0])) or is_section(sheet.text(row, columns[0])):
        return False
    texts = [sheet.text(row, column) for column in columns]
    return all(len(text) <= _LONGEST_TITLE for text in texts) and _fills_groups(sheet, last, columns)


def _fills_groups(sheet: Sheet, above: int, columns: list[int]) -> bool:
    """Whether the row stands under group titles written once at their left, as exports without merges have them:
    most of its cells are under blanks or group starts of the row above (a group may also have one column only)."""
    titled = sheet.filled(above)
    blank = [
        column for column in columns if sheet.value(above, column) is None and sheet.merge_at(above, column) is None
    ]
    starts = {column for column in titled if column + 1 in blank}
    grouped = sum(column in blank or column in starts for column in columns)
    return bool(blank) and grouped * 2 > len(columns)


def _is_column_numbers(sheet: Sheet, row: int, columns: list[int]) -> bool:
    """The row 甲 乙 1 2 3 … (or 1 2 3 …) some forms print under the titles."""
    if len(columns) < 4 or len(columns) * 2 < sheet.width:
        return False
    texts = [sheet.text(row, column) for column in columns]
    if not all(_COLUMN_MARKS.match(text) for text in texts):
        return False
    numbers = [int(text) for text in texts if text.isdecimal()]
    return len(numbers) >= 3 and all(after == before + 1 for before, after in pairwise(numbers))


def _caption(sheet: Sheet, header: int, floor: int) -> tuple[int, ...]:
    """Rows directly above a header holding one or two texts: its title and unit lines."""
    rows: list[int] = []
    row = header - 1
    while row > floor:
        columns = sheet.filled(row)
        texts = [sheet.text(row, column) for column in columns]
        if any(_is_figure(sheet, row, column) for column in columns) or len(columns) > 6 or any(map(is_total, texts)):
            break
        if not columns and rows and floor >= 0:
            break
        if columns and floor >= 0 and is_note(texts[0]) and "单位" not in texts[0]:
            break
        if columns:
            rows.append(row)
        row -= 1
    return tuple(reversed(rows))


def _paths(sheet: Sheet, first: int, last: int) -> tuple[tuple[str, ...], ...]:
    paths = []
    for column in range(sheet.width):
        path: list[str] = []
        home = None
        for row in range(first, last + 1):
            text, origin = _title_at(sheet, row, column, first, last)
            if text and origin != home and not (_COLUMN_MARKS.match(text) and row > first):
                path.append(text)
                home = origin
        paths.append(tuple(path))
    return tuple(paths)


def _title_at(sheet: Sheet, row: int, column: int, first: int, last: int) -> tuple[str, tuple[int, int] | None]:
    """The title covering a header cell and the cell it is written in."""
    if merge := sheet.merge_at(row, column):
        origin = merge[0]
        return (sheet.text(*origin), origin) if origin[0] >= first else ("", None)
    if sheet.value(row, column) is not None:
        return sheet.text(row, column), (row, column)
    return _carried_over(sheet, row, column, last)


def _carried_over(sheet: Sheet, row: int, column: int, last: int) -> tuple[str, tuple[int, int] | None]:
    """A group title written once at the left of its unmerged columns."""
    if row == last or not _has_title_below(sheet, row, column, last):
        return "", None
    left = column - 1
    while left >= 0 and sheet.value(row, left) is None and sheet.merge_at(row, left) is None:
        if not _has_title_below(sheet, row, left, last):
            return "", None
        left -= 1
    if left < 0 or sheet.merge_at(row, left) is not None or not _has_title_below(sheet, row, left, last):
        return "", None
    return sheet.text(row, left), (row, left)


def _has_title_below(sheet: Sheet, row: int, column: int, last: int) -> bool:
    return any(sheet.value(below, column) is not None for below in range(row + 1, last + 1))
