"""A schedule file becomes a ledger's workbook, and that workbook a round with lights."""

from __future__ import annotations

import csv
import json
from datetime import date
from pathlib import Path

import openpyxl
import pytest

from guatu.cli.main import main
from guatu.declarations import load_pack
from guatu.dispatch.job import run_round
from guatu.dispatch.request import RoundRequest
from guatu.dispatch.schedules import codes_of, load_schedule_plan, predecessors, task_table
from guatu.office.forms import write_ledger_table
from guatu.office.schedules import read_schedule
from guatu.standards.periods import Period
from guatu.text import Refusal
from tests.dispatch.cast import no_notice

DATA = Path(__file__).parents[1] / "office/schedules/data"
MILESTONES = """\
<Project xmlns="http://schemas.microsoft.com/project"><Title>污水处理厂</Title><CurrencyCode>CNY</CurrencyCode>
<MinutesPerDay>480</MinutesPerDay><Tasks>
<Task><UID>1</UID><WBS>1</WBS><Name>一期</Name><Summary>1</Summary><Start>2024-01-08T08:00:00</Start></Task>
<Task><UID>2</UID><WBS>1.1</WBS><Name>桩基</Name><Milestone>0</Milestone><Critical>1</Critical><PercentComplete>50</PercentComplete>
 <Start>2024-01-08T08:00:00</Start><Finish>2024-07-05T17:00:00</Finish><ActualStart>2024-01-10T08:00:00</ActualStart>
 <BCWS>20000000</BCWS><BCWP>15000000</BCWP><ACWP>16000000</ACWP>
 <Baseline><Number>0</Number><Start>2024-01-08T08:00:00</Start><Finish>2024-05-31T17:00:00</Finish><Cost>30000000</Cost></Baseline></Task>
<Task><UID>3</UID><WBS>1.2</WBS><Name>=主体封顶</Name><Milestone>1</Milestone>
 <Start>2024-09-30T17:00:00</Start><Finish>2024-09-30T17:00:00</Finish>
 <Baseline><Number>0</Number><Start>2024-08-31T17:00:00</Start><Finish>2024-08-31T17:00:00</Finish></Baseline>
 <PredecessorLink><PredecessorUID>2</PredecessorUID><Type>1</Type><LinkLag>144000</LinkLag><LagFormat>8</LagFormat></PredecessorLink></Task>
</Tasks></Project>
"""


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    path = tmp_path / "plan.xml"
    path.write_text(MILESTONES, encoding="utf-8")
    return path


def test_the_tasks_are_written_in_the_ledgers_titles_units_and_words(plan: Path, tmp_path: Path) -> None:
    table, notes = task_table(read_schedule(plan), load_schedule_plan(load_pack("earned_value")))
    write_ledger_table(tmp_path / "tasks.csv", table)

    with (tmp_path / "tasks.csv").open(encoding="utf-8-sig", newline="") as file:
        piles, roof = csv.DictReader(file)
    assert notes == []
    assert piles["任务名称"] == "桩基" and piles["是否里程碑"] == "否"
    assert (piles["基准完成"], piles["预测完成"], piles["实际开始"], piles["实际完成"]) == (
        "2024-05-31", "2024-07-05", "2024-01-10", "",
    )  # fmt: skip
    assert [piles[key] for key in ("完工预算（元）", "计划价值（元）", "挣值（元）", "实际成本（元）")] == [
        "300000", "200000", "150000", "160000",
    ]  # fmt: skip
    assert piles["完成百分比（%）"] == "50"
    assert (roof["任务名称"], roof["紧前任务"]) == ("'=主体封顶", "1.1FS+10ed")


def test_a_schedule_goes_through_a_round_and_its_lights_name_what_slips(plan: Path, tmp_path: Path) -> None:
    table, _ = task_table(read_schedule(plan), load_schedule_plan(load_pack("earned_value")))
    write_ledger_table(tmp_path / "莱西市.xlsx", table)
    outcome = run_round(
        RoundRequest(
            workbooks=[tmp_path / "莱西市.xlsx"],
            pack="earned_value",
            rulebook="earned_value_lights",
            period=Period.parse("2024-06"),
            out=tmp_path / "out",
            dated=date(2024, 7, 1),
        ),
        no_notice,
    )

    with (tmp_path / "out/lights.csv").open(encoding="utf-8-sig", newline="") as file:
        lights = {(row["name"].lstrip("'="), row["dimension"]): row for row in csv.DictReader(file)}
    assert outcome.item_count == 2
    assert lights["桩基", "finish"]["severity"] == "lagging"
    assert "已超期30天" in lights["桩基", "finish"]["because"]
    assert lights["桩基", "cost"]["severity"] == "attention"
    assert (lights["主体封顶", "finish"]["severity"], lights["主体封顶", "finish"]["because"]) == (
        "attention",
        "预测2024年9月30日完成，比基准晚30天",
    )
    assert lights["主体封顶", "cost"]["severity"] == "not_judged" and "不适用" in lights["主体封顶", "cost"]["because"]


