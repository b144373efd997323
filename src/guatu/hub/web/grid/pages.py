"""The table of a ledger's items: what is asked for, in the columns and the order that are chosen."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.timezone import localdate

from guatu.hub.accounts.language import spoken
from guatu.hub.accounts.requests import ActorRequest
from guatu.hub.accounts.roles import Permission
from guatu.hub.assessment.reading import latest_run
from guatu.hub.ledger.asking import ItemsAsked
from guatu.hub.ledger.exports.formats import TITLES, formats_of
from guatu.hub.ledger.fields import stated_list_titles
from guatu.hub.ledger.folds import fold
from guatu.hub.ledger.grid.arranging import Arranged
from guatu.hub.ledger.grid.columns import Kind
from guatu.hub.ledger.grid.filling import latest_periods
from guatu.hub.ledger.grid.grouping import LIGHT, groupings
from guatu.hub.ledger.packs import declared
from guatu.hub.ledger.reporting.rounds import asked_fields
from guatu.hub.web.grid.asks import asks
from guatu.hub.web.grid.heads import heads
from guatu.hub.web.grid.lines import Asked
from guatu.hub.web.grid.pasted_figures import figures_open
from guatu.hub.web.grid.rows import head_markup, rows_markup
from guatu.hub.web.grid.sentence import address
from guatu.hub.web.grid.table import table
from guatu.hub.web.grid.together import deeds
from guatu.hub.web.ledgers import ledger_of
from guatu.text import Text

WIDE = 8
"""Columns from which on a table is printed on A3."""


def items(request: ActorRequest, ledger_key: str) -> HttpResponse:
    """A page costs the same statements whatever it shows; more kinds of columns, a few more."""
    ledger = ledger_of(ledger_key)
    declaration = declared(ledger)
    asked, arranged = ItemsAsked.of(request.GET), Arranged.of(declaration, request.GET)
    found, named = asked.items_and_name(ledger, request.actor)
    run, today = latest_run(ledger), localdate()
    columns = arranged.shown(declaration, lit=run is not None)
    figures_shown = tuple(one.key for one in columns if one.kind is Kind.FIGURE)
    key = ("periods", *figures_shown, f"{today:%Y-%m}")
    periods = fold(named, key, lambda: latest_periods(found, columns, today)) if figures_shown else {}
    listed = found.select_related("unit").defer("search_text", "geometry", "ledger")
    may_change = request.actor.may(Permission.CHANGE_ITEMS)
    may_open = may_change or request.actor.may(Permission.REPORT_ITEMS)
    is_open = may_open and request.GET.get("edit") == "1"
    current = declaration.rounds.current(today)
    if is_open:  # figures nobody has reported yet are entered for the round that is reported now
        periods = (
            dict.fromkeys((one.key for one in columns if one.key in asked_fields(declaration)), str(current)) | periods
        )
    figures = figures_open(declaration, columns, periods, current) if is_open else {}
    more = [("edit", "1")] if is_open else []
    made = table(
        Asked(
            declaration,
            listed,
            asked,
            arranged,
            columns,
            periods,
            request.actor,
            today,
            more,
            is_open,
            figures,
            run,
            named,
        ),
        request.GET.get("page"),
    )
    offered = {
        key: Text(f"按{title.zh}", f"By {title.en}")
        for key, title in groupings(declaration).items()
        if key != LIGHT or run is not None
    }
    arranging = [pair for pair in arranged.pairs() if pair[0] not in ("group", "folded")]
    words = asks(request, ledger, declaration, asked, [*arranged.pairs(), *more], made.count)
    rounds = {"light": run.period} if run is not None else {}
    over = heads(declaration, columns, asked, arranged, {**periods, **rounds}, more)
    words |= {
        "head": head_markup(over, spoken(), ticks=is_open and may_change),
        "rows": rows_markup(made.lines, spoken()),
        "table": made,
        "page": made.page,
        "arranged": arranged,
        "groupings": offered,
        "is_wide": len(columns) >= WIDE,
        "lists": stated_list_titles(declaration),
        "may_import": request.actor.may(Permission.IMPORT_REPORTS),
        "may_enter": may_change,
        "may_open": may_open,
        "figures_open": figures,
        "is_open": is_open,
        "turned": address(asked, [*arranged.pairs(), *([] if is_open else [("edit", "1")])]),
        "deeds": deeds(declaration) if is_open else {},
        "this_year": today.year,
        "arranging": [*asked.pairs(), *arranging, *more],
        "formats": [(one.value, TITLES[one]) for one in formats_of(ledger)],
    }
    return render(request, "ledgers/items.html", words)
