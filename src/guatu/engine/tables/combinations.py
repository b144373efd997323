"""Rows by number, and by the combination of values they hold: of which there are few, however many rows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc


def combinations(columns: Sequence[Any], rows: int) -> tuple[Any, list[tuple[int, ...]]]:
    """For each row the place of its combination in the list that is returned beside; columns hold whole numbers."""
    places = pa.repeat(pa.scalar(0, pa.int64()), rows)
    found: list[tuple[int, ...]] = [()] * min(rows, 1)
    for column in columns:
        values = pc.dictionary_encode(column)
        known, many = values.dictionary.to_pylist(), len(values.dictionary)
        # Numbered afresh at every column, so that however many there are the numbers stay small.
        pairs = pc.dictionary_encode(pc.add(pc.multiply(places, many), values.indices.cast(pa.int64())))
        found = [(*found[pair // many], known[pair % many]) for pair in pairs.dictionary.to_pylist()]
        places = pairs.indices.cast(pa.int64())
    return places, found


def row_numbers(rows: int) -> Any:
    """0, 1, 2 …"""
    return pc.subtract(pc.cumulative_sum(pa.repeat(pa.scalar(1, pa.int64()), rows)), 1)
