"""Totals in SQL: aggregates of integers, finished as exact pairs."""

from __future__ import annotations

from collections.abc import Callable

from sqlglot import exp

from guatu.engine.expressions import Typed
from guatu.engine.expressions.bounds import ROWS
from guatu.engine.tables import sql_values as sql
from guatu.engine.tables.sql_values import Compiled, Pair, Sql


def filtered(aggregate: Sql, where: Sql | None) -> Sql:
    return aggregate if where is None else exp.Filter(this=aggregate, expression=exp.Where(this=where))


def total_parts(typed: Typed, value: Compiled | None, where: Sql | None) -> dict[str, Sql]:
    """The SQL aggregates a total is finished from; numbers are sums or picks of numerators."""
    name = typed.operation
    inner = value.num if isinstance(value, Pair) else value
    if name == "count":
        return {"n": filtered(exp.Count(this=exp.Star() if inner is None else inner), where)}
    if name == "distinct":
        return {"n": filtered(exp.Count(this=exp.Distinct(expressions=[inner])), where)}
    if name == "sum":
        return {"v": filtered(exp.Sum(this=inner), where)}
    if name == "mean":
        return {"v": filtered(exp.Sum(this=inner), where), "n": filtered(exp.Count(this=inner), where)}
    if name == "share" and inner is None:
        return {"v": filtered(exp.Count(this=exp.Star()), where), "n": exp.Count(this=exp.Star())}
    if name == "share":
        return {"v": filtered(exp.Sum(this=inner), where), "n": exp.Sum(this=inner)}
    if name == "median":
        return _median_parts(inner, where)
    kinds: dict[str, Callable[[], Sql]] = {
        "min": lambda: exp.Min(this=inner),
        "max": lambda: exp.Max(this=inner),
        "any": lambda: exp.LogicalOr(this=inner),
        "all": lambda: exp.LogicalAnd(this=inner),
    }
    return {"v": filtered(kinds[name](), where)}


def _median_parts(inner: Sql, where: Sql | None) -> dict[str, Sql]:
    there = sql.is_there(inner) if where is None else sql.all_of([where, sql.is_there(inner)])
    ordered = exp.ArraySort(this=filtered(exp.ArrayAgg(this=inner), there))
    count = filtered(exp.Count(this=inner), where)
    middle = [sql.truncated(sql.add(sql.wide(count), sql.whole(step)), sql.whole(2), most=ROWS) for step in (1, 2)]
    low, high = (sql.call("list_extract", ordered, sql.cast(place, "bigint")) for place in middle)
    return {"v": sql.add(low, high)}


def finished(typed: Typed, value: Compiled | None, parts: dict[str, Sql]) -> Compiled:
    """A total from its aggregates, once they are columns."""
    name = typed.operation
    den = value.den if isinstance(value, Pair) else 1
    if name in ("count", "distinct"):
        return Pair(exp.Coalesce(this=sql.wide(parts["n"]), expressions=[sql.whole(0)]), 1)
    if name == "sum":
        return Pair(sql.wide(parts["v"]), den)
    if name == "mean":
        return Pair(sql.wide(parts["v"]), sql.times(sql.wide(parts["n"]), den))
    if name == "median":
        return Pair(sql.wide(parts["v"]), den * 2)
    if name == "share":
        part = exp.Coalesce(this=sql.wide(parts["v"]), expressions=[sql.whole(0)])
        return sql.divided(Pair(part, 1), Pair(sql.wide(parts["n"]), 1))
    return Pair(sql.wide(parts["v"]), den) if isinstance(value, Pair) else parts["v"]
