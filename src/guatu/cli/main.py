"""Entry point of `guatu`. Importing this must stay light: a command's module loads when the command runs."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Sequence

import click

from guatu.cli.exits import Exit
from guatu.cli.language import chosen_language
from guatu.cli.parameters import WrongValue
from guatu.cli.spoken import LateGroup
from guatu.text import Language, Refusal, Text

COMMANDS: dict[str, tuple[str, Text]] = {
    "run": (
        "guatu.cli.commands.run",
        Text("一期报表进，亮灯、排名、理由与通报出", "A round's workbooks in; lights, ranks, reasons, circular out"),
    ),
    "explain": (
        "guatu.cli.commands.explain",
        Text("一个数、一盏灯是怎么来的，追到单元格", "Why a number or a light is what it is, down to the cell"),
    ),
    "import": (
        "guatu.cli.commands.import_",
        Text("试读工作簿：列怎么对应、哪些格子有问题", "Try reading workbooks: how columns map, which cells are wrong"),
    ),
    "map": (
        "guatu.cli.commands.map",
        Text("核定工作簿的列是什么，下月照用", "Confirm what a workbook's columns are; used again next month"),
    ),
    "packs": (
        "guatu.cli.commands.packs",
        Text("业务包：检查、列出、新建", "Packs: check, list, new"),
    ),
    "form": (
        "guatu.cli.commands.form",
        Text("写出预填的填报表", "Write a prefilled report form"),
    ),
    "oc4ids": (
        "guatu.cli.commands.oc4ids",
        Text("公开合同数据（OC4IDS）：导出、导入、核对", "Open contracting data (OC4IDS): export, import, check"),
    ),
    "lake": (
        "guatu.cli.commands.lake",
        Text("Parquet 数据湖：放入各期", "Parquet lake: put rounds in"),
    ),
    "evaluate": (
        "guatu.cli.commands.evaluate",
        Text("按细则评判湖里的各期，可用 Spark", "Judge the rounds of a lake by a rulebook, on Spark if need be"),
    ),
    "schedule": (
        "guatu.cli.commands.schedule",
        Text("读进度计划：任务、里程碑、关键线路", "Read a schedule: tasks, milestones, critical path"),
    ),
    "hub": (
        "guatu.cli.commands.hub",
        Text("站点：启用、运行、检查、备份", "The site: begin, serve, check, back up"),
    ),
    "units": (
        "guatu.cli.commands.units",
        Text("单位：批量载入、样表、单位树", "Units: load from a workbook, template, tree"),
    ),
    "people": (
        "guatu.cli.commands.people",
        Text("人员：列出、新增、停用", "People: list, add, disable"),
    ),
    "audit": (
        "guatu.cli.commands.audit",
        Text("审计记录：核对、导出、检查点", "The audit record: verify, export, checkpoints"),
    ),
}


ABOUT = Text(
    "挂图：重点项目调度。一个月的报表进，亮灯、排名、理由和通报出。",
    "Guatu: key-project command. A month's workbooks in; lights, ranks, reasons and the circular out.",
)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run one command; every refusal is printed as where, what, remedy and ends with a documented exit code."""
    line = list(sys.argv[1:] if arguments is None else arguments)
    language = chosen_language(line, os.environ)
    try:
        code = LateGroup("guatu", language, ABOUT, COMMANDS).main(args=line, prog_name="guatu", standalone_mode=False)
        sys.exit(code if isinstance(code, int) else Exit.DONE)
    except click.exceptions.Exit as done:
        sys.exit(done.exit_code)
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.format_message())
        sys.exit(Exit.USAGE)
    except click.UsageError as error:
        _say_refusal(_usage(error), "--json" in line, language)
        sys.exit(Exit.USAGE)
    except Refusal as refusal:
        _say_refusal(refusal, "--json" in line, language)
        sys.exit(Exit.REFUSED)
    except (KeyboardInterrupt, click.Abort):
        click.echo(
            Text("已中断，没有留下写了一半的文件。", "Interrupted; nothing half-written is left.").in_(language),
            err=True,
        )
        sys.exit(Exit.INTERRUPTED)


def _usage(error: click.UsageError) -> Refusal:
    command = error.ctx.command_path if error.ctx else "guatu"
    remedy = Text(f"看用法：{command} --help", f"See the usage: {command} --help")
    if isinstance(error, click.NoSuchOption):
        meant = f" {error.possibilities[0]}" if error.possibilities else ""
        return Refusal(
            command,
            Text(f"没有选项 {error.option_name}", f"there is no option {error.option_name}"),
            Text(f"是不是{meant}？", f"Did you mean{meant}?") if meant else remedy,
        )
    if isinstance(error, WrongValue):
        name = error.param.opts[0] if isinstance(error.param, click.Option) else ""
        return Refusal(f"{name} {error.value}".strip(), error.what, error.remedy)
    if isinstance(error, click.MissingParameter):
        name = "/".join(error.param.opts) if error.param else "?"
        return Refusal(command, Text(f"缺少 {name}", f"{name} is missing"), remedy)
    return Refusal(command, Text(f"命令写错了：{error.format_message()}", error.format_message()), remedy)


def _say_refusal(refusal: Refusal, as_json: bool, language: Language) -> None:
    if as_json:
        record = {"refused": refusal.in_(language).split("\n"), "where": refusal.where}
        click.echo(json.dumps(record, ensure_ascii=False))
        return
    first, *rest = refusal.in_(language).split("\n")
    click.echo(click.style(first, fg="red", bold=True), err=True)
    for line in rest:
        click.echo(line, err=True)
