"""What a driver asks its engine: one SELECT for the rows of a table, one for its groups."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from sqlglot import exp

from guatu.engine.expressions import Kind, Typed
from guatu.engine.tables import sql_values as sql
from guatu.engine.tables.compiler import Compiler
from guatu.engine.tables.dimension import Dimension
from guatu.engine.tables.sources import ROW, Sources, column
from guatu.engine.tables.sql_totals import finished, total_parts
from guatu.engine.tables.sql_values import Compiled, Pair, Sql
from guatu.engine.values import Severity


def row_query(sources: Sources, table: str, wanted: Mapping[str, Typed], *, reduced: bool = True) -> Sql:
    """One SELECT for all formulas of a table, beside the numbers of its rows and in no order.

    Numbers come in lowest terms if `reduced`.
    """
    compiler = Compiler(sources, table, "t")
    columns: dict[str, Sql] = {}
    for name, typed in wanted.items():
        columns |= _answer(name, typed, compiler.value(typed), reduced=reduced)
    columns[ROW] = sources.row(table, "t")
    return compiler.select(columns)


def _answer(name: str, typed: Typed, value: Compiled, *, reduced: bool) -> dict[str, Sql]:
    """The columns of an answer: numbers as pairs, severities by key, tags sorted."""
    if typed.type.numeric:
        pair = value if isinstance(value, Pair) else Pair(sql.null(), 1)
        sides = lowest_terms(pair) if reduced else (pair.num, pair.den_sql)
        num, den = (sql.cast(side, "decimal(38, 0)") for side in sides)
        return {f"{name}.num": num, f"{name}.den": den}
    if typed.type.kind is Kind.SEVERITY:
        grades = [s for s in Severity if s.rank is not None]
        words = [(sql.infix(exp.EQ, value, exp.Literal.number(s.rank)), sql.text(s.value)) for s in grades]
        return {name: sql.choose(words, sql.null("text"))}
    if typed.type.kind is Kind.TAGS:
        return {name: sql.call("LIST_SORT", sql.call("LIST_DISTINCT", value))}
    return {name: value}


def lowest_terms(pair: Pair) -> tuple[Sql, Sql]:
    """Numerator and denominator without a common divisor; both null where the number is missing."""
    common = sql.call("GCD", pair.num, pair.den_sql)
    num, den = (
        sql.choose([(sql.is_there(pair.num), sql.truncated(side, common, usually_small=True))], sql.null())
        for side in (pair.num, pair.den_sql)
    )
    return num, den


def group_query(sources: Sources, table: str, by: Sequence[str | Dimension], totals: Sequence[Typed]) -> Sql:
    """Totals by group: first by the rows' own columns, then of those few by the groups they are in.

    A row may be in many groups (a unit and all above it, every list); it is added up once. Only where a total cannot be
    made of totals (a median, distinct values) every row is carried into each of its groups.
    """
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
    read = [_read_back(i, value) for i, value in enumerate(values)]
    made = [
        total_parts(typed, value, column("r", f"w{i}") if where is not None else None)
        for i, (typed, value, where) in enumerate(zip(totals, read, filters, strict=True))
    ]
    rows = compiler.select(inner)
    if all(typed.operation in AGAIN for typed in totals):
        rows = _partial(rows, by, made)
        made = [
            {name: AGAIN[typed.operation](column("r", f"{name}{i}")) for name in parts}
            for i, (typed, parts) in enumerate(zip(totals, made, strict=True))
        ]
    query, keys = _fanned_out(sources, rows, by)
    columns = [sql.named(key, f"k{i}") for i, key in enumerate(keys)]
    for i, (typed, value, parts) in enumerate(zip(totals, read, made, strict=True)):
        columns += _total_columns(i, finished(typed, value, parts))
    if not columns:
        columns = [sql.named(exp.Count(this=exp.Star()), "n")]
    query = query.select(*columns, copy=False)
    return query.group_by(*keys, copy=False) if keys else query


AGAIN: dict[str, Callable[[Sql], Sql]] = {
    **dict.fromkeys(("count", "sum", "mean", "share"), lambda part: exp.Sum(this=part)),
    "min": lambda part: exp.Min(this=part),
    "max": lambda part: exp.Max(this=part),
    "any": lambda part: exp.LogicalOr(this=part),
    "all": lambda part: exp.LogicalAnd(this=part),
}
"""How totals of parts become the total of the whole."""


def _partial(rows: Sql, by: Sequence[str | Dimension], made: Sequence[Mapping[str, Sql]]) -> Sql:
    """The rows added up by their own columns, whatever groups these lead to."""
    own = [column("r", f"b{i}") for i in range(len(by))]
    columns = [sql.named(key, f"b{i}") for i, key in enumerate(own)]
    columns += [sql.named(part, f"{name}{i}") for i, parts in enumerate(made) for name, part in parts.items()]
    if not columns:
        columns = [sql.named(exp.Count(this=exp.Star()), "n")]
    query = sql.select(columns, sql.subquery(rows, "r"))
    return query.group_by(*own, copy=False) if own else query


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


def _read_back(i: int, value: Compiled | None) -> Compiled | None:
    """A row's value as a column of the inner query."""
    if value is None:
        return None
    inside = column("r", f"v{i}")
    return Pair(inside, value.den) if isinstance(value, Pair) else inside


def _total_columns(i: int, total: Compiled) -> list[Sql]:
    """`v` and, for a number, its denominator `d`: the total finished as far as integers go."""
    if not isinstance(total, Pair):
        return [sql.named(total, f"v{i}"), sql.named(exp.null(), f"d{i}")]
    num, den = (sql.cast(side, "decimal(38, 0)") for side in (total.num, total.den_sql))
    return [sql.named(num, f"v{i}"), sql.named(den, f"d{i}")]
