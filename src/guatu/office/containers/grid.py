"""Sheets as plain grids of values with what their markup says."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import cached_property
from operator import itemgetter
from pathlib import Path
from typing import NamedTuple

from guatu.office.containers.facts import Merge, Position, SheetFacts
from guatu.office.containers.spelling import plain

Value = str | float | bool | date | datetime | time | timedelta | None
"""What a cell holds: numbers are floats as Excel keeps them, a formula gives its cached result."""


@dataclass(slots=True)
class _Merged:
    """Which merged range each covered cell belongs to."""

    ranges: Sequence[Merge]
    home: dict[Position, Merge] = field(init=False)

    def __post_init__(self) -> None:
        self.home = {
            (row, column): merge
            for merge in self.ranges
            for row in range(merge[0][0], merge[1][0] + 1)
            for column in range(merge[0][1], merge[1][1] + 1)
        }


@dataclass
class Sheet:
    """One worksheet. Rows and columns count from 0; `rows` is rectangular."""

    name: str
    visible: bool
    rows: list[list[Value]]
    merges: Sequence[Merge] = ()
    facts: SheetFacts = field(default_factory=SheetFacts)
    is_typed: bool = True
    """False where every cell is text as typed (CSV): figures and dates are then told by how they are written."""

    @property
    def height(self) -> int:
        return len(self.rows)

    @property
    def width(self) -> int:
        return len(self.rows[0]) if self.rows else 0

    @cached_property
    def _merged(self) -> _Merged:
        return _Merged(self.merges)

    def merge_at(self, row: int, column: int) -> Merge | None:
        return self._merged.home.get((row, column))

    def covered(self, column: int) -> set[int]:
        """Rows in which a cell of the column belongs to a merged range."""
        return {row for row, at in self._merged.home if at == column}

    def value(self, row: int, column: int) -> Value:
        return self.rows[row][column]

    def put(self, row: int, column: int, value: Value) -> None:
        self.rows[row][column] = value
        self.__dict__.pop("_columns", None)

    @cached_property
    def _columns(self) -> list[tuple[Value, ...]]:
        return list(zip(*self.rows, strict=True))

    def cells_of(self, column: int, rows: Sequence[int]) -> list[Value]:
        """The cells of a column in these rows."""
        if len(rows) < 2:
            return [self.rows[row][column] for row in rows]
        return list(itemgetter(*rows)(self._columns[column]))

    def text(self, row: int, column: int) -> str:
        """The cell as clean text; empty for a blank cell."""
        value = self.rows[row][column]
        if value is None:
            return ""
        return plain(value) if isinstance(value, str) else show(value)

    def filled(self, row: int) -> list[int]:
        """Columns of the row that hold something."""
        return [column for column, value in enumerate(self.rows[row]) if value is not None]

    def texts(self, row: int) -> Iterator[tuple[int, str]]:
        for column in self.filled(row):
            yield column, self.text(row, column)


class Remark(NamedTuple):
    """Something about the file itself that a person must hear about: the finding's code and where it is."""

    code: str
    cell: str = ""
    raw: str = ""
    sheet: str = ""
    words: Mapping[str, str] = {}


@dataclass(frozen=True)
class Book:
    """A workbook file taken apart."""

    path: Path
    sha256: str
    sheets: tuple[Sheet, ...]
    remarks: tuple[Remark, ...] = ()

    @cached_property
    def by_name(self) -> Mapping[str, Sheet]:
        return {sheet.name: sheet for sheet in self.sheets}


def show(value: Value) -> str:
    """A value as a person would type it: 12 rather than 12.0, 2021-03-01 rather than a serial."""
    match value:
        case None:
            return ""
        case bool():
            return "TRUE" if value else "FALSE"
        case float():
            return f"{value:.15g}"
        case datetime():
            return value.date().isoformat() if value.time() == time() else value.isoformat(" ")
        case date() | time():
            return value.isoformat()
        case _:
            return str(value)


def column_letters(column: int) -> str:
    """Column letters of a zero-based column: 0 is A, 26 is AA."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def address(row: int, column: int) -> str:
    """The address people know: (11, 7) is H12."""
    return f"{column_letters(column)}{row + 1}"


def row_of(cell: str) -> int | None:
    """The row, from 0, of a place as findings name it: H12, or 12:12 for the whole row; None for anything else."""
    if (place := position(cell)) is not None:
        return place[0]
    whole = re.fullmatch(r"([1-9]\d{0,6}):\1", cell)
    return int(whole[1]) - 1 if whole is not None else None


def position(cell: str) -> Position | None:
    """Row and column of an address, from 0: H12 is (11, 7); None for anything else."""
    match = re.fullmatch(r"\$?([A-Z]{1,3})\$?([1-9]\d{0,6})", cell)
    if match is None:
        return None
    column = 0
    for letter in match[1]:
        column = column * 26 + ord(letter) - 64
    return int(match[2]) - 1, column - 1
