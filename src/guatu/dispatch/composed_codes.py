"""Items that only several fields together identify: their code is composed of these."""

from __future__ import annotations

from dataclasses import replace

from guatu.declarations import Ledger
from guatu.office.workbooks import ReadRow, WorkbookReading

BETWEEN = " | "


def composing_fields(ledger: Ledger) -> tuple[str, ...]:
    """The fields an item's code is composed of: those of the ledger's strongest identity, if it is of several fields."""
    strongest = ledger.identity[0] if ledger.identity else ()
    return strongest if len(strongest) > 1 and ledger.code_field is not None else ()


def with_codes(reading: WorkbookReading, ledger: Ledger) -> WorkbookReading:
    """The reading with a composed code in every row that has all the fields it takes and no code of its own."""
    fields = composing_fields(ledger)
    code = ledger.code_field
    if not fields or code is None:
        return reading
    return replace(reading, rows=tuple(_coded(row, fields, code) for row in reading.rows))


def _coded(row: ReadRow, fields: tuple[str, ...], code: str) -> ReadRow:
    cells = [row.cell(key) for key in fields]
    own = row.cell(code)
    known = [cell for cell in cells if cell is not None and cell.value is not None]
    if (own is not None and own.value is not None) or len(known) < len(fields):
        return row
    text = BETWEEN.join(str(cell.value) for cell in known)
    others = tuple(cell for cell in row.cells if cell.field != code)
    # The last of its cells stands for the whole, so that a finding about the item has a place to point at.
    return row._replace(cells=(*others, known[-1]._replace(field=code, period=None, value=text, source=text)))
