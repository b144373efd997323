"""Ledgers, the items on them, and one item with its figures and history, on any day."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.db.models import Count, Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.timezone import localdate, localtime

from guatu.declarations import FieldType
from guatu.declarations import Ledger as LedgerDeclaration
from guatu.hub.accounts.models import Unit, UnitAncestry
from guatu.hub.accounts.requests import ActorRequest
from guatu.hub.accounts.roles import Permission
from guatu.hub.ledger.as_of import revisions_on
from guatu.hub.ledger.models import Figure, Item, Ledger, Milestone
from guatu.hub.ledger.models.items import ItemQuerySet
from guatu.hub.ledger.packs import declared
from guatu.hub.ledger.rows import Row, differing
from guatu.hub.ledger.shown import FACTS, PRECISIONS, STATES, Shown, reason_shown, said_of, shown, shown_figure, titled
from guatu.hub.web.units import asked_day
from guatu.text import Text

PER_PAGE = 50
COLUMNS = 6
"""Declared fields a list shows."""
REVISIONS = 50
PERIODS = 13


def ledgers(request: ActorRequest) -> HttpResponse:
    counted = Item.objects.visible_to(request.actor).filter(state="active")
    counts = dict(counted.values_list("ledger_id").annotate(n=Count("pk")))
    found = [(one, counts.get(one.pk, 0)) for one in Ledger.objects.select_related("pack").order_by("pk")]
    return render(request, "ledgers/ledgers.html", {"ledgers": found})


def items(request: ActorRequest, ledger_key: str) -> HttpResponse:
    """Filtered as the sentence above the list says; a page costs the same queries whatever it shows."""
    ledger = get_object_or_404(Ledger.objects.select_related("pack"), key=ledger_key)
    declaration = declared(ledger)
    asked = {name: request.GET.get(name, "").strip() for name in ("q", "unit", "list", "state")}
    listed = _asked_for(Item.objects.visible_to(request.actor).filter(ledger=ledger), asked, declaration)
    page = Paginator(listed.select_related("unit").order_by("unit__order", "unit_id", "pk"), PER_PAGE).get_page(
        request.GET.get("page")
    )
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
        "units": Unit.objects.visible_to(request.actor).filter(closed_on=None).order_by("order", "pk")[:400],
        "may_import": request.actor.may(Permission.IMPORT_REPORTS),
        "carried": urlencode({name: value for name, value in asked.items() if value}),
    }
    return render(request, "ledgers/items.html", words)


def _cell(ledger: LedgerDeclaration, one: Item, key: str) -> Shown:
    return shown(ledger.fields[key], one.values.get(key), reason_shown(ledger, one.missing.get(key)))


def _asked_for(found: ItemQuerySet, asked: Mapping[str, str], declaration: LedgerDeclaration) -> QuerySet[Item]:
    chosen: QuerySet[Item] = found.filter(state=asked["state"] if asked["state"] in STATES else "active")
    if asked["q"]:
        chosen = chosen.filter(Q(name__icontains=asked["q"]) | Q(code__icontains=asked["q"]))
    if asked["unit"].isascii() and asked["unit"].isdigit():
        inside = UnitAncestry.objects.filter(ancestor_id=int(asked["unit"]))
        chosen = chosen.filter(unit__in=inside.values("descendant_id"))
    if asked["list"] in declaration.lists:
        chosen = chosen.filter(memberships__list=asked["list"], memberships__valid_to=None)
    return chosen


def _columns(ledger: LedgerDeclaration) -> list[str]:
    """What a list shows beside names: what units must fill, then what is yes or no, chosen, or dated."""
    plain = {
        key: one
        for key, one in ledger.fields.items()
        if key not in ("name", "form_key") and not one.is_personal and one.measure is None and not one.may_repeat
    }
    order = {FieldType.FLAG: 1, FieldType.CHOICE: 2, FieldType.DATE: 3, FieldType.MONEY: 4, FieldType.AREA: 4}
    return sorted(plain, key=lambda key: 0 if plain[key].required else order.get(plain[key].type, 9))[:COLUMNS]


def item(request: ActorRequest, item_id: int) -> HttpResponse:
    found = get_object_or_404(
        Item.objects.visible_to(request.actor).select_related("unit", "ledger__pack", "merged_into"), pk=item_id
    )
    declaration = declared(found.ledger)
    day = asked_day(request)
    then = revisions_on(Item.objects.filter(pk=found.pk), day).first() if day != localdate() else None
    row = Row.of(then.row) if then is not None else None
    values, missing = (row.values, row.missing) if row is not None else (found.values, found.missing)
    words = {
        "item": found,
        "declaration": declaration,
        "day": day,
        "today": localdate(),
        "row": row,
        "absent": day != localdate() and row is None,
        "state": STATES[row.state if row is not None else found.state],
        "facts": _facts(declaration, values, missing),
        "lists": _lists(found, declaration, row),
        "figures": _figures(found, declaration),
        "milestones": _milestones(found, declaration),
        "history": _history(found, declaration),
        "people": _people(found, declaration),
    }
    return render(request, "ledgers/item.html", words)


def _facts(ledger: LedgerDeclaration, values: Mapping[str, Any], missing: Mapping[str, str]) -> list[Shown]:
    """What the item says, in the order of the declaration; fields nobody ever wrote of are left out."""
    return [
        shown(one, values.get(key), reason_shown(ledger, missing.get(key)))
        for key, one in ledger.fields.items()
        if key in values or key in missing
    ]


def _lists(found: Item, ledger: LedgerDeclaration, row: Row | None) -> list[Text]:
    keys = row.lists if row is not None else found.memberships.filter(valid_to=None).values_list("list", flat=True)
    return [ledger.lists[key].title if key in ledger.lists else Text(key, key) for key in sorted(keys)]


def _milestones(found: Item, ledger: LedgerDeclaration) -> list[dict[str, Any]]:
    """Facts in force, in the order the ledger declares its milestones."""
    held: dict[str, list[Milestone]] = {}
    for one in found.milestones.filter(superseded_by_sequence=None).order_by("-fact"):
        held.setdefault(one.key, []).append(one)
    return [
        {"title": milestone.title, "which": FACTS[one.fact], "on": one.on, "precision": PRECISIONS.get(one.precision)}
        for key, milestone in ledger.milestones.items()
        for one in held.get(key, ())
    ]


def _figures(found: Item, ledger: LedgerDeclaration) -> dict[str, Any]:
    """Figures in force: a line a field, a column a period, the newest first."""
    held = Figure.objects.filter(item=found, superseded_by_sequence=None).values_list(
        "field", "period", "amount", "number"
    )
    by_field: dict[str, dict[str, Shown]] = {}
    for field, period, amount, number in held:
        if field in ledger.fields:
            by_field.setdefault(field, {})[period] = shown_figure(ledger.fields[field], amount, number)
    periods = sorted({period for one in by_field.values() for period in one}, reverse=True)[:PERIODS]
    lines = [
        (ledger.fields[key], [by_field[key].get(period) for period in periods])
        for key in ledger.fields
        if key in by_field
    ]
    return {"periods": periods, "lines": lines}


def _history(found: Item, ledger: LedgerDeclaration) -> list[dict[str, Any]]:
    """What each revision changed, the newest first."""
    revisions = list(found.revisions.order_by("-number")[: REVISIONS + 1])
    rows = [Row.of(one.row) for one in revisions]
    befores: list[Row | None] = [*rows[1:], None]
    units = {one.pk: one.title for one in Unit.objects.filter(pk__in={row.unit for row in rows})}
    told = []
    for one, row, before in list(zip(revisions, rows, befores, strict=True))[:REVISIONS]:
        changes = [
            (titled(ledger, fact), said_of(ledger, fact, old, units), said_of(ledger, fact, new, units))
            for fact, (old, new) in differing(before, row).items()
        ]
        recorded = localtime(one.recorded_at).strftime("%Y-%m-%d %H:%M")
        told.append(
            {
                "recorded": recorded,
                "revision": one,
                "kind": KINDS.get(one.kind, Text(one.kind, one.kind)),
                "changes": changes,
            }
        )
    return told


def _people(found: Item, ledger: LedgerDeclaration) -> list[tuple[Text, str]]:
    """That somebody is named, never who: names and phones are not for this page."""
    held = found.personal_values.values_list("field", "value")
    return [
        (ledger.fields[field].title, f"{value[:1]}＊＊") for field, value in held if field in ledger.fields and value
    ]


KINDS: Mapping[str, Text] = {
    "entered": Text("新增", "entered"),
    "changed": Text("修改", "changed"),
    "moved": Text("划转", "moved"),
    "state_set": Text("状态变更", "state set"),
    "imported": Text("报表入账", "taken from a workbook"),
    "undone": Text("撤销入账", "import undone"),
}
