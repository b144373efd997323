"""The assignment of columns to fields is the best one there is."""

from __future__ import annotations

from itertools import permutations

from hypothesis import given, settings
from hypothesis import strategies as st

from guatu.office.workbooks.assignment import assign

SCORES = st.integers(1, 4).flatmap(
    lambda width: st.lists(
        st.lists(st.sampled_from((0.0, 0.3, 0.6, 0.61, 0.9, 1.0)), min_size=width, max_size=width),
        min_size=1,
        max_size=4,
    )
)


@settings(max_examples=150)
@given(SCORES)
def test_no_other_assignment_scores_higher(scores: list[list[float]]) -> None:
    chosen = assign(scores)

    taken = [column for column in chosen if column is not None]
    assert len(taken) == len(set(taken))
    got = sum(scores[row][column] for row, column in enumerate(chosen) if column is not None)
    places: list[int | None] = [*range(len(scores[0])), *[None] * len(scores)]
    best = max(
        sum(scores[row][column] for row, column in enumerate(order) if column is not None)
        for order in set(permutations(places, len(scores)))
    )
    assert abs(got - best) < 1e-9


def test_a_column_that_fits_nothing_stays_without_a_field() -> None:
    assert assign([[0.9, 0.0], [0.8, 0.0]]) == [0, None]
