"""A project as one unit reported it, whole or still held in the columns of the table it was read from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from guatu.declarations import Ledger
from guatu.office.containers.grid import column_letters
from guatu.office.workbooks import ReadCell, Tag
from guatu.office.workbooks.held import FieldColumn, HeldRows
from guatu.standards.periods import Period

FORM_KEY = "form_key"
UNACCEPTED = ("bad", "question")
"""Reasons for which a value is missing because of the cell, not because there is nothing to report."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One value of one item, with the place it was read from. `value` is None exactly when `missing` says why."""

    field: str
    period: str | None
    value: object | None
    raw: str
    missing: str | None
    workbook: str
    sheet: str
    address: str
    precision: str | None = None
    is_deadline: bool = False
    unit: str | None = None
    """The unit its figure was written in; not kept with the results."""

    @property
    def place(self) -> str:
        return f"{self.workbook} {self.sheet}!{self.address}"


def cell_of(cell: ReadCell, workbook: str) -> Cell:
    return Cell(
        field=cell.field,
        period=str(cell.period) if cell.period else None,
        value=cell.value,
        raw=cell.raw,
        missing=cell.missing,
        workbook=workbook,
        sheet=cell.sheet,
        address=cell.address,
        precision=cell.precision,
        is_deadline=cell.is_deadline,
        unit=cell.unit,
    )


def tag_cell(tag: Tag, workbook: str) -> Cell:
    return Cell("lists", None, tag.key or tag.word, tag.word, None, workbook, tag.sheet, tag.address)


@dataclass(slots=True)
class Item:
    """A project as one unit reported it this round."""

    item_id: str
    unit: str
    cells: dict[str, tuple[Cell, ...]] = field(default_factory=dict)
    """Field -> the cells its value rests on: one, or the two of a difference."""
    values: dict[str, object | None] = field(default_factory=dict)
    missing: dict[str, str] = field(default_factory=dict)
    """Field -> why there is no value (bad, question, slash, blank …)."""
    tags: dict[str, Cell] = field(default_factory=dict)
    figures: list[Cell] = field(default_factory=list)
    """Every periodic figure as stated, this period's and others'."""
    code_field: str | None = field(default=None, kw_only=True)
    """The ledger's field that holds its code."""

    @property
    def name(self) -> str:
        return str(self.value("name") or self.item_id)

    @property
    def code(self) -> str | None:
        code = self.value(self.code_field) if self.code_field else None
        return str(code) if code else None

    def value(self, key: str) -> object | None:
        return self.values.get(key)

    def reason(self, key: str) -> str | None:
        """Why a field has no value."""
        return self.missing.get(key)

    def on(self) -> Iterable[str]:
        """The lists and free tags it carries."""
        return self.tags

    def place(self) -> str:
        named = self.named_by()
        return named.place if named else self.unit

    def named_by(self) -> Cell | None:
        """The cell of its name, or else of its code."""
        return next((cells[0] for key in ("name", self.code_field) if key and (cells := self.cells.get(key))), None)


@dataclass
class HeldTable:
    """One table of an accepted workbook as its reading holds it: the columns items are made from when asked for."""

    rows: HeldRows
    workbook: str
    unit: str
    period: Period
    ledger: Ledger

    @cached_property
    def code_field(self) -> str | None:
        return self.ledger.code_field

    @cached_property
    def current(self) -> Mapping[str, FieldColumn]:
        """Field -> the column that holds it for this round."""
        return {one.field: one for one in self.rows.columns if one.period is None or one.period == self.period}

    @cached_property
    def figures(self) -> Sequence[FieldColumn]:
        """Columns of periodic figures, of whatever period."""
        fields = self.ledger.fields
        return [one for one in self.rows.columns if one.field in fields and fields[one.field].measure is not None]

    @cached_property
    def unaccepted(self) -> Mapping[str, frozenset[int]]:
        """Field -> rows whose cell could not be taken."""
        found = {
            key: frozenset(index for index, reason in one.missing.items() if reason in UNACCEPTED)
            for key, one in self.current.items()
        }
        return {key: rows for key, rows in found.items() if rows}

    def place(self, one: FieldColumn, index: int) -> tuple[str, int]:
        """Column letters and row number of a cell, as people know them."""
        row, column = one.homes.get(index, (self.rows.places[index], one.column))
        return column_letters(column), row + 1

    def runs(self, one: FieldColumn, indexes: Iterable[int]) -> dict[str, list[int]]:
        """Row numbers of a column's cells by column letters."""
        if not one.homes:
            return {column_letters(one.column): [self.rows.places[index] + 1 for index in indexes]}
        found: dict[str, list[int]] = {}
        for letters, number in (self.place(one, index) for index in indexes):
            found.setdefault(letters, []).append(number)
        return found

    def cell(self, one: FieldColumn, index: int) -> Cell:
        return cell_of(one.cell(index, self.rows.sheet, self.rows.places[index]), self.workbook)


