from decimal import ROUND_HALF_UP, Decimal, localcontext
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guatu.standards.rounding import round_half_up, rounded_figure


def test_seventy_eight_of_ninety_six_prints_as_81_3_percent() -> None:
    assert round_half_up(Fraction(78, 96) * 100, 1) == Decimal("81.3")


@pytest.mark.parametrize(
    ("value", "decimals", "printed"),
    [
        (Fraction(1, 3), 4, "0.3333"),
        (Decimal("0.125"), 2, "0.13"),
        (Decimal("-0.125"), 2, "-0.13"),
        (Decimal("-0.004"), 2, "0.00"),
        (2, 2, "2.00"),
        (Fraction(-5, 2), 0, "-3"),
        (0, 0, "0"),
    ],
)
def test_a_half_goes_away_from_zero_and_places_are_kept(
    value: Fraction | Decimal | int, decimals: int, printed: str
) -> None:
    assert str(round_half_up(value, decimals)) == printed


def test_more_digits_than_the_decimal_context_holds_are_rounded_exactly() -> None:
    value = Decimal("1234567890123456789012345678901234567890.445")

    assert str(round_half_up(value, 2)) == "1234567890123456789012345678901234567890.45"


@given(st.decimals(allow_nan=False, allow_infinity=False, places=6), st.integers(0, 5))
def test_it_agrees_with_the_decimal_module(value: Decimal, decimals: int) -> None:
    with localcontext() as context:
        context.prec = 100
        expected = value.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)

    assert round_half_up(value, decimals) == expected


@given(st.fractions(), st.integers(0, 7))
def test_a_figure_written_at_once_is_the_rounded_one(value: Fraction, decimals: int) -> None:
    assert rounded_figure(value.numerator, value.denominator, decimals) == f"{round_half_up(value, decimals):f}"


def test_a_float_is_refused() -> None:
    with pytest.raises(TypeError):
        round_half_up(0.1, 1)  # type: ignore[arg-type]


def test_negative_places_are_refused() -> None:
    with pytest.raises(ValueError, match="negative"):
        round_half_up(1, -1)
