"""A workbook laid open for the person who confirms its columns: what each was found to be, what else it could be, and
why somebody should look."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from guatu.declarations.ledger import FieldDeclaration, FieldType, Ledger, UnitDeclaration
from guatu.office.containers.grid import Sheet, column_letters, show
from guatu.office.containers.opening import open_book
from guatu.office.workbooks.columns import PERIODIC, SURE, Columns, LedgerWords
from guatu.office.workbooks.desk import Desk
from guatu.office.workbooks.differences import Change
from guatu.office.workbooks.fingerprints import leaf
from guatu.office.workbooks.headers import is_figure
from guatu.office.workbooks.mapped import MappedTable
from guatu.office.workbooks.masking import masked
from guatu.office.workbooks.memory import (
    LEFT_OUT,
    LIST,
    OPEN,
    Decision,
    KeptColumn,
    KeptLayout,
    Memory,
    Origin,
)
from guatu.office.workbooks.messages import finding
from guatu.office.workbooks.reader import judged_tables, no_ledger
from guatu.office.workbooks.reading import ColumnMapping, Sender
from guatu.office.workbooks.recall import Recalled, Recollection, slot_of
from guatu.office.workbooks.sender import recognise, sender_of
from guatu.standards.periods import Period
from guatu.standards.quantities import UnitKind, parse_unit
from guatu.text import Text

_SAMPLES = 3
_MOST_CANDIDATES = 5
_KINDS = {FieldType.MONEY: UnitKind.MONEY, FieldType.AREA: UnitKind.AREA}


@dataclass(frozen=True, slots=True)
class Candidate:
    """A field a column may be."""

    field: str
    score: float
    because: str
    """The synonym its title resembles; empty where only the cells speak for it."""


@dataclass(frozen=True)
class SurveyedColumn:
    """One column of a layout (or a series of months) as it stands before a person."""

    position: int
    names: tuple[str, ...]
    """Letters of its columns on the sheet; numbers of its rows where the table lies on its side."""
    title: str
    samples: tuple[str, ...]
    """First different cells, names and phones masked."""
    found: ColumnMapping
    """What the reader makes of it by itself."""
    kept: KeptColumn | None
    """What was confirmed for it before."""
    was: KeptColumn | None
    """The confirmed column in whose place it stands now, under another title."""
    candidates: tuple[Candidate, ...]
    doubt: Text | None
    """Why a person should decide; None where nothing is open."""
    unit: str | None
    """Unit of money or area its title names."""
    lacks_unit: bool
    """Whether neither title nor table gives a unit, so that money or area needs one from a person."""

    @property
    def letters(self) -> str:
        """G, or F–M for a series."""
        return "–".join(dict.fromkeys((self.names[0], self.names[-1])))

    @property
    def proposed(self) -> str:
        """What it is as things stand: a kept mapping's `field`, OPEN when it is in doubt."""
        if self.kept is not None and self.doubt is None:
            return self.kept.field
        return said(self.found)


@dataclass(frozen=True)
class SurveyedTable:
    """One table with its columns."""

    sheet: str
    header: tuple[int, int]
    """First and last row, from 1."""
    rows: int
    captions: tuple[str, ...]
    lies: bool
    """Whether it lies on its side: one item a column, titles in the first."""
    columns: tuple[SurveyedColumn, ...]
    recalled: Recalled
    no_ledger: Text | None
    """Why it would not be read as a ledger as things stand."""
    suggestions: Mapping[int, tuple[Sender, str]]
    """By position what another sender's mapping of the very same layout says; never applied by itself."""

    @property
    def changes(self) -> tuple[Change, ...]:
        return self.recalled.changes

    @property
    def alike(self) -> object:
        """What two tables must share for one person's answers to hold for both: titles in order, units, depth."""
        layout = self.recalled.laid.layout
        return layout.columns, layout.units, layout.depth

    @property
    def open(self) -> tuple[SurveyedColumn, ...]:
        return tuple(one for one in self.columns if one.doubt is not None)


@dataclass(frozen=True)
class Survey:
    """Everything `guatu map` shows of one workbook."""

    workbook: str
    sha256: str
    sender: Sender | None
    tables: tuple[SurveyedTable, ...]
    bare: Mapping[str, tuple[tuple[int, str], ...]]
    """Visible sheets in which no header was found: their first rows, numbered from 1, for a person to point at one."""


@dataclass(frozen=True, slots=True)
class Choice:
    """What a person says a column is."""

    field: str
    """A field's key, LEFT_OUT, or `list:key`."""
    unit: str | None = None
    period: str | None = None
    """A slot, for periodic fields."""


