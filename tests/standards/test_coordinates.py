"""Longitude and latitude of Chinese sources, brought to CGCS2000 once."""

from __future__ import annotations

import json
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guatu.standards.coordinates import CoordinateSystem, LonLat, NoPlace, from_cgcs2000, to_cgcs2000

SHANGHAI, SHENZHEN, BEIJING = (
    LonLat(121.5272106, 31.1774276),
    LonLat(113.912316, 22.543847),
    LonLat(116.377817, 39.911954),
)
METRE = 1e-5
TWICE = json.loads((Path(__file__).parent / "data/one_outline_twice.json").read_text(encoding="utf-8"))
"""The outline of one county as two publishers have it: nobody says which system, but half a kilometre lies between them."""


@pytest.mark.parametrize(
    ("place", "gcj"),
    [
        (SHANGHAI, LonLat(121.531541859215, 31.17530398364597)),
        (SHENZHEN, LonLat(113.9171764808363, 22.540796131694766)),
        (BEIJING, LonLat(116.38404722455657, 39.91334545536069)),
    ],
    ids=["Shanghai", "Shenzhen", "Beijing"],
)
def test_the_shift_of_gcj_02_is_the_published_one(place: LonLat, gcj: LonLat) -> None:
    shifted, back = from_cgcs2000(place, CoordinateSystem.GCJ02), to_cgcs2000(gcj, CoordinateSystem.GCJ02)

    assert (shifted.longitude, shifted.latitude) == pytest.approx((gcj.longitude, gcj.latitude), abs=METRE / 10)
    assert (back.longitude, back.latitude) == pytest.approx((place.longitude, place.latitude), abs=METRE / 10)


@given(st.floats(74, 134), st.floats(19, 53), st.sampled_from(CoordinateSystem))
def test_there_and_back_is_the_same_place_to_a_decimetre(
    longitude: float, latitude: float, system: CoordinateSystem
) -> None:
    place = LonLat(longitude, latitude)

    back = to_cgcs2000(from_cgcs2000(place, system), system)

    assert (back.longitude, back.latitude) == pytest.approx((longitude, latitude), abs=METRE / 10)


def centre(ring: Sequence[Sequence[float]]) -> tuple[float, float]:
    """The centre of gravity of what a ring encloses."""
    parts = [(a[0] * b[1] - b[0] * a[1], a[0] + b[0], a[1] + b[1]) for a, b in pairwise(ring)]
    whole = 3 * sum(part for part, _, _ in parts)
    return sum(part * x for part, x, _ in parts) / whole, sum(part * y for part, _, y in parts) / whole


def test_two_published_outlines_of_one_county_lie_over_each_other_once_the_shift_is_undone() -> None:
    undone = [to_cgcs2000(LonLat(*point), CoordinateSystem.GCJ02) for point in TWICE["gcj02"]]

    here, shifted, back = (centre(ring) for ring in (
        TWICE["cgcs2000"], TWICE["gcj02"], [(one.longitude, one.latitude) for one in undone],
    ))  # fmt: skip

    assert shifted[0] - here[0] > 450 * METRE, "as published one lies some 470 m east of the other"
    assert abs(back[0] - here[0]) < 20 * METRE and abs(back[1] - here[1]) < 60 * METRE


def test_outside_china_nothing_is_shifted() -> None:
    london = LonLat(-0.1276, 51.5072)

    assert to_cgcs2000(london, CoordinateSystem.GCJ02) == london


@pytest.mark.parametrize(
    ("longitude", "latitude"), [(36.07, 120.38), (200.0, 10.0), (float("nan"), 1.0), (1.0, float("inf"))]
)
def test_two_numbers_that_are_no_place_are_refused_with_the_remedy(longitude: float, latitude: float) -> None:
    with pytest.raises(NoPlace) as refused:
        LonLat(longitude, latitude)

    assert ("写反" in refused.value.remedy.zh) == (latitude == 120.38)
