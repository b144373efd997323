"""What the plain-Python evaluator reads from: tables by name, however they are held."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

from guatu.engine.expressions import Name
from guatu.engine.expressions.nodes import Value
from guatu.engine.tables.dimension import Subject

Column = list[Any]


class Readable(Protocol):
    """The tables and constants of one run."""

    def __contains__(self, table: str) -> bool: ...

    def size(self, table: str) -> int:
        """How many rows a table has."""

    def has(self, table: str, column: str) -> bool: ...

    def has_column(self, table: str, name: Name) -> bool:
        """Whether a declared column is there, plain or as a ratio."""

    def values(self, table: str, name: Name) -> Column:
        """A declared column: numbers as Fraction, severities by their rank, tags as frozenset."""

    def texts(self, table: str, column: str) -> Column:
        """A column as it came."""

    def keys(self, table: str, columns: Sequence[str]) -> list[tuple[Any, ...]]:
        """The values of some columns, row by row."""

    def subject(self, table: str) -> Subject: ...

    def constant(self, name: Name) -> Value | int: ...

    def period(self) -> str: ...

    def check_history(self, subject: Subject) -> None:
        """Refuses a history whose rows cannot be told apart."""

    def refuse_twice(self, table: str, columns: Sequence[str]) -> None:
        """Refuses rows that cannot be told apart by these columns."""
