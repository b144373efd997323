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
    key: str = ""
    """What a new item goes by until it is one: the same for the same row whenever it is read."""
    errors: int = 0
    """Errors found in its cells."""

    @property
    def known_as(self) -> str:
        """The item's id, else the key of a new one: what decisions are about."""
        return str(self.item) if self.item is not None else self.key

    def record(self) -> dict[str, Any]:
        """Everything it says but of people."""
        return {**asdict(self), "people": {}}

    @classmethod
    def of(cls, held: Mapping[str, Any], people: Mapping[str, str] | None = None) -> Offer:
        """What `record` gave, with what was kept apart."""
        return cls(
            **{
                **held,
                "people": people or {},
                "lists": tuple(held["lists"]),
                "figures": tuple(StatedFigure(**one) for one in held["figures"]),
                "milestones": tuple(StatedMilestone(**one) for one in held["milestones"]),
            }
        )
