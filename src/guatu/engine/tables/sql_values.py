"""Exact arithmetic in SQL: every number a pair of integers, nothing ever a double.

Written as SQLGlot nodes, so one tree renders for each engine. A number is missing when its numerator
is; a denominator is positive wherever the numerator is there. `//` truncates toward zero.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import cache
from math import lcm
from typing import Any

from sqlglot import exp

from guatu.engine.expressions import Kind, Type

Sql = Any
"""A SQLGlot expression."""


@dataclass(frozen=True, slots=True)
class Pair:
    """A number as numerator and denominator; `den` is an int where it is the same for every row."""

    num: Sql
    den: Any

    @property
    def fixed(self) -> bool:
        return isinstance(self.den, int)

    @property
    def den_sql(self) -> Sql:
        return whole(self.den) if isinstance(self.den, int) else self.den


Compiled = Any
"""A Pair for a number, otherwise a SQLGlot expression."""


# SQLGlot copies whole trees unless told not to; nothing here changes a node once it is made.


@cache
def _type(name: str) -> Sql:
    return exp.DataType.build(name)


def cast(sql: Sql, sql_type: str) -> Sql:
    return exp.Cast(this=sql, to=_type(sql_type))


def named(sql: Sql, name: str) -> Sql:
    return exp.Alias(this=sql, alias=exp.to_identifier(name, quoted=True))


def source(query: Sql, alias: str) -> Sql:
    """A query or table under an alias, to select from or join."""
    return exp.alias_(query, alias, table=True, quoted=True, copy=False)


def subquery(query: Sql, alias: str) -> Sql:
    return source(query.subquery(copy=False), alias)


def select(columns: Sequence[Sql], origin: Sql) -> Sql:
    return exp.Select().select(*columns, copy=False).from_(origin, copy=False)


def wide(sql: Sql) -> Sql:
    """As an integer of 38 digits."""
    return cast(sql, "int128")


def whole(number: int) -> Sql:
    """An integer beside or among wide ones; alone it is as narrow as the engine likes."""
    literal = exp.Literal.number(abs(number))
    return exp.Paren(this=exp.Neg(this=literal)) if number < 0 else literal


def null(sql_type: str = "int128") -> Sql:
    return cast(exp.null(), sql_type)


def text(value: str) -> Sql:
    return exp.Literal.string(value)


def day(value: date) -> Sql:
    return cast(text(value.isoformat()), "date")


def truth(value: bool) -> Sql:
    return exp.true() if value else exp.false()


def infix(kind: Any, left: Sql, right: Sql) -> Sql:
    """`(left kind right)`, in brackets so that no precedence is left to chance."""
    return exp.Paren(this=kind(this=left, expression=right))


def add(left: Sql, right: Sql) -> Sql:
    return infix(exp.Add, left, right)


def subtract(left: Sql, right: Sql) -> Sql:
    return infix(exp.Sub, left, right)


def times(left: Sql, right: Sql | int) -> Sql:
    if isinstance(right, int):
        return left if right == 1 else infix(exp.Mul, left, whole(right))
    return infix(exp.Mul, left, right)


MOST_QUOTIENT = 10**32 - 1
"""The largest quotient every engine finds in one step."""


def truncated(left: Sql, right: Sql, *, most: int = 0, usually_small: bool = False) -> Sql:
    """The quotient without its fraction; `most` is the largest magnitude it can have, where that is known.

    `usually_small`: both sides most often fit 64 bits, which an engine may try first.
    """
    quotient = exp.IntDiv(this=left, expression=right)
    quotient.meta["short"] = 0 < most <= MOST_QUOTIENT
    quotient.meta["usually_small"] = usually_small
    return exp.Paren(this=quotient)


def remainder(left: Sql, right: Sql) -> Sql:
    return infix(exp.Mod, left, right)


def is_null(sql: Sql) -> Sql:
    return infix(exp.Is, sql, exp.null())


def is_there(sql: Sql) -> Sql:
    return exp.Not(this=is_null(sql))


def negated(condition: Sql) -> Sql:
    return exp.Paren(this=exp.Not(this=condition))


def all_of(conditions: Sequence[Sql]) -> Sql:
    return _joined(exp.And, conditions) if conditions else exp.true()


def any_of(conditions: Sequence[Sql]) -> Sql:
    return _joined(exp.Or, conditions) if conditions else exp.false()


def _joined(kind: Any, conditions: Sequence[Sql]) -> Sql:
    result = conditions[0]
    for condition in conditions[1:]:
        result = kind(this=result, expression=condition)
    return exp.Paren(this=result)


def choose(branches: Sequence[tuple[Sql, Sql]], otherwise: Sql) -> Sql:
    ifs = [exp.If(this=condition, true=value) for condition, value in branches]
    return exp.Case(ifs=ifs, default=otherwise)


def call(name: str, *arguments: Sql) -> Sql:
    return exp.Anonymous(this=name, expressions=list(arguments))


def absolute(sql: Sql) -> Sql:
    return exp.Abs(this=sql)


def sign_of(sql: Sql) -> Sql:
    return choose([(infix(exp.LT, sql, whole(0)), whole(-1))], whole(1))


# pairs


def literal(value: Fraction | None) -> Pair:
    return Pair(null(), 1) if value is None else Pair(wide(whole(value.numerator)), value.denominator)


def with_common_denominator(pairs: Sequence[Pair]) -> tuple[list[Sql], list[Any]]:
    """Numerators and denominators; with fixed denominators all become the least common one."""
    if all(pair.fixed for pair in pairs):
        common = lcm(*(pair.den for pair in pairs))
        return [times(pair.num, common // pair.den) for pair in pairs], [common] * len(pairs)
    return [pair.num for pair in pairs], [pair.den_sql for pair in pairs]


def crossed(left: Pair, right: Pair) -> tuple[Sql, Sql, Any]:
    """Both numerators over one denominator."""
    if left.fixed and right.fixed:
        (a, b), (common, _) = with_common_denominator((left, right))
        return a, b, common
    if left.fixed:
        den = times(right.den_sql, left.den)
        return times(left.num, right.den_sql), times(right.num, left.den), den
    den = times(left.den_sql, right.den if right.fixed else right.den_sql)
    return times(left.num, right.den if right.fixed else right.den_sql), times(right.num, left.den_sql), den


def plus(left: Pair, right: Pair) -> Pair:
    a, b, den = crossed(left, right)
    return Pair(add(a, b), den)


def minus(left: Pair, right: Pair) -> Pair:
    a, b, den = crossed(left, right)
    return Pair(subtract(a, b), den)


def multiplied(left: Pair, right: Pair) -> Pair:
    num = times(left.num, right.num)
    if left.fixed and right.fixed:
        return Pair(num, left.den * right.den)
    return Pair(num, times(left.den_sql, right.den_sql))


def divided_by(left: Pair, value: Fraction | None) -> Pair:
    """By a number known when the statement is written."""
    if not value:
        return Pair(null(), 1)
    num = times(left.num, value.denominator if value > 0 else -value.denominator)
    factor = abs(value.numerator)
    return Pair(num, left.den * factor if left.fixed else times(left.den_sql, factor))


def divided(left: Pair, right: Pair) -> Pair:
    signed = times(times(left.num, right.den if right.fixed else right.den_sql), sign_of(right.num))
    num = choose([(infix(exp.NEQ, right.num, whole(0)), signed)], null())
    return Pair(num, times(left.den_sql, absolute(right.num)))


def negative(value: Pair) -> Pair:
    return Pair(exp.Paren(this=exp.Neg(this=value.num)), value.den)


def magnitude(value: Pair) -> Pair:
    return Pair(absolute(value.num), value.den)


def power(value: Pair, exponent: int) -> Pair:
    # null to the power 0 stays null, so the numerator is kept in the product.
    num = times(value.num, 0) if exponent == 0 else value.num
    result = Pair(add(num, whole(1)) if exponent == 0 else num, 1 if exponent == 0 else value.den)
    for _ in range(exponent - 1):
        result = multiplied(result, value)
    return result


def rounded(value: Pair, decimals: int, direction: str, most: int = 0) -> Pair:
    """`direction`: `round` (a half away from zero), `floor` or `ceil`. `most` bounds the value."""
    most = (most + 1) * 10**decimals if most else 0
    scale, den = 10**decimals, value.den_sql
    if direction == "round":
        half = choose([(infix(exp.LT, value.num, whole(0)), exp.Neg(this=den))], den)
        return Pair(truncated(add(times(value.num, 2 * scale), half), times(den, 2), most=most), scale)
    scaled = times(value.num, scale)
    quotient = truncated(scaled, den, most=most)
    passed = exp.LT if direction == "floor" else exp.GT
    step = subtract(quotient, whole(1)) if direction == "floor" else add(quotient, whole(1))
    return Pair(choose([(infix(passed, remainder(scaled, den), whole(0)), step)], quotient), scale)


_COMPARISONS = {"eq": exp.EQ, "ne": exp.NEQ, "lt": exp.LT, "le": exp.LTE, "gt": exp.GT, "ge": exp.GTE}


def compared(name: str, left: Compiled, right: Compiled) -> Sql:
    if isinstance(left, Pair) and isinstance(right, Pair):
        a, b, _ = crossed(left, right)
        return infix(_COMPARISONS[name], a, b)
    return infix(_COMPARISONS[name], left, right)


def there(value: Compiled) -> Sql:
    return is_there(value.num if isinstance(value, Pair) else value)


def missing(value: Compiled) -> Sql:
    return is_null(value.num if isinstance(value, Pair) else value)


def chosen(branches: Sequence[tuple[Sql, Compiled]], otherwise: Compiled) -> Compiled:
    """CASE over numbers or anything else."""
    values = [*(value for _, value in branches), otherwise]
    if not isinstance(otherwise, Pair):
        return choose(branches, otherwise)
    nums, dens = with_common_denominator(values)
    conditions = [condition for condition, _ in branches]
    num = choose(list(zip(conditions, nums[:-1], strict=True)), nums[-1])
    if isinstance(dens[0], int):
        return Pair(num, dens[0])
    return Pair(num, choose(list(zip(conditions, dens[:-1], strict=True)), dens[-1]))


def first_there(values: Sequence[Compiled]) -> Compiled:
    return chosen([(there(value), value) for value in values[:-1]], values[-1])


def extreme(values: Sequence[Compiled], comparison: str) -> Compiled:
    """The smallest (`lt`) or largest (`gt`) of those there are."""
    result = values[0]
    for value in values[1:]:
        better = any_of([missing(result), compared(comparison, value, result)])
        result = chosen([(all_of([there(value), better]), value)], result)
    return result


def sorting_keys(value: Compiled, den_digits: int, most: int) -> list[Sql]:
    """Columns that sort as the value does, exactly.

    Two ratios with denominators below 10^d differ by more than 10^-2d, so 2d decimal digits tell them
    apart; they are worked out by long division, as many at a time as 38 digits leave room for.
    `most` bounds the numerator.
    """
    if not isinstance(value, Pair):
        return [value]
    if value.fixed:
        return [value.num]
    keys, step = [truncated(value.num, value.den, most=most)], min(37 - den_digits, len(str(MOST_QUOTIENT)) - 1)
    rest, digits = remainder(value.num, value.den), 0
    while digits < 2 * den_digits:
        scaled = times(rest, 10**step)
        keys.append(truncated(scaled, value.den, most=10**step))
        rest = remainder(scaled, value.den)
        digits += step
    return keys


SQL_TYPES = {
    Kind.BOOLEAN: "boolean",
    Kind.DATE: "date",
    Kind.TEXT: "text",
    Kind.PERIOD: "text",
    Kind.SEVERITY: "int",
    Kind.TAGS: "array<text>",
    Kind.NULL: "int",
}


def constant(value: Any, type_: Type) -> Compiled:
    """A value known when the statement is written."""
    if type_.numeric:
        return literal(value)
    if value is None:
        return null(SQL_TYPES[type_.kind])
    if isinstance(value, bool):
        return truth(value)
    if isinstance(value, date):
        return day(value)
    if type_.kind is Kind.SEVERITY:
        return whole(int(value))
    return text(str(value))
