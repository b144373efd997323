"""Points of units in a run, as its rulebook awards them: what was earned in each dimension, for which matter, and how."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from guatu.hub.assessment.models import ALL, Run, UnitResult
from guatu.hub.assessment.rows import spoken_of
from guatu.hub.assessment.why import Book
from guatu.text import Text

TOTAL = "total"
NOT_EARNED = Text("没有计分", "not scored")


@dataclass(frozen=True, slots=True)
class Earned:
    """Points for one matter or one dimension, to two decimals; none where nothing was scored."""

    points: str | None
    how: Text
    state: str

    @classmethod
    def of(cls, told: Mapping[str, Any] | None) -> Earned:
        if told is None or "how" not in told:
            return cls(None, NOT_EARNED, "not_scored")
        return cls(told["points"], spoken_of(told["how"]), told.get("state", "scored"))

    @property
    def vetoed(self) -> bool:
        return self.state == "vetoed"


@dataclass(frozen=True, slots=True)
class Matter:
    """A scored matter of the scheme: its method, the formula it looks at, the indicators in it, its source."""

    key: str
    title: Text
    method: Text
    value: Text
    indicators: tuple[str, ...]
    cite: Text


@dataclass(frozen=True, slots=True)
class Dimension:
    key: str
    title: Text
    matters: tuple[Matter, ...]


@dataclass(frozen=True, slots=True)
class Veto:
    """A condition that sets the total, whatever was earned."""

    title: Text
    when: Text
    cite: Text


@dataclass(frozen=True, slots=True)
class Scheme:
    """The points a rulebook awards."""

    title: Text
    list: str
    dimensions: tuple[Dimension, ...]
    vetoes: tuple[Veto, ...]

    @classmethod
    def of(cls, book: Book) -> Scheme | None:
        """None where the rulebook awards none, or the run was made before its book told of them."""
        told = book.told.get("points")
        if not told:
            return None
        vetoes = (Veto(*(spoken_of(one[key]) for key in ("title", "when", "cite"))) for one in told["vetoes"])
        return cls(spoken_of(told["title"]), told["list"], tuple(map(_dimension, told["dimensions"])), tuple(vetoes))


def _dimension(told: Mapping[str, Any]) -> Dimension:
    return Dimension(
        told["key"], spoken_of(told["title"]),
        tuple(
            Matter(
                one["key"], spoken_of(one["title"]), spoken_of(one["method"]), spoken_of(one["value"]),
                tuple(one["indicators"]), spoken_of(one["cite"]),
            )
            for one in told["items"]
        ),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class UnitPoints:
    """What one unit earned."""

    unit: int
    title: Text
    told: Mapping[str, Any]

    @property
    def total(self) -> Earned:
        return Earned.of(self.told.get(TOTAL))

    @property
    def rank(self) -> int | None:
        rank: int | None = self.told.get(TOTAL, {}).get("rank")
        return rank

    def of(self, dimension: str) -> Earned:
        return Earned.of(self.told.get(dimension))

    def of_matter(self, dimension: str, matter: str) -> Earned:
        return Earned.of(self.told.get(dimension, {}).get("items", {}).get(matter))


def points_of(result: UnitResult) -> UnitPoints | None:
    """Of the unit of a result on the list of all; None where it earned none."""
    told = json.loads(result.besides).get("points")
    return UnitPoints(result.unit_id, result.title, told) if told else None


def points_in(run: Run) -> Sequence[UnitPoints]:
    """Every unit that earned points, by rank; one query."""
    rows = UnitResult.objects.filter(run=run, list=ALL).defer("values").order_by("place")
    found = [one for row in rows if (one := points_of(row)) is not None]
    return sorted(found, key=lambda one: (one.rank is None, one.rank or 0))
