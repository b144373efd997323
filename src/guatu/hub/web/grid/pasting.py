"""A block from a spreadsheet taken into the table: shown first, cell by cell; taken whole, or not at all."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.timezone import localdate

from guatu.declarations import Ledger as LedgerDeclaration
from guatu.hub.accounts.actor import NotAllowed
from guatu.hub.accounts.language import spoken
from guatu.hub.accounts.refusals import status_of
from guatu.hub.accounts.requests import ActorRequest
from guatu.hub.ledger.actions.together import set_together
from guatu.hub.ledger.grid.arranging import Arranged
from guatu.hub.ledger.grid.columns import Column, column_of_names
from guatu.hub.ledger.models import Ledger
from guatu.hub.ledger.packs import declared
from guatu.hub.web.grid.back import back_of
from guatu.hub.web.grid.block import LARGEST, Read, read_block
from guatu.hub.web.grid.choosing import chosen
from guatu.hub.web.grid.facts import is_fact
from guatu.hub.web.grid.pasted_figures import Pasted, figures_open, look_at_figures, report_all
from guatu.hub.web.grid.together import preview
from guatu.hub.web.ledgers import ledger_of
from guatu.hub.web.page_forms import PageForm, ReasonField
from guatu.hub.web.posted import posted
from guatu.standards.periods import Period
from guatu.text import Refusal, Text


class PasteForm(PageForm):
    """Why the block is taken."""

    reason = ReasonField()


def paste(request: ActorRequest, ledger_key: str) -> HttpResponse:
    """The block, what it would change and what is wrong with it; `deed=take` takes it when nothing is."""
    ledger = ledger_of(ledger_key)
    declaration = declared(ledger)
    said = request.POST if request.method == "POST" else request.GET
    columns, periods = _columns(declaration, said)
    open_ = [one for one in columns if is_fact(one) or one.key in periods]
    first = next((one for one in open_ if one.key == said.get("first")), open_[min(1, len(open_) - 1)])
    items, block = chosen(request, ledger), posted(request, "block")[:LARGEST]
    back = back_of(request, f"{reverse('items', args=[ledger.key])}?edit=1")
    taking = posted(request, "deed") == "take"
    form = PasteForm(request.POST if taking else None)
    words: dict[str, Any] = {
        "ledger": ledger, "items": items, "copied": block, "form": form, "back": back, "lines": None, "faults": [],
        "columns": open_, "first": first.key, "carried": said.get("columns", ""), "periods": periods, "asks": [],
    }  # fmt: skip
    status = 200
    if block and items:
        read = read_block(block, items, columns[columns.index(first) :], declaration, periods)
        figures = look_at_figures(read.figures, declaration, periods)
        words["faults"], words["asks"] = [*read.faults, *figures.faults], figures.asks
        try:
            facts = [] if words["faults"] else preview(ledger, declaration, read.changes)
            words["lines"] = [] if words["faults"] else [*facts, *figures.lines]
            if taking and not words["faults"] and form.is_valid():
                _take(request, ledger, read if facts else None, figures, form.cleaned_data["reason"])
                done = len({one.item for one in words["lines"]})
                messages.success(request, Text(f"改了 {done} 个。", f"{done} changed.").in_(spoken()))
                return HttpResponseRedirect(back)
            status = 422 if taking or words["faults"] else 200
        except NotAllowed:
            raise
        except Refusal as refusal:
            words["refusal"] = refusal
            status = status_of(refusal)
    elif request.method == "POST":
        status = 422
    return render(request, "ledgers/paste.html", words, status=status)


def _columns(ledger: LedgerDeclaration, said: QueryDict) -> tuple[list[Column], dict[str, Period]]:
    """The columns of the table the block came to, names first, and the periods of its figures as that table showed them."""
    columns = [column_of_names(ledger), *Arranged.of(ledger, said).shown(ledger)]
    shown = dict(one.partition(":")[::2] for one in said.getlist("period"))
    return columns, figures_open(ledger, columns, shown, ledger.rounds.current(localdate()))


def _take(request: ActorRequest, ledger: Ledger, read: Read | None, figures: Pasted, reason: str) -> None:
    """Facts under one record, figures each under their own; all of them or none."""
    with transaction.atomic():
        if read is not None:
            set_together(
                ledger=ledger, changes=read.changes, on=localdate(), reason=reason, by=request.actor, at=timezone.now()
            )
        report_all(figures.reports, reason=reason, by=request.actor, at=timezone.now())
