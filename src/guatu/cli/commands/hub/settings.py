"""`guatu hub settings`: every setting with its meaning and what is set; needs no database and no Django."""

from __future__ import annotations

import os

import click

from guatu.cli.exits import Exit
from guatu.cli.output import print_json
from guatu.cli.spoken import SpokenCommand, json_option, options_in
from guatu.cli.terminal import console, table
from guatu.hub.config.declared import Setting, as_env, as_markdown, by_area
from guatu.text import Language, Text


def command(language: Language) -> click.Command:
    option = options_in(language)

    def run(form: str, as_json: bool) -> int:
        if as_json:
            print_json([record(one, language) for _, settings in by_area() for one in settings])
        elif form == "table":
            _print(language)
        else:
            click.echo(as_markdown() if form == "markdown" else as_env(), nl=False)
        return Exit.DONE

    return SpokenCommand(
        "settings",
        language,
        Text(
            "列出全部设置：含义、缺省值、现在设成什么。每项也可写成 名称_FILE，放存有该值的文件的路径。",
            "List all settings: what they mean, their defaults, what is set. Each may be NAME_FILE, a file that holds it.",
        ),
        [
            option(
                "--as",
                "form",
                type=click.Choice(["table", "markdown", "env"]),
                default="table",
                show_default=True,
                words=Text(
                    "markdown 和 env 打印随附的文档和样例文件", "markdown and env print the shipped page and sample"
                ),
            ),
            json_option(language),
        ],
        run,
    )


def record(one: Setting, language: Language) -> dict[str, str]:
    return {
        "name": one.name,
        "meaning": one.meaning.in_(language),
        "default": one.default,
        "set_to": set_to(one, language),
    }


def set_to(one: Setting, language: Language) -> str:
    """What the environment says; never a secret."""
    if file := os.environ.get(f"{one.name}_FILE"):
        return f"_FILE={file}"
    value = os.environ.get(one.name, "")
    return Text("（已设，不显示）", "(set, not shown)").in_(language) if value and one.secret else value


def _print(language: Language) -> None:
    out = console()
    for area, settings in by_area():
        shown = table(
            area.in_(language),
            [
                (Text("设置", "Setting").in_(language), "left"),
                (Text("含义", "Meaning").in_(language), "left"),
                (Text("缺省", "Default").in_(language), "left"),
                (Text("现为", "Now").in_(language), "left"),
            ],
        )
        shown.columns[0].no_wrap = True
        for one in settings:
            shown.add_row(one.name, one.meaning.in_(language), one.default, set_to(one, language))
        out.print(shown)
        out.print()
