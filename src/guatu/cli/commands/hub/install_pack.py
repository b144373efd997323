"""`guatu hub install-pack`: a pack into the site, or a newer content of one, with every difference said first."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from guatu.cli.exits import Exit
from guatu.cli.person import acting_person
from guatu.cli.site import at_site
from guatu.cli.spoken import SpokenCommand
from guatu.cli.terminal import colon, console
from guatu.text import Language, Text

if TYPE_CHECKING:
    from guatu.hub.ledger.differences import Difference


def command(language: Language) -> click.Command:
    def run(name: str, preview: bool) -> int:
        from django.utils import timezone

        from guatu.declarations import load_pack
        from guatu.hub.ledger.actions.packs import install_pack
        from guatu.hub.ledger.upgrades import upgrade_to

        by = acting_person()
        upgrade = upgrade_to(load_pack(name))
        tell_differences(upgrade.all, language)
        if upgrade.is_refused:
            return Exit.REFUSED
        if preview:
            return Exit.DONE
        version = install_pack(folder=name, by=by, at=timezone.now())
        said = Text(
            f"已安装 {version}（{version.hash[:12]}）",
            f"installed {version.key} {version.version} ({version.hash[:12]})",
        )
        console().print(f"[green]✓[/] {said.in_(language)}")
        return Exit.DONE

    return SpokenCommand(
        "install-pack",
        language,
        Text(
            "安装业务包；已有的升级，先列出变化，会丢内容的不装",
            "Install a pack; over an older content of it, say what changes, and never lose what items hold",
        ),
        [
            click.Argument(["name"]),
            click.Option(
                ["--preview"], is_flag=True, help=Text("只看变化，不安装", "Only say what changes").in_(language)
            ),
        ],
        at_site(run),
    )


def tell_differences(found: Sequence[Difference], language: Language) -> None:
    """Each on a line of its own, those in the way in red with their reason."""
    out = console()
    for one in found:
        if one.refused is None:
            out.print(f"  {one.what.in_(language)}", markup=False, soft_wrap=True)
        else:
            words = f"  ✗ {one.what.in_(language)}{colon(language)}{one.refused.in_(language)}"
            out.print(words, style="red", markup=False, soft_wrap=True)
