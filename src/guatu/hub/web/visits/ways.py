"""The places of a visit as a drawing to scale: stops by number, photos as small squares; it prints, and needs no map of others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import cos, hypot, radians

from guatu.standards.coordinates import LonLat
from guatu.text import Text

WIDTH, TALLEST, MARGIN = 600, 420, 36
LEAST = 200.0
"""Metres across, at least: what lies closer together is one place."""
_DEGREE = 111_320.0
"""Metres of a degree of latitude."""
_ROUND = (50, 100, 200, 500, 1000, 2000, 5000, 10_000, 20_000, 50_000, 100_000)


@dataclass(frozen=True, slots=True)
class Spot:
    """The place of a stop, or where a photo of it was taken: its number on the way, and what is there."""

    place: LonLat
    number: int
    what: str
    is_photo: bool = False


@dataclass(frozen=True, slots=True)
class Drawn:
    """A spot on the drawing."""

    x: int
    y: int
    spot: Spot


@dataclass(frozen=True, slots=True)
class Way:
    """The drawing: its height, its spots, photos first so that numbers stay readable, and its scale bar."""

    width: int
    height: int
    drawn: Sequence[Drawn]
    bar: int
    bar_said: Text


def between(one: LonLat, other: LonLat) -> int:
    """Metres from one place to the other, near enough over the few kilometres of a site."""
    return round(hypot(*_metres(one, other)))


def way_of(spots: Sequence[Spot]) -> Way | None:
    """North is up; both ways to one scale."""
    if not spots:
        return None
    start = spots[0].place
    flat = [_metres(start, one.place) for one in spots]
    west, south = min(x for x, _ in flat), min(y for _, y in flat)
    across, along = max(x for x, _ in flat) - west, max(y for _, y in flat) - south
    scale = min((WIDTH - 2 * MARGIN) / max(across, LEAST), (TALLEST - 2 * MARGIN) / max(along, LEAST))
    height = round(along * scale) + 2 * MARGIN
    left = (WIDTH - across * scale) / 2
    drawn = [
        Drawn(round(left + (x - west) * scale), round(height - MARGIN - (y - south) * scale), one)
        for (x, y), one in zip(flat, spots, strict=True)
    ]
    length = next((one for one in reversed(_ROUND) if one * scale <= WIDTH / 4), _ROUND[0])
    return Way(
        WIDTH,
        height + MARGIN,
        sorted(drawn, key=lambda one: not one.spot.is_photo),
        round(length * scale),
        _said(length),
    )


def _said(metres: int) -> Text:
    return (
        Text(f"{metres // 1000} 公里", f"{metres // 1000} km")
        if metres >= 1000
        else Text(f"{metres} 米", f"{metres} m")
    )


def _metres(start: LonLat, place: LonLat) -> tuple[float, float]:
    """How far east and north of a start a place lies."""
    narrowed = cos(radians((start.latitude + place.latitude) / 2))
    east = (place.longitude - start.longitude) * _DEGREE * narrowed
    return east, (place.latitude - start.latitude) * _DEGREE
