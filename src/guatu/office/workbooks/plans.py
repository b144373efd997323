"""How each column of a mapped table is to be read: with which reader, in which unit, and what else there is to know of it."""

from __future__ import annotations

from dataclasses import dataclass, field

from guatu.declarations.ledger import FieldDeclaration, FieldType, Ledger
from guatu.office.containers.grid import Sheet, address
from guatu.office.workbooks.cells import FIGURES, CellReader, Setting, cell_reader
from guatu.office.workbooks.columns import column_unit
from guatu.office.workbooks.desk import Desk
from guatu.office.workbooks.mapped import MappedTable, identity_fields
from guatu.office.workbooks.numbers import read_number
from guatu.office.workbooks.profiles import Profile
from guatu.office.workbooks.rates import written_in_points
from guatu.office.workbooks.reading import ColumnMapping
from guatu.office.workbooks.words import States
from guatu.standards.periods import Period
from guatu.standards.quantities import Unit, UnitKind, parse_unit, unit_named


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything about reading one field's column that does not change from row to row."""

    mapping: ColumnMapping
    reader: CellReader
    key: str
    period: Period | None
    column: int
    unit: str | None
    is_tags: bool
    is_listed: bool
    """A flag that is a list too: yes puts the item on it."""
    fills_down: bool
    """Words in a column with merged cells; figures are never filled down."""
    is_figure: bool
    """A figure in a sheet with merged cells: one written for two rows belongs to neither for certain."""
    by_cell: bool
    """Formulas, percent formats or a selector make the cell's own position matter."""


@dataclass
class Planner:
    """Makes readers and plans for the columns of one table; what unit a column is in it says once."""

    desk: Desk
    mapped: MappedTable
    selector: ColumnMapping | None
    units: dict[int, Unit | None] = field(default_factory=dict)
    """The unit each money or area column is read in."""

    @property
    def ledger(self) -> Ledger:
        return self.desk.words.ledger

    @property
    def sheet(self) -> Sheet:
        return self.mapped.sheet

    def reader(self, one: ColumnMapping) -> CellReader:
        declared = self.ledger.fields[one.field or ""]
        unit = self._unit(one, declared)
        seen = self.mapped.profiles.get(one.column)
        setting = Setting(
            year=self.desk.period.year,
            epoch_1904=self.sheet.facts.epoch_1904,
            unit=unit,
            points=declared.type is FieldType.PERCENT and written_in_points(self.mapped, one, self.ledger),
            blank_is_false=seen is not None and _only_ticks(seen, self.desk.words.states.get(declared.key)),
            proves=self._proven_flag(declared),
            phones=self._phones_field(declared),
            is_name=declared.type is FieldType.TEXT and declared.key in identity_fields(self.ledger),
        )
        return cell_reader(declared, self.desk.words, setting)

    def _unit(self, one: ColumnMapping, declared: FieldDeclaration) -> Unit | None:
        """Unit of the column beats the unit of the sheet; without either a money column is refused, not guessed."""
        kind = {FieldType.MONEY: UnitKind.MONEY, FieldType.AREA: UnitKind.AREA}.get(declared.type)
        if kind is None:
            return None
        unit = parse_unit(f"({one.unit})", expecting=kind) if one.unit else column_unit(one.title, declared)
        for caption in (*self.mapped.captions, *self.mapped.above):
            unit = unit or parse_unit(caption, expecting=kind)
        if unit is None and declared.unit_holds and declared.unit is not None:
            unit = unit_named(declared.unit)
        self.units[one.column] = unit
        if unit is None and _needs_unit(self.mapped.profiles[one.column]):
            self.desk.say(
                "no_unit_column",
                self.sheet.name,
                address(self.mapped.table.header[1], one.column),
                title=one.shown_title,
            )
        return unit

    def _proven_flag(self, declared: FieldDeclaration) -> str | None:
        flags = [one.key for one in self.ledger.fields.values() if one.dated_by == declared.key]
        return next((key for key in flags if self.mapped.field_column(key) is None), None)

    def _phones_field(self, declared: FieldDeclaration) -> str | None:
        if declared.type is not FieldType.PEOPLE:
            return None
        phones = (one.key for one in self.ledger.fields.values() if one.type is FieldType.PHONES)
        return next((key for key in phones if self.mapped.field_column(key) is None), None)

    def plan(self, one: ColumnMapping, reader: CellReader) -> Plan:
        declared, facts = reader.declared, self.sheet.facts
        unit = self.units.get(one.column)
        return Plan(
            mapping=one,
            reader=reader,
            key=declared.key,
            period=one.period,
            column=one.column,
            unit=unit.name if unit else None,
            is_tags=declared.type is FieldType.TAGS,
            is_listed=declared.key in self.ledger.lists,
            fills_down=declared.type not in FIGURES and bool(self.sheet.merges),
            is_figure=declared.type in FIGURES and bool(self.sheet.merges),
            by_cell=bool(facts.formulas)
            or (declared.type is FieldType.PERCENT and bool(facts.percents))
            or (declared.type in FIGURES and bool(facts.formats))
            or (self.selector is not None and one.period is not None),
        )


def _needs_unit(seen: Profile) -> bool:
    """Whether any figure of a column stands there without its own unit; nought is nought in every unit."""
    figures = [read_number(value) for value in seen.values]
    return any(number and not unit for number, unit, _ in figures)


def _only_ticks(seen: Profile, states: States | None) -> bool:
    """A column of √ and nothing else: there a blank says no."""
    if states is None or seen.empty or seen.marks < 1.0:
        return False
    return all(states.key(str(value)) == "true" for value in seen.values)