def said(one: ColumnMapping) -> str:
    """A mapping as a kept column writes it."""
    match one.role:
        case "field":
            return one.field or OPEN
        case "list_flag":
            return f"{LIST}{one.field}"
        case "unmapped":
            return OPEN
        case _:
            return LEFT_OUT


def survey_workbook(
    path: Path,
    ledger: Ledger,
    *,
    period: Period,
    units: Sequence[UnitDeclaration],
    memory: Memory,
    sender: Sender | None,
    encoding: str | None = None,
    headers: Mapping[str, int] | None = None,
) -> Survey:
    """Look at every table of a workbook, ledger or not; nothing is read out of it.

    `sender` is whose kept mappings hold (as reading it found), `headers` the rows, from 1, a person says are headers.
    A file that is no workbook is refused (`UnreadableWorkbook`).
    """
    known = Recollection(memory, sender)
    book = open_book(path, encoding=encoding or known.encoding or ledger.encoding)
    desk = Desk(path.name, LedgerWords(ledger), period)
    tables: list[SurveyedTable] = []
    bare: dict[str, tuple[tuple[int, str], ...]] = {}
    for sheet in (one for one in book.sheets if one.visible):
        row = (headers or {}).get(sheet.name)
        pointed = _titles(sheet, row - 1, period.year) if row is not None and row <= sheet.height else frozenset()
        seen = Recollection(memory, sender, pointed)
        found = [_table(desk, *one, memory, sender) for one in judged_tables(desk, sheet, seen)[0].every]
        tables += found
        if not found and (first := _first_rows(sheet)):
            bare[sheet.name] = first
    if sender is None:
        captions = [text for one in tables for text in one.captions]
        sender = sender_of(recognise(desk, path.stem, captions, (), units), captions, (), units)
    return Survey(path.name, book.sha256, sender, tuple(tables), bare)


def _titles(sheet: Sheet, row: int, year: int) -> frozenset[str]:
    return frozenset(leaf(text, year) for _, text in sheet.texts(row))


def _first_rows(sheet: Sheet) -> tuple[tuple[int, str], ...]:
    rows = [row for row in range(min(sheet.height, 40)) if len(sheet.filled(row)) > 1][:8]
    return tuple((row + 1, "、".join(_row_shown(sheet, row))) for row in rows)


def _row_shown(sheet: Sheet, row: int) -> list[str]:
    """The first cells of a row; in one with figures, which are data, each cell that looks like a name is masked."""
    columns = sheet.filled(row)
    texts = [sheet.text(row, column) for column in columns[:6]]
    if not any(is_figure(sheet, row, column) for column in columns):
        return texts
    return [shown for text in texts for shown in masked([text], personal=False)]


def _table(
    desk: Desk, mapped: MappedTable, columns: Columns, recalled: Recalled, memory: Memory, sender: Sender | None
) -> SurveyedTable:
    table = mapped.table
    suggestions = {
        position: (other, column.field)
        for other, kept in memory.elsewhere(recalled.laid.layout, sender)
        for position, column in enumerate(kept.columns)
        if column.field not in (OPEN, LEFT_OUT)
    }
    return SurveyedTable(
        sheet=mapped.sheet.name,
        header=(table.header[0] + 1, table.header[1] + 1),
        rows=sum(len(mapped.sheet.filled(row)) > 1 for row in table.rows()),
        captions=mapped.captions,
        lies=mapped.sheet.name in desk.turned,
        columns=tuple(_columns(desk, mapped, columns, recalled)),
        recalled=recalled,
        no_ledger=no_ledger(desk, mapped, recalled),
        suggestions=suggestions,
    )


def _columns(desk: Desk, mapped: MappedTable, columns: Columns, recalled: Recalled) -> Iterator[SurveyedColumn]:
    """Each titled column; one with nothing known of it (it only widens its neighbour) is left out."""
    found = {one.column: one for one in columns.mappings}
    layout = recalled.laid.layout
    lies = mapped.sheet.name in desk.turned
    kept = dict(zip(recalled.kept.layout.keys, recalled.kept.columns, strict=True)) if recalled.kept else {}
    for position, (key, places) in enumerate(zip(layout.keys, recalled.laid.places, strict=True)):
        if places[0] not in found:
            continue
        seen = _telling(found, places)
        candidates = _candidates(columns, seen.column)
        personal = {one.field for one in candidates} | {seen.field, kept[key].field if key in kept else None}
        samples = dict.fromkeys(show(value) for value in columns.profiles[seen.column].values)
        fields = desk.words.ledger.fields
        unit_known = layout.columns[position].unit is not None or bool(layout.units)
        yield SurveyedColumn(
            position=position,
            names=tuple(str(one + 1) if lies else column_letters(one) for one in places),
            title=seen.shown_title,
            samples=masked(
                [*samples][:_SAMPLES],
                personal=any(one in fields and fields[one].is_personal for one in personal if one),
            ),
            found=seen,
            kept=kept.get(key),
            was=_was(recalled, position),
            candidates=candidates,
            doubt=_doubt(desk, columns, recalled, seen, places),
            unit=layout.columns[position].unit,
            lacks_unit=not unit_known,
        )


