"""Groups along the tree of units: each unit with what lies at it, and with all under it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from guatu.hub.accounts.models import Unit
from guatu.hub.ledger.grid.grouping import Group
from guatu.text import Text


@dataclass(frozen=True, slots=True)
class Branch:
    """A unit in the tree: how deep it stands, what lies at it alone, and what lies at it and under it."""

    unit: int
    depth: int
    own: Group
    whole: Group
    has_below: bool


def units_known() -> dict[int, tuple[int | None, int, Text]]:
    """Every unit with its parent, its order among siblings and its name: what a tree is made of. One statement."""
    known = Unit.objects.values_list("pk", "parent_id", "order", "title_zh", "title_en")
    return {pk: (parent, order, Text(zh, en or zh)) for pk, parent, order, zh, en in known}


def branches(
    groups: Mapping[str | None, Group],
    units: Mapping[int, tuple[int | None, int, Text]],
    visible: frozenset[int] | None,
) -> list[Branch]:
    """Units with items at or under them, from the top down, each before those under it.

    Of a tree that somebody sees in part (`visible`), a unit whose parent they do not see stands at the top.
    """
    own = {int(key): one for key, one in groups.items() if key is not None}
    parents = {unit: _parent(unit, units, visible) for unit in units}
    whole: dict[int, Group] = {}
    for unit, group in own.items():
        above: int | None = unit
        while above is not None:
            whole.setdefault(above, Group(str(above))).add(group)
            above = parents.get(above)
    below: dict[int | None, list[int]] = {}
    for unit in sorted(whole, key=lambda one: (units[one][1], one) if one in units else (0, one)):
        below.setdefault(parents.get(unit), []).append(unit)
    return list(_walk(None, 0, below, own, whole))


def _parent(unit: int, units: Mapping[int, tuple[int | None, int, Text]], visible: frozenset[int] | None) -> int | None:
    parent = units[unit][0]
    return parent if parent is not None and (visible is None or parent in visible) else None


def _walk(
    above: int | None, depth: int, below: Mapping[int | None, list[int]], own: Mapping[int, Group],
    whole: Mapping[int, Group],
) -> Iterator[Branch]:  # fmt: skip
    for unit in below.get(above, ()):
        yield Branch(unit, depth, own.get(unit, Group(str(unit))), whole[unit], unit in below)
        yield from _walk(unit, depth + 1, below, own, whole)
