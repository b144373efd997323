"""Which column is which field: titles, synonyms, units and contents weighed, then solved for all columns at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from guatu.declarations.ledger import Basis, FieldDeclaration, FieldType, Ledger
from guatu.office.containers.grid import Sheet, column_letters, show
from guatu.office.workbooks.assignment import assign
from guatu.office.workbooks.dates import spellings
from guatu.office.workbooks.labels import SEQUENCE_TITLES, is_guide, is_note, is_section, is_total
from guatu.office.workbooks.normalising import word_key
from guatu.office.workbooks.profiles import Profile, agreement, profile
from guatu.office.workbooks.reading import ColumnMapping
from guatu.office.workbooks.tables import Table
from guatu.office.workbooks.titles import Synonyms, Title, fit, read_title, synonyms
from guatu.office.workbooks.words import Blanks, States, TagWords
from guatu.standards.periods import Period
from guatu.standards.quantities import CNY, Unit, UnitKind, find_units, parse_unit
from guatu.text import Text

LEAST = 0.6
"""A column fitting its best field less than this stays unmapped and is named."""
EXACT = 0.88
"""Columns that fit this well are settled first: an exact title never loses its field to a similar one."""
SURE = 0.8
"""Below this a mapping is reported, so that nothing is silently wrong."""
_TIE = 0.03
_NUMBER = "编号"
"""A title of running numbers and of local numbers alike: the cells decide."""
_LAST_YEAR = 0
"""The month before January."""
_NEARLY_ALL = 0.9
"""Share of a column's words that must be measures for it to say what the rows of a battle map hold, whatever its title."""
_GLIMPSE = 20
"""Cells of a column looked at before all of them are."""
PERIODIC = frozenset({Basis.MONTH, Basis.YEAR_TO_DATE, Basis.SINCE_START})
_FIGURES = frozenset({FieldType.MONEY, FieldType.AREA, FieldType.NUMBER, FieldType.INTEGER, FieldType.PERCENT})

_STRICT = _FIGURES | {FieldType.DATE, FieldType.FLAG}

Slot = tuple[str, int | None]
"""A field, and for periodic fields the month: each may be given to one column only."""
Scores = dict[Slot, tuple[float, str]]
"""What a column may be: the score of each slot, and the synonym behind it."""


class LedgerWords:
    """A ledger prepared for reading: titles, states, blanks and list words, compiled once."""

    def __init__(self, ledger: Ledger) -> None:
        self.ledger = ledger
        self.blanks = Blanks(ledger)
        self.tags = TagWords(ledger)
        self.dates = spellings(ledger.date_spellings)
        self.titles: dict[str, Synonyms] = {
            key: synonyms((one.title.zh, one.title.en, *one.synonyms), strict=one.type in _STRICT)
            for key, one in ledger.fields.items()
        }
        self.leaves = frozenset(leaf for titles in self.titles.values() for leaf in titles.leaves)
        self.qualifiers = frozenset(leaf for titles in self.titles.values() for leaf in titles.grouped if leaf)
        """Leaves that say something only under a group: 计划, 实际, 累计, 时间."""
        self._fits: dict[tuple[Title, str], tuple[float, str]] = {}
        self._titles: dict[tuple[str, int], bool] = {}
        self.selectors = [
            one.key
            for one in ledger.fields.values()
            if one.type is FieldType.CHOICE and one.states and ledger.fields.keys() >= one.states.keys()
        ]
        """Choices whose states are fields: the row says which of them its month columns hold (作战图)."""
        self.states = {
            key: States(one.states)
            for key, one in ledger.fields.items()
            if one.type in (FieldType.FLAG, FieldType.CHOICE)
        }

    def fit(self, title: Title, key: str) -> tuple[float, str]:
        """How well a title fits a field; sheets with the same header are weighed once."""
        found = self._fits.get((title, key))
        if found is None:
            found = self._fits[title, key] = fit(title, self.titles[key], turned=self._turned(title, key))
        return found

    def _turned(self, title: Title, key: str) -> bool:
        """Whether the title's group names another field and so turns a leaf that needs a group: 立项 | 进展."""
        if title.leaf not in self.qualifiers:
            return False
        named = {other for other, words in self.titles.items() for group in title.groups if group in words.whole}
        return bool(named) and key not in named

    def is_title(self, text: str, year: int) -> bool:
        """Whether a text is a title some field or list goes by: how header rows are told from data."""
        found = self._titles.get((text, year))
        if found is None:
            found = self._titles[text, year] = self._goes_by(read_title((text,), year))
        return found

    def _goes_by(self, title: Title) -> bool:
        if title.leaf in self.leaves or self.tags.list_of(title.leaf):
            return True
        return any(fit(title, words, turned=self._turned(title, key))[0] >= SURE for key, words in self.titles.items())


