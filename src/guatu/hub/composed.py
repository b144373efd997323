"""Questions to the database that every page asks in the same words: composed once, asked with other values each time.

Django composes a statement anew for each asking, which takes longer than the database needs to answer it. A `Composed` says its
question as any queryset does, with places for values, and keeps the statement that came of it for as long as a connection lives.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any, Generic, TypeVar

from django.core.exceptions import EmptyResultSet
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Expression, QuerySet
from django.db.models.sql.compiler import SQLCompiler

Row = TypeVar("Row")
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

    def __init__(self, question: Callable[..., QuerySet[Any, Row]]) -> None:
        self.question = question
        self.__wrapped__ = question

    def all(self, *values: Value) -> list[Row]:
        """The rows as the database has them now. Each asking is one statement."""
        shape = tuple(len(one) if isinstance(one, tuple) else None for one in values)
        on = connections[DEFAULT_DB_ALIAS]  # of this thread alone, so that nobody else asks by the same statement
        kept: dict[Any, _Statement] = vars(on).setdefault(_KEPT, {})
        statement = kept.get((self, shape)) if _keeping[0] else None
        if statement is None:
            if len(kept) >= _MOST:
                kept.clear()
            statement = kept[self, shape] = _Statement(self.question(*_places(shape)), on)
        return statement.rows([_prepared(one, on) for one in values])

    def first(self, *values: Value) -> Row | None:
        """The first row there is; the question should ask for no more."""
        return next(iter(self.all(*values)), None)


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

    def __init__(self, asked: QuerySet[Any, Any], on: BaseDatabaseWrapper) -> None:
        self.compiler = asked.query.get_compiler(using=on.alias)
        try:
            self.sql, self.params = self.compiler.as_sql()
        except EmptyResultSet:  # none of several
            self.sql, self.params = "", ()
        self.asked, self.given = asked, tuple(self.params)
        vars(asked.query)["get_compiler"] = lambda *_, **__: self.compiler
        vars(self.compiler)["as_sql"] = lambda *_, **__: (self.sql, self.given)

    def rows(self, values: Sequence[Any]) -> list[Any]:
        self.given = tuple(one.value(values) if isinstance(one, Place) else one for one in self.params)
        if not self.sql:
            return []
        made: Any = self.asked._iterable_class(self.asked)
        return list(made)
