"""What a driver is told to judge lights by: checked formulas and their outcomes, without a rulebook around them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from guatu.engine.expressions import Typed
from guatu.engine.values import Severity

OVERALL = "overall"
STATES = ("judged", "not_judged", "not_applicable", "exempt")


@dataclass(frozen=True, slots=True)
class Lack:
    """Why a condition may have no value: a missing field, else a division that failed, else what lies elsewhere.

    `fields` and `divisions` are names to look at first and second; `otherwise` is named when none of them is missing.
    """

    fields: Mapping[str, Typed] = field(default_factory=dict)
    divisions: Mapping[str, Typed] = field(default_factory=dict)
    otherwise: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Condition:
    """One of the conditions of a clause that must all hold."""

    when: Typed
    lack: Lack


@dataclass(frozen=True, slots=True)
class ClauseRule:
    """What a clause shows when all its conditions hold, and the values its reason will mention."""

    id: str
    severity: Severity
    conditions: tuple[Condition, ...]
    told: tuple[Typed, ...]


@dataclass(frozen=True, slots=True)
class DimensionRule:
    """One aspect: where it applies, the flag that excuses from it, its clauses from the worst, its other outcomes."""

    key: str
    applies: Condition | None
    exempt: Typed | None
    clauses: tuple[ClauseRule, ...]
    otherwise: Severity
    when_missing: Severity


@dataclass(frozen=True, slots=True, eq=False)
class LightRules:
    """The lights of one kind of subject, in the order in which the first of equally bad ones decides the overall light.

    `rendered` is where a driver keeps what it has written down of them, for the rounds to come.
    """

    dimensions: tuple[DimensionRule, ...]
    rendered: dict[object, str] = field(default_factory=dict)

    @property
    def keys(self) -> tuple[str, ...]:
        """The dimensions and overall."""
        return (*(one.key for one in self.dimensions), OVERALL)


def before_column(dimension: str) -> str:
    """The column of the judged table that holds last round's severity in a dimension, or overall."""
    return f"before.{dimension}"
