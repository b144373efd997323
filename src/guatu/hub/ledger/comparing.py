"""Two days of a ledger beside one another, as known now: what is new, what is gone, what says something else, figures that moved."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from guatu.declarations import FieldDeclaration
from guatu.hub.ledger.as_of import revisions_on
from guatu.hub.ledger.models import Figure, Item, ItemRevision
from guatu.hub.ledger.models.items import ItemQuerySet, ItemState
from guatu.hub.ledger.rows import Row, differing


@dataclass(frozen=True, slots=True)
class ItemMoved:
    """An item that was there, is there, or both, with the facts that differ."""

    item: int
    before: Row | None
    after: Row
    facts: Mapping[str, tuple[Any, Any]]

    @property
    def was_in(self) -> bool:
        return self.before is not None and self.before.state == ItemState.ACTIVE

    @property
    def is_in(self) -> bool:
        return self.after.state == ItemState.ACTIVE


@dataclass
class Compared:
    """Every item revised between the two days whose row is another."""

    moved: Sequence[ItemMoved]

    @cached_property
    def new(self) -> list[ItemMoved]:
        """In the ledger now and not before: entered, or back again."""
        return [one for one in self.moved if one.is_in and not one.was_in]

    @cached_property
    def gone(self) -> list[ItemMoved]:
        return [one for one in self.moved if one.was_in and not one.is_in]

    @cached_property
    def changed(self) -> list[ItemMoved]:
        return [one for one in self.moved if one.was_in and one.is_in]

    @cached_property
    def by_fact(self) -> list[tuple[str, int]]:
        """Which facts changed, of how many items; the most first."""
        return Counter(fact for one in self.changed for fact in one.facts).most_common()


def compare(items: ItemQuerySet, before: date, after: date) -> Compared:
    """Two queries: rows of items with a revision that came to hold between the two days, as of either."""
    between = ItemRevision.objects.filter(item__in=items.values("pk"), effective_on__gt=before, effective_on__lte=after)
    touched = Item.objects.filter(pk__in=between.values("item"))
    rows = {day: dict(revisions_on(touched, day).values_list("item_id", "row")) for day in (before, after)}
    moved = []
    for item, text in rows[after].items():
        was = rows[before].get(item)
        if was == text:
            continue
        old, new = Row.of(was) if was is not None else None, Row.of(text)
        moved.append(ItemMoved(item, old, new, differing(old, new)))
    return Compared(moved)


@dataclass(frozen=True, slots=True)
class FigureMoved:
    """A figure of an item at both rounds, in whole 分; either may not have been reported."""

    item: int
    unit: int
    before: int | None
    after: int | None

    @property
    def by(self) -> int:
        """Nought where one of the two is missing: what was not reported has not moved."""
        return 0 if self.before is None or self.after is None else self.after - self.before


def figures_moved(items: ItemQuerySet, field: FieldDeclaration, before: str, after: str) -> list[FigureMoved]:
    """Of items active now; the greatest moves first. One query."""
    held = Figure.objects.in_force().filter(
        item__in=items.filter(state=ItemState.ACTIVE).values("pk"), field=field.key, period__in=(before, after)
    )
    found: dict[int, dict[str, int | None]] = {}
    units: dict[int, int] = {}
    for item, unit, period, amount in held.values_list("item_id", "item__unit_id", "period", "amount"):
        found.setdefault(item or 0, {})[period] = amount
        units[item or 0] = unit or 0
    moved = [FigureMoved(item, units[item], one.get(before), one.get(after)) for item, one in found.items()]
    return sorted(moved, key=lambda one: (-abs(one.by), one.item))
