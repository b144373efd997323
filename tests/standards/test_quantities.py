from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guatu.standards.quantities import (
    AREA_UNITS,
    MONEY_UNITS,
    Amount,
    CurrenciesDiffer,
    NotAUnit,
    NotWhole,
    Rounded,
    TooLarge,
    from_fen,
    from_mu_millionths,
    show_area,
    show_fen,
    to_fen,
    to_mu_millionths,
    total,
)

FEN = st.integers(-(2**63) + 1, 2**63 - 1)


@pytest.mark.parametrize(
    ("amount", "unit", "fen"),
    [
        ("1147.14", "亿元", 11_471_400_000_000),
        ("0.0001", "万元", 100),
        ("0.000001", "万元", 1),
        ("-12.5", "万元", -12_500_000),
        ("3", "元", 300),
        ("1.5", "亿美元", 15_000_000_000),
    ],
)
def test_money_is_stored_as_whole_fen(amount: str, unit: str, fen: int) -> None:
    assert to_fen(Decimal(amount), unit) == fen


@given(FEN, st.sampled_from(list(MONEY_UNITS)))
def test_every_stored_amount_comes_back_from_every_unit(fen: int, unit: str) -> None:
    assert to_fen(from_fen(fen, unit), unit) == fen


def test_what_is_no_whole_fen_is_refused_where_it_stands() -> None:
    with pytest.raises(NotWhole) as refusal:
        to_fen(Decimal("0.0000001"), "万元", where="市北区.xlsx Sheet1!J9")

    assert refusal.value.where == "市北区.xlsx Sheet1!J9"
    assert "分" in refusal.value.what.zh


def test_rounding_happens_only_when_asked_for_and_says_so() -> None:
    assert to_fen(Decimal("1.005"), "元", rounding="half_up") == Rounded(101, True)
    assert to_fen(Decimal("-1.005"), "元", rounding="half_up") == Rounded(-101, True)
    assert to_fen(Decimal("1.01"), "元", rounding="half_up") == Rounded(101, False)


def test_more_digits_than_the_decimal_context_holds_are_not_lost() -> None:
    with pytest.raises(NotWhole):
        to_fen(Decimal("1.000000000000000000000000000000000001"), "元")


def test_what_does_not_fit_64_bits_is_refused() -> None:
    assert to_fen(Decimal("92233720368547758.07"), "元") == 2**63 - 1
    with pytest.raises(TooLarge):
        to_fen(Decimal(10) ** 10, "亿元")


@pytest.mark.parametrize("unit", ["亩", "万", "吨标煤", "万元/亩", "", "元元"])
def test_what_is_no_unit_of_money_is_refused(unit: str) -> None:
    with pytest.raises(NotAUnit) as refusal:
        to_fen(Decimal(1), unit)

    assert f"“{unit}”" in refusal.value.what.zh
    assert "万元" in refusal.value.remedy.en


@pytest.mark.parametrize("value", [0.1, True, Decimal("NaN"), Decimal("Infinity")])
def test_floats_and_not_a_number_never_become_money(value: Decimal) -> None:
    with pytest.raises((TypeError, ValueError)):
        to_fen(value, "元")


@pytest.mark.parametrize(
    ("fen", "unit", "decimals", "printed"),
    [
        (1_012_345_678, "万元", 1, "1012.3"),
        (1_012_500_000, "万元", 1, "1012.5"),
        (1_000_500, "万元", 2, "1.00"),
        (1_005_000, "万元", 2, "1.01"),
        (-1_005_000, "万元", 2, "-1.01"),
        (1, "亿元", 2, "0.00"),
        (114_714_000_000_000, "亿元", 0, "11471"),
    ],
)
def test_money_is_printed_half_up(fen: int, unit: str, decimals: int, printed: str) -> None:
    assert show_fen(fen, unit, decimals) == printed


def test_a_hectare_is_fifteen_mu_and_a_mu_666_67_square_metres() -> None:
    assert to_mu_millionths(1, "公顷") == to_mu_millionths(15, "亩") == to_mu_millionths(10_000, "平方米")
    assert from_mu_millionths(1_000_000, "平方米") == Fraction(2000, 3)
    assert show_area(1_000_000, "平方米", 2) == "666.67"
    assert to_mu_millionths(Decimal("0.01"), "平方米") == 15


@given(FEN, st.sampled_from(list(AREA_UNITS)))
def test_every_stored_area_is_the_same_in_every_unit(stored: int, unit: str) -> None:
    factor = AREA_UNITS[unit].factor

    assert factor is not None
    assert from_mu_millionths(stored, unit) * factor == stored


def test_an_area_finer_than_a_millionth_of_a_mu_is_refused() -> None:
    with pytest.raises(NotWhole) as refusal:
        to_mu_millionths(Decimal("0.0001"), "平方米")

    assert "millionths of a mu" in refusal.value.what.en
    assert to_mu_millionths(Decimal("0.0001"), "平方米", rounding="half_up") == Rounded(0, True)


def test_amounts_of_one_currency_add_and_compare() -> None:
    assert Amount(150) + Amount(50) - Amount(1) == Amount(199)
    assert -Amount(5) < Amount(0) <= Amount(0)
    assert Amount(7, "USD") > Amount(6, "USD")


def test_amounts_of_two_currencies_do_neither() -> None:
    with pytest.raises(CurrenciesDiffer):
        Amount(1) + Amount(1, "USD")
    with pytest.raises(CurrenciesDiffer):
        _ = Amount(1) < Amount(1, "USD")
    assert Amount(1) != Amount(1, "USD")


def test_a_total_is_kept_by_currency() -> None:
    sums = total([Amount(100, "USD"), Amount(5), Amount(7, "USD"), Amount(-5)])

    assert sums == {"CNY": Amount(0), "USD": Amount(107, "USD")}
    assert list(sums) == ["CNY", "USD"]


@pytest.mark.parametrize(("fen", "currency"), [(1.5, "CNY"), (True, "CNY"), (1, "XXX")])
def test_an_amount_of_half_a_fen_or_an_unknown_currency_is_refused(fen: int, currency: str) -> None:
    with pytest.raises((TypeError, ValueError)):
        Amount(fen, currency)


def test_a_stored_float_is_refused() -> None:
    with pytest.raises(TypeError):
        show_fen(1.0, "元", 2)  # type: ignore[arg-type]
