"""What an item is asked for of a round, and what it said of it and of the one before."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from guatu.declarations import Basis, FieldDeclaration
from guatu.declarations import Ledger as LedgerDeclaration
from guatu.hub.ledger.encodings import Json
from guatu.hub.ledger.models import Figure, Item
from guatu.standards.periods import Period, UnknownPeriod
from guatu.text import Refusal, Text


class NoSuchRound(Refusal):
    """The ledger has no round of that name."""

    def __init__(self, ledger: LedgerDeclaration, said: str) -> None:
        super().__init__(
            said,
            Text(f"不是“{ledger.title.zh}”的一期", f"is no round of '{ledger.title.en}'"),
            Text("从“填报”页选一期。", "Choose a round on the page of reports."),
        )


def asked_fields(ledger: LedgerDeclaration) -> dict[str, FieldDeclaration]:
    """The fields an item is asked for each round: those the ledger names, else every figure that is not a year's plan."""
    named = ledger.rounds.asks or tuple(
        key for key, one in ledger.fields.items() if one.measure is not None and one.basis is not Basis.YEAR
    )
    return {key: ledger.fields[key] for key in named if ledger.fields[key].measure is not None}


def needed_fields(ledger: LedgerDeclaration) -> tuple[str, ...]:
    """Those that have to be there for the round's figures to be in: the required ones, else the first."""
    asked = asked_fields(ledger)
    return tuple(key for key, one in asked.items() if one.required) or tuple(asked)[:1]


def round_named(ledger: LedgerDeclaration, said: str) -> Period:
    """The round an address names; `NoSuchRound` where it is none."""
    try:
        period = Period.parse(said)
    except UnknownPeriod as refusal:
        raise NoSuchRound(ledger, said) from refusal
    if not ledger.rounds.is_round(period):
        raise NoSuchRound(ledger, said)
    return period


@dataclass(frozen=True, slots=True)
class Held:
    """A figure in force, as the ledger keeps it."""

    value: Json
    sequence: int
    by_hand: bool
    reason: str


@dataclass(frozen=True)
class Reported:
    """Every figure in force of an item, by period and field."""

    item: Item
    ledger: LedgerDeclaration

    @cached_property
    def by_period(self) -> dict[str, dict[str, Held]]:
        found: dict[str, dict[str, Held]] = {}
        rows = Figure.objects.in_force().filter(item=self.item)
        for one in rows:
            value: Json = one.amount if one.amount is not None else one.number
            found.setdefault(one.period, {})[one.field] = Held(value, one.sequence, one.by_hand, one.reason)
        return found

    def of(self, period: Period) -> Mapping[str, Held]:
        return self.by_period.get(str(period), {})

    def seen(self, period: Period) -> int:
        """What the figures of a round were last changed by: a form says it, so that nobody overwrites unseen."""
        asked = asked_fields(self.ledger)
        return max((one.sequence for key, one in self.of(period).items() if key in asked), default=0)

    def plan_beside(self, field: FieldDeclaration, period: Period) -> tuple[FieldDeclaration, Json] | None:
        """The year's plan that a figure runs against: the one counted in the same unit."""
        year = self.by_period.get(str(period.year), {})
        for key, one in self.ledger.fields.items():
            if one.basis is Basis.YEAR and one.measure is not None and (one.type, one.unit) == (field.type, field.unit):
                held = year.get(key) or self.of(period).get(key)
                if held is not None:
                    return one, held.value
        return None
