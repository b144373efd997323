"""The drawing of districts: every outline in its box, every label readable."""

from __future__ import annotations

from itertools import combinations
from pathlib import Path

import pytest

from guatu.declarations import load_pack
from guatu.declarations.boundaries import boundaries_of
from guatu.hub.web.maps.districts import District
from guatu.hub.web.maps.drawing import drawn
from guatu.hub.web.maps.washes import count_edges, washed
from guatu.text import Text

DEMO = Path(__file__).resolve().parents[4] / "demo/pack"


def test_no_label_of_the_ten_districts_lies_on_another() -> None:
    areas = boundaries_of(load_pack(DEMO)).areas

    drawing = drawn(areas, dict.fromkeys(areas, ("某某某区", "128")))

    labels = [one.label for one in drawing.outlines if one.label is not None]
    assert len(labels) == 10
    assert [(a, b) for a, b in combinations(labels, 2) if abs(a.x - b.x) < 68 and abs(a.y - b.y) < 40] == []
    assert all(0 < one.x < drawing.width and 0 < one.y < drawing.height for one in labels)


def test_an_outline_without_a_unit_is_drawn_without_a_label() -> None:
    areas = boundaries_of(load_pack(DEMO)).areas

    drawing = drawn(areas, {})

    assert len(drawing.outlines) == 10 and all(
        one.label is None and one.path.startswith("M") for one in drawing.outlines
    )


def test_nothing_to_draw_is_an_empty_drawing() -> None:
    assert drawn({}, {}).outlines == ()


@pytest.mark.parametrize(
    ("most", "edges"), [(0, []), (1, [1]), (3, [1, 2, 3]), (5, [1, 2, 3, 4, 5]), (128, [26, 52, 77, 103, 128])]
)
def test_counts_fall_into_even_steps_of_whole_numbers(most: int, edges: list[int]) -> None:
    assert count_edges(most) == edges


def test_the_legend_says_each_step_and_a_district_stands_in_its_own() -> None:
    def district(items: int) -> District:
        return District(1, "1", Text("区", "district"), items, 0)

    wash = washed([district(0), district(2), district(10)], None)

    assert [one.said.zh for one in wash.steps] == ["没有", "1–2 个", "3–4 个", "5–6 个", "7–8 个", "9–10 个"]
    assert [one.step for one in wash.washed] == [0, 1, 5]
