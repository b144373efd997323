"""`guatu schedule`: what a schedule file of planning software says, and its tasks as a ledger's workbook."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from fractions import Fraction
from pathlib import Path

import click
from rich.console import Console
from rich.text import Text as Styled

from guatu.cli.exits import Exit
from guatu.cli.output import print_json
from guatu.cli.parameters import ExistingFile, NewFile
from guatu.cli.spoken import SpokenCommand, json_option, options_in
from guatu.cli.terminal import console, table
from guatu.declarations import load_pack
from guatu.dispatch.schedules import (
    codes_of,
    load_schedule_plan,
    predecessors,
    shown_activities,
    task_table,
)
from guatu.office.forms import write_ledger_table
from guatu.office.schedules import ScheduledActivity, ScheduleFile, read_schedule
from guatu.standards.rounding import round_half_up
from guatu.text import Language, Refusal, Text


def command(language: Language) -> click.Command:
    def run(
        file: Path, milestones: bool, critical: bool, baseline: int, pack: str | None, out: Path | None, as_json: bool
    ) -> int:
        schedule = read_schedule(file)
        notes: list[Text] = []
        if out is not None:
            if pack is None:
                raise Refusal(
                    "--pack",
                    Text("没有说写成哪个业务包的台账", "it is not said which pack's ledger to write"),
                    Text("加上 --pack 名字或文件夹。", "Add --pack with a name or a folder."),
                )
            made, notes = task_table(
                schedule, load_schedule_plan(load_pack(pack)), milestones=milestones, baseline=baseline
            )
            write_ledger_table(out, made)
        if as_json:
            record = _record(schedule, baseline, milestones=milestones, critical=critical)
            print_json(record | {"notes": [note.in_(language) for note in notes]})
            return Exit.DONE
        screen = console()
        _print(screen, schedule, baseline, milestones, critical, language)
        for note in notes:
            screen.print(f"  {note.in_(language)}", style="yellow", markup=False, soft_wrap=True)
        if out is not None:
            words = Text(f"已写出 {out}", f"Wrote {out}")
            screen.print(f"  {words.in_(language)}", markup=False, soft_wrap=True)
        return Exit.DONE

    option = options_in(language)
    return SpokenCommand(
        "schedule",
        language,
        Text(
            "读进度计划（Microsoft Project XML、Primavera XER）：任务、里程碑、关键线路；用 -o 写成台账工作簿，交给 guatu run。",
            "Read a schedule (Microsoft Project XML, Primavera XER): tasks, milestones, critical path; with -o as a "
            "ledger's workbook for guatu run.",
        ),
        [
            click.Argument(["file"], required=True, type=ExistingFile()),
            option("--milestones", is_flag=True, words=Text("只要里程碑", "Milestones only")),
            option("--critical", is_flag=True, words=Text("只列关键任务", "List critical tasks only")),
            option(
                "--baseline",
                type=click.IntRange(0, 10),
                default=0,
                show_default=True,
                words=Text("以第几个基准为计划", "Which saved baseline is the plan"),
            ),
            option("--pack", words=Text("写成哪个业务包的台账", "The pack whose ledger is written")),
            option("-o", "--out", type=NewFile(), words=Text("写出 .xlsx 或 .csv", "Write .xlsx or .csv")),
            json_option(language),
        ],
        run,
    )


def _print(
    screen: Console, schedule: ScheduleFile, baseline: int, milestones: bool, critical: bool, language: Language
) -> None:
    tasks = [one for one in schedule.activities if not one.is_summary]
    words = Text(
        f"{schedule.title}（{schedule.kind.zh}）：任务 {len(tasks)} 个，里程碑 {len(schedule.milestones)} 个，"
        f"关键任务 {len(schedule.critical)} 个，联系 {sum(len(one.links) for one in tasks)} 条，"
        f"{_day(schedule.start)} 至 {_day(schedule.finish)}",
        f"{schedule.title} ({schedule.kind.en}): tasks {len(tasks)}, milestones {len(schedule.milestones)}, "
        f"critical {len(schedule.critical)}, links {sum(len(one.links) for one in tasks)}, "
        f"{_day(schedule.start)} to {_day(schedule.finish)}",
    )
    screen.print(words.in_(language), style="bold", markup=False, soft_wrap=True)
    shown = table("", [(title.in_(language), justify) for title, justify in _COLUMNS])
    codes = codes_of(schedule)
    for one in shown_activities(schedule, milestones=milestones, critical=critical):
        plan = one.baseline(baseline)
        shown.add_row(
            Styled(codes[one.uid]),
            Styled("  " * max(one.level - 1, 0) + _glyph(one) + one.name, style="bold" if one.is_summary else ""),
            _days(plan.start, plan.finish),
            _days(one.forecast.start, one.forecast.finish),
            _days(one.actual.start, one.actual.finish),
            _figure(None if one.percent is None else one.percent * 100),
            _figure(schedule.days(one.slack_hours)),
            predecessors(schedule, one, codes),
        )
    screen.print(shown)
    legend = Text("◆ 里程碑   ▶ 关键任务", "◆ milestone   ▶ critical")
    screen.print(f"  {legend.in_(language)}", style="dim")


_COLUMNS = (
    (Text("编码", "Code"), "left"),
    (Text("任务", "Task"), "left"),
    (Text("基准", "Baseline"), "left"),
    (Text("预测", "Forecast"), "left"),
    (Text("实际", "Actual"), "left"),
    (Text("完成%", "Done %"), "right"),
    (Text("总时差(天)", "Slack (d)"), "right"),
    (Text("紧前", "Predecessors"), "left"),
)


def _glyph(one: ScheduledActivity) -> str:
    return ("◆ " if one.is_milestone else "") + ("▶ " if one.is_critical and not one.is_summary else "")


def _day(moment: datetime | None) -> str:
    return f"{moment:%Y-%m-%d}" if moment else "—"


def _days(start: datetime | None, finish: datetime | None) -> str:
    if start is None and finish is None:
        return ""
    return f"{_day(start)}\n{_day(finish)}"


def _figure(value: Fraction | None) -> str:
    if value is None:
        return ""
    figure = f"{round_half_up(value, 1):f}"
    return figure.removesuffix(".0")


def _record(schedule: ScheduleFile, baseline: int, *, milestones: bool, critical: bool) -> dict[str, object]:
    codes = codes_of(schedule)
    return {
        "file": schedule.name,
        "kind": schedule.kind.en,
        "title": schedule.title,
        "start": _iso(schedule.start),
        "finish": _iso(schedule.finish),
        "currency": schedule.currency,
        "tasks": len(schedule.activities),
        "summaries": sum(one.is_summary for one in schedule.activities),
        "milestones": len(schedule.milestones),
        "critical": sum(bool(one.is_critical) for one in schedule.activities),
        "links": dict(Counter(link.kind.value for one in schedule.activities for link in one.links)),
        "with_baseline": schedule.baselines,
        "activities": [
            _activity(schedule, one, baseline, codes)
            for one in shown_activities(schedule, milestones=milestones, critical=critical)
        ],
    }


def _activity(
    schedule: ScheduleFile, one: ScheduledActivity, baseline: int, codes: dict[str, str]
) -> dict[str, object]:
    plan = one.baseline(baseline)
    return {
        "uid": one.uid,
        "code": codes[one.uid],
        "name": one.name,
        "level": one.level,
        "summary": one.is_summary,
        "milestone": one.is_milestone,
        "critical": one.is_critical,
        "baseline": [_iso(plan.start), _iso(plan.finish)],
        "forecast": [_iso(one.forecast.start), _iso(one.forecast.finish)],
        "actual": [_iso(one.actual.start), _iso(one.actual.finish)],
        "percent": _decimal(None if one.percent is None else one.percent * 100),
        "percent_of": one.percent_kind.value,
        "duration_days": _decimal(schedule.days(one.duration_hours)),
        "slack_days": _decimal(schedule.days(one.slack_hours)),
        "predecessors": predecessors(schedule, one, codes),
    }


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def _decimal(value: Fraction | None) -> str | None:
    """Numbers as text, so that no program reads them as floats."""
    if value is None:
        return None
    figure = f"{round_half_up(value, 6):f}"
    return figure.rstrip("0").rstrip(".") if "." in figure else figure
