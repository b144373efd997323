from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guatu.standards.periods import (
    NoJanuaryReport,
    NotAMonth,
    Period,
    cumulative_from_monthly,
    cumulative_months,
    monthly_from_cumulative,
    reporting_rounds,
)
from guatu.text import Text


def month(number: int, year: int = 2021) -> Period:
    return Period.month(year, number)


def test_a_year_of_fixed_asset_statistics_has_eleven_rounds() -> None:
    rounds = reporting_rounds(2021)

    assert [cumulative_months(period) for period in rounds] == [(1, last) for last in range(2, 13)]


def test_there_is_no_january_report() -> None:
    with pytest.raises(NoJanuaryReport) as refusal:
        cumulative_months(month(1))

    assert refusal.value.where == "2021-01"


def test_a_measure_may_be_declared_to_have_a_january_report() -> None:
    assert cumulative_months(month(1), january=True) == (1, 1)


def test_a_quarter_is_no_cumulative_round() -> None:
    with pytest.raises(NotAMonth):
        cumulative_months(Period.parse("2021Q3"))


def test_monthly_figures_are_differences_and_the_first_is_two_months_together() -> None:
    figures = monthly_from_cumulative({month(2): 100, month(3): 160, month(4): 150})

    assert [(f.first, f.last, f.value) for f in figures.values()] == [(1, 2, 100), (3, 3, 60), (4, 4, -10)]


def test_a_gap_gives_a_reason_and_no_wrong_difference() -> None:
    figures = monthly_from_cumulative({month(2): 100, month(4): 150, month(5): None, month(6): 200, month(7): 230})

    assert {str(period): figure.value for period, figure in figures.items()} == {
        "2021-02": 100, "2021-04": None, "2021-05": None, "2021-06": None, "2021-07": 30,
    }  # fmt: skip
    assert figures[month(4)].missing == Text(
        "缺2021年1-3月的累计数", "the cumulative figure of January–March 2021 is missing"
    )
    assert figures[month(5)].missing == figures[month(6)].missing
    assert figures[month(7)].missing is None


def test_a_new_year_starts_from_nothing() -> None:
    figures = monthly_from_cumulative({month(12, 2020): 900, month(2): 70})

    assert figures[month(2)].value == 70
    assert figures[month(12, 2020)].value is None


def test_february_is_a_difference_where_january_is_reported() -> None:
    figures = monthly_from_cumulative({month(1): 30, month(2): 70}, january=True)

    assert [(f.first, f.last, f.value) for f in figures.values()] == [(1, 1, 30), (2, 2, 40)]


def test_january_is_refused_where_it_is_not_reported() -> None:
    with pytest.raises(NoJanuaryReport):
        monthly_from_cumulative({month(1): 30})


def test_cumulating_stops_at_the_first_missing_month() -> None:
    figures = cumulative_from_monthly({month(2): 100, month(3): 60, month(4): None, month(5): 5, month(7): 1})

    assert [figure.value for figure in figures.values()] == [100, 160, None, None, None]
    assert [(figure.first, figure.last) for figure in figures.values()] == [(1, 2), (1, 3), (1, 4), (1, 5), (1, 7)]
    assert figures[month(5)].missing == Text("缺2021年4月的当月数", "the figure of April 2021 alone is missing")
    assert figures[month(7)].missing == Text("缺2021年6月的当月数", "the figure of June 2021 alone is missing")


def test_a_missing_first_round_is_named_as_two_months() -> None:
    figures = cumulative_from_monthly({month(3): 60})

    assert figures[month(3)].missing == Text(
        "缺2021年1-2月的当月数", "the figure of January–February 2021 alone is missing"
    )


@given(
    st.lists(st.decimals(allow_nan=False, allow_infinity=False, places=2), min_size=11, max_size=11),
    st.integers(2000, 2030),
)
def test_cumulating_and_differencing_are_inverse(values: list[Decimal], year: int) -> None:
    monthly = dict(zip(reporting_rounds(year), values, strict=True))

    cumulative = {period: figure.value for period, figure in cumulative_from_monthly(monthly).items()}

    assert {p: figure.value for p, figure in monthly_from_cumulative(cumulative).items()} == monthly
