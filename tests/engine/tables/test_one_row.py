"""What functions of one row mean, in the reference and in DuckDB: nulls, negatives, halves, edges of the calendar."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Any

import pytest

from tests.engine.tables.driver import of_rows, tables, value

JAN31, FEB28, LEAP = date(2021, 1, 31), date(2021, 2, 28), date(2020, 2, 29)


@pytest.mark.parametrize(
    ("formula", "row", "expected"),
    [
        ("done / plan", {"done": 1, "plan": 3}, Fraction(1, 3)),
        ("done / plan", {"done": 1, "plan": 0}, None),
        ("done / plan", {"done": 0, "plan": 0}, None),
        ("done / plan", {"done": None, "plan": 3}, None),
        ("done / plan", {"done": 1, "plan": -3}, Fraction(-1, 3)),
        # More than 64 bits hold, and a divisor common to both.
        ("done * 1000000000000000 / (plan * 1000000000000000)", {"done": 90000, "plan": 30000}, Fraction(3)),
        ("done + plan", {"done": 1, "plan": None}, None),
        ("done / plan * plan", {"done": 1, "plan": 3}, Fraction(1)),
        ("n * 50%", {"n": 25}, Fraction(1, 8)),
        ("abs(n)", {"n": -250}, Fraction(5, 2)),
        ("power(k, 3)", {"k": -3}, Fraction(-27)),
        ("power(k, 0)", {"k": 0}, Fraction(1)),
        ("power(k, 0)", {"k": None}, None),
        ("round(n)", {"n": 250}, Fraction(3)),
        ("round(n)", {"n": -250}, Fraction(-3)),
        ("round(n, 1)", {"n": 125}, Fraction(13, 10)),
        ("round(done / plan, 2)", {"done": 1, "plan": -200}, Fraction(-1, 100)),
        ("floor(n)", {"n": -50}, Fraction(-1)),
        ("ceil(n)", {"n": -50}, Fraction(0)),
        ("floor(n)", {"n": -100}, Fraction(-1)),
        ("ceil(n, 1)", {"n": 101}, Fraction(11, 10)),
        ("land * (done / land)", {"done": 700, "land": 1500000}, Fraction(700)),
        ('in_unit(land, "亩")', {"land": 1500000}, Fraction(3, 2)),
        ('quantity(k, "万元")', {"k": 3}, Fraction(3_000_000)),
    ],
)
def test_arithmetic_is_exact_and_dividing_by_zero_is_missing(
    formula: str, row: dict[str, Any], expected: object
) -> None:
    assert value(formula, **row) == expected


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        ("started and included", None),
        ("not included and false", False),
        ("started or included", True),
        ("not included", None),
        ("included is null", True),
        ("case when included then 1 when started then 2 else 3 end", Fraction(2)),
        ("coalesce(k, n, 7)", Fraction(7)),
        ("min_of(k, 3, n)", Fraction(3)),
        ("min_of(k, n)", None),
        ("nullif(3, 3)", None),
        ("nullif(3, k)", Fraction(3)),
        ("3 in (1, k)", None),
        ("3 in (3, k)", True),
        ("3 between k and 2", False),
        ("3 between k and 4", None),
        ("3 between 3 and 3", True),
        ('date("2021-08-31") between today and today', True),
        ("at_least(1, included, started)", True),
        ("at_least(2, included, started)", None),
        ("at_least(2, included, not started)", False),
        ("k = k", None),
        ("bucket(k, [1, 2])", None),
    ],
)
def test_a_missing_value_stays_missing_unless_the_rest_decides(formula: str, expected: object) -> None:
    assert value(formula, started=True, included=None, k=None, n=None) == expected


@pytest.mark.parametrize(
    ("n", "left", "right"),
    [(-100, 0, 0), (0, 1, 0), (150, 1, 1), (250, 2, 1), (251, 2, 2)],
)
def test_an_edge_belongs_to_the_class_above_it_or_below_it_as_declared(n: int, left: int, right: int) -> None:
    assert value("bucket(n, [0, 2.5])", n=n) == left
    assert value("bucket(n, [0, 2.5], right)", n=n) == right


@pytest.mark.parametrize(
    ("start", "end", "months"),
    [
        (JAN31, FEB28, 1),
        (JAN31, date(2021, 2, 27), 0),
        (date(2021, 1, 30), FEB28, 1),
        (LEAP, FEB28, 12),
        (date(2021, 1, 15), date(2021, 3, 14), 1),
        (date(2021, 3, 14), date(2021, 1, 15), -1),
        (JAN31, JAN31, 0),
        (None, JAN31, None),
    ],
)
def test_whole_months_between_dates_end_with_the_month(start: date | None, end: date, months: int | None) -> None:
    assert value("months_between(begun, due)", begun=start, due=end) == months


def test_adding_a_month_stays_in_the_month() -> None:
    assert value("add_months(begun, 1)", begun=JAN31) == FEB28
    assert value("add_months(begun, -11)", begun=JAN31) == LEAP
    assert value("add_days(begun, 28)", begun=JAN31) == FEB28
    assert value("add_days(begun, 1)", begun=date(9999, 12, 31)) is None


def test_working_days_leave_out_the_day_of_receipt_and_weekends() -> None:
    friday, monday = date(2021, 8, 27), date(2021, 8, 30)

    assert value("working_days_between(begun, due)", begun=friday, due=monday) == 1
    assert value("working_days_between(begun, due)", begun=friday, due=date(2021, 8, 29)) == 0
    assert value("working_days_between(begun, due)", begun=monday, due=friday) == -1
    assert value("working_days_between(begun, due)", begun=date(2020, 1, 1), due=friday) is None


@pytest.mark.parametrize(
    ("formula", "held"),
    [
        ('matches(kind, "产业*")', True),
        ('matches(kind, "产业")', False),
        ('matches(kind, "??_a")', True),
        ('matches(kind, "__*")', False),
        ('contains(kind, "%")', False),
        ('starts_with(kind, "")', True),
        ('on_list("x")', True),
        ('has_all(lists, "x", "z")', False),
        ('has_any(lists, "x", "z")', True),
    ],
)
def test_text_and_tags_are_matched_literally(formula: str, held: bool) -> None:
    assert value(formula, kind="产业_a", lists=["x", "y"]) is held


def test_an_item_on_no_known_list_is_missing_and_on_an_empty_list_is_not() -> None:
    assert value('on_list("x")', lists=None) is None
    assert value('on_list("x")', lists=[]) is False


def test_severities_compare_by_seriousness_and_not_judged_is_missing() -> None:
    given = tables(
        items=[{"item_id": key, "light": light} for key, light in zip("abc", ["lagging", "notice", None], strict=True)]
    )

    assert of_rows(given, 'light > severity("attention")') == [True, False, None]
    assert of_rows(given, 'max_of(light, severity("attention"))') == ["lagging", "attention", "attention"]


def test_a_blank_date_has_not_been_reached_and_stages_count_the_furthest() -> None:
    assert value("reached(begun, today)", begun=None) is False
    assert value("reached(begun, today)", begun=date(2021, 9, 1)) is False
    assert value("stage([begun, due], today)", begun=None, due=date(2021, 8, 31)) == 2
    assert value("stage([begun, due], today)", begun=None, due=None) == 0


def test_a_milestone_is_looked_up_by_its_key() -> None:
    given = tables(
        items=[{"item_id": "a"}, {"item_id": "b"}, {"item_id": "c"}],
        milestones=[
            {"item_id": "a", "milestone": "start", "actual": date(2021, 8, 31)},
            {"item_id": "b", "milestone": "start", "actual": None},
            {"item_id": "c", "milestone": "finish", "actual": JAN31},
        ],
    )

    assert of_rows(given, 'reached("start", today)') == [True, False, None]


def test_totals_along_a_link_count_no_row_twice() -> None:
    given = tables(
        items=[{"item_id": "a"}, {"item_id": "b"}],
        parcels=[
            {"item_id": "a", "parcel": "p", "area": 4_000_000, "part": 50},
            {"item_id": "a", "parcel": "p", "area": 1_000_000, "part": 100},
        ],
    )

    assert of_rows(given, 'in_unit(along("parcels", sum(area * part)), "亩")') == [3, None]
    assert of_rows(given, 'along("parcels", distinct(parcel))') == [1, 0]
    assert of_rows(given, 'along("parcels", count(where part > 0.5))') == [1, 0]


def test_the_parameter_in_force_on_the_day_is_found() -> None:
    given = tables(
        items=[
            {"item_id": "a", "kind": "x", "begun": date(2020, 12, 31)},
            {"item_id": "b", "kind": "x", "begun": date(2021, 1, 1)},
            {"item_id": "c", "kind": "y", "begun": date(2021, 1, 1)},
            {"item_id": "d", "kind": "x", "begun": None},
        ],
        standards=[
            {"kind": "x", "value": 150, "valid_from": None, "valid_to": date(2021, 1, 1)},
            {"kind": "x", "value": 250, "valid_from": date(2021, 1, 1), "valid_to": None},
        ],
    )

    assert of_rows(given, 'param("standards", kind, as_of=begun)') == [Fraction(3, 2), Fraction(5, 2), None, None]


def test_a_long_chain_and_deep_nesting_stay_one_short_statement() -> None:
    nested = "k"
    for _ in range(25):
        nested = f"min_of({nested}, n)"

    assert value(" + ".join(["k"] * 75), k=3) == 225
    assert value(nested, k=3, n=200) == 2
    assert value("case when " + " and ".join(["k < 4"] * 75) + " then 1 else 2 end", k=3) == 1
