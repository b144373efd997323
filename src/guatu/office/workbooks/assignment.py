"""The best one-to-one assignment of columns to fields (the Hungarian method), on a table of scores."""

from __future__ import annotations

from collections.abc import Sequence
from math import inf


def assign(scores: Sequence[Sequence[float]]) -> list[int | None]:
    """For each row the column that makes the sum of scores greatest; a score of 0 or less is no choice.

    Every row may stay without a column, and no column is taken twice. O(n³), n being the larger side.
    """
    size = max(len(scores), len(scores[0])) if scores else 0
    # Costs are minimised; padding rows and columns cost nothing, so leaving a row alone is always possible.
    cost = [
        [-max(scores[i][j], 0.0) if i < len(scores) and j < len(scores[i]) else 0.0 for j in range(size)]
        for i in range(size)
    ]
    taken = _matching(cost, size)
    result: list[int | None] = [None] * len(scores)
    for column, row in enumerate(taken):
        if row < len(scores) and column < len(scores[row]) and scores[row][column] > 0:
            result[row] = column
    return result


def _matching(cost: list[list[float]], size: int) -> list[int]:
    """The row matched to each column, by shortest augmenting paths with potentials."""
    of_row, of_column = [0.0] * (size + 1), [0.0] * (size + 1)
    match, way = [0] * (size + 1), [0] * (size + 1)
    for row in range(1, size + 1):
        match[0] = row
        column = 0
        least, used = [inf] * (size + 1), [False] * (size + 1)
        while match[column]:
            used[column] = True
            current, delta, following = match[column], inf, 0
            for other in range(1, size + 1):
                if not used[other]:
                    reduced = cost[current - 1][other - 1] - of_row[current] - of_column[other]
                    if reduced < least[other]:
                        least[other], way[other] = reduced, column
                    if least[other] < delta:
                        delta, following = least[other], other
            for other in range(size + 1):
                if used[other]:
                    of_row[match[other]] += delta
                    of_column[other] -= delta
                else:
                    least[other] -= delta
            column = following
        while column:
            match[column] = match[way[column]]
            column = way[column]
    return [row - 1 for row in match[1:]]
