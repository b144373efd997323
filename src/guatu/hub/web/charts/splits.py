"""A bar of parts laid end to end, as long as the whole it stands for: how many of each kind there are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from guatu.hub.web.charts.scales import place

WIDTH = 240
_GAP = 1.0
"""Between two parts."""
_LEAST = 2.0
"""A part is never shorter, however few there are of it."""


@dataclass(frozen=True, slots=True)
class Part:
    """One part by its kind: where it begins and how long it is."""

    kind: str
    x: str
    length: str


@dataclass(frozen=True, slots=True)
class Split:
    parts: tuple[Part, ...]
    width: int = WIDTH


def split(counts: Sequence[tuple[str, int]], most: int) -> Split:
    """Kinds and how many there are of each, in this order; `most` of them fill the whole width."""
    drawn, at = [], 0.0
    for kind, count in counts:
        if count:
            length = max(WIDTH * count / max(most, 1) - _GAP, _LEAST)
            drawn.append(Part(kind, place(at), place(length)))
            at += length + _GAP
    return Split(tuple(drawn))