class HeldItem(Item):
    """An item that is one plain row of a table; opened, it is like any other and no longer follows the table."""

    __slots__ = ("index", "opened", "table")

    def __init__(self, table: HeldTable, index: int, item_id: str = "") -> None:
        self.item_id, self.unit, self.code_field = item_id, table.unit, table.code_field
        self.table, self.index, self.opened = table, index, False

    def __getattr__(self, name: str) -> object:
        """What a whole item has beside its id is made when it is first asked for."""
        if name in ("cells", "values", "missing", "tags", "figures") and not self.opened:
            self._open()
            return getattr(self, name)
        raise AttributeError(name)

    def _open(self) -> None:
        table, index = self.table, self.index
        self.opened = True
        found = {key: table.cell(one, index) for key, one in table.current.items() if key != FORM_KEY}
        self.cells = {key: (cell,) for key, cell in found.items()}
        self.values = {key: cell.value for key, cell in found.items()}
        self.missing = {key: cell.missing for key, cell in found.items() if cell.missing}
        self.figures = [table.cell(one, index) for one in table.figures if one.values[index] is not None]
        self.tags = {}
        for tag in table.rows.tags[index]:
            self.tags.setdefault(tag.key or tag.word, tag_cell(tag, table.workbook))

    def value(self, key: str) -> object | None:
        if self.opened:
            return self.values.get(key)
        one = self.table.current.get(key) if key != FORM_KEY else None
        return one.values[self.index] if one is not None else None

    def reason(self, key: str) -> str | None:
        if self.opened:
            return self.missing.get(key)
        one = self.table.current.get(key)
        return one.missing.get(self.index) if one is not None else None

    def on(self) -> Iterable[str]:
        if self.opened:
            return self.tags
        return dict.fromkeys(tag.key or tag.word for tag in self.table.rows.tags[self.index])


@dataclass(slots=True)
class Held:
    """Items sorted by what holds them: whole tables' rows together, and the rest one by one."""

    tables: list[tuple[HeldTable, list[int], list[int]]]
    """A table, the positions of its items among those given, and their rows."""
    others: list[tuple[int, Item]]
    count: int

    @classmethod
    def of(cls, items: Iterable[Item]) -> Held:
        tables: dict[int, tuple[HeldTable, list[int], list[int]]] = {}
        others: list[tuple[int, Item]] = []
        count = 0
        table: HeldTable | None = None
        positions: list[int] = []
        rows: list[int] = []
        for position, item in enumerate(items):
            count += 1
            if type(item) is HeldItem and not item.opened:
                if item.table is not table:  # items of a table mostly stand together
                    table = item.table
                    _, positions, rows = tables.setdefault(id(table), (table, [], []))
                positions.append(position)
                rows.append(item.index)
            else:
                others.append((position, item))
        return cls(list(tables.values()), others, count)

    def values(self, key: str) -> list[object | None]:
        """A field of every item, in the order given."""
        found: list[object | None] = [None] * self.count
        for table, positions, rows in self.tables:
            one = table.current.get(key)
            if one is not None:
                values = [one.values[row] for row in rows]
                first, last = positions[0], positions[-1] + 1
                if last - first == len(positions):  # they come in order: a table's items stand together
                    found[first:last] = values
                    continue
                for position, value in zip(positions, values, strict=True):
                    found[position] = value
        for position, item in self.others:
            found[position] = item.value(key)
        return found
