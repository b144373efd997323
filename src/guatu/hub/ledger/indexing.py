"""Indexes of the fields people filter by, as the current declarations say: one for each key, on the value inside an item's JSON.

An index holds only the items that have a value. A filter must write the very expression of the index (`DeclaredValue`), or the
database does not know it again. On PostgreSQL indexes can be made by the owner of the tables alone.
"""

from __future__ import annotations

import re
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.fields.json import KeyTransform
from django.db.models.sql.compiler import SQLCompiler

from guatu.hub.ledger.models import Item, Ledger
from guatu.hub.ledger.packs import declared

PREFIX = "ledger_value_"
_LONGEST = 63 - len(PREFIX)
_PLAIN = re.compile(r"[a-z][a-z0-9_]*")


class DeclaredValue(KeyTransform):
    """The value of a declared field inside an item's JSON, written as its index is: SQLite knows no expression with a bound path."""

    def as_sqlite(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **extra_context: Any
    ) -> tuple[str, tuple[Any, ...]]:
        if not _PLAIN.fullmatch(self.key_name):
            found: tuple[str, tuple[Any, ...]] = super().as_sqlite(compiler, connection, **extra_context)
            return found
        column, params, _ = self.preprocess_lhs(compiler, connection)
        return sqlite_value(column, self.key_name), (*params, *params, *params)


def sqlite_value(column: str, key: str) -> str:
    path = f"'$.\"{key}\"'"
    return (
        f"(CASE WHEN JSON_TYPE({column}, {path}) IN ('false','true','null') THEN JSON_TYPE({column}, {path}) "
        f"ELSE JSON_EXTRACT({column}, {path}) END)"
    )


def filterable_keys() -> set[str]:
    """Keys of every field some ledger lets people filter by."""
    return {
        key
        for ledger in Ledger.objects.select_related("pack").defer("pack__files")
        for key, one in declared(ledger).fields.items()
        if one.filterable and _PLAIN.fullmatch(key)
    }


def make_indexes(using: str = DEFAULT_DB_ALIAS) -> tuple[int, int]:
    """Make the indexes that are missing, drop those nobody filters by any more; how many of each."""
    connection = connections[using]
    if not _may_index(connection):
        return 0, 0
    wanted = {PREFIX + key[:_LONGEST]: key for key in sorted(filterable_keys())}
    there = set(_present(connection))
    with connection.cursor() as cursor:
        for name in sorted(wanted.keys() - there):
            cursor.execute(_statement(connection, name, wanted[name]))
        for name in sorted(there - wanted.keys()):
            cursor.execute(f"DROP INDEX IF EXISTS {connection.ops.quote_name(name)}")
        if wanted.keys() - there:
            cursor.execute(f"ANALYZE {connection.ops.quote_name(Item._meta.db_table)}")
    return len(wanted.keys() - there), len(there - wanted.keys())


def keys_without_index(using: str = DEFAULT_DB_ALIAS) -> list[str]:
    """Keys people filter by whose index is not there: the role of the site may not own the table, and then cannot make one."""
    there = set(_present(connections[using]))
    return [key for key in sorted(filterable_keys()) if PREFIX + key[:_LONGEST] not in there]


def _statement(connection: BaseDatabaseWrapper, name: str, key: str) -> str:
    """A plain key can stand in the statement as it is."""
    quote = connection.ops.quote_name
    table, column = quote(Item._meta.db_table), quote("values")
    value = f"({column} -> '{key}')" if connection.vendor == "postgresql" else sqlite_value(column, key)
    return (
        f"CREATE INDEX IF NOT EXISTS {quote(name)} ON {table} ({quote('ledger_id')}, {value}) WHERE {value} IS NOT NULL"
    )


def _present(connection: BaseDatabaseWrapper) -> list[str]:
    table = Item._meta.db_table
    with connection.cursor() as cursor:
        found = connection.introspection.get_constraints(cursor, table)
        if connection.vendor == "sqlite":  # the introspection passes over indexes of expressions
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'index' AND tbl_name = %s", [table])
            return [name for (name,) in cursor.fetchall() if name.startswith(PREFIX)]
    return [name for name in found if name.startswith(PREFIX)]


def _may_index(connection: BaseDatabaseWrapper) -> bool:
    if connection.vendor != "postgresql":
        return True
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_has_role(tableowner, 'USAGE') FROM pg_tables WHERE schemaname = current_schema() AND tablename = %s",
            [Item._meta.db_table],
        )
        row = cursor.fetchone()
    return bool(row and row[0])
