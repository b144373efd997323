"""Ladders climb by published breaches, points keep every step, and a veto has the last word."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from guatu.engine.evaluation import EarlierResults, Results, evaluate
from guatu.engine.rulebook import Rulebook
from tests.engine.evaluation.rounds import book, by, round_of

EXAMPLES = """\
        examples:
          - {kind: firing, given: {rate: 10%}, then: FIRED}
          - {kind: boundary, given: {rate: 50%}, then: none}
          - {kind: missing, given: {rate: null}, then: not_judged}
"""


def ladder(reset: str) -> str:
    steps = "".join(
        f"""\
      - key: {key}
        title: {{zh: 级, en: step}}
        at: {at}
        measure: {{zh: 谈, en: talk}}
        cite: {{zh: 测试, en: a test}}
"""
        + EXAMPLES.replace("FIRED", "circular")
        for key, at in (("circular", 1), ("talk", 2), ("handling", 4))
    )
    return f"""\
ladders:
  - key: misses
    title: {{zh: 阶梯, en: Ladder}}
    subject: unit
    trigger: rate < 50%
    counted: breaches
    reset: {reset}
    steps:
{steps}"""


def play(rulebook: Rulebook, rates: Sequence[tuple[str, int | None]]) -> list[tuple[str, int, str | None]]:
    """Rounds one after another, each reading those before; (state, count, step) of unit a."""
    earlier: list[EarlierResults] = []
    found = []
    for period, done in rates:
        results = evaluate(round_of(period, [{"done": done, "plan": 100}], earlier), rulebook, tables="reference")
        standing = by(results.ladder, "id")["a"]
        found.append((standing["state"], standing["count"], standing["step"]))
        earlier.append(results.as_earlier())
    return found


@pytest.mark.parametrize(
    ("reset", "after_recovery", "after_new_year"),
    [("never", 3, 4), ("on_recovery", 1, 2), ("each_year", 3, 1)],
)
def test_breaches_stand_until_the_reset_the_rulebook_names(
    tmp_path: Path, reset: str, after_recovery: int, after_new_year: int
) -> None:
    rates = [("2021-09", 10), ("2021-10", 10), ("2021-11", 80), ("2021-12", 10), ("2022-02", 10)]

    found = play(book(tmp_path, more=ladder(reset)), rates)

    assert [state for state, _, _ in found] == ["breach", "breach", "clear", "breach", "breach"]
    assert [step for _, _, step in found[:3]] == ["circular", "talk", None]
    assert [count for _, count, _ in found[3:]] == [after_recovery, after_new_year]


def test_a_step_between_rungs_holds_the_lower_one(tmp_path: Path) -> None:
    found = play(book(tmp_path, more=ladder("never")), [(f"2021-0{month}", 0) for month in (3, 4, 5, 6)])

    assert [step for _, _, step in found] == ["circular", "talk", "talk", "handling"]


def test_a_round_that_cannot_be_judged_neither_climbs_nor_clears(tmp_path: Path) -> None:
    found = play(book(tmp_path, more=ladder("on_recovery")), [("2021-03", 0), ("2021-04", None), ("2021-05", 0)])

    assert found == [("breach", 1, "circular"), ("not_judged", 1, None), ("breach", 2, "talk")]


def test_what_stands_above_the_units_is_not_called_out(tmp_path: Path) -> None:
    results = evaluate(
        round_of("2021-06", [{"done": 0, "plan": 100}]), book(tmp_path, more=ladder("never")), tables="reference"
    )

    assert set(by(results.ladder, "id")) == {"a", "b", "c"}


POINTS = """\
points:
  title: {zh: 积分, en: Points}
  dimensions:
    - key: basic
      title: {zh: 基础, en: Basic}
      weight: 50%
      examples: [{kind: value, given: {rate: 80%}, then: 40}]
      items:
        - key: rate_points
          title: {zh: 完成率, en: Rate}
          method: linear_to_target
          value: rate
          parameters: {points: 100, target: 100%}
          when_missing: OUTCOME
          cite: {zh: 测试, en: a test}
          examples:
            - {kind: value, given: {rate: 80%}, then: 80}
            - {kind: boundary, given: {rate: 100%}, then: 100}
            - {kind: missing, given: {rate: null}, then: null}
    - key: reward
      title: {zh: 奖励, en: Reward}
      weight: 100%
      examples: [{kind: value, given: {rate: 80%}, then: 0}]
      items:
        - key: bonus
          title: {zh: 加分, en: Bonus}
          method: points_events
          parameters: {cap: 10}
          cite: {zh: 测试, en: a test}
          examples:
            - {kind: value, given: {entries: [{item: bonus, points: 4}]}, then: 4}
            - {kind: boundary, given: {entries: [{item: bonus, points: 11}]}, then: 10}
            - {kind: missing, given: {}, then: 0}
  vetoes:
    - key: falsified
      title: {zh: 弄虚作假，一票否决, en: "Falsification: veto"}
      when: rate > 500%
      total: "0"
      cite: {zh: 测试, en: a test}
      examples:
        - {kind: firing, given: {rate: 600%}, then: {result: vetoed, points: "0"}}
        - {kind: boundary, given: {rate: 500%}, then: scored}
        - {kind: missing, given: {rate: null}, then: scored}
