"""One item with its facts, milestones, figures and history, on any day."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.timezone import localdate, localtime

from guatu.declarations import Ledger as LedgerDeclaration
from guatu.hub.accounts.models import Unit
from guatu.hub.accounts.requests import ActorRequest
from guatu.hub.ledger.as_of import revisions_on
from guatu.hub.ledger.models import Figure, Goal, Item
from guatu.hub.ledger.packs import declared
from guatu.hub.ledger.rows import Row, differing
from guatu.hub.ledger.shown import STATES, Shown, reason_shown, said_of, shown, shown_figure, titled
from guatu.hub.web.item_sections import duties_of, links_of, milestones_of, remarks_of
from guatu.hub.web.links import REMARKS
from guatu.hub.web.units import asked_day, permissions_at
from guatu.hub.web.years import ENTRIES
from guatu.text import Text

REVISIONS = 50
PERIODS = 13


def item(request: ActorRequest, item_id: int) -> HttpResponse:
    found = get_object_or_404(
        Item.objects.visible_to(request.actor)
        .select_related("unit", "ledger__pack", "merged_into")
        .defer("ledger__pack__files"),
        pk=item_id,
    )
    declaration = declared(found.ledger)
    day = asked_day(request)
    then = revisions_on(Item.objects.filter(pk=found.pk), day).first() if day != localdate() else None
    row = Row.of(then.row) if then is not None else None
    values, missing = (row.values, row.missing) if row is not None else (found.values, found.missing)
    milestones, baselines = milestones_of(found, declaration, day)
    duties = duties_of(found, declaration, day)
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
        "milestones": milestones,
        "baselines": baselines,
        "duties": duties,
        "lacking": [one.slot.title for one in duties if one.missing],
        "links": links_of(found, declaration, request.actor, day),
        "remarks": remarks_of(found, day),
        "remark_kinds": REMARKS,
        "years": [(one, ENTRIES[one.kind]) for one in found.years.order_by("-year")],
        "merged_from": list(found.merged_from.filter(pk__in=Item.objects.visible_to(request.actor)).order_by("pk")),
        "history": _history(found, declaration),
        "people": _people(found, declaration),
        "goals": Goal.objects.visible_to(request.actor).filter(items__item=found, items__valid_to=None, state="active"),
        "may": permissions_at(request.actor, found.unit) if found.merged_into_id is None else set(),
    }
    return render(request, "ledgers/item.html", words)


def _facts(ledger: LedgerDeclaration, values: Mapping[str, Any], missing: Mapping[str, str]) -> list[Shown]:
    """What the item says, in the order of the declaration; fields nobody ever wrote of are left out."""
    held = {(one.key if (one := ledger.field_called(key)) is not None else key): key for key in (*missing, *values)}
    return [
        shown(one, values.get(held[key]), reason_shown(ledger, missing.get(held[key])))
        for key, one in ledger.fields.items()
        if key in held
    ]


def _lists(found: Item, ledger: LedgerDeclaration, row: Row | None) -> list[Text]:
    keys = row.lists if row is not None else found.memberships.filter(valid_to=None).values_list("list", flat=True)
    return [one.title if (one := ledger.list_called(key)) is not None else Text(key, key) for key in sorted(keys)]


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
    "placed": Text("标注位置", "placed on the map"),
    "state_set": Text("状态变更", "state set"),
    "merged": Text("合并", "merged"),
    "listed": Text("清单调整", "lists redrawn"),
    "imported": Text("报表入账", "taken from a workbook"),
    "undone": Text("撤销入账", "import undone"),
    "rekeyed": Text("业务包升级", "pack upgraded"),
}
