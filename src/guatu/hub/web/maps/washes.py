"""How districts are washed: the value of each, the step it falls into, and what each step means in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from guatu.hub.web.maps.districts import District, Share
from guatu.standards.rounding import round_half_up
from guatu.text import Text

STEPS = 5
"""Washes from the lightest; 0 is none at all."""


@dataclass(frozen=True, slots=True)
class Step:
    """One line of the legend."""

    number: int
    said: Text


@dataclass(frozen=True, slots=True)
class Washed:
    """A district with its step, its value in words, and what it stands on where it is a ratio."""

    district: District
    step: int
    said: Text
    stands_on: Text | None


@dataclass(frozen=True, slots=True)
class Wash:
    """A whole map's wash."""

    title: Text
    steps: Sequence[Step]
    washed: Sequence[Washed]


def washed(districts: Sequence[District], share: Share | None) -> Wash:
    """By count, in equal steps up to the largest; by share, in fifths of the whole."""
    return _by_share(districts, share) if share is not None else _by_count(districts)


def _by_count(districts: Sequence[District]) -> Wash:
    edges = count_edges(max((one.items for one in districts), default=0))
    steps = [Step(0, Text("没有", "none"))] + [
        Step(_shade(number, edges), Text(f"{_span(low, high)} 个", _span(low, high)))
        for number, (low, high) in enumerate(zip([0, *edges], edges, strict=False), 1)
    ]
    found = [Washed(one, _step(one.items, edges), Text(str(one.items), str(one.items)), None) for one in districts]
    return Wash(Text("事项数", "Number of items"), steps, found)


def count_edges(most: int) -> list[int]:
    """The last count of each step: whole numbers, even steps, none twice."""
    return sorted({-(-most * number // STEPS) for number in range(1, STEPS + 1)} - {0})


def _span(low: int, high: int) -> str:
    return str(high) if high == low + 1 else f"{low + 1}–{high}"


def _step(count: int, edges: Sequence[int]) -> int:
    return _shade(next(number for number, edge in enumerate(edges, 1) if count <= edge), edges) if count else 0


def _shade(number: int, edges: Sequence[int]) -> int:
    """The wash of a step: with fewer steps than washes they lie further apart, the last one always the darkest."""
    return -(-number * STEPS // len(edges))


def _by_share(districts: Sequence[District], share: Share) -> Wash:
    fifth = 100 // STEPS
    steps = [Step(0, Text("没有事项", "no items"))] + [
        Step(number, Text(*[f"{(number - 1) * fifth}–{number * fifth} %"] * 2)) for number in range(1, STEPS + 1)
    ]
    return Wash(share.title, steps, [_share_of(one) for one in districts])


def _share_of(one: District) -> Washed:
    if not one.items:
        return Washed(one, 0, Text("—", "—"), Text("没有事项", "no items"))
    ratio = Fraction(one.part, one.items)
    step = min(int(ratio * STEPS) + 1, STEPS)
    said = f"{round_half_up(ratio * 100, 1):.1f} %"
    return Washed(one, step, Text(said, said), Text(f"{one.part} / {one.items} 个", f"{one.part} of {one.items}"))


def by_code(wash: Wash) -> Mapping[str, Washed]:
    return {one.district.code: one for one in wash.washed}
