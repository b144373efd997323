"""Answers as Arrow columns, the same from every driver."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pyarrow as pa

from guatu.engine.expressions import Kind, Typed
from guatu.engine.values import Severity

WHOLE = pa.decimal128(38, 0)
"""How numerators and denominators are stored: HUGEINT would reach Parquet as DOUBLE."""

_ARROW = {
    Kind.BOOLEAN: pa.bool_(),
    Kind.DATE: pa.date32(),
    Kind.TEXT: pa.string(),
    Kind.PERIOD: pa.string(),
    Kind.SEVERITY: pa.string(),
    Kind.TAGS: pa.list_(pa.string()),
    Kind.NULL: pa.null(),
}


def answer_columns(name: str, typed: Typed, values: Sequence[Any]) -> dict[str, Any]:
    """`name` plain, or `name.num` and `name.den` in lowest terms for a number (1 = 分, millionth of 亩)."""
    if typed.type.numeric:
        nums = [None if value is None else Decimal(value.numerator) for value in values]
        dens = [None if value is None else Decimal(value.denominator) for value in values]
        return {f"{name}.num": pa.array(nums, WHOLE), f"{name}.den": pa.array(dens, WHOLE)}
    plain = [answer_value(typed, value) for value in values]
    return {name: pa.array(plain, _ARROW[typed.type.kind])}


def answer_value(typed: Typed, value: Any) -> Fraction | date | str | bool | list[str] | None:
    """A worked-out value as callers see it: severities by their key, tags sorted."""
    if typed.type.kind is Kind.SEVERITY:
        return None if value is None else Severity.of_rank(int(value)).value
    if typed.type.kind is Kind.TAGS:
        return None if value is None else sorted(value)
    found: Fraction | date | str | bool | None = value
    return found


def fractions(table: pa.Table, name: str) -> list[Fraction | None]:
    """A number of an answer as exact fractions."""
    pairs = zip(table[f"{name}.num"].to_pylist(), table[f"{name}.den"].to_pylist(), strict=True)
    return [None if num is None else Fraction(int(num), int(den)) for num, den in pairs]


def with_kept(raw: pa.Table, keep: Sequence[str], columns: Mapping[str, Any]) -> pa.Table:
    """Columns kept from the input, then the answers."""
    kept = {column: raw[column] for column in keep}
    return pa.table({**kept, **columns}) if kept or columns else raw.select([])
