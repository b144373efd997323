"""Plain facts of one round that documents and workbooks are written from, filled by whoever ran the rules.

Nothing here decides anything: who is ranked or lagging, and why, was decided by a rulebook before.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from guatu.office.figures import Figure, Mark
from guatu.text import Text

ArrivalState = Literal["arrived", "missing", "refused"]


@dataclass(frozen=True, slots=True)
class RulebookLine:
    """The rulebook a round was judged by, as a document cites it."""

    title: Text
    version: str
    source: Text


@dataclass(frozen=True, slots=True)
class Arrival:
    """Whether a unit's workbook came, and what came of it."""

    key: str
    unit: Text
    state: ArrivalState
    workbook: str | None = None
    reason: Text | None = None
    """Why it was refused."""
    errors: int = 0
    questions: int = 0
    warnings: int = 0


@dataclass(frozen=True, slots=True)
class IndicatorTitle:
    """An indicator as a column: its key finds the figure in a `LeagueRow`."""

    key: str
    title: Text
    ranked: bool = True
    group: Text | None = None
    """Heading over neighbouring columns, such as 开工 over 个数, 率, 位次."""


@dataclass(frozen=True, slots=True)
class LeagueRow:
    """A unit's line in the league."""

    key: str
    unit: Text
    values: Mapping[str, Figure]
    """Indicator key -> figure."""
    ranks: Mapping[str, Figure] = field(default_factory=dict)
    """Indicator key -> rank. Ties share one; a unit that is not comparable has a missing figure with the reason."""
    lights: Mapping[str, Figure] = field(default_factory=dict)
    """Mark key -> how many of its items show it."""
    moved: int | None = None
    """Places gained (+) or lost since the round before; None when there is no earlier rank."""
    trend: tuple[Figure, ...] = ()
    """The ranked indicator in earlier rounds and this one, oldest first."""
    stands: bool = True
    """False when its workbook of this round is missing or refused."""
    note: Text | None = None


@dataclass(frozen=True, slots=True)
class LightCount:
    mark: Mark
    count: Figure


@dataclass(frozen=True, slots=True)
class DimensionLight:
    """One dimension's light with the sentence that says why."""

    title: Text
    mark: Mark
    because: Text
    figures: tuple[Figure, ...] = ()


@dataclass(frozen=True, slots=True)
class LadderStep:
    """A step of an escalation ladder that is due."""

    key: str
    subject: Text
    step: Text
    measure: Text
    because: Text
    due_on: date | None = None


@dataclass(frozen=True, slots=True)
class MissingNote:
    """A result that rests on missing cells, or could not be judged because of them."""

    key: str
    result: Text
    why: Text
    cells: Figure | None = None


@dataclass(frozen=True, slots=True)
class Target:
    """A line in a chart and a yardstick in a sentence, such as the expected progress."""

    title: Text
    value: Figure
