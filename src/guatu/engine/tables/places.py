"""Places among peers: ranks with ties, and classes cut by quota."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from guatu.standards.rounding import round_half_up


def _by_peers(peers: Sequence[Any]) -> dict[Any, list[int]]:
    groups: dict[Any, list[int]] = defaultdict(list)
    for index, peer in enumerate(peers):
        groups[peer].append(index)
    return groups


def ranks(values: Sequence[Any], peers: Sequence[Any], *, descending: bool) -> list[Fraction | None]:
    """1-1-3 among the rows of the same peers that have a value; None without one."""
    places: list[Fraction | None] = [None] * len(values)
    for rows in _by_peers(peers).values():
        there = sorted((row for row in rows if values[row] is not None), key=lambda r: values[r], reverse=descending)
        for position, row in enumerate(there):
            tied = position and values[there[position - 1]] == values[row]
            places[row] = places[there[position - 1]] if tied else Fraction(position + 1)
    return places


def cut(
    values: Sequence[Any],
    peers: Sequence[Any],
    quotas: Sequence[Fraction],
    veto: Sequence[bool | None],
    grace: Sequence[bool | None],
    *,
    descending: bool,
    ties: str,
) -> list[Fraction | None]:
    """The class (1 = best) of each row by quota of its peers.

    Rows in grace or without a value are in no class and no count. A vetoed row is in the last class
    whatever its value; quotas are counted over the others. A class ends at the cumulated quota of the
    number classed, rounded half up; those who tie all take the better class (`up`) or the worse (`down`).
    """
    classes: list[Fraction | None] = [None] * len(values)
    for rows in _by_peers(peers).values():
        there = [row for row in rows if values[row] is not None and grace[row] is not True]
        running = [row for row in there if veto[row] is not True]
        ends = [int(round_half_up(sum(quotas[: i + 1], Fraction(0)) * len(running), 0)) for i in range(len(quotas))]
        for row in there:
            if veto[row] is True:
                classes[row] = Fraction(len(quotas))
                continue
            better = sum(values[r] > values[row] if descending else values[r] < values[row] for r in running)
            equal = sum(values[r] == values[row] for r in running)
            place = better + (1 if ties == "up" else equal)
            classes[row] = Fraction(next(i for i, end in enumerate(ends, 1) if place <= end))
    return classes
