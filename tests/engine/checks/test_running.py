"""Row checks over a table of items: both engines find the same, what cannot be decided says nothing, dates bound them."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guatu.declarations import Ledger, load_pack
from guatu.declarations.located import Place
from guatu.engine.checks import (
    CheckBook,
    condition_over,
    earlier_round,
    example_rows,
    fields_read,
    held,
    load_book,
    run_checks,
)
from guatu.engine.expressions import ExpressionRefused
from guatu.standards.periods import Period

HERE = Place("test.yaml", 1)
JULY, AUGUST = Period.month(2021, 7), Period.month(2021, 8)


@pytest.fixture(scope="module")
def ledger() -> Ledger:
    return load_pack("key_projects").ledger


@pytest.fixture(scope="module")
def book(ledger: Ledger) -> CheckBook:
    return load_book(ledger)


amounts = st.none() | st.integers(0, 12).map(lambda n: f"{n * 100}万元")
days = st.none() | st.integers(-1500, 400).map(lambda n: (date(2021, 8, 31) + timedelta(days=n)).isoformat())
flags = st.none() | st.booleans()
FIELDS: dict[str, st.SearchStrategy[Any]] = {
    **dict.fromkeys(("total_investment", "annual_plan", "month_done", "ytd_done", "since_start_done"), amounts),
    **dict.fromkeys(("plan_start", "actual_start", "plan_finish", "actual_finish", "included_on"), days),
    **dict.fromkeys(("is_started", "is_included"), flags),
    "completion_rate": st.none() | st.integers(0, 300).map(lambda n: f"{n}%"),
}
projects = st.lists(st.fixed_dictionaries(FIELDS), min_size=1, max_size=12)


@settings(max_examples=12, deadline=None)
@given(now=projects, before=projects)
def test_both_engines_find_the_same(ledger: Ledger, book: CheckBook, now: list[Any], before: list[Any]) -> None:
    items = example_rows(ledger, now, HERE)
    history = [earlier_round(example_rows(ledger, before, HERE), JULY)]

    by_duckdb = run_checks(book, items, AUGUST, history, "duckdb")
    by_reference = run_checks(book, items, AUGUST, history, "reference")

    assert by_duckdb == by_reference


def test_what_fired_says_what_it_rests_on_exactly(ledger: Ledger, book: CheckBook) -> None:
    items = example_rows(ledger, [{"annual_plan": "1000万元", "ytd_done": "2500万元"}], HERE)

    [fired] = run_checks(book, items, AUGUST)

    assert fired.check.clause.id == "done_beyond_plan"
    assert fired.rests_on == {"ytd_done": "2500000000", "annual_plan": "1000000000"}
    assert fired.said["share_of_plan"].zh == "250%"


def test_nothing_is_asked_of_a_round_without_items(ledger: Ledger, book: CheckBook) -> None:
    assert run_checks(book, example_rows(ledger, [], HERE), AUGUST) == []


def test_only_fields_that_checks_look_at_are_read(book: CheckBook) -> None:
    read = fields_read(book, AUGUST)

    assert {"ytd_done", "annual_plan", "actual_start"} <= read
    assert not {"name", "scale", "person", "problem"} & read


def test_a_condition_over_an_item_knows_its_round(ledger: Ledger) -> None:
    items = example_rows(ledger, [{"item_id": "a", "actual_finish": "2021-07-31"}, {"item_id": "b"}], HERE)
    typed = condition_over("actual_finish <= period_end and period_month > 2", HERE, ledger)

    assert held(typed, items, ledger, AUGUST) == {"a": True, "b": False}
    assert held(typed, items, ledger, Period.month(2021, 6)) == {"a": False, "b": False}


def test_a_condition_over_a_field_nobody_declared_is_refused(ledger: Ledger) -> None:
    with pytest.raises(ExpressionRefused, match="actual_finsh"):
        condition_over("actual_finsh <= period_end", HERE, ledger)
