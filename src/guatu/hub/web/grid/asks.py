"""What stands above every view of the same items: the strip, the sentence, its tools."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from guatu.declarations import Ledger as LedgerDeclaration
from guatu.hub.accounts.requests import ActorRequest
from guatu.hub.ledger.asking import ItemsAsked
from guatu.hub.ledger.models import Ledger
from guatu.hub.web.grid.saved import saved_words
from guatu.hub.web.grid.sentence import Pairs, sentence
from guatu.hub.web.grid.strip import views_of


def asks(
    request: ActorRequest, ledger: Ledger, declaration: LedgerDeclaration, asked: ItemsAsked, more: Pairs, count: int
) -> dict[str, Any]:
    """Words for `ledgers/parts/asks.html`. `more` is what the view's address says beside what is asked for."""
    pairs = [*asked.pairs(), *more]
    return {
        "ledger": ledger,
        "declaration": declaration,
        "asked": asked,
        "count": count,
        "view": request.resolver_match.view_name if request.resolver_match is not None else "items",
        "views": views_of(request, ledger),
        "sentence": sentence(declaration, asked, request.actor, more),
        "asks_something": bool(asked.pairs()),
        "carried": urlencode(pairs),
        "pairs": asked.pairs(),
        "seeking": [pair for pair in pairs if pair[0] != "q"],
        **saved_words(request, ledger, urlencode([pair for pair in pairs if pair[0] != "edit"])),
    }
