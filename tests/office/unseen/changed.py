"""Workbooks of other hands a month later: the same layout with the months moved on, and with one thing changed."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from random import Random

import openpyxl
from openpyxl.worksheet.worksheet import Worksheet

from guatu.declarations.packs import Pack
from guatu.office.workbooks import ColumnMapping, Memory, ReadTable, WorkbookReading, read_workbook
from guatu.office.workbooks.columns import SURE
from guatu.office.workbooks.memory import Origin, memory_of
from guatu.office.workbooks.memory import SenderFile as Kept
from guatu.office.workbooks.normalising import word_key
from guatu.office.workbooks.survey import kept_layout, survey_workbook
from guatu.standards.periods import Period
from tests.office.unseen.layouts import Made, make

NONSENSE = ("子项九", "情形甲", "乙丙丁")
UNITS = {"万元": "亿元", "亿元": "万元"}
_UNIT = re.compile("万元|亿元")


@dataclass(slots=True)
class Outcome:
    """Counts by kind of change, and a line for every fault."""

    counts: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)

    def add(self, other: Outcome) -> None:
        self.counts.update(other.counts)
        self.faults.extend(other.faults)

    def judge(self, kind: str, good: bool, what: str) -> None:
        self.counts[f"{kind}: {'right' if good else 'wrong'}"] += 1
        if not good:
            self.faults.append(f"{kind}: {what}")


def month_later(folder: Path, seed: int, pack: Pack) -> Outcome | None:
    """What becomes of one workbook's layout in a month and under every change; None where the workbook does not serve.

    Formulas are left to other drills: openpyxl, which changes the files here, does not keep their results.
    """
    made = make(folder, seed)
    if "formulas" in made.causes:
        return None
    month = _Month(made, pack, Random(seed))
    return month.judged() if month.memory is not None else None


@dataclass
class _Month:
    made: Made
    pack: Pack
    rng: Random
    outcome: Outcome = field(default_factory=Outcome)

    def __post_init__(self) -> None:
        self.before = self._read(self.made.path, self.made.period, None)
        self.memory = self._confirmed()

    def _read(self, path: Path, period: Period, memory: Memory | None) -> WorkbookReading:
        units = tuple(self.pack.units.values())
        return read_workbook(path, self.pack.ledger, period=period, units=units, memory=memory)

    def _confirmed(self) -> Memory | None:
        """What is kept when a person accepts what is sure."""
        sender = self.before.sender
        if sender is None or not self.before.tables:
            return None
        survey = survey_workbook(
            self.made.path, self.pack.ledger, period=self.made.period, units=(), memory=Memory(), sender=sender
        )
        origin = Origin(self.made.path.name, survey.sha256, "", str(self.made.period), "王审", "2021-09-05")
        layouts = [
            kept_layout(table, {}, self.pack.ledger, origin, self.made.period)
            for table in survey.tables
            if table.no_ledger is None
        ]
        return memory_of([Kept(sender, ()).keeping(layouts)], self.pack.ledger)

    def judged(self) -> Outcome:
        self._moves_on()
        for kind, change in CHANGES.items():
            self._changes(kind, change)
        return self.outcome

    # -- nothing but the month -------------------------------------------------------------------------------

    def _moves_on(self) -> None:
        """The round's month becomes the next everywhere; the layout must be known and every column as before."""
        now, later = self.made.period, self.made.period.next()
        month = now.start.month  # from March on: the month before is moved on as well
        pattern = re.compile(rf"(?<!\d)0?({month - 1}|{month})(?=\s*月)")
        book = openpyxl.load_workbook(self.made.path)
        for sheet in book:
            if any(one.period == later for table in self.before.tables for one in table.columns):
                continue  # every month of the year has its column already
            for row in sheet.iter_rows():
                for cell in row:
                    if isinstance(cell.value, str):
                        cell.value = pattern.sub(_next, cell.value)
            sheet.title = pattern.sub(_next, sheet.title)
        path = self.made.path.with_name(f"later-{self.made.path.name}")
        book.save(path)
        reading = self._read(path, later, self.memory)
        where = f"#{self.made.seed} {self.made.layout}"
        for old, new in zip(self.before.tables, reading.tables, strict=False):
            was, is_ = _fields(old), _fields(new)
            # A column's month moves on with the round's, or stays what it was (1月 of a year's months).
            moved = {place: told for place, (_, told) in _fields(old, moved_on=True).items()}
            good = was.keys() == is_.keys() and all(
                is_[place][0] == key and is_[place][1] in (month, moved[place]) for place, (key, month) in was.items()
            )
            self.outcome.judge("month moved on", good, f"{where} {old.sheet}: {was} -> {is_}")
        same = len(reading.kept) == len(self.before.tables) and not any(use.changes for use in reading.kept)
        told = [change.en for use in reading.kept for change in use.changes]
        self.outcome.judge("known again", same, f"{where}: {told or len(reading.kept)}")

    # -- one change ------------------------------------------------------------------------------------------

    def _changes(self, kind: str, change: Callable[[_Change], str | None]) -> None:
        """Make one change of a kind, if the first table lets it be made, and read the workbook again."""
        table = self.before.tables[0]
        book = openpyxl.load_workbook(self.made.path)
        sheet = book[table.sheet]
        made = _Change(sheet, table, self.pack, self.rng)
        expected = change(made)
        if expected is None:
            return
        path = self.made.path.with_name(f"{kind}-{self.made.path.name}".replace(" ", "-"))
        book.save(path)
        reading = self._read(path, self.made.period, self.memory)
        where = f"#{self.made.seed} {self.made.layout} {kind} {expected}"
        noticed = any(use.changes for use in reading.kept if use.sheet == table.sheet) or any(
            one.code == "layout_unlike" for one in reading.findings
        )
        self.outcome.judge(f"{kind}, noticed", noticed, where)
        after = next((one for one in reading.tables if one.sheet == table.sheet and one.data[1] >= table.data[0]), None)
        if after is None:
            refused = any(one.grade == "error" for one in reading.findings)
            self.outcome.judge(f"{kind}, refused whole", refused, where)
        read = {one.column: one for one in after.columns} if after is not None else {}
        for one in table.columns if after is not None else ():
            self._column(kind, where, one, read, made)
        waiting = after is None or any(read[at].role == "unmapped" for at in made.waits if at in read)
        for column in made.waits if waiting else ():
            cells = {finding.cell.rstrip("0123456789") for finding in reading.of_grade("question")}
            letters = openpyxl.utils.get_column_letter(column + 1)
            self.outcome.judge(f"{kind}, asked", letters in cells, f"{where}: {letters} not in {sorted(cells)}")

    def _column(
        self, kind: str, where: str, one: ColumnMapping, read: Mapping[int, ColumnMapping], made: _Change
    ) -> None:
        """A column is what it was, or not read; what waits is not read at all."""
        now = read.get(made.to.get(one.column, one.column))
        taken = now is not None and now.role in ("field", "list_flag")
        if one.column in made.waits or one.column in made.gone:
            # A column whose cells alone say what it is may be read as before whatever its title, in the old unit.
            same = now is not None and (now.role, now.field, now.unit) == (one.role, one.field, one.unit)
            self.outcome.judge(f"{kind}, not guessed", not taken or same, f"{where}: {one.shown_title} read as {now}")
        elif one.confidence < SURE:
            self.outcome.judge(f"{kind}, unsure ones wait", not taken, f"{where}: {one.shown_title} read as {now}")
        elif one.role in ("field", "list_flag"):
            good = now is not None and (now.role, now.field, now.period) == (one.role, one.field, one.period)
            self.outcome.judge(f"{kind}, others as before", good, f"{where}: {one.shown_title} {one.field} -> {now}")


