"""Lights that moved between two judged rounds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from guatu.engine.values.severity import Severity
from guatu.hub.assessment.models import ItemLight, Run
from guatu.hub.ledger.models import Ledger
from guatu.hub.ledger.models.items import ItemQuerySet

NONE = Severity.NOT_JUDGED.value
"""Also the light of an item that a round did not have."""


@dataclass(frozen=True, slots=True)
class LightMoved:
    """An item's overall light in both rounds."""

    item: int
    before: str
    after: str

    @property
    def is_worse(self) -> bool:
        return _rank(self.after) > _rank(self.before)


def _rank(light: str) -> int:
    rank = Severity(light).rank
    return -1 if rank is None else rank


@dataclass(frozen=True, slots=True)
class LightsMoved:
    """Of two runs of one rulebook; what got worse comes first."""

    before: Run
    after: Run
    moved: Sequence[LightMoved]

    @property
    def worse(self) -> int:
        return sum(one.is_worse for one in self.moved)

    @property
    def better(self) -> int:
        return len(self.moved) - self.worse


def lights_moved(ledger: Ledger, items: ItemQuerySet, before: str, after: str) -> LightsMoved | None:
    """None where no rulebook judged both rounds. Two queries."""
    runs = _runs(ledger, before, after)
    if runs is None:
        return None
    held: dict[int, dict[int, str]] = {}
    lit = ItemLight.objects.filter(run__in=[one.pk for one in runs], item__in=items.values("pk"))
    for item, run, severity in lit.values_list("item_id", "run_id", "severity"):
        held.setdefault(item, {})[run] = severity
    was, now = runs
    moved = [LightMoved(item, one.get(was.pk, NONE), one.get(now.pk, NONE)) for item, one in held.items()]
    differing = [one for one in moved if one.before != one.after]
    return LightsMoved(was, now, sorted(differing, key=lambda one: (_rank(one.before) - _rank(one.after), one.item)))


def _runs(ledger: Ledger, before: str, after: str) -> tuple[Run, Run] | None:
    """The latest run of the later round whose rulebook judged the earlier one too, and that one's latest."""
    judged = list(Run.objects.lit().filter(ledger=ledger, period__in=(before, after)).defer("book").order_by("-pk"))
    latest: Mapping[tuple[str, str], Run] = {(one.period, one.rulebook): one for one in reversed(judged)}
    for one in judged:
        if one.period == after and (before, one.rulebook) in latest:
            return latest[before, one.rulebook], one
    return None
