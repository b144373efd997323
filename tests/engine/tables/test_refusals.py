"""What tables are refused for, by both drivers, with where, what and remedy."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pyarrow as pa
import pytest

from guatu.engine.expressions import check, parse
from guatu.engine.tables import DuckdbTables, ReferenceTables, TablesRefused
from tests.agreement.world import SCOPE, UNIT_SCOPE, VALUES
from tests.engine.tables.driver import tables

drivers = pytest.mark.parametrize("driver", [ReferenceTables, DuckdbTables])


def ask(driver: Any, given: dict[str, pa.Table], formula: str, constants: dict[str, object] | None = None) -> None:
    of = "units" if "units" in given else "items"
    typed = check(parse(formula), UNIT_SCOPE if of == "units" else SCOPE)
    driver(given, {**VALUES, **(constants or {})}).rows(of, {"x": typed})


@drivers
def test_a_float_column_is_refused(driver: Any) -> None:
    with pytest.raises(TablesRefused, match="never floats") as refused:
        ask(driver, {"items": pa.table({"item_id": ["a"], "done": [0.1]})}, "done > 0")

    assert refused.value.where == "items.done"


@drivers
def test_more_digits_than_declared_are_refused(driver: Any) -> None:
    with pytest.raises(TablesRefused, match="beyond what is declared"):
        ask(driver, tables(items=[{"item_id": "a", "done": 100_000}]), "done > 0")


@drivers
def test_more_decimals_than_declared_are_refused(driver: Any) -> None:
    column = pa.array([None], pa.decimal128(9, 3)).fill_null(
        pa.scalar(Fraction(1, 8).__float__()).cast(pa.decimal128(9, 3))
    )

    with pytest.raises(TablesRefused, match="beyond what is declared"):
        ask(driver, {"items": pa.table({"item_id": ["a"], "n": column})}, "n > 0")


@drivers
def test_a_float_constant_is_refused(driver: Any) -> None:
    with pytest.raises(TablesRefused, match="cannot be a float"):
        ask(driver, tables(items=[{"item_id": "a"}]), "n > expected", {"expected": 0.5})


@drivers
def test_a_constant_beyond_its_declaration_is_refused(driver: Any) -> None:
    with pytest.raises(TablesRefused, match="beyond what is declared"):
        ask(driver, tables(items=[{"item_id": "a", "n": 1}]), "n > expected", {"expected": Fraction(1, 1009)})


@drivers
def test_an_absent_column_is_refused_by_name(driver: Any) -> None:
    with pytest.raises(TablesRefused) as refused:
        ask(driver, {"items": pa.table({"item_id": ["a"]})}, "done > 0")

    assert refused.value.where == "items.done"


@drivers
def test_two_earlier_results_for_one_period_are_refused(driver: Any) -> None:
    past = [{"item_id": "a", "period": "2021-07", "score": 1}] * 2

    with pytest.raises(TablesRefused, match="two rows"):
        ask(driver, tables(items=[{"item_id": "a"}], items_history=past), "prev(score)")


@drivers
def test_a_period_that_is_no_month_is_refused(driver: Any) -> None:
    past = [{"item_id": "a", "period": "2021Q3", "score": 1}]

    with pytest.raises(TablesRefused, match="is not a period"):
        ask(driver, tables(items=[{"item_id": "a"}], items_history=past), "prev(score)")


@drivers
def test_two_rows_for_one_unit_are_refused_where_another_units_value_is_asked(driver: Any) -> None:
    twice = [{"unit": "u1", "list": "all", "score": 1}] * 2

    with pytest.raises(TablesRefused, match="two rows"):
        ask(driver, tables(units=twice), 'of(score, "u1")')


@drivers
def test_overlapping_parameters_are_refused(driver: Any) -> None:
    standards = [{"kind": "a", "value": 1}, {"kind": "a", "value": 2}]

    with pytest.raises(TablesRefused, match="two values"):
        ask(
            driver,
            tables(items=[{"item_id": "a", "kind": "a"}], standards=standards),
            'param("standards", kind, as_of=today)',
        )


@drivers
def test_an_unknown_severity_is_refused(driver: Any) -> None:
    with pytest.raises(TablesRefused, match="is not a severity"):
        ask(driver, tables(items=[{"item_id": "a", "light": "red"}]), 'light = severity("lagging")')
