"""What a command puts out without the looks of a terminal: JSON for programs, and how far work has come."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

import click

from guatu.text import Language, Text


class Notice(Protocol):
    """Told how far long work has come."""

    def __call__(self, stage: Text, done: int, total: int) -> None: ...


@contextmanager
def progress(language: Language, *, quiet: bool) -> Iterator[Notice]:
    """A bar on stderr while work runs; nothing when output goes to a program."""
    if quiet or not sys.stderr.isatty():
        yield lambda stage, done, total: None
        return
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn  # nobody looks at most runs

    from guatu.cli.terminal import console

    columns = (TextColumn("{task.description}"), BarColumn(bar_width=32), MofNCompleteColumn())
    with Progress(*columns, console=console(error=True), transient=True) as bar:
        tasks: dict[str, object] = {}

        def tell(stage: Text, done: int, total: int) -> None:
            words = stage.in_(language)
            if words not in tasks:
                tasks[words] = bar.add_task(words, total=total)
            bar.update(tasks[words], completed=done, total=total)  # type: ignore[arg-type]

        yield tell


def print_json(record: object) -> None:
    click.echo(json.dumps(record, ensure_ascii=False, indent=1))
