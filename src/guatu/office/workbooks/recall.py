"""Kept mappings put to use: the same layout is read as it was confirmed, a changed one is compared, never guessed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Literal

from guatu.declarations.ledger import FieldDeclaration, FieldType
from guatu.office.containers.grid import Sheet, address
from guatu.office.workbooks.columns import PERIODIC, SURE, LedgerWords
from guatu.office.workbooks.desk import Desk
from guatu.office.workbooks.differences import Change, differences, similarity
from guatu.office.workbooks.fingerprints import AMOUNTS, LaidOut, leaf
from guatu.office.workbooks.memory import (
    LEFT_OUT,
    LIST,
    OPEN,
    TITLED,
    KeptColumn,
    KeptLayout,
    Memory,
    months_back,
)
from guatu.office.workbooks.reading import ColumnMapping, KeptUse, Sender
from guatu.office.workbooks.tables import Table
from guatu.office.workbooks.titles import read_title
from guatu.standards.periods import Period
from guatu.standards.quantities import find_units
from guatu.text import Text

_SLOT = re.compile(r"\{[^{}]*\}")
_ALIKE = 0.5
"""Share of titles a table must have in common with a kept layout to be that table, changed."""

Doubt = Literal["unsure", "other_field", "other_unit", "taken", "lost"]
"""Why a column of a changed layout is asked about."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A column a person must decide, and why."""

    column: int
    doubt: Doubt
    words: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Recalled:
    """What the memory made of one table."""

    mappings: tuple[ColumnMapping, ...]
    laid: LaidOut
    kept: KeptLayout | None = None
    """The layout it was read or compared with."""
    changes: tuple[Change, ...] = ()
    asked: tuple[Asked, ...] = ()
    is_new: bool = False
    """The sender has kept layouts and this is like none of them."""

    @property
    def is_same(self) -> bool:
        return self.kept is not None and not self.changes

    @property
    def questioned(self) -> frozenset[int]:
        return frozenset(one.column for one in self.asked)


@dataclass(frozen=True)
class Recollection:
    """What is remembered of one sender while a workbook of theirs is read."""

    memory: Memory
    sender: Sender | None
    titles: frozenset[str] = frozenset()
    """Titles a person pointed at, besides those of the kept layouts."""

    @cached_property
    def layouts(self) -> tuple[KeptLayout, ...]:
        return self.memory.of(self.sender)

    @property
    def encoding(self) -> str | None:
        return self.memory.encoding_of(self.sender)

    @cached_property
    def _leaves(self) -> frozenset[str]:
        kept = {column.title[-1] for kept in self.layouts for column in kept.layout.columns}
        # A mere month is a title only beside others: a row of data may hold several.
        return self.titles | {title for title in kept if _SLOT.sub("", title)}

    def is_title(self, text: str, year: int) -> bool:
        """Whether a text is a title of a kept layout: its header is found again though no ledger knows its words."""
        return bool(self._leaves) and leaf(text, year) in self._leaves

    def recall(self, found: Sequence[ColumnMapping], laid: LaidOut, words: LedgerWords, period: Period) -> Recalled:
        """Read a table as its sender's kept mapping says.

        The same fingerprint: every column as confirmed. Another layout of the same sender: what is unchanged as
        confirmed; what is new or changed as usual, but asked about where that is not sure or contradicts what was kept.
        Without a kept mapping of this sender nothing changes.
        """
        if not self.layouts:
            return Recalled(tuple(found), laid)
        kept = next((one for one in self.layouts if one.fingerprint == laid.layout.fingerprint), None)
        kept = kept or max(
            self.layouts,
            key=lambda one: (similarity(one.layout, laid.layout), one.layout.caption == laid.layout.caption),
        )
        changes = differences(kept.layout, laid.layout)
        comparison = _Comparison(tuple(found), laid, kept, changes, words, period)
        if changes and similarity(kept.layout, laid.layout) < _ALIKE:
            return comparison.unlike()
        return comparison.made()