def _fields(table: ReadTable, *, moved_on: bool = False) -> dict[str, tuple[str, Period | None]]:
    """Field and month of every column that is sure; a month later, if asked."""
    return {
        one.letters: (one.role + (one.field or ""), one.period.next() if moved_on and one.period else one.period)
        for one in table.columns
        if one.role in ("field", "list_flag") and one.confidence >= SURE
    }


def _next(match: re.Match[str]) -> str:
    return str(int(match[1]) + 1)


@dataclass
class _Change:
    """One table at hand, where a title may be written anew, and what is to become of its columns."""

    sheet: Worksheet
    table: ReadTable
    pack: Pack
    rng: Random
    waits: set[int] = field(default_factory=set)
    """Columns that must not be read and must be asked about."""
    gone: set[int] = field(default_factory=set)
    to: dict[int, int] = field(default_factory=dict)
    """Where a column stands now."""

    def leaf(self, one: ColumnMapping) -> tuple[int, int] | None:
        """Row and column, from 1, of the cell with a column's innermost title, where that cell is its own."""
        first, last = self.table.header
        for row in range(last, first - 1, -1):
            value = self.sheet.cell(row, one.column + 1).value
            if isinstance(value, str) and word_key(one.title[-1]).startswith(word_key(value)) and len(value) > 1:
                wide = any(
                    (row, one.column + 1) in _cells(merge) and merge.min_col != merge.max_col
                    for merge in self.sheet.merged_cells.ranges
                )
                return None if wide else (row, one.column + 1)
        return None

    def sure(self, *, only: Callable[[ColumnMapping], bool] = lambda one: True) -> list[ColumnMapping]:
        """Columns that were kept as a field, stand alone (no series of months), and can be written anew."""
        titles = Counter(re.sub(r"\d+", "#", one.shown_title) for one in self.table.columns)
        found = [
            one
            for one in self.table.columns
            if one.role == "field" and one.confidence >= 0.8 and one.title and only(one)
            and titles[re.sub(r"\d+", "#", one.shown_title)] == 1 and self.leaf(one) is not None
        ]  # fmt: skip
        self.rng.shuffle(found)
        return found

    def write(self, one: ColumnMapping, title: str) -> None:
        row, column = self.leaf(one) or (0, 0)
        self.sheet.cell(row, column).value = title


