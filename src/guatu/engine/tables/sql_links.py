"""Linked rows and dated parameters in SQL."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp

from guatu.engine.expressions import DATE, Name, Typed, aggregates
from guatu.engine.tables import sql_values as sql
from guatu.engine.tables.parameters import intervals
from guatu.engine.tables.sources import column
from guatu.engine.tables.sql_joins import outputs_of, read_back, same_keys
from guatu.engine.tables.sql_totals import finished, total_parts
from guatu.engine.tables.sql_values import Compiled, Pair, Sql
from guatu.text import Text

if TYPE_CHECKING:
    from guatu.engine.tables.compiler import Compiler


def along(compiler: Compiler, typed: Typed) -> Compiled:
    """Totals over linked rows, made before joining: no row of this table is counted twice."""
    table = str(typed.arguments[0].value)
    keys = compiler.sources.store.subject(compiler.table).key
    inside = compiler.over(table, "l")
    columns: dict[str, Sql] = {f"k{i}": inside.sources.plain(table, "l", key) for i, key in enumerate(keys)}
    grouped = list(columns.values())
    totals = aggregates(typed.arguments[1])
    values: list[Compiled | None] = []
    for number, part in enumerate(totals):
        value = inside.value(part.arguments[0]) if part.arguments else None
        where = None if part.where is None else inside.value(part.where)
        values.append(value)
        columns |= {f"{name}{number}": made for name, made in total_parts(part, value, where).items()}
    query = inside.select(columns).group_by(*grouped, copy=False)
    outputs = [name for name in columns if not name.startswith("k")]
    read = compiler.join_query(query, outputs, same_keys(compiler, keys))
    given = {
        part.node: finished(part, value, {name: read(f"{name}{number}") for name in ("v", "n")})
        for number, (part, value) in enumerate(zip(totals, values, strict=True))
    }
    return compiler.finished(typed.arguments[1], given)


def param(compiler: Compiler, typed: Typed) -> Compiled:
    table = str(typed.arguments[0].value)
    store = compiler.sources.store
    intervals(store, table, typed)  # refuses overlaps, so that no row finds two values
    value_name, *key_names = typed.columns
    keys = [compiler.sources.declared(table, "p", name) for name in key_names]
    wanted = [compiler.as_type(part, name.type) for part, name in zip(typed.arguments[1:], key_names, strict=True)]
    value = compiler.sources.declared(table, "p", value_name)
    columns = {"v": value.num, "d": value.den_sql} if isinstance(value, Pair) else {"v": value}
    for i, key in enumerate(keys):
        columns[f"k{i}"] = key.num if isinstance(key, Pair) else key
    dated = [name for name in ("valid_from", "valid_to") if store.has(table, name)]
    for name in dated:
        columns[name] = compiler.sources.declared(table, "p", Name(name, Text(name, name), DATE))
    as_of = typed.option("as_of")
    day = None if as_of is None else compiler.as_type(as_of, DATE)
    query = compiler.over(table, "p").select(columns)

    def on(alias: str) -> Sql:
        conditions = []
        for i, (key, want) in enumerate(zip(keys, wanted, strict=True)):
            mine = column(alias, f"k{i}")
            conditions.append(sql.compared("eq", Pair(mine, key.den) if isinstance(key, Pair) else mine, want))
        if "valid_from" in dated:
            start = column(alias, "valid_from")
            conditions.append(
                sql.any_of([sql.all_of([sql.is_null(start), sql.is_there(day)]), sql.infix(exp.LTE, start, day)])
            )
        if "valid_from" in dated and "valid_to" in dated:
            end = column(alias, "valid_to")
            conditions.append(sql.any_of([sql.is_null(end), sql.infix(exp.LT, day, end)]))
        return sql.all_of(conditions)

    return read_back(compiler.join_query(query, outputs_of(value), on), value)
