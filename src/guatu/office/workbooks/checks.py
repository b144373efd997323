"""Checks across the cells of a row and the rows of a table: rates against amounts, future dates, repeated items."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from guatu.office.workbooks.amounts import implausible_amounts
from guatu.office.workbooks.desk import Desk
from guatu.office.workbooks.normalising import name_key
from guatu.office.workbooks.rates import disagreement, rate_parts
from guatu.office.workbooks.reading import ReadCell, ReadRow


def check_rows(desk: Desk, rows: Sequence[ReadRow]) -> list[ReadRow]:
    """Everything that can only be seen with the whole row or table in hand. The rows come back; an amount that cannot
    be meant is missing in them until the question about it is answered."""
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
        _check_name(desk, row)
    _check_repeats(desk, rows)
    _check_names(desk, rows)
    return _without_implausible(desk, rows)


def _without_implausible(desk: Desk, rows: Sequence[ReadRow]) -> list[ReadRow]:
    kept = list(rows)
    for number, index, other in list(implausible_amounts(desk.words.ledger, rows)):
        cells = list(kept[number].cells)
        _say(desk, "implausible_amount", cells[index], other=other.zh, other_en=other.en)
        cells[index] = cells[index]._replace(value=None, missing="question")
        kept[number] = kept[number]._replace(cells=tuple(cells))
    return kept


def _check_name(desk: Desk, row: ReadRow) -> None:
    """An item known by its code alone has no name to be ranked and published under."""
    ledger = desk.words.ledger
    for key in ledger.identity[-1] if ledger.identity else ():
        cell = row.cell(key)
        if cell is not None and cell.value is None and ledger.fields[key].required:
            _say(desk, "no_name", cell)


def _check_names(desk: Desk, rows: Sequence[ReadRow]) -> None:
    """The same name under another identity: one item with two codes, or two items nobody can tell apart."""
    *stronger, weakest = desk.words.ledger.identity
    seen: dict[str, ReadRow] = {}
    for row in rows:
        named = [cell for key in weakest if (cell := row.cell(key)) is not None and cell.value is not None]
        if len(named) != len(weakest) or not stronger:
            continue
        name = "|".join(name_key(str(cell.value)) for cell in named)
        first = seen.setdefault(name, row)
        if first is not row and any(first.value(key) != row.value(key) for keys in stronger for key in keys):
            _say(desk, "same_name", named[0], other=str(first.number))


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
