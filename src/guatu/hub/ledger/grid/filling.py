"""What the cells of a page of items say, in a constant number of statements."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Max, Q, QuerySet

from guatu.declarations import Ledger as LedgerDeclaration
from guatu.engine.values.severity import Severity
from guatu.hub.ledger.grid.columns import Column, Kind
from guatu.hub.ledger.holders import duties_on
from guatu.hub.ledger.models import Figure, Item, ListMembership, Milestone
from guatu.hub.ledger.models.milestones import Fact
from guatu.hub.ledger.shown import FACTS, NOTHING, STATES, Shown, reason_shown, shown, shown_figure
from guatu.text import Text

_NOTHING = Text(NOTHING, NOTHING)


@dataclass(slots=True)
class Beside:
    """What stands beside items' own columns: figures, milestones and duties of some items, the lists they are on."""

    periods: Mapping[str, str] = field(default_factory=dict)
    figures: dict[tuple[int, str], Figure] = field(default_factory=dict)
    milestones: dict[tuple[int, str], dict[str, Milestone]] = field(default_factory=dict)
    duties: dict[tuple[int, str], list[Text]] = field(default_factory=dict)
    lists: dict[int, list[str]] = field(default_factory=dict)
    lights: Mapping[int, str] = field(default_factory=dict)
    strips: Mapping[int, Sequence[str | None]] = field(default_factory=dict)


def latest_periods(items: QuerySet[Item], columns: Sequence[Column], today: date) -> dict[str, str]:
    """Of each column of figures the latest period, begun by today, for which any of the items has one."""
    keys = [one.key for one in columns if one.kind is Kind.FIGURE]
    if not keys:
        return {}
    held = Figure.objects.in_force().filter(
        item__in=items.order_by().values("pk"), field__in=keys, period__lte=f"{today:%Y-%m}"
    )
    return dict(held.order_by().values_list("field").annotate(latest=Max("period")))


def beside(items: Sequence[Item], columns: Sequence[Column], periods: Mapping[str, str], today: date) -> Beside:
    """All the columns need of these items, one statement for each kind of column."""
    found, pks = Beside(periods), [one.pk for one in items]
    if periods:
        wanted = Q()
        for key, period in periods.items():
            wanted |= Q(field=key, period=period)
        held = Figure.objects.in_force().filter(wanted, item__in=pks)
        found.figures = {(one.item_id or 0, one.field): one for one in held}
    if keys := [one.name for one in columns if one.kind is Kind.MILESTONE]:
        known = Milestone.objects.in_force().counting().filter(item__in=pks, key__in=keys)
        for one in known:
            found.milestones.setdefault((one.item_id, one.key), {})[one.fact] = one
    if slots := [one.name for one in columns if one.kind is Kind.DUTY]:
        for duty, name in duties_on(today, pks, slots):
            found.duties.setdefault((duty.item_id, duty.slot), []).append(name)
    if any(one.key == "lists" for one in columns):
        on = ListMembership.objects.filter(item__in=pks, valid_to=None).order_by("list")
        for item, key in on.values_list("item_id", "list"):
            found.lists.setdefault(item, []).append(key)
    return found


def cells(ledger: LedgerDeclaration, item: Item, columns: Sequence[Column], found: Beside) -> list[Shown]:
    """What an item says in each column; a light by the keys of its severities, for who draws it."""
    return [_cell(ledger, item, one, found) for one in columns]


def _cell(ledger: LedgerDeclaration, item: Item, column: Column, found: Beside) -> Shown:
    match column.kind:
        case Kind.FIELD:
            assert column.field is not None
            value = item.values.get(column.key)
            why = reason_shown(ledger, item.missing.get(column.key)) if value is None else None
            return shown(column.field, value, why)
        case Kind.FIGURE:
            return _figure(column, found.figures.get((item.pk, column.key)))
        case Kind.MILESTONE:
            return _milestone(column, found.milestones.get((item.pk, column.name), {}))
        case Kind.DUTY:
            return Shown(column.key, column.title, _joined(found.duties.get((item.pk, column.name), [])))
        case Kind.LIGHT:
            lit = found.strips.get(item.pk, ()) if column.key == "strip" else [found.lights.get(item.pk)]
            keys = " ".join(one or Severity.NOT_JUDGED.value for one in lit)
            return Shown(column.key, column.title, Text(keys, keys))
        case Kind.CORE:
            return Shown(column.key, column.title, _core(ledger, item, column.key, found))


def _core(ledger: LedgerDeclaration, item: Item, key: str, found: Beside) -> Text:
    if key == "unit":
        return item.unit.title
    if key == "state":
        return STATES[item.state]
    if key == "lists":
        known = [ledger.list_called(one) for one in found.lists.get(item.pk, ())]
        return _joined([one.title for one in known if one is not None])
    return Text(item.code, item.code) if item.code else _NOTHING


def _figure(column: Column, held: Figure | None) -> Shown:
    assert column.field is not None
    if held is None:
        return shown(column.field, None, Text("本期没有报", "not reported for this period"))
    return shown_figure(column.field, held.amount, held.number)


def _milestone(column: Column, facts: Mapping[str, Milestone]) -> Shown:
    """The day it was reached, else the day it is planned for, which says so."""
    reached, plan = facts.get(Fact.ACTUAL), facts.get(Fact.REVISED) or facts.get(Fact.PLANNED)
    if reached is not None:
        day = reached.on.isoformat() if reached.on is not None else "✓"
        return Shown(column.key, column.title, Text(day, day))
    if plan is None or plan.on is None:
        return Shown(column.key, column.title, _NOTHING)
    word = FACTS[Fact.PLANNED]
    return Shown(column.key, column.title, Text(f"{word.zh} {plan.on}", f"{word.en} {plan.on}"), missing=None)


def _joined(titles: Sequence[Text]) -> Text:
    if not titles:
        return _NOTHING
    return Text("、".join(one.zh for one in titles), ", ".join(one.en for one in titles))
