"""Ledgers and the items on them."""

from __future__ import annotations

from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.timezone import localdate

from guatu.declarations import FieldType
from guatu.declarations import Ledger as LedgerDeclaration
from guatu.hub.accounts.requests import ActorRequest
from guatu.hub.accounts.roles import Permission
from guatu.hub.ledger.asking import ItemsAsked
from guatu.hub.ledger.exports.formats import TITLES, formats_of
from guatu.hub.ledger.models import Item, Ledger
from guatu.hub.ledger.packs import declared
from guatu.hub.ledger.shown import STATES, Shown, reason_shown, shown
from guatu.hub.web.grid.strip import views_of
from guatu.hub.web.units import units_to_choose

PER_PAGE = 50
COLUMNS = 6
"""Declared fields a list shows."""


def ledgers(request: ActorRequest) -> HttpResponse:
    counted = Item.objects.visible_to(request.actor).filter(state="active")
    counts = dict(counted.values_list("ledger_id").annotate(n=Count("pk")))
    found = [
        (one, counts.get(one.pk, 0))
        for one in Ledger.objects.select_related("pack").defer("pack__files").order_by("pk")
    ]
    return render(request, "ledgers/ledgers.html", {"ledgers": found})


def items(request: ActorRequest, ledger_key: str) -> HttpResponse:
    """Filtered as the sentence above the list says; a page costs the same queries whatever it shows."""
    ledger = ledger_of(ledger_key)
    declaration = declared(ledger)
    asked = ItemsAsked.of(request.GET)
    listed = asked.items(ledger, request.actor).select_related("unit").defer("search_text")
    page = Paginator(listed.order_by("unit__order", "unit_id", "pk"), PER_PAGE).get_page(request.GET.get("page"))
    columns = _columns(declaration)
    rows = [(one, [_cell(declaration, one, key) for key in columns]) for one in page.object_list]
    words = {
        "ledger": ledger,
        "declaration": declaration,
        "columns": [declaration.fields[key] for key in columns],
        "rows": rows,
        "page": page,
        "asked": asked,
        "states": STATES,
        "lists": {key: one.title for key, one in declaration.lists.items() if one.where is None},
        "units": units_to_choose(request.actor),
        "may_import": request.actor.may(Permission.IMPORT_REPORTS),
        "may_enter": request.actor.may(Permission.CHANGE_ITEMS),
        "this_year": localdate().year,
        "carried": urlencode(asked.pairs()),
        "pairs": asked.pairs(),
        "views": views_of(request, ledger),
        "formats": [(one.value, TITLES[one]) for one in formats_of(ledger)],
    }
    return render(request, "ledgers/items.html", words)


def ledger_of(key: str) -> Ledger:
    """The ledger an address names, with its pack."""
    return get_object_or_404(Ledger.objects.select_related("pack"), key=key)


def _cell(ledger: LedgerDeclaration, one: Item, key: str) -> Shown:
    return shown(ledger.fields[key], one.values.get(key), reason_shown(ledger, one.missing.get(key)))


def _columns(ledger: LedgerDeclaration) -> list[str]:
    """What a list shows beside names: what units must fill, then what is yes or no, chosen, or dated."""
    plain = {
        key: one
        for key, one in ledger.fields.items()
        if key not in ("name", "form_key") and not one.is_personal and one.measure is None and not one.may_repeat
    }
    order = {FieldType.FLAG: 1, FieldType.CHOICE: 2, FieldType.DATE: 3, FieldType.MONEY: 4, FieldType.AREA: 4}
    return sorted(plain, key=lambda key: 0 if plain[key].required else order.get(plain[key].type, 9))[:COLUMNS]
