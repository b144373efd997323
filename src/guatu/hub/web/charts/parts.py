"""What charts of every kind are described with."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from guatu.hub.ledger.shown import NOTHING, grouped
from guatu.text import Text

UNSAID = Text("", "")
"""No words at all."""


@dataclass(frozen=True, slots=True)
class Tick:
    """A mark of an axis: where it is, what it says; `minor` ones are left out where there is little room."""

    at: str
    label: Text
    minor: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """The same figures as a table, for whoever does not see the picture, or wants the digits."""

    heads: tuple[Text, ...]
    rows: tuple[tuple[Text, ...], ...]


def worded(value: Decimal | int | None) -> Text:
    """A figure as people read it, every digit; a dash where there is none."""
    said = NOTHING if value is None else grouped(Decimal(value))
    return Text(said, said)


def as_table(heads: Iterable[Text], rows: Iterable[Iterable[Text]]) -> Table:
    return Table(tuple(heads), tuple(tuple(row) for row in rows))
