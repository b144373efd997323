"""What reading one workbook gives: rows of typed cells with addresses, how columns were understood, findings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Literal, NamedTuple

from guatu.office.containers.grid import Value, address, show
from guatu.standards.periods import Period
from guatu.text import Text

Grade = Literal["error", "question", "warning"]
"""error: nothing of the workbook is taken; question: the value is missing until answered; warning: it is kept."""

CellValue = str | int | Decimal | bool | date | tuple[str, ...] | None
"""Money in 分, areas in millionths of a 亩, percents and numbers exact, people and phones as tuples."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing a person must hear about, at the cell where it stands."""

    workbook: str
    sheet: str
    cell: str
    """An address such as H12, a row such as 12:12, or empty for the whole sheet or workbook."""
    raw: str
    grade: Grade
    code: str
    """A stable slug for programs."""
    reason: Text
    remedy: Text

    @property
    def is_of_a_column(self) -> bool:
        """Whether it asks what a whole column is, which only a mapping can say."""
        return self.code.startswith("column_")

    @property
    def where(self) -> str:
        place = "!".join(part for part in (self.sheet, self.cell) if part)
        return f"{self.workbook} {place}".strip()


class ReadCell(NamedTuple):
    """One value with its origin. Exactly one of `value` and `missing` is not None."""

    field: str
    period: Period | None
    """The month a periodic figure is for; None for everything else."""
    value: CellValue
    missing: str | None
    """Why there is no value: blank, slash, dash, none, pending, bad, question, foreign …"""
    source: Value
    """The cell as the workbook keeps it."""
    sheet: str
    row: int
    column: int
    unit: str | None = None
    """The unit the figure was written in: 万元, 亿元, 亩."""
    precision: str | None = None
    """Dates: day, ten_days, month, quarter, half, year."""
    is_deadline: bool = False

    @property
    def address(self) -> str:
        return address(self.row, self.column)

    @property
    def raw(self) -> str:
        """The cell's text as a person sees it in the formula bar."""
        return show(self.source)


class Tag(NamedTuple):
    """A list or free tag an item carries, and the cell that says so."""

    key: str | None
    """Key of the declared list; None for a free tag."""
    word: str
    source: Literal["column", "flag", "sheet", "caption", "section"]
    sheet: str
    address: str


class ReadRow(NamedTuple):
    """One row of data. Row numbers count from 1, as Excel shows them."""

    sheet: str
    number: int
    tags: tuple[Tag, ...]
    cells: tuple[ReadCell, ...]
    hidden: bool = False

    def cell(self, field: str, period: Period | None = None) -> ReadCell | None:
        """The cell of a field (of one period), or None when the table has no such column."""
        return next((one for one in self.cells if one.field == field and period in (None, one.period)), None)

    def value(self, field: str, period: Period | None = None) -> CellValue:
        found = self.cell(field, period)
        return found.value if found is not None else None

    @property
    def lists(self) -> frozenset[str]:
        """Keys of the declared lists the row is on."""
        return frozenset(tag.key for tag in self.tags if tag.key is not None)


@dataclass(frozen=True, slots=True)
class ColumnMapping:
    """How one column was understood."""

    column: int
    """From 0."""
    letters: str
    title: tuple[str, ...]
    """The title path, outermost first, as written."""
    role: Literal["field", "list_flag", "sequence", "ignored", "unmapped"]
    field: str | None
    """The field's key; the list's key for a flag column of a list."""
    period: Period | None
    unit: str | None
    confidence: float
    why: Text
    hidden: bool = False
    decided: bool = False
    """Whether a kept mapping says so, which a person confirmed."""

    @property
    def shown_title(self) -> str:
        return " | ".join(" ".join(part.split()) for part in self.title)


@dataclass(frozen=True, slots=True)
class ReadTable:
    """One table of a sheet; row numbers count from 1, both ends inclusive."""

    sheet: str
    header: tuple[int, int]
    data: tuple[int, int]
    caption: tuple[str, ...]
    columns: tuple[ColumnMapping, ...]

    def column_of(self, field: str, period: Period | None = None) -> ColumnMapping | None:
        return next(
            (
                one
                for one in self.columns
                if one.role == "field" and one.field == field and period in (None, one.period)
            ),
            None,
        )


@dataclass(frozen=True, slots=True)
class ControlSum:
    """A subtotal, total or stated count against what the rows add up to."""

    sheet: str
    address: str
    label: str
    field: str | None
    """None for a count of rows."""
    period: Period | None
    stated: int
    summed: int

    @property
    def difference(self) -> int:
        return self.stated - self.summed


class KeptUse(NamedTuple):
    """A table read by a kept mapping: whose it is, and how its layout differs from the kept one, if it does."""

    sheet: str
    made: Text
    changes: tuple[Text, ...]


@dataclass(frozen=True, slots=True)
class Recognised:
    """The unit a workbook comes from."""

    code: str
    title: Text
    by: Text
    """How it was recognised: file name, 填报单位 line, title."""


@dataclass(frozen=True, slots=True)
class Sender:
    """Whose workbooks a mapping is for: a declared unit by its code, else the name the workbook gives."""

    code: str | None
    title: str

    @property
    def key(self) -> str:
        return self.code or self.title


@dataclass(frozen=True, slots=True)
class WorkbookReading:
    """Everything one workbook says, and everything wrong with it."""

    path: Path
    name: str
    sha256: str
    unit: Recognised | None
    tables: tuple[ReadTable, ...]
    rows: Sequence[ReadRow]
    """Of every table, in order; held by column (`AllRows`), each row made when it is asked for."""
    findings: tuple[Finding, ...]
    controls: tuple[ControlSum, ...]
    skipped: Mapping[str, Text]
    """Sheets that are no ledger, and why."""
    kept: tuple[KeptUse, ...] = ()
    sender: Sender | None = None
    """The unit, else the reporting unit the workbook states."""

    @property
    def refused(self) -> bool:
        """True when an error was found: all or nothing, nothing of it may be taken."""
        return any(finding.grade == "error" for finding in self.findings)

    def of_grade(self, grade: Grade) -> tuple[Finding, ...]:
        return tuple(finding for finding in self.findings if finding.grade == grade)
