"""Spark must give what the plain-Python reference gives, to the digit."""

from __future__ import annotations

import os
from fractions import Fraction
from typing import TYPE_CHECKING

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from guatu.engine.expressions import NUMBER, TEXT, Scope, check, parse
from guatu.engine.tables import ReferenceTables, fractions
from guatu.engine.tables.spark import SETTINGS, SparkTables, own_session
from tests.agreement import formulas
from tests.agreement.agreeing import BY, accepted, agree_on_groups, agree_on_rows, typed
from tests.agreement.world import UNIT_SCOPE, VALUES, awkward, name, named, worlds

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

pytestmark = [pytest.mark.spark, pytest.mark.xdist_group("demo"), pytest.mark.usefixtures("spark")]

INTERPRETED = {"spark.sql.codegen.wholeStage": "false", "spark.sql.codegen.factoryMode": "NO_CODEGEN"}
"""Compiling hundreds of formulas to Java for five rows takes longer than anything else here; some tests still do."""


@pytest.fixture
def interpreted(monkeypatch: pytest.MonkeyPatch) -> None:
    for key, value in INTERPRETED.items():
        monkeypatch.setitem(SETTINGS, key, value)


GENERATED = int(os.environ.get("GUATU_SPARK_CASES", "3"))
"""How many worlds to invent; a statement costs Spark about a second however small its tables are."""


@pytest.mark.usefixtures("interpreted")
@pytest.mark.parametrize("start", range(0, len(formulas.ROW_FORMULAS), 40))
def test_every_row_formula_of_the_catalogue_agrees(start: int) -> None:
    chosen = formulas.ROW_FORMULAS[start : start + 40]

    agree_on_rows(SparkTables, awkward(), "items", {formula: typed(formula) for formula in chosen})


@pytest.mark.usefixtures("interpreted")
def test_every_group_formula_of_the_catalogue_agrees() -> None:
    agree_on_groups(SparkTables, awkward(), {formula: typed(formula) for formula in formulas.GROUP_FORMULAS})


@pytest.mark.usefixtures("interpreted")
def test_every_unit_formula_of_the_catalogue_agrees() -> None:
    wanted = {formula: typed(formula, UNIT_SCOPE) for formula in formulas.UNIT_FORMULAS}

    agree_on_rows(SparkTables, awkward(), "units", wanted)


@pytest.mark.usefixtures("interpreted")
def test_empty_tables_agree() -> None:
    tables = {key: table.slice(0, 0) for key, table in awkward().items()}

    agree_on_rows(SparkTables, tables, "items", {f: typed(f) for f in formulas.ROW_FORMULAS if "prev" in f})
    agree_on_groups(SparkTables, tables, {formula: typed(formula) for formula in formulas.GROUP_FORMULAS}, BY[:1])


@pytest.mark.usefixtures("interpreted")
@pytest.mark.parametrize("period", ["2021-01", "2022-02"])
def test_history_agrees_at_the_turns_of_the_year(period: str) -> None:
    looking_back = ("prev", "streak", "running", "to_", "same")
    wanted = {f: typed(f) for f in formulas.ROW_FORMULAS if any(word in f for word in looking_back)}

    agree_on_rows(SparkTables, awkward(), "items", wanted, {**VALUES, "period": period})


@pytest.mark.usefixtures("interpreted")
@settings(
    max_examples=GENERATED,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.explicit, Phase.reuse, Phase.generate],  # to shrink a case would take a statement a step
)
@given(
    tables=worlds(),
    drawn=st.lists(formulas.rows, min_size=20, max_size=30),
    grouped=st.lists(formulas.groups, min_size=8, max_size=12),
)
def test_generated_formulas_agree_on_generated_tables(
    tables: dict[str, pa.Table], drawn: list[str], grouped: list[str]
) -> None:
    agree_on_rows(SparkTables, tables, "items", accepted(drawn))
    agree_on_groups(SparkTables, tables, accepted(grouped), BY[:2])


LARGE = Scope(
    columns=named(
        name("item_id", TEXT), name("big", NUMBER, digits=37), name("part", NUMBER, digits=18), name("word", TEXT)
    )
)
SIDES = [(10**37 - 1, 7), (-(10**37 - 1), 3), (10**36 + 1, 10**18 - 1), (5, 2), (None, 9), (0, 1)]


def large() -> dict[str, pa.Table]:
    words = ["it's", "a\\b", '"`', "100%_", "项\n目", None]
    rows = {"big": [big for big, _ in SIDES], "part": [part for _, part in SIDES]}
    columns = {key: pa.array(values, pa.decimal128(38, 0)) for key, values in rows.items()}
    return {"items": pa.table({"item_id": [str(i) for i in range(len(SIDES))], "word": words, **columns})}


def test_quotients_of_37_digits_are_exact_though_spark_divides_to_six_places() -> None:
    wanted = {f: check(parse(f), LARGE) for f in ("floor(big / 3)", "ceil(big / 7)", "round(big / 2)", "floor(big)")}

    agree_on_rows(SparkTables, large(), "items", wanted)


def test_what_does_not_fit_38_digits_is_an_error_and_never_a_null(spark: SparkSession) -> None:
    spark.conf.set("spark.sql.ansi.enabled", "false")

    with pytest.raises(Exception, match="NUMERIC_VALUE_OUT_OF_RANGE"):
        own_session(spark).sql(f"SELECT CAST({10**38 - 1} AS DECIMAL(38, 0)) + 1").toArrow()


def test_texts_with_quotes_backslashes_and_wildcards_mean_themselves() -> None:
    written = ['word = "it\'s"', 'contains(word, "\\\\")', 'matches(word, "*%_")', 'starts_with(word, "项")', "word"]

    agree_on_rows(SparkTables, large(), "items", {f: check(parse(f), LARGE) for f in written})


def test_pairs_come_back_in_lowest_terms() -> None:
    found = SparkTables(awkward(), VALUES).rows("items", {"x": typed("done / plan")})

    assert fractions(found, "x")[0] == Fraction(1, 4)
    assert found.equals(ReferenceTables(awkward(), VALUES).rows("items", {"x": typed("done / plan")}))