@dataclass(frozen=True)
class _Comparison:
    """One table beside the kept layout it is, or was."""

    found: tuple[ColumnMapping, ...]
    laid: LaidOut
    kept: KeptLayout
    changes: tuple[Change, ...]
    words: LedgerWords
    period: Period

    def unlike(self) -> Recalled:
        """A table like none the sender sent before: mapped as usual, what is not sure is asked about."""
        unsure = (one for one in self.found if _is_unsure(one))
        asked = tuple(Asked(one.column, "unsure", {**_sure(one), **self._named(one.field)}) for one in unsure)
        return Recalled(_set_aside(self.found, asked), self.laid, asked=asked, is_new=True)

    def made(self) -> Recalled:
        by_column = {one.column: one for one in self.found}
        settled, asked = self._settled(by_column)
        for one in self.found:
            if one.title and one.column not in settled:
                asked += self._doubts(one, settled.values())
        mappings = tuple(settled.get(one.column, one) for one in self.found)
        return Recalled(_set_aside(mappings, asked), self.laid, self.kept, self.changes, tuple(asked))

    def _settled(self, by_column: Mapping[int, ColumnMapping]) -> tuple[dict[int, ColumnMapping], list[Asked]]:
        """The columns that are as they were kept, by sheet column; and those that contradict their unit."""
        kept = dict(zip(self.kept.layout.keys, self.kept.columns, strict=True))
        other_unit = {change.is_at: change for change in self.changes if change.kind == "unit"}
        unit_line = next((change for change in self.changes if change.kind == "unit_line"), None)
        settled: dict[int, ColumnMapping] = {}
        asked: list[Asked] = []
        for position, (key, places) in enumerate(zip(self.laid.layout.keys, self.laid.places, strict=True)):
            if (one := kept.get(key)) is None or one.field == OPEN:
                continue
            for column in places:
                if column not in by_column:
                    continue
                mapping = confirmed(by_column[column], one, self.kept, self.words, self.period)
                if (rival := self._rival(mapping, settled.values())) is not None:
                    asked.append(Asked(column, "taken", {**self._named(one.field), "other": rival.shown_title}))
                settled[column] = mapping
                change = other_unit.get(position) or (unit_line if one.unit is None and not one.column.unit else None)
                if change is not None and self._is_amount(one.field):
                    asked.append(Asked(column, "other_unit", {"before": change.before, "now": change.now}))
        return settled, asked

    def _is_amount(self, key: str) -> bool:
        declared = self.words.ledger.fields.get(key)
        return declared is not None and declared.type in (FieldType.MONEY, FieldType.AREA)

    def _doubts(self, one: ColumnMapping, settled: Iterable[ColumnMapping]) -> list[Asked]:
        """Why a column that is not as it was kept cannot simply be read as it was found."""
        if (rival := self._rival(one, settled)) is not None:
            return [Asked(one.column, "taken", {**self._named(one.field), "other": rival.shown_title})]
        before = self._became(one.column) or self._was_of_series(one)
        if before is not None and before.field not in (LEFT_OUT, OPEN) and before.field != _said(one):
            return [Asked(one.column, "lost" if one.role == "unmapped" else "other_field", self._was(before, one))]
        if (unit := self._other_unit(one)) is not None:
            return [unit]
        if _is_unsure(one):
            return [Asked(one.column, "unsure", {**_sure(one), **self._named(one.field)})]
        return []

    def _other_unit(self, one: ColumnMapping) -> Asked | None:
        """A renamed column, or a further one under a kept title, in another unit: one month of a series in 亿元."""
        now = next(
            (
                column
                for column, places in zip(self.laid.layout.columns, self.laid.places, strict=True)
                if one.column in places
            ),
            None,
        )
        if now is None or one.field is None or not self._is_amount(one.field):
            return None
        was = self._became(one.column)
        before = was.unit or was.column.unit if was is not None else self._unit_under(now.title, now.unit)
        named = list(
            dict.fromkeys(unit.name for part in one.title for unit in find_units(part) if unit.kind in AMOUNTS)
        )
        same = before == now.unit or (not named and before in self.laid.layout.units)
        if same or (before is None and now.unit in self.kept.layout.units):
            return None
        return Asked(one.column, "other_unit", {"before": before or "—", "now": "、".join(named) or "—"})

    def _unit_under(self, title: tuple[str, ...], otherwise: str | None) -> str | None:
        """The unit that a kept column of this title had."""
        return next((kept.unit for kept in self.kept.layout.columns if kept.title == title), otherwise)

    def _was_of_series(self, one: ColumnMapping) -> KeptColumn | None:
        """The kept series of months in whose midst a new column stands that fits nothing: one of its months it was."""
        kept = dict(zip(self.kept.layout.keys, self.kept.columns, strict=True))
        laid = list(zip(self.laid.layout.keys, self.laid.places, strict=True))
        if one.role != "unmapped" or any(one.column in places and key in kept for key, places in laid):
            return None
        around = (key for key, places in laid if places[0] < one.column < places[-1])
        return next((kept[key] for key in around if key in kept), None)

    def _became(self, column: int) -> KeptColumn | None:
        """The kept column a renamed one was."""
        for change in self.changes:
            if change.kind != "renamed" or change.was_at is None or change.is_at is None:
                continue
            if column in self.laid.places[change.is_at]:
                return self.kept.columns[change.was_at]
        return None

    def _rival(self, one: ColumnMapping, settled: Iterable[ColumnMapping]) -> ColumnMapping | None:
        """The confirmed column that already is the same field of the same month."""
        if one.role != "field" or self.words.ledger.fields[one.field or ""].may_repeat:
            return None
        same = (other for other in settled if other.role == "field" and other.field == one.field)
        return next((other for other in same if other.period == one.period), None)

    def _named(self, key: str | None) -> dict[str, str]:
        title = meaning(key or "", self.words)
        return {"field": title.zh, "field_en": title.en}

    def _was(self, before: KeptColumn, one: ColumnMapping) -> dict[str, str]:
        title = meaning(before.field, self.words)
        return {**self._named(one.field), "was": title.zh, "was_en": title.en, "before": before.column.shown}


