"""The page of two rounds beside one another: what is new, gone, changed; figures and lights that moved."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Page, Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.timezone import localdate

from guatu.declarations import FieldDeclaration, FieldType
from guatu.declarations import Ledger as LedgerDeclaration
from guatu.hub.accounts.models import Unit
from guatu.hub.accounts.requests import ActorRequest
from guatu.hub.accounts.roles import Permission
from guatu.hub.ledger.asking import ItemsAsked
from guatu.hub.ledger.comparing import Compared, FigureMoved, ItemMoved, compare, figures_moved
from guatu.hub.ledger.models import Import, Item, Ledger
from guatu.hub.ledger.models.imports import ImportState
from guatu.hub.ledger.packs import declared
from guatu.hub.ledger.shown import said_of, shown_figure, titled
from guatu.hub.web.charts.slopes import changed
from guatu.hub.web.comparing.lights import LightMoved, LightsMoved, lights_moved
from guatu.hub.web.comparing.totals import groups_of, totals_of
from guatu.hub.web.dossier.measures import Measures
from guatu.hub.web.ledgers import ledger_of
from guatu.hub.web.units import units_to_choose
from guatu.standards.periods import Period, UnknownPeriod
from guatu.standards.quantities import from_fen
from guatu.text import Text

PER_PAGE = 50
OFFERED = 24
YEARS = range(1950, 2151)
"""Years a round may lie in."""
TABS: dict[str, Text] = {
    "changed": Text("有变化", "changed"),
    "new": Text("新增", "new"),
    "gone": Text("退出", "gone"),
    "figures": Text("数字变动", "figures moved"),
    "lights": Text("变灯", "lights moved"),
}


@dataclass(frozen=True, slots=True)
class Rounds:
    before: Period
    after: Period
    offered: list[str]


@dataclass(frozen=True, slots=True)
class Tab:
    key: str
    title: Text
    count: int
    address: str
    is_open: bool


def items_compare(request: ActorRequest, ledger_key: str) -> HttpResponse:
    """As known now. The same queries whatever differs; one more kind of thing to compare, a few more."""
    ledger = ledger_of(ledger_key)
    declaration = declared(ledger)
    asked = ItemsAsked.of(request.GET)
    items = ItemsAsked(q=asked.q, unit=asked.unit, since=0).items(ledger, request.actor)
    rounds = _rounds(request, ledger, declaration)
    compared = compare(items, rounds.before.last_day, rounds.after.last_day)
    field = _money(declaration)
    moved = figures_moved(items, field, str(rounds.before), str(rounds.after)) if field is not None else []
    lit = lights_moved(ledger, items, str(rounds.before), str(rounds.after))
    carried = [("from", str(rounds.before)), ("to", str(rounds.after)), *_narrowed(asked)]
    opened = request.GET.get("show", "") if request.GET.get("show", "") in TABS else "changed"
    fact = request.GET.get("fact", "")
    page = Paginator(_listed(opened, fact, compared, moved, lit), PER_PAGE).get_page(request.GET.get("page"))
    tops = {asked.unit} if asked.unit is not None else request.actor.units_with(Permission.SEE_ITEMS)
    groups = groups_of({one.unit for one in moved}, tops)
    words = {
        "ledger": ledger,
        "declaration": declaration,
        "rounds": rounds,
        "asked": asked,
        "units": units_to_choose(request.actor),
        "tabs": _tabs(opened, carried, compared, moved, lit),
        "opened": opened,
        "fact": fact,
        "facts": [(key, titled(declaration, key), count) for key, count in compared.by_fact]
        if opened == "changed"
        else [],
        "totals": totals_of(moved, groups, field, rounds.before, rounds.after) if field is not None else None,
        "field": field,
        "lit": lit,
        "page": page,
        "rows": _rows(opened, fact, page, declaration, field),
        "here": urlencode([*carried, ("show", opened)]),
        "carried": urlencode([*carried, ("show", opened), *([("fact", fact)] if fact else [])]),
    }
    return render(request, "comparing/compare.html", words)


def _rounds(request: ActorRequest, ledger: Ledger, declaration: LedgerDeclaration) -> Rounds:
    """The two asked for, the earlier first; without, the two latest that workbooks were taken for, else the ledger's own."""
    taken = Import.objects.visible_to(request.actor).filter(ledger=ledger, state=ImportState.TAKEN)
    known = [Period.parse(one) for one in taken.order_by().values_list("period", flat=True).distinct()]
    current = declaration.rounds.current(localdate())
    ordered = sorted(set(known)) or [declaration.rounds.before(current), current]
    last = ordered[-1]
    after = _period(request.GET.get("to", "")) or last
    before = _period(request.GET.get("from", "")) or max(
        (one for one in ordered if one < after), default=after.previous()
    )
    before, after = sorted((before, after), key=lambda one: one.end)
    offered = sorted({*ordered, before, after}, reverse=True)[:OFFERED]
    return Rounds(before, after, [str(one) for one in offered])


