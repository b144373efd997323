"""Figures in a pasted block: of which periods, what they would change, what the checks say, and reporting them all."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from guatu.declarations import Ledger as LedgerDeclaration
from guatu.hub.accounts.actor import Actor
from guatu.hub.accounts.language import spoken
from guatu.hub.ledger.actions.figures import report_figures, stated_figures
from guatu.hub.ledger.encodings import Json, Value
from guatu.hub.ledger.grid.columns import Column, Kind
from guatu.hub.ledger.models import Item
from guatu.hub.ledger.reporting.checking import ERROR, QUESTION, said_of_figures
from guatu.hub.ledger.reporting.rounds import NoSuchRound, Reported, asked_fields, round_named
from guatu.hub.ledger.shown import said_of, titled
from guatu.hub.web.grid.block import Fault, FiguresOf
from guatu.hub.web.grid.together import Becomes
from guatu.hub.web.page_forms import beside_field
from guatu.standards.periods import Period
from guatu.text import Refusal, Text

Periods = Mapping[str, Period]
"""The period in which each column of figures is shown."""


@dataclass(frozen=True, slots=True)
class Report:
    """Some figures of an item for one period, and the checks that ask about them."""

    item: Item
    period: Period
    figures: Mapping[str, Value]
    seen: int
    asking: Sequence[str] = ()


@dataclass(slots=True)
class Pasted:
    """The figures of a block as they would be taken: what changes, what is wrong, what is asked."""

    lines: list[Becomes] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    asks: list[tuple[str, Text]] = field(default_factory=list)
    """An item's name, and what a check asks of it: the reason the block is taken for answers it."""
    reports: list[Report] = field(default_factory=list)


def figures_open(
    ledger: LedgerDeclaration, columns: Sequence[Column], shown: Mapping[str, str], current: Period
) -> dict[str, Period]:
    """Of the columns of figures that are reported each round, the period they show: a round that has begun."""
    asked, found = asked_fields(ledger), dict[str, Period]()
    for one in columns:
        if one.kind is Kind.FIGURE and one.key in asked and one.key in shown:
            try:
                period = round_named(ledger, shown[one.key])
            except NoSuchRound:
                continue
            if period <= current:
                found[one.key] = period
    return found


def look_at_figures(said: Sequence[FiguresOf], ledger: LedgerDeclaration, periods: Periods) -> Pasted:
    """Every figure that differs from what is in force, with what the form of reports would say of it."""
    found = Pasted()
    for row in said:
        reported = Reported(row.item, ledger)
        for period in dict.fromkeys(periods[key] for key in row.figures):
            given = {key: value for key, value in row.figures.items() if periods[key] == period}
            try:
                stated = stated_figures(row.item, ledger, given)
            except Refusal as refusal:
                title = titled(ledger, f"figures.{getattr(refusal, 'field', '')}.{period}")
                found.faults.append(Fault(row.number, row.item.name, title, "", beside_field(refusal)))
                continue
            _look(found, row, reported, period, given, stated)
    return found


def _look(
    found: Pasted, row: FiguresOf, reported: Reported, period: Period, given: Mapping[str, Value], stated: Mapping[str, Json]
) -> None:  # fmt: skip
    held, ledger = reported.of(period), reported.ledger
    fresh = [key for key, value in stated.items() if key not in held or held[key].value != value]
    if not fresh:
        return
    asking = []
    for one in said_of_figures(row.item, reported, period, stated):
        if one.grade == ERROR:
            why = f"{one.reason.in_(spoken())} {one.remedy.in_(spoken())}"
            said = said_of(ledger, f"figures.{one.field}.{period}", stated.get(one.field), {}).in_(spoken())
            found.faults.append(Fault(row.number, row.item.name, ledger.fields[one.field].title, said, why))
        elif one.grade == QUESTION:
            asking.append(one.check)
            found.asks.append((row.item.name, one.reason))
    found.reports.append(Report(row.item, period, given, reported.seen(period), asking))
    found.lines += _becomes(row.item, reported, period, {key: stated[key] for key in fresh})


def _becomes(item: Item, reported: Reported, period: Period, fresh: Mapping[str, Json]) -> Iterator[Becomes]:
    held, ledger = reported.of(period), reported.ledger
    for key, value in fresh.items():
        fact = f"figures.{key}.{period}"
        before = held[key].value if key in held else None
        said = [said_of(ledger, fact, one, {}) for one in (before, value)]
        yield Becomes(item.pk, item.name, titled(ledger, fact), *said)


def report_all(reports: Sequence[Report], *, reason: str, by: Actor, at: datetime) -> None:
    """Each by the action of the form of reports; the caller's transaction holds them together."""
    for one in reports:
        report_figures(
            item=one.item, period=str(one.period), figures=one.figures, seen=one.seen,
            reasons=dict.fromkeys(one.asking, reason), by=by, at=at,
        )  # fmt: skip
