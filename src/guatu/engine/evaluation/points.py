"""Points: each item scored by its named method, dimensions summed and weighted, vetoes last, every step kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pyarrow as pa

from guatu.engine.evaluation.indicators import Subjects
from guatu.engine.evaluation.lights import Light
from guatu.engine.evaluation.results import POINTS
from guatu.engine.evaluation.stage import Stage
from guatu.engine.evaluation.unit_rows import unit_rows
from guatu.engine.expressions import Typed
from guatu.engine.rulebook.methods import METHODS, Score, score_all
from guatu.engine.rulebook.model import Formula, Points, PointsDimension, PointsItem
from guatu.engine.tables.places import ranks
from guatu.standards.rounding import round_half_up
from guatu.text import Text

TOTAL = "total"
_OUTCOMES = {
    "not_scored": Text("缺数据，不计分", "data missing, not scored"),
    "zero": Text("缺数据，计0分", "data missing, counts as 0"),
    "worst": Text("缺数据，按同组最低分计", "data missing, counts as the lowest of its peers"),
    "group_mean": Text("缺数据，按同组平均分计", "data missing, counts as the mean of its peers"),
}


@dataclass(frozen=True, slots=True)
class Earned:
    """Points of one unit for one item, one dimension (`item` None) or in total."""

    unit: str
    dimension: str
    item: str | None
    state: str
    points: Fraction | None
    how: Text


class Marker:
    """Marks every unit under one points scheme."""

    def __init__(self, stage: Stage, points: Points, rows: Mapping[str, Mapping[str, Any]]) -> None:
        self.stage = stage
        self.points = points
        self.rows = rows

    def mark(self) -> list[Earned]:
        found: list[Earned] = []
        totals: dict[str, Fraction] = dict.fromkeys(self.rows, Fraction(0))
        for dimension in self.points.dimensions:
            for one in self._dimension(dimension):
                found.append(one)
                if one.item is None and one.points is not None:
                    totals[one.unit] += one.points
        for unit, total in totals.items():
            found.append(self._total(unit, total))
        return found

    def _dimension(self, dimension: PointsDimension) -> list[Earned]:
        found: list[Earned] = []
        for item in dimension.items:
            found += self._item(dimension, item)
        for unit, row in self.rows.items():
            earned = [one.points for one in found if one.unit == unit and one.points is not None]
            weight = row[formula_name(dimension.weight)]
            points = sum(earned, Fraction(0)) * weight
            share = f"{round_half_up(weight * 100, 2).normalize():f}"
            how = Text(f"小计×权重{share}%", f"sum × weight {share} %")
            state = "scored" if earned else "not_scored"
            found.append(Earned(unit, dimension.key, None, state, points if earned else None, how))
        return found

    def _item(self, dimension: PointsDimension, item: PointsItem) -> list[Earned]:
        constants = next(iter(self.rows.values()), {})
        numbers = {key: constants[str(value)] for key, value in item.parameters.items() if key != "bands"}
        bands = [tuple(constants[str(figure)] for figure in band) for band in item.parameters.get("bands", ())]
        values = {unit: self._value(item, unit, row) for unit, row in self.rows.items()}
        scores = score_all(
            METHODS[item.method], values, numbers, [(band[0], band[1]) for band in bands], item.better == "lower"
        )
        return [self._earned(unit, dimension, item, scores) for unit in self.rows]

    def _value(self, item: PointsItem, unit: str, row: Mapping[str, Any]) -> Fraction | None:
        if item.method == "points_events":
            return entries_sum(self.stage.inputs.extra.get("entries"), unit, item.key)
        if item.method == "manual_with_evidence":
            return given_score(self.stage.inputs.extra.get("scores"), unit, item.key)
        assert item.value is not None
        value: Fraction | None = row[formula_name(item.value)]
        return value

    def _earned(
        self, unit: str, dimension: PointsDimension, item: PointsItem, scores: Mapping[str, Score | None]
    ) -> Earned:
        score = scores[unit]
        if score is not None:
            return Earned(unit, dimension.key, item.key, "scored", score.points, score.how)
        known = [one.points for one in scores.values() if one is not None]
        points: Fraction | None = None
        if item.when_missing == "zero":
            points = Fraction(0)
        elif item.when_missing == "worst":
            points = min(known, default=Fraction(0))
        elif item.when_missing == "group_mean" and known:
            points = sum(known, Fraction(0)) / len(known)
        return Earned(unit, dimension.key, item.key, item.when_missing, points, _OUTCOMES[item.when_missing])

    def _total(self, unit: str, total: Fraction) -> Earned:
        row = self.rows[unit]
        for veto in self.points.vetoes:
            if row[formula_name(veto.when)] is True:
                return Earned(unit, TOTAL, None, "vetoed", row[formula_name(veto.total)], veto.title)
        return Earned(unit, TOTAL, None, "scored", total, Text("各维度合计", "sum of the dimensions"))


def formula_name(formula: Formula) -> str:
    return formula.source


def entries_sum(entries: pa.Table | None, unit: str, item: str) -> Fraction:
    """The unit's entries for an item: a reversal takes the entry it names back, and counts only once."""
    rows = (
        [] if entries is None else [one for one in entries.to_pylist() if one["unit"] == unit and one["item"] == item]
    )
    reversed_ids = {one["reverses"] for one in rows if one["reverses"] is not None}
    standing = [one for one in rows if one["reverses"] is None and one["entry_id"] not in reversed_ids]
    return sum((Fraction(one["points"]) for one in standing), Fraction(0))


