"""`guatu hub worker`: background work and the sealer of the record, without pages."""

from __future__ import annotations

import click

from guatu.cli.exits import Exit
from guatu.cli.site import at_site
from guatu.cli.spoken import SpokenCommand, options_in
from guatu.text import Language, Text


def command(language: Language) -> click.Command:
    option = options_in(language)

    def run(parent: int | None) -> int:
        from guatu.hub.config.working import work

        work(parent=parent)
        return Exit.DONE

    return SpokenCommand(
        "worker",
        language,
        Text(
            "运行后台任务和审计封存。可以多开几个；收到停止信号后先办完手上的任务。",
            "Run background work and the sealing of the record. Several may run; when told to stop, the job at hand is "
            "finished first.",
        ),
        [
            option(
                "--parent",
                type=int,
                hidden=True,
                words=Text("跟着这个进程停止", "Stop when this process is gone"),
            )
        ],
        at_site(run),
    )
