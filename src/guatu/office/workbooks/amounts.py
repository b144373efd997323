"""Amounts that cannot be meant: yuan typed into a column of ten thousands is wrong by four digits."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from statistics import median

from guatu.declarations.ledger import FieldType, Ledger
from guatu.office.workbooks.held import HeldRows
from guatu.office.workbooks.reading import ReadCell, ReadRow
from guatu.text import Text

_FEWEST = 6
"""Figures a column needs before its middle says anything."""


def implausible_amounts(ledger: Ledger, rows: HeldRows) -> Iterator[tuple[int, int, Text]]:
    """Row, cell (as indices) and what it is out of proportion to, for every amount that must be asked about.

    An amount is suspect when it is far beyond both its column's middle and every other amount of its row, or when a
    part (a plan, work done) is many times the whole (the required amount without a period). How far is for the
    ledger to say (`Ledger.proportions`); a ledger that does not say is not asked about.
    """
    compared = _Compared.of(ledger)
    middles = _middles(rows, compared.wholes | compared.parts)
    for number in sorted(_suspects(ledger, rows, compared, middles)):
        for index, other in _of_row(ledger, rows[number], compared, middles):
            yield number, index, other


@dataclass(frozen=True, slots=True)
class _Compared:
    """The amounts of a ledger that can be held against each other."""

    wholes: frozenset[str]
    parts: frozenset[str]

    @classmethod
    def of(cls, ledger: Ledger) -> _Compared:
        money = {key for key, one in ledger.fields.items() if one.type is FieldType.MONEY and one.currency is not None}
        wholes = {key for key in money if ledger.fields[key].required and ledger.fields[key].basis is None}
        return cls(frozenset(wholes), frozenset(key for key in money if ledger.fields[key].basis is not None))


def _suspects(
    ledger: Ledger, rows: HeldRows, compared: _Compared, middles: Mapping[tuple[str, int], float]
) -> set[int]:
    """Rows worth a closer look: an amount far beyond its column's middle, or beyond a whole; and all unusual rows."""
    column_times, whole_times = ledger.proportions.beyond_column, ledger.proportions.beyond_whole
    found = set(rows.odd)
    wholes = [one.values for one in rows.columns if one.field in compared.wholes]
    for one in rows.columns:
        if one.field not in compared.wholes | compared.parts:
            continue
        middle = middles.get((one.field, one.column))
        if middle and column_times:
            most = column_times * middle
            found |= {index for index, value in enumerate(one.values) if isinstance(value, int) and value > most}
        if whole_times and one.field in compared.parts:
            for whole in wholes:
                found |= {
                    index
                    for index, (part, total) in enumerate(zip(one.values, whole, strict=True))
                    if isinstance(part, int) and isinstance(total, int) and part > whole_times * total > 0
                }
    return found


def _of_row(
    ledger: Ledger, row: ReadRow, compared: _Compared, middles: Mapping[tuple[str, int], float]
) -> Iterator[tuple[int, Text]]:
    column_times, whole_times = ledger.proportions.beyond_column, ledger.proportions.beyond_whole
    amounts = [
        (index, cell, cell.value)
        for index, cell in enumerate(row.cells)
        if cell.field in compared.wholes | compared.parts and isinstance(cell.value, int) and cell.value > 0
    ]
    for index, cell, amount in amounts:
        others = [other for place, _, other in amounts if place != index]
        middle = middles.get((cell.field, cell.column))
        if middle and column_times and amount > column_times * max([middle, *others]):
            yield index, Text("同列其他数", "the other figures of the column")
        elif (
            whole_times
            and cell.field in compared.parts
            and (whole := _beyond_whole(whole_times, amount, amounts, compared.wholes))
        ):
            title = ledger.fields[whole.field].title
            yield index, Text(f"“{title.zh}”{whole.raw}", f"'{title.en}' {whole.raw}")


def _beyond_whole(
    times: int, amount: int, amounts: Sequence[tuple[int, ReadCell, int]], wholes: AbstractSet[str]
) -> ReadCell | None:
    """The first whole of the row that a part exceeds by far too much."""
    return next((whole for _, whole, value in amounts if whole.field in wholes and amount > times * value), None)


def _middles(rows: HeldRows, keys: AbstractSet[str]) -> dict[tuple[str, int], float]:
    columns: defaultdict[tuple[str, int], list[int]] = defaultdict(list)
    for one in rows.columns:
        if one.field in keys:
            columns[one.field, one.column] += [
                value
                for index, value in enumerate(one.values)
                if isinstance(value, int) and value > 0 and index not in rows.odd
            ]
    for row in rows.odd.values():
        for cell in row.cells:
            if cell.field in keys and isinstance(cell.value, int) and cell.value > 0:
                columns[cell.field, cell.column].append(cell.value)
    return {place: median(amounts) for place, amounts in columns.items() if len(amounts) >= _FEWEST}
