"""Amounts that cannot be meant: yuan typed into a column of ten thousands is wrong by four digits."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from statistics import median

from guatu.declarations.ledger import FieldType, Ledger
from guatu.office.workbooks.reading import ReadCell, ReadRow
from guatu.text import Text

_FEWEST = 6
"""Figures a column needs before its middle says anything."""


def implausible_amounts(ledger: Ledger, rows: Sequence[ReadRow]) -> Iterator[tuple[int, int, Text]]:
    """Row, cell (as indices) and what it is out of proportion to, for every amount that must be asked about.

    An amount is suspect when it is far beyond both its column's middle and every other amount of its row, or when a
    part (a plan, work done) is many times the whole (the required amount without a period). How far is for the
    ledger to say (`Ledger.proportions`); a ledger that does not say is not asked about.
    """
    column_times, whole_times = ledger.proportions.beyond_column, ledger.proportions.beyond_whole
    money = {key for key, one in ledger.fields.items() if one.type is FieldType.MONEY and one.currency is not None}
    wholes = {key for key in money if ledger.fields[key].required and ledger.fields[key].basis is None}
    parts = {key for key in money if ledger.fields[key].basis is not None}
    comparable = wholes | parts
    middles = _middles(rows, comparable)
    for number, row in enumerate(rows):
        amounts = [
            (index, cell, cell.value)
            for index, cell in enumerate(row.cells)
            if cell.field in comparable and isinstance(cell.value, int) and cell.value > 0
        ]
        for index, cell, amount in amounts:
            others = [other for place, _, other in amounts if place != index]
            middle = middles.get((cell.field, cell.column))
            if middle and column_times and amount > column_times * max([middle, *others]):
                yield number, index, Text("同列其他数", "the other figures of the column")
            elif whole_times and cell.field in parts and (whole := _beyond_whole(whole_times, amount, amounts, wholes)):
                title = ledger.fields[whole.field].title
                yield number, index, Text(f"“{title.zh}”{whole.raw}", f"'{title.en}' {whole.raw}")


def _beyond_whole(
    times: int, amount: int, amounts: Sequence[tuple[int, ReadCell, int]], wholes: set[str]
) -> ReadCell | None:
    """The first whole of the row that a part exceeds by far too much."""
    return next((whole for _, whole, value in amounts if whole.field in wholes and amount > times * value), None)


def _middles(rows: Sequence[ReadRow], keys: set[str]) -> dict[tuple[str, int], float]:
    columns: defaultdict[tuple[str, int], list[int]] = defaultdict(list)
    for row in rows:
        for cell in row.cells:
            if cell.field in keys and isinstance(cell.value, int) and cell.value > 0:
                columns[cell.field, cell.column].append(cell.value)
    return {place: median(amounts) for place, amounts in columns.items() if len(amounts) >= _FEWEST}