def test_amounts_of_another_currency_are_left_out_and_said(plan: Path) -> None:
    plan.write_text(MILESTONES.replace("CNY", "GBP"), encoding="utf-8")

    table, (note,) = task_table(read_schedule(plan), load_schedule_plan(load_pack("earned_value")))

    assert "bac" not in [field.key for field in table.columns]
    assert "GBP" in note.zh and "CNY" in note.zh


def test_milestones_alone_may_be_written(plan: Path, tmp_path: Path) -> None:
    table, _ = task_table(read_schedule(plan), load_schedule_plan(load_pack("earned_value")), milestones=True)
    write_ledger_table(tmp_path / "nodes.xlsx", table)

    sheet = openpyxl.load_workbook(tmp_path / "nodes.xlsx").worksheets[0]
    assert [row[1].value for row in sheet.iter_rows(min_row=4)] == ["'=主体封顶"]
    assert sheet["E4"].value.date() == date(2024, 8, 31)


def test_links_are_written_as_planning_software_writes_them() -> None:
    schedule = read_schedule(DATA / "mspdi_task_links_2019.xml")
    written = [predecessors(schedule, one, codes_of(schedule)) for one in schedule.activities if one.links]

    assert written == ["1FS", "3FS+1d", "5FS+2d", "7FS+5d", "9FS+10d", "11SF+2d", "13SS+2d", "15FF+2d"]


def test_the_command_lists_tasks_and_milestones_for_programs(plan: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["schedule", str(plan), "--json", "--milestones"])

    record = json.loads(capsys.readouterr().out)
    assert ended.value.code == 0
    assert (record["title"], record["tasks"], record["milestones"], record["critical"]) == ("污水处理厂", 3, 1, 1)
    (roof,) = record["activities"]
    assert roof["baseline"] == ["2024-08-31T17:00:00", "2024-08-31T17:00:00"]
    assert roof["predecessors"] == "1.1FS+10ed"


def test_the_command_shows_a_table_and_needs_a_pack_to_write(plan: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["schedule", str(plan), "--lang", "zh"])
    shown = capsys.readouterr().out
    with pytest.raises(SystemExit) as ended:
        main(["schedule", str(plan), "-o", str(plan.parent / "tasks.xlsx"), "--lang", "zh"])

    assert "任务 2 个，里程碑 1 个，关键任务 1 个" in shown
    assert "◆ =主体封顶" in shown
    assert ended.value.code == 3
    assert "--pack" in capsys.readouterr().err
    assert not (plan.parent / "tasks.xlsx").exists()


def test_a_plan_that_names_no_field_of_the_ledger_is_refused_by_line(tmp_path: Path) -> None:
    home = tmp_path / "own"
    home.mkdir()
    (home / "pack.yaml").write_text(
        'pack: own\ntitle: {zh: 自, en: Own}\nversion: "1"\neffective_from: "2024-01-01"\n'
        "source: {zh: 测试, en: For tests}\nextends: [earned_value]\n",
        encoding="utf-8",
    )
    (home / "schedule.yaml").write_text(
        "schedule: tasks\ncolumns:\n  - {fact: name, field: nam}\n  - {fact: bac, field: name}\n", encoding="utf-8"
    )

    with pytest.raises(Refusal) as refused:
        load_schedule_plan(load_pack(home))

    said = refused.value.in_("en")
    assert "schedule.yaml:3" in said and "Did you mean 'name'" in said
    assert "schedule.yaml:4" in said and "money" in said


def test_only_workbooks_and_csv_are_written(plan: Path, tmp_path: Path) -> None:
    table, _ = task_table(read_schedule(plan), load_schedule_plan(load_pack("earned_value")))

    with pytest.raises(Refusal):
        write_ledger_table(tmp_path / "tasks.pdf", table)
