"""The database itself refuses to change or delete what is recorded, whoever asks; rights (`rights.py`) are the stronger wall."""

from __future__ import annotations

from django.db.backends.base.base import BaseDatabaseWrapper

APPEND_ONLY = {
    # table: what makes a row the same row; SQLite's INSERT OR REPLACE would delete it without asking a DELETE trigger
    "audit_record": "id = NEW.id",
    "audit_seal": "place = NEW.place OR record_id = NEW.record_id",
    "audit_checkpoint": "id = NEW.id",
    "audit_delivery": "id = NEW.id OR (checkpoint_id = NEW.checkpoint_id AND holder = NEW.holder)",
}


def protect(connection: BaseDatabaseWrapper) -> None:
    """Put the triggers up, or up again: SQLite loses them when a migration rebuilds a table."""
    with connection.cursor() as cursor:
        there = set(connection.introspection.table_names(cursor))
        for statement in _postgresql(there) if connection.vendor == "postgresql" else _sqlite(there):
            cursor.execute(statement)


def missing(connection: BaseDatabaseWrapper) -> list[str]:
    """The tables whose triggers are not all there and awake."""
    if connection.vendor == "postgresql":
        wanted, query = 2, "SELECT tgrelid::regclass::text FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'D'"
    else:
        wanted, query = 3, "SELECT tbl_name FROM sqlite_master WHERE type = 'trigger'"
    with connection.cursor() as cursor:
        cursor.execute(query)
        found = [row[0] for row in cursor.fetchall()]
    return [table for table in APPEND_ONLY if found.count(table) < wanted]


def _postgresql(there: set[str]) -> list[str]:
    statements = [
        """
        CREATE OR REPLACE FUNCTION audit_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'restrict_violation';
        END $$
        """
    ]
    for table in APPEND_ONLY:
        if table in there:
            statements += [
                f"CREATE OR REPLACE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} "
                "FOR EACH ROW EXECUTE FUNCTION audit_append_only()",
                f"CREATE OR REPLACE TRIGGER {table}_never_emptied BEFORE TRUNCATE ON {table} "
                "FOR EACH STATEMENT EXECUTE FUNCTION audit_append_only()",
            ]
    return statements


def _sqlite(there: set[str]) -> list[str]:
    statements = []
    for table, same in APPEND_ONLY.items():
        if table in there:
            refuse = f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            statements += [
                f"CREATE TRIGGER IF NOT EXISTS {table}_no_update BEFORE UPDATE ON {table} {refuse}",
                f"CREATE TRIGGER IF NOT EXISTS {table}_no_delete BEFORE DELETE ON {table} {refuse}",
                f"CREATE TRIGGER IF NOT EXISTS {table}_no_replace BEFORE INSERT ON {table} "
                f"WHEN EXISTS (SELECT 1 FROM {table} WHERE {same}) {refuse}",
            ]
    return statements
