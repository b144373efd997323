"""A block from a spreadsheet taken into the table: shown first, cell by cell; taken whole, or not at all."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.timezone import localdate

from guatu.hub.accounts.actor import NotAllowed
from guatu.hub.accounts.language import spoken
from guatu.hub.accounts.refusals import status_of
from guatu.hub.accounts.requests import ActorRequest
from guatu.hub.ledger.actions.together import set_together
from guatu.hub.ledger.grid.arranging import Arranged
from guatu.hub.ledger.grid.columns import Kind
from guatu.hub.ledger.packs import declared
from guatu.hub.web.grid.back import back_of
from guatu.hub.web.grid.block import LARGEST, read_block
from guatu.hub.web.grid.choosing import chosen
from guatu.hub.web.grid.together import preview
from guatu.hub.web.ledgers import ledger_of
from guatu.hub.web.page_forms import PageForm, ReasonField
from guatu.hub.web.posted import posted
from guatu.text import Refusal, Text


class PasteForm(PageForm):
    """Why the block is taken."""

    reason = ReasonField()


def paste(request: ActorRequest, ledger_key: str) -> HttpResponse:
    """The block, what it would change and what is wrong with it; `deed=take` takes it when nothing is."""
    ledger = ledger_of(ledger_key)
    declaration = declared(ledger)
    said = request.POST if request.method == "POST" else request.GET
    columns = Arranged.of(declaration, said).shown(declaration)
    open_ = [place for place, one in enumerate(columns) if one.kind is Kind.FIELD]
    first = next((place for place in open_ if columns[place].key == said.get("first")), open_[0] if open_ else 0)
    items, block = chosen(request, ledger), posted(request, "block")[:LARGEST]
    back = back_of(request, f"{reverse('items', args=[ledger.key])}?edit=1")
    taking = posted(request, "deed") == "take"
    form = PasteForm(request.POST if taking else None)
    words: dict[str, Any] = {
        "ledger": ledger, "items": items, "copied": block, "form": form, "back": back, "lines": None, "faults": [],
        "columns": [one for one in columns if one.kind is Kind.FIELD], "first": columns[first].key if columns else "",
        "carried": said.get("columns", ""),
    }  # fmt: skip
    status = 200
    if block and items:
        read = read_block(block, items, columns[first:])
        words["faults"] = read.faults
        try:
            words["lines"] = [] if read.faults else preview(ledger, declaration, read.changes)
            if taking and not read.faults and form.is_valid():
                done = set_together(
                    ledger=ledger, changes=read.changes, on=localdate(), reason=form.cleaned_data["reason"],
                    by=request.actor, at=timezone.now(),
                )  # fmt: skip
                messages.success(request, Text(f"改了 {len(done)} 个。", f"{len(done)} changed.").in_(spoken()))
                return HttpResponseRedirect(back)
            status = 422 if taking or read.faults else 200
        except NotAllowed:
            raise
        except Refusal as refusal:
            words["refusal"] = refusal
            status = status_of(refusal)
    elif request.method == "POST":
        status = 422
    return render(request, "ledgers/paste.html", words, status=status)
