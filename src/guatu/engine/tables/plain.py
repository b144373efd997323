"""A few rows in plain Python for the evaluator: what a page checks at once, without loading what rounds are judged with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from guatu.engine.expressions import Kind, Name
from guatu.engine.expressions.nodes import Value
from guatu.engine.tables.dimension import Subject, missing_table, usual_subject
from guatu.engine.tables.readable import Column

Plain = str | bool | int | Decimal | Fraction | date | Sequence[str] | None
Row = Mapping[str, Plain]


@dataclass(frozen=True, slots=True)
class PlainRows:
    """Tables as rows; a key that a row lacks is missing there. Numbers are whole counts, Decimal or Fraction, never float."""

    tables: Mapping[str, Sequence[Row]]
    constants: Mapping[str, Plain]
    subjects: Mapping[str, Subject]

    def __contains__(self, table: str) -> bool:
        return table in self.tables

    def _rows(self, table: str) -> Sequence[Row]:
        if table not in self.tables:
            raise missing_table(table, "formula")
        return self.tables[table]

    def size(self, table: str) -> int:
        return len(self._rows(table))

    def has(self, table: str, column: str) -> bool:
        return table in self.tables and any(column in row for row in self.tables[table])

    def has_column(self, table: str, name: Name) -> bool:
        return self.has(table, name.key)

    def values(self, table: str, name: Name) -> Column:
        return [_canonical(name, row.get(name.key)) for row in self._rows(table)]

    def texts(self, table: str, column: str) -> Column:
        return [row.get(column) for row in self._rows(table)]

    def keys(self, table: str, columns: Sequence[str]) -> list[tuple[Any, ...]]:
        return [tuple(row.get(column) for column in columns) for row in self._rows(table)]

    def subject(self, table: str) -> Subject:
        names = [name for row in self._rows(table)[:1] for name in row]
        return self.subjects.get(table) or usual_subject(table, names)

    def constant(self, name: Name) -> Value | int:
        value: Value = _canonical(name, self.constants.get(name.key))
        return value

    def period(self) -> str:
        return str(self.constants["period"])

    def check_history(self, subject: Subject) -> None:
        """Its rows are told apart by whoever made them: one for each period."""

    def refuse_twice(self, table: str, columns: Sequence[str]) -> None:
        """The same: one row for each subject."""


def _canonical(name: Name, value: Plain) -> Any:
    if value is None:
        return None
    if name.type.numeric:
        assert isinstance(value, int | Decimal | Fraction)
        return Fraction(value)
    if name.type.kind is Kind.TAGS:
        assert not isinstance(value, str | bool | int | Decimal | Fraction | date)
        return frozenset(value)
    return value
