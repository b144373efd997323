from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guatu.standards.periods import Kind, Period
from guatu.standards.progress import InvalidCurve, NeedsDays, by_curve, linear
from guatu.standards.rounding import round_half_up

AUGUST = Period.month(2021, 8)
CURVE = [
    Decimal(point)
    for point in ("0.02", "0.05", "0.12", "0.2", "0.3", "0.42", "0.52", "0.62", "0.74", "0.84", "0.93", "1")
]


def test_seventy_four_percent_at_the_end_of_august_is_7_33_points_ahead() -> None:
    ahead = (Fraction(74, 100) - linear(AUGUST)) * 100

    assert round_half_up(ahead, 2) == Decimal("7.33")


@pytest.mark.parametrize(
    ("key", "share"),
    [
        ("2021-01", Fraction(1, 12)),
        ("2021-08", Fraction(2, 3)),
        ("2021Q3", Fraction(3, 4)),
        ("2021H1", Fraction(1, 2)),
        ("2021", Fraction(1)),
    ],
)
def test_linear_progress_is_months_elapsed_of_twelve(key: str, share: Fraction) -> None:
    assert linear(Period.parse(key)) == share


@pytest.mark.parametrize(
    ("key", "share"),
    [
        ("2021-08-31", Fraction(243, 365)),
        ("2024-12-31", Fraction(1)),
        ("2020-W53", Fraction(1)),
        ("2026-W01", Fraction(4, 365)),
        ("2021-08", Fraction(243, 365)),
    ],
)
def test_progress_by_days_where_it_is_declared(key: str, share: Fraction) -> None:
    assert linear(Period.parse(key), by_days=True) == share


@pytest.mark.parametrize("key", ["2021-08-31", "2021-W35", "2021-F18", "2021-08A"])
def test_a_period_shorter_than_a_month_needs_days(key: str) -> None:
    with pytest.raises(NeedsDays) as refusal:
        linear(Period.parse(key))
    with pytest.raises(NeedsDays):
        by_curve(Period.parse(key), CURVE)

    assert refusal.value.where == key


def test_a_curve_gives_its_point_exactly() -> None:
    assert by_curve(AUGUST, CURVE) == Fraction(62, 100)
    assert by_curve(Period.parse("2021"), CURVE) == 1


@pytest.mark.parametrize(
    ("key", "share"),
    [
        ("2021-08-31", Fraction(62, 100)),
        ("2021-09A", Fraction(62, 100) + Fraction(12, 100) / 2),
        ("2021-01-31", Fraction(2, 100)),
        ("2026-W01", Fraction(2, 100) * Fraction(4, 31)),
        ("2021-12-31", Fraction(1)),
    ],
)
def test_a_curve_by_days_runs_straight_between_month_ends(key: str, share: Fraction) -> None:
    assert by_curve(Period.parse(key), CURVE, by_days=True) == share


@given(st.lists(st.integers(0, 10_000), min_size=12, max_size=12).filter(any), st.dates())
def test_a_curve_by_days_never_falls_from_one_day_to_the_next(steps: list[int], day: date) -> None:
    total = sum(steps)
    scaled = [Decimal(sum(steps[: month + 1]) * 10**6 // total) / 10**6 for month in range(12)]
    today = Period.containing(Kind.DAY, day.replace(year=2021, day=min(day.day, 28)))

    assert by_curve(today, scaled, by_days=True) <= by_curve(today.next(), scaled, by_days=True)


@pytest.mark.parametrize(
    ("points", "zh"),
    [
        (CURVE[:11], "11 个点"),
        ([*CURVE[:11], Decimal("0.99")], "12月为 0.99"),
        ([Decimal("0.5"), Decimal("0.4"), *CURVE[2:]], "2月的 0.4 低于上月"),
        ([Decimal("-0.1"), *CURVE[1:]], "1月的 -0.1 低于上月"),
        ([point * 100 for point in CURVE], "12月为 100"),
    ],
)
def test_points_that_make_no_curve_are_refused_where_they_stand(points: list[Decimal], zh: str) -> None:
    with pytest.raises(InvalidCurve) as refusal:
        by_curve(AUGUST, points, where="rulebook.yaml:14")

    assert refusal.value.where == "rulebook.yaml:14"
    assert zh in refusal.value.what.zh


def test_a_float_is_no_point_of_a_curve() -> None:
    with pytest.raises(TypeError):
        by_curve(AUGUST, [0.5] * 11 + [1.0])  # type: ignore[arg-type]
