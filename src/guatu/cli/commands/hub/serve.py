"""`guatu hub serve`: the pages, and for a small site the worker beside them."""

from __future__ import annotations

import click

from guatu.cli.exits import Exit
from guatu.cli.site import at_site
from guatu.cli.spoken import SpokenCommand, options_in
from guatu.cli.terminal import console
from guatu.text import Language, Text


def command(language: Language) -> click.Command:
    option = options_in(language)

    def run(address: str, port: int, workers: int, with_worker: bool) -> int:
        from guatu.hub.config.serving import Serving

        def begun() -> None:
            said = Text(
                f"挂图在 http://{address}:{port} 运行；按 Ctrl-C 停止",
                f"Guatu runs at http://{address}:{port}; Ctrl-C stops",
            )
            console(error=True).print(said.in_(language))

        Serving(address, port, workers, with_worker).run(begun)
        return Exit.DONE

    return SpokenCommand(
        "serve",
        language,
        Text(
            "运行站点。缺省连同一个后台任务进程；大站点用 --no-worker，另行运行 guatu hub worker。收到停止信号后先办完手上的请求。",
            "Run the site, with one process for background work unless --no-worker; a large site runs guatu hub worker "
            "separately. When told to stop, requests under way are finished first.",
        ),
        [
            option(
                "--address",
                default="127.0.0.1",
                show_default=True,
                words=Text("在哪个地址上听", "Address to listen on"),
            ),
            option(
                "--port",
                type=click.IntRange(1, 65535),
                default=8000,
                show_default=True,
                words=Text("端口", "Port"),
            ),
            option(
                "--workers",
                type=click.IntRange(1, 64),
                default=2,
                show_default=True,
                words=Text("网页进程数，一般等于核数", "Web processes; as many as cores, as a rule"),
            ),
            option(
                "--worker/--no-worker",
                "with_worker",
                default=True,
                show_default=True,
                words=Text("是否连同后台任务", "Whether background work runs beside"),
            ),
        ],
        at_site(run),
    )
