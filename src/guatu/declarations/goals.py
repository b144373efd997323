"""What a pack declares of goals: their levels, who answers for them, what is measured, and the papers they are signed in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from fractions import Fraction
from typing import Literal

from guatu.declarations.ledger import FieldDeclaration
from guatu.declarations.located import Place
from guatu.text import Text


@dataclass(frozen=True, slots=True)
class GoalLevel:
    """A level of the goal tree (攻势, 主线, 战役, 目标, 任务, 限时行动)."""

    key: str
    title: Text
    place: Place
    under: tuple[str, ...] = ()
    """Levels it may stand under; none: it stands at the top."""


@dataclass(frozen=True, slots=True)
class GoalSlot:
    """Somebody who answers for a goal (总指挥, 牵头单位, 责任人)."""

    key: str
    title: Text
    place: Place


@dataclass(frozen=True, slots=True)
class Actual:
    """Where the value reached comes from: a figure of the linked items added up, or how many of them reached a milestone."""

    ledger: str
    figure: str | None = None
    milestone: str | None = None


@dataclass(frozen=True, slots=True)
class GoalIndicator:
    """What a target sets a value for. Its values are kept and shown as those of `field`: money, integer, number or percent."""

    field: FieldDeclaration
    adds: bool
    """Whether the parts of a split make up the whole; a rate does not add up."""
    actual: Actual | None = None

    @property
    def key(self) -> str:
        return self.field.key

    @property
    def title(self) -> Text:
        return self.field.title


class PaperSection(Enum):
    """What a paper can be made of."""

    STATEMENT = "statement"  # what is wanted, by whom, from when to when
    TARGETS = "targets"
    TIMETABLE = "timetable"  # milestones of the linked items, to the day
    STEPS = "steps"  # the goals below, with their dates and owners
    DUTIES = "duties"
    TERMS = "terms"


@dataclass(frozen=True, slots=True)
class GoalPaper:
    """A commitment paper (时间表, 任务书, 路线图, 责任状, 奖惩单)."""

    key: str
    title: Text
    place: Place
    sections: tuple[PaperSection, ...]
    terms: tuple[Text, ...] = ()
    signed_by: tuple[str, ...] = ()
    """Slots whose holders sign it; none: it is not signed."""


PaceLight = Literal["on_time", "attention", "behind"]


@dataclass(frozen=True, slots=True)
class PaceExample:
    elapsed: int
    done: int
    """Both in percent."""
    then: str
    place: Place


@dataclass(frozen=True, slots=True)
class Pace:
    """How many percentage points a value reached may stay behind the time that has passed."""

    attention: int
    behind: int
    source: Text
    examples: tuple[PaceExample, ...] = ()

    def light(self, done: Fraction, elapsed: Fraction) -> PaceLight:
        """Of two shares, 1 = all of it: more than `behind` points, more than `attention` points, or neither."""
        gap = (elapsed - done) * 100
        return "behind" if gap > self.behind else "attention" if gap > self.attention else "on_time"


@dataclass(frozen=True, slots=True)
class Goals:
    """`goals.yaml` of a pack."""

    place: Place
    source: Text
    pace: Pace
    levels: Mapping[str, GoalLevel] = field(default_factory=dict)
    slots: Mapping[str, GoalSlot] = field(default_factory=dict)
    flags: Mapping[str, Text] = field(default_factory=dict)
    """Outside lists a goal may be entered on (综合考核, 区办实事)."""
    indicators: Mapping[str, GoalIndicator] = field(default_factory=dict)
    papers: Mapping[str, GoalPaper] = field(default_factory=dict)
