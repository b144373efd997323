"""`guatu hub check`: what is missing before this site is used in earnest."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from guatu.cli.exits import Exit
from guatu.cli.output import print_json
from guatu.cli.site import at_site
from guatu.cli.spoken import SpokenCommand, json_option
from guatu.cli.terminal import colon, console
from guatu.text import Language, Text

if TYPE_CHECKING:
    from guatu.hub.config.fitness import Finding

GLYPHS = {"fine": "[green]●[/]", "advice": "[yellow]▲[/]", "missing": "[red]■[/]"}


def command(language: Language) -> click.Command:
    def run(as_json: bool) -> int:
        from django.utils import timezone

        from guatu.hub.config.fitness import Grade, findings

        found = findings(timezone.now())
        missing = [one for one in found if one.grade is Grade.MISSING]
        if as_json:
            print_json(
                [
                    {
                        "matter": one.matter.in_(language),
                        "grade": one.grade.value,
                        "said": one.said.in_(language),
                        "remedy": one.remedy.in_(language),
                    }
                    for one in found
                ]
            )
        else:
            _print(found, len(missing), language)
        return Exit.REFUSED if missing else Exit.DONE

    return SpokenCommand(
        "check",
        language,
        Text(
            "看站点能不能正式使用：● 好，▲ 建议，■ 缺。有缺时退出码为 3。",
            "See whether the site is fit for production: ● fine, ▲ advice, ■ missing. Exit code 3 if anything is missing.",
        ),
        [json_option(language)],
        at_site(run),
    )


def _print(found: list[Finding], missing: int, language: Language) -> None:
    out = console()
    for one in found:
        out.print(
            f"{GLYPHS[one.grade.value]} [bold]{one.matter.in_(language)}[/]{colon(language)}{one.said.in_(language)}",
            soft_wrap=True,
        )
        if one.remedy.zh:
            out.print(f"    {one.remedy.in_(language)}", soft_wrap=True, style="dim")
    said = (
        Text(f"\n正式使用还缺 {missing} 项。", f"\nMissing for production: {missing}.")
        if missing
        else Text("\n可以正式使用。", "\nFit for production.")
    )
    out.print(said.in_(language))
