"""Rounding as printed figures are rounded: half up, away from zero, without any float."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction


def round_half_up(value: Fraction | Decimal | int, decimals: int) -> Decimal:
    """`value` to `decimals` places, a half away from zero: 81.25 -> 81.3, -81.25 -> -81.3.

    Exact for any number of digits; the result always carries `decimals` places (1 -> 1.00).
    A float is a programming error here, because it has already lost what this protects.
    """
    if isinstance(value, (bool, float)):
        raise TypeError(f"round_half_up takes Fraction, Decimal or int, not {type(value).__name__}")
    if decimals < 0:
        raise ValueError(f"decimals is {decimals}; it cannot be negative")
    num, den = value.as_integer_ratio()
    digits = (abs(num) * 10**decimals * 2 + den) // (2 * den)
    return Decimal(f"{'-' if num < 0 and digits else ''}{digits}E-{decimals}")


def rounded_figure(num: int, den: int, decimals: int) -> str:
    """`num/den` (den > 0) as `round_half_up` rounds it, written out: `81.3`, `-0.50`, and `0.0` for what rounds to 0."""
    if den == 1 and not decimals:
        return str(num)
    digits = (2 * abs(num) * 10**decimals + den) // (2 * den)
    sign = "-" if num < 0 and digits else ""
    if not decimals:
        return f"{sign}{digits}"
    whole, part = divmod(digits, 10**decimals)
    return f"{sign}{whole}.{part:0{decimals}d}"
