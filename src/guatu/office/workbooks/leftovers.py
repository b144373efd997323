"""Nothing of a ledger sheet is passed over in silence: tables without rows, other tables, rows outside every table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from guatu.office.containers.grid import Sheet, address
from guatu.office.workbooks.desk import Desk
from guatu.office.workbooks.extraction import Extract
from guatu.office.workbooks.mapped import MappedTable
from guatu.office.workbooks.rows import LEAST_ROW, Kind
from guatu.office.workbooks.tables import Table
from guatu.text import Text


@dataclass(frozen=True, slots=True)
class PassedOver:
    """A table on a ledger sheet that is no ledger."""

    table: Table
    why: Text
    names_items: bool
    """Whether it has a column that identifies items: then it may be a ledger whose titles were not understood."""


def check_sheet(desk: Desk, sheet: Sheet, read: Sequence[Table], passed_over: Sequence[PassedOver]) -> None:
    """Name what a sheet with a ledger holds besides: other tables, and rows that are in no table."""
    for one in passed_over:
        first, last = one.table.header[0], max(one.table.data[1], one.table.header[1])
        code = "other_table" if one.names_items else "foreign_table"
        desk.say(code, sheet.name, f"{first + 1}:{last + 1}", why=one.why.zh, why_en=one.why.en)
    known: set[int] = set()
    for table in (*read, *(one.table for one in passed_over)):
        known.update(table.caption, range(table.header[0], table.data[1] + 1))
    for row in range(sheet.height):
        if row not in known and len(sheet.filled(row)) >= LEAST_ROW:
            desk.say("unread_row", sheet.name, f"{row + 1}:{row + 1}", sheet.text(row, sheet.filled(row)[0]))


def check_emptiness(desk: Desk, read: Sequence[tuple[MappedTable, Extract]]) -> None:
    """A header under which no item was read: an error when there is something below it, or no item anywhere."""
    anything = any(extract.rows for _, extract in read)
    for mapped, extract in read:
        if not extract.rows:
            below = [line for line in extract.lines if line.kind not in (Kind.NOTE, Kind.TOTAL, Kind.GUIDE)]
            code = "empty_table" if anything and not below else "no_rows"
            desk.say(code, mapped.sheet.name, address(mapped.table.header[1], _first_titled(mapped)))


def _first_titled(mapped: MappedTable) -> int:
    return next((column for column, path in enumerate(mapped.table.paths) if path), 0)
