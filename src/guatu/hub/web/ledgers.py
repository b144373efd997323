"""The ledgers of the site."""

from __future__ import annotations

from django.db.models import Count
from django.http import Http404, HttpResponse
from django.shortcuts import render

from guatu.hub.accounts.requests import ActorRequest
from guatu.hub.ledger.models import Item, Ledger
from guatu.hub.ledger.packs import ledger_named


def ledgers(request: ActorRequest) -> HttpResponse:
    counted = Item.objects.visible_to(request.actor).filter(state="active")
    counts = dict(counted.values_list("ledger_id").annotate(n=Count("pk")))
    found = [
        (one, counts.get(one.pk, 0))
        for one in Ledger.objects.select_related("pack").defer("pack__files").order_by("pk")
    ]
    return render(request, "ledgers/ledgers.html", {"ledgers": found})


def ledger_of(key: str) -> Ledger:
    """The ledger an address names, with its pack."""
    found = ledger_named(key)
    if found is None:
        raise Http404
    return found
