"""Rows written by statements that are composed once for as long as a connection lives, as `composed` asks its questions.

Django composes the statement of every `save()` anew, which takes longer than the database needs to write the row. What is
written is the same: the model's defaults and what its fields do before they are saved, the database's constraints, its keys
given back. Signals are not sent; nobody in the hub listens for any.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, TypeVar

from django.db import DEFAULT_DB_ALIAS, DatabaseError, connections, models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.transaction import mark_for_rollback_on_error

from guatu.hub.composed import kept, planned

M = TypeVar("M", bound=models.Model)
_MANY = 20
"""From more rows on a statement is not kept: composing it is little beside writing them."""


def insert(row: M) -> M:
    """A new row. A key that the database gave is the row's afterwards."""
    return insert_all([row])[0]


def insert_all(rows: Iterable[M]) -> list[M]:
    """New rows of one model, all with a key of their own or all without; none, none are written."""
    made = list(rows)
    if len(made) > _MANY:
        return type(made[0])._base_manager.bulk_create(made)
    if made:
        _insert_some(made, type(made[0]), connections[DEFAULT_DB_ALIAS])
    return made


def _insert_some(rows: list[M], model: type[M], on: BaseDatabaseWrapper) -> None:
    for row in rows:
        if row.pk is None and model._meta.pk is not None:
            row.pk = model._meta.pk.get_pk_value_on_save(row)
    keyed = rows[0].pk is not None
    if any(type(row) is not model or (row.pk is not None) is not keyed for row in rows):
        raise ValueError("Rows written together are of one model, all with a key of their own or all without.")
    statement = kept(on, (insert, model, len(rows), keyed), lambda: _Insert(model, len(rows), keyed, on))
    values = [value for row in rows for value in _values(statement.fields, row, on, add=True)]
    with mark_for_rollback_on_error(using=on.alias), planned(on) as cursor:
        cursor.execute(statement.sql, values)
        given = cursor.fetchall() if statement.returned else [()] * len(rows)
    for row, values in zip(rows, given, strict=True):
        for name, value in zip(statement.returned, values, strict=True):
            setattr(row, name, value)
        row._state.db, row._state.adding = on.alias, False


def update(row: models.Model, *names: str) -> None:
    """Write these fields of a row that is there."""
    model, on = type(row), connections[DEFAULT_DB_ALIAS]
    statement = kept(on, (update, model, names), lambda: _Update(model, names, on))
    values = [*_values(statement.fields, row, on, add=False), statement.key.get_db_prep_value(row.pk, on)]
    with mark_for_rollback_on_error(using=on.alias), planned(on) as cursor:
        cursor.execute(statement.sql, values)
        if cursor.rowcount != 1:
            raise DatabaseError(f"There is no {model._meta.label} {row.pk} to write to.")


class _Insert:
    def __init__(self, model: type[models.Model], rows: int, keyed: bool, on: Any) -> None:
        meta, quoted = model._meta, on.ops.quote_name
        self.fields = _written(
            model, [one for one in meta.local_concrete_fields if keyed or one is not meta.auto_field]
        )
        self.returned = [one.attname for one in meta.db_returning_fields]
        columns, places = ", ".join(quoted(one.column) for one in self.fields), ", ".join("%s" for _ in self.fields)
        back, _ = on.ops.return_insert_columns(meta.db_returning_fields)
        self.sql = f"INSERT INTO {quoted(meta.db_table)} ({columns}) VALUES {', '.join([f'({places})'] * rows)} {back}"


class _Update:
    def __init__(self, model: type[models.Model], names: Sequence[str], on: Any) -> None:
        meta, quoted = model._meta, on.ops.quote_name
        self.fields = _written(model, [meta.get_field(one) for one in names])
        columns = ", ".join(f"{quoted(one.column)} = %s" for one in self.fields)
        assert meta.pk is not None
        self.key = meta.pk
        self.sql = f"UPDATE {quoted(meta.db_table)} SET {columns} WHERE {quoted(self.key.column)} = %s"


def _written(model: type[models.Model], fields: Sequence[Any]) -> list[Any]:
    """Those a statement has places for: a place is `%s` and nothing else."""
    if model._meta.parents or model._meta.proxy or any(hasattr(one, "get_placeholder") for one in fields):
        raise TypeError(f"{model._meta.label} cannot be written by a statement that is kept; use save().")
    return [one for one in fields if not one.generated]


def _values(fields: Sequence[Any], row: models.Model, on: BaseDatabaseWrapper, *, add: bool) -> list[Any]:
    """As `save()` gives them to the database."""
    values = [one.get_db_prep_save(one.pre_save(row, add), connection=on) for one in fields]
    for one, value in zip(fields, values, strict=True):
        if value is None and one.is_relation and one.is_cached(row) and getattr(row, one.name) is not None:
            raise ValueError(f"{one} of a row was not saved before it.")
        if hasattr(value, "as_sql"):
            raise TypeError(f"{one} of a row is worked out by the database; use save().")
    return values
