"""One box that finds items of every ledger."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render

from guatu.hub.accounts.requests import ActorRequest
from guatu.hub.ledger.models import Item
from guatu.hub.ledger.search import LONGEST
from guatu.hub.ledger.shown import STATES
from guatu.hub.web.posted import asked_for

MOST = 50


def search(request: ActorRequest) -> HttpResponse:
    """The nearest items among those one may see, whatever their state; nothing typed finds nothing."""
    asked = asked_for(request, "q").strip()[:LONGEST]
    found = Item.objects.visible_to(request.actor).found_by(asked).best_first(asked)
    nearest = found.select_related("unit", "ledger").defer("values", "missing", "search_text")
    rows = list(nearest[: MOST + 1]) if asked else []
    words = {
        "sought": asked,
        "rows": [(one, None if one.state == "active" else STATES[one.state]) for one in rows[:MOST]],
        "most": MOST,
        "more": len(rows) > MOST,
    }
    return render(request, "ledgers/search.html", words)
