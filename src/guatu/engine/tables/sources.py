"""Which columns a statement reads, so that exactly these are handed to the engine."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
from sqlglot import exp

from guatu.engine.expressions import Name
from guatu.engine.tables import sql_values as sql
from guatu.engine.tables.sql_values import Pair, Sql
from guatu.engine.tables.store import Store

ROW = "#"
"""The number of a row in its table."""

RAW = "raw "
"""Before a table's name: its columns as handed over."""


class Sources:
    """The columns of each table a statement has asked for so far."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self._columns: dict[str, dict[str, Any]] = {}

    def table(self, table: str) -> Sql:
        """The table as a FROM or JOIN source."""
        self.row(table, table)
        return exp.Table(this=exp.to_identifier(table, quoted=True))

    def row(self, table: str, alias: str) -> Sql:
        if table not in self._columns:
            self._columns[table] = {ROW: self.store.row_numbers(table)}
        return column(alias, ROW)

    def plain(self, table: str, alias: str, key: str) -> Sql:
        """A column as it came, for keys."""
        self.row(table, alias)
        self._columns[table][f"={key}"] = self.store.plain(table, key)
        return column(alias, f"={key}")

    def declared(self, table: str, alias: str, name: Name) -> Pair | Sql:
        """A declared column: a Pair for a number."""
        self.row(table, alias)
        if not name.type.numeric:
            self._columns[table][name.key] = self.store.column(table, name)
            return column(alias, name.key)
        if not (name.ratio or self.store.has(table, f"{name.key}.num")):
            self._columns[table][name.key] = self.store.column(table, name)
            return Pair(column(alias, name.key), 10**name.decimals)
        parts = []
        for suffix in (".num", ".den"):
            self._columns[table][name.key + suffix] = self.store.column(table, name, suffix)
            parts.append(column(alias, name.key + suffix))
        return Pair(parts[0], parts[1])

    def view(self, table: str) -> Sql:
        """The table as formulas see it: numbers as wide integers, everything else as it is."""
        columns = []
        for key, array in self._columns[table].items():
            number = pa.types.is_int64(array.type) or pa.types.is_decimal(array.type)
            plain = column("raw", key)
            wide = number and key != ROW and not key.startswith("=")
            columns.append(sql.named(sql.wide(plain) if wide else plain, key))
        return sql.select(columns, sql.source(exp.Table(this=exp.to_identifier(RAW + table, quoted=True)), "raw"))

    def arrow(self) -> dict[str, pa.Table]:
        return {table: pa.table(columns) for table, columns in self._columns.items()}


def column(alias: str, key: str) -> Sql:
    return exp.column(exp.to_identifier(key, quoted=True), table=exp.to_identifier(alias, quoted=True))


def quoted(name: str) -> str:
    return str(exp.to_identifier(name, quoted=True).sql("duckdb"))
