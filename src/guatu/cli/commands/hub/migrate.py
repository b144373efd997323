"""`guatu hub migrate`: the database brought to this version, the application's rights granted anew."""

from __future__ import annotations

import click

from guatu.cli.exits import Exit
from guatu.cli.output import print_json
from guatu.cli.site import at_site
from guatu.cli.spoken import SpokenCommand, json_option
from guatu.cli.terminal import console
from guatu.text import Language, Text


def command(language: Language) -> click.Command:
    def run(as_json: bool) -> int:
        from guatu.hub.config.upkeep import migrate

        done = migrate()
        if as_json:
            print_json({"migrations": done})
            return Exit.DONE
        said = (
            Text(f"数据库已升到这一版（{len(done)} 步）", f"The database is at this version ({len(done)} steps)")
            if done
            else Text("数据库已经是这一版", "The database is at this version already")
        )
        console().print(f"[green]✓[/] {said.in_(language)}")
        return Exit.DONE

    return SpokenCommand(
        "migrate",
        language,
        Text(
            "把数据库升到这一版，收集网页文件。用 GUATU_MIGRATION_DATABASE 的属主角色（如果设了），并给应用角色授权。先备份。",
            "Bring the database to this version and gather the files of the pages; as the owner in GUATU_MIGRATION_DATABASE "
            "if set, granting the application's role its rights. Back up first.",
        ),
        [json_option(language)],
        at_site(run, as_owner=True),
    )
