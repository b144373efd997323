"""Other rows of the same table in SQL: ranks, classes by quota, another unit's value."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import TYPE_CHECKING

from sqlglot import exp

from guatu.engine.expressions import Typed
from guatu.engine.expressions.bounds import ROWS
from guatu.engine.tables import sql_values as sql
from guatu.engine.tables.sources import column
from guatu.engine.tables.sql_joins import joined_value, same_keys
from guatu.engine.tables.sql_values import Compiled, Pair, Sql

if TYPE_CHECKING:
    from guatu.engine.tables.compiler import Compiler


def _partition(compiler: Compiler, typed: Typed) -> list[Sql]:
    within = typed.option("within")
    parts = () if within is None else within.arguments if within.operation == "list" else (within,)
    return [compiler.value(part) for part in parts]


def _ranked(compiler: Compiler, typed: Typed) -> tuple[list[Sql], bool]:
    value = typed.arguments[0]
    keys = sql.sorting_keys(compiler.value(value), len(str(value.bound.den)), value.bound.num)
    return keys, typed.word("order", "desc") == "desc"


def _over(function: Sql, partition: Sequence[Sql], keys: Sequence[Sql] = (), *, descending: bool = False) -> Sql:
    ordered = [exp.Ordered(this=key, desc=descending, nulls_first=False) for key in keys]
    order = exp.Order(expressions=ordered) if ordered else None
    return exp.Window(this=function, partition_by=list(partition), order=order)


def window(compiler: Compiler, typed: Typed) -> Compiled:
    if typed.operation == "of":
        return _of(compiler, typed)
    keys, descending = _ranked(compiler, typed)
    there = sql.there(compiler.value(typed.arguments[0]))
    partition = _partition(compiler, typed)
    if typed.operation == "rank":
        place = _over(sql.call("RANK"), [*partition, there], keys, descending=descending)
        return Pair(sql.choose([(there, sql.wide(place))], sql.null()), 1)
    return _cut(compiler, typed, keys, there, partition, descending=descending)


def _cut(
    compiler: Compiler, typed: Typed, keys: list[Sql], there: Sql, partition: list[Sql], *, descending: bool
) -> Pair:
    def flag(key: str) -> Sql:
        condition = typed.option(key)
        return (
            exp.false()
            if condition is None
            else exp.Coalesce(this=compiler.value(condition), expressions=[exp.false()])
        )

    quotas = typed.option("quotas")
    assert quotas is not None
    shares = [share for part in quotas.arguments if isinstance(share := part.value, Fraction)]
    classed = sql.all_of([there, sql.negated(flag("grace"))])
    running = sql.all_of([classed, sql.negated(flag("veto"))])
    best = typed.word("ties", "up") == "up"
    counted = sql.call("RANK") if best else exp.Count(this=exp.Star())
    place = sql.wide(_over(counted, [*partition, running], keys, descending=descending))
    number = sql.wide(
        _over(exp.Sum(this=sql.choose([(running, exp.Literal.number(1))], exp.Literal.number(0))), partition)
    )
    branches = [(sql.negated(classed), sql.null()), (sql.negated(running), sql.whole(len(shares)))]
    for index in range(len(shares)):
        end = sql.rounded(
            sql.multiplied(Pair(number, 1), sql.literal(sum(shares[: index + 1], Fraction(0)))), 0, "round", ROWS
        )
        branches.append((sql.infix(exp.LTE, place, end.num), sql.whole(index + 1)))
    return Pair(sql.choose(branches, sql.whole(len(shares))), 1)


def _of(compiler: Compiler, typed: Typed) -> Compiled:
    store = compiler.sources.store
    subject = store.subject(compiler.table)
    store.refuse_twice(compiler.table, subject.key)
    others = [key for key in subject.key if key != subject.unit]
    wanted = compiler.value(typed.arguments[1])
    inner = compiler.over(compiler.table, "o")
    value = inner.value(typed.arguments[0])
    columns = {f"k{i}": compiler.sources.plain(compiler.table, "o", key) for i, key in enumerate(others)}
    columns["u"] = compiler.sources.plain(compiler.table, "o", subject.unit)
    same = same_keys(compiler, others)

    def on(alias: str) -> Sql:
        return sql.all_of([same(alias), sql.infix(exp.EQ, column(alias, "u"), wanted)])

    return joined_value(compiler, inner, value, columns, on)