def given_score(scores: pa.Table | None, unit: str, item: str) -> Fraction | None:
    """The score a person gave, if evidence stands beside it; the last one given counts."""
    rows = [] if scores is None else [one for one in scores.to_pylist() if one["unit"] == unit and one["item"] == item]
    with_evidence = [one for one in rows if one["evidence"] and one["score"] is not None]
    return Fraction(with_evidence[-1]["score"]) if with_evidence else None


def mark_units(stage: Stage, subjects: Subjects, lights: list[Light]) -> list[Earned]:
    """Points of every unit with peers on the scheme's list; none without a scheme."""
    points = stage.rulebook.points
    if points is None:
        return []
    wanted: dict[str, Typed] = {}
    for formula in _formulas(points):
        wanted[formula_name(formula)] = stage.rulebook.formulas.over("unit", formula)
    rows = unit_rows(stage, subjects, wanted, points.list, lights)
    marked = {row.id: row.values for row in rows}
    return Marker(stage, points, marked).mark() if marked else []


def _formulas(points: Points) -> list[Formula]:
    found = [formula for veto in points.vetoes for formula in (veto.when, veto.total)]
    for dimension in points.dimensions:
        found.append(dimension.weight)
        for item in dimension.items:
            found += METHODS[item.method].formulas(item.parameters, item.place)
            found += [item.value] if item.value is not None else []
    return found


def points_table(earned: list[Earned]) -> pa.Table:
    """The published table; totals are ranked, equal totals sharing a place."""
    totals = {one.unit: one.points for one in earned if one.dimension == TOTAL}
    places = dict(zip(totals, ranks(list(totals.values()), [()] * len(totals), descending=True), strict=True))
    return pa.Table.from_pylist([_row(one, places) for one in earned], schema=POINTS)


def _row(one: Earned, places: Mapping[str, Fraction | None]) -> dict[str, Any]:
    place = places[one.unit] if one.dimension == TOTAL else None
    return {
        "unit": one.unit,
        "dimension": one.dimension,
        "item": one.item,
        "state": one.state,
        "num": None if one.points is None else Decimal(one.points.numerator),
        "den": None if one.points is None else Decimal(one.points.denominator),
        "points": None if one.points is None else f"{round_half_up(one.points, 2):f}",
        "how_zh": one.how.zh,
        "how_en": one.how.en,
        "rank": None if place is None else int(place),
    }
