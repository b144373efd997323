"""Activities and the links between them, in an order in which every activity comes after those it waits for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum
from graphlib import CycleError, TopologicalSorter

from guatu.text import Refusal, Text


class NetworkRefused(Refusal):
    """The activities and links make no network."""


class CircularLinks(NetworkRefused):
    """Activities wait for one another in a circle; `circle` names them in order, the first again at the end."""

    def __init__(self, circle: Sequence[str]) -> None:
        self.circle = tuple(circle)
        named = " → ".join(circle)
        super().__init__(
            named,
            Text("这些活动互为前置，绕成了圈", "these activities wait for one another in a circle"),
            Text("去掉圈里的一条联系。", "Remove one of the links of the circle."),
        )


class LinkKind(Enum):
    """What of the predecessor lets what of the successor happen (搭接关系)."""

    FINISH_START = "FS"
    START_START = "SS"
    FINISH_FINISH = "FF"
    START_FINISH = "SF"

    @property
    def from_finish(self) -> bool:
        return self in (LinkKind.FINISH_START, LinkKind.FINISH_FINISH)

    @property
    def to_start(self) -> bool:
        return self in (LinkKind.FINISH_START, LinkKind.START_START)


class Days(Enum):
    """Which days count: those that are worked, or all."""

    WORKING = "working"
    CALENDAR = "calendar"


@dataclass(frozen=True, slots=True)
class Link:
    """A successor waits for `predecessor`. `lag` days pass between the two; negative, the successor leads.

    `days` None: the lag is in working days if both activities are, else in calendar days.
    """

    predecessor: str
    kind: LinkKind = LinkKind.FINISH_START
    lag: int = 0
    days: Days | None = None


@dataclass(frozen=True, slots=True)
class Activity:
    """A piece of work of whole days; 0 days is a milestone. It never starts before `not_before`."""

    key: str
    duration: int
    links: tuple[Link, ...] = ()
    days: Days = Days.WORKING
    not_before: date | None = None


def in_order(activities: Sequence[Activity]) -> list[Activity]:
    """The activities, predecessors first, else as given.

    Raises NetworkRefused for a key used twice, a predecessor nobody declares or a negative duration, and
    CircularLinks for a circle.
    """
    known: dict[str, Activity] = {}
    for one in activities:
        if one.key in known:
            raise NetworkRefused(
                one.key,
                Text("有两个活动用了这个编号", "two activities have this key"),
                Text("每个活动一个编号。", "Give every activity a key of its own."),
            )
        if one.duration < 0:
            raise NetworkRefused(
                one.key,
                Text(f"工期是负的（{one.duration}天）", f"its duration is negative ({one.duration} days)"),
                Text("写 0（里程碑）或正整数。", "Write 0 (a milestone) or a positive whole number."),
            )
        known[one.key] = one
    _require_predecessors(known)
    try:
        order = TopologicalSorter({key: [link.predecessor for link in one.links] for key, one in known.items()})
        return [known[key] for key in order.static_order()]
    except CycleError as circular:
        raise CircularLinks(circular.args[1]) from None


def _require_predecessors(known: Mapping[str, Activity]) -> None:
    for one in known.values():
        for link in one.links:
            if link.predecessor not in known:
                raise NetworkRefused(
                    one.key,
                    Text(
                        f"紧前活动“{link.predecessor}”不在其中",
                        f"its predecessor '{link.predecessor}' is not among them",
                    ),
                    Text("补上这个活动，或去掉这条联系。", "Add that activity, or remove the link."),
                )
