"""Where an item lies: its own geometry, or the two fields its ledger declares, as one point in CGCS2000."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from guatu.declarations import Ledger as LedgerDeclaration
from guatu.standards.coordinates import CoordinateSystem, LonLat, NoPlace, to_cgcs2000

DECIMALS = 6
"""Of a degree: a decimetre. What is kept and sent has no more."""


def point_of(ledger: LedgerDeclaration, values: Mapping[str, Any], geometry: Mapping[str, Any] | None) -> LonLat | None:
    """One point of an item, the middle of what is larger; None where nobody said, or what was said is no place."""
    if geometry is not None:
        return _middle(geometry)
    said = [values.get(key) for key in ledger.position or ()]
    if len(said) != 2 or None in said:
        return None
    try:
        return to_cgcs2000(LonLat(float(str(said[0])), float(str(said[1]))), ledger.position_system)
    except (NoPlace, ValueError):
        return None


def stated_in_cgcs2000(ledger: LedgerDeclaration) -> bool:
    """Whether the declared fields can be given on as they stand."""
    return ledger.position_system is CoordinateSystem.CGCS2000


def geometry_of(place: LonLat) -> dict[str, Any]:
    """A point as items keep it: GeoJSON, rounded to what anybody can know."""
    return {"type": "Point", "coordinates": [round(place.longitude, DECIMALS), round(place.latitude, DECIMALS)]}


def _middle(geometry: Mapping[str, Any]) -> LonLat | None:
    """The middle of the box around a geometry."""
    points = list(_points(geometry.get("coordinates")))
    if not points:
        return None
    across, along = zip(*points, strict=True)
    return LonLat((min(across) + max(across)) / 2, (min(along) + max(along)) / 2)


def _points(coordinates: Any) -> Iterator[tuple[float, float]]:
    if not isinstance(coordinates, list) or not coordinates:
        return
    if isinstance(coordinates[0], list):
        for one in coordinates:
            yield from _points(one)
    elif len(coordinates) >= 2:
        yield float(coordinates[0]), float(coordinates[1])
