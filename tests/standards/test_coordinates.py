"""Longitude and latitude of Chinese sources, brought to CGCS2000 once."""

from __future__ import annotations

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
