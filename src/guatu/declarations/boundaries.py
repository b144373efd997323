"""Boundaries of units as GeoJSON: whose outline each feature is, where the file comes from, which number approved the map.

    {"type": "FeatureCollection", "source": {"zh": …, "en": …}, "approval": "…", "system": "cgcs2000", "features": [
      {"type": "Feature", "properties": {"code": "370202"}, "geometry": {"type": "Polygon" | "MultiPolygon", …}}]}

`source` must be there; `approval` (审图号) and `system` (cgcs2000, gcj02, bd09; converted once, here) may be left out.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from guatu.declarations.packs import Pack
from guatu.standards.coordinates import CoordinateSystem, LonLat, to_cgcs2000
from guatu.text import Refusal, Text

FOLDER, SUFFIX = "boundaries", ".geojson"
Point = tuple[float, float]
"""Longitude and latitude, CGCS2000."""
Polygon = tuple[tuple[Point, ...], ...]
"""Rings: the outer one, then its holes; each ends where it began."""


class WrongBoundaries(Refusal):
    """A file of boundaries that cannot be drawn."""

    def __init__(self, file: str, what: Text, remedy: Text) -> None:
        super().__init__(file, what, remedy)


@dataclass(frozen=True, slots=True)
class Area:
    """The outline of one unit, by its code."""

    code: str
    polygons: tuple[Polygon, ...]


@dataclass(frozen=True, slots=True)
class Boundaries:
    """Outlines by unit code, the sources they come from, and the numbers under which their maps were approved."""

    areas: Mapping[str, Area]
    sources: tuple[Text, ...] = ()
    approvals: tuple[str, ...] = ()


def boundaries_of(pack: Pack) -> Boundaries:
    """Those of a pack and of the packs it extends."""
    return read_boundaries(pack.files(FOLDER, SUFFIX).values())


def read_boundaries(paths: Iterable[Path]) -> Boundaries:
    """Several files as one; a WrongBoundaries names the file, what is wrong in it and the remedy."""
    areas: dict[str, Area] = {}
    sources: list[Text] = []
    approvals: list[str] = []
    for path in paths:
        content = _content(path)
        sources.append(_source(path, content))
        if content.get("approval"):
            approvals.append(str(content["approval"]))
        for area in _areas(path, content):
            areas[area.code] = area
    return Boundaries(areas, tuple(dict.fromkeys(sources)), tuple(dict.fromkeys(approvals)))


def _content(path: Path) -> dict[str, Any]:
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (ValueError, OSError) as error:
        raise WrongBoundaries(
            path.name,
            Text("不是能读的 JSON", f"is no JSON that can be read ({error})"),
            Text("导出为 UTF-8 编码的 GeoJSON。", "Export it as GeoJSON in UTF-8."),
        ) from error
    if not isinstance(content, dict) or not isinstance(content.get("features"), list):
        raise WrongBoundaries(
            path.name,
            Text("不是 FeatureCollection", "is no FeatureCollection"),
            Text("最外层写 type: FeatureCollection 和 features。", "Begin with type FeatureCollection and features."),
        )
    return content


def _source(path: Path, content: Mapping[str, Any]) -> Text:
    said = content.get("source")
    if not isinstance(said, dict) or not said.get("zh") or not said.get("en"):
        raise WrongBoundaries(
            path.name,
            Text("没有写来源", "does not say where it comes from"),
            Text(
                "最外层写 source: {zh: …, en: …}，谁测绘、哪年的。",
                "Write source {zh, en}: who surveyed it, which year.",
            ),
        )
    return Text(str(said["zh"]), str(said["en"]))


def _areas(path: Path, content: Mapping[str, Any]) -> Iterator[Area]:
    system = _system(path, content)
    for number, feature in enumerate(content["features"], 1):
        where = f"{path.name} #{number}"
        code = str((feature.get("properties") or {}).get("code") or "")
        if not code:
            raise WrongBoundaries(
                where,
                Text("没有单位代码", "has no code of a unit"),
                Text("在 properties 里写 code。", "Write code among its properties."),
            )
        yield Area(code, tuple(_polygon(where, one, system) for one in _polygons(where, feature.get("geometry"))))


def _system(path: Path, content: Mapping[str, Any]) -> CoordinateSystem:
    said = content.get("system", CoordinateSystem.CGCS2000.value)
    if said not in list(CoordinateSystem):
        known = ", ".join(CoordinateSystem)
        raise WrongBoundaries(
            path.name,
            Text(f"不认识坐标系“{said}”", f"is in a coordinate system '{said}' nobody knows"),
            Text(f"system 写其中之一：{known}。", f"Let system be one of {known}."),
        )
    return CoordinateSystem(said)


def _polygons(where: str, geometry: Any) -> Sequence[Any]:
    kind = geometry.get("type") if isinstance(geometry, dict) else None
    if kind == "Polygon":
        return [geometry["coordinates"]]
    if kind == "MultiPolygon":
        return list(geometry["coordinates"])
    raise WrongBoundaries(
        where,
        Text("不是面", "is no area"),
        Text("几何用 Polygon 或 MultiPolygon。", "Its geometry must be a Polygon or MultiPolygon."),
    )


def _polygon(where: str, rings: Any, system: CoordinateSystem) -> Polygon:
    try:
        found = tuple(tuple(_point(one, system) for one in ring) for ring in rings)
    except (TypeError, ValueError, IndexError) as error:
        raise WrongBoundaries(
            where,
            Text("坐标写坏了", f"has broken coordinates ({error})"),
            Text("重新导出。", "Export it again."),
        ) from error
    if not found or any(len(ring) < 4 or ring[0] != ring[-1] for ring in found):
        raise WrongBoundaries(
            where,
            Text("有一圈没有闭合", "has a ring that is not closed"),
            Text("每圈至少四个点，首尾相同。", "A ring has four points or more, the last as the first."),
        )
    return found


def _point(said: Any, system: CoordinateSystem) -> Point:
    place = to_cgcs2000(LonLat(float(said[0]), float(said[1])), system)
    return place.longitude, place.latitude
