"""A ratio that travels as numerator and denominator until it is shown."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from guatu.standards.rounding import round_half_up


@dataclass(frozen=True, slots=True)
class Rate:
    """`numerator / denominator`, both kept as they were counted (34/44 stays 34/44).

    Two rates are never added: add what they were made of. Rates compare by value.
    """

    numerator: Fraction
    denominator: Fraction

    def __post_init__(self) -> None:
        if self.denominator <= 0:
            raise ValueError(f"A rate of {self.denominator} parts has no value; a missing rate is None.")

    @property
    def value(self) -> Fraction:
        return self.numerator / self.denominator

    def __lt__(self, other: Rate) -> bool:
        return self.value < other.value

    def rounded(self, decimals: int) -> Decimal:
        """The rate itself (1 = 100 %), half up."""
        return round_half_up(self.value, decimals)

    def percent(self, decimals: int) -> str:
        """As printed: `77.3%`."""
        return f"{round_half_up(self.value * 100, decimals)}%"

    def points_from(self, other: Rate, decimals: int) -> Decimal:
        """How many percentage points this rate lies above (or, negative, below) another."""
        return round_half_up((self.value - other.value) * 100, decimals)