def _period(said: str) -> Period | None:
    try:
        found = Period.parse(said)
    except UnknownPeriod:
        return None
    return found if found.start.year in YEARS else None


def _money(ledger: LedgerDeclaration) -> FieldDeclaration | None:
    """The amount whose totals are drawn: what is done, where that is money."""
    done = Measures.of(ledger).done
    return done if done is not None and done.type is FieldType.MONEY else None


def _narrowed(asked: ItemsAsked) -> list[tuple[str, str]]:
    return [(name, value) for name, value in asked.pairs() if name in ("q", "unit")]


def _tabs(
    opened: str,
    carried: Sequence[tuple[str, str]],
    compared: Compared,
    moved: Sequence[FigureMoved],
    lit: LightsMoved | None,
) -> list[Tab]:
    counts = {
        "changed": len(compared.changed), "new": len(compared.new), "gone": len(compared.gone),
        "figures": sum(1 for one in moved if one.by), "lights": len(lit.moved) if lit is not None else 0,
    }  # fmt: skip
    return [
        Tab(key, title, counts[key], f"?{urlencode([*carried, ('show', key)])}", key == opened)
        for key, title in TABS.items()
        if key != "lights" or lit is not None
    ]


def _listed(
    opened: str, fact: str, compared: Compared, moved: Sequence[FigureMoved], lit: LightsMoved | None
) -> Sequence[Any]:
    match opened:
        case "new":
            return compared.new
        case "gone":
            return compared.gone
        case "figures":
            return [one for one in moved if one.by]
        case "lights":
            return lit.moved if lit is not None else ()
    return [one for one in compared.changed if not fact or fact in one.facts]


@dataclass(frozen=True, slots=True)
class RowShown:
    """One item of the list: its name and unit as they are now, and what differs."""

    item: Item
    facts: tuple[tuple[Text, Text, Text], ...] = ()
    figure: tuple[Text, Text, Text] | None = None
    light: LightMoved | None = None


def _rows(
    opened: str, fact: str, page: Page[Any], ledger: LedgerDeclaration, field: FieldDeclaration | None
) -> list[RowShown]:
    listed = list(page.object_list)
    named = (
        Item.objects.select_related("unit")
        .defer("search_text", "values", "missing")
        .in_bulk([one.item for one in listed])
    )
    if opened == "figures" and field is not None:
        return [RowShown(named[one.item], figure=_figure(one, field)) for one in listed]
    if opened == "lights":
        return [RowShown(named[one.item], light=one) for one in listed]
    units = _unit_titles(listed)
    return [RowShown(named[one.item], _facts(one, fact, opened, ledger, units)) for one in listed]


def _unit_titles(listed: Iterable[ItemMoved]) -> dict[int, Text]:
    held = {row.unit for one in listed for row in (one.before, one.after) if row is not None}
    return {one.pk: one.title for one in Unit.objects.filter(pk__in=held)}


def _facts(
    one: ItemMoved, fact: str, opened: str, ledger: LedgerDeclaration, units: dict[int, Text]
) -> tuple[tuple[Text, Text, Text], ...]:
    """Of a new item nothing beside its name; of one that is gone, its state and why is in its dossier."""
    keys = [] if opened == "new" else ["state"] if opened == "gone" else [fact] if fact else list(one.facts)
    return tuple(
        (
            titled(ledger, key),
            said_of(ledger, key, one.facts[key][0], units),
            said_of(ledger, key, one.facts[key][1], units),
        )
        for key in keys
        if key in one.facts
    )


def _figure(one: FigureMoved, field: FieldDeclaration) -> tuple[Text, Text, Text]:
    unit = field.unit or "元"
    by = changed(from_fen(one.before or 0, unit), from_fen(one.after or 0, unit))
    return shown_figure(field, one.before, "").said, shown_figure(field, one.after, "").said, by
