"""What is wrong with a rulebook is told with file, line, what, and the remedy, all of it at once."""

from __future__ import annotations

from pathlib import Path

import pytest

from guatu.declarations import DeclarationRefused
from guatu.engine.rulebook import check_rulebook, load_rulebook
from tests.engine.rulebook.sample import LEDGER, RULEBOOK, written


def line_of(piece: str) -> int:
    return RULEBOOK[: RULEBOOK.index(piece)].count("\n") + 1


def messages(path: Path) -> list[str]:
    return [problem.in_("en") for problem in check_rulebook(path, ledger=LEDGER)]


def test_the_sample_is_sound(tmp_path: Path) -> None:
    assert messages(written(tmp_path)) == []


def test_a_division_without_an_outcome_for_zero_is_named_with_its_divisor(tmp_path: Path) -> None:
    path = written(tmp_path, ("    when_zero: not_scored\n", ""))

    (message,) = messages(path)

    assert message.endswith(
        "'rate' divides by sum(plan), which may be zero. Add when_zero: not_scored, or another value."
    )
    assert f"sample.yaml:{line_of('key: rate')}:" in message


@pytest.mark.parametrize(
    ("change", "at", "expected"),
    [
        (("gap > red_from", "gapp > red_from"), "when: gap", "unknown name 'gapp'. Did you mean 'gap' (差距)?"),
        (("gap > red_from", "gap + red_from"), "when: gap", "true or false is needed"),
        (("gap > red_from", "sum(done) > 1元 and red_from > 1pp"), "when: gap", "cannot hold a total"),
        (("gap > red_from", "gap > 30pp"), "{key: red_from", "no rule uses the setting 'red_from'"),
        (("value: 30pp", "value: 35pp"), "{key: red_from", "setting 'red_from' cannot be 35pp. It is one of: 30pp, 40pp."),
        (("{gap} under", "{gup} under"), "- id: red", "unknown name 'gup'"),
        (("kind: boundary", "kind: also"), "- id: red", "'red' has no worked example of kind boundary"),
        (("severity: lagging", "severity: red"), "severity: lagging", "'severity' does not know 'red'"),
        (("unit: 个", "unit: 万元"), "- key: projects", "is a number, its unit '万元' is money (CNY)"),
        (("key: gap, title", "key: plan, title"), "key: gap", "'plan' is already a field or a constant of the round"),
        (("en: Sample rulebook", "eng: Sample rulebook"), "rulebook: sample", "'en' is missing"),
        (("{zh: 差距, en: gap}", "{zh: 计划, en: gap}"), "key: gap", "'gap' and 'plan' are both called '计划'"),
        (("2021-01-01", "2021-13-01"), "rulebook: sample", "'2021-13-01' is not a date"),
        (("gap > red_from", "light_progress = severity(\"lagging\") and gap > red_from"), "when: gap", "Write prev(light_progress)"),
        (("indicators:", "indicatorz:"), "indicators:", "Did you mean 'indicators'?"),
    ],
)  # fmt: skip
def test_a_mistake_is_named_with_its_line_and_remedy(
    tmp_path: Path, change: tuple[str, str], at: str, expected: str
) -> None:
    found = messages(written(tmp_path, change))

    assert any(expected in message for message in found), found
    assert (
        any(expected in message and f"sample.yaml:{line_of(at)}" in message for message in found) or "en'" in expected
    )


def test_all_problems_are_told_together_in_order(tmp_path: Path) -> None:
    path = written(tmp_path, ("    when_zero: not_scored\n", ""), ("gap > red_from", "gapp > red_from"))

    with pytest.raises(DeclarationRefused) as refused:
        load_rulebook(path, ledger=LEDGER)

    lines = [problem.place.line for problem in refused.value.problems]
    assert len(lines) >= 2
    assert lines == sorted(lines)


def test_clauses_go_from_the_worst_to_the_mildest(tmp_path: Path) -> None:
    clause = RULEBOOK[RULEBOOK.index("          - id: red") :]
    milder = clause.replace("id: red", "id: yellow", 1).replace("lagging", "attention", 1)
    path = written(tmp_path, (clause, milder + clause))

    assert any("'red' is worse than the clause before it" in message for message in messages(path))


def test_every_message_is_in_both_languages(tmp_path: Path) -> None:
    path = written(tmp_path, ("    when_zero: not_scored\n", ""))

    (problem,) = check_rulebook(path, ledger=LEDGER)

    assert "后者可能为零" in problem.in_("zh")
    assert "加上 when_zero: not_scored" in problem.in_("zh")


def test_a_ladder_must_count_in_a_known_way(tmp_path: Path) -> None:
    ladder = """\
ladders:
  - key: steps
    title: {zh: 阶梯, en: Ladder}
    subject: unit
    trigger: rate < 50%
    counted: quarters
    steps:
      - {key: one, title: {zh: 一, en: one}, at: 0, measure: {zh: 谈, en: talk}, cite: {zh: 测试, en: a test}}
"""
    path = tmp_path / "sample.yaml"
    path.write_text(RULEBOOK + ladder, encoding="utf-8")

    found = messages(path)

    assert any("'counted' does not know 'quarters'" in message for message in found)
    assert any("'at' of 'one' is below 1. Count from 1." in message for message in found)
    assert any("'one' has no worked example of kind firing, boundary, missing" in message for message in found)


def test_a_points_item_names_a_known_method_and_its_parameters(tmp_path: Path) -> None:
    points = """\
points:
  title: {zh: 积分, en: Points}
  dimensions:
    - key: basic
      title: {zh: 基础, en: Basic}
      weight: 100%
      items:
        - {key: one, title: {zh: 一, en: one}, method: linear, cite: {zh: 测试, en: a test}}
        - {key: two, title: {zh: 二, en: two}, method: rank, value: rate, parameters: {points: 10, steps: 5%}, cite: {zh: 测试, en: a test}}
"""
    path = tmp_path / "sample.yaml"
    path.write_text(RULEBOOK + points, encoding="utf-8")

    found = messages(path)

    assert any("there is no scoring method 'linear'" in message for message in found)
    assert any("method rank lacks the parameter 'step'. Add step under parameters." in message for message in found)
    assert any("method rank has no parameter 'steps'" in message for message in found)