@dataclass(frozen=True)
class _Column:
    """One column of the table with everything that speaks about it."""

    index: int
    title: Title
    profile: Profile
    units: tuple[Unit, ...]
    """Units named in the title path, innermost first."""
    own_units: tuple[Unit, ...]
    """Units named in the leaf itself."""
    hidden: bool


@dataclass
class Columns:
    """The mapping of one table's columns, and what could not be decided."""

    mappings: list[ColumnMapping]
    ties: list[tuple[int, int, str]] = field(default_factory=list)
    """(column left out, column taken, field) that fit equally well."""
    left: list[tuple[int, int, str]] = field(default_factory=list)
    """(column left out, column taken, field) where the other was better."""
    void: list[int] = field(default_factory=list)
    scores: dict[int, Scores] = field(default_factory=dict)
    """By column, every field it may be."""
    profiles: dict[int, Profile] = field(default_factory=dict)


def map_columns(sheet: Sheet, table: Table, words: LedgerWords, period: Period) -> Columns:
    """Map every column of a table; nothing is configured, everything can be overruled by a kept mapping."""
    rows = [row for row in table.rows() if _may_be_data(sheet, row)]
    columns = [_column(sheet, table, index, rows, words, period) for index in range(sheet.width)]
    figures = _figure_rows(sheet, columns, rows, words)
    if figures is not None:
        columns = [
            one if one.title.month is None else _column(sheet, table, one.index, figures, words, period)
            for one in columns
        ]
    seen = [one for one in columns if one.title.path or not one.profile.empty]
    result = Columns([], profiles={one.index: one.profile for one in columns})
    free: list[_Column] = []
    for one in seen:
        fixed = _fixed(one, words)
        if one.title.void:
            result.void.append(one.index)
        if fixed is not None:
            result.mappings.append(fixed)
        elif not one.title.path and _nothing_known(one):
            result.mappings.append(_plain_mapping(one, "unmapped", Text("没有列名", "no title")))
        else:
            free.append(one)
    _solve(free, words, period, result)
    result.mappings.sort(key=lambda mapping: mapping.column)
    return result


def selector_column(columns: Sequence[ColumnMapping], words: LedgerWords) -> ColumnMapping | None:
    """The column that says what each row's month columns hold, when the table has one."""
    return next((one for one in columns if one.role == "field" and one.field in words.selectors), None)


def _figure_rows(sheet: Sheet, columns: Sequence[_Column], rows: Sequence[int], words: LedgerWords) -> list[int] | None:
    """In a table with a selector, the rows whose month columns hold figures; None in any other table."""
    for key in words.selectors:
        states = words.states[key]
        for one in columns:
            titled = words.fit(one.title, key)[0] >= SURE
            if not titled and not any(states.key(show(value)) for value in one.profile.values[:_GLIMPSE]):
                continue  # nearly all cells would have to be such words, and of the first none is
            chosen = {row: states.key(text) for row in rows if (text := sheet.text(row, one.index))}
            told = [state for state in chosen.values() if state]
            if len(set(told)) >= 2 and (titled or len(told) >= len(chosen) * _NEARLY_ALL):
                return [row for row, state in chosen.items() if state and words.ledger.fields[state].type in _FIGURES]
    return None


def _may_be_data(sheet: Sheet, row: int) -> bool:
    values = sheet.rows[row]
    if type(values[0]) is float and len(values) > 1 and values[1] is not None:
        return True  # as most rows begin: a running number, and something beside it
    columns = sheet.filled(row)
    if len(columns) < 2:
        return False
    if not isinstance(sheet.value(row, columns[0]), str):
        return True  # a running number says none of this
    text = sheet.text(row, columns[0])
    return not (is_total(text) or is_note(text) or is_section(text) or is_guide(text))


def _column(sheet: Sheet, table: Table, index: int, rows: Sequence[int], words: LedgerWords, period: Period) -> _Column:
    path = table.paths[index]
    found = tuple(unit for part in reversed(path) for unit in find_units(part))
    title = read_title(path, period.year, frozenset(word_key(unit.name) for unit in found), words.qualifiers)
    seen = profile(sheet.cells_of(index, rows), words.blanks, words.tags, period.year, words.dates)
    own = find_units(path[-1]) if path else ()
    return _Column(index, title, seen, found, own, index in sheet.facts.hidden_columns)


