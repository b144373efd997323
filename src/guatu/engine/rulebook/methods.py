"""The scoring methods, by name: from the values of all peers to points, exactly, with the way there in words.

The list is short on purpose. Where each method is found in practice, with worked examples, is told in
docs/reference/rulebooks.md. Parameters are constant formulas of the rulebook (figures or keys of settings).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from guatu.declarations.entries import nearest
from guatu.declarations.located import Place
from guatu.engine.rulebook.model import Formula
from guatu.standards.rounding import round_half_up
from guatu.text import Text

Values = Mapping[str, Fraction | None]
Numbers = Mapping[str, Fraction]
Bands = Sequence[tuple[Fraction, Fraction]]

FULL = Fraction(1)


@dataclass(frozen=True, slots=True)
class Score:
    """Points earned and how they came about."""

    points: Fraction
    how: Text


@dataclass(frozen=True, slots=True)
class Group:
    """What a method may look at: the values of all peers that have one, the parameters, the direction."""

    values: Mapping[str, Fraction]
    numbers: Numbers
    bands: Bands
    lower: bool

    def of(self, key: str, default: Fraction | int = 0) -> Fraction:
        return self.numbers.get(key, Fraction(default))


@dataclass(frozen=True, slots=True)
class Problem:
    what: Text
    remedy: Text


@dataclass(frozen=True, slots=True)
class Method:
    """A named method. `required` and `optional` are its parameters; `bands` says that it takes a table of bands."""

    name: str
    title: Text
    required: tuple[str, ...]
    optional: tuple[str, ...]
    score: Callable[[Fraction, Group], Score]
    needs_value: bool = True
    bands: bool = False

    def unfit(self, parameters: Mapping[str, Any]) -> tuple[Problem, ...]:
        """What is missing from the parameters, or in them by mistake."""
        known = (*self.required, *self.optional, *(("bands",) if self.bands else ()))
        wanted = (*self.required, *(("bands",) if self.bands else ()))
        found = [
            Problem(
                Text(f"方法 {self.name} 缺少参数“{key}”", f"method {self.name} lacks the parameter '{key}'"),
                Text(f"在 parameters 下加上 {key}。", f"Add {key} under parameters."),
            )
            for key in wanted
            if key not in parameters
        ]
        for key in (key for key in parameters if key not in known):
            meant = nearest(key, known)
            found.append(
                Problem(
                    Text(f"方法 {self.name} 没有参数“{key}”", f"method {self.name} has no parameter '{key}'"),
                    Text(
                        f"可用：{'、'.join(known)}" + (f"；是不是“{meant}”？" if meant else "。"),
                        f"It has: {', '.join(known)}." + (f" Did you mean '{meant}'?" if meant else ""),
                    ),
                )
            )
        return tuple(found)

    def formulas(self, parameters: Mapping[str, Any], place: Place) -> tuple[Formula, ...]:
        """Every figure among the parameters, as a formula to be checked and evaluated."""
        scalars = [Formula(str(value), place) for key, value in parameters.items() if key != "bands"]
        return (*scalars, *(Formula(str(figure), place) for band in parameters.get("bands", ()) for figure in band))


def _shown(value: Fraction) -> str:
    return f"{round_half_up(value, 2).normalize():f}"


def _how(zh: str, en: str, points: Fraction) -> Text:
    return Text(f"{zh} → {_shown(points)}分", f"{en} → {_shown(points)} points")


def _all_or_nothing(value: Fraction, group: Group) -> Score:
    target = group.of("target")
    met = value <= target if group.lower else value >= target
    points = group.of("points") if met else Fraction(0)
    word = ("达标", "target met") if met else ("未达标", "target missed")
    return Score(
        points,
        _how(
            f"{_shown(value)} 对 {_shown(target)}，{word[0]}",
            f"{_shown(value)} against {_shown(target)}, {word[1]}",
            points,
        ),
    )


def _clamped(share: Fraction, group: Group) -> Fraction:
    return max(group.of("floor"), min(share, group.of("cap", 1)))


def _share_of(yardstick: Fraction, value: Fraction, group: Group) -> Fraction:
    """How far the value comes up to a yardstick; turned over where lower is better, full where nothing is left."""
    if not group.lower:
        return value / yardstick
    return yardstick / value if value > 0 else group.of("cap", 1)


def _linear_to_target(value: Fraction, group: Group) -> Score:
    share = _share_of(group.of("target"), value, group)
    points = group.of("points") * _clamped(share, group)
    return Score(points, _how(f"完成目标的 {_shown(share * 100)}%", f"{_shown(share * 100)} % of the target", points))


def _banded(value: Fraction, group: Group) -> Score:
    points = Fraction(0)
    reached = None
    for edge, worth in sorted(group.bands):
        if value >= edge:
            points, reached = worth, edge
    if reached is None:
        return Score(points, _how(f"{_shown(value)} 未到最低档", f"{_shown(value)} is below the lowest band", points))
    return Score(
        points,
        _how(
            f"{_shown(value)} 在 {_shown(reached)} 起的一档",
            f"{_shown(value)} is in the band from {_shown(reached)}",
            points,
        ),
    )


def _rank(value: Fraction, group: Group) -> Score:
    better = [other for other in group.values.values() if (other < value if group.lower else other > value)]
    place = len(better) + 1
    share = max(group.of("floor"), FULL - group.of("step") * (place - 1))
    points = group.of("points") * share
    return Score(points, _how(f"{len(group.values)} 个中第 {place}", f"place {place} of {len(group.values)}", points))


def _min_max(value: Fraction, group: Group) -> Score:
    low, high = min(group.values.values()), max(group.values.values())
    base = group.of("base")
    if high == low:
        share = group.of("when_equal", 1)
    else:
        span = (high - value) if group.lower else (value - low)
        share = base + (FULL - base) * span / (high - low)
    points = group.of("points") * share
    return Score(
        points, _how(f"在 {_shown(low)}–{_shown(high)} 之间", f"between {_shown(low)} and {_shown(high)}", points)
    )


def _efficacy(value: Fraction, group: Group) -> Score:
    low, high = group.of("unacceptable"), group.of("satisfactory")
    base = group.of("base", Fraction(3, 5))
    share = _clamped(base + (FULL - base) * (value - low) / (high - low), group)
    points = group.of("points") * share
    return Score(
        points,
        _how(
            f"不允许值 {_shown(low)}、满意值 {_shown(high)}，功效系数 {_shown(share * 100)}%",
            f"unacceptable {_shown(low)}, satisfactory {_shown(high)}, efficacy {_shown(share * 100)} %",
            points,
        ),
    )


def _ratio_to_base(value: Fraction, group: Group) -> Score:
    share = _share_of(group.of("base"), value, group)
    points = group.of("points") * _clamped(share, group)
    return Score(points, _how(f"为基准的 {_shown(share * 100)}%", f"{_shown(share * 100)} % of the base", points))


def _points_events(value: Fraction, group: Group) -> Score:
    points = max(group.of("floor"), min(group.of("start") + value, group.of("cap")))
    return Score(points, _how(f"记分合计 {_shown(value)}", f"entries add up to {_shown(value)}", points))


def _manual(value: Fraction, group: Group) -> Score:
    points = max(Fraction(0), min(value, group.of("points")))
    return Score(points, _how(f"评定 {_shown(value)}，有佐证", f"{_shown(value)} given, with evidence", points))


METHODS: dict[str, Method] = {
    method.name: method
    for method in (
        Method(
            "all_or_nothing",
            Text("目标完成计分", "all or nothing"),
            ("points", "target"),
            (),
            _all_or_nothing,
        ),
        Method(
            "linear_to_target",
            Text("按完成比例计分", "linear to target"),
            ("points", "target"),
            ("floor", "cap"),
            _linear_to_target,
        ),
        Method(
            "banded",
            Text("分档计分", "banded"),
            (),
            (),
            _banded,
            bands=True,
        ),
        Method(
            "rank",
            Text("排名赋分（争先进位）", "rank"),
            ("points", "step"),
            ("floor",),
            _rank,
        ),
        Method(
            "min_max",
            Text("极差标准化计分", "min–max"),
            ("points", "base"),
            ("when_equal",),
            _min_max,
        ),
        Method(
            "efficacy_coefficient",
            Text("功效系数法", "efficacy coefficient"),
            ("points", "unacceptable", "satisfactory"),
            ("base", "floor", "cap"),
            _efficacy,
        ),
        Method(
            "ratio_to_base",
            Text("对基准值比例计分", "ratio to base"),
            ("points", "base"),
            ("floor", "cap"),
            _ratio_to_base,
        ),
        Method(
            "points_events",
            Text("事项记分", "points events"),
            ("cap",),
            ("start", "floor"),
            _points_events,
            needs_value=False,
        ),
        Method(
            "manual_with_evidence",
            Text("人工评定（附佐证）", "manual with evidence"),
            ("points",),
            (),
            _manual,
            needs_value=False,
        ),
    )
}


def score_all(method: Method, values: Values, numbers: Numbers, bands: Bands, lower: bool) -> dict[str, Score | None]:
    """The score of every subject; None where the value is missing (its outcome is the item's to decide)."""
    known = {subject: value for subject, value in values.items() if value is not None}
    group = Group(known, numbers, bands, lower)
    return {subject: None if value is None else method.score(value, group) for subject, value in values.items()}
