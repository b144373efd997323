"""Which items of a table are meant, as its form says it: `item` once for each, with the revision that was shown."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from guatu.hub.accounts.numbers import whole_number
from guatu.hub.accounts.requests import ActorRequest
from guatu.hub.accounts.roles import Permission
from guatu.hub.ledger.actions.together import AT_ONCE
from guatu.hub.ledger.models import Item, Ledger
from guatu.hub.ledger.models.items import ItemState


@dataclass(frozen=True, slots=True)
class Chosen:
    """An item, and the revision it was chosen at."""

    item: Item
    seen: int

    @property
    def said(self) -> str:
        """As a form says it."""
        return f"{self.item.pk}:{self.seen}"


def chosen(request: ActorRequest, ledger: Ledger) -> list[Chosen]:
    """Those that are named and may be changed here, in the order in which they are named. One statement."""
    wanted = _named([*request.POST.getlist("item"), *request.GET.getlist("item")])
    items = Item.objects.under(request.actor, Permission.CHANGE_ITEMS).exclude(state=ItemState.MERGED)
    found = items.filter(ledger=ledger, pk__in=list(wanted)).select_related("unit").defer("search_text").in_bulk()
    return [Chosen(found[pk], seen) for pk, seen in wanted.items() if pk in found]


def _named(said: Iterable[str]) -> dict[int, int]:
    found: dict[int, int] = {}
    for one in said:
        pk, _, seen = one.partition(":")
        if (number := whole_number(pk)) is not None and (revision := whole_number(seen)) is not None:
            found.setdefault(number, revision)
    return dict(list(found.items())[:AT_ONCE])
