"""Row checks a pack declares: said at their cell with what the workbook shows; a question's value waits for its answer."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import yaml

from guatu.declarations import load_pack
from guatu.dispatch.candidates import gather
from guatu.dispatch.items import Item
from guatu.dispatch.job import run_round
from guatu.dispatch.reading import read_all
from guatu.dispatch.reconciliation.decisions import Decisions
from guatu.dispatch.reconciliation.rows import RowContext
from guatu.dispatch.request import RoundRequest
from guatu.dispatch.writing import Outcome
from guatu.office.workbooks import Finding, Memory
from guatu.standards.periods import Period
from tests.dispatch.cast import AUGUST, no_notice, pack

TITLES = (
    "序号", "项目名称", "总投资(万元)", "年度计划投资(万元)", "{month}月完成投资(万元)", "1-{month}月累计完成投资(万元)",
    "自开工累计完成投资(万元)", "完成率%", "计划开工时间", "实际开工时间", "是否开工", "纳统时间", "是否纳统",
)  # fmt: skip
BRIDGE: dict[str, Any] = {
    "项目名称": "清河大桥", "总投资(万元)": 10000, "年度计划投资(万元)": 6000, "{month}月完成投资(万元)": 500,
    "1-{month}月累计完成投资(万元)": 4500, "自开工累计完成投资(万元)": 4500, "完成率%": 75, "计划开工时间": "2021年3月",
    "实际开工时间": "2021年3月", "是否开工": "是", "纳统时间": "2021年4月", "是否纳统": "是",
}  # fmt: skip
YTD, MONTH = "1-{month}月累计完成投资(万元)", "{month}月完成投资(万元)"


def workbook(folder: Path, *changes: dict[str, Any], month: int = 8) -> Path:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "调度表"
    sheet.append([f"东关镇2021年1-{month}月重点项目调度表"])
    sheet.append([title.format(month=month) for title in TITLES])
    for number, change in enumerate(changes, 1):
        one = {"序号": number, **BRIDGE, **change}
        sheet.append([one[title] for title in TITLES])
    folder.mkdir(parents=True, exist_ok=True)
    book.save(folder / "东关镇.xlsx")
    return folder / "东关镇.xlsx"


@pytest.fixture
def county(tmp_path: Path) -> Path:
    pack(tmp_path)
    return tmp_path


def checked(home: Path, *changes: dict[str, Any]) -> tuple[list[Finding], list[Item]]:
    """What `guatu import` finds in one workbook, without any earlier round."""
    loaded = load_pack(home / "county")
    readings = read_all(
        [workbook(home / "in", *changes)], loaded.ledger, AUGUST, list(loaded.units.values()),
        memory=Memory(), answers=None, notice=no_notice,
    )  # fmt: skip
    found = gather(readings, RowContext(loaded.ledger, AUGUST), {}, Decisions())
    return list(found.added_to(readings)[0].findings), found.items[0]


def run(home: Path, *changes: dict[str, Any], month: int = 8, before: int | None = None, **more: Any) -> Outcome:
    request = RoundRequest(
        workbooks=[workbook(home / f"in-{month}", *changes, month=month)],
        pack=str(home / "county"),
        rulebook="yinchuan_2025",
        period=Period.month(2021, month),
        out=home / f"out-{month}",
        dated=date(2021, 9, 7),
        history=[home / f"out-{before}"] if before else [],
        **more,
    )
    return run_round(request, no_notice)


def codes(findings: Any) -> list[tuple[str, str, str]]:
    return [(one.code, one.cell, one.grade) for one in findings]


def test_a_workbook_that_bears_its_rules_out_is_quiet(county: Path) -> None:
    assert codes(checked(county, {})[0]) == []


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ({"实际开工时间": "2021年11月"}, ("date_in_future", "J3", "question")),
        ({"纳统时间": "2021年12月"}, ("date_in_future", "L3", "question")),
        ({"完成率%": 55}, ("rate_disagrees", "H3", "question")),
        ({"是否开工": "否"}, ("not_started_but_dated", "K3", "question")),
        ({"是否纳统": "否"}, ("not_included_but_dated", "M3", "question")),
        ({"实际开工时间": "2011年3月"}, ("start_years_before_plan", "J3", "question")),
        ({"自开工累计完成投资(万元)": 4000}, ("since_start_below_year", "G3", "question")),
        ({MONTH: 4600}, ("month_above_year", "E3", "question")),
        ({"年度计划投资(万元)": 2000, "完成率%": 225}, ("done_beyond_plan", "F3", "warning")),
        ({"总投资(万元)": 4000, "年度计划投资(万元)": 4400, "完成率%": 102.3}, ("done_beyond_total", "C3", "warning")),
        ({"总投资(万元)": 5000, "完成率%": 75}, ("plan_beyond_total", "D3", "warning")),
    ],
)
def test_what_contradicts_a_rule_is_said_at_its_cell(
    county: Path, change: dict[str, Any], found: tuple[str, str, str]
) -> None:
    findings, _ = checked(county, {}, {**change, "项目名称": "文化中心"})

    code, cell, grade = found
    assert codes(findings) == [(code, cell.replace("3", "4"), grade)]


def test_a_finding_shows_values_as_the_workbook_does_and_its_rule_in_both_languages(county: Path) -> None:
    [finding] = checked(county, {"自开工累计完成投资(万元)": 4000})[0]

    assert finding.reason.zh == "“自开工累计完成投资”是 4000万元，比年初累计 4500万元 还小"
    assert finding.reason.en == "'Done since start' says 4000万元, less than this year alone (4500万元)"
    assert finding.raw == "4000"


def test_the_value_of_an_open_question_is_missing_unless_the_rule_keeps_it(county: Path) -> None:
    _, [item] = checked(county, {"自开工累计完成投资(万元)": 4000, "完成率%": 55})

    assert (item.values["since_start_done"], item.missing["since_start_done"]) == (None, "question")
    assert item.values["completion_rate"] is not None and item.values["ytd_done"] == 4500_0000_00


def test_an_error_of_the_pack_refuses_the_workbook(county: Path) -> None:
    (county / "county" / "checks.yaml").write_text(
        "checks: key_projects\nrows:\n  - {key: rate_disagrees, grade: error}\n", encoding="utf-8"
    )

    outcome = run(county, {"完成率%": 55})

    assert [(one.state, one.errors) for one in outcome.arrivals if one.unit == "990001"] == [("refused", 1)]
    assert outcome.item_count == 0


def test_a_check_switched_off_or_not_yet_in_force_says_nothing(county: Path) -> None:
    (county / "county" / "checks.yaml").write_text(
        "checks: key_projects\nrows:\n  - {key: rate_disagrees, grade: off}\n"
        '  - {key: date_in_future, effective_from: "2022-01-01"}\n',
        encoding="utf-8",
    )

    assert codes(checked(county, {"完成率%": 55, "实际开工时间": "2021年11月"})[0]) == []


def test_a_figure_a_place_sets_otherwise_moves_the_line(county: Path) -> None:
    (county / "county" / "checks.yaml").write_text(
        "checks: key_projects\nsettings:\n  - {key: over_plan, value: 10%}\n", encoding="utf-8"
    )

    findings, _ = checked(county, {YTD: 6601, "自开工累计完成投资(万元)": 6601, "完成率%": 110})

    assert codes(findings) == [("done_beyond_plan", "F3", "warning")]


def test_a_cumulative_figure_below_last_rounds_is_asked_and_missing(county: Path) -> None:
    run(county, {}, month=7)

    outcome = run(county, {YTD: 4400, MONTH: 0, "完成率%": 73.3}, before=7)

    question, warned = outcome.findings
    assert codes([question, warned]) == [
        ("cumulative_fell", "F3", "question"),
        ("month_not_the_difference", "E3", "warning"),
    ]
    assert question.reason.zh == "“年初累计完成投资”是 4400万元，上期已报 4500万元"


def test_a_fall_that_the_month_explains_is_no_question(county: Path) -> None:
    run(county, {}, month=7)

    outcome = run(county, {YTD: 4400, MONTH: -100, "自开工累计完成投资(万元)": 4400, "完成率%": 73.3}, before=7)

    assert codes(outcome.findings) == []


def test_history_checks_say_nothing_without_history(county: Path) -> None:
    assert codes(run(county, {YTD: 1, "自开工累计完成投资(万元)": 1, MONTH: 1, "完成率%": 0}).findings) == []


def test_a_confirmed_value_is_not_asked_again_while_it_stands(county: Path) -> None:
    early = {"实际开工时间": "2011年3月"}
    questions = county / "out-7" / "questions.yaml"
    run(county, early, month=7)
    asked = yaml.safe_load(questions.read_text(encoding="utf-8"))
    [question] = asked["questions"]
    assert (question["cell"], question["raw"]) == ("J3", "2011年3月")
    question["answer"] = question["raw"]
    answers = county / "answers.yaml"
    answers.write_text(yaml.safe_dump(asked, allow_unicode=True), encoding="utf-8")

    july = run(county, early, month=7, answers=answers)
    august = run(county, early | {YTD: 5000, "自开工累计完成投资(万元)": 5000, "完成率%": 83.33}, before=7)
    other = run(
        county, {"实际开工时间": "2012年3月", YTD: 5000, "自开工累计完成投资(万元)": 5000, "完成率%": 83.33}, before=7
    )

    assert codes(july.findings) == [("answered", "J3", "warning")]
    assert codes(august.findings) == []
    assert codes(other.findings) == [("start_years_before_plan", "J3", "question")]
    [kept] = json.loads((county / "out-7/results/decisions.json").read_text(encoding="utf-8"))
    assert (kept["check"], kept["answer"], kept["period"]) == ("start_years_before_plan", "confirmed", "2021-07")
