"""One page of a grouped table: which groups it touches, and their items, without reading any other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, IntegerField, Q, QuerySet, Value, When

from guatu.hub.ledger.models import Item


@dataclass(frozen=True, slots=True)
class Stretch:
    """A group as far as a page shows it: where its items begin there, how many of them."""

    key: str | None
    skipped: int
    taken: int


def stretches(counts: Sequence[tuple[str | None, int]], start: int, size: int) -> list[Stretch]:
    """The parts of groups, in their order, that hold items number `start` up to, not including, `start + size`."""
    found, passed = [], 0
    for key, count in counts:
        first, last = max(start - passed, 0), min(start + size - passed, count)
        if first < last:
            found.append(Stretch(key, first, last - first))
        passed += count
    return found


def items_of(grouped: QuerySet[Any], parts: Sequence[Stretch], order: Sequence[Any]) -> list[Item]:
    """The items of these parts, in order; `grouped` carries what each is grouped by."""
    if not parts:
        return []
    at = [Q(grouped=one.key) if one.key is not None else Q(grouped=None) for one in parts]
    wanted = Q()
    for one in at:
        wanted |= one
    place = Case(*(When(one, then=Value(number)) for number, one in enumerate(at)), output_field=IntegerField())
    taken = sum(one.taken for one in parts)
    rows = grouped.filter(wanted).annotate(group_place=place).order_by("group_place", *order)
    return list(rows[parts[0].skipped : parts[0].skipped + taken])
