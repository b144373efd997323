"""What all drivers share that put a question as one SQL statement."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
from sqlglot import exp

from guatu.engine.expressions import Typed, aggregates
from guatu.engine.tables.answers import ratios, with_kept
from guatu.engine.tables.dimension import Dimension, Subject
from guatu.engine.tables.evaluator import Evaluator
from guatu.engine.tables.lights import Held, LightRules
from guatu.engine.tables.reference import Groups, answered, sorting
from guatu.engine.tables.sources import ROW, Sources
from guatu.engine.tables.sql_lights import FACTS, codes_query, facts_query, held
from guatu.engine.tables.sql_statements import group_query, row_query
from guatu.engine.tables.sql_values import Sql
from guatu.engine.tables.store import Store


class SqlTables(ABC):
    """As ReferenceTables, worked out by an engine that speaks SQL, with the same answers to the digit."""

    def __init__(
        self,
        tables: Mapping[str, pa.Table],
        constants: Mapping[str, object],
        subjects: Mapping[str, Subject] | None = None,
    ) -> None:
        self._store = Store(tables, constants, subjects)

    def rows(self, table: str, wanted: Mapping[str, Typed], keep: Sequence[str] = ()) -> pa.Table:
        """Row and subject formulas for every row of `table`, in its order, beside the columns kept."""
        raw = self._store.raw(table)
        if not wanted:
            return with_kept(raw, keep, {})
        sources = Sources(self._store)
        answer = in_order(self._row_answer(sources, table, wanted))
        return with_kept(raw, keep, {name: answer[name] for name in answer.column_names if name != ROW})

    def groups(self, table: str, by: Sequence[str | Dimension], wanted: Mapping[str, Typed]) -> Groups:
        """Group formulas for every group that has a row, sorted by its keys.

        The engine makes the totals; what follows them (ratios of sums) is finished in exact fractions.
        """
        sources = Sources(self._store)
        totals = {part.node: part for typed in wanted.values() for part in aggregates(typed)}
        query = group_query(sources, table, by, list(totals.values()))
        found, keys = _sorted(self._ask(query, sources), len(by))
        given = {node: _totals(part, found, i) for i, (node, part) in enumerate(totals.items())}
        finish = Evaluator(self._store, table, len(keys), given=given)
        return answered(by, keys, wanted, {name: finish.values(typed) for name, typed in wanted.items()})

    def facts(self, table: str, rules: LightRules) -> Mapping[str, Held]:
        """What the lights of every row of `table` rest on, in its order, by dimension."""
        sources = Sources(self._store)
        if type(self) not in rules.rendered:
            rules.rendered[type(self)] = self._render(codes_query(rules))
        facts = self._render(facts_query(sources, table, rules))
        name = self._render(exp.to_identifier(FACTS, quoted=True))
        found = in_order(self._ask(rules.rendered[type(self)].replace(name, f"({facts})"), sources))
        return {one.key: held(found, one) for one in rules.dimensions}

    def _row_answer(self, sources: Sources, table: str, wanted: Mapping[str, Typed]) -> pa.Table:
        """The formulas of a table beside the numbers of its rows, with numbers in lowest terms."""
        return self._ask(row_query(sources, table, wanted), sources)

    @abstractmethod
    def _render(self, query: Sql) -> str:
        """The statement as the engine reads it."""

    @abstractmethod
    def _ask(self, query: Sql | str, sources: Sources) -> pa.Table:
        """The answer to a statement, rendered or not, over these columns."""


def in_order(answer: pa.Table) -> pa.Table:
    """Rows by their number; a join may have mixed them."""
    numbers = answer[ROW].combine_chunks()
    ordered = len(numbers) < 2 or pc.all(pc.less(numbers[:-1], numbers[1:])).as_py()
    return answer if ordered else answer.take(pc.sort_indices(numbers))


def _sorted(found: pa.Table, by: int) -> tuple[pa.Table, list[tuple[Any, ...]]]:
    """Groups in the order of their keys, and these."""
    if not by:
        return found, [()] * found.num_rows
    keys = list(zip(*(found[f"k{i}"].to_pylist() for i in range(by)), strict=True))
    order = sorted(range(len(keys)), key=lambda row: sorting(keys[row]))
    return found.take(pa.array(order, pa.int64())), [keys[row] for row in order]


def _totals(typed: Typed, found: pa.Table, place: int) -> list[Any]:
    value = found[f"v{place}"]
    return ratios(value, found[f"d{place}"]) if typed.type.numeric else list(value.to_pylist())
