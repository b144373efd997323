"""Sheets as plain grids of values with what their markup says: the only place that touches a workbook file."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import cached_property
from pathlib import Path

from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from guatu.office.containers.ooxml import Position, SheetFacts, UnreadableWorkbook, read_facts
from guatu.office.containers.spelling import plain
from guatu.text import Text

Value = str | float | bool | date | datetime | time | timedelta | None
"""What a cell holds: numbers are floats as Excel keeps them, a formula gives its cached result."""

Merge = tuple[Position, Position]
"""First and last cell of a merged range, both inclusive."""


_MOST_MERGED = 100_000


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

    def value(self, row: int, column: int) -> Value:
        return self.rows[row][column]

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


@dataclass(frozen=True)
class Book:
    """A workbook file taken apart."""

    path: Path
    sha256: str
    sheets: tuple[Sheet, ...]

    @cached_property
    def by_name(self) -> Mapping[str, Sheet]:
        return {sheet.name: sheet for sheet in self.sheets}


def open_book(path: Path) -> Book:
    """Read an .xlsx whole; anything else is refused with the remedy."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise UnreadableWorkbook(
            path.name,
            Text(f"打不开：{error.strerror}", f"cannot be opened: {error.strerror}"),
            Text("检查路径与权限。", "Check the path and the permissions."),
        ) from error
    _require_workbook(path.name, content)
    facts = read_facts(path)
    try:
        with CalamineWorkbook.from_path(path) as workbook:
            sheets = tuple(
                _sheet(
                    workbook, meta.name, meta.visible is SheetVisibleEnum.Visible, facts.get(meta.name, SheetFacts())
                )
                for meta in workbook.sheets_metadata
                if meta.typ is SheetTypeEnum.WorkSheet
            )
    except CalamineError as error:
        raise UnreadableWorkbook(
            path.name,
            Text("文件已损坏，读不了", f"is damaged and cannot be read ({error})"),
            SAVE_AGAIN,
        ) from error
    return Book(path, hashlib.sha256(content).hexdigest(), sheets)


SAVE_AGAIN = Text("用 Excel 或 WPS 另存为 .xlsx 后再报。", "Save it again as .xlsx in Excel or WPS and resend.")
_OLE = bytes.fromhex("D0CF11E0A1B11AE1")
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")


def _require_workbook(name: str, content: bytes) -> None:
    """Say what a file that is no .xlsx really is, by its first bytes, whatever its name claims."""
    if not content:
        raise UnreadableWorkbook(name, Text("是空文件", "is an empty file"), SAVE_AGAIN)
    if content.startswith(_OLE) and _ENCRYPTED in content:
        remedy = Text("去掉打开密码，再报一次。", "Remove the password to open and resend.")
        raise UnreadableWorkbook(name, Text("加了打开密码", "is protected with a password"), remedy)
    if content.startswith(_OLE):
        raise UnreadableWorkbook(name, Text("是旧格式（.xls）", "is in the old format (.xls)"), SAVE_AGAIN)
    if not content.startswith(b"PK"):
        raise UnreadableWorkbook(name, Text("不是 Excel 工作簿", "is not an Excel workbook"), SAVE_AGAIN)


def _sheet(workbook: CalamineWorkbook, name: str, visible: bool, facts: SheetFacts) -> Sheet:
    source = workbook.get_sheet_by_name(name)
    rows: list[list[Value]] = [
        [None if value == "" else value for value in row] for row in source.to_python(skip_empty_area=False)
    ]
    _widen(rows, facts)
    merges = list(_within(source.merged_cell_ranges or (), len(rows), len(rows[0]) if rows else 0))
    for (row, column), shown in facts.errors.items():
        rows[row][column] = shown
    return Sheet(name, visible, rows, merges, facts)


def _within(merges: Iterable[Merge], height: int, width: int) -> Iterator[Merge]:
    """Merges as they are, but huge ones cut to the used part: one over a million empty rows says no more."""
    for (top, left), (bottom, right) in merges:
        if (bottom - top + 1) * (right - left + 1) <= _MOST_MERGED:
            yield (top, left), (bottom, right)
        elif top < height and left < width:
            yield (top, left), (min(bottom, height - 1), min(right, width - 1))


def _widen(rows: list[list[Value]], facts: SheetFacts) -> None:
    """Room for error cells outside what calamine counts as used."""
    height = max((row + 1 for row, _ in facts.errors), default=0)
    width = max([len(row) for row in rows[:1]] + [column + 1 for _, column in facts.errors], default=0)
    rows.extend([] for _ in range(height - len(rows)))
    for row in rows:
        row.extend([None] * (width - len(row)))


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


def position(cell: str) -> Position | None:
    """Row and column of an address, from 0: H12 is (11, 7); None for anything else."""
    match = re.fullmatch(r"\$?([A-Z]{1,3})\$?([1-9]\d{0,6})", cell)
    if match is None:
        return None
    column = 0
    for letter in match[1]:
        column = column * 26 + ord(letter) - 64
    return int(match[2]) - 1, column - 1
