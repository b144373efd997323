"""What the rows of a run hold, read from their JSON: a light of an item, a figure of a unit. Numbers stay exact."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from fractions import Fraction
from typing import Any

from guatu.hub.audit.recording import canonical
from guatu.text import Text


@dataclass(frozen=True, slots=True)
class LightRow:
    """One light of one item, in one dimension or overall."""

    state: str
    """judged, not_judged, not_applicable, exempt."""
    severity: str
    clause: str = ""
    because: str | tuple[str, ...] = ""
    """The clause's sentence with this item's values in it: one text, or Chinese and English."""
    conditions: str = ""
    """Per clause, in the book's order, 1, 0 or ? per condition: `0? 1`."""
    inputs: tuple[str | None, ...] = ()
    """Exact values of the names the sentence mentions, in their order."""
    undecided: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    before: str = ""
    change: str = ""

    def written(self) -> dict[str, Any]:
        """Without what is empty."""
        return {key: value for key, value in asdict(self).items() if value not in ("", ())}

    @classmethod
    def of(cls, told: Mapping[str, Any]) -> LightRow:
        kept: dict[str, Any] = {key: tuple(one) if isinstance(one, list) else one for key, one in told.items()}
        return cls(**kept)


def lights_written(lights: Mapping[str, LightRow]) -> str:
    return canonical({key: one.written() for key, one in lights.items()})


def lights_read(text: str) -> dict[str, LightRow]:
    """dimension -> light, `overall` among them."""
    return {key: LightRow.of(told) for key, told in json.loads(text).items()}


@dataclass(frozen=True, slots=True)
class Figure:
    """One indicator of one unit and list."""

    state: str
    """ok, missing, zero_denominator, no_items."""
    num: str | None
    den: str | None
    """The value in lowest terms, whole numbers as text: 分, millionths of a 亩, 1 = 100 %."""
    numerator: str | None
    denominator: str | None
    """The two sides of a division as they were totalled."""
    value: str | None
    """In the printed unit, to the stored decimals."""
    rank: int | None
    ranked_among: int | None
    comparable: bool
    """False: too few items or no value, so it has no rank."""
    items: int
    missing: int
    """Items whose data the formula lacked."""

    @property
    def exact(self) -> Fraction | None:
        return None if self.num is None or self.den is None else Fraction(int(self.num), int(self.den))

    def written(self) -> list[Any]:
        return [
            self.state, self.num, self.den, self.numerator, self.denominator, self.value, self.rank, self.ranked_among,
            self.comparable, self.items, self.missing,
        ]  # fmt: skip


def figures_written(figures: Mapping[str, Figure]) -> str:
    return canonical({key: one.written() for key, one in figures.items()})


def figures_read(text: str) -> dict[str, Figure]:
    """indicator -> figure."""
    return {key: Figure(*told) for key, told in json.loads(text).items()}


def spoken_of(said: str | list[str] | tuple[str, ...]) -> Text:
    """A saying kept as one text, or as Chinese and English."""
    return Text(said, said) if isinstance(said, str) else Text(said[0], said[1])
