"""Figures print as people read them, rounded half up, with one unit to a column."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guatu.office.figures import Figure, FigureKind, Mark, Provenance, number_of, printed, scale_for
from guatu.text import Text

WHY = Provenance(Text("甲", "a"), "rule", "1")


def figure(
    kind: FigureKind, value: Fraction | Decimal | int | None, decimals: int = 0, *, signed: bool = False
) -> Figure:
    missing = None if value is not None else Text("未报送", "not reported")
    return Figure("x", kind, value, WHY, decimals, missing=missing, signed=signed)


@pytest.mark.parametrize(
    ("given_", "zh", "en"),
    [
        (figure(FigureKind.COUNT, 1426), "1426", "1,426"),
        (figure(FigureKind.PERCENT, Fraction(78, 96), 1), "81.3%", "81.3%"),
        (figure(FigureKind.POINTS, Fraction(-733, 10000), 2), "−7.33个百分点", "−7.33 pp"),
        (figure(FigureKind.POINTS, Fraction(733, 10000), 2, signed=True), "+7.33个百分点", "+7.33 pp"),
        (figure(FigureKind.MONEY, 19_537 * 10**8, 1), "195.4亿元", "CNY 19.5 billion"),
        (figure(FigureKind.MONEY, 500 * 10**6), "500万元", "CNY 5 million"),
        (figure(FigureKind.DAYS, 28), "28天", "28 days"),
        (figure(FigureKind.RANK, 3), "3", "3"),
        (figure(FigureKind.PERCENT, None, 1), "—", "—"),
    ],
)
def test_a_figure_prints_with_the_unit_that_belongs_to_it(given_: Figure, zh: str, en: str) -> None:
    assert printed(given_, "zh") == zh
    assert printed(given_, "en") == en


def test_a_column_of_money_is_in_yi_when_most_of_it_is_large() -> None:
    amounts = [figure(FigureKind.MONEY, value * 10**6, 2) for value in (500, 200_000, 900_000)]
    scale = scale_for(amounts)
    assert (scale.header.zh, scale.header.en) == ("亿元", "CNY 100 million")
    assert [number_of(one, scale, "zh") for one in amounts] == ["0.05", "20.00", "90.00"]


def test_figures_of_two_kinds_cannot_share_a_column() -> None:
    with pytest.raises(ValueError, match="cannot share a column"):
        scale_for([figure(FigureKind.COUNT, 1), figure(FigureKind.PERCENT, Fraction(1, 2))])


def test_a_figure_without_value_must_say_why() -> None:
    with pytest.raises(ValueError, match="reason why not"):
        Figure("x", FigureKind.COUNT, None, WHY)


def test_a_float_is_refused() -> None:
    with pytest.raises(TypeError, match="float"):
        Figure("x", FigureKind.COUNT, 0.5, WHY)  # type: ignore[arg-type]


def test_a_light_is_never_only_a_colour() -> None:
    with pytest.raises(ValueError, match="shape and a word"):
        Mark("x", "", Text("红", "red"), "red")
    with pytest.raises(ValueError, match="colour"):
        Mark("x", "■", Text("红", "red"), "pink")


@given(st.integers(-(10**15), 10**15), st.integers(0, 3))
def test_printing_never_moves_a_figure_by_more_than_half_a_last_digit(value: int, decimals: int) -> None:
    one = figure(FigureKind.MONEY, value, decimals)
    scale = scale_for([one])
    shown = Fraction(number_of(one, scale, "zh").replace("−", "-"))
    assert abs(shown - Fraction(value) / scale.divisor) <= Fraction(1, 2 * 10**decimals)
