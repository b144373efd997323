"""Checks as packs declare them: what is wrong is told with its line; a pack that extends another changes little."""

from __future__ import annotations

from pathlib import Path

import pytest

from guatu.declarations import DeclarationRefused, load_pack
from guatu.engine.checks import check_book, check_cases, load_book, run_check_examples
from guatu.engine.checks.examples import run_check_case
from tests.dispatch.cast import pack

ROW = """\
checks: key_projects
rows:
  - key: too_dear
    title: {zh: 太贵, en: Too dear}
    grade: warning
    field: FIELD
    when: WHEN
    reason: {zh: "“{field}”是 {this}SAID", en: "'{field}' says {this}SAID"}
    remedy: {zh: 核对。, en: Check it.}
    cite: {zh: 测试, en: For tests}
    examples:
      - {kind: firing, given: {total_investment: 200万元}, then: fires}
      - {kind: boundary, given: {total_investment: 100万元}, then: quiet}
      - {kind: quiet, given: {total_investment: 10万元}, then: quiet}
      - {kind: missing, given: {total_investment: null}, then: quiet}
"""


def problems(folder: Path, checks: str) -> list[str]:
    """What `guatu packs check` would tell of the pack's own checks."""
    try:
        ledger = load_pack(pack(folder, **{"checks.yaml": checks})).ledger
        found = list(check_book(ledger))
        if not found:
            book = load_book(ledger)
            cases = [one for one in check_cases(book) if one[0].declared.key == "too_dear"]
            found = [problem for ready, example in cases if (problem := run_check_case(book, ready, example))]
    except DeclarationRefused as refused:
        found = list(refused.problems)
    return [problem.in_("en") for problem in found]


def row(field: str = "total_investment", when: str = "total_investment > 100万元", said: str = "") -> str:
    return ROW.replace("FIELD", field).replace("WHEN", when).replace("SAID", said)


def test_a_sound_check_has_no_problem(tmp_path: Path) -> None:
    assert problems(tmp_path, row()) == []


@pytest.mark.parametrize(
    ("checks", "told"),
    [
        (row(field="total_investmnt"), "county/checks.yaml:3: the ledger has no field 'total_investmnt'. Did you mean"),
        (
            row(when="total_investmnt > 100万元"),
            "county/checks.yaml:7: 'total_investmnt > 100万元', character 1: unknown name",
        ),
        (row(when="total_investment + 1万元"), "county/checks.yaml:7: 'total_investment + 1万元' is money (CNY)"),
        (row(when="sum(total_investment) > 1元"), "this is decided row by row and cannot hold a total"),
        (row(said="{plan_totl}"), "unknown name 'plan_totl'"),
        (
            row(when="total_investment > 500万元"),
            "county/checks.yaml:12: the example of 'too_dear' gives quiet, not fires",
        ),
        (row().replace("grade: warning", "grade: bad"), "county/checks.yaml:5: 'grade' does not know 'bad'"),
        (row().replace("kind: missing", "kind: also"), "'too_dear' has no worked example of kind missing"),
        (row().replace("en: Check it.", "ze: Check it."), "'en' is missing"),
        (
            row() + "  - {key: rate_disagrees, when: this > 1}\n",
            "the condition of the inherited check 'rate_disagrees' cannot change",
        ),
        ("checks: key_project\n", "there is no ledger 'key_project'"),
        ('checks: key_projects\neffective_from: "2021-13-01"\n', "'2021-13-01' is not a date"),
        ("checks: key_projects\nnames: {marks: ['[0-9']}\n", "'[0-9' is no regular expression"),
        ("checks: key_projects\nsettings:\n  - {key: over_plan, value: 17%}\n", "setting 'over_plan' cannot be 17%"),
        ("checks: key_projects\nidentity:\n  - {key: gone, grade: error}\n", "'grade' does not know 'error'"),
    ],
)
def test_what_makes_no_sense_is_told_with_its_line(tmp_path: Path, checks: str, told: str) -> None:
    found = problems(tmp_path, checks)

    assert any(told in one for one in found), found


def test_a_pack_that_extends_another_inherits_its_checks_and_changes_grades_and_figures(tmp_path: Path) -> None:
    home = pack(
        tmp_path,
        **{
            "checks.yaml": "checks: key_projects\nsettings:\n  - {key: over_plan, value: 10%}\n"
            "rows:\n  - {key: rate_disagrees, grade: warning}\nidentity:\n  - {key: likely_duplicate, likeness: 95}\n"
            "totals: {total: error}\n"
        },
    )

    checks, base = load_pack(home).ledger.checks, load_pack("key_projects").ledger.checks

    assert checks.rows.keys() == base.rows.keys()
    assert (checks.rows["rate_disagrees"].grade, base.rows["rate_disagrees"].grade) == ("warning", "question")
    assert checks.settings["over_plan"].written == "10%"
    assert checks.identity["likely_duplicate"].likeness == 95
    assert (checks.totals.total, checks.totals.count) == ("error", "question")
    assert check_book(load_pack(home).ledger) == ()
    # Inherited examples are about the figures where they were written.
    assert run_check_examples(load_book(load_pack(home).ledger)) == []


def test_two_problems_are_told_together(tmp_path: Path) -> None:
    home = pack(
        tmp_path, **{"checks.yaml": row(field="a") + row(field="b").partition("rows:\n")[2].replace("too_dear", "dear")}
    )

    with pytest.raises(DeclarationRefused) as refused:
        load_pack(home)
    assert len(refused.value.problems) == 2
