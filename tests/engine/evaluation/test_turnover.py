"""Who came and who went between two rounds, by unit and list, without anybody guessing where the last round is unknown."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from guatu.engine.evaluation import EarlierResults, evaluate
from guatu.engine.evaluation.explaining import explain_indicator
from guatu.engine.evaluation.stage import Engine
from guatu.engine.rulebook import Rulebook
from tests.engine.evaluation.rounds import book, by, round_of

ENGINES: list[Engine] = ["reference", "duckdb"]
CHANGE = (
    "indicators:\n",
    """indicators:
  - key: came
    title: {zh: 新进, en: Came}
    formula: case when last_round is not null then count(where entered) end
    examples:
      - kind: value
        period: 2021-06
        history: {2021-05: [{item_id: A}]}
        given: [{item_id: A}, {item_id: B}]
        then: 1
      - {kind: missing, period: 2021-06, given: [{item_id: A}], then: null}
  - key: went
    title: {zh: 退出, en: Went}
    formula: 'case when last_round is not null then along("departed", count()) end'
    examples:
      - kind: value
        period: 2021-06
        history: {2021-05: [{item_id: A}]}
        given: [{item_id: B}]
        then: 1
      - {kind: missing, period: 2021-06, given: [{item_id: A}], then: null}
  - key: plan_gone
    title: {zh: 退出项目的计划, en: Plan of those gone}
    formula: 'along("departed", sum(plan))'
    show: {unit: 万元}
    examples:
      - kind: value
        period: 2021-06
        history: {2021-05: [{item_id: A, plan: 5万元}]}
        given: [{item_id: B}]
        then: 5
      - {kind: missing, period: 2021-06, given: [{item_id: A}], then: null}
""",
)
MAY: tuple[Mapping[str, Any], ...] = (
    {"item_id": "A", "unit": "a", "plan": 20_000},
    {"item_id": "B", "unit": "a", "plan": 5, "lists": ["key"]},
    {"item_id": "C", "unit": "b", "plan": 7},
)
JUNE: tuple[Mapping[str, Any], ...] = (
    {"item_id": "C", "unit": "c", "plan": 7},
    {"item_id": "D", "unit": "b", "plan": 1},
)


def may(rulebook: Rulebook, engine: Engine = "reference") -> EarlierResults:
    return evaluate(round_of("2021-05", MAY), rulebook, tables=engine).as_earlier()


@pytest.mark.parametrize("engine", ENGINES)
def test_what_came_counts_where_it_is_and_what_went_where_it_was(tmp_path: Path, engine: Engine) -> None:
    rulebook = book(tmp_path, CHANGE)

    results = evaluate(round_of("2021-06", JUNE, [may(rulebook, engine)]), rulebook, tables=engine)

    found = by(results.indicators, "indicator", "unit", "list")
    came = {unit: found["came", unit, "all"]["value"] for unit in ("city", "a", "b", "c")}
    went = {unit: found["went", unit, "all"]["value"] for unit in ("city", "a", "b", "c")}
    assert came == {"city": "1", "a": None, "b": "1", "c": "0"}, "C moved to another unit: it neither came nor went"
    assert went == {"city": "2", "a": "2", "b": "0", "c": "0"}
    assert found["plan_gone", "city", "all"]["value"] == "20005"


@pytest.mark.parametrize("engine", ENGINES)
def test_what_went_counts_on_the_lists_it_was_on(tmp_path: Path, engine: Engine) -> None:
    rulebook = book(tmp_path, CHANGE)
    stays = ({"item_id": "E", "unit": "a", "lists": ["key"], "plan": 30_000},)

    results = evaluate(round_of("2021-06", stays, [may(rulebook, engine)]), rulebook, tables=engine)

    found = by(results.indicators, "indicator", "unit", "list")
    assert {listed: found["went", "city", listed]["value"] for listed in ("all", "key", "large")} == {
        "all": "3", "key": "1", "large": "1",
    }  # fmt: skip


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("period", ["2021-06", "2021-08"])
def test_without_the_last_rounds_results_nobody_knows(tmp_path: Path, engine: Engine, period: str) -> None:
    rulebook = book(tmp_path, CHANGE)
    history = [may(rulebook, engine)] if period == "2021-08" else []

    results = evaluate(round_of(period, JUNE, history), rulebook, tables=engine)

    found = by(results.indicators, "indicator", "unit", "list")
    assert [found[key, "city", "all"]["value"] for key in ("came", "went", "plan_gone")] == [None, None, None]


def test_an_item_of_a_unit_that_is_gone_counts_at_the_top(tmp_path: Path) -> None:
    rulebook = book(tmp_path, CHANGE)
    tree = {"city": None, "b": "city", "c": "city"}

    results = evaluate(round_of("2021-06", JUNE, [may(rulebook)], tree), rulebook)

    found = by(results.indicators, "indicator", "unit", "list")
    assert found["went", "city", "all"]["value"] == "2"


def test_what_went_is_explained_by_the_items_that_went(tmp_path: Path) -> None:
    rulebook = book(tmp_path, CHANGE)
    history = [may(rulebook)]
    results = evaluate(round_of("2021-06", JUNE, history), rulebook)

    explained = explain_indicator(results, rulebook, "city", "all", "went", history=history)

    [part] = explained.parts
    assert sorted(part.items) == ["A", "B"]
    assert explained.value == 2
    assert "2" in explained.with_values.en
