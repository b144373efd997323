"""Items one after the other, with all that a file may say of them, in a constant number of queries for each few hundred."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet

from guatu.hub.accounts.models import Unit
from guatu.hub.ledger.encodings import Json
from guatu.hub.ledger.models import Figure, Item, ListMembership, Milestone
from guatu.text import Text

BATCH = 500


@dataclass(frozen=True, slots=True)
class Exported:
    """An item as it is now. Nothing about people: that stands in no item's values."""

    id: int
    unit: int
    name: str
    code: str
    state: str
    values: Mapping[str, Json]
    geometry: Mapping[str, Any] | None
    entered_on: date
    left_on: date | None
    lists: tuple[str, ...]


_COLUMNS = ("id", "unit_id", "name", "code", "state", "values", "geometry", "entered_on", "left_on")


def batches(items: QuerySet[Item]) -> Iterator[list[Exported]]:
    """In the order of ids, read on from the last id seen: nothing stays open in the database between two batches."""
    after = 0
    while rows := list(items.filter(pk__gt=after).order_by("pk").values_list(*_COLUMNS)[:BATCH]):
        lists = _lists([row[0] for row in rows])
        yield [_exported(row, lists.get(row[0], [])) for row in rows]
        after = rows[-1][0]


def _exported(row: tuple[Any, ...], lists: list[str]) -> Exported:
    return Exported(*(*row, tuple(lists)))


def unit_titles() -> dict[int, Text]:
    """What each unit is called; those of items nobody may see are never asked for by their number."""
    return {pk: Text(zh, en or zh) for pk, zh, en in Unit.objects.values_list("pk", "title_zh", "title_en")}


def latest_figures(ids: list[int]) -> dict[int, dict[str, Json]]:
    """Of each item and field the figure in force of its last period, as `values` would hold it."""
    held = Figure.objects.in_force().filter(item__in=ids).order_by("period")
    found: dict[int, dict[str, Json]] = {}
    for item, field, amount, number in held.values_list("item_id", "field", "amount", "number"):
        found.setdefault(item or 0, {})[field] = amount if amount is not None else number
    return found


def milestones_of(ids: list[int]) -> Iterator[Milestone]:
    """Facts in force that have a day, by item."""
    held = Milestone.objects.in_force().counting().filter(item__in=ids).exclude(on=None)
    yield from held.order_by("item_id", "on", "pk")


def _lists(ids: list[int]) -> dict[int, list[str]]:
    held: dict[int, list[str]] = {}
    through = ListMembership.objects.filter(item__in=ids, valid_to=None).order_by("list")
    for item, key in through.values_list("item_id", "list"):
        held.setdefault(item, []).append(key)
    return held
