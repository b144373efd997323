"""A table's rows held by column: values as read, what is unusual kept sparse; rows and cells are made when asked for.

A row that says more than its values (a finding, a value of another field, a merged cell) is kept whole in `odd`; all
others exist only as columns, which is what a large workbook costs least as.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as made
from typing import TypeVar, overload

from guatu.office.containers.grid import Value
from guatu.office.workbooks.reading import CellValue, ReadCell, ReadRow, Tag
from guatu.standards.periods import Period

Said = TypeVar("Said")


@dataclass(slots=True)
class FieldColumn:
    """One mapped column: a value per row of its table. Exactly one of `values[i]` and `missing[i]` is given."""

    field: str
    period: Period | None
    column: int
    unit: str | None
    """The unit figures of the column are in, unless `units` says otherwise."""
    values: list[CellValue]
    sources: list[Value]
    missing: dict[int, str] = made(default_factory=dict)
    units: dict[int, str] = made(default_factory=dict)
    precision: str | None = None
    """Of every value but those in `precisions`."""
    precisions: dict[int, str | None] = made(default_factory=dict)
    deadlines: set[int] = made(default_factory=set)
    homes: dict[int, tuple[int, int]] = made(default_factory=dict)
    """Row and column of values that stand elsewhere: a section's title speaks for every row under it."""

    def cell(self, index: int, sheet: str, row: int) -> ReadCell:
        """The cell of a row of which nothing unusual is known."""
        missing = self.missing.get(index)
        precision = None if missing is not None else self.precision
        row, column = self.homes.get(index, (row, self.column))
        return ReadCell(
            self.field, self.period, self.values[index], missing, self.sources[index], sheet, row, column,
            self.units.get(index, self.unit), self.precisions.get(index, precision), index in self.deadlines,
        )  # fmt: skip

    def say(self, index: int, cell: ReadCell) -> None:
        """Hold what a cell elsewhere says of a row."""
        self.values[index], self.sources[index] = cell.value, cell.source
        self.homes[index] = cell.row, cell.column

    def take(self, indexes: Sequence[int]) -> FieldColumn:
        """The column of these rows alone, in this order."""
        if len(indexes) == len(self.values):
            return self
        news = {old: new for new, old in enumerate(indexes)}

        def kept(known: Mapping[int, Said]) -> dict[int, Said]:
            return {news[index]: said for index, said in known.items() if index in news}

        return FieldColumn(
            self.field, self.period, self.column, self.unit, [self.values[index] for index in indexes],
            [self.sources[index] for index in indexes], kept(self.missing), kept(self.units), self.precision,
            kept(self.precisions), {news[index] for index in self.deadlines & news.keys()}, kept(self.homes),
        )  # fmt: skip

    def put(self, index: int, cell: ReadCell) -> None:
        """Hold what an unusual row says of this column."""
        self.values[index] = cell.value
        self.missing.pop(index, None)
        if cell.missing is not None:
            self.missing[index] = cell.missing


@dataclass(slots=True)
class HeldRows(Sequence[ReadRow]):
    """The rows of one table, by column."""

    sheet: str
    columns: tuple[FieldColumn, ...] = ()
    places: list[int] = made(default_factory=list)
    """Where each row stands on its sheet, from 0."""
    tags: list[tuple[Tag, ...]] = made(default_factory=list)
    odd: dict[int, ReadRow] = made(default_factory=dict)
    """Rows that say more than their columns hold; what stands here counts."""

    def __len__(self) -> int:
        return len(self.places)

    @overload
    def __getitem__(self, index: int) -> ReadRow: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[ReadRow, ...]: ...
    def __getitem__(self, index: int | slice) -> ReadRow | tuple[ReadRow, ...]:
        if isinstance(index, slice):
            return tuple(self[one] for one in range(*index.indices(len(self))))
        index = range(len(self))[index]
        return self.odd.get(index) or self._plain(index)

    def _plain(self, index: int) -> ReadRow:
        row = self.places[index]
        cells = tuple([one.cell(index, self.sheet, row) for one in self.columns])
        return ReadRow(self.sheet, row + 1, self.tags[index], cells)

    def add(self, row: int, tags: tuple[Tag, ...]) -> None:
        """A row of which the columns say everything."""
        self.places.append(row)
        self.tags.append(tags)

    def add_odd(self, found: ReadRow) -> None:
        self.add(found.number - 1, found.tags)
        self.set_odd(len(self) - 1, found)

    def set_odd(self, index: int, found: ReadRow) -> None:
        """Put a row that says more in place of what the columns say of it."""
        self.odd[index], self.tags[index] = found, found.tags
        cells: dict[tuple[str, Period | None, int], ReadCell] = {}
        for cell in found.cells:
            cells.setdefault((cell.field, cell.period, cell.column), cell)
        for one in self.columns:
            if (own := cells.get((one.field, one.period, one.column))) is not None:
                one.put(index, own)
            else:
                one.values[index] = None  # what stands in the row's cells is another column's word

    def take(self, indexes: Sequence[int]) -> HeldRows:
        """Some of the rows, in order."""
        news = {old: new for new, old in enumerate(indexes)}
        return HeldRows(
            self.sheet,
            tuple(one.take(indexes) for one in self.columns),
            [self.places[index] for index in indexes],
            [self.tags[index] for index in indexes],
            {news[index]: row for index, row in self.odd.items() if index in news},
        )

    def first(self, key: str, period: Period | None = None) -> FieldColumn | None:
        """The column `ReadRow.cell` would answer from."""
        return next((one for one in self.columns if one.field == key and period in (None, one.period)), None)


class AllRows(Sequence[ReadRow]):
    """The rows of every table of a workbook, in order."""

    def __init__(self, parts: Iterable[HeldRows] = ()) -> None:
        self.parts = tuple(parts)

    def __len__(self) -> int:
        return sum(map(len, self.parts))

    def __iter__(self) -> Iterator[ReadRow]:
        return (row for part in self.parts for row in part)

    @overload
    def __getitem__(self, index: int) -> ReadRow: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[ReadRow, ...]: ...
    def __getitem__(self, index: int | slice) -> ReadRow | tuple[ReadRow, ...]:
        if isinstance(index, slice):
            return tuple(self)[index]
        index = range(len(self))[index]
        for part in self.parts:
            if index < len(part):
                return part[index]
            index -= len(part)
        raise IndexError(index)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and len(self) == len(other) and all(map(_same, self, other))

    def __hash__(self) -> int:
        return hash(tuple(part.sheet for part in self.parts))


def _same(one: object, other: object) -> bool:
    return one == other


def held(rows: Sequence[ReadRow]) -> AllRows:
    """Rows as they are held, whoever made them: those of no table stand there whole."""
    if isinstance(rows, AllRows):
        return rows
    parts: list[HeldRows] = []
    for row in rows:
        if not parts or parts[-1].sheet != row.sheet:
            parts.append(HeldRows(row.sheet))
        parts[-1].add_odd(row)
    return AllRows(parts)
