"""The unit tree as it was on a day: who was there, what it was called, under whom it stood."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import NamedTuple

from guatu.hub.accounts.models import Unit, UnitSpan
from guatu.text import Text


@dataclass(frozen=True, slots=True)
class Node:
    """A unit as it was on the tree's day."""

    unit_id: int
    kind: str
    title: Text
    code: str
    parent_id: int | None
    order: int


class Pair(NamedTuple):
    """A unit and a unit above it, or itself at depth 0."""

    ancestor: int
    descendant: int
    depth: int


@dataclass(frozen=True)
class Tree:
    """All units open on a day, each after the one above it; siblings as the city prints them."""

    day: date
    nodes: Mapping[int, Node]

    @cached_property
    def children(self) -> Mapping[int | None, tuple[Node, ...]]:
        """Those directly under a unit; the tops under None."""
        found: dict[int | None, list[Node]] = {}
        for node in self.nodes.values():
            found.setdefault(node.parent_id, []).append(node)
        return {parent: tuple(nodes) for parent, nodes in found.items()}

    def above(self, unit_id: int) -> Iterator[Node]:
        """The unit itself and those above it, the top last."""
        at: int | None = unit_id
        while at is not None:
            yield self.nodes[at]
            at = self.nodes[at].parent_id

    def closure(self) -> list[Pair]:
        """Every pair of a unit and a unit above it, itself included: what rules that count over subtrees are given."""
        return [
            Pair(above.unit_id, unit_id, depth)
            for unit_id in self.nodes
            for depth, above in enumerate(self.above(unit_id))
        ]


def tree_on(day: date) -> Tree:
    """The tree of a day, from the spans of history alone: two queries, whatever its size."""
    spans = UnitSpan.objects.on(day)
    orders = dict(Unit.objects.values_list("pk", "order"))
    nodes = [
        Node(one.unit_id, one.kind, one.title, one.code, one.parent_id, orders[one.unit_id])
        for one in spans.order_by("unit_id")
    ]
    return Tree(day, _in_print_order(nodes))


def _in_print_order(nodes: list[Node]) -> dict[int, Node]:
    below: dict[int | None, list[Node]] = {}
    for node in sorted(nodes, key=lambda one: (one.order, one.unit_id)):
        below.setdefault(node.parent_id, []).append(node)
    ordered: dict[int, Node] = {}
    waiting = list(reversed(below.get(None, [])))
    while waiting:
        node = waiting.pop()
        ordered[node.unit_id] = node
        waiting.extend(reversed(below.get(node.unit_id, [])))
    return ordered
