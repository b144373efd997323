"""Checks across the cells of a row and the rows of a table: rates against amounts, future dates, repeated items.

Columns say which rows are worth a look; those rows are checked cell by cell, so that a large clean table costs little.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from guatu.office.workbooks.amounts import implausible_amounts
from guatu.office.workbooks.desk import Desk
from guatu.office.workbooks.held import FieldColumn, HeldRows
from guatu.office.workbooks.normalising import name_key
from guatu.office.workbooks.rates import disagreement, may_disagree, rate_parts
from guatu.office.workbooks.reading import CellValue, ReadCell, ReadRow


def check_rows(desk: Desk, rows: HeldRows) -> None:
    """Everything that can only be seen with the whole row or table in hand. An amount that cannot be meant is missing
    in the rows from here on, until the question about it is answered."""
    checks = _Checks.of(desk)
    for index in sorted(_worth_a_look(desk, rows, checks)):
        _check_row(desk, rows[index], checks)
    _check_repeats(desk, rows)
    _check_names(desk, rows)
    _without_implausible(desk, rows)


@dataclass(frozen=True, slots=True)
class _Checks:
    """What the ledger's fields must agree with."""

    rates: Mapping[str, tuple[str, str]]
    """Stated rate -> done and plan."""
    proven: Mapping[str, str]
    """Flag -> the date that proves it."""
    proofs: frozenset[str]

    @classmethod
    def of(cls, desk: Desk) -> _Checks:
        ledger = desk.words.ledger
        proven = {key: one.dated_by for key, one in ledger.fields.items() if one.dated_by is not None}
        rates = {key: parts for key, one in ledger.fields.items() if (parts := rate_parts(ledger, one)) is not None}
        return cls(rates, proven, frozenset(proven.values()))


def _worth_a_look(desk: Desk, rows: HeldRows, checks: _Checks) -> set[int]:
    """Rows in which a check may find something: all unusual ones, and those a whole column points at."""
    found = set(rows.odd)
    required = [key for key in _weakest(desk) if desk.words.ledger.fields[key].required]
    last = desk.period.last_day
    for one in rows.columns:
        if one.field in checks.proofs:
            found |= {index for index, value in enumerate(one.values) if isinstance(value, date) and value > last}
        elif one.field in checks.proven:
            proof = rows.first(checks.proven[one.field])
            if proof is not None:
                found |= {
                    index
                    for index, (flag, dated) in enumerate(zip(one.values, proof.values, strict=True))
                    if flag is False and isinstance(dated, date) and dated <= last
                }
        elif one.field in checks.rates:
            found |= _rates_to_check(rows, one, checks.rates[one.field])
        if one.field in required:
            found |= one.missing.keys()
    return found


def _rates_to_check(rows: HeldRows, stated: FieldColumn, parts: tuple[str, str]) -> set[int]:
    done, plan = rows.first(parts[0], stated.period), rows.first(parts[1])
    if done is None or plan is None:
        return set()
    columns = zip(stated.values, done.values, plan.values, strict=True)
    return {index for index, one in enumerate(columns) if may_disagree(*one)}


def _check_row(desk: Desk, row: ReadRow, checks: _Checks) -> None:
    for cell in row.cells:
        if cell.field in checks.proofs and isinstance(cell.value, date) and cell.value > desk.period.last_day:
            _say(desk, "date_in_future", cell, round=str(desk.period))
        elif cell.value is False and cell.field in checks.proven:
            _check_flag(desk, row, cell, checks.proven[cell.field])
        elif cell.field in checks.rates:
            computed = disagreement(row, cell, checks.rates[cell.field])
            if computed is not None:
                _say(desk, "rate_disagrees", cell, computed=f"{computed * 100:.2f}%")
    _check_name(desk, row)


def _without_implausible(desk: Desk, rows: HeldRows) -> None:
    for number, index, other in list(implausible_amounts(desk.words.ledger, rows)):
        row = rows[number]
        cells = list(row.cells)
        _say(desk, "implausible_amount", cells[index], other=other.zh, other_en=other.en)
        cells[index] = cells[index]._replace(value=None, missing="question")
        rows.set_odd(number, row._replace(cells=tuple(cells)))


def _weakest(desk: Desk) -> Sequence[str]:
    identity = desk.words.ledger.identity
    return identity[-1] if identity else ()


def _check_name(desk: Desk, row: ReadRow) -> None:
    """An item known by its code alone has no name to be ranked and published under."""
    for key in _weakest(desk):
        cell = row.cell(key)
        if cell is not None and cell.value is None and desk.words.ledger.fields[key].required:
            _say(desk, "no_name", cell)


def _check_names(desk: Desk, rows: HeldRows) -> None:
    """The same name under another identity: one item with two codes, or two items nobody can tell apart."""
    *stronger, weakest = desk.words.ledger.identity
    if not stronger or _all_differ(rows, weakest):
        return
    seen: dict[str, ReadRow] = {}
    for row in rows:
        named = [cell for key in weakest if (cell := row.cell(key)) is not None and cell.value is not None]
        if len(named) != len(weakest):
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


def _check_repeats(desk: Desk, rows: HeldRows) -> None:
    """The same item twice in one table; over several sheets it may stand once per list."""
    if all(_all_differ(rows, keys) for keys in desk.words.ledger.identity):
        return
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


def _all_differ(rows: HeldRows, keys: Sequence[str]) -> bool:
    """Whether every row that has this identity has another one; certain, but not always said of those that do."""
    if len(keys) != 1:
        return False
    column = rows.first(keys[0])
    values: list[CellValue] = [] if column is None else list(column.values)
    for index, row in rows.odd.items():
        said = row.value(keys[0])
        if column is None:
            values.append(said)
        else:
            values[index] = said
    names = [name_key(str(value)) for value in values if value is not None]
    return len(set(names)) == len(names)


def _titles(desk: Desk, keys: Sequence[str]) -> str:
    return "、".join(desk.words.ledger.fields[key].title.zh for key in keys)


def _say(desk: Desk, code: str, cell: ReadCell, **words: str) -> None:
    title = desk.words.ledger.fields[cell.field].title
    desk.say(code, cell.sheet, cell.address, cell.raw, field=title.zh, field_en=title.en, **words)
