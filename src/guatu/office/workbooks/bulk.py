"""Whole columns read at once: clean amounts by arithmetic, everything else once per distinct cell.

Whatever is unusual (a finding, a value of another field, a cell whose own place matters) is only named here, by row;
those rows are read cell by cell, by the same readers, so that findings stay what they are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from typing import TypeVar

from guatu.office.containers.grid import Sheet, Value, column_letters
from guatu.office.workbooks.cells import CellReader
from guatu.office.workbooks.held import FieldColumn
from guatu.office.workbooks.numbers import AmountReader
from guatu.office.workbooks.parsed import Parsed
from guatu.office.workbooks.reading import Tag

Answer = TypeVar("Answer")

_EXACT = 10**15
"""Below it a whole number of smallest units and the float a workbook keeps of it stand for each other."""


@dataclass(frozen=True, slots=True)
class Slice:
    """One column of the item rows, and which of them must be read by their own place."""

    raws: list[Value]
    odd: set[int]
    ratios: list[bool] | None = None
    """Cells whose number format shows a percentage; None when no cell has one."""


@dataclass(slots=True)
class ColumnRead:
    """A column read whole; the rows of `odd` are not to be taken from here."""

    own: FieldColumn
    beside: FieldColumn | None = None
    """The flag a date column stands for, where the flag has no column of its own."""
    odd: set[int] = field(default_factory=set)


def slice_of(sheet: Sheet, rows: Sequence[int], column: int, *, figures: bool, percent: bool) -> Slice:
    """The cells of a column in these rows; odd are those a merge covers and those markup says more of."""
    facts = sheet.facts
    raws = sheet.cells_of(column, rows)
    odd: set[int] = set()
    special: set[int] = {row for row, at in facts.formulas if at == column and sheet.value(row, column) is None}
    if figures:
        special |= {row for row, at in facts.formats if at == column}
    if sheet.merges:
        special |= sheet.covered(column)
    if special:
        odd = {index for index, row in enumerate(rows) if row in special}
    ratios = None
    if percent and facts.percents:
        ratios = [(row, column) in facts.percents for row in rows]
    return Slice(raws, odd, ratios)


def read_column(reader: CellReader, mapped: FieldColumn, cells: Slice, settled: AbstractSet[str]) -> ColumnRead:
    """Read a column into `mapped`. `settled`: fields with a column of their own, whose words beside are odd."""
    found = ColumnRead(mapped, odd=set(cells.odd))
    amounts = _amounts(reader.reader, cells.raws) if isinstance(reader.reader, AmountReader) else None
    if amounts is not None:
        mapped.values = list(amounts)
        rest = [index for index, value in enumerate(amounts) if value is None]
        answers = once(reader, [cells.raws[index] for index in rest])
        for index, parsed in zip(rest, answers, strict=True):
            _take(found, index, parsed)
        return found
    if cells.ratios is not None and any(cells.ratios):
        as_ratios = iter(once(reader.as_ratio, [raw for raw, marked in _marked(cells) if marked]))
        as_they_are = iter(once(reader, [raw for raw, marked in _marked(cells) if not marked]))
        answers = [next(as_ratios if marked else as_they_are) for _, marked in _marked(cells)]
    else:
        answers = once(reader, cells.raws)
    _take_all(found, answers, settled)
    return found


def _marked(cells: Slice) -> Iterable[tuple[Value, bool]]:
    """Every cell, and whether its number format shows a percentage."""
    return zip(cells.raws, cells.ratios or (), strict=True)


def _amounts(reader: AmountReader, raws: Sequence[Value]) -> list[int | None] | None:
    """Smallest units of every plain number that is a whole number of them; None for all other cells.

    A decimal of at most fifteen digits is the only one its float is nearest to, so a float equal to `n / factor` says
    exactly `n` smallest units when the factor is a power of ten. Without one nothing is answered at once.
    """
    unit = reader.unit
    if unit is None or unit.factor is None or unit.currency != reader.currency:
        return None
    factor = unit.factor
    if str(factor).rstrip("0") != "1":
        return None
    least = -_EXACT if reader.negative else -1
    try:
        return [
            n if type(raw) is float and (n := round(raw * factor)) / factor == raw and least < n < _EXACT else None
            for raw in raws
        ]
    except (OverflowError, ValueError):  # not a number, or beyond all numbers
        return None


def once(reader: Callable[[Value], Answer], raws: Sequence[Value]) -> list[Answer]:
    """Every cell read, equal ones once."""
    if _confusable(raws):
        return [reader(raw) for raw in raws]
    seen = {raw: reader(raw) for raw in set(raws)}
    return list(map(seen.__getitem__, raws))


def _confusable(raws: Sequence[Value]) -> bool:
    """Whether different cells compare equal: TRUE and 1, 0 and -0."""
    kinds = set(map(type, raws))
    if float not in kinds:
        return False
    return bool in kinds or any(raw == 0.0 and str(raw) == "-0.0" for raw in raws)


def _take_all(found: ColumnRead, answers: list[Parsed], settled: AbstractSet[str]) -> None:
    own = found.own
    distinct = {id(one): one for one in answers}.values()
    key = _stands_for([one for one in distinct if one.problem is None], settled)
    own.values = [one.value for one in answers]
    if any(one.missing is not None for one in distinct):
        own.missing = {index: one.missing for index, one in enumerate(answers) if one.missing is not None}
    spellings = {one.precision for one in distinct if one.missing is None}
    if len(spellings) == 1:
        [own.precision] = spellings
    elif spellings:
        own.precisions = {index: one.precision for index, one in enumerate(answers) if one.missing is None}
    if any(one.unit for one in distinct):
        own.units = {index: one.unit for index, one in enumerate(answers) if one.unit}
    if any(one.is_deadline for one in distinct):
        own.deadlines = {index for index, one in enumerate(answers) if one.is_deadline}
    if key is not None:
        found.beside = _beside(own, key, answers)
    if any(one.problem is not None or (one.beside and key is None) for one in distinct):
        found.odd |= {
            index for index, one in enumerate(answers) if one.problem is not None or (one.beside and key is None)
        }


def _stands_for(distinct: Sequence[Parsed], settled: AbstractSet[str]) -> str | None:
    """The one field every cell of the column says beside its own, when it has no column."""
    keys = {tuple(key for key, _ in one.beside) for one in distinct}
    if len(keys) != 1:
        return None
    [names] = keys
    return names[0] if len(names) == 1 and names[0] not in settled else None


def _beside(own: FieldColumn, key: str, answers: Sequence[Parsed]) -> FieldColumn:
    others = [one.beside[0][1] if one.beside else Parsed(missing="blank") for one in answers]
    return FieldColumn(
        field=key,
        period=None,
        column=own.column,
        unit=None,
        values=[one.value for one in others],
        sources=own.sources,
        missing={index: one.missing for index, one in enumerate(others) if one.missing is not None},
        units={index: one.unit for index, one in enumerate(others) if one.unit},
        precisions={index: one.precision for index, one in enumerate(others) if one.precision},
        deadlines={index for index, one in enumerate(others) if one.is_deadline},
    )


def _take(found: ColumnRead, index: int, parsed: Parsed) -> None:
    own = found.own
    own.values[index] = parsed.value
    if parsed.missing is not None:
        own.missing[index] = parsed.missing
    if parsed.unit:
        own.units[index] = parsed.unit
    if parsed.problem is not None or parsed.beside:
        found.odd.add(index)


@dataclass(slots=True)
class TagsRead:
    """What tag columns and flags say of each row, in the order of the columns."""

    sheet: str
    rows: Sequence[int]
    found: list[list[Tag]] = field(init=False)
    free: dict[int, list[str]] = field(default_factory=dict)
    """Words of no declared list, by row: the first of each is said."""
    odd: set[int] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.found = [[] for _ in self.rows]

    def column(self, column: int, raws: Sequence[Value], read: Callable[[Value], list[tuple[str, str | None]]]) -> None:
        """A column of words, read once per distinct cell."""
        letters, said = column_letters(column), once(read, raws)
        for index, (row, words) in enumerate(zip(self.rows, said, strict=True)):
            for word, key in words:
                self.found[index].append(Tag(key, word, "column", self.sheet, f"{letters}{row + 1}"))
                if key is None:
                    self.free.setdefault(index, []).append(word)

    def flag(self, column: int, key: str | None, word: str, holds: Sequence[bool]) -> None:
        """A column whose yes puts the row on a list."""
        letters = column_letters(column)
        for index, (row, yes) in enumerate(zip(self.rows, holds, strict=True)):
            if yes:
                self.found[index].append(Tag(key, word, "flag", self.sheet, f"{letters}{row + 1}"))
