"""Outlines as a drawing: paths in the units of one box, and a spot for each label where it meets no other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import asinh, cos, pi, radians, sin, tan

from guatu.declarations.boundaries import Area, Point

WIDTH, MARGIN = 600, 14
TALLEST = 640
LETTER, LINE = 17, 20
"""Of a label in the drawing: as wide as a Chinese letter, as high as a line."""
AWAY = (0, 46, 64, 84, 108, 136)
"""How far from its area a label may stand, nearest first."""


@dataclass(frozen=True, slots=True)
class Label:
    """Where a label stands, its middle; `line` leads back to its area when it stands outside."""

    x: int
    y: int
    line: str


@dataclass(frozen=True, slots=True)
class Outline:
    """An area as the drawing shows it."""

    code: str
    path: str
    label: Label | None


@dataclass(frozen=True, slots=True)
class Drawing:
    width: int
    height: int
    outlines: Sequence[Outline]


@dataclass(frozen=True, slots=True)
class _Frame:
    """From longitude and latitude to the drawing's units (spherical Mercator, as the moving map has it)."""

    west: float
    north: float
    scale: float

    def at(self, point: Point) -> Point:
        x, y = _mercator(point)
        return MARGIN + (x - self.west) * self.scale, MARGIN + (self.north - y) * self.scale


def _mercator(point: Point) -> Point:
    return radians(point[0]), asinh(tan(radians(point[1])))


def drawn(areas: Mapping[str, Area], labels: Mapping[str, Sequence[str]]) -> Drawing:
    """The areas in a box, each with room for the lines of its label if it has one."""
    if not areas:
        return Drawing(WIDTH, 0, ())
    frame, height = _framed([point for area in areas.values() for point in _outer(area)])
    shapes = {
        code: [[[frame.at(p) for p in ring] for ring in one] for one in area.polygons] for code, area in areas.items()
    }
    spots = _placed(shapes, labels, height)
    return Drawing(WIDTH, height, [Outline(code, _path(shape), spots.get(code)) for code, shape in shapes.items()])


def _outer(area: Area) -> Iterator[Point]:
    for polygon in area.polygons:
        yield from polygon[0]


def _framed(points: Sequence[Point]) -> tuple[_Frame, int]:
    flat = [_mercator(one) for one in points]
    west, east = min(x for x, _ in flat), max(x for x, _ in flat)
    south, north = min(y for _, y in flat), max(y for _, y in flat)
    scale = min((WIDTH - 2 * MARGIN) / ((east - west) or 1), (TALLEST - 2 * MARGIN) / ((north - south) or 1))
    spare = (WIDTH - 2 * MARGIN - (east - west) * scale) / 2 / scale
    return _Frame(west - spare, north, scale), round((north - south) * scale) + 2 * MARGIN


Shape = list[list[list[Point]]]


def _path(shape: Shape) -> str:
    return "".join(
        "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in ring[:-1]) + "Z" for polygon in shape for ring in polygon
    )


def _placed(shapes: Mapping[str, Shape], labels: Mapping[str, Sequence[str]], height: int) -> dict[str, Label]:
    """The largest areas choose first; who finds no room inside stands beside, best where nothing else is drawn."""
    biggest = {code: max((one[0] for one in shape), key=_size) for code, shape in shapes.items()}
    taken: list[_Box] = []
    found: dict[str, Label] = {}
    for code in sorted(labels, key=lambda one: -_size(biggest[one])):
        middle = _centre(biggest[code])
        box = _best(
            middle, labels[code], taken, [ring for one, ring in biggest.items() if one != code], biggest[code], height
        )
        taken.append(box)
        inside = _holds(biggest[code], (box.x, box.y))
        line = "" if inside else f"M{middle[0]:.0f} {middle[1]:.0f}L{box.x:.0f} {box.y:.0f}"
        found[code] = Label(round(box.x), round(box.y), line)
    return found


@dataclass(frozen=True, slots=True)
class _Box:
    """A label's room, by its middle."""

    x: float
    y: float
    width: float
    height: float

    def meets(self, other: _Box) -> bool:
        return (
            abs(self.x - other.x) * 2 < self.width + other.width
            and abs(self.y - other.y) * 2 < self.height + other.height
        )


def _best(
    middle: Point,
    lines: Sequence[str],
    taken: Sequence[_Box],
    others: Sequence[list[Point]],
    own: list[Point],
    height: int,
) -> _Box:
    width = max(sum(LETTER if ord(sign) > 0x2E7F else LETTER * 0.55 for sign in line) for line in lines) + 6
    best, least = _Box(*middle, width, LINE * len(lines)), float("inf")
    for x, y in _around(middle):
        box = _Box(x, y, width, LINE * len(lines))
        if not (width / 2 <= x <= WIDTH - width / 2 and box.height / 2 <= y <= height - box.height / 2):
            continue
        away = abs(x - middle[0]) + abs(y - middle[1])
        cost = away + 1000 * sum(box.meets(one) for one in taken) + 150 * sum(_holds(ring, (x, y)) for ring in others)
        cost += 0 if _fits(box, own) else 40
        if cost < least:
            best, least = box, cost
    return best


def _around(middle: Point) -> Iterator[Point]:
    yield middle
    for far in AWAY[1:]:
        for turn in range(16):
            yield middle[0] + far * cos(turn * pi / 8), middle[1] + far * sin(turn * pi / 8)


def _fits(box: _Box, ring: list[Point]) -> bool:
    """Whether all corners of a label lie in its own area."""
    corners = [(box.x + dx * box.width / 2, box.y + dy * box.height / 2) for dx in (-1, 1) for dy in (-1, 1)]
    return all(_holds(ring, one) for one in corners)


def _pairs(ring: Sequence[Point]) -> Iterable[tuple[Point, Point]]:
    return pairwise(ring)


def _size(ring: Sequence[Point]) -> float:
    return abs(sum(a[0] * b[1] - b[0] * a[1] for a, b in _pairs(ring))) / 2


def _centre(ring: Sequence[Point]) -> Point:
    """The centre of gravity of what a ring encloses."""
    x = y = twice = 0.0
    for a, b in _pairs(ring):
        part = a[0] * b[1] - b[0] * a[1]
        x, y, twice = x + (a[0] + b[0]) * part, y + (a[1] + b[1]) * part, twice + part
    return (x / (3 * twice), y / (3 * twice)) if twice else ring[0]


def _holds(ring: Sequence[Point], point: Point) -> bool:
    """Whether a ring encloses a point: a line to the right of it crosses the ring an odd number of times."""
    x, y = point
    crossed = False
    for a, b in _pairs(ring):
        if (a[1] > y) != (b[1] > y) and x < (b[0] - a[0]) * (y - a[1]) / (b[1] - a[1]) + a[0]:
            crossed = not crossed
    return crossed
