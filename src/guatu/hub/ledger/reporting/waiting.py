"""Whose figures of the current round are not in yet, of the items an actor reports for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Case, Count, Exists, OuterRef, Q, Value, When

from guatu.declarations import Ledger as LedgerDeclaration
from guatu.hub.accounts.actor import Actor
from guatu.hub.accounts.models import below
from guatu.hub.accounts.roles import Permission
from guatu.hub.ledger.models import Figure, Item, Ledger
from guatu.hub.ledger.models.items import ItemQuerySet, ItemState
from guatu.hub.ledger.packs import declared
from guatu.hub.ledger.reporting.rounds import asked_fields, needed_fields
from guatu.standards.periods import Period


@dataclass(frozen=True, slots=True)
class Round:
    """The round of a ledger that is reported now."""

    ledger: Ledger
    declaration: LedgerDeclaration
    period: Period


@dataclass(frozen=True, slots=True)
class Progress:
    """How many of the items of a round are in."""

    round: Round
    done: int
    of: int

    @property
    def left(self) -> int:
        return self.of - self.done


def rounds_on(day: date) -> list[Round]:
    """The current round of every ledger that asks its items for figures."""
    found = []
    for one in Ledger.objects.select_related("pack").defer("pack__files").order_by("pk"):
        declaration = declared(one)
        if asked_fields(declaration):
            found.append(Round(one, declaration, declaration.rounds.current(day)))
    return found


def reporting_items(actor: Actor, rounds: Sequence[Round], unit: int | None = None) -> ItemQuerySet:
    """Active items whose figures the actor may report; with `unit` those of it and of all under it."""
    items = Item.objects.under(actor, Permission.REPORT_ITEMS).filter(state=ItemState.ACTIVE)
    items = items.filter(ledger__in=[one.ledger.pk for one in rounds])
    if unit is not None:
        items = items.filter(unit__in=below([unit]))
    return items


def is_in(rounds: Sequence[Round]) -> Case:
    """Whether every figure that has to be there of the item's round is."""
    return Case(*(When(_complete(one), then=Value(True)) for one in rounds), default=Value(False))


def _complete(one: Round) -> Q:
    said = Figure.objects.in_force().filter(item=OuterRef("pk"), period=str(one.period))
    found = Q(ledger=one.ledger.pk)
    for key in needed_fields(one.declaration):
        found &= Q(Exists(said.filter(field=key)))
    return found


def waiting_items(actor: Actor, rounds: Sequence[Round], unit: int | None = None) -> ItemQuerySet:
    """Items whose figures are not in, by unit."""
    if not rounds:
        return Item.objects.none()
    items = reporting_items(actor, rounds, unit).alias(is_in=is_in(rounds)).filter(is_in=False)
    return items.select_related("unit").defer("search_text").order_by("ledger_id", "unit__order", "unit_id", "pk")


def progress_of(actor: Actor, rounds: Sequence[Round], unit: int | None = None) -> list[Progress]:
    """How far each round is, of those in which the actor reports for anybody."""
    if not rounds:
        return []
    items = reporting_items(actor, rounds, unit).annotate(is_in=is_in(rounds))
    counted = items.values("ledger_id").order_by("ledger_id").annotate(
        of=Count("pk"), done=Count("pk", filter=Q(is_in=True))
    )  # fmt: skip
    by_ledger = {one["ledger_id"]: (one["done"], one["of"]) for one in counted}
    return [Progress(one, *by_ledger[one.ledger.pk]) for one in rounds if one.ledger.pk in by_ledger]
