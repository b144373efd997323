"""Where the tables of a sheet are: captions, header rows, data rows; found by shape and known titles alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from guatu.office.containers.grid import Sheet
from guatu.office.workbooks.headers import LONGEST_TITLE, Header, is_figure, read_header, title_length
from guatu.office.workbooks.labels import SEQUENCE_TITLES, is_note, is_section, is_total
from guatu.office.workbooks.normalising import word_key

_MOST_CAPTION_CELLS = 6

IsTitle = Callable[[str], bool]
"""Whether a cell's text is a title some ledger field or list goes by."""


@dataclass(frozen=True, slots=True)
class Table:
    """One table on a sheet; all numbers are zero-based and inclusive."""

    caption: tuple[int, ...]
    """Rows above the header that belong to it: title, unit line, reporting unit."""
    header: tuple[int, int]
    data: tuple[int, int]
    """First and last row below the header; may hold sections, subtotals, notes and the header again."""
    paths: tuple[tuple[str, ...], ...]
    """The title path of every column of the sheet, outermost first; empty where there is none."""
    repeats: frozenset[int] = frozenset()
    """Rows among the data where the header, and what was its caption, is printed again (on every page, for a section)."""

    def rows(self) -> Iterator[int]:
        """The rows below the header, without those where the header stands again."""
        return (row for row in range(self.data[0], self.data[1] + 1) if row not in self.repeats)


def find_tables(sheet: Sheet, is_title: IsTitle) -> tuple[Table, ...]:
    """Every table of a sheet, top to bottom; none when no row looks like a header."""
    tables: list[Table] = []
    for header in _headers(sheet, is_title):
        caption = _caption(sheet, header.first, tables[-1].data[0] - 1 if tables else -1)
        printed = range(min(caption, default=header.first), header.last + 1)
        if tables and _is_repeated(sheet, tables[-1], header, caption):
            again = {row for row in printed if row not in caption or not _is_section_line(sheet, row)}
            tables[-1] = replace(tables[-1], repeats=tables[-1].repeats | again)
            continue
        if tables:
            tables[-1] = _ended(tables[-1], printed.start - 1)
        paths = _without_spread(sheet, header)
        tables.append(Table(caption, (header.first, header.last), (header.last + 1, sheet.height - 1), paths))
    return tuple(tables)


def _without_spread(sheet: Sheet, header: Header) -> tuple[tuple[str, ...], ...]:
    """The paths without those of columns that only widen their left neighbour: merged into its title, never filled."""
    below = range(header.last + 1, sheet.height)
    wide = {column for column in header.spread if all(sheet.value(row, column) is None for row in below)}
    return tuple(() if column in wide else path for column, path in enumerate(header.paths))


def _headers(sheet: Sheet, is_title: IsTitle) -> list[Header]:
    headers: list[Header] = []
    row = 0
    while row < sheet.height:
        if _is_anchor(sheet, row, is_title):
            headers.append(read_header(sheet, row, headers[-1].last + 1 if headers else 0))
            row = headers[-1].last
        row += 1
    return headers


def _ended(table: Table, last: int) -> Table:
    return replace(table, data=(table.data[0], last))


def _is_anchor(sheet: Sheet, row: int, is_title: IsTitle) -> bool:
    """A row that must be part of a header: mostly texts, several of them known titles."""
    if float in map(type, sheet.rows[row]):
        return False  # most rows: a number is a figure
    columns = sheet.filled(row)
    if len(columns) < 2 or any(is_figure(sheet, row, column) for column in columns):
        return False
    known: set[str] = set()  # the same word again and again is data, not a header
    sequence = 0
    for place, column in enumerate(columns):
        if len(known) + 2 * sequence + len(columns) - place + (not sequence) < 3:
            return False  # whatever the rest is, it is too little: rows of a register are mostly texts, too
        text = sheet.text(row, column)
        if title_length(text) > LONGEST_TITLE:
            return False
        key = word_key(text)
        if key in SEQUENCE_TITLES:
            sequence = 1
        elif is_title(text):
            known.add(key)
    return len(known) + 2 * sequence >= 3 and (len(known) >= 2 or len(columns) >= 3)


# -- captions and headers printed again ----------------------------------------------------------------------------


def _caption(sheet: Sheet, header: int, floor: int) -> tuple[int, ...]:
    """Rows directly above a header holding few texts: its title and unit lines. `floor` is -1 for the first table,
    whose captions may have gaps and be wide; below another table only what cannot be a data row is a caption."""
    rows: list[int] = []
    row = header - 1
    while row > floor:
        columns = sheet.filled(row)
        if columns and not (_is_line(sheet, row, columns) if floor >= 0 else _may_be_caption(sheet, row, columns)):
            break
        if not columns and rows and floor >= 0:
            break
        if columns:
            rows.append(row)
        row -= 1
    return tuple(reversed(rows))


def _may_be_caption(sheet: Sheet, row: int, columns: list[int]) -> bool:
    if len(columns) > _MOST_CAPTION_CELLS or any(is_figure(sheet, row, column) for column in columns):
        return False
    return not any(is_total(sheet.text(row, column)) for column in columns)


def _is_line(sheet: Sheet, row: int, columns: list[int]) -> bool:
    """A single text, or several that each state something (填报单位:某区 | 单位:万元); never a note of the table above."""
    if not _may_be_caption(sheet, row, columns):
        return False
    texts = [sheet.text(row, column) for column in columns]
    if is_note(texts[0]) and "单位" not in texts[0]:
        return False
    return len(texts) == 1 or sum(":" in text or "单位" in text for text in texts) * 2 >= len(texts)


def _is_repeated(sheet: Sheet, table: Table, header: Header, caption: tuple[int, ...]) -> bool:
    """The same header again, with nothing new above it but sections: the table goes on."""
    if not all(map(_is_same_path, _without_spread(sheet, header), table.paths)):
        return False
    known = {word_key(text) for row in table.caption for _, text in sheet.texts(row)}
    return all(
        _is_section_line(sheet, row) or all(word_key(text) in known for _, text in sheet.texts(row)) for row in caption
    )


def _is_same_path(again: tuple[str, ...], first: tuple[str, ...]) -> bool:
    """Whether two title paths are the same; the row of units under the titles may be left out the second time."""
    keys, known = [[word_key(part) for part in path] for path in (again, first)]
    if not keys or not known:
        return keys == known
    unit = known[-1].removeprefix(keys[-1])
    return keys[:-1] == known[:-1] and (keys[-1] == known[-1] or (unit != known[-1] and unit.startswith("(")))


def _is_section_line(sheet: Sheet, row: int) -> bool:
    texts = [text for _, text in sheet.texts(row)]
    return len(texts) == 1 and is_section(texts[0])
