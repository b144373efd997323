"""Answers as Arrow columns, the same from every driver."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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
    return {name: pa.array(answer_values(typed, values), _ARROW[typed.type.kind])}


def answer_values(typed: Typed, values: Sequence[Any]) -> list[Any]:
    """Worked-out values as callers see them: severities by their key, tags sorted."""
    if typed.type.kind is Kind.SEVERITY:
        return [None if value is None else Severity.of_rank(int(value)).value for value in values]
    if typed.type.kind is Kind.TAGS:
        return [None if value is None else sorted(value) for value in values]
    return list(values)


def fractions(table: pa.Table, name: str) -> list[Fraction | None]:
    """A number of an answer as exact fractions."""
    return ratios(table[f"{name}.num"], table[f"{name}.den"])


def ratios(nums: Any, dens: Any) -> list[Fraction | None]:
    """Two columns of whole numbers as exact fractions; missing where the first is."""
    return [
        None if num is None else Fraction(num) if den == 1 else Fraction(num, den or 0)
        for num, den in zip(integers(nums), integers(dens), strict=True)
    ]


def integers(column: Any) -> list[int | None]:
    """A column of whole numbers as Python's; those of 64 bits get there without a Decimal each."""
    try:
        found: list[int | None] = column.cast(pa.int64()).to_pylist()
    except pa.ArrowInvalid:
        found = [None if value is None else int(value) for value in column.to_pylist()]
    return found


def with_kept(raw: pa.Table, keep: Sequence[str], columns: Mapping[str, Any]) -> pa.Table:
    """Columns kept from the input, then the answers."""
    kept = {column: raw[column] for column in keep}
    return pa.table({**kept, **columns}) if kept or columns else raw.select([])
