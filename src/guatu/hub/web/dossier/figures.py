"""Figures of an item by round: as they were first reported, and as they are known now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property, lru_cache

from django.utils.timezone import localdate

from guatu.declarations import Basis, FieldDeclaration, FieldType
from guatu.declarations import Ledger as LedgerDeclaration
from guatu.hub.composed import ByKey
from guatu.hub.ledger.models import Figure, Item
from guatu.hub.ledger.shown import Shown, shown_figure
from guatu.hub.ledger.telling import UNTOLD, Telling
from guatu.standards.periods import Kind, Period
from guatu.standards.quantities import from_fen, from_mu_millionths
from guatu.standards.rounding import round_half_up

PERIODS = 13
_AREA_DECIMALS = 6


@dataclass(frozen=True, slots=True)
class Version:
    """What one report said of a figure; `gone` from a number on."""

    amount: int | None
    number: str
    sequence: int
    gone: int | None
    reason: str


@dataclass(frozen=True, slots=True)
class Kept:
    """A figure of a field and a period with every version of it, the first reported first."""

    field: FieldDeclaration
    period: str
    versions: tuple[Version, ...]

    @property
    def then(self) -> Version:
        """As it was first reported."""
        return self.versions[0]

    @property
    def now(self) -> Version | None:
        """As it is known; None where the report was undone."""
        last = self.versions[-1]
        return last if last.gone is None else None

    @property
    def latest(self) -> int:
        """The number under which it became what it is: a report, or the end of the last one."""
        last = self.versions[-1]
        return last.sequence if last.gone is None else last.gone

    @property
    def restated(self) -> bool:
        now = self.now
        return now is None or (now.amount, now.number) != (self.then.amount, self.then.number)

    @property
    def value(self) -> Decimal | None:
        """What is known, in the field's unit."""
        return None if self.now is None else in_unit(self.field, self.now)

    @property
    def shown_now(self) -> Shown:
        now = self.now
        return shown_figure(self.field, now.amount if now else None, now.number if now else "")

    @property
    def shown_then(self) -> Shown:
        return shown_figure(self.field, self.then.amount, self.then.number)


def in_unit(field: FieldDeclaration, version: Version) -> Decimal | None:
    """A figure's number in the field's unit, every digit; None where it is no number."""
    match field.type:
        case FieldType.MONEY if version.amount is not None:
            return from_fen(version.amount, field.unit or "元")
        case FieldType.AREA if version.amount is not None:
            return round_half_up(from_mu_millionths(version.amount, field.unit or "亩"), _AREA_DECIMALS)
        case FieldType.PERCENT if version.number:
            return Decimal(version.number) * 100
        case FieldType.NUMBER | FieldType.INTEGER:
            held = version.amount if version.amount is not None else version.number
            return None if held == "" else Decimal(held)
    return None


@dataclass(frozen=True, slots=True)
class Restated:
    """A figure that is no longer what was first reported, with who said either and when."""

    kept: Kept
    then: Telling
    now: Telling


_COLUMNS = ("field", "period", "amount", "number", "sequence", "superseded_by_sequence", "reason")
_FIGURES = ByKey(lambda item: Figure.objects.filter(item=item).order_by("sequence").values_list(*_COLUMNS))


@dataclass
class Figures:
    """All figures of an item that its ledger declares, as of a day: of rounds that were over, and plans of years begun."""

    ledger: LedgerDeclaration
    kept: Mapping[str, Mapping[str, Kept]]
    """Field -> period -> figure."""

    @classmethod
    def of(cls, item: Item, ledger: LedgerDeclaration, day: date) -> Figures:
        """One query."""
        versions: dict[tuple[str, str], list[Version]] = {}
        for field, period, *rest in _FIGURES.all(item.pk):
            if field in ledger.fields:
                versions.setdefault((field, period), []).append(Version(*rest))
        there = {
            (field, period)
            for field, period in versions
            if day >= localdate() or _holds(ledger.fields[field], _parsed(period), day)
        }
        kept: dict[str, dict[str, Kept]] = {}
        for (key, period), found in versions.items():
            if (key, period) in there:
                kept.setdefault(key, {})[period] = Kept(ledger.fields[key], period, tuple(found))
        return cls(ledger, kept)

    @cached_property
    def periods(self) -> list[str]:
        """The latest ones, the newest first."""
        return sorted({period for one in self.kept.values() for period in one}, reverse=True)[:PERIODS]

    @property
    def lines(self) -> list[tuple[FieldDeclaration, list[Kept | None]]]:
        """A line a field in the order of the declaration, a cell a period."""
        return [
            (self.ledger.fields[key], [self.kept[key].get(period) for period in self.periods])
            for key in self.ledger.fields
            if key in self.kept
        ]

    @cached_property
    def restated(self) -> list[Kept]:
        """Those that are no longer what was first reported, the newest period first."""
        found = [one for by_period in self.kept.values() for one in by_period.values() if one.restated]
        return sorted(found, key=lambda one: one.period, reverse=True)

    def restatements(self, told: Mapping[int, Telling]) -> list[Restated]:
        """With who said what when."""
        return [
            Restated(one, told.get(one.then.sequence, UNTOLD), told.get(one.latest, UNTOLD))
            for one in self.restated
        ]  # fmt: skip

    def sequences(self) -> set[int]:
        """Numbers whose moment and post the page tells."""
        return {number for one in self.restated for number in (one.then.sequence, one.latest)}

    def by_period(self, field: FieldDeclaration) -> Sequence[tuple[Period, Kept]]:
        """The figures of a field that stand, in the order of time."""
        found = ((_parsed(key), one) for key, one in self.kept.get(field.key, {}).items() if one.now is not None)
        return sorted(found, key=lambda pair: pair[0].end)


def _holds(field: FieldDeclaration, period: Period, day: date) -> bool:
    """Whether a figure speaks of a past day: a year's plan from its first day on, others once their round is over."""
    return (period.start if field.basis is Basis.YEAR and period.kind is Kind.YEAR else period.last_day) <= day


@lru_cache(maxsize=4096)
def _parsed(period: str) -> Period:
    return Period.parse(period)
