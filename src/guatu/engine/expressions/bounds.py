"""Digits of exact arithmetic: how large numerators and denominators of results can get.

Each function mirrors what the SQL compiler does with the same operands, step for step.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import lcm

from guatu.engine.expressions.types import Bound

ROWS = 10**8
"""How many rows one total may run over."""


def of_value(value: Fraction) -> Bound:
    return Bound(abs(value.numerator), value.denominator)


def merged(bounds: Sequence[Bound]) -> Bound:
    """One of several values. With fixed denominators they are brought to a common one first."""
    if not bounds:
        return Bound(0)
    if all(bound.fixed for bound in bounds):
        known = all(bound.known for bound in bounds)
        den = lcm(*(b.den for b in bounds)) if known else _product(b.den for b in bounds)
        num = max(b.num * (den // b.den) if known else b.num * den for b in bounds)
        return Bound(num, den, fixed=True, known=known)
    return Bound(max(b.num for b in bounds), max(b.den for b in bounds), fixed=False, known=False)


def _product(factors: object) -> int:
    result = 1
    for factor in factors:  # type: ignore[attr-defined]
        result *= factor
    return result


def crossed(left: Bound, right: Bound) -> Bound:
    """Both values over one denominator, as comparing and adding need them; `num` is the larger."""
    if left.known and right.known:
        return merged((left, right))
    num = max(left.num * right.den, right.num * left.den)
    return Bound(num, left.den * right.den, fixed=left.fixed and right.fixed, known=False)


def added(left: Bound, right: Bound) -> Bound:
    both = crossed(left, right)
    if both.known:
        num = left.num * (both.den // left.den) + right.num * (both.den // right.den)
    else:
        num = left.num * right.den + right.num * left.den
    return Bound(num, both.den, both.fixed, both.known)


def multiplied(left: Bound, right: Bound) -> Bound:
    return Bound(left.num * right.num, left.den * right.den, left.fixed and right.fixed, left.known and right.known)


def divided(left: Bound, right: Bound, *, by_constant: bool, by_literal: bool) -> Bound:
    return Bound(
        left.num * right.den,
        left.den * max(right.num, 1),
        fixed=left.fixed and by_constant,
        known=left.known and by_literal,
    )


def rounding(value: Bound, decimals: int) -> Bound:
    """The largest figure met while rounding to `decimals` places."""
    return Bound(2 * value.num * 10**decimals + value.den, 2 * value.den)


def rounded(value: Bound, decimals: int) -> Bound:
    least = value.den if value.known else 1
    return Bound(value.num * 10**decimals // least + 1, 10**decimals)
