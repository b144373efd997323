"""Rows by the combination of values they hold."""

from __future__ import annotations

import pyarrow as pa

from guatu.engine.tables.combinations import combinations, row_numbers


def test_rows_with_the_same_values_have_the_same_place() -> None:
    large = 3**39 - 1
    columns = [pa.array([large, 0, large, 7]), pa.array([1, 1, 1, 0])]

    places, found = combinations(columns, 4)

    assert [found[place] for place in places.to_pylist()] == [(large, 1), (0, 1), (large, 1), (7, 0)]
    assert len(found) == 3


def test_without_columns_all_rows_are_alike_and_without_rows_there_is_no_combination() -> None:
    places, found = combinations([], 3)
    assert (places.to_pylist(), found) == ([0, 0, 0], [()])

    places, found = combinations([pa.array([], pa.int64())], 0)
    assert (places.to_pylist(), found) == ([], [])


def test_rows_are_numbered_from_nought() -> None:
    assert row_numbers(3).to_pylist() == [0, 1, 2]
    assert row_numbers(0).to_pylist() == []
