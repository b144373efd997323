"""The reference driver: slow, plain, and right. Every other driver must agree with it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

import pyarrow as pa

from guatu.engine.expressions import Typed
from guatu.engine.tables.answers import answer_columns, answer_values, with_kept
from guatu.engine.tables.dimension import Dimension, Subject
from guatu.engine.tables.evaluator import Evaluator
from guatu.engine.tables.store import Store

Groups = dict[str, list[Any]]
"""Groups by column: their keys, and a Fraction, date, str, bool or None for each formula."""


class ReferenceTables:
    """Tables, constants and what can be asked of them.

    `constants["period"]` is this run's period for history functions. `subjects` says what tells a
    table's rows apart and where their earlier results are (see `usual_subject` for the default).
    """

    def __init__(
        self,
        tables: Mapping[str, pa.Table],
        constants: Mapping[str, object],
        subjects: Mapping[str, Subject] | None = None,
    ) -> None:
        self._store = Store(tables, constants, subjects)

    def rows(self, table: str, wanted: Mapping[str, Typed], keep: Sequence[str] = ()) -> pa.Table:
        """Row and subject formulas for every row of `table`, in its order, beside the columns kept."""
        evaluator = Evaluator(self._store, table)
        columns: dict[str, Any] = {}
        for name, typed in wanted.items():
            columns |= answer_columns(name, typed, evaluator.values(typed))
        return with_kept(self._store.raw(table), keep, columns)

    def groups(self, table: str, by: Sequence[str | Dimension], wanted: Mapping[str, Typed]) -> Groups:
        """Group formulas for every group that has a row, sorted by its keys.

        Without `by` there is one group: all rows, even if there are none.
        """
        groups = self._groups(table, by)
        evaluator = Evaluator(self._store, table)
        keys = sorted(groups, key=sorting)
        rows = [groups[key] for key in keys]
        columns = {name: evaluator.totals(typed, rows) for name, typed in wanted.items()}
        return answered(by, keys, wanted, columns)

    def _groups(self, table: str, by: Sequence[str | Dimension]) -> dict[tuple[Any, ...], list[int]]:
        """Keys of every group and the rows in it."""
        keys: list[list[tuple[Any, ...]]] = [[()] for _ in range(self._store.raw(table).num_rows)]
        for part in by:
            reached = self._reached(table, part)
            keys = [[(*key, new) for key in known for new in found] for known, found in zip(keys, reached, strict=True)]
        groups: dict[tuple[Any, ...], list[int]] = defaultdict(list)
        for row, found in enumerate(keys):
            for key in found:
                groups[key].append(row)
        return groups if by else {(): list(range(len(keys)))}

    def _reached(self, table: str, part: str | Dimension) -> list[list[Any]]:
        """The groups of each row along one dimension."""
        if isinstance(part, str):
            return [[value] for value in self._store.texts(table, part)]
        partners: dict[Any, dict[Any, None]] = defaultdict(dict)
        for right, key in self._store.keys(part.table, (part.right, part.key)):
            partners[right][key] = None
        left = self._store.texts(table, part.left)
        return [[] if value is None else list(partners.get(value, ())) for value in left]


def sorting(key: tuple[Any, ...]) -> tuple[Any, ...]:
    """Missing keys last."""
    return tuple((value is None, "" if value is None else value) for value in key)


def answered(
    by: Sequence[str | Dimension],
    keys: Sequence[tuple[Any, ...]],
    wanted: Mapping[str, Typed],
    columns: Mapping[str, Sequence[Any]],
) -> Groups:
    names = [part if isinstance(part, str) else part.name for part in by]
    found = {name: [key[place] for key in keys] for place, name in enumerate(names)}
    return found | {name: answer_values(typed, columns[name]) for name, typed in wanted.items()}
