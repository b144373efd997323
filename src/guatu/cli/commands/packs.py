"""`guatu packs`: check packs and run their worked examples, list the shipped ones, begin a new one."""

from __future__ import annotations

from datetime import date
from importlib.resources import files
from pathlib import Path

import click

from guatu.cli.exits import Exit
from guatu.cli.output import print_json
from guatu.cli.spoken import SpokenCommand, SpokenGroup, json_option
from guatu.cli.terminal import console, table
from guatu.declarations.packs import load_pack, pack_names
from guatu.dispatch.checking import PackReport, check_pack
from guatu.text import Language, Refusal, Text


def command(language: Language) -> click.Command:
    group = SpokenGroup("packs", language, Text("业务包：检查、列出、新建", "Packs: check, list, new"))
    group.add_command(_check(language))
    group.add_command(_list(language))
    group.add_command(_new(language))
    return group


def _check(language: Language) -> click.Command:
    def run(folders: tuple[str, ...], as_json: bool) -> int:
        reports = [check_pack(folder) for folder in folders or pack_names()]
        if as_json:
            print_json([report.record(language) for report in reports])
        else:
            for report in reports:
                _print_report(report, language)
        return Exit.DONE if all(report.sound for report in reports) else Exit.REFUSED

    return SpokenCommand(
        "check",
        language,
        Text(
            "检查业务包：声明、规则、算例、双语、模板；不给名字则检查全部自带的",
            "Check packs: declarations, rules, worked examples, both languages, templates; default: all shipped ones",
        ),
        [click.Argument(["folders"], nargs=-1), json_option(language)],
        run,
    )


def _print_report(report: PackReport, language: Language) -> None:
    out = console()
    if report.sound:
        words = Text(
            f"{report.key}：{report.rulebooks} 部细则、{report.checks} 项检查、{report.examples} 个算例、"
            f"{report.templates} 个文稿模板，全部通过",
            f"{report.key}: {report.rulebooks} rulebooks, {report.checks} checks, {report.examples} worked examples, "
            f"{report.templates} document templates, all sound",
        )
        out.print(f"[green]✓[/] {words.in_(language)}")
        return
    out.print(f"[red]✗ {report.key}[/]")
    for problem in report.problems:
        out.print(f"  {problem.in_(language)}", soft_wrap=True, markup=False)


def _list(language: Language) -> click.Command:
    def run(as_json: bool) -> int:
        packs = [load_pack(name) for name in pack_names()]
        if as_json:
            print_json(
                [
                    {"pack": pack.key, "title": pack.title.in_(language), "rulebooks": sorted(pack.files("rulebooks"))}
                    for pack in packs
                ]
            )
            return Exit.DONE
        shown = table(
            Text("自带的业务包", "Shipped packs").in_(language),
            [
                (Text("业务包", "Pack").in_(language), "left"),
                (Text("名称", "Title").in_(language), "left"),
                (Text("细则", "Rulebooks").in_(language), "left"),
            ],
        )
        for pack in packs:
            shown.add_row(pack.key, pack.title.in_(language), "\n".join(sorted(pack.files("rulebooks"))))
        console().print(shown)
        return Exit.DONE

    return SpokenCommand(
        "list",
        language,
        Text("列出自带的业务包和细则", "List the shipped packs and their rulebooks"),
        [json_option(language)],
        run,
    )


def _new(language: Language) -> click.Command:
    def run(folder: Path, extends: str) -> int:
        if folder.exists() and any(folder.iterdir()):
            raise Refusal(
                str(folder),
                Text("文件夹不是空的", "the folder is not empty"),
                Text("换一个新文件夹名。", "Give the name of a new folder."),
            )
        base = load_pack(extends)
        folder.mkdir(parents=True, exist_ok=True)
        values = {"key": folder.name, "extends": extends, "ledger": base.ledger.key, "today": date.today().isoformat()}
        for template in files("guatu.cli").joinpath("new_pack").iterdir():
            text = template.read_text(encoding="utf-8").format(**values)
            (folder / template.name).write_text(text, encoding="utf-8")
        console().print(
            Text(
                f"已写出 {folder}。改 units.yaml 与 ledger.yaml，然后运行 guatu packs check {folder}",
                f"Wrote {folder}. Edit units.yaml and ledger.yaml, then run guatu packs check {folder}",
            ).in_(language),
            soft_wrap=True,
        )
        return Exit.DONE

    return SpokenCommand(
        "new",
        language,
        Text("新建一个业务包文件夹", "Begin a new pack in a folder"),
        [
            click.Argument(["folder"], type=click.Path(path_type=Path, file_okay=False)),
            click.Option(
                ["--extends"],
                required=True,
                help=Text("以哪个业务包为底", "The pack it builds on").in_(language),
            ),
        ],
        run,
    )
