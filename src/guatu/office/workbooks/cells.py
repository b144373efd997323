"""A reader for each mapped column: from the cell's value to a typed value or a reason, parsed once per spelling."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from guatu.declarations.ledger import FieldDeclaration, FieldType
from guatu.office.containers.grid import Value
from guatu.office.workbooks.columns import LedgerWords
from guatu.office.workbooks.numbers import AmountReader, NumberReader, PercentReader, is_excel_error
from guatu.office.workbooks.parsed import Parsed, absent, refused
from guatu.office.workbooks.words import (
    ChoiceReader,
    DateReader,
    FlagReader,
    PeopleReader,
    ProofDateReader,
    read_credit_code,
    read_name,
    read_phones,
    read_project_code,
    read_text,
)
from guatu.standards.quantities import Unit

_BLANK = absent("blank")
_AS_RATIO = PercentReader(points=False)

Reader = Callable[[Value], Parsed]

FIGURES = frozenset({FieldType.MONEY, FieldType.AREA, FieldType.NUMBER, FieldType.INTEGER, FieldType.PERCENT})
_STATES_FIRST = frozenset({FieldType.FLAG, FieldType.CHOICE})
# Blank words of any column. Other reasons (续建 for a planned start) are common words outside dates and figures.
_EVERYWHERE = frozenset({"blank", "slash", "dash", "none", "pending"})


@dataclass
class CellReader:
    """Reads the cells of one column, remembering every text it has already parsed."""

    declared: FieldDeclaration
    words: LedgerWords
    reader: Reader
    handles_blanks: bool = False
    seen: dict[str, Parsed] = field(default_factory=dict)

    def __call__(self, value: Value) -> Parsed:
        if type(value) is str:
            parsed = self.seen.get(value)
            if parsed is None:
                parsed = self.seen[value] = self._read(value)
            return parsed
        if value is None and not self.handles_blanks:
            return _BLANK
        return self.reader(value)

    def as_ratio(self, value: Value) -> Parsed:
        """The same cell when its number format shows it as a percentage: 0.813 is 81.3 % whatever its column does."""
        if isinstance(value, float) and isinstance(self.reader, PercentReader):
            return _AS_RATIO(value)
        return self(value)

    def as_shown(self, value: Value, code: str) -> Parsed:
        """The same cell when its number format scales the figure or writes a unit behind it."""
        if isinstance(value, float) and isinstance(self.reader, AmountReader):
            return self.reader.as_shown(value, code)
        return self(value)

    def _read(self, value: Value) -> Parsed:
        if is_excel_error(value):
            return refused("excel_error", "bad")
        if not self.handles_blanks:
            reason = self.words.blanks.reason(value)
            dated_or_figure = self.declared.type in FIGURES or self.declared.type is FieldType.DATE
            if reason is not None and (reason in _EVERYWHERE or dated_or_figure):
                return absent(reason)
        return self.reader(value)


@dataclass(frozen=True, slots=True)
class Setting:
    """What readers need to know beside the field: the round's year, the column's unit, its percent spelling."""

    year: int
    epoch_1904: bool
    unit: Unit | None
    points: bool
    blank_is_false: bool
    proves: str | None
    """A flag that has no column of its own and is proven by this date column."""
    phones: str | None
    """Where phones in a column of names go."""
    is_name: bool


def cell_reader(declared: FieldDeclaration, words: LedgerWords, setting: Setting) -> CellReader:
    """The reader of one column."""
    return CellReader(
        declared,
        words,
        _reader(declared, words, setting),
        handles_blanks=declared.type in _STATES_FIRST or setting.proves is not None,
    )


def _reader(declared: FieldDeclaration, words: LedgerWords, setting: Setting) -> Reader:
    match declared.type:
        case FieldType.MONEY | FieldType.AREA:
            return AmountReader(
                setting.unit, declared.currency, declared.foreign, declared.negative, declared.unit_holds
            )
        case FieldType.NUMBER:
            return NumberReader(declared.negative)
        case FieldType.INTEGER:
            return NumberReader(declared.negative, whole=True)
        case FieldType.PERCENT:
            return PercentReader(setting.points)
        case FieldType.DATE if setting.proves is not None:
            return ProofDateReader(
                setting.proves,
                words.states[setting.proves],
                setting.year,
                setting.epoch_1904,
                words.blanks,
                words.dates,
            )
        case FieldType.DATE:
            flags = [one for one in words.ledger.fields.values() if one.dated_by == declared.key]
            return DateReader(
                setting.year, setting.epoch_1904, tuple(words.states[one.key] for one in flags), words.dates
            )
        case FieldType.FLAG:
            states = words.states[declared.key]
            return FlagReader(
                states, declared.dated_by, setting.year, setting.blank_is_false, words.blanks, words.dates
            )
        case FieldType.CHOICE:
            return ChoiceReader(words.states[declared.key], words.blanks)
        case FieldType.PEOPLE:
            return PeopleReader(setting.phones)
        case _:
            return read_name if setting.is_name else _TEXT_READERS.get(declared.type, read_text)


_TEXT_READERS: Mapping[FieldType, Reader] = {
    FieldType.PROJECT_CODE: read_project_code,
    FieldType.CREDIT_CODE: read_credit_code,
    FieldType.PHONES: read_phones,
}
