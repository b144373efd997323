"""Exact sums in the database: whole amounts and decimals alike, no float on the way."""

from __future__ import annotations

from decimal import Context, Decimal
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Aggregate, TextField
from django.db.models.sql.compiler import SQLCompiler

_EXACT = Context(prec=60)


class ExactSum(Aggregate):
    """The sum of numbers written as text or kept as whole numbers, as decimal text; none where there are none."""

    function = "SUM"
    name = "ExactSum"
    output_field = TextField()
    template = "(%(function)s((%(distinct)s%(expressions)s)::numeric))::text"

    def as_sqlite(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **more: Any) -> tuple[str, Any]:
        found: tuple[str, Any] = self.as_sql(
            compiler, connection, function="EXACT_SUM", template="%(function)s(%(distinct)s%(expressions)s)", **more
        )
        return found


class _Summing:
    """What SQLite calls row by row: it has no exact decimals of its own, and its whole numbers end at 2**63."""

    def __init__(self) -> None:
        self.total: Decimal | None = None

    def step(self, value: str | int | None) -> None:
        if value is not None:
            self.total = _EXACT.add(self.total or Decimal(0), Decimal(value))

    def finalize(self) -> str | None:
        return None if self.total is None else format(self.total, "f")


def teach_to_sum(*, connection: BaseDatabaseWrapper, **_: object) -> None:
    """Give a fresh connection to SQLite the exact sum."""
    if connection.vendor == "sqlite":
        connection.connection.create_aggregate("EXACT_SUM", 1, _Summing)