def meaning(key: str, words: LedgerWords) -> Text:
    """What a kept `field` says, for people."""
    if key == LEFT_OUT:
        return Text("不读", "not read")
    declared = words.ledger.fields.get(key) or words.ledger.lists.get(key.removeprefix(LIST))
    return declared.title if declared is not None else Text(key, key)


def _said(one: ColumnMapping) -> str:
    return f"{LIST}{one.field}" if one.role == "list_flag" else one.field or LEFT_OUT


def _is_unsure(one: ColumnMapping) -> bool:
    return one.role == "field" and one.confidence < SURE


def _sure(one: ColumnMapping) -> dict[str, str]:
    return {"confidence": f"{one.confidence:.0%}"}


def _set_aside(mappings: Iterable[ColumnMapping], asked: Iterable[Asked]) -> tuple[ColumnMapping, ...]:
    """Columns in question are not read until somebody answers."""
    waiting = {one.column for one in asked}
    return tuple(
        replace(one, role="unmapped", field=None, period=None, unit=None, confidence=0.0, why=_WAITS)
        if one.column in waiting
        else one
        for one in mappings
    )


_WAITS = Text("待核定", "waits to be confirmed")


def confirmed(
    one: ColumnMapping, kept: KeptColumn, layout: KeptLayout, words: LedgerWords, period: Period
) -> ColumnMapping:
    """A column as its kept mapping reads it this round."""
    who = layout.origin.saying
    if kept.decided is not None:
        who = Text(f"{kept.decided.saying} 指定", f"decided by {kept.decided.saying}")
    base = replace(one, field=None, period=None, unit=None, confidence=1.0, why=who, decided=True)
    if kept.field == LEFT_OUT:
        return base if one.role == "sequence" else replace(base, role="ignored")
    if kept.field.startswith(LIST):
        return replace(base, role="list_flag", field=kept.field.removeprefix(LIST))
    declared = words.ledger.fields[kept.field]
    of = period_of(one.title, kept.period, declared, period)
    return replace(base, role="field", field=kept.field, period=of, unit=kept.unit or kept.column.unit)


def period_of(title: tuple[str, ...], slot: str | None, declared: FieldDeclaration, period: Period) -> Period | None:
    """The month a column's figures are for: the slot counted from the round, or the month its title names."""
    if declared.basis not in PERIODIC:
        return None
    this = Period.month(period.year, period.last_day.month)
    named = read_title(title, period.year)
    if slot in (None, TITLED) and named.month is not None:
        return Period.month(named.year or period.year, named.month)
    back = months_back(slot) if slot is not None else None
    for _ in range(back if back is not None else named.month_before):
        this = this.previous()
    return this


def slot_of(title: tuple[str, ...], of: Period | None, period: Period) -> str | None:
    """The slot by which next month's column finds its month."""
    if of is None:
        return None
    if read_title(title, period.year).month == of.last_day.month:
        return TITLED
    back = (period.year - of.year) * 12 + period.last_day.month - of.last_day.month
    return "round" if back <= 0 else f"round-{back}"


# -- what to say -------------------------------------------------------------------------------------------------


def report(desk: Desk, sheet: Sheet, table: Table, recalled: Recalled) -> None:
    """Say that a kept mapping was used, or how the layout changed and which columns wait for it."""
    kept, name = recalled.kept, sheet.name
    if recalled.is_new:
        desk.say("layout_unlike", name, "")
    elif kept is not None:
        desk.kept.append(KeptUse(name, kept.origin.saying, tuple(one.saying for one in recalled.changes)))
    if kept is not None and recalled.changes:
        desk.say(
            "layout_changed", name, "", made=kept.origin.saying.zh, made_en=kept.origin.saying.en,
            changes="；".join(one.saying.zh for one in recalled.changes),
            changes_en="; ".join(one.saying.en for one in recalled.changes),
        )  # fmt: skip
    titles = {one.column: one.shown_title for one in recalled.mappings}
    for one in recalled.asked:
        title = titles[one.column]
        desk.say(f"column_{one.doubt}", name, address(table.header[1], one.column), title, title=title, **one.words)
