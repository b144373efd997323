"""Checks across the cells of a row and the rows of a table: rates against amounts, future dates, repeated items."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from guatu.office.workbooks.desk import Desk
from guatu.office.workbooks.normalising import name_key
from guatu.office.workbooks.rates import disagreement, rate_parts
from guatu.office.workbooks.reading import ReadCell, ReadRow


def check_rows(desk: Desk, rows: Sequence[ReadRow]) -> None:
    """Everything that can only be seen with the whole row or table in hand."""
    ledger = desk.words.ledger
    rates = {key: parts for key, one in ledger.fields.items() if (parts := rate_parts(ledger, one)) is not None}
    proven = {key: one.dated_by for key, one in ledger.fields.items() if one.dated_by is not None}
    proofs = {one.dated_by for one in ledger.fields.values() if one.dated_by is not None}
    for row in rows:
        for cell in row.cells:
            if cell.field in proofs and isinstance(cell.value, date) and cell.value > desk.period.last_day:
                _say(desk, "date_in_future", cell, round=str(desk.period))
            elif cell.value is False and cell.field in proven:
                _check_flag(desk, row, cell, proven[cell.field])
            elif cell.field in rates:
                computed = disagreement(row, cell, rates[cell.field])
                if computed is not None:
                    _say(desk, "rate_disagrees", cell, computed=f"{computed * 100:.2f}%")
    _check_repeats(desk, rows)


def _check_flag(desk: Desk, row: ReadRow, flag: ReadCell, proof: str) -> None:
    """A flag that says no beside a date that says yes."""
    dated = row.cell(proof)
    if dated is not None and isinstance(dated.value, date) and dated.value <= desk.period.last_day:
        other = desk.words.ledger.fields[proof].title
        _say(desk, "flag_disagrees", flag, other=other.zh, other_en=other.en, date=dated.raw)


def _check_repeats(desk: Desk, rows: Sequence[ReadRow]) -> None:
    """The same item twice in one table; over several sheets it may stand once per list."""
    seen: dict[tuple[str, ...], int] = {}
    for row in rows:
        for keys in desk.words.ledger.identity:
            cells = [row.cell(key) for key in keys]
            if all(cell is not None and cell.value is not None for cell in cells):
                identity = tuple(name_key(str(cell.value)) for cell in cells if cell is not None)
                first = seen.setdefault((",".join(keys), *identity), row.number)
                if first != row.number and cells[0] is not None:
                    _say(desk, "repeated_item", cells[0], other=str(first), by=_titles(desk, keys))
                break


def _titles(desk: Desk, keys: Sequence[str]) -> str:
    return "、".join(desk.words.ledger.fields[key].title.zh for key in keys)


def _say(desk: Desk, code: str, cell: ReadCell, **words: str) -> None:
    title = desk.words.ledger.fields[cell.field].title
    desk.say(code, cell.sheet, cell.address, cell.raw, field=title.zh, field_en=title.en, **words)
