"""From a mapped table to rows of typed cells: sections and merges applied, tags gathered, every bad cell named."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from guatu.declarations.ledger import FieldDeclaration, FieldType, Ledger
from guatu.office.containers.grid import Sheet, Value, address, show
from guatu.office.containers.spelling import plain
from guatu.office.workbooks.alternatives import first_filled
from guatu.office.workbooks.asides import settle_asides
from guatu.office.workbooks.bulk import TagsRead, once, read_column, slice_of
from guatu.office.workbooks.cells import FIGURES, CellReader
from guatu.office.workbooks.columns import selector_column
from guatu.office.workbooks.desk import Desk
from guatu.office.workbooks.held import FieldColumn, HeldRows
from guatu.office.workbooks.mapped import MappedTable, identity_fields
from guatu.office.workbooks.normalising import name_key
from guatu.office.workbooks.parsed import Parsed, Problem, refused
from guatu.office.workbooks.plans import Plan, Planner
from guatu.office.workbooks.reading import ColumnMapping, ReadCell, ReadRow, Tag
from guatu.office.workbooks.rows import LEAST_ROW, Kind, Line, legend, lines
from guatu.office.workbooks.words import CIRCLED, States
from guatu.standards.quantities import Unit

_SECTION = "section"
"""A text field with states of this key takes section titles of that shape: `states: {section: ["*街道"]}`."""


@dataclass
class Extract:
    """What one table gives."""

    rows: HeldRows
    lines: list[Line] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    units: dict[int, Unit | None] = field(default_factory=dict)
    """The unit each money or area column was read in."""


def extract(desk: Desk, mapped: MappedTable, standing: Sequence[Tag], *, by_cell: bool = False) -> Extract:
    """Read every data row of a table; `standing` are tags of the whole sheet or table.

    Clean columns are read whole; `by_cell` reads every row cell by cell instead, which says and finds the same.
    """
    return _Extraction(desk, mapped, tuple(standing), by_cell).run()


@dataclass
class _Extraction:
    desk: Desk
    mapped: MappedTable
    standing: tuple[Tag, ...]
    by_cell: bool = False
    """Whether every row is read cell by cell, as unusual rows always are."""
    result: Extract = field(init=False)
    tags: TagsRead | None = None
    said: FieldColumn | None = None
    """The field that section titles give a value to, where it has no column."""
    odd: set[int] = field(default_factory=set)
    """Item rows, counted from 0, that must be read cell by cell."""
    sections: dict[int, Tag | ReadCell] = field(default_factory=dict)
    hidden: list[int] = field(default_factory=list)
    asides: list[ReadCell] = field(default_factory=list)
    """What cells of the row at hand say of fields that have a column of their own."""
    selected_readers: dict[str, CellReader] = field(default_factory=dict)

    @property
    def ledger(self) -> Ledger:
        return self.desk.words.ledger

    @property
    def sheet(self) -> Sheet:
        return self.mapped.sheet

    def run(self) -> Extract:
        self.result = Extract(HeldRows(self.sheet.name))
        identity = set(identity_fields(self.ledger))
        named_by = [one.column for one in self.mapped.of("field") if one.field in identity]
        self.result.lines = list(lines(self.sheet, self.mapped.table, named_by))
        self.result.notes = [line.label for line in self.result.lines if line.kind is Kind.NOTE]
        self.legend = legend(self.result.notes)
        self.tag_columns = [
            one for one in self.mapped.of("field") if self.ledger.fields[one.field or ""].type is FieldType.TAGS
        ]
        self.flag_columns = self.mapped.of("list_flag")
        self.selector = selector_column(self.mapped.columns, self.desk.words)
        self.planner = Planner(self.desk, self.mapped, self.selector)
        self.readers = {one.column: self.planner.reader(one) for one in self.mapped.of("field")}
        self.result.units = self.planner.units
        self.fields = [one for one in self.mapped.of("field") if one is not self.selector]
        self.present = {one.field for one in self.mapped.of("field")}
        self.plans = [self.planner.plan(one, self.readers[one.column]) for one in self.fields]
        several = Counter(one.field for one in self.fields if self.ledger.fields[one.field or ""].several)
        self.several = {key for key, columns in several.items() if key and columns > 1}
        items = [line.row for line in self.result.lines if line.kind is Kind.ITEM]
        if self.selector is None and not self.by_cell and not self.several:
            self._read_columns(items)
        for line in self.result.lines:
            if line.kind is Kind.SECTION:
                self._enter(line)
            elif line.kind is Kind.ITEM and self._is_plain(len(self.result.rows)):
                self._plain_item(line.row)
            elif line.kind is Kind.ITEM or self._goes_on(line):
                self._item(line.row)
            else:
                self._left_out(line)
        if self.hidden:
            self.desk.say("hidden_rows", self.sheet.name, rows=_ranges(self.hidden))
        return self.result

    # -- rows ----------------------------------------------------------------------------------------------

    def _enter(self, line: Line) -> None:
        for level in [level for level in self.sections if level >= line.level]:
            del self.sections[level]
        self.sections[line.level] = self._said_by(line)

    def _unclear(self, line: Line) -> None:
        figures = [
            one
            for one in self.mapped.of("field")
            if self.readers[one.column].declared.type in FIGURES and self.sheet.value(line.row, one.column) is not None
        ]
        place = f"{line.row + 1}:{line.row + 1}"
        if figures:
            name = self.ledger.fields[self.ledger.identity[-1][-1]].title
            self.desk.say("no_name", self.sheet.name, place, line.label, field=name.zh, field_en=name.en)
        elif len(self.sheet.filled(line.row)) >= LEAST_ROW:
            self.desk.say("unread_row", self.sheet.name, place, line.label)
        else:
            self.desk.say("unclear_row", self.sheet.name, place, line.label)

    def _goes_on(self, line: Line) -> bool:
        """In a table with several rows to an item, a row with a measure of its own belongs to the item above."""
        unnamed = line.kind in (Kind.UNCLEAR, Kind.CONTINUED)
        return unnamed and bool(self.result.rows) and self._selected(line.row) is not None

    def _left_out(self, line: Line) -> None:
        """Say of a row why it is no item; totals and notes need no saying."""
        if line.kind is Kind.UNCLEAR:
            self._unclear(line)
        elif line.kind in (Kind.GUIDE, Kind.CONTINUED):
            code = "guide_row" if line.kind is Kind.GUIDE else "continued_row"
            self.desk.say(code, self.sheet.name, f"{line.row + 1}:{line.row + 1}", line.label)

    def _selected(self, row: int) -> FieldDeclaration | None:
        """The field this row's month columns hold, when a selector column says so."""
        if self.selector is None:
            return None
        state = self.desk.words.states[self.selector.field or ""].key(self.sheet.text(row, self.selector.column))
        return self.ledger.fields[state] if state else None

    def _reader_for(self, plan: Plan, row: int) -> CellReader:
        """A month column is read as the field its row selects."""
        selected = self._selected(row) if plan.period is not None else None
        if selected is None or selected.key == plan.key:
            return plan.reader
        if selected.key not in self.selected_readers:
            self.selected_readers[selected.key] = self.planner.reader(replace(plan.mapping, field=selected.key))
        return self.selected_readers[selected.key]

    # -- rows by column --------------------------------------------------------------------------------------

    def _read_columns(self, items: list[int]) -> None:
        """Read every column whole, and learn which rows need more than that."""
        tags = self.tags = TagsRead(self.sheet.name, items)
        self.odd = {index for index, row in enumerate(items) if row in self.sheet.facts.hidden_rows}
        columns: list[FieldColumn] = []
        settled = {one.field or "" for one in self.mapped.of("field")} | set(self.ledger.lists)
        for plan in self.plans:
            declared = plan.reader.declared
            cells = slice_of(
                self.sheet, items, plan.column,
                figures=declared.type in FIGURES, percent=declared.type is FieldType.PERCENT,
            )  # fmt: skip
            if plan.is_tags:
                self.odd |= cells.odd
                tags.column(plan.column, cells.raws, self._tag_words)
                continue
            own = FieldColumn(plan.key, plan.period, plan.column, plan.unit, [], cells.raws)
            read = read_column(plan.reader, own, cells, settled)
            self.odd |= read.odd
            columns += [own, read.beside] if read.beside else [own]
            if plan.is_listed:
                tags.flag(plan.column, plan.key, declared.title.zh, [value is True for value in own.values])
        for one in self.flag_columns:
            raws = self.sheet.cells_of(one.column, items)
            tags.flag(one.column, one.field, one.shown_title, once(self._says_yes, raws))
        takers = {self._taker(line.heading) for line in self.result.lines if line.kind is Kind.SECTION} - {None}
        if len(unsaid := takers - self.present) == 1:
            self.said = FieldColumn(str(*unsaid), None, 0, None, [None] * len(items), [None] * len(items))
            columns.append(self.said)
        self.result.rows.columns = tuple(columns)

    def _tag_words(self, value: Value) -> list[tuple[str, str | None]]:
        if self.desk.words.blanks.reason(value) is not None:
            return []
        return self.desk.words.tags.read(value, self.legend)

    def _is_plain(self, index: int) -> bool:
        """Whether the columns say everything of an item row: nothing of it must be told, now or for the first time."""
        if self.tags is None or index in self.odd:
            return False
        if len(self._said_of_rows()) != (1 if self.said else 0):
            return False
        free = self.tags.free.get(index, ())
        return all(word in self.desk.free_tags and not CIRCLED.fullmatch(word) for word in free)

    def _said_of_rows(self) -> list[ReadCell]:
        """What the sections say of fields that have no column."""
        said = [one for one in self.sections.values() if isinstance(one, ReadCell)]
        return [one for one in said if one.field not in self.present] if said else said

    def _plain_item(self, row: int) -> None:
        index = len(self.result.rows)
        if self.said is not None:
            self.said.say(index, *self._said_of_rows())
        self.result.rows.add(row, self._tags_of(index))

    def _tags_of(self, index: int) -> tuple[Tag, ...]:
        own = self.tags.found[index] if self.tags is not None else []
        if not own and not self.sections and len(self.standing) < 2:
            return self.standing
        return _unique([*self.standing, *own, *(said for said in self.sections.values() if isinstance(said, Tag))])

    # -- rows cell by cell -----------------------------------------------------------------------------------

    def _item(self, row: int) -> None:
        if row in self.sheet.facts.hidden_rows:
            self.hidden.append(row)
        cells: list[ReadCell] = []
        tags: list[Tag] = list(self.standing)
        values, name = self.sheet.rows[row], self.sheet.name
        for plan in self.plans:
            origin, value = row, values[plan.column]
            if value is None and plan.fills_down:
                origin, value = self._filled_down(row, plan.column)
            if plan.is_tags:
                tags += self._tags(origin, plan.column, value)
                continue
            if value is None and plan.is_figure and self._is_shared(row, plan.column):
                cells.append(self._shared(plan, row))
                continue
            reader = self._reader_for(plan, row) if plan.by_cell else plan.reader
            parsed = self._parsed(reader, row, origin, plan.column, value) if plan.by_cell else reader(value)
            cells.append(
                ReadCell(
                    reader.declared.key, plan.period, parsed.value, parsed.missing, value, name, origin, plan.column,
                    parsed.unit or plan.unit, parsed.precision, parsed.is_deadline,
                )
            )  # fmt: skip
            if parsed.problem is not None or parsed.beside or plan.is_listed:
                self._note(cells, tags, plan, reader.declared, parsed, value, origin)
        for one in self.flag_columns:
            tags += self._flag_tag(one, row)
        if self.several:
            cells = first_filled(self.desk, cells, self.several)
        self._apply_sections(cells, tags)
        if self.asides:
            settle_asides(self.desk, cells, self.asides)
            self.asides = []
        found = ReadRow(name, row + 1, _unique(tags), tuple(cells), row in self.sheet.facts.hidden_rows)
        rows = self.result.rows
        if self.selector is not None and rows and self._is_same_item(rows[-1], found):
            rows.set_odd(len(rows) - 1, _joined(rows[-1], found))
        else:
            rows.add_odd(found)

    def _is_same_item(self, one: ReadRow, other: ReadRow) -> bool:
        """Rows of one item in a table with several rows to an item: named by the same merged cell, or only once."""
        keys = identity_fields(self.ledger)
        if all(cell.value is None for cell in other.cells if cell.field in keys):
            return True
        places = [{(cell.row, cell.column) for cell in row.cells if cell.field in keys} for row in (one, other)]
        return bool(places[0] & places[1])

    def _filled_down(self, row: int, column: int) -> tuple[int, Value]:
        """The row and value of the merged cell a blank belongs to; text merged over several rows holds for each."""
        merge = self.sheet.merge_at(row, column)
        if merge is not None and self.mapped.table.data[0] <= merge[0][0] < row and merge[0][1] == column:
            return merge[0][0], self.sheet.value(merge[0][0], column)
        return row, None

    def _is_shared(self, row: int, column: int) -> bool:
        """Whether a figure written once is merged over this row from another item above."""
        return self.selector is None and self._filled_down(row, column)[0] != row

    def _shared(self, plan: Plan, row: int) -> ReadCell:
        self.desk.say_of_cell(Problem("merged_figure", {}), plan.reader.declared, self.sheet, row, plan.column)
        return ReadCell(plan.key, plan.period, None, "question", None, self.sheet.name, row, plan.column, plan.unit)

    def _note(
        self, cells: list[ReadCell], tags: list[Tag], plan: Plan, declared: FieldDeclaration, parsed: Parsed,
        value: Value, origin: int,
    ) -> None:  # fmt: skip
        """What a cell says beyond its own value: a finding, values of other fields, lists."""
        if parsed.problem is not None:
            self.desk.say_of_cell(parsed.problem, declared, self.sheet, origin, plan.column)
        said_yes = [declared.key] if parsed.value is True else []
        for key, other in parsed.beside:
            said_yes += [key] if other.value is True else []
            said = ReadCell(
                key, None, other.value, other.missing, value, self.sheet.name, origin, plan.column,
                other.unit, other.precision, other.is_deadline,
            )  # fmt: skip
            (self.asides if key in self.present else cells).append(said)
        for key in said_yes:
            if key in self.ledger.lists:
                tags.append(Tag(key, declared.title.zh, "flag", self.sheet.name, address(origin, plan.column)))

    def _parsed(self, reader: CellReader, row: int, origin: int, column: int, value: Value) -> Parsed:
        if value is None and self.sheet.facts.formulas and (row, column) in self.sheet.facts.formulas:
            return refused("formula_without_value", "bad")
        if reader.declared.type is FieldType.PERCENT and (origin, column) in self.sheet.facts.percents:
            return reader.as_ratio(value)
        if code := self.sheet.facts.formats.get((origin, column)):
            return reader.as_shown(value, code)
        return reader(value)

    # -- tags ----------------------------------------------------------------------------------------------

    def _tags(self, origin: int, column: int, value: Value) -> list[Tag]:
        place = address(origin, column)
        found = []
        for word, key in self._tag_words(value):
            found.append(Tag(key, word, "column", self.sheet.name, place))
            if CIRCLED.fullmatch(word):
                self.desk.say("unexplained_mark", self.sheet.name, place, str(value), tag=word)
            elif key is None:
                self._free_tag(word, place)
        return found

    def _free_tag(self, word: str, place: str) -> None:
        """Named once per word: a free tag may be a list somebody forgot to declare."""
        if word not in self.desk.free_tags:
            self.desk.free_tags.add(word)
            self.desk.say("free_tag", self.sheet.name, place, word, tag=word)

    def _says_yes(self, value: Value) -> bool:
        text = plain(value) if isinstance(value, str) else show(value)
        no = not text or text in ("×", "✗", "✕", "x", "X", "否", "0", "N", "n")
        return not no and self.desk.words.blanks.reason(text) is None

    def _flag_tag(self, one: ColumnMapping, row: int) -> list[Tag]:
        if not self._says_yes(self.sheet.value(row, one.column)):
            return []
        return [Tag(one.field, one.shown_title, "flag", self.sheet.name, address(row, one.column))]

    def _apply_sections(self, cells: list[ReadCell], tags: list[Tag]) -> None:
        tags += [said for said in self.sections.values() if isinstance(said, Tag)]
        cells += self._said_of_rows()

    def _said_by(self, line: Line) -> Tag | ReadCell:
        """What a section title says of every row under it: a list, the value of a field, or a free tag."""
        place = address(line.row, line.column)
        key = self.desk.words.tags.list_of(line.heading)
        taker = self._taker(line.heading)
        if taker is not None:
            value = self.sheet.value(line.row, line.column)
            return ReadCell(taker, None, line.heading, None, value, self.sheet.name, line.row, line.column)
        if key is None:
            self._free_tag(line.heading, place)
        return Tag(key, line.heading, "section", self.sheet.name, place)

    def _taker(self, heading: str) -> str | None:
        """The field a section title gives a value to, unless it names a list."""
        if self.desk.words.tags.list_of(heading) is not None:
            return None
        for declared in self.ledger.fields.values():
            shapes = declared.states.get(_SECTION)
            if shapes and States({_SECTION: shapes}).key(heading):
                return declared.key
        return None


def _joined(first: ReadRow, other: ReadRow) -> ReadRow:
    """Two rows of one item as one; cells both have (from merges) stand once."""
    seen = {(cell.field, cell.row, cell.column) for cell in first.cells}
    new = tuple(cell for cell in other.cells if (cell.field, cell.row, cell.column) not in seen)
    return first._replace(cells=first.cells + new, tags=_unique(first.tags + other.tags))


def _unique(tags: Sequence[Tag]) -> tuple[Tag, ...]:
    """Each list once, by its first mention."""
    if len(tags) < 2:
        return tuple(tags)
    return tuple({(tag.key or name_key(tag.word)): tag for tag in reversed(tags)}.values())[::-1]


def _ranges(rows: Sequence[int]) -> str:
    """3-5、9: row numbers as people write them."""
    parts: list[list[int]] = []
    for row in rows:
        if parts and parts[-1][-1] == row - 1:
            parts[-1][1:] = [row]
        else:
            parts.append([row])
    return "、".join("-".join(str(row + 1) for row in part) for part in parts)
