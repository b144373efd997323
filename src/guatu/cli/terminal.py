"""How the terminal looks: one console for people, tables with the glyphs of paper and screen."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text as Styled

from guatu.text import Language

# The terminal's own tokens; severity itself is decided by rules, the glyph carries it without colour.
STYLES = {"normal": "green", "notice": "blue", "attention": "yellow", "serious": "dark_orange", "lagging": "red"}


PIPED_WIDTH = 110
"""Columns when nobody sees a terminal: a table in a log file must not be cut."""


def console(*, error: bool = False) -> Console:
    stream = sys.stderr if error else sys.stdout
    return Console(stderr=error, highlight=False, width=None if stream.isatty() else PIPED_WIDTH)


def colon(language: Language) -> str:
    """Between a name and what is said of it."""
    return "：" if language == "zh" else ": "


def bracketed(words: str, language: Language) -> str:
    return f"（{words}）" if language == "zh" else f" ({words})"


def table(title: str, columns: Sequence[tuple[str, str]]) -> Table:
    """A plain table; `columns` are (header, justify)."""
    made = Table(title=title, title_justify="left", title_style="bold", header_style="bold", box=None, padding=(0, 1))
    for header, justify in columns:
        made.add_column(header, justify=justify, no_wrap=justify == "right")  # type: ignore[arg-type]
    return made


def light(severity: str, words: str) -> Styled:
    """Words in the colour of a severity; the glyph stands in the header or beside them."""
    return Styled(words, style=STYLES.get(severity, "dim"))
