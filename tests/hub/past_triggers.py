"""Past the triggers that keep the record append-only: for emptying the tables between tests, and for tampering on purpose."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db.backends.base.base import BaseDatabaseWrapper

from guatu.hub.audit import triggers


@contextmanager
def past_the_triggers(connection: BaseDatabaseWrapper) -> Iterator[None]:
    """As a superuser of PostgreSQL, or whoever holds the file of SQLite, gets past them; foreign keys sleep, too."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET session_replication_role = replica")
        else:
            cursor.execute("PRAGMA foreign_keys = OFF")  # has no effect inside a transaction
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name LIKE 'audit_%'")
            for (name,) in cursor.fetchall():
                cursor.execute(f"DROP TRIGGER {name}")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                cursor.execute("SET session_replication_role = DEFAULT")
            else:
                cursor.execute("PRAGMA foreign_keys = ON")
        if connection.vendor == "sqlite":
            triggers.protect(connection)
