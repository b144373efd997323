"""The default driver: every question to a table is one SQL statement."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.compute as pc
from sqlglot import exp

from guatu.engine.expressions import Kind, Typed, aggregates
from guatu.engine.tables import sql_values as sql
from guatu.engine.tables.answers import with_kept
from guatu.engine.tables.compiler import Compiler
from guatu.engine.tables.dimension import Dimension, Subject
from guatu.engine.tables.evaluator import Evaluator
from guatu.engine.tables.lights import OVERALL, LightRules, before_column
from guatu.engine.tables.reference import Answer, answers, sorting
from guatu.engine.tables.sources import RAW, ROW, Sources, column, quoted
from guatu.engine.tables.sql_lights import COLUMNS, lights_query
from guatu.engine.tables.sql_totals import finished, total_parts
from guatu.engine.tables.sql_values import Compiled, Pair, Sql
from guatu.engine.tables.store import Store
from guatu.engine.values import Severity


class DuckdbTables:
    """As ReferenceTables, worked out by DuckDB with the same answers to the digit."""

    def __init__(
        self,
        tables: Mapping[str, pa.Table],
        constants: Mapping[str, object],
        subjects: Mapping[str, Subject] | None = None,
        session: Session | None = None,
    ) -> None:
        self._store = Store(tables, constants, subjects)
        self._session = session or Session()

    def rows(self, table: str, wanted: Mapping[str, Typed], keep: Sequence[str] = ()) -> pa.Table:
        """Row and subject formulas for every row of `table`, in its order, beside the columns kept."""
        raw = self._store.raw(table)
        if not wanted:
            return with_kept(raw, keep, {})
        sources = Sources(self._store)
        query = row_query(sources, table, wanted)
        answer = in_order(self._ask(query, sources))
        return with_kept(raw, keep, {name: answer[name] for name in answer.column_names if name != ROW})

    def groups(self, table: str, by: Sequence[str | Dimension], wanted: Mapping[str, Typed]) -> list[Answer]:
        """Group formulas for every group that has a row, sorted by its keys.

        DuckDB makes the totals; what follows them (ratios of sums) is finished in exact fractions.
        """
        sources = Sources(self._store)
        totals = {part.node: part for typed in wanted.values() for part in aggregates(typed)}
        query = group_query(sources, table, by, list(totals.values()))
        rows = self._ask(query, sources).to_pylist()
        rows.sort(key=lambda row: sorting(tuple(row[f"k{i}"] for i in range(len(by)))))
        keys = [tuple(row[f"k{i}"] for i in range(len(by))) for row in rows]
        given = {
            node: [_total(part, row[f"v{i}"], row[f"d{i}"]) for row in rows]
            for i, (node, part) in enumerate(totals.items())
        }
        finish = Evaluator(self._store, table, len(rows), given=given)
        return answers(by, keys, wanted, {name: finish.values(typed) for name, typed in wanted.items()})

    def lights(self, table: str, rules: LightRules) -> Mapping[str, pa.Table]:
        """The lights of every row of `table`, in its order: for each dimension, and overall, a table of COLUMNS.

        Columns `before.<dimension>` of the table, where it has them, are last round's severities.
        """
        sources = Sources(self._store)
        keys = (*(one.key for one in rules), OVERALL)
        given = frozenset(key for key in keys if self._store.has(table, before_column(key)))
        found = in_order(self._ask(lights_query(sources, table, rules, given), sources))
        return {key: pa.table({name: found[f"{name}.{key}"] for name in COLUMNS}) for key in keys}

    def _ask(self, query: Sql, sources: Sources) -> pa.Table:
        return self._session.ask(query.sql("duckdb"), sources.arrow(), {t: sources.view(t) for t in sources.arrow()})


def in_order(answer: pa.Table) -> pa.Table:
    """Rows by their number; a join may have mixed them."""
    numbers = answer[ROW].combine_chunks()
    ordered = len(numbers) < 2 or pc.all(pc.less(numbers[:-1], numbers[1:])).as_py()
    return answer if ordered else answer.take(pc.sort_indices(numbers))


class Session:
    """One private database in memory, opened when first asked: no file, no network, nothing left behind.

    `threads` and `memory` (such as `4GB`) bound what it takes of the machine; by default every processor this
    process may use, and four fifths of the memory there is.
    """

    def __init__(self, threads: int | None = None, memory: str | None = None) -> None:
        self._settings = dict(_SETTINGS)
        self._settings["threads"] = threads or processors()
        if memory is not None:
            self._settings["memory_limit"] = memory
        self._connection: duckdb.DuckDBPyConnection | None = None

    def ask(self, query: str, tables: Mapping[str, pa.Table], views: Mapping[str, Sql]) -> pa.Table:
        """The answer to one statement over these tables, each seen through its view."""
        if self._connection is None:
            self._connection = duckdb.connect(":memory:", config=self._settings)
        connection = self._connection
        try:
            for table, rows in tables.items():
                connection.register(f"{RAW}{table}", rows)
                connection.execute(f"create or replace temp view {quoted(table)} as {views[table].sql('duckdb')}")
            return connection.execute(query).to_arrow_table()
        finally:
            for table in tables:
                connection.unregister(f"{RAW}{table}")


_SETTINGS: dict[str, Any] = {"autoinstall_known_extensions": "false", "autoload_known_extensions": "false"}


def processors() -> int:
    """How many this process may run on."""
    affinity = getattr(os, "sched_getaffinity", None)
    return len(affinity(0)) if affinity is not None else os.cpu_count() or 1


def row_query(sources: Sources, table: str, wanted: Mapping[str, Typed]) -> Sql:
    """One SELECT for all formulas of a table, beside the numbers of its rows and in no order."""
    compiler = Compiler(sources, table, "t")
    columns: dict[str, Sql] = {}
    for name, typed in wanted.items():
        columns |= _answer(name, typed, compiler.value(typed))
    columns[ROW] = sources.row(table, "t")
    return compiler.select(columns)


def _answer(name: str, typed: Typed, value: Compiled) -> dict[str, Sql]:
    """The columns of an answer as every driver gives them: numbers in lowest terms, severities by key."""
    if typed.type.numeric:
        pair = value if isinstance(value, Pair) else Pair(sql.null(), 1)
        common = sql.call("GCD", pair.num, pair.den_sql)
        num, den = (
            sql.choose(
                [(sql.is_there(pair.num), sql.cast(sql.truncated(side, common), "decimal(38, 0)"))],
                sql.null("decimal(38, 0)"),
            )
            for side in (pair.num, pair.den_sql)
        )
        return {f"{name}.num": num, f"{name}.den": den}
    if typed.type.kind is Kind.SEVERITY:
        grades = [s for s in Severity if s.rank is not None]
        words = [(sql.infix(exp.EQ, value, exp.Literal.number(s.rank)), sql.text(s.value)) for s in grades]
        return {name: sql.choose(words, sql.null("text"))}
    if typed.type.kind is Kind.TAGS:
        return {name: sql.call("LIST_SORT", sql.call("LIST_DISTINCT", value))}
    return {name: value}


def group_query(sources: Sources, table: str, by: Sequence[str | Dimension], totals: Sequence[Typed]) -> Sql:
    """Rows first (so that nothing is worked out twice for a row in several groups), then groups."""
    compiler = Compiler(sources, table, "t")
    values = [compiler.value(part.arguments[0]) if part.arguments else None for part in totals]
    filters = [None if part.where is None else compiler.value(part.where) for part in totals]
    inner: dict[str, Sql] = {ROW: sources.row(table, "t")}
    for i, part in enumerate(by):
        inner[f"b{i}"] = sources.plain(table, "t", part if isinstance(part, str) else part.left)
    for i, (value, where) in enumerate(zip(values, filters, strict=True)):
        if value is not None:
            inner[f"v{i}"] = value.num if isinstance(value, Pair) else value
        if where is not None:
            inner[f"w{i}"] = where
    query, keys = _fanned_out(sources, compiler.select(inner), by)
    columns = [sql.named(key, f"k{i}") for i, key in enumerate(keys)]
    for i, (typed, value, where) in enumerate(zip(totals, values, filters, strict=True)):
        columns += _total_columns(i, typed, value, where is not None)
    if not columns:
        columns = [sql.named(exp.Count(this=exp.Star()), "n")]
    query = query.select(*columns, copy=False)
    return query.group_by(*keys, copy=False) if keys else query


def _fanned_out(sources: Sources, inner: Sql, by: Sequence[str | Dimension]) -> tuple[Sql, list[Sql]]:
    """The rows joined to every group they are in, and the groups' keys."""
    query = sql.select([], sql.subquery(inner, "r"))
    keys: list[Sql] = []
    for i, part in enumerate(by):
        if isinstance(part, str):
            keys.append(column("r", f"b{i}"))
            continue
        alias = f"d{i}"
        sides = [sources.plain(part.table, "x", part.right), sources.plain(part.table, "x", part.key)]
        named = [sql.named(side, key) for side, key in zip(sides, ("m", "k"), strict=True)]
        pairs = sql.select(named, sql.source(sources.table(part.table), "x"))
        met = sql.infix(exp.EQ, column("r", f"b{i}"), column(alias, "m"))
        query = query.join(sql.subquery(pairs.distinct(copy=False), alias), on=met, copy=False)
        keys.append(column(alias, "k"))
    return query, keys


def _total_columns(i: int, typed: Typed, value: Compiled | None, filtered: bool) -> list[Sql]:
    """`v` and, for a number, its denominator `d`: the total finished as far as integers go."""
    read: Compiled | None = None
    if value is not None:
        inside = column("r", f"v{i}")
        read = Pair(inside, value.den) if isinstance(value, Pair) else inside
    parts = total_parts(typed, read, column("r", f"w{i}") if filtered else None)
    total = finished(typed, read, parts)
    if not isinstance(total, Pair):
        return [sql.named(total, f"v{i}"), sql.named(exp.null(), f"d{i}")]
    num, den = (sql.cast(side, "decimal(38, 0)") for side in (total.num, total.den_sql))
    return [sql.named(num, f"v{i}"), sql.named(den, f"d{i}")]


def _total(typed: Typed, value: Any, den: Any) -> Any:
    if value is None or not typed.type.numeric:
        return value
    return Fraction(int(value), int(den))
