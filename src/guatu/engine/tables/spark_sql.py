"""How Spark says what DuckDB's SQL says: every difference between the two, in one place.

The trees are the same for both engines; only what is listed here is rendered otherwise. Spark has no
integers of 38 digits but decimals without decimal places; these overflow with an error (ANSI mode).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, ClassVar

from sqlglot import exp
from sqlglot.dialects.spark import Spark
from sqlglot.generators.spark import SparkGenerator

from guatu.engine.tables.sql_values import MOST_QUOTIENT

WIDE = "DECIMAL(38, 0)"
_SHORT = 10**18
"""Below this a number is a BIGINT with room to spare."""
_QUOTIENT = MOST_QUOTIENT + 1
"""Spark divides decimals of 38 digits to six decimal places, so the whole part has room for 32 digits."""
_HALF = 10**19
"""Where a dividend is cut in two when its quotient may have more than 32 digits."""
_SMALL = 10**6
"""Divisors from here on leave quotients of at most 32 digits."""
_EUCLID_STEPS = 190
"""Euclid's algorithm takes at most 4.8 steps a decimal digit of the smaller number, and a few more."""


def truncated(left: str, right: str, divisor: int | None, *, short: bool) -> str:
    """`left` divided by `right`, toward zero, exactly; null where `right` is 0. `short`: of at most 32 digits.

    DIV ends at BIGINT and `/` rounds to six decimal places, so the remainder is taken off first. A longer
    quotient is found in two steps.
    """
    left = f"CAST({left} AS {WIDE})"
    if divisor is None:
        right = f"NULLIF({right}, 0)"
    direct = _exactly(left, right)
    if short or (divisor is not None and divisor >= _SMALL):
        return direct
    high, low = _exactly(left, str(_HALF)), f"({left} % {_HALF})"
    rest = f"(({high} % {right}) * {_HALF} + {low})"
    split = f"({_exactly(high, right)} * {_HALF} + {_exactly(rest, right)})"
    fits = f"ABS({left}) < {_QUOTIENT}" + ("" if divisor is not None else f" OR {right} >= {_SMALL}")
    return f"CASE WHEN {fits} THEN {direct} ELSE {split} END"


def _exactly(left: str, right: str) -> str:
    """A quotient of at most 32 digits."""
    return f"CAST((({left} - {left} % {right}) / {right}) AS {WIDE})"


def common_divisor(left: str, right: str, divisor: int | None) -> str:
    """The greatest common divisor of any number and a positive one; Spark has no function for it."""
    if divisor == 1:
        return "1"
    if divisor is not None and divisor < _SHORT:
        return _euclid(f"CAST({left} % {divisor} AS BIGINT)", f"{divisor}L", 5 * len(str(divisor)) + 2)
    short = f"ABS({left}) < {_SHORT} AND {right} < {_SHORT}"
    narrow = _euclid(f"CAST({left} AS BIGINT)", f"CAST({right} AS BIGINT)", _EUCLID_STEPS // 2)
    return f"CASE WHEN {short} THEN {narrow} ELSE {_euclid(left, f'CAST({right} AS {WIDE})', _EUCLID_STEPS)} END"


def _euclid(left: str, right: str, steps: int) -> str:
    pair = f"STRUCT(ABS({left}) AS x, {right} AS y)"
    step = "(s, i) -> IF(s.y = 0, s, STRUCT(s.y AS x, s.x % s.y AS y))"
    return f"AGGREGATE(SEQUENCE(1, {steps}), {pair}, {step}, s -> s.x)"


def _known(node: exp.Expr) -> int | None:
    """The positive whole number a node is, if it is one."""
    if isinstance(node, exp.Cast):
        return _known(node.this)
    return int(node.this) if isinstance(node, exp.Literal) and not node.is_string and int(node.this) > 0 else None


def _int_div(generator: SparkGenerator, node: exp.IntDiv) -> str:
    left, right = generator.sql(node, "this"), generator.sql(node, "expression")
    return truncated(left, right, _known(node.expression), short=bool(node.meta.get("short")))


def _called(generator: SparkGenerator, node: exp.Anonymous) -> str:
    """A function sqlglot does not know, by its name in DuckDB."""
    name, arguments = str(node.this).upper(), [generator.sql(one) for one in node.expressions]
    if name == "GCD":
        return common_divisor(arguments[0], arguments[1], _known(node.expressions[1]))
    return _CALLS[name](arguments) if name in _CALLS else generator.func(name, *arguments)


_CALLS: dict[str, Callable[[Sequence[str]], str]] = {
    # GET counts from 0 and gives null outside the list, as LIST_EXTRACT does counting from 1.
    "LIST_EXTRACT": lambda given: f"GET({given[0]}, CAST({given[1]} - 1 AS INT))",
    "LIST_SORT": lambda given: f"SORT_ARRAY({given[0]})",
    "LIST_DISTINCT": lambda given: f"ARRAY_DISTINCT({given[0]})",
}


class ExactSpark(Spark):
    """SQLGlot's Spark dialect with our exact integers."""

    class Generator(SparkGenerator):
        TYPE_MAPPING: ClassVar[dict[Any, Any]] = {**SparkGenerator.TYPE_MAPPING, exp.DType.INT128: WIDE}
        TRANSFORMS: ClassVar[dict[Any, Any]] = {
            **SparkGenerator.TRANSFORMS,
            exp.IntDiv: _int_div,
            exp.Anonymous: _called,
            exp.Contains: lambda self, node: self.func("CONTAINS", node.this, node.expression),
        }
