"""Ranks, other units, history and totals, in the reference and in DuckDB."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pyarrow as pa
import pytest

from guatu.engine.expressions import CNY, Name, Scope, check, parse
from guatu.engine.tables import Dimension, DuckdbTables, ReferenceTables, fractions
from guatu.text import Text
from tests.engine.tables.driver import of_groups, of_rows, tables


def items(key: str, values: list[Any], **more: list[Any]) -> dict[str, Any]:
    rows = [{"item_id": f"i{i}", key: value, **{k: v[i] for k, v in more.items()}} for i, value in enumerate(values)]
    return tables(items=rows)


def history(periods: dict[str, Any], now: Any, key: str = "started") -> dict[str, Any]:
    """One item with a value now and in earlier periods."""
    past = [{"item_id": "i1", "period": period, key: value} for period, value in periods.items()]
    return tables(items=[{"item_id": "i1", key: now}], items_history=past)


# ranks


def test_ties_share_a_rank_and_the_next_is_skipped() -> None:
    assert of_rows(items("k", [5, 9, 9, None, -1]), "rank(k)") == [3, 1, 1, None, 4]
    assert of_rows(items("k", [5, 9, 9, None, -1]), "rank(k, asc)") == [2, 3, 3, None, 1]


def test_ranks_are_among_peers() -> None:
    given = items("k", [1, 2, 3, 4], unit=["u1", "u1", "u2", None])

    assert of_rows(given, "rank(k, within=unit)") == [2, 1, 1, 1]


def test_ratios_are_ranked_exactly_however_close_they_are() -> None:
    # 33333/99998 = 0.333336667 lies below 33332/99995 = 0.333336667 by one part in 10^10.
    given = items("done", [33333, 33332, 1, 2], plan=[99998, 99995, 3, 6])
    exact = [Fraction(33333, 99998), Fraction(33332, 99995), Fraction(1, 3), Fraction(2, 6)]

    assert of_rows(given, "rank(done / plan)") == [1 + sum(other > one for other in exact) for one in exact]
    assert sorted(of_rows(given, "rank(done / plan)")) == [1, 2, 3, 3]


def test_classes_are_cut_by_quota_with_ties_veto_and_grace() -> None:
    given = items("k", [9, 8, 8, 7, 6, None], started=[True, True, True, True, False, True])

    assert of_rows(given, "cut(k, quotas=[40%, 60%])") == [1, 1, 1, 2, 2, None]
    assert of_rows(given, "cut(k, quotas=[40%, 60%], ties=down)") == [1, 2, 2, 2, 2, None]
    assert of_rows(given, "cut(k, quotas=[50%, 30%, 20%], veto=not started)") == [1, 1, 1, 3, 3, None]
    assert of_rows(given, "cut(k, quotas=[50%, 50%], grace=k = 9)") == [None, 1, 1, 2, 2, None]


def test_another_units_value_is_taken_from_the_same_list() -> None:
    given = tables(
        units=[
            {"unit": "city", "list": "all", "rate": (1, 2)},
            {"unit": "u1", "list": "all", "parent": "city", "rate": (2, 3)},
            {"unit": "u1", "list": "x", "parent": "city", "rate": (1, 3)},
        ]
    )

    assert of_rows(given, "rate - of(rate, parent)", "units") == [None, Fraction(1, 6), None]


# history; now is 2021-08


def test_the_round_before_march_is_january_to_february_and_before_that_december() -> None:
    given = history({"2020-12": 12, "2021-01": 1, "2021-02": 2, "2021-03": 3}, 4, "score")

    assert of_rows(given, "prev(score)", period="2021-03") == [Fraction(2, 10)]
    assert of_rows(given, "prev(score)", period="2021-02") == [Fraction(12, 10)]
    assert of_rows(given, "prev(score, calendar=monthly)", period="2021-02") == [Fraction(1, 10)]
    assert of_rows(given, "prev(score)", period="2021-01") == [None]


def test_a_year_is_its_december_and_the_round_before_it_the_december_before() -> None:
    given = history({"2019-12": 9, "2020-11": 11, "2020-12": 12}, 4, "score")

    assert of_rows(given, "prev(score, calendar=yearly)", period="2021-12") == [Fraction(12, 10)]
    assert of_rows(given, "prev(score, 2, calendar=yearly)", period="2021-12") == [Fraction(9, 10)]
    assert of_rows(given, "running(3, score > 0, calendar=yearly)", period="2021-12") == [True]
    assert of_rows(given, "to_month(score, calendar=yearly)", period="2021-12") == [Fraction(4, 10)]
    assert of_rows(given, "prev(score, calendar=yearly)", period="2021-11") == [None]


def test_later_results_are_not_history() -> None:
    assert of_rows(history({"2021-08": 5, "2021-09": 6}, 1, "score"), 'as_of(score, period("2021-07"))') == [None]


def test_the_first_round_of_all_is_not_judged() -> None:
    given = tables(items=[{"item_id": "i1", "started": False}])

    assert of_rows(given, "prev(started)") == [None]
    assert of_rows(given, "running(3, not started)") == [None]
    assert of_rows(given, "running(3, started)") == [False]
    assert of_rows(given, "streak(not started)") == [1]


@pytest.mark.parametrize(
    ("past", "now", "held"),
    [
        ({"2021-06": True, "2021-07": True}, True, True),
        ({"2021-06": False, "2021-07": True}, True, False),
        ({"2021-07": True}, True, None),
        ({"2021-06": None, "2021-07": True}, True, None),
        ({"2021-06": None, "2021-07": False}, True, False),
        ({"2021-06": True, "2021-07": True}, None, None),
        ({"2021-06": True, "2021-07": True}, False, False),
        ({"2021-05": True, "2021-06": True}, True, None),
    ],
)
def test_three_rounds_running_needs_all_three(past: dict[str, Any], now: bool | None, held: bool | None) -> None:
    assert of_rows(history(past, now), "running(3, started)") == [held]


@pytest.mark.parametrize(
    ("past", "now", "broken", "skipped"),
    [
        ({"2021-07": True, "2021-06": True, "2021-05": False}, True, 3, 3),
        ({"2021-07": True, "2021-05": True}, True, 2, 3),
        ({"2021-07": None, "2021-06": True}, True, 1, 2),
        ({"2021-07": True}, None, None, 1),
        ({"2021-07": True}, False, 0, 0),
        ({}, True, 1, 1),
    ],
)
def test_a_missing_round_ends_a_streak_or_is_passed_over(
    past: dict[str, Any], now: bool | None, broken: int | None, skipped: int
) -> None:
    assert of_rows(history(past, now), "streak(started)") == [broken]
    assert of_rows(history(past, now), "streak(started, gap=skip)") == [skipped]


def test_a_streak_runs_through_the_turn_of_the_year() -> None:
    given = history({"2020-12": True, "2020-11": True}, True)

    assert of_rows(given, "streak(started)", period="2021-02") == [3]
    assert of_rows(given, "streak(started, calendar=monthly)", period="2021-02") == [1]


def test_a_month_is_the_difference_of_cumulatives_and_may_be_negative() -> None:
    assert of_rows(history({"2021-07": 100}, 90, "done"), "to_month(done)") == [-10]
    assert of_rows(history({"2021-06": 100}, 90, "done"), "to_month(done)") == [None]
    assert of_rows(history({"2020-12": 500}, 90, "done"), "to_month(done)", period="2021-02") == [90]


def test_a_cumulative_needs_every_round_of_the_year() -> None:
    assert of_rows(history({"2021-02": 5, "2021-03": 7}, 1, "done"), "to_cumulative(done)", period="2021-04") == [13]
    assert of_rows(history({"2021-03": 7}, 1, "done"), "to_cumulative(done)", period="2021-04") == [None]


# totals


def test_totals_of_nothing_are_missing_but_counts_are_zero() -> None:
    given = items("k", [None, None], started=[False, None])

    assert of_groups(given, "sum(k)") == [None]
    assert of_groups(given, "count(k)") == [0]
    assert of_groups(given, "count(where started)") == [0]
    assert of_groups(given, "mean(k)") == [None]
    assert of_groups(given, "all(started)") == [False]
    assert of_groups(given, "share(where started)") == [0]
    assert of_groups(given, "share(k where started)") == [None]
    assert of_groups(given, "sum(k) / count(where started)") == [None]


def test_a_table_without_rows_is_one_empty_group() -> None:
    assert of_groups(tables(items=[]), "count()") == [0]
    assert of_groups(tables(items=[]), "count()", ["unit"]) == []


def test_the_median_of_an_even_number_is_the_mean_of_the_middle_two() -> None:
    assert of_groups(items("k", [1, 2, 3, 9, None]), "median(k)") == [Fraction(5, 2)]
    assert of_groups(items("k", [9, 1, 2]), "median(k)") == [2]


def test_a_ratio_of_totals_is_not_the_mean_of_ratios() -> None:
    assert of_groups(items("done", [1, 30], plan=[1, 60]), "sum(done) / sum(plan)") == [Fraction(31, 61)]


def test_an_item_on_several_lists_counts_in_each_and_once_in_each() -> None:
    given = items("k", [1, 2, 4])
    given["membership"] = pa.table({"item_id": ["i0", "i0", "i1", "i0"], "list": ["x", "y", "x", "x"]})
    by = [Dimension("list", "membership", "item_id", "item_id", "list")]

    assert of_groups(given, "sum(k)", by) == [3, 1]


def test_sums_beyond_sixteen_digits_stay_exact() -> None:
    given = items("land", [99_999_999] * 3)

    assert of_groups(given, "sum(land * 99999999 * 1000000000)") == [3 * 99_999_999 * 99_999_999 * 10**9]


def test_columns_without_a_single_value_are_just_missing() -> None:
    given = tables(items=[{"item_id": "i1", "unit": None, "k": 4}])
    nothing = pa.table({key: pa.nulls(0) for key in ("item_id", "period", "k", "light", "started")})
    given |= {"items_history": nothing, "membership": pa.table({"item_id": pa.nulls(0), "list": pa.nulls(0)})}
    given["items"] = given["items"].set_column(given["items"].schema.get_field_index("unit"), "unit", pa.nulls(1))

    assert of_rows(given, "prev(k)") == [None]
    assert of_rows(given, "running(2, started)") == [None]
    assert of_rows(given, "unit is null") == [True]
    assert of_groups(given, "sum(k)", ["unit"]) == [4]
    assert of_groups(given, "sum(k)", [Dimension("list", "membership", "item_id", "item_id", "list")]) == []


def test_ratios_of_whole_budgets_are_ranked_to_the_last_digit() -> None:
    names = {key: Name(key, Text(key, key), CNY, digits=15) for key in ("spent", "budget")}
    big = 10**14
    # Neighbours among fractions of such denominators: they differ by 1 part in 10^28.
    rows = [(big, big + 1), (big - 1, big), (big + 1, big + 2), (-big, big + 1), (-(big - 1), big)]
    given = {"items": pa.table({"spent": [row[0] for row in rows], "budget": [row[1] for row in rows]})}
    typed = check(parse("rank(spent / budget)"), Scope(columns=names))

    for driver in (ReferenceTables, DuckdbTables):
        assert fractions(driver(given, {}).rows("items", {"x": typed}), "x") == [2, 3, 1, 5, 4]


def test_the_past_can_be_asked_for_what_is_not_known_now() -> None:
    past = {"item_id": ["i1"], "period": ["2021-07"], "light": ["lagging"]}
    given = {"items": pa.table({"item_id": ["i1"]}), "items_history": pa.table(past)}

    assert of_rows(given, "prev(light)") == ["lagging"]
    assert of_rows(given, "same_period_last_year(light)") == [None]
