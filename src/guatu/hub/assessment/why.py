"""Why a light shows what it shows: a run's book and an item's own values put together, as plain sentences.

Says what `guatu.engine.evaluation.explain_light` says, without the engine: the worker kept all it takes.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from guatu.engine.values.severity import Severity
from guatu.hub.assessment.models import ItemLight, Run
from guatu.hub.assessment.rows import LightRow, lights_read, spoken_of
from guatu.text import Text

OVERALL = "overall"
NOTHING = Text("（无数据）", "(no data)")
_PLACE = re.compile("⟦([^⟦⟧]+)⟧")


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition of a clause. `held` None: it could not be judged, for want of `missing`."""

    formula: Text
    with_values: Text
    held: bool | None
    missing: tuple[Text, ...]


@dataclass(frozen=True, slots=True)
class ClauseReason:
    """A clause and how its conditions stood; `because` for the one that fired."""

    clause: str
    severity: str
    word: Text
    because: Text | None
    cite: Text
    conditions: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Why:
    """One light of one item: what fired, what nearly did, what could not be judged."""

    dimension: str
    title: Text
    state: str
    severity: str
    word: Text
    before: str
    change: str
    fired: ClauseReason | None
    nearly: tuple[ClauseReason, ...]
    undecided: tuple[ClauseReason, ...]
    missing: tuple[Text, ...]
    fields: tuple[str, ...]
    """Ledger fields the dimension rests on."""


class Book:
    """What holds of a whole run: words, clauses, names, indicators."""

    def __init__(self, text: str) -> None:
        self.told: Mapping[str, Any] = json.loads(text)

    @classmethod
    def of(cls, run: Run) -> Book:
        return cls(run.book)

    def text(self, *path: str) -> Text:
        """A saying of the book by where it stands; of an unknown place, the last name in it."""
        at: Any = self.told
        for key in path:
            at = at.get(key) if isinstance(at, Mapping) else None
        return spoken_of(at) if at else Text(path[-1], path[-1])

    def word(self, severity: str) -> Text:
        """What the rulebook calls a severity (红灯, 黄牌 …)."""
        return self.text("words", severity)

    @property
    def dimensions(self) -> Sequence[Mapping[str, Any]]:
        known: Sequence[Mapping[str, Any]] = self.told.get("dimensions", ())
        return known

    def dimension_of_clause(self, clause: str) -> str | None:
        return next((one["key"] for one in self.dimensions for known in one["clauses"] if known["id"] == clause), None)


def why_overall(light: ItemLight, book: Book) -> Why | None:
    """The overall light in the words of the dimension that decided it; None where nothing was judged at all."""
    lights = lights_read(light.lights)
    if OVERALL not in lights:
        return None
    row = lights[OVERALL]
    deciding = book.dimension_of_clause(row.clause)
    inner = (
        _why(book, deciding, lights[deciding], json.loads(light.values)) if deciding in lights and deciding else None
    )
    return Why(
        dimension=OVERALL,
        title=book.text("title"),
        state=row.state,
        severity=row.severity,
        word=book.word(row.severity),
        before=row.before,
        change=row.change,
        fired=inner.fired if inner else None,
        nearly=inner.nearly if inner else (),
        undecided=inner.undecided if inner else (),
        missing=tuple(_dimension_title(book, name) for name in row.missing),
        fields=inner.fields if inner else (),
    )


def whys_by_dimension(light: ItemLight, book: Book) -> list[Why]:
    """Every dimension's light with its reason, in the rulebook's order."""
    lights, values = lights_read(light.lights), json.loads(light.values)
    return [_why(book, one["key"], lights[one["key"]], values) for one in book.dimensions if one["key"] in lights]


def _dimension_title(book: Book, key: str) -> Text:
    return next((spoken_of(one["title"]) for one in book.dimensions if one["key"] == key), book.text("names", key))


def _why(book: Book, key: str, row: LightRow, values: Mapping[str, Any]) -> Why:
    declared = next(one for one in book.dimensions if one["key"] == key)
    # Nothing was looked at where the dimension does not apply or the item is exempt.
    bits = row.conditions.split(" ") if row.conditions else []
    stood = dict(zip((clause["id"] for clause in declared["clauses"]), bits, strict=False))
    put_in = {**book.told.get("constants", {}), **values}
    reasons = {
        clause["id"]: _reason(book, clause, stood[clause["id"]], row, put_in)
        for clause in declared["clauses"]
        if clause["id"] in stood
    }
    return Why(
        dimension=key,
        title=spoken_of(declared["title"]),
        state=row.state,
        severity=row.severity,
        word=book.word(row.severity),
        before=row.before,
        change=row.change,
        fired=reasons.get(row.clause),
        nearly=tuple(
            reasons[clause["id"]]
            for clause in declared["clauses"]
            if clause["id"] in reasons
            and _worse(clause["severity"], row.severity)
            and _nearly(clause, stood[clause["id"]])
        ),
        undecided=tuple(reasons[clause] for clause in row.undecided if clause in reasons),
        missing=tuple(book.text("names", name) for name in row.missing),
        fields=tuple(declared["fields"]),
    )


def _worse(severity: str, shown: str) -> bool:
    """Whether a clause would have shown something worse than the light does."""
    return shown == Severity.NOT_JUDGED.value or Severity(shown) < Severity(severity)


def _nearly(clause: Mapping[str, Any], bits: str) -> bool:
    """All conditions but one held, and that one was judged not to hold. A setting that is off is no near miss."""
    if len(bits) < 2 or bits.count("0") != 1 or "?" in bits:
        return False
    return not clause["conditions"][bits.index("0")]["constant"]


def _reason(book: Book, clause: Mapping[str, Any], bits: str, row: LightRow, values: Mapping[str, Any]) -> ClauseReason:
    fired = clause["id"] == row.clause
    return ClauseReason(
        clause=clause["id"],
        severity=clause["severity"],
        word=book.word(clause["severity"]),
        because=spoken_of(row.because) if fired and row.because else None,
        cite=spoken_of(clause["cite"]),
        conditions=tuple(
            _condition(book, told, bit, values) for told, bit in zip(clause["conditions"], bits, strict=True)
        ),
    )


def _condition(book: Book, told: Mapping[str, Any], bit: str, values: Mapping[str, Any]) -> Condition:
    written = spoken_of(told["with_values"])
    lacking = [name for name in told["missing"] if name not in values] if bit == "?" else []
    return Condition(
        formula=spoken_of(told["formula"]),
        with_values=Text(_filled(written.zh, values, "zh"), _filled(written.en, values, "en")),
        held={"1": True, "0": False}.get(bit),
        missing=tuple(book.text("names", name) for name in lacking),
    )


def _filled(written: str, values: Mapping[str, Any], language: str) -> str:
    def put(found: re.Match[str]) -> str:
        told = values.get(found[1])
        said = NOTHING if told is None else spoken_of(told)
        return said.zh if language == "zh" else said.en

    return _PLACE.sub(put, written)
