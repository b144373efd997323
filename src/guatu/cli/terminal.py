"""How the terminal looks: one console for people, progress that moves, tables with the glyphs of paper and screen."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Protocol

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
from rich.table import Table
from rich.text import Text as Styled

from guatu.text import Language, Text

# The terminal's own tokens; severity itself is decided by rules, the glyph carries it without colour.
STYLES = {"normal": "green", "notice": "blue", "attention": "yellow", "serious": "dark_orange", "lagging": "red"}


class Notice(Protocol):
    """Told how far long work has come."""

    def __call__(self, stage: Text, done: int, total: int) -> None: ...


PIPED_WIDTH = 110
"""Columns when nobody sees a terminal: a table in a log file must not be cut."""


def console(*, error: bool = False) -> Console:
    stream = sys.stderr if error else sys.stdout
    return Console(stderr=error, highlight=False, width=None if stream.isatty() else PIPED_WIDTH)


@contextmanager
def progress(language: Language, *, quiet: bool) -> Iterator[Notice]:
    """A bar on stderr while work runs; nothing when output goes to a program."""
    if quiet or not sys.stderr.isatty():
        yield lambda stage, done, total: None
        return
    columns = (TextColumn("{task.description}"), BarColumn(bar_width=32), MofNCompleteColumn())
    with Progress(*columns, console=console(error=True), transient=True) as bar:
        tasks: dict[str, object] = {}

        def tell(stage: Text, done: int, total: int) -> None:
            words = stage.in_(language)
            if words not in tasks:
                tasks[words] = bar.add_task(words, total=total)
            bar.update(tasks[words], completed=done, total=total)  # type: ignore[arg-type]

        yield tell


def colon(language: Language) -> str:
    """Between a name and what is said of it."""
    return "：" if language == "zh" else ": "


def bracketed(words: str, language: Language) -> str:
    return f"（{words}）" if language == "zh" else f" ({words})"


def print_json(record: object) -> None:
    click.echo(json.dumps(record, ensure_ascii=False, indent=1))


def table(title: str, columns: Sequence[tuple[str, str]]) -> Table:
    """A plain table; `columns` are (header, justify)."""
    made = Table(title=title, title_justify="left", title_style="bold", header_style="bold", box=None, padding=(0, 1))
    for header, justify in columns:
        made.add_column(header, justify=justify, no_wrap=justify == "right")  # type: ignore[arg-type]
    return made


def light(severity: str, words: str) -> Styled:
    """Words in the colour of a severity; the glyph stands in the header or beside them."""
    return Styled(words, style=STYLES.get(severity, "dim"))
