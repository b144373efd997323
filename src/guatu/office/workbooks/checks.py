"""Checks of one table that reading it needs: amounts in another unit, rows without a name, repeated items.

Rules about what the values say (dates, rates, plans, last month) are the pack's (`checks.yaml`).

Columns say which rows are worth a look; those rows are checked cell by cell, so that a large clean table costs little.
"""

from __future__ import annotations

from collections.abc import Sequence

from guatu.office.workbooks.amounts import implausible_amounts
from guatu.office.workbooks.desk import Desk
from guatu.office.workbooks.held import HeldRows
from guatu.office.workbooks.normalising import name_key
from guatu.office.workbooks.reading import CellValue, ReadCell, ReadRow


def check_rows(desk: Desk, rows: HeldRows) -> None:
    """Everything that can only be seen with the whole row or table in hand. An amount that cannot be meant is missing
    in the rows from here on, until the question about it is answered."""
    for index in sorted(_worth_a_look(desk, rows)):
        _check_name(desk, rows[index])
    _check_repeats(desk, rows)
    _check_names(desk, rows)
    _without_implausible(desk, rows)


def _worth_a_look(desk: Desk, rows: HeldRows) -> set[int]:
    """Rows in which a check may find something: all unusual ones, and those without a name."""
    required = [key for key in _weakest(desk) if desk.words.ledger.fields[key].required]
    return set(rows.odd).union(*(one.missing.keys() for one in rows.columns if one.field in required))


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
                    _say(desk, "repeated_item", cells[0], other=str(first), **_titles(desk, keys))
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


def _titles(desk: Desk, keys: Sequence[str]) -> dict[str, str]:
    titles = [desk.words.ledger.fields[key].title for key in keys]
    return {"by": "、".join(one.zh for one in titles), "by_en": " and ".join(one.en for one in titles)}


def _say(desk: Desk, code: str, cell: ReadCell, **words: str) -> None:
    title = desk.words.ledger.fields[cell.field].title
    desk.say(code, cell.sheet, cell.address, cell.raw, field=title.zh, field_en=title.en, **words)
