"""Why a number is what it is: formula, values, items; why a light shows what it shows, and what nearly did."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from guatu.engine.evaluation import NothingToExplain, Results, evaluate, explain_indicator, explain_light, explain_step
from guatu.engine.rulebook import Rulebook
from guatu.engine.values import Severity
from tests.engine.evaluation.rounds import book, round_of
from tests.engine.evaluation.test_ladders_and_points import ladder
from tests.engine.evaluation.test_lights import SECOND

ROWS: list[dict[str, Any]] = [
    {"unit": "a", "lists": ["key"], "done": 10, "plan": 100, "is_started": False},
    {"unit": "a", "lists": ["key"], "done": None, "plan": 100, "is_started": False},
    {"unit": "b", "lists": ["key"], "done": 90, "plan": 100, "is_started": True},
    {"unit": "b", "lists": [], "done": 5, "plan": 7, "is_started": True},
]


def results_and_book(folder: Path) -> tuple[Results, Rulebook]:
    rulebook = book(folder, more=SECOND)
    evaluate(round_of("2021-06", ROWS), rulebook, tables="reference").write(folder / "out")
    return Results.read(folder / "out"), rulebook


def test_an_indicator_is_explained_down_to_its_items(tmp_path: Path) -> None:
    results, rulebook = results_and_book(tmp_path)

    found = explain_indicator(results, rulebook, "city", "key", "rate")

    assert found.formula.zh == "合计(已完成) / 合计(计划)"
    assert found.with_values.zh == "100.00万元 / 300.00万元"
    assert (found.printed.zh, found.value, found.missing, found.items) == ("33.3%", Fraction(1, 3), 1, 3)
    above, below = found.parts
    assert (above.items, above.fields) == (("i1", "i3"), ("done",))
    assert below.items == ("i1", "i2", "i3")
    assert (found.list_title.zh, found.version, found.rulebook.zh) == ("重点", "1", "样本细则")


def test_a_light_is_explained_by_its_clause_with_values_put_in(tmp_path: Path) -> None:
    results, rulebook = results_and_book(tmp_path)

    found = explain_light(results, rulebook, "i1", "progress")

    assert (found.severity, found.word.zh) == (Severity.LAGGING, "红灯")
    assert found.fired is not None
    assert found.fired.because is not None
    assert found.fired.because.zh == "低40.0个百分点"
    (condition,) = found.fired.conditions
    assert condition.held is True
    assert condition.with_values.zh.startswith("50.00% - 10.00万元 / 100.00万元")
    assert set(found.fields) == {"done", "plan"}


def test_what_could_not_be_judged_says_what_was_missing(tmp_path: Path) -> None:
    results, rulebook = results_and_book(tmp_path)

    progress = explain_light(results, rulebook, "i2", "progress")
    start = explain_light(results, rulebook, "i2", "start")

    assert [name.zh for name in progress.missing] == ["已完成"]
    assert progress.fired is None
    assert [reason.clause for reason in start.undecided] == ["late"]
    assert [name.zh for name in start.missing] == ["往期结果"]


def test_all_conditions_but_one_is_nearly(tmp_path: Path) -> None:
    rulebook = book(
        tmp_path,
        ("gap > red_from", "gap > red_from and not is_started"),
        ("given: {done: 0万元,", "given: {is_started: false, done: 0万元,"),
    )
    rows = [{"done": 90, "plan": 100, "is_started": False}, {"done": 90, "plan": 100, "is_started": True}]
    results = evaluate(round_of("2021-06", rows), rulebook, tables="reference")

    assert [reason.clause for reason in explain_light(results, rulebook, "i1", "progress").nearly] == ["red"]
    assert explain_light(results, rulebook, "i2", "progress").nearly == ()


def test_the_overall_light_is_explained_by_the_dimension_that_decided(tmp_path: Path) -> None:
    results, rulebook = results_and_book(tmp_path)

    found = explain_light(results, rulebook, "i1", "overall")

    assert found.fired is not None
    assert found.fired.clause == "red"
    assert explain_light(results, rulebook, "i3", "overall").fired is None


def test_what_is_not_there_cannot_be_explained(tmp_path: Path) -> None:
    results, rulebook = results_and_book(tmp_path)

    with pytest.raises(NothingToExplain):
        explain_indicator(results, rulebook, "z", "all", "rate")
    with pytest.raises(NothingToExplain):
        explain_light(results, rulebook, "i1", "funds")


def test_a_step_is_explained_by_its_breach_and_its_count(tmp_path: Path) -> None:
    rulebook = book(tmp_path, more=ladder("never"))
    may = evaluate(round_of("2021-05", [{"done": 10, "plan": 100}]), rulebook, tables="reference")
    june = round_of("2021-06", [{"done": 20, "plan": 100}], [may.as_earlier()])
    results = evaluate(june, rulebook, tables="reference")

    found = explain_step(results, rulebook, "misses", "a")

    assert found.step is not None
    assert (found.state, found.count, found.step.key) == ("breach", 2, "talk")
    assert found.breach[0].formula.zh == "完成率 < 50%"
    assert found.breach[0].with_values.zh == "20.0% < 50%"
    assert explain_step(results, rulebook, "misses", "b").missing[0].zh == "完成率"
    with pytest.raises(NothingToExplain):
        explain_step(results, rulebook, "misses", "city")
