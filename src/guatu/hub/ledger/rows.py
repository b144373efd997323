"""An item's whole row as a revision keeps it."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from guatu.hub.audit.recording import canonical
from guatu.hub.ledger.encodings import Json
from guatu.hub.ledger.models.items import Item, ItemState


@dataclass(frozen=True, slots=True)
class Row:
    """What is known of an item, nothing about people in it: their ids at most."""

    unit: int
    name: str
    code: str = ""
    state: str = ItemState.ACTIVE.value
    merged_into: int | None = None
    values: dict[str, Json] = field(default_factory=dict)
    missing: dict[str, str] = field(default_factory=dict)
    lists: tuple[str, ...] = ()
    geometry: dict[str, Any] | None = None

    @property
    def text(self) -> str:
        return canonical({name: getattr(self, name) for name in self.__slots__})

    @classmethod
    def of(cls, text: str) -> Row:
        """The row a revision holds."""
        held = json.loads(text)
        return cls(**{**held, "lists": tuple(held["lists"])})

    @classmethod
    def shown_by(cls, item: Item, lists: Iterable[str]) -> Row:
        """The row an item's columns show now, with the lists it is on."""
        return cls(
            unit=item.unit_id, name=item.name, code=item.code, state=item.state, merged_into=item.merged_into_id,
            values=item.values, missing=item.missing, lists=tuple(sorted(lists)), geometry=item.geometry,
        )  # fmt: skip

    @property
    def place(self) -> str | None:
        """Where it lies, as text: the record holds no inexact numbers."""
        return json.dumps(self.geometry, separators=(",", ":")) if self.geometry is not None else None

    def facts(self) -> dict[str, Any]:
        """Every fact of the row by a name of its own: core columns as they are, a place as its GeoJSON text, declared fields by
        their keys."""
        core = {"unit": self.unit, "name": self.name, "code": self.code, "state": self.state}
        rest = {"merged_into": self.merged_into, "lists": list(self.lists), "geometry": self.place}
        return {**core, **rest, **{f"values.{key}": value for key, value in self.values.items()}}

    def changed(self, changes: Changes) -> Row:
        """The row with changes applied; a value of None takes a field away."""
        values = {**self.values, **changes.values}
        missing = {key: why for key, why in self.missing.items() if key not in changes.values}
        kept = {key: value for key, value in values.items() if value is not None}
        return replace(self, **changes.core, values=kept, missing={**missing, **changes.missing})


@dataclass(frozen=True, slots=True)
class Changes:
    """What becomes different: core columns, declared fields (None: no value any more), and why fields have none."""

    core: dict[str, Any] = field(default_factory=dict)
    values: dict[str, Json | None] = field(default_factory=dict)
    missing: dict[str, str] = field(default_factory=dict)

    @property
    def empty(self) -> bool:
        return not (self.core or self.values or self.missing)


def differing(before: Row | None, after: Row) -> dict[str, tuple[Any, Any]]:
    """Facts that differ, each as it was and as it is."""
    old = before.facts() if before is not None else {}
    new = after.facts()
    return {name: (old.get(name), new.get(name)) for name in sorted({*old, *new}) if old.get(name) != new.get(name)}
