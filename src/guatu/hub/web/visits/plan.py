"""A visit as its address says it: when, who goes, why, and to which items."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from django.http import QueryDict
from django.utils.dateparse import parse_date
from django.utils.timezone import localdate

from guatu.hub.accounts.actor import Actor
from guatu.hub.accounts.numbers import whole_number
from guatu.hub.ledger.actions.visits import LONGEST, MOST
from guatu.hub.ledger.asking import ItemsAsked
from guatu.hub.ledger.models import Item, Ledger
from guatu.hub.ledger.models.items import ItemQuerySet

FIRST, LAST = 2000, 2100


@dataclass(frozen=True, slots=True)
class Visit:
    """`chosen`: items ticked one by one; without them, those of a ledger that are asked for."""

    on: date
    who: str
    why: str
    ledger: str
    chosen: tuple[int, ...]
    asked: ItemsAsked

    @classmethod
    def of(cls, said: QueryDict) -> Visit:
        """From an address; what makes no sense in it is not asked for."""
        numbers = (number for one in said.getlist("item") if (number := whole_number(one)) is not None)
        return cls(
            on=_day(said.get("on", "")) or localdate(),
            who=_line(said.get("who", "")),
            why=_line(said.get("why", "")),
            ledger=said.get("ledger", "")[:64],
            chosen=tuple(dict.fromkeys(numbers))[:MOST],
            asked=ItemsAsked.of(said),
        )

    def items(self, actor: Actor) -> ItemQuerySet:
        """The items meant, of those the actor sees, by unit."""
        seen = Item.objects.visible_to(actor)
        if self.chosen:
            found = seen.filter(pk__in=self.chosen)
        elif (ledger := Ledger.objects.select_related("pack").filter(key=self.ledger).first()) is not None:
            found = self.asked.items(ledger, actor)
        else:
            found = seen.none()
        return found.order_by("unit__order", "unit_id", "name", "pk")

    def kept(self, items: Sequence[int]) -> str:
        """The address of the very items that are shown: whoever opens it later finds these, whatever was asked."""
        words = [("on", self.on.isoformat()), ("who", self.who), ("why", self.why)]
        return urlencode([*((name, said) for name, said in words if said), *(("item", one) for one in items)])


def _day(said: str) -> date | None:
    try:
        found = parse_date(said)
    except ValueError:  # 2026-02-30
        return None
    return found if found is not None and FIRST <= found.year <= LAST else None


def _line(said: str) -> str:
    return " ".join("".join(one for one in said if one.isprintable()).split())[:LONGEST]