def _nothing_known(one: _Column) -> bool:
    return one.profile.codes < 0.8


def _plain_mapping(one: _Column, role: str, why: Text) -> ColumnMapping:
    return ColumnMapping(
        column=one.index,
        letters=column_letters(one.index),
        title=one.title.path,
        role=role,  # type: ignore[arg-type]
        field=None,
        period=None,
        unit=None,
        confidence=1.0 if role != "unmapped" else 0.0,
        why=why,
        hidden=one.hidden,
    )


def _fixed(one: _Column, words: LedgerWords) -> ColumnMapping | None:
    """Columns decided without weighing: void ones, running numbers, check marks under a list's name."""
    if one.title.void:
        return _plain_mapping(one, "ignored", Text("列名标明作废", "its title says it is void"))
    if one.title.leaf in SEQUENCE_TITLES and (one.title.leaf != _NUMBER or _counts(one.profile)):
        return _plain_mapping(one, "sequence", Text("序号列，不作主键", "running number, never a key"))
    key = words.tags.list_of(one.title.asked) if one.title.asked else None
    if key is not None and key not in words.ledger.fields and _says_yes_or_no(one.profile, words):
        why = Text(f"列名是清单“{words.ledger.lists[key].title.zh}”，内容是勾选", f"titled like list '{key}', ticked")
        return replace(_plain_mapping(one, "list_flag", why), field=key)
    return None


def _counts(seen: Profile) -> bool:
    """Whether a column counts its rows: 1, 2, 3 …, from 1 again in each part."""
    figures = [value for value in seen.values if isinstance(value, float)]
    if not figures or len(figures) < len(seen.values) or figures[0] != 1:
        return False
    steps = [after - before for before, after in pairwise(figures)]
    usual = max(steps, key=steps.count, default=1.0)
    return usual >= 1 and sum(
        step == usual or after == 1 for step, after in zip(steps, figures[1:], strict=True)
    ) == len(steps)


def _says_yes_or_no(seen: Profile, words: LedgerWords) -> bool:
    if seen.empty:
        return True
    return seen.marks >= 0.9 or all(word_key(show(value)) in ("是", "否", "y", "n", "1", "0") for value in seen.values)


def _solve(columns: list[_Column], words: LedgerWords, period: Period, result: Columns) -> None:
    weighed = [_weigh(one, words, period) for one in columns]
    result.scores = {one.index: scores for one, scores in zip(columns, weighed, strict=True)}
    taken = _assigned(weighed, EXACT, {})
    taken |= _assigned(weighed, LEAST, taken)
    slot_of = {position: slot for slot, position in taken.items()}
    for position, one in enumerate(columns):
        slot = slot_of.get(position)
        if slot is None:
            result.mappings.append(_unmapped(one, weighed[position], taken, columns, weighed, result))
        else:
            result.mappings.append(_mapped(one, slot, *weighed[position][slot], words, period))


def _assigned(weighed: Sequence[Scores], least: float, taken: Mapping[Slot, int]) -> dict[Slot, int]:
    """The best assignment among scores of at least `least`, of what is not taken yet."""
    settled = set(taken.values())
    open_ = [
        {slot: score for slot, (score, _) in scores.items() if score >= least and slot not in taken}
        if position not in settled
        else {}
        for position, scores in enumerate(weighed)
    ]
    slots = sorted({slot for scores in open_ for slot in scores}, key=str)
    if not slots:
        return {}
    chosen = assign([[scores.get(slot, 0.0) for slot in slots] for scores in open_])
    return {slots[index]: position for position, index in enumerate(chosen) if index is not None}


def _mapped(one: _Column, slot: Slot, score: float, because: str, words: LedgerWords, period: Period) -> ColumnMapping:
    declared = words.ledger.fields[slot[0]]
    of = Period.month(period.year, slot[1]) if declared.basis in PERIODIC and slot[1] else None
    unit = column_unit(one.title.path, declared)
    return ColumnMapping(
        column=one.index,
        letters=column_letters(one.index),
        title=one.title.path,
        role="field",
        field=declared.key,
        period=of,
        unit=unit.name if unit else None,
        confidence=round(min(score, 1.0), 2),
        why=Text(
            f"列名合于“{because}”，内容相符" if because else "由内容认出",
            f"title fits '{because}' and the cells agree" if because else "recognised by its cells",
        ),
        hidden=one.hidden,
    )


