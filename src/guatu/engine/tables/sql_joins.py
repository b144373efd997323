"""Joining what another query found: keys it is found by, and reading its value back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from sqlglot import exp

from guatu.engine.tables import sql_values as sql
from guatu.engine.tables.sources import column
from guatu.engine.tables.sql_values import Compiled, Pair, Sql

if TYPE_CHECKING:
    from guatu.engine.tables.compiler import Compiler, Read


def same_keys(compiler: Compiler, keys: Sequence[str]) -> Callable[[str], Sql]:
    left = [compiler.sources.plain(compiler.table, compiler.alias, key) for key in keys]

    def on(alias: str) -> Sql:
        pairs = [sql.infix(exp.EQ, mine, column(alias, f"k{i}")) for i, mine in enumerate(left)]
        return sql.all_of(pairs)

    return on


def joined_value(
    compiler: Compiler, inner: Compiler, value: Compiled, columns: dict[str, Sql], on: Callable[[str], Sql]
) -> Compiled:
    """Select a value with its keys, join it, and read it back."""
    made = {"v": value.num, "d": value.den_sql} if isinstance(value, Pair) else {"v": value}
    return read_back(compiler.join_query(inner.select({**columns, **made}), outputs_of(value), on), value)


def outputs_of(value: Compiled) -> tuple[str, ...]:
    return ("v", "d") if isinstance(value, Pair) else ("v",)


def read_back(read: Read, value: Compiled) -> Compiled:
    if not isinstance(value, Pair):
        return read("v")
    return Pair(read("v"), value.den if value.fixed else read("d"))
