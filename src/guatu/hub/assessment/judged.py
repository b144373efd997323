"""What an evaluation leaves for the database: plain rows, made by the worker, written by the action."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from guatu.hub.assessment.rows import Figure, LightRow
from guatu.text import Text


@dataclass(frozen=True, slots=True)
class JudgedItem:
    """An item's lights by dimension, `overall` among them, and what its reasons put in."""

    item: int
    unit: int
    lights: Mapping[str, LightRow]
    lists: Sequence[str] = ()
    counted: Sequence[int] = ()
    values: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class JudgedUnit:
    """A unit's figures on one list; what is judged of the unit itself stands with the list of all."""

    unit: int
    list: str
    title: Text
    path: str
    peers: str
    place: int
    figures: Mapping[str, Figure]
    besides: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Judged:
    """A round judged, up to a sequence number, with the digest over its canonical rows."""

    known_by: int
    version: str
    sha256: str
    digest: str
    looked_back: Sequence[int]
    """The runs that were its history, the latest last."""
    items: Sequence[JudgedItem]
    units: Sequence[JudgedUnit]
    book: Mapping[str, Any]
    kept: bytes
    """The tables of the results, as `keeping` packs them."""
