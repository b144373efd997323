"""`guatu hub restore`: a backup into an empty place, held to its manifest and to the record's chain."""

from __future__ import annotations

from pathlib import Path

import click

from guatu.cli.exits import Exit
from guatu.cli.output import print_json
from guatu.cli.parameters import Folder
from guatu.cli.site import at_site, by_command
from guatu.cli.spoken import SpokenCommand, json_option
from guatu.cli.terminal import console
from guatu.text import Language, Text


def command(language: Language) -> click.Command:
    def run(folder: Path, as_json: bool) -> int:
        from django.utils import timezone

        from guatu.hub.config.actions import record_restoration
        from guatu.hub.config.restore import restore

        done = restore(folder, timezone.now())
        record_restoration(
            backup={"manifest": done.digest, "made_at": done.manifest.made_at}, by=by_command(), at=timezone.now()
        )
        chain = done.verified.chain
        if as_json:
            print_json(
                {
                    "rows": sum(done.manifest.tables.values()),
                    "files": len(done.manifest.files),
                    "sealed": chain.rows,
                    "steps": done.steps,
                    "same_secret": done.same_secret,
                }
            )
            return Exit.DONE
        tables, rows = len(done.manifest.tables), sum(done.manifest.tables.values())
        lines = [
            Text(f"{tables} 张表 {rows} 行，行数都对", f"{rows} rows in {tables} tables, all counts as they were"),
            Text(
                f"{len(done.manifest.files)} 个附件，摘要都对",
                f"{len(done.manifest.files)} attachments, all digests as they were",
            ),
            Text(f"审计链 {chain.rows} 条，从头到尾完好", f"{chain.rows} sealed records, the chain is whole"),
        ]
        if done.steps:
            lines.append(Text(f"升到这一版（{done.steps} 步）", f"Brought to this version ({done.steps} steps)"))
        for line in lines:
            console().print(f"[green]✓[/] {line.in_(language)}")
        if not done.same_secret:
            warned = Text(
                "站点密钥与备份时不同：大家要重新登录；用密钥保护的内容（如二次验证）可能要重设。"
                "把原来的 secret-key 放回来即可避免。",
                "The site's secret is not the one of the backup: everybody signs in anew, and what it protects (second "
                "factors) may have to be set up again. Put the old secret-key back to avoid this.",
            )
            console().print(f"[yellow]▲[/] {warned.in_(language)}", soft_wrap=True)
        return Exit.DONE

    return SpokenCommand(
        "restore",
        language,
        Text(
            "把一份备份恢复到空的数据库和空的 GUATU_HOME，逐表核对行数、逐个核对附件、核验审计链。已有内容的地方不动。",
            "Restore a backup into an empty database and an empty GUATU_HOME, and check every row count, every attachment and "
            "the record's chain. A place that holds anything is left alone.",
        ),
        [click.Argument(["folder"], type=Folder(exists=True)), json_option(language)],
        at_site(run, as_owner=True),
    )
