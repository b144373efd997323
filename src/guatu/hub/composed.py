"""Questions to the database that every page asks in the same words: composed once, asked with other values each time.

Django composes a statement anew for each asking, which takes longer than the database needs to answer it. A `Composed` says its
question as any queryset does, with places for values, and keeps the statement that came of it for as long as a connection lives.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from functools import cache
from typing import Any, Generic, TypeVar

from django.core.exceptions import EmptyResultSet
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.utils import CursorWrapper
from django.db.models import Expression, QuerySet
from django.db.models.sql.compiler import SQLCompiler

Row = TypeVar("Row")
Kept = TypeVar("Kept")
Value = int | str | date | datetime | tuple[int | str, ...]
_KEPT = "_guatu_composed"
_MOST = 500
"""Statements a connection keeps; those that ask for several of something come in every length."""


_keeping = [True]


@contextmanager
def anew() -> Iterator[None]:
    """Questions are composed each time: what they are made of is being tried in other ways."""
    before, _keeping[0] = _keeping[0], False
    try:
        yield
    finally:
        _keeping[0] = before
        vars(connections[DEFAULT_DB_ALIAS]).pop(_KEPT, None)


class Place(Expression):
    """Where a value goes: the number of the value, or the name of one among several."""

    def __init__(self, number: int, among: int | None = None) -> None:
        super().__init__()
        self.number, self.among = number, among

    def as_sql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> Any:
        return "%s", [self]

    def value(self, values: Sequence[Any]) -> Any:
        found = values[self.number]
        return found if self.among is None else found[self.among]


class Composed(Generic[Row]):
    """A question with places for values, which `question` is given as it is given values: a whole number, words, a day, a
    moment, or several of the first two for `…__in`."""

    by_key = False

    def __init__(self, question: Callable[..., QuerySet[Any, Row]]) -> None:
        self.question = question
        self.__wrapped__ = question

    def all(self, *values: Value) -> list[Row]:
        """The rows as the database has them now. Each asking is one statement."""
        shape = tuple(len(one) if isinstance(one, tuple) else None for one in values)
        on = connections[DEFAULT_DB_ALIAS]  # of this thread alone, so that nobody else asks by the same statement
        statement = kept(on, (self, shape), lambda: _Statement(self.question(*_places(shape)), on, self.by_key))
        return statement.rows([_prepared(one, on) for one in values])

    def first(self, *values: Value) -> Row | None:
        """The first row there is; the question should ask for no more."""
        return next(iter(self.all(*values)), None)


class ByKey(Composed[Row]):
    """A question that keys answer, so that PostgreSQL need not think it over for other values: it is `planned`."""

    by_key = True


def kept(on: BaseDatabaseWrapper, key: object, compose: Callable[[], Kept]) -> Kept:
    """What was composed under this key for a connection, or is composed now and kept for it."""
    all_kept: dict[object, Kept] = vars(on).setdefault(_KEPT, {})
    found = all_kept.get(key) if _keeping[0] else None
    if found is None:
        if len(all_kept) >= _MOST:
            all_kept.clear()
        found = all_kept[key] = compose()
    return found


def planned(on: BaseDatabaseWrapper) -> CursorWrapper:
    """A cursor for statements that are best dealt with in one way whatever their values: PostgreSQL reads and plans them once
    a connection, and is sent their values alone."""
    if on.vendor != "postgresql" or on.queries_logged:  # who listens is told statements with their values
        return on.cursor()
    on.close_if_health_check_failed()
    if on.connection is None:
        on.ensure_connection()
    postgresql: Any = on
    with on.wrap_database_errors:
        cursor: CursorWrapper = postgresql._prepare_cursor(_binding()(on.connection))
        return cursor


@cache
def _binding() -> Callable[[object], Any]:
    """The cursors that give the server a statement and its values apart; their module loads on PostgreSQL alone."""
    from django.db.backends.postgresql.base import ServerBindingCursor

    return ServerBindingCursor  # type: ignore[return-value]


def _places(shape: Sequence[int | None]) -> list[Any]:
    return [
        Place(number) if length is None else [Place(number, one) for one in range(length)]
        for number, length in enumerate(shape)
    ]


def _prepared(value: Any, on: BaseDatabaseWrapper) -> Any:
    """As the database takes it."""
    if isinstance(value, datetime):
        return on.ops.adapt_datetimefield_value(value)
    return on.ops.adapt_datefield_value(value) if isinstance(value, date) else value


class _Statement:
    """A queryset whose statement is kept; it is asked over and over without being composed again."""

    def __init__(self, asked: QuerySet[Any, Any], on: BaseDatabaseWrapper, by_key: bool) -> None:
        self.compiler, self.on, self.by_key = asked.query.get_compiler(using=on.alias), on, by_key
        try:
            self.sql, self.params = self.compiler.as_sql()
        except EmptyResultSet:  # none of several
            self.sql, self.params = "", ()
        self.asked, self.given = asked, tuple(self.params)
        vars(asked.query)["get_compiler"] = lambda *_, **__: self.compiler
        vars(self.compiler)["execute_sql"] = self._found

    def rows(self, values: Sequence[Any]) -> list[Any]:
        self.given = tuple(one.value(values) if isinstance(one, Place) else one for one in self.params)
        if not self.sql:
            return []
        made: Any = self.asked._iterable_class(self.asked)
        return list(made)

    def _found(self, *_: Any, **__: Any) -> list[list[tuple[Any, ...]]]:
        """What the compiler reads rows from: pieces of them, here one with all."""
        with planned(self.on) if self.by_key else self.on.cursor() as cursor:
            cursor.execute(self.sql, self.given)
            found = cursor.fetchall()
        wanted = self.compiler.col_count
        return [[row[:wanted] for row in found] if self.compiler.has_extra_select else found]
