"""`guatu hub change-pack`: this site's own changes to an installed pack, from a file, with every difference said first."""

from __future__ import annotations

from pathlib import Path

import click

from guatu.cli.commands.hub.install_pack import tell_differences
from guatu.cli.exits import Exit
from guatu.cli.person import acting_person
from guatu.cli.site import at_site
from guatu.cli.spoken import SpokenCommand
from guatu.cli.terminal import console
from guatu.text import Language, Refusal, Text


def command(language: Language) -> click.Command:
    def run(key: str, file: Path | None, preview: bool) -> int:
        from django.utils import timezone
        from django.utils.timezone import localdate

        from guatu.hub.ledger.actions.packs import change_overlay
        from guatu.hub.ledger.differences import differences
        from guatu.hub.ledger.overlays import OWN, Overlay, overlay_in
        from guatu.hub.ledger.packs import laid_out, loaded
        from guatu.hub.ledger.upgrades import current_version

        by = acting_person()
        base, current = current_version(key), current_version(key + OWN)
        if base is None:
            raise Refusal(
                key,
                Text("没有安装这个业务包", "this pack is not installed"),
                Text("先装：guatu hub install-pack。", "Install it first: guatu hub install-pack."),
            )
        if file is None:
            click.echo(overlay_in(current).text, nl=False)
            return Exit.DONE
        overlay = Overlay.read(file.read_text(encoding="utf-8"), file.name)
        with laid_out(overlay.over(base, "preview", localdate())) as pack:
            found = differences(loaded(current or base), pack)
        tell_differences(found, language)
        if any(one.refused is not None for one in found):
            return Exit.REFUSED
        if preview:
            return Exit.DONE
        seen = current.hash if current is not None else ""
        version = change_overlay(base=base, overlay=overlay, seen=seen, by=by, at=timezone.now())
        said = Text(
            f"已改：{version}（{version.hash[:12]}）", f"changed: {version.key} {version.version} ({version.hash[:12]})"
        )
        console().print(f"[green]✓[/] {said.in_(language)}")
        return Exit.DONE

    return SpokenCommand(
        "change-pack",
        language,
        Text(
            "改业务包（本地）：改称、加字段、清单、节点、责任岗、联系，选设置；升级时照样叠上；不给文件就写出现在的改动",
            "Change a pack for this site: names, fields, lists, milestones, duties, links, settings; upgrades keep it; without a file, "
            "write out what it is now",
        ),
        [
            click.Argument(["key"]),
            click.Argument(["file"], required=False, type=click.Path(exists=True, dir_okay=False, path_type=Path)),
            click.Option(
                ["--preview"], is_flag=True, help=Text("只看变化，不改", "Only say what changes").in_(language)
            ),
        ],
        at_site(run),
    )
