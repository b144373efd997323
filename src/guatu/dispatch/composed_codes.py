"""Items that only several fields together identify: their code is composed of these."""

from __future__ import annotations

from dataclasses import replace

from guatu.declarations import Ledger
from guatu.office.workbooks import ReadRow, WorkbookReading

CODE = "project_code"
BETWEEN = " | "


def composing_fields(ledger: Ledger) -> tuple[str, ...]:
    """The fields an item's code is composed of: those of the ledger's strongest identity, if it is of several fields."""
    strongest = ledger.identity[0] if ledger.identity else ()
    return strongest if len(strongest) > 1 and CODE not in strongest and CODE in ledger.fields else ()


def with_codes(reading: WorkbookReading, ledger: Ledger) -> WorkbookReading:
    """The reading with a composed code in every row that has all the fields it takes and no code of its own."""
    fields = composing_fields(ledger)
    if not fields:
        return reading
    return replace(reading, rows=tuple(_coded(row, fields) for row in reading.rows))


def _coded(row: ReadRow, fields: tuple[str, ...]) -> ReadRow:
    cells = [row.cell(key) for key in fields]
    own = row.cell(CODE)
    known = [cell for cell in cells if cell is not None and cell.value is not None]
    if (own is not None and own.value is not None) or len(known) < len(fields):
        return row
    code = BETWEEN.join(str(cell.value) for cell in known)
    others = tuple(cell for cell in row.cells if cell.field != CODE)
    # The last of its cells stands for the whole, so that a finding about the item has a place to point at.
    return row._replace(cells=(*others, known[-1]._replace(field=CODE, period=None, value=code, source=code)))