def _unmapped(
    one: _Column,
    scores: Scores,
    taken: Mapping[Slot, int],
    columns: Sequence[_Column],
    weighed: Sequence[Scores],
    result: Columns,
) -> ColumnMapping:
    best = max(scores, key=lambda slot: scores[slot][0], default=None)
    if best is not None and best in taken:
        rival = taken[best]
        tie = scores[best][0] >= weighed[rival][best][0] - _TIE and not one.hidden
        (result.ties if tie else result.left).append((one.index, columns[rival].index, best[0]))
    return _plain_mapping(one, "unmapped", Text("对不上任何字段", "fits no field"))


def _weigh(one: _Column, words: LedgerWords, period: Period) -> Scores:
    """Every field this column may be, with its score and the synonym behind it."""
    scores: Scores = {}
    for declared in words.ledger.fields.values():
        score, because = _score(one, declared, words)
        slot = _slot(one, declared, period)
        if score >= LEAST and not (declared.basis in PERIODIC and slot[1] == _LAST_YEAR):
            scores[slot] = (score, because)
    return scores


def _slot(one: _Column, declared: FieldDeclaration, period: Period) -> Slot:
    if declared.basis in PERIODIC:
        # In January the month before is _LAST_YEAR: no month of the round's year.
        return declared.key, one.title.month or period.last_day.month - one.title.month_before
    # Several columns may name lists; each is its own slot, and their tags are put together.
    return declared.key, one.index if declared.may_repeat else None


def _score(one: _Column, declared: FieldDeclaration, words: LedgerWords) -> tuple[float, str]:
    base, because = words.fit(one.title, declared.key)
    if (by_cells := _by_cells(one, declared, words)) > base:
        return by_cells, ""
    if base == 0.0:
        return 0.0, ""
    base *= _time_factor(one.title, declared, because) * _unit_factor(one, declared)
    base *= agreement(declared, one.profile, words.states.get(declared.key))
    return base * (0.9 if one.hidden else 1.0), because


def _by_cells(one: _Column, declared: FieldDeclaration, words: LedgerWords) -> float:
    """What only the cells say: project codes, and what the rows of a table with several rows to an item hold."""
    if declared.type is FieldType.PROJECT_CODE and one.profile.codes >= 0.8:
        return 0.75
    if declared.key in words.selectors and one.profile.values:
        said = [words.states[declared.key].key(show(value)) for value in one.profile.values]
        return 0.95 if None not in said and len(set(said)) >= 2 else 0.0
    return 0.0


def _time_factor(title: Title, declared: FieldDeclaration, because: str) -> float:
    """A year or a month in the title speaks against fields that have none: a year's works are not the works."""
    if title.year is not None and declared.type in _FIGURES | {FieldType.TEXT}:
        return 0.0
    if title.month is not None and declared.basis not in PERIODIC and declared.type in _STRICT:
        return 0.3
    if title.month_before and declared.basis not in (Basis.YEAR_TO_DATE, Basis.SINCE_START):
        return 0.0
    if "{year}" in because or declared.basis is not None:
        return 1.0
    if title.this_year and declared.type is FieldType.MONEY:
        return 0.5
    return 0.5 if title.of_a_year and title.month is None and declared.type is FieldType.TEXT else 1.0


def _unit_factor(one: _Column, declared: FieldDeclaration) -> float:
    """A unit in the title that the field cannot have speaks against it."""
    kinds = {unit.kind for unit in one.own_units}
    match declared.type:
        case FieldType.MONEY:
            currencies = {unit.currency for unit in one.units if unit.kind is UnitKind.MONEY}
            # Yuan may go without saying, and what the field's unit says; another currency must be named.
            if declared.currency not in (currencies or {declared.currency if declared.unit_holds else CNY}):
                return 0.0
            return 0.3 if kinds & {UnitKind.PERCENT, UnitKind.AREA} else 1.0
        case FieldType.AREA:
            return 0.0 if UnitKind.MONEY in kinds else 1.0
        case FieldType.PERCENT:
            return 0.3 if kinds & {UnitKind.MONEY, UnitKind.AREA} else 1.0
        case FieldType.NUMBER | FieldType.INTEGER:
            return 0.8 if kinds else 1.0
        case _:
            return 0.5 if kinds & {UnitKind.MONEY, UnitKind.AREA} else 1.0


def column_unit(path: Sequence[str], declared: FieldDeclaration) -> Unit | None:
    """The unit a title path gives a money or area field: the innermost level that names one."""
    kind = {FieldType.MONEY: UnitKind.MONEY, FieldType.AREA: UnitKind.AREA}.get(declared.type)
    if kind is None:
        return None
    return next((unit for part in reversed(path) if (unit := parse_unit(part, expecting=kind)) is not None), None)
