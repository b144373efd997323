"""What a circular or a bulletin is written from: the facts of one round and who writes to whom.

The names of these fields are the names templates use (`{{ period }}`, `for: row in league`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from guatu.office.documents.numbering import DocumentNumber, IssueNumber
from guatu.office.facts import (
    Arrival,
    DimensionLight,
    IndicatorTitle,
    LadderStep,
    LeagueRow,
    LightCount,
    MissingNote,
    RulebookLine,
    Target,
)
from guatu.office.figures import Figure, Mark
from guatu.text import Text


@dataclass(frozen=True, slots=True)
class Letterhead:
    """Who writes to whom, under which number."""

    issuer: Text
    """The body that signs (落款), and the bulletin's 编发单位."""
    recipients: Text
    dated: date
    number: DocumentNumber | None = None
    """None until it has been signed and numbered."""
    issue: IssueNumber | None = None
    masthead: Text | None = None
    """The bulletin's name, such as 重点项目简报."""
    reports_to: Text | None = None
    """报: to superiors (bulletin)."""
    copies_to: Text | None = None
    """抄送 (circular), 送 (bulletin)."""
    sent_to: Text | None = None
    """发: to subordinates (bulletin)."""
    printed_by: Text | None = None
    """印发机关; the issuer when not given."""
    copies: int | None = None
    """共印X份."""


@dataclass(frozen=True, slots=True)
class Achievement:
    """An indicator in which an advanced unit stands out."""

    title: Text
    value: Figure
    rank: Figure | None = None


@dataclass(frozen=True, slots=True)
class AdvancedUnit:
    key: str
    unit: Text
    achievements: tuple[Achievement, ...]


@dataclass(frozen=True, slots=True)
class LaggingItem:
    """An item that needs action: what is wrong, who answers for it, and its next date."""

    key: str
    name: str
    unit: Text
    mark: Mark
    dimensions: tuple[DimensionLight, ...]
    owner: str | None = None
    next_date: date | None = None
    next_step: str | None = None
    code: str | None = None


@dataclass(frozen=True, slots=True)
class Cause:
    """How many items lag in one dimension, and where most of them are."""

    key: str
    title: Text
    mark: Mark
    items: Figure
    units: tuple[Text, ...] = ()


@dataclass(frozen=True, slots=True)
class NewsItem:
    """An item of a bulletin written by people, as they wrote it."""

    key: str
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class CircularFacts:
    """All a template may speak of. Every field is a name in the template."""

    round: str
    period: Text
    """Cumulative title of the period, such as 2021年1-8月."""
    month: Text
    as_of: date
    place: Text
    """Whom the totals cover, such as 全市."""
    letterhead: Letterhead
    rulebook: RulebookLine
    arrivals: tuple[Arrival, ...]
    totals: Mapping[str, Figure]
    """Indicator key -> figure for the whole place."""
    indicators: tuple[IndicatorTitle, ...]
    league: tuple[LeagueRow, ...]
    """In order of rank."""
    ranked_by: str
    """Key of the indicator the league is ordered by."""
    lights: tuple[LightCount, ...] = ()
    """Worst first."""
    advanced: tuple[AdvancedUnit, ...] = ()
    lagging: tuple[LaggingItem, ...] = ()
    causes: tuple[Cause, ...] = ()
    ladder: tuple[LadderStep, ...] = ()
    missing: tuple[MissingNote, ...] = ()
    targets: Mapping[str, Target] = field(default_factory=dict)
    """Indicator key -> its yardstick this round."""
    news: tuple[NewsItem, ...] = ()
    counts: Mapping[str, Figure] = field(default_factory=dict)
    """Other counts a template of this pack needs, by key, such as units that arrived or items that lag."""

    @property
    def arrived(self) -> tuple[Arrival, ...]:
        return tuple(one for one in self.arrivals if one.state == "arrived")

    @property
    def not_arrived(self) -> tuple[Arrival, ...]:
        return tuple(one for one in self.arrivals if one.state == "missing")

    @property
    def refused(self) -> tuple[Arrival, ...]:
        return tuple(one for one in self.arrivals if one.state == "refused")
