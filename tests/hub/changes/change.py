"""One action as it may happen: what must be there before, and what it is called with."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from guatu.hub.audit.acting import ACTIONS
from tests.hub.people import NOW, City

TODAY = date(2026, 6, 15)
DAY = date(2025, 5, 1)


def _nothing(city: City) -> None:
    """The city is enough."""


@dataclass(frozen=True, slots=True)
class Change:
    """One action as it may happen."""

    arguments: Callable[[City], Mapping[str, Any]]
    """`at` is always NOW; whoever acts is `by`."""
    before: Callable[[City], None] = _nothing
    on_an_empty_site: bool = False

    def make(self, name: str, city: City) -> object:
        return ACTIONS[name](**self.arguments(city), at=NOW)
