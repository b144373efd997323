"""Published figures held against themselves: 28 checks by one command, and the three that do not agree by name."""

from __future__ import annotations

import csv
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from guatu.dispatch.job import run_round
from guatu.dispatch.request import RoundRequest
from guatu.dispatch.writing import Outcome
from guatu.standards.periods import Period
from tests.dispatch.cast import no_notice

REPORTS = Path(__file__).resolve().parents[2] / "demo/published_progress/通报数字.csv"

Row = dict[str, str]


def run(workbook: Path, out: Path) -> Outcome:
    request = RoundRequest(
        workbooks=[workbook],
        pack="published_progress",
        rulebook="published_consistency",
        period=Period.parse("2024-09"),
        out=out,
        dated=date(2024, 10, 8),
    )
    return run_round(request, no_notice)


def rows(path: Path) -> list[Row]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def checked(tmp_path_factory: pytest.TempPathFactory) -> tuple[Outcome, list[Row]]:
    """What came of the run, and every figure that was judged."""
    out = tmp_path_factory.mktemp("published")
    outcome = run(REPORTS, out)
    lights = [one for one in rows(out / "lights.csv") if one["dimension"] != "overall"]
    return outcome, [one for one in lights if one["severity"] != "not_judged"]


def test_every_row_stands_by_itself_and_none_is_questioned(checked: tuple[Outcome, list[Row]]) -> None:
    outcome, _ = checked

    assert outcome.item_count == 59
    assert [one.code for one in outcome.findings if one.grade != "warning"] == []


def test_twenty_eight_figures_are_checked_each_kind_as_often_as_it_can_be(checked: tuple[Outcome, list[Row]]) -> None:
    _, judged = checked

    assert Counter(one["dimension"] for one in judged) == {
        "start_rate": 10, "completion": 2, "ahead": 2, "parts_done": 6, "parts_started": 2, "parts_projects": 1, "weighted_rate": 5,
    }  # fmt: skip
    assert Counter(one["severity"] for one in judged) == {"normal": 25, "lagging": 3}


def test_the_three_that_disagree_are_named_with_both_figures(checked: tuple[Outcome, list[Row]]) -> None:
    _, judged = checked

    said = sorted(one["because"] for one in judged if one["severity"] == "lagging")
    assert [words.split("，相差")[0] for words in said] == [
        "SD2104发布完成率47.8%，由各部分加权得48.541%",
        "SD2107发布完成率83.6%，由各部分加权得83.859%",
        "SD2110发布完成率121.1%，由各部分加权得121.441%",
    ]
    assert all("两数并列，不改发布值" in words for words in said)


def test_what_was_published_is_kept_as_published(checked: tuple[Outcome, list[Row]], tmp_path: Path) -> None:
    outcome, _ = checked
    source = REPORTS.read_text(encoding="utf-8")

    assert "SD2104,2021-04,山东省,实施类项目,省重大项目,373,,320,,,85.8,,,957.4,,47.8" in source
    assert {item.name for item in outcome.facts.lagging} == {"实施类项目"}


def test_a_total_rate_is_weighted_and_never_the_mean_of_the_rates(tmp_path: Path) -> None:
    """84.0 % and 107.7 %: weighted 89.97 %, published 90.0 %. The plain mean, 95.85 %, would be found out."""
    header, *lines = REPORTS.read_text(encoding="utf-8").splitlines()
    own = [line for line in lines if line.startswith("QD2409")]
    changed = [line.replace(",2947.4,,90.0,15,", ",2947.4,,95.9,15,") for line in own]
    assert changed != own
    (tmp_path / "通报.csv").write_text("\n".join([header, *changed]), encoding="utf-8")

    run(tmp_path / "通报.csv", tmp_path / "out")

    lights = {
        one["dimension"]: one
        for one in rows(tmp_path / "out/lights.csv")
        if one["severity"] in ("lagging", "attention")
    }
    assert "由各部分加权得89.974%" in lights["weighted_rate"]["because"]
    assert "复算" not in lights["ahead"]["because"] and "20.9" in lights["ahead"]["because"]
