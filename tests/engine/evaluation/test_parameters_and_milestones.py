"""Standards that differ by unit and by date, and milestones by key, on both engines."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from guatu.declarations.ledger import FieldType, MilestoneDeclaration
from guatu.engine.evaluation import evaluate
from guatu.engine.evaluation.stage import Engine
from guatu.engine.rulebook import check_rulebook, load_rulebook
from guatu.text import Text
from tests.engine.evaluation.rounds import book, by, round_of
from tests.engine.rulebook.sample import HERE, LEDGER, field, written

ENGINES: list[Engine] = ["reference", "duckdb"]
PARAMETERS = """\
parameters:
  - key: red_line
    title: {zh: 红灯界限, en: red line}
    by: [unit]
    rows:
      - {unit: a, value: 10pp, valid_to: 2021-06-01, source: {zh: 旧文件, en: old paper}}
      - {unit: a, value: 40pp, valid_from: 2021-06-01, source: {zh: 新文件, en: new paper}}
      - {unit: b, value: 20pp, source: {zh: 新文件, en: new paper}}
"""
BY_UNIT = (
    ("gap > red_from", 'gap > coalesce(param("red_line", unit, as_of=period_end), red_from)'),
    ("definitions:", PARAMETERS + "definitions:"),
)


def severities(folder: Path, period: str, rows: list[dict[str, Any]], engine: Engine) -> dict[str, str]:
    results = evaluate(round_of(period, rows), book(folder, *BY_UNIT), tables=engine)
    return {
        id_: row["severity"] for (id_, dim), row in by(results.lights, "id", "dimension").items() if dim == "progress"
    }


@pytest.mark.parametrize("engine", ENGINES)
def test_a_standard_differs_by_unit_and_from_a_day_on(tmp_path: Path, engine: Engine) -> None:
    # Half the year's progress is expected in June: 20 % done is 30 points under.
    rows = [{"unit": unit, "done": 20, "plan": 100} for unit in ("a", "b", "c")]

    june = severities(tmp_path, "2021-06", rows, engine)
    # In May five twelfths are expected: 21.67 points under, above the old line of a.
    may = severities(tmp_path, "2021-05", rows, engine)

    assert june == {"i1": "normal", "i2": "lagging", "i3": "normal"}
    assert may == {"i1": "lagging", "i2": "lagging", "i3": "normal"}


def test_a_parameter_no_rule_uses_is_refused(tmp_path: Path) -> None:
    path = written(tmp_path, BY_UNIT[1])

    (problem,) = check_rulebook(path, ledger=LEDGER)

    assert "no rule uses the parameter 'red_line'" in problem.in_("en")


def test_values_of_one_parameter_share_a_unit(tmp_path: Path) -> None:
    path = written(tmp_path, BY_UNIT[0], ("definitions:", PARAMETERS.replace("20pp", "20万元") + "definitions:"))

    found = [problem.in_("en") for problem in check_rulebook(path, ledger=LEDGER)]

    assert any("money (CNY) here, a number above" in message for message in found)


@pytest.mark.parametrize("engine", ENGINES)
def test_a_milestone_is_reached_by_its_key(tmp_path: Path, engine: Engine) -> None:
    topped_out = field("topped_out_on", "封顶日期", FieldType.DATE)
    milestone = MilestoneDeclaration(
        "topped_out", Text("封顶", "topped out"), Text("…", "…"), Text("…", "…"), HERE, actual="topped_out_on"
    )
    ledger = replace(
        LEDGER, fields={**LEDGER.fields, "topped_out_on": topped_out}, milestones={"topped_out": milestone}
    )
    rulebook = load_rulebook(
        written(tmp_path, ("gap > red_from", 'gap > red_from and not reached("topped_out", period_end)')), ledger=ledger
    )
    days = pa.array([date(2021, 6, 30), date(2021, 7, 1)], pa.date32())
    inputs = round_of("2021-06", [{"done": 0, "plan": 100}, {"done": 0, "plan": 100}])
    inputs = replace(inputs, ledger=ledger, items=inputs.items.append_column("topped_out_on", days))

    results = evaluate(inputs, rulebook, tables=engine)

    found = by(results.lights, "id", "dimension")
    assert (found["i1", "progress"]["severity"], found["i2", "progress"]["severity"]) == ("normal", "lagging")
