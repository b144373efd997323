"""Which declared fields say how far an item is: its whole, the year's plan, what is done of it, and the share of the two."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from guatu.declarations import Basis, FieldDeclaration, FieldType
from guatu.declarations import Ledger as LedgerDeclaration
from guatu.hub.ledger.fields import facts_of
from guatu.hub.ledger.shown import grouped, shown
from guatu.hub.web.charts import Sparkline, sparkline
from guatu.hub.web.dossier.figures import Figures, Kept
from guatu.standards.periods import Period
from guatu.standards.rounding import round_half_up
from guatu.standards.unit_titles import unit_title
from guatu.text import Text

AMOUNTS = (FieldType.MONEY, FieldType.AREA, FieldType.NUMBER, FieldType.INTEGER)
AT_MOST = 4


@dataclass(frozen=True, slots=True)
class Measures:
    """The fields of a ledger that hold a year's plan and what was done of it; either may be none."""

    plan: FieldDeclaration | None
    done: FieldDeclaration | None

    @classmethod
    def of(cls, ledger: LedgerDeclaration) -> Measures:
        """The first cumulative amount, and the first plan of a year in the same kind and currency."""
        done = _first(ledger, Basis.YEAR_TO_DATE) or _first(ledger, Basis.SINCE_START)
        plan = _first(ledger, Basis.YEAR, done)
        return cls(plan, done)


def _first(ledger: LedgerDeclaration, basis: Basis, like: FieldDeclaration | None = None) -> FieldDeclaration | None:
    fits: Iterable[FieldDeclaration] = (
        one for one in ledger.fields.values() if one.measure and one.basis is basis and one.type in AMOUNTS
    )
    return next(
        (
            one
            for one in fits
            if like is None or (one.type, one.currency, one.unit) == (like.type, like.currency, like.unit)
        ),
        None,
    )


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an item is in the year of its latest figure: what is done by the end of `period`, and the plan of that year."""

    period: Period
    done: Kept
    plan: Kept | None

    @property
    def share(self) -> Fraction | None:
        if self.plan is None or not self.plan.value or self.done.value is None:
            return None
        return Fraction(self.done.value) / Fraction(self.plan.value)


def progress_of(figures: Figures, measures: Measures) -> Progress | None:
    """None where nothing was reported of what the ledger measures."""
    reported = figures.by_period(measures.done) if measures.done is not None else ()
    if not reported:
        return None
    period, done = reported[-1]
    return Progress(period, done, plan_of(figures, measures, period.year))


def plan_of(figures: Figures, measures: Measures, year: int) -> Kept | None:
    """The plan of a year as last said, whether for the year or with one of its rounds."""
    if measures.plan is None:
        return None
    said = [one for period, one in figures.by_period(measures.plan) if period.year == year]
    return max(said, key=lambda one: one.now.sequence if one.now else 0, default=None)


@dataclass(frozen=True, slots=True)
class Headline:
    """A number at the head of a dossier: its name, itself, its unit, how it came about."""

    title: Text
    said: Text
    unit: str
    note: Text
    spark: Sparkline | None = None


def headlines(
    ledger: LedgerDeclaration, values: Mapping[str, Any], figures: Figures, measures: Measures
) -> list[Headline]:
    """At most four: the whole, the year's plan, what is done, its share; where a ledger measures nothing, the numbers it must have."""
    found = _wholes(ledger, values)
    progress = progress_of(figures, measures)
    if progress is None:
        return found[:AT_MOST]
    parts = (
        [_figure(progress.plan, Text(str(progress.period.year), str(progress.period.year)))] if progress.plan else []
    )
    known = [one.value for period, one in figures.by_period(progress.done.field)][-12:]
    spark = (
        sparkline(progress.done.field.title, known, unit=unit_title(progress.done.field.unit or ""))
        if len(known) > 1
        else None
    )
    parts.append(_figure(progress.done, progress.period.name(), spark))
    share = progress.share
    if share is not None and progress.plan is not None:
        how = f"{progress.done.shown_now.said.zh} ÷ {progress.plan.shown_now.said.zh}"
        parts.append(
            Headline(Text("完成计划", "Of the plan"), _plain(grouped(round_half_up(share * 100, 1))), "%", _plain(how))
        )
    return [*found[: AT_MOST - len(parts)], *parts]


def _wholes(ledger: LedgerDeclaration, values: Mapping[str, Any]) -> list[Headline]:
    """Amounts of the item itself, those that must be filled first."""
    fields = [one for one in facts_of(ledger).values() if one.type in AMOUNTS and values.get(one.key) is not None]
    ordered = sorted(fields, key=lambda one: (not one.required, not one.filterable))
    return [
        Headline(one.title, told.said, told.unit, _plain(""))
        for one in ordered
        if (told := shown(one, values[one.key]))
    ]


def _figure(kept: Kept, note: Text, spark: Sparkline | None = None) -> Headline:
    told = kept.shown_now
    return Headline(kept.field.title, told.said, told.unit, note, spark)


def _plain(said: str | Decimal) -> Text:
    return Text(str(said), str(said))
