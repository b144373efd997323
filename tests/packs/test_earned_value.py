"""Earned value through the door: a workbook of tasks in, the figures of published worked answers out."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

import openpyxl
import pytest

from guatu.dispatch.job import run_round
from guatu.dispatch.request import RoundRequest
from guatu.standards.periods import Period
from tests.dispatch.cast import no_notice

DATA = Path(__file__).parent / "data/earned_value"
PACK = """\
pack: exercises
title: {zh: 习题, en: Exercises}
version: "1"
effective_from: "2021-01-01"
source: {zh: 测试, en: For tests}
extends: [earned_value]
"""
UNITS = """\
units:
  - {code: "1", title: {zh: 项目管理部, en: Project office}}
  - {code: "11", parent: "1", title: {zh: 一分部, en: Branch one}}
"""
LISTS = """\
ledger: tasks
lists:
  - {key: fence, title: {zh: 围栏, en: Fence}}
  - {key: case_k, title: {zh: 案例K, en: Case K}}
  - {key: period12, title: {zh: 十二期, en: Twelve periods}}
"""


@pytest.fixture(scope="module")
def indicators(tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, str], dict[str, str]]:
    """(list, indicator) -> its row of indicators.csv, after a run over the published tasks."""
    home = tmp_path_factory.mktemp("earned_value")
    (home / "exercises").mkdir()
    for name, text in {"pack.yaml": PACK, "units.yaml": UNITS, "ledger.yaml": LISTS}.items():
        (home / "exercises" / name).write_text(text, encoding="utf-8")
    request = RoundRequest(
        workbooks=[tasks(home / "一分部.xlsx")],
        pack=str(home / "exercises"),
        rulebook="earned_value_lights",
        period=Period.parse("2024-06"),
        out=home / "out",
        dated=date(2024, 7, 1),
    )
    outcome = run_round(request, no_notice)
    assert [one.grade for one in outcome.findings if one.grade != "warning"] == []
    with (home / "out/indicators.csv").open(encoding="utf-8-sig", newline="") as file:
        return {(row["list"], row["indicator"]): row for row in csv.DictReader(file) if row["unit_code"] == "11"}


def tasks(path: Path) -> Path:
    """The published tasks as a project office keeps them: a workbook in yuan, one column saying which project."""
    names = {
        "case": "项目",
        "task": "任务名称",
        "bac": "完工预算",
        "pct_complete": "完成百分比(%)",
        "pv": "PV",
        "ev": "EV",
        "ac": "AC",
    }
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["一分部任务挣值表"])
    sheet.append(["填报单位：一分部", None, None, "单位：元"])
    with (DATA / "evm_tasks.csv").open(encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file)
    sheet.append([names[title] for title in header])
    titles = {"fence": "围栏", "case_k": "案例K", "period12": "十二期"}
    for case, task, *figures in rows:
        sheet.append([titles[case], f"任务{task}", *(float(one) if one else None for one in figures)])
    book.save(path)
    return path


@pytest.mark.parametrize(
    ("project", "expected"),
    [
        ("围栏", {"bac": "4000", "pv": "3000", "ev": "2500", "ac": "2800", "sv": "-500", "cv": "-300", "spi": "0.833333",
                 "cpi": "0.892857", "eac": "4480", "etc": "1680", "vac": "-480", "tcpi": "1.25", "pcib": "62.5"}),
        ("案例K", {"bac": "3700", "sv": "-600", "cv": "-300", "spi": "0.8", "cpi": "0.888889", "eac": "4162.5",
                  "eac_budget_rate": "4000", "etc": "1462.5", "vac": "-462.5", "tcpi": "1.3"}),
        ("十二期", {"pv": "158", "ev": "148", "ac": "210", "sv": "-10", "cv": "-62", "spi": "0.936709", "cpi": "0.704762"}),
    ],
)  # fmt: skip
def test_published_cases_come_out_exactly(
    project: str, expected: dict[str, str], indicators: dict[tuple[str, str], dict[str, str]]
) -> None:
    found = {key: indicators[project, key]["value"] for key in expected}

    assert found == expected


def test_a_project_with_a_task_without_a_budget_has_no_forecast(
    indicators: dict[tuple[str, str], dict[str, str]],
) -> None:
    found = [indicators["十二期", key]["value"] for key in ("bac", "pcib", "eac", "vac", "tcpi")]

    assert found == ["", "", "", "", ""]  # four of the six published tasks give no BAC: 100 is not the project's


def test_an_index_is_kept_as_its_two_sides(indicators: dict[tuple[str, str], dict[str, str]]) -> None:
    cpi = indicators["围栏", "cpi"]

    # 2,500 and 2,800 yuan, in hundreds of yuan as every fraction of money
    assert (cpi["numerator"], cpi["denominator"], cpi["printed"]) == ("25", "28", "0.893")