def _cells(merge: object) -> set[tuple[int, int]]:
    return {cell for row in merge.rows for cell in row}  # type: ignore[attr-defined]


def _nonsense(change: _Change) -> str | None:
    """A title becomes one that says nothing."""
    for one in change.sure()[:1]:
        change.write(one, change.rng.choice(NONSENSE))
        change.waits.add(one.column)
        return one.shown_title
    return None


def _other_field(change: _Change) -> str | None:
    """A title becomes that of a field the table does not have."""
    held = {one.field for one in change.table.columns}
    free = [one for key, one in change.pack.ledger.fields.items() if key not in held and one.basis is None]
    plain = lambda one: len(one.title) == 1 and one.period is None  # noqa: E731
    for one in change.sure(only=plain)[:1]:
        if not free:
            return None
        change.write(one, change.rng.choice(free).title.zh)
        change.waits.add(one.column)
        return one.shown_title
    return None


def _other_unit(change: _Change) -> str | None:
    """万元 becomes 亿元 in one title."""
    for one in change.sure(only=lambda one: one.unit in UNITS):
        place = change.leaf(one)
        written = str(change.sheet.cell(*place).value) if place else ""
        if len(_UNIT.findall(written)) == 1 and one.unit in written:
            change.write(one, _UNIT.sub(lambda match: UNITS[match[0]], written))
            change.waits.add(one.column)
            return one.shown_title
    return None


def _added(change: _Change) -> str | None:
    """A column of nonsense behind the last."""
    last = max(one.column for one in change.table.columns) + 2
    if any(last <= merge.max_col for merge in change.sheet.merged_cells.ranges):
        return None
    change.sheet.cell(change.table.header[0], last).value = NONSENSE[0]
    change.sheet.cell(change.table.header[1], last).value = NONSENSE[0]
    return NONSENSE[0]


def _removed(change: _Change) -> str | None:
    """A column's title and cells are wiped out."""
    for one in change.sure(only=lambda one: len(one.title) == 1)[:1]:
        for row in range(change.table.header[0], change.sheet.max_row + 1):
            cell = change.sheet.cell(row, one.column + 1)
            if not isinstance(cell, openpyxl.cell.MergedCell):
                cell.value = None
        change.gone.add(one.column)
        return one.shown_title
    return None


def _swapped(change: _Change) -> str | None:
    """Two neighbours in the list of titles change places, cells and all."""
    plain = [one for one in change.sure() if len(one.title) == 1]
    for left, right in pairwise(plain):
        rows = range(change.table.header[0], change.sheet.max_row + 1)
        pairs = [[change.sheet.cell(row, one.column + 1) for one in (left, right)] for row in rows]
        merged = [[isinstance(cell, openpyxl.cell.MergedCell) for cell in pair] for pair in pairs]
        if any(one is not other for one, other in merged):
            continue  # one is merged downwards where the other is not
        for first, second in (pair for pair, (covered, _) in zip(pairs, merged, strict=True) if not covered):
            first.value, second.value = second.value, first.value
            first.number_format, second.number_format = second.number_format, first.number_format
        change.to = {left.column: right.column, right.column: left.column}
        return f"{left.shown_title} <-> {right.shown_title}"
    return None


CHANGES: Mapping[str, Callable[[_Change], str | None]] = {
    "a title of nonsense": _nonsense,
    "another field's title": _other_field,
    "another unit": _other_unit,
    "a column more": _added,
    "a column less": _removed,
    "columns swapped": _swapped,
}
