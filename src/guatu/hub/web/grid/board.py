"""The board: items as cards in columns by how far they have come."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.timezone import localdate

from guatu.declarations import Ledger as LedgerDeclaration
from guatu.hub.accounts.models import Unit
from guatu.hub.accounts.requests import ActorRequest
from guatu.hub.assessment.reading import latest_run, lights_of
from guatu.hub.ledger.asking import ItemsAsked
from guatu.hub.ledger.folds import fold
from guatu.hub.ledger.grid.board import Card as Standing
from guatu.hub.ledger.grid.board import boards, columns_of, condition
from guatu.hub.ledger.packs import declared
from guatu.hub.web.grid.asks import asks
from guatu.hub.web.ledgers import ledger_of
from guatu.text import Text


@dataclass(frozen=True, slots=True)
class Card:
    """An item on the board, with its light and the milestone that comes next."""

    item: Standing
    unit: Text
    light: str | None
    comes: Text | None
    overdue: bool


@dataclass(frozen=True, slots=True)
class Stack:
    """A column of cards: how many items it holds in all, and where the table shows them."""

    title: Text
    count: int
    cards: list[Card]
    rest: int
    address: str


def board(request: ActorRequest, ledger_key: str) -> HttpResponse:
    """Six statements for whatever it shows, beside those of every page."""
    ledger = ledger_of(ledger_key)
    declaration = declared(ledger)
    asked, offered, today = ItemsAsked.of(request.GET), boards(declaration), localdate()
    by = request.GET.get("by", "")
    by = by if by in offered else next(iter(offered), "")
    more = [("by", by)] if "by" in request.GET and by else []
    items, named = asked.items_and_name(ledger, request.actor)
    columns = fold(named, ("board", by), lambda: columns_of(declaration, items, by)) if by else []
    shown = [item for one in columns for item in one.items]
    units = {one.pk: one.title for one in Unit.objects.filter(pk__in={one.unit for one in shown})}
    run = latest_run(ledger)
    lights = lights_of(run, [item.pk for item in shown]) if run is not None else {}
    stacks = []
    for one in columns:
        cards = [_card(declaration, item, units, lights.get(item.pk), today) for item in one.items]
        name, value = condition(by, one.key)
        said = [pair for pair in asked.pairs() if not (name == "reached" == pair[0])]
        table = f"{reverse('items', args=[ledger.key])}?{urlencode([*said, (name, value)])}"
        stacks.append(Stack(one.title, one.count, cards, one.rest, table))
    words = asks(request, ledger, declaration, asked, more, sum(one.count for one in columns))
    return render(request, "ledgers/board.html", {**words, "stacks": stacks, "boards": offered, "by": by})


def _card(ledger: LedgerDeclaration, item: Standing, units: Mapping[int, Text], light: str | None, today: date) -> Card:
    comes = ledger.milestones[item.comes].title if item.comes is not None else None
    return Card(item, units[item.unit], light, comes, overdue=item.on is not None and item.on < today)
