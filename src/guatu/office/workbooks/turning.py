"""Tables that lie on their side: one item a column, the titles in the first. They are read turned, and spoken of as they lie.

Only a sheet on which no ledger stands upright is turned, and only one with a single column of titles is taken for such a
table: a card with titles in its first and third column is none.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from guatu.office.containers.facts import Position
from guatu.office.containers.grid import Sheet, address, column_letters, position
from guatu.office.workbooks.held import HeldRows
from guatu.office.workbooks.reading import ColumnMapping, ReadCell

_LAST_LABELS = 2
"""Titles stand in the first or the second column."""
_FEWEST_ITEMS = 2
_ROWS = re.compile(r"(\d+):(\d+)")


def turn(sheet: Sheet) -> Sheet:
    """The sheet with rows for columns; a line that is nothing but a title or a note says nothing of any item."""
    height, width = sheet.height, sheet.width
    kept = [row for row in range(height) if len(sheet.filled(row)) > 1]
    rows = [[sheet.value(row, column) if row in kept else None for row in range(height)] for column in range(width)]
    facts = sheet.facts
    turned = replace(
        facts,
        hidden_rows=facts.hidden_columns,
        hidden_columns=facts.hidden_rows,
        errors={_turned(place): shown for place, shown in facts.errors.items()},
        formulas=frozenset(map(_turned, facts.formulas)),
        percents=frozenset(map(_turned, facts.percents)),
        formats={_turned(place): code for place, code in facts.formats.items()},
        comments={},
    )
    merges = tuple((_turned(first), _turned(last)) for first, last in sheet.merges)
    return Sheet(sheet.name, sheet.visible, rows, merges, turned, sheet.is_typed)


def _turned(place: Position) -> Position:
    return place[1], place[0]


def lies_on_its_side(turned: Sheet, headers: Iterable[tuple[int, int]]) -> bool:
    """Whether the header rows found on a turned sheet are those of such a table: one column of titles, at its left."""
    found = list(headers)
    if len(found) != 1 or found[0][1] >= _LAST_LABELS:
        return False
    return sum(bool(turned.filled(row)) for row in range(found[0][1] + 1, turned.height)) >= _FEWEST_ITEMS


# -- back to the sheet as it lies ----------------------------------------------------------------------------------


def place_as_it_lies(cell: str) -> str:
    """C2 of a turned sheet is B3 of the sheet; its row 3:4 is the column C:D."""
    if (found := position(cell)) is not None:
        return address(*_turned(found))
    if match := _ROWS.fullmatch(cell):
        first, last = (column_letters(int(number) - 1) for number in match.groups())
        return f"{first}:{last}"
    return cell


def rows_as_they_lie(rows: HeldRows) -> HeldRows:
    """The rows of a turned table with every cell where it stands; a row's number is that of its column."""
    back = HeldRows(rows.sheet)
    for row in rows:
        tags = tuple(tag._replace(address=place_as_it_lies(tag.address)) for tag in row.tags)
        back.add_odd(row._replace(tags=tags, cells=tuple(map(_cell, row.cells))))
    return back


def _cell(cell: ReadCell) -> ReadCell:
    return cell._replace(row=cell.column, column=cell.row)


def lines_as_they_lie(columns: Iterable[ColumnMapping]) -> tuple[ColumnMapping, ...]:
    """How the columns of a turned table were understood, named by the rows they are."""
    return tuple(replace(one, letters=str(one.column + 1)) for one in columns)
