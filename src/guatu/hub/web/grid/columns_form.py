"""The form in which columns are chosen and put in order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from guatu.declarations import Ledger as LedgerDeclaration
from guatu.hub.accounts.numbers import whole_number
from guatu.hub.accounts.requests import ActorRequest
from guatu.hub.assessment.reading import latest_run
from guatu.hub.ledger.asking import ItemsAsked
from guatu.hub.ledger.grid.arranging import SEPARATOR, Arranged
from guatu.hub.ledger.grid.columns import Column, Kind, columns_of
from guatu.hub.ledger.packs import declared
from guatu.hub.web.grid.asking_form import KEPT
from guatu.hub.web.ledgers import ledger_of
from guatu.text import Text

LAST = 10**6
"""The place of a column that is given none."""
KINDS = {
    Kind.CORE: Text("登记", "Register"),
    Kind.LIGHT: Text("评判", "Judged"),
    Kind.FIELD: Text("基本情况", "Facts"),
    Kind.FIGURE: Text("按期数据（最新一期）", "Figures (latest period)"),
    Kind.MILESTONE: Text("节点", "Milestones"),
    Kind.DUTY: Text("责任", "Duties"),
}


@dataclass(frozen=True, slots=True)
class Offered:
    """A column in the form: whether it is shown, and in which place."""

    column: Column
    place: int | None


def offered(ledger: LedgerDeclaration, shown: Sequence[Column]) -> list[tuple[Text, list[Offered]]]:
    """All columns by kind, those that are shown with their places."""
    places = {one.key: number for number, one in enumerate(shown, 1)}
    found: dict[Kind, list[Offered]] = {}
    for one in columns_of(ledger).values():
        found.setdefault(one.kind, []).append(Offered(one, places.get(one.key)))
    return [(KINDS[kind], held) for kind, held in found.items()]


def columns(request: ActorRequest, ledger_key: str) -> HttpResponse:
    """Ticked columns stand in the order of their numbers; sent (`choose`), it leads back to the table."""
    ledger = ledger_of(ledger_key)
    declaration = declared(ledger)
    asked, arranged = ItemsAsked.of(request.GET), Arranged.of(declaration, request.GET)
    kept = [(name, value) for name in KEPT if name != "columns" for value in request.GET.getlist(name) if value]
    back = [*asked.pairs(), *kept]
    if "choose" in request.GET or "as_declared" in request.GET:
        ticked = [key for key in request.GET.getlist("column") if key in columns_of(declaration)]
        keys = sorted(ticked, key=lambda key: _place(request.GET.get(f"place.{key}", "")))
        said = [*back, ("columns", SEPARATOR.join(keys))] if keys and "as_declared" not in request.GET else back
        return HttpResponseRedirect(reverse("items", args=[ledger.key]) + (f"?{urlencode(said)}" if said else ""))
    shown = arranged.shown(declaration, lit=latest_run(ledger) is not None)
    words = {
        "ledger": ledger, "declaration": declaration, "kinds": offered(declaration, shown),
        "kept": back, "back": f"{reverse('items', args=[ledger.key])}?{urlencode([*asked.pairs(), *arranged.pairs()])}",
    }  # fmt: skip
    return render(request, "ledgers/choose_columns.html", words)


def _place(said: str) -> int:
    """Where a column stands; those without a number come last, as they are declared."""
    place = whole_number(said, below=LAST)
    return place if place is not None else LAST
