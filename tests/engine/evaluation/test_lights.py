"""Lights: the worst that holds, what could not be judged, exemptions, and what changed since last round."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from guatu.engine.evaluation import EarlierResults, InputsRefused, Results, Sentences, evaluate
from guatu.engine.rulebook import Rulebook
from tests.engine.evaluation.rounds import book, by, round_of

SECOND = """\
      - key: start
        title: {zh: 开工, en: Start}
        applies_when: is_started is not null
        clauses:
          - id: late
            severity: lagging
            when: running(3, not is_started)
            because: {zh: 连续三期未开工, en: not started three rounds running}
            cite: {zh: 测试, en: a test}
            examples:
              - {kind: firing, given: {is_started: true}, then: normal}
              - {kind: boundary, given: {is_started: true}, then: normal}
              - {kind: missing, given: {is_started: null}, then: not_applicable}
          - id: waiting
            severity: attention
            when: not is_started
            because: {zh: 未开工, en: not started}
            cite: {zh: 测试, en: a test}
            examples:
              - {kind: firing, given: {is_started: false}, then: attention}
              - {kind: boundary, given: {is_started: true}, then: normal}
              - {kind: missing, given: {is_started: null}, then: not_applicable}
"""


def judge(rulebook: Rulebook, period: str, row: dict[str, Any], *earlier: EarlierResults) -> Results:
    return evaluate(round_of(period, [row], earlier), rulebook, tables="reference")


def light(results: Results, dimension: str) -> dict[str, Any]:
    return dict(by(results.lights, "dimension")[dimension])


def test_the_overall_light_is_the_worst_of_those_judged(tmp_path: Path) -> None:
    results = judge(book(tmp_path, more=SECOND), "2021-06", {"done": 0, "plan": 100, "is_started": False})

    assert light(results, "progress")["severity"] == "lagging"
    assert light(results, "start")["severity"] == "attention"
    overall = light(results, "overall")
    assert (overall["severity"], overall["clause"], overall["state"]) == ("lagging", "red", "judged")


def test_a_dimension_without_data_is_named_and_does_not_hide_the_others(tmp_path: Path) -> None:
    results = judge(book(tmp_path, more=SECOND), "2021-06", {"done": None, "plan": 100, "is_started": False})

    progress, overall = light(results, "progress"), light(results, "overall")
    assert (progress["state"], progress["severity"], progress["missing"]) == ("not_judged", "not_judged", ["done"])
    assert (overall["severity"], overall["missing"]) == ("attention", ["progress"])


def test_a_division_by_zero_names_what_could_not_be_worked_out(tmp_path: Path) -> None:
    results = judge(book(tmp_path), "2021-06", {"done": 5, "plan": 0})

    assert light(results, "progress")["missing"] == ["gap"]


def test_missing_history_leaves_the_worse_clause_undecided_and_says_so(tmp_path: Path) -> None:
    results = judge(book(tmp_path, more=SECOND), "2021-06", {"done": 50, "plan": 100, "is_started": False})

    start = light(results, "start")
    assert (start["severity"], start["clause"]) == ("attention", "waiting")
    assert (start["undecided"], start["missing"]) == (["late"], ["history"])


def test_three_rounds_running_are_read_from_published_results(tmp_path: Path) -> None:
    rulebook = book(tmp_path, more=SECOND)
    row = {"done": 50, "plan": 100, "is_started": False}
    earlier: list[EarlierResults] = []
    severities = []
    for period in ("2021-04", "2021-05", "2021-06"):
        results = judge(rulebook, period, row, *earlier)
        severities.append(light(results, "start")["severity"])
        earlier.append(results.as_earlier())

    assert severities == ["attention", "attention", "lagging"]


def test_january_has_no_round_so_december_and_february_are_consecutive(tmp_path: Path) -> None:
    rulebook = book(tmp_path, more=SECOND)
    row = {"done": 50, "plan": 100, "is_started": False}
    earlier = [judge(rulebook, period, row).as_earlier() for period in ("2020-11", "2020-12")]

    results = judge(rulebook, "2021-02", row, *earlier)

    assert light(results, "start")["severity"] == "lagging"
    assert light(results, "start")["before"] == "attention"


def test_an_approved_exemption_shows_as_such_and_counts_as_nothing_amiss(tmp_path: Path) -> None:
    results = judge(book(tmp_path), "2021-06", {"done": 0, "plan": 100, "exempt_progress": True})

    assert (light(results, "progress")["state"], light(results, "progress")["severity"]) == ("exempt", "normal")
    assert light(results, "overall")["severity"] == "normal"


@pytest.mark.parametrize(("done", "change"), [(0, "same"), (45, "better"), (None, None)])
def test_a_light_says_whether_it_got_better_or_worse(tmp_path: Path, done: int | None, change: str | None) -> None:
    rulebook = book(tmp_path)
    may = judge(rulebook, "2021-05", {"done": 1, "plan": 100})

    june = judge(rulebook, "2021-06", {"done": done, "plan": 100}, may.as_earlier())

    assert light(june, "progress")["before"] == "lagging"
    assert light(june, "progress")["change"] == change


def test_a_past_condition_is_judged_by_the_progress_expected_then(tmp_path: Path) -> None:
    rulebook = book(tmp_path, ("gap > red_from", "gap > red_from and prev(gap > red_from)"))
    # 20 % done in March is 5 points under; in December it would be 80.
    march = judge(rulebook, "2021-11", {"done": 75, "plan": 100})

    december = judge(rulebook, "2021-12", {"done": 20, "plan": 100}, march.as_earlier())

    assert light(december, "progress")["severity"] == "normal"


def test_a_declared_outcome_replaces_not_judged(tmp_path: Path) -> None:
    rulebook = book(
        tmp_path,
        ("        clauses:\n", "        when_missing: lagging\n        clauses:\n"),
        ("plan: 1亿元}, then: not_judged", "plan: 1亿元}, then: lagging"),
    )

    results = judge(rulebook, "2021-06", {"done": None, "plan": 100})

    assert (light(results, "progress")["severity"], light(results, "progress")["missing"]) == ("lagging", ["done"])


def test_the_reason_is_kept_exactly_and_said_in_both_languages(tmp_path: Path) -> None:
    rulebook = book(tmp_path)

    results = judge(rulebook, "2021-06", {"done": 1, "plan": 6})

    row = light(results, "progress")
    reason = Sentences(rulebook).reason_of(row)
    assert row["inputs"] == ["1/3"]
    assert reason is not None
    assert (reason.zh, reason.en) == ("低33.3个百分点", "33.3 percentage points under")


def test_results_read_back_are_the_results_written(tmp_path: Path) -> None:
    results = judge(book(tmp_path, more=SECOND), "2021-06", {"done": 0, "plan": 100, "is_started": False})

    results.write(tmp_path / "out")

    again = Results.read(tmp_path / "out")
    assert again == results
    assert EarlierResults.read(tmp_path / "out") == results.as_earlier()


def test_history_given_twice_or_from_the_future_is_refused(tmp_path: Path) -> None:
    earlier = judge(book(tmp_path), "2021-06", {"done": 0, "plan": 100}).as_earlier()

    with pytest.raises(InputsRefused, match="come twice"):
        round_of("2021-07", [], [earlier, earlier])
    with pytest.raises(InputsRefused, match="not earlier"):
        round_of("2021-06", [], [earlier])
