"""What a workbook says of one item, in the exact form a ledger keeps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from guatu.hub.ledger.encodings import Json


@dataclass(frozen=True, slots=True)
class StatedFigure:
    """A figure of a period. Money and other whole units in `amount`, exact decimals in `number`."""

    field: str
    period: str
    amount: int | None = None
    number: str = ""


@dataclass(frozen=True, slots=True)
class StatedMilestone:
    """A day a milestone was planned for or reached on; None: it was reached, on a day nobody says."""

    key: str
    fact: str
    on: str | None
    precision: str = ""


@dataclass(frozen=True, slots=True)
class Offer:
    """One item as a workbook has it. Fields that have no column in it are in neither `values` nor `missing`."""

    unit: int
    name: str
    code: str
    values: Mapping[str, Json] = field(default_factory=dict)
    missing: Mapping[str, str] = field(default_factory=dict)
    lists: Sequence[str] = ()
    figures: Sequence[StatedFigure] = ()
    milestones: Sequence[StatedMilestone] = ()
    people: Mapping[str, str] = field(default_factory=dict)
    """What it says of people, by field: kept apart, in no revision."""
    cells: Mapping[str, str] = field(default_factory=dict)
    """Where each field was read: sheet!cell."""
    item: int | None = None
    """The item it is, when it is known again; otherwise it is new."""

    def record(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def of(cls, held: Mapping[str, Any]) -> Offer:
        """What `record` gave."""
        return cls(
            **{
                **held,
                "lists": tuple(held["lists"]),
                "figures": tuple(StatedFigure(**one) for one in held["figures"]),
                "milestones": tuple(StatedMilestone(**one) for one in held["milestones"]),
            }
        )
