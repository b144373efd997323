"""What a driver is asked of lights: the formulas they rest on, without a rulebook around them, and the answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from guatu.engine.expressions import Typed

OVERALL = "overall"


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
    """A clause: the conditions that must all hold, and the values its reason will mention."""

    id: str
    conditions: tuple[Condition, ...]
    told: tuple[Typed, ...]


@dataclass(frozen=True, slots=True)
class DimensionRule:
    """One aspect: where it applies, the flag that excuses from it, its clauses from the worst."""

    key: str
    applies: Condition | None
    exempt: Typed | None
    clauses: tuple[ClauseRule, ...]

    @property
    def facts(self) -> tuple[str, ...]:
        """The names of what the light of a row rests on, each of which holds, does not hold or is unknown.

        `key?` it applies; `key~` it is excused; `clause!0` a condition holds; `?name` a value is missing.
        """
        conditions = [] if self.applies is None else [self.applies]
        conditions += [one for clause in self.clauses for one in clause.conditions]
        absent = [f"?{name}" for one in conditions for name in (*one.lack.fields, *one.lack.divisions)]
        return tuple(
            dict.fromkeys(
                [
                    *([] if self.applies is None else [f"{self.key}?"]),
                    *([] if self.exempt is None else [f"{self.key}~"]),
                    *(f"{clause.id}!{n}" for clause in self.clauses for n in range(len(clause.conditions))),
                    *absent,
                ]
            )
        )


Facts = tuple[bool | None, ...]
"""What a row's light rests on, in the order of `DimensionRule.facts`."""


@dataclass(frozen=True, slots=True)
class Held:
    """One dimension of every row of a table: `places` says which of the different `facts` each row has.

    `inputs` holds, where a clause fired, the values its reason mentions.
    """

    places: Any
    facts: list[Facts]
    inputs: Any


@dataclass(frozen=True, slots=True, eq=False)
class LightRules:
    """The lights of one kind of subject.

    `rendered` is where a driver keeps what it has written down of them, for the rounds to come.
    """

    dimensions: tuple[DimensionRule, ...]
    rendered: dict[object, str] = field(default_factory=dict)
