"""The default driver: every question to a table is one SQL statement."""

from __future__ import annotations

import os
from collections.abc import Mapping
from functools import cache
from typing import Any

import duckdb
import pyarrow as pa

from guatu.engine.tables.dimension import Subject
from guatu.engine.tables.duckdb_sql import ExactDuckdb
from guatu.engine.tables.sources import RAW, Sources, quoted
from guatu.engine.tables.sql_tables import SqlTables
from guatu.engine.tables.sql_values import Sql


class DuckdbTables(SqlTables):
    """As ReferenceTables, worked out by DuckDB with the same answers to the digit."""

    def __init__(
        self,
        tables: Mapping[str, pa.Table],
        constants: Mapping[str, object],
        subjects: Mapping[str, Subject] | None = None,
        session: Session | None = None,
    ) -> None:
        super().__init__(tables, constants, subjects)
        self._session = session or Session()

    def _render(self, query: Sql) -> str:
        # Not copied first, as trees that share their parts would be copied part by part; nobody reads them after this.
        return str(query.sql(ExactDuckdb, copy=False))

    def _ask(self, query: Sql | str, sources: Sources) -> pa.Table:
        text = query if isinstance(query, str) else self._render(query)
        tables = sources.arrow()
        return self._session.ask(text, tables, {table: sources.view(table) for table in tables})


FEW = 50_000
"""Rows that one thread works through before several have been told what to do."""


class Session:
    """Some tables at a time in a database in memory: no file, no network, nothing left behind.

    A session sees its own tables only. It has every processor this process may use, and four fifths of the memory there is.
    """

    def __init__(self) -> None:
        self._connection: duckdb.DuckDBPyConnection | None = None

    def ask(self, query: str, tables: Mapping[str, pa.Table], views: Mapping[str, Sql]) -> pa.Table:
        """The answer to one statement over these tables, each seen through its view."""
        if self._connection is None:
            self._connection = _database(os.getpid()).cursor()
        connection = self._connection
        most = max((rows.num_rows for rows in tables.values()), default=0)
        connection.execute(f"set threads = {processors() if most > FEW else 1}")
        try:
            for table, rows in tables.items():
                connection.register(f"{RAW}{table}", rows)
                connection.execute(
                    f"create or replace temp view {quoted(table)} as {views[table].sql(ExactDuckdb, copy=False)}"
                )
            return connection.execute(query).to_arrow_table()
        finally:
            for table in tables:
                connection.unregister(f"{RAW}{table}")


@cache
def _database(process: int) -> duckdb.DuckDBPyConnection:
    """The database of this process, opened once; a child that was forked opens its own, having none of the threads."""
    return duckdb.connect(":memory:", config=_SETTINGS)


_SETTINGS: dict[str, Any] = {"autoinstall_known_extensions": "false", "autoload_known_extensions": "false"}


def processors() -> int:
    """How many this process may run on."""
    affinity = getattr(os, "sched_getaffinity", None)
    return len(affinity(0)) if affinity is not None else os.cpu_count() or 1
