"""What the league workbook is written from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from guatu.office.facts import (
    Arrival,
    DimensionLight,
    IndicatorTitle,
    LadderStep,
    LeagueRow,
    MissingNote,
    RulebookLine,
    Target,
)
from guatu.office.figures import Figure, Mark
from guatu.text import Language, Text


@dataclass(frozen=True, slots=True)
class ListLeague:
    """The league over one list of items."""

    key: str
    title: Text
    indicators: tuple[IndicatorTitle, ...]
    ranked_by: str
    rows: tuple[LeagueRow, ...]
    """In order of rank."""
    total: LeagueRow | None = None
    """The whole place; None where a sum would count items twice."""


@dataclass(frozen=True, slots=True)
class ItemLine:
    """An item with its lights, one line of the lights sheet."""

    key: str
    name: str
    unit: Text
    overall: Mark
    lights: Mapping[str, DimensionLight]
    """Dimension key -> light with its reason; a dimension that does not apply is absent."""
    code: str | None = None
    lists: tuple[Text, ...] = ()
    figures: Mapping[str, Figure] = field(default_factory=dict)
    owner: str | None = None
    next_date: date | None = None


@dataclass(frozen=True, slots=True)
class FindingLine:
    """A finding of the reader: which cell, what stood there, why it cannot be taken, what to do."""

    workbook: str
    sheet: str
    cell: str
    raw: str
    grade: Text
    reason: Text
    remedy: Text
    serious: bool = False


@dataclass(frozen=True, slots=True)
class LeagueFacts:
    """All sheets of a round's league workbook."""

    round: str
    period: Text
    as_of: date
    place: Text
    issuer: Text
    rulebook: RulebookLine
    marks: tuple[Mark, ...]
    """Worst first."""
    dimensions: Mapping[str, Text]
    lists: tuple[ListLeague, ...]
    """The first is the main one; each has a sheet."""
    items: tuple[ItemLine, ...] = ()
    item_figures: tuple[IndicatorTitle, ...] = ()
    """Columns of figures on the lights sheet."""
    arrivals: tuple[Arrival, ...] = ()
    findings: tuple[FindingLine, ...] = ()
    ladder: tuple[LadderStep, ...] = ()
    missing: tuple[MissingNote, ...] = ()
    targets: Mapping[str, Target] = field(default_factory=dict)
    language: Language = "zh"

    def __post_init__(self) -> None:
        if not self.lists:
            raise ValueError("A league workbook needs at least one list.")
