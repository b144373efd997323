"""Goals as pages show them: nodes of the tree, targets with how far they have come, papers and whether they still hold."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

from guatu.declarations.goals import Goals
from guatu.engine.values.severity import Severity
from guatu.hub.ledger.goals.paper_facts import digest_of, facts_of
from guatu.hub.ledger.goals.progress import Progress, Standings
from guatu.hub.ledger.goals.values import kept, shown_value
from guatu.hub.ledger.models import Goal, Paper, Target
from guatu.hub.ledger.shown import Shown
from guatu.hub.ledger.telling import Telling, tellings
from guatu.standards.periods import Period
from guatu.standards.rounding import round_half_up
from guatu.text import Text

LIGHTS: Mapping[str, tuple[str, Text, str]] = {
    "on_time": (Severity.NORMAL.glyph, Text("正常", "on time"), "good"),
    "attention": (Severity.ATTENTION.glyph, Text("关注", "attention"), "wait"),
    "behind": (Severity.LAGGING.glyph, Text("滞后", "behind"), "bad"),
}
STATES: Mapping[str, Text] = {
    "active": Text("进行中", "active"),
    "ended": Text("已结束", "ended"),
    "withdrawn": Text("已撤回", "withdrawn"),
}
STANDINGS: Mapping[str, tuple[Text, str]] = {
    "set": (Text("已定", "set"), ""),
    "proposed": (Text("待答复", "awaits an answer"), "wait"),
    "agreed": (Text("已同意", "agreed"), "good"),
    "objected": (Text("有异议", "objected to"), "bad"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """A target: what is wanted, what was reached, the share in percent, and its light with a word."""

    target: Target
    title: Text
    period: Text
    value: Shown
    done: Shown | None
    percent: str
    bar: int
    """The share in whole percent, 100 at most: how long its bar is."""
    elapsed: str
    gone: int
    """The share of time gone in whole percent: where its mark stands on the bar."""
    behind: str
    """By how many percentage points it lags behind the time gone; empty where it does not."""
    light: tuple[str, Text, str] | None
    progress: Progress | None
    standing: tuple[Text, str]
    said: Telling | None
    """Who said last what was reached, where people say it; with `said_on`, by which day."""
    said_on: date | None
    entered: bool
    """Whether people say what was reached, not items."""


@dataclass(slots=True)
class Node:
    goal: Goal
    level: Text
    left: int
    """Days left with the day looked at; below 0 it is past its last day."""
    lines: list[Line] = field(default_factory=list)
    children: list[Node] = field(default_factory=list)


def percent(share: Fraction) -> str:
    """To one decimal, a half away from zero; more than all of it is said."""
    return f"{round_half_up(share * 100, 1)}%"


def lines_of(targets: Sequence[Target], pack: str, scheme: Goals, day: date) -> list[Line]:
    standings = Standings.of(targets, pack, scheme, day)
    known = [one for one in targets if one.indicator in scheme.indicators]
    come = {one.pk: standings.progress(one, scheme) for one in known}
    told = tellings(word.sequence for found in come.values() if found is not None for word in found.said)
    return [_line(one, scheme, come[one.pk], told) for one in known]


def _line(target: Target, scheme: Goals, found: Progress | None, told: Mapping[int, Telling]) -> Line:
    indicator = scheme.indicators[target.indicator]
    last = max(found.said, key=lambda one: (one.on, one.sequence)) if found is not None and found.said else None
    return Line(
        target=target, title=indicator.title, period=Period.parse(target.period).name(),
        value=shown_value(indicator, target.value),
        done=shown_value(indicator, kept(found.done)) if found else None,
        percent=percent(found.share) if found else "",
        bar=min(100, max(0, int(found.share * 100))) if found else 0, elapsed=percent(found.elapsed) if found else "",
        gone=min(100, max(0, int(found.elapsed * 100))) if found else 0, behind=_behind(found),
        light=LIGHTS[found.light] if found else None, progress=found, standing=STANDINGS[target.standing],
        said=told.get(last.sequence) if last is not None else None, said_on=last.on if last is not None else None,
        entered=indicator.actual is None,
    )  # fmt: skip


def _behind(found: Progress | None) -> str:
    gap = found.elapsed - found.share if found is not None else Fraction(0)
    return str(round_half_up(gap * 100, 1)) if gap > 0 else ""


@dataclass(frozen=True, slots=True)
class Branch:
    """A goal below another, with its targets; the worst of them first."""

    goal: Goal
    level: Text
    state: Text
    lines: Sequence[Line]

    @property
    def worst(self) -> Line | None:
        return self.lines[0] if self.lines else None

    @property
    def drags(self) -> bool:
        """Whether it holds up what is above: its worst target is no longer on time."""
        return self.worst is not None and self.worst.progress is not None and self.worst.progress.light != "on_time"


def branches_of(
    children: Sequence[Goal], targets: Sequence[Target], scheme: Goals, pack: str, day: date
) -> list[Branch]:
    """The goals below one with their targets, what lags most behind time first; what has nothing to reckon from last."""
    lines: dict[int, list[Line]] = {}
    for one in lines_of(targets, pack, scheme, day):
        lines.setdefault(one.target.goal_id, []).append(one)
    found = [
        Branch(
            one,
            scheme.levels[one.level].title if one.level in scheme.levels else Text(one.level, one.level),
            STATES[one.state],
            sorted(lines.get(one.pk, ()), key=_lead),
        )
        for one in children
    ]
    return sorted(found, key=lambda one: _lead(one.worst))


def _lead(line: Line | None) -> Fraction:
    """How far a target is ahead of time; beyond everything where nobody knows."""
    found = line.progress if line is not None else None
    return found.share - found.elapsed if found is not None else Fraction(10**9)


def forest(goals: Iterable[Goal], known: Mapping[str, Goals], targets: Sequence[Target], day: date) -> list[Node]:
    """The visible goals as trees, the latest to end last; one whose parent is not visible stands at the top."""
    nodes = {
        one.pk: Node(one, known[one.pack].levels[one.level].title, (one.ends_on - day).days)
        for one in goals
        if one.pack in known and one.level in known[one.pack].levels
    }
    for pack, scheme in known.items():
        for line in lines_of([one for one in targets if one.goal.pack == pack], pack, scheme, day):
            if line.target.goal_id in nodes:
                nodes[line.target.goal_id].lines.append(line)
    top: list[Node] = []
    for node in nodes.values():
        above = nodes.get(node.goal.parent_id or 0)
        (above.children if above is not None else top).append(node)
    return top


@dataclass(frozen=True, slots=True)
class PaperRow:
    """A kind of paper, its last version, who has signed it of how many, and whether what it says is still so."""

    key: str
    title: Text
    last: Paper | None
    signed: int
    signers: int
    outdated: bool


def papers_of(goal: Goal, scheme: Goals) -> list[PaperRow]:
    last: dict[str, Paper] = {}
    for one in goal.papers.prefetch_related("signatures").order_by("version"):
        last[one.kind] = one
    rows = []
    for key, declared in scheme.papers.items():
        held = last.get(key)
        outdated = held is not None and digest_of(facts_of(goal, declared)) != held.digest
        signed = len(held.signatures.all()) if held is not None else 0
        rows.append(PaperRow(key, declared.title, held, signed, len(declared.signed_by), outdated))
    return rows