def _was(recalled: Recalled, position: int) -> KeptColumn | None:
    for change in recalled.changes:
        if change.kind == "renamed" and change.is_at == position and recalled.kept and change.was_at is not None:
            return recalled.kept.columns[change.was_at]
    return None


def _telling(found: Mapping[int, ColumnMapping], places: Sequence[int]) -> ColumnMapping:
    """Of a series of months the column that says most: one that is a field, the surest."""
    known = [found[place] for place in places if place in found]
    return max(known, key=lambda one: (one.role == "field", one.confidence))


def _candidates(columns: Columns, column: int) -> tuple[Candidate, ...]:
    best: dict[str, Candidate] = {}
    for (key, _), (score, because) in columns.scores.get(column, {}).items():
        if key not in best or best[key].score < score:
            best[key] = Candidate(key, min(score, 1.0), because)
    return tuple(sorted(best.values(), key=lambda one: -one.score)[:_MOST_CANDIDATES])


def _doubt(desk: Desk, columns: Columns, recalled: Recalled, seen: ColumnMapping, places: Sequence[int]) -> Text | None:
    """Why a person should look at a column."""
    asked = next((one for one in recalled.asked if one.column in places), None)
    if asked is not None:
        return finding(f"column_{asked.doubt}", workbook="", title=seen.shown_title, **asked.words).reason
    now = next(one for one in recalled.mappings if one.column == seen.column)
    if now.decided:
        return None
    if now.role == "unmapped":
        return _beaten(desk, columns, seen.column) or Text("对不上任何字段", "fits no field")
    if now.role == "field" and now.confidence < SURE:
        return Text(f"把握只有 {now.confidence:.0%}", f"a certainty of only {now.confidence:.0%}")
    return None


def _beaten(desk: Desk, columns: Columns, column: int) -> Text | None:
    """Which column took the field this one resembles as well."""
    for left, taken, key in (*columns.ties, *columns.left):
        if left == column:
            title, other = desk.words.ledger.fields[key].title, column_letters(taken)
            return Text(
                f"也像“{title.zh}”，{other} 列已是这一项", f"resembles '{title.en}' too, which column {other} is"
            )
    return None


# -- what is kept --------------------------------------------------------------------------------------------------


def kept_layout(
    table: SurveyedTable,
    choices: Mapping[int, Choice],
    ledger: Ledger,
    origin: Origin,
    period: Period,
) -> KeptLayout:
    """The table's layout with what a person chose, what stands confirmed, and what is sure; the rest stays open."""
    layout = table.recalled.laid.layout
    columns = []
    for position, column in enumerate(layout.columns):
        one = next((found for found in table.columns if found.position == position), None)
        choice = choices.get(position)
        if choice is not None:
            decided = Decision(origin.by, origin.on, origin.workbook)
            columns.append(KeptColumn(column, choice.field, choice.unit, choice.period, decided))
        elif one is None or one.doubt is not None:
            columns.append(KeptColumn(column, OPEN if one is not None else LEFT_OUT))
        elif one.kept is not None and one.kept.field != OPEN:
            kept = one.kept
            columns.append(KeptColumn(column, kept.field, kept.unit, kept.period, kept.decided))
        else:
            slot = slot_of(one.found.title, one.found.period, period)
            columns.append(KeptColumn(column, said(one.found), None, slot))
    return KeptLayout(ledger.key, layout, tuple(columns), origin)


def is_periodic(declared: FieldDeclaration) -> bool:
    return declared.basis in PERIODIC


def takes_unit(declared: FieldDeclaration) -> bool:
    return declared.type in _KINDS


def is_unit_of(unit: str, declared: FieldDeclaration) -> bool:
    """Whether a unit can be the field's: 万元 of money, 亩 of area."""
    kind = _KINDS.get(declared.type)
    return kind is not None and parse_unit(f"({unit})", expecting=kind) is not None