"""


def mark(folder: Path, rows: list[dict[str, Any]], outcome: str = "not_scored", entries: Any = None) -> Results:
    inputs = round_of("2021-06", rows)
    if entries is not None:
        inputs = replace(inputs, extra={"entries": pa.Table.from_pylist(entries)})
    return evaluate(inputs, book(folder, more=POINTS.replace("OUTCOME", outcome)), tables="reference")


def points_of(results: Results, unit: str, dimension: str, item: str | None = None) -> str | None:
    points: str | None = by(results.points, "unit", "dimension", "item")[unit, dimension, item]["points"]
    return points


def test_dimensions_are_weighted_and_totals_ranked(tmp_path: Path) -> None:
    rows = [{"unit": unit, "done": done, "plan": 100} for unit, done in (("a", 80), ("b", 80), ("c", 60))]

    results = mark(tmp_path, rows)

    assert [points_of(results, "a", *key) for key in (("basic", "rate_points"), ("basic", None), ("total", None))] == [
        "80.00",
        "40.00",
        "40.00",
    ]
    totals = by(results.points, "unit", "dimension")
    assert [totals[unit, "total"]["rank"] for unit in "abc"] == [1, 1, 3]


@pytest.mark.parametrize(
    ("outcome", "points"), [("not_scored", None), ("zero", "0.00"), ("worst", "60.00"), ("group_mean", "70.00")]
)
def test_missing_data_has_its_declared_outcome(tmp_path: Path, outcome: str, points: str | None) -> None:
    rows = [{"unit": unit, "done": done, "plan": 100} for unit, done in (("a", None), ("b", 80), ("c", 60))]

    results = mark(tmp_path, rows, outcome)

    row = by(results.points, "unit", "dimension", "item")["a", "basic", "rate_points"]
    assert (row["points"], row["state"]) == (points, outcome)


def test_a_reversal_takes_one_entry_back_and_leaves_the_rest(tmp_path: Path) -> None:
    entries = [
        {"entry_id": "1", "unit": "a", "item": "bonus", "points": "4", "reverses": None},
        {"entry_id": "2", "unit": "a", "item": "bonus", "points": "3", "reverses": None},
        {"entry_id": "3", "unit": "a", "item": "bonus", "points": "-4", "reverses": "1"},
        {"entry_id": "4", "unit": "b", "item": "bonus", "points": "99", "reverses": None},
    ]

    results = mark(tmp_path, [{"done": 0, "plan": 100}], entries=entries)

    assert points_of(results, "a", "reward", "bonus") == "3.00"
    assert points_of(results, "b", "reward", "bonus") == "10.00"


def test_a_veto_sets_the_total_and_keeps_what_was_earned_visible(tmp_path: Path) -> None:
    results = mark(tmp_path, [{"done": 600, "plan": 100}])

    total = by(results.points, "unit", "dimension", "item")["a", "total", None]
    assert (total["state"], total["points"], total["how_zh"]) == ("vetoed", "0.00", "弄虚作假，一票否决")
    assert points_of(results, "a", "basic", "rate_points") == "100.00"
