"""The scoring methods: what each earns, at its edges and turned over."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guatu.engine.rulebook.methods import METHODS, Bands, score_all

F = Fraction


def points(
    name: str, values: list[Fraction | None], lower: bool = False, bands: Bands = (), **numbers: Fraction
) -> list[Fraction | None]:
    named = {str(place): value for place, value in enumerate(values)}
    scores = score_all(METHODS[name], named, numbers, bands, lower)
    return [None if score is None else score.points for score in scores.values()]


@pytest.mark.parametrize(
    ("value", "lower", "earned"),
    [
        (F(99), False, 0),
        (F(100), False, 10),
        (F(101), False, 10),
        (F(99), True, 10),
        (F(100), True, 10),
        (F(101), True, 0),
    ],
)
def test_all_or_nothing_turns_at_the_target(value: Fraction, lower: bool, earned: int) -> None:
    assert points("all_or_nothing", [value], lower, points=F(10), target=F(100)) == [earned]


@pytest.mark.parametrize(
    ("value", "earned"),
    [(F(0), F(2)), (F(20), F(2)), (F(50), F(5)), (F(100), F(10)), (F(115), F(23, 2)), (F(120), F(12)), (F(200), F(12))],
)
def test_linear_to_target_is_held_between_floor_and_cap(value: Fraction, earned: Fraction) -> None:
    found = points("linear_to_target", [value], points=F(10), target=F(100), floor=F(1, 5), cap=F(6, 5))

    assert found == [earned]


def test_linear_to_target_turned_over_earns_all_when_nothing_is_left() -> None:
    assert points("linear_to_target", [F(0), F(50), F(200)], True, points=F(10), target=F(100)) == [10, 10, 5]


def test_a_band_begins_at_its_edge() -> None:
    bands = [(F(0), F(0)), (F(60), F(5)), (F(80), F(8))]

    assert points("banded", [F(-1), F(59), F(60), F(79), F(80)], bands=bands) == [0, 0, 5, 5, 8]


def test_ranks_share_a_place_and_skip_the_next() -> None:
    found = points("rank", [F(9), F(9), F(7), None, F(5)], points=F(100), step=F(1, 20))

    assert found == [100, 100, 90, None, 85]


def test_rank_turned_over_puts_the_lowest_first_and_keeps_its_floor() -> None:
    found = points("rank", [F(1), F(2), F(3)], True, points=F(100), step=F(1, 2), floor=F(1, 4))

    assert found == [100, 50, 25]


def test_min_max_gives_the_base_to_the_last_and_all_to_the_first() -> None:
    assert points("min_max", [F(0), F(5), F(10)], points=F(100), base=F(1, 5)) == [20, 60, 100]
    assert points("min_max", [F(0), F(5), F(10)], True, points=F(100), base=F(1, 5)) == [100, 60, 20]


def test_min_max_of_equal_values_is_declared() -> None:
    assert points("min_max", [F(5), F(5)], points=F(100), base=F(1, 5)) == [100, 100]
    assert points("min_max", [F(5), F(5)], points=F(100), base=F(1, 5), when_equal=F(1, 2)) == [50, 50]


def test_the_efficacy_coefficient_is_sixty_at_the_unacceptable_and_a_hundred_at_the_satisfactory() -> None:
    found = points(
        "efficacy_coefficient",
        [F(0), F(60), F(80), F(100), F(150)],
        points=F(100),
        unacceptable=F(60),
        satisfactory=F(100),
    )

    assert found == [0, 60, 80, 100, 100]


def test_the_efficacy_coefficient_reads_lower_is_better_from_its_own_values() -> None:
    found = points("efficacy_coefficient", [F(10), F(6), F(2)], points=F(100), unacceptable=F(10), satisfactory=F(2))

    assert found == [60, 80, 100]


def test_ratio_to_base_may_pass_the_base_up_to_its_cap() -> None:
    found = points("ratio_to_base", [F(-5), F(5), F(12), F(30)], points=F(10), base=F(10), cap=F(3, 2))

    assert found == [0, 5, 12, 15]


def test_entries_add_to_the_starting_points_between_floor_and_cap() -> None:
    found = points("points_events", [F(-3), F(-200), F(9)], start=F(100), cap=F(100))

    assert found == [97, 0, 100]


@given(st.lists(st.one_of(st.none(), st.fractions(-100, 100)), min_size=1, max_size=8))
def test_no_method_loses_or_invents_a_subject(values: list[Fraction | None]) -> None:
    for name in ("rank", "min_max"):
        found = points(name, values, points=F(10), step=F(1, 20), base=F(1, 5))

        assert [one is None for one in found] == [one is None for one in values]
        assert all(0 <= one <= 10 for one in found if one is not None)


@given(st.lists(st.fractions(-100, 100), min_size=2, max_size=8))
def test_a_better_value_never_earns_less(values: list[Fraction]) -> None:
    for lower in (False, True):
        for name in ("rank", "min_max"):
            found = points(name, list(values), lower, points=F(10), step=F(1, 20), base=F(1, 5))
            earned = [one for one in found if one is not None]
            ordered = [mark for _, mark in sorted(zip(values, earned, strict=True), reverse=lower)]

            assert ordered == sorted(ordered)
