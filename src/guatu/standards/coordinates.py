"""Longitude and latitude in the systems Chinese sources come in, brought to CGCS2000 once.

CGCS2000 stands for WGS 84 too: the two lie centimetres apart. GCJ-02 is what maps sold in China are drawn in, BD-09 what one of
their makers draws on top of it; each is a known shift of up to some hundred metres, undone here by iteration to well under a
decimetre. Outside China (the box the shift itself is bound to) GCJ-02 is CGCS2000.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from math import atan2, cos, isfinite, pi, radians, sin, sqrt

from guatu.text import Refusal, Text

_A, _EE = 6378245.0, 0.00669342162296594323
"""The ellipsoid the shift is worked out on (Krasovsky 1940): its half axis in metres and its squared eccentricity."""
_BD_SHIFT = (0.0065, 0.006)
_ROUNDS = 8
"""Of undoing a shift; each brings the point about a thousand times nearer."""


class CoordinateSystem(StrEnum):
    CGCS2000 = "cgcs2000"
    GCJ02 = "gcj02"
    BD09 = "bd09"

    @property
    def words(self) -> Text:
        return _TITLES[self]


_TITLES: Mapping[CoordinateSystem, Text] = {
    CoordinateSystem.CGCS2000: Text("CGCS2000 / WGS-84（测绘、卫星定位）", "CGCS2000 / WGS 84 (surveys, GPS)"),
    CoordinateSystem.GCJ02: Text("GCJ-02（高德、腾讯地图）", "GCJ-02 (AMap, Tencent maps)"),
    CoordinateSystem.BD09: Text("BD-09（百度地图）", "BD-09 (Baidu maps)"),
}


class NoPlace(Refusal):
    """Two numbers that are no place on earth, or may be the wrong way round."""

    def __init__(self, longitude: float, latitude: float) -> None:
        turned = abs(longitude) <= 90 < abs(latitude) <= 180
        super().__init__(
            f"{longitude}, {latitude}",
            Text("不是经纬度", "is no longitude and latitude"),
            Text("经度和纬度写反了，换过来。", "They are the wrong way round: swap them.")
            if turned
            else Text(
                "经度在 -180 到 180 之间，纬度在 -90 到 90 之间，用十进制度。",
                "Longitude lies between -180 and 180, latitude between -90 and 90, in decimal degrees.",
            ),
        )


@dataclass(frozen=True, slots=True)
class LonLat:
    """A place in decimal degrees of one system; refuses what is none."""

    longitude: float
    latitude: float

    def __post_init__(self) -> None:
        sound = isfinite(self.longitude) and isfinite(self.latitude)
        if not sound or abs(self.longitude) > 180 or abs(self.latitude) > 90:
            raise NoPlace(self.longitude, self.latitude)


def to_cgcs2000(place: LonLat, system: CoordinateSystem) -> LonLat:
    """The place in CGCS2000, of whichever system it was given in."""
    match system:
        case CoordinateSystem.GCJ02:
            return _undone(place, _gcj_of)
        case CoordinateSystem.BD09:
            return _undone(_undone(place, _bd_of), _gcj_of)
        case _:
            return place


def from_cgcs2000(place: LonLat, system: CoordinateSystem) -> LonLat:
    """The other way: where a map of that system draws it."""
    match system:
        case CoordinateSystem.GCJ02:
            return _gcj_of(place)
        case CoordinateSystem.BD09:
            return _bd_of(_gcj_of(place))
        case _:
            return place


def _undone(place: LonLat, shift: Callable[[LonLat], LonLat]) -> LonLat:
    """What is shifted to this place."""
    found = place
    for _ in range(_ROUNDS):
        there = shift(found)
        found = LonLat(
            found.longitude + place.longitude - there.longitude, found.latitude + place.latitude - there.latitude
        )
    return found


def _gcj_of(place: LonLat) -> LonLat:
    lon, lat = place.longitude, place.latitude
    if not (72.004 <= lon <= 137.8347 and 0.8293 <= lat <= 55.8271):
        return place
    x, y = lon - 105.0, lat - 35.0
    ripple = (20.0 * sin(6.0 * x * pi) + 20.0 * sin(2.0 * x * pi)) * 2.0 / 3.0
    north = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * sqrt(abs(x)) + ripple
    north += (20.0 * sin(y * pi) + 40.0 * sin(y / 3.0 * pi)) * 2.0 / 3.0
    north += (160.0 * sin(y / 12.0 * pi) + 320.0 * sin(y * pi / 30.0)) * 2.0 / 3.0
    east = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * sqrt(abs(x)) + ripple
    east += (20.0 * sin(x * pi) + 40.0 * sin(x / 3.0 * pi)) * 2.0 / 3.0
    east += (150.0 * sin(x / 12.0 * pi) + 300.0 * sin(x / 30.0 * pi)) * 2.0 / 3.0
    magic = 1 - _EE * sin(radians(lat)) ** 2
    north = north * 180.0 / ((_A * (1 - _EE)) / (magic * sqrt(magic)) * pi)
    east = east * 180.0 / (_A / sqrt(magic) * cos(radians(lat)) * pi)
    return LonLat(lon + east, lat + north)


def _bd_of(place: LonLat) -> LonLat:
    x, y = place.longitude, place.latitude
    turn = pi * 3000.0 / 180.0
    far = sqrt(x * x + y * y) + 0.00002 * sin(y * turn)
    angle = atan2(y, x) + 0.000003 * cos(x * turn)
    return LonLat(far * cos(angle) + _BD_SHIFT[0], far * sin(angle) + _BD_SHIFT[1])
