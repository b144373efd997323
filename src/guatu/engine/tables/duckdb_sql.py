"""How DuckDB says what SQLGlot's DuckDB would say slowly: it divides 128 bits some fifty times slower than 64."""

from __future__ import annotations

from typing import Any, ClassVar

from sqlglot import exp
from sqlglot.dialects.duckdb import DuckDB
from sqlglot.generators.duckdb import DuckDBGenerator


def _narrowed(generator: DuckDBGenerator, left: exp.Expr, right: exp.Expr, written: str) -> str:
    """In 64 bits where both sides fit, and only else in 128."""
    wide = [generator.sql(side) for side in (left, right)]
    small = [f"TRY_CAST({side} AS BIGINT)" for side in wide]
    return f"COALESCE(CAST({written.format(*small)} AS INT128), {written.format(*wide)})"


def _int_div(generator: DuckDBGenerator, node: exp.IntDiv) -> str:
    if node.meta.get("usually_small"):
        return _narrowed(generator, node.this, node.expression, "{} // {}")
    return str(generator.binary(node, "//"))


def _called(generator: DuckDBGenerator, node: exp.Anonymous) -> str:
    if str(node.this).upper() == "GCD":
        left, right = node.expressions
        return _narrowed(generator, left, right, "GCD({}, {})")
    return str(generator.anonymous_sql(node))


class ExactDuckdb(DuckDB):
    """SQLGlot's DuckDB dialect with fast exact integers."""

    class Generator(DuckDBGenerator):
        TRANSFORMS: ClassVar[dict[Any, Any]] = {
            **DuckDBGenerator.TRANSFORMS,
            exp.IntDiv: _int_div,
            exp.Anonymous: _called,
        }
