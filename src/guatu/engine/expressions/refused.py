"""The one refusal of the language: where in the formula, what is wrong, and the remedy."""

from __future__ import annotations

from dataclasses import dataclass

from guatu.declarations.located import Place
from guatu.text import Refusal, Text


@dataclass(frozen=True, slots=True)
class Span:
    """From where to where a node stands in its source, in characters, and how to tell a person."""

    start: int = 0
    end: int = 0
    where: str = "formula"


def span_in(source: str, start: int, end: int, place: Place | None) -> Span:
    """`file:line:column`, or `formula:line:column` without a place; columns count from 1 within the formula."""
    row, column = source.count("\n", 0, start), start - (source.rfind("\n", 0, start) + 1) + 1
    if place is None:
        return Span(start, end, f"formula:{row + 1}:{column}")
    # A formula of several lines is a YAML block: its text begins on the line below its key.
    block = 1 if "\n" in source.strip() else 0
    return Span(start, end, f"{place.file}:{place.line + row + block}:{column}")


class ExpressionRefused(Refusal):
    """An expression that cannot be read or makes no sense. `span` is the part at fault."""

    def __init__(self, span: Span, what: Text, remedy: Text) -> None:
        super().__init__(span.where, what, remedy)
        self.span = span
