"""`guatu hub backup`: database and attachments, as they are at one moment, beside a manifest."""

from __future__ import annotations

from pathlib import Path

import click

from guatu.cli.exits import Exit
from guatu.cli.output import print_json
from guatu.cli.parameters import Folder
from guatu.cli.site import at_site, by_command
from guatu.cli.spoken import SpokenCommand, json_option, options_in
from guatu.cli.terminal import console
from guatu.text import Language, Text


def command(language: Language) -> click.Command:
    option = options_in(language)

    def run(into: Path | None, keep: int | None, as_json: bool) -> int:
        from django.conf import settings
        from django.utils import timezone

        from guatu.hub.config.actions import record_backup
        from guatu.hub.config.backup import back_up, forget_old
        from guatu.hub.config.health import missing_migrations

        place = into or settings.BACKUPS
        made = back_up(place, timezone.now())
        if not missing_migrations():  # a database of the version before is backed up too, before it is migrated
            record_backup(backup={"manifest": made.digest, "rows": made.rows}, by=by_command(), at=timezone.now())
        forgotten = forget_old(place, keep) if keep else []
        if as_json:
            print_json({"folder": str(made.folder), "manifest": made.digest, "forgotten": len(forgotten)})
            return Exit.DONE
        said = Text(
            f"已备份到 {made.folder}：{len(made.manifest.tables)} 张表 {made.rows} 行，{len(made.manifest.files)} 个附件",
            f"Backed up to {made.folder}: {made.rows} rows in {len(made.manifest.tables)} tables, "
            f"{len(made.manifest.files)} attachments",
        )
        console().print(f"[green]✓[/] {said.in_(language)}", soft_wrap=True)
        if forgotten:
            console().print(
                Text(f"  删去 {len(forgotten)} 份旧备份", f"  {len(forgotten)} old backups removed").in_(language)
            )
        return Exit.DONE

    return SpokenCommand(
        "backup",
        language,
        Text(
            "备份数据库和附件：站点不停，取同一时刻的样子，旁边写一份清单（行数、摘要、审计链头）。站点密钥不在里面，另行保管。",
            "Back up the database and attachments while the site runs, as they are at one moment, with a manifest beside "
            "(row counts, digests, head of the record's chain). The site's secret is not in it; keep it apart.",
        ),
        [
            option(
                "-o",
                "--into",
                type=Folder(),
                words=Text("放在哪个文件夹里，缺省 GUATU_BACKUPS", "The folder to put it in; default: GUATU_BACKUPS"),
            ),
            option(
                "--keep",
                type=click.IntRange(1, 10000),
                words=Text("只留最新的几份，其余删去", "Keep this many of the newest, remove the others"),
            ),
            json_option(language),
        ],
        at_site(run, as_owner=True),
    )
