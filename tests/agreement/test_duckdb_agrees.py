"""DuckDB must give what the plain-Python reference gives, to the digit."""

from __future__ import annotations

import os

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from guatu.engine.expressions import Level
from guatu.engine.tables import DuckdbTables
from guatu.engine.tables.evaluator import Evaluator
from guatu.engine.tables.store import Store
from tests.agreement import formulas
from tests.agreement.agreeing import accepted, agree_on_groups, agree_on_rows, typed
from tests.agreement.conftest import OPERATIONS
from tests.agreement.situations import MET, record
from tests.agreement.world import UNIT_SCOPE, VALUES, awkward, worlds

GENERATED = int(os.environ.get("GUATU_AGREEMENT_CASES", "25"))
"""How many worlds to invent; the nightly run asks for thousands."""


@pytest.mark.parametrize("start", range(0, len(formulas.ROW_FORMULAS), 40))
def test_every_row_formula_of_the_catalogue_agrees(start: int) -> None:
    chosen = formulas.ROW_FORMULAS[start : start + 40]

    agree_on_rows(DuckdbTables, awkward(), "items", {formula: typed(formula) for formula in chosen})


def test_every_group_formula_of_the_catalogue_agrees() -> None:
    agree_on_groups(DuckdbTables, awkward(), {formula: typed(formula) for formula in formulas.GROUP_FORMULAS})


def test_every_unit_formula_of_the_catalogue_agrees() -> None:
    agree_on_rows(
        DuckdbTables, awkward(), "units", {formula: typed(formula, UNIT_SCOPE) for formula in formulas.UNIT_FORMULAS}
    )


def test_empty_tables_agree() -> None:
    tables = {key: table.slice(0, 0) for key, table in awkward().items()}
    history = [f for f in formulas.ROW_FORMULAS if "prev" in f or "streak" in f or "along" in f or "rank" in f]

    agree_on_rows(DuckdbTables, tables, "items", {formula: typed(formula) for formula in history})
    agree_on_groups(DuckdbTables, tables, {formula: typed(formula) for formula in formulas.GROUP_FORMULAS})


def test_the_first_round_of_all_agrees() -> None:
    tables = {key: table for key, table in awkward().items() if not key.endswith("_history")}
    history = [f for f in formulas.ROW_FORMULAS if any(w in f for w in ("prev", "streak", "running", "to_", "as_of("))]

    agree_on_rows(DuckdbTables, tables, "items", {formula: typed(formula) for formula in history})


@pytest.mark.parametrize("period", ["2021-01", "2021-02", "2021-03", "2021-12", "2022-02"])
def test_history_agrees_at_the_turns_of_the_year(period: str) -> None:
    wanted = {
        f: typed(f) for f in formulas.ROW_FORMULAS if any(w in f for w in ("prev", "streak", "running", "to_", "same"))
    }

    agree_on_rows(DuckdbTables, awkward(), "items", wanted, {**VALUES, "period": period})


@settings(max_examples=GENERATED, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    tables=worlds(),
    drawn=st.lists(formulas.rows, min_size=4, max_size=8),
    grouped=st.lists(formulas.groups, min_size=2, max_size=4),
)
def test_generated_formulas_agree_on_generated_tables(
    tables: dict[str, pa.Table], drawn: list[str], grouped: list[str]
) -> None:
    agree_on_rows(DuckdbTables, tables, "items", accepted(drawn))
    agree_on_groups(DuckdbTables, tables, accepted(grouped))


ORDERED = {"lt", "le", "gt", "ge", "eq", "ne", "between", "in", "min_of", "max_of", "bucket", "rank", "cut"}
NEGATIVE = {
    "add",
    "subtract",
    "multiply",
    "divide",
    "negate",
    "abs",
    "round",
    "floor",
    "ceil",
    "power",
    "to_month",
    "to_cumulative",
}
TOTALS = {"count", "sum", "min", "max", "mean", "median", "distinct", "any", "all", "share"}


def test_every_operation_met_nulls_ties_negatives_empty_groups_and_zero_denominators() -> None:
    MET.clear()
    for formula in formulas.ROW_FORMULAS:
        record(typed(formula), Evaluator(Store(awkward(), VALUES), "items"), empty_groups=False)
    for formula in formulas.GROUP_FORMULAS:
        record(typed(formula), Evaluator(Store(awkward(), VALUES), "items"), empty_groups=True)
    for formula in formulas.UNIT_FORMULAS:
        record(typed(formula, UNIT_SCOPE), Evaluator(Store(awkward(), VALUES), "units"), empty_groups=False)

    assert [one for one in OPERATIONS if one not in MET] == []
    meets = {one: MET[one] for one in OPERATIONS}
    assert [one for one in OPERATIONS if "null" not in meets[one] and one not in {"root", "along", "param"}] == []
    assert [one for one in ORDERED | (TOTALS - {"any", "all"}) if "tie" not in meets[one]] == []
    assert [one for one in NEGATIVE | {"sum", "min", "mean", "median"} if "negative" not in meets[one]] == []
    assert [one for one in TOTALS if "empty group" not in meets[one]] == []
    assert "zero denominator" in meets["divide"]


def test_nothing_in_the_catalogue_is_worked_out_outside_sql_by_rows() -> None:
    levels = {typed(formula).level for formula in formulas.ROW_FORMULAS}

    assert Level.GROUP not in levels
