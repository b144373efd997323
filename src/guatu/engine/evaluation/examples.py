"""Worked examples run for real: what is given goes through the same evaluation, and must come out as written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pyarrow as pa

from guatu.declarations.entries import Problem
from guatu.engine.evaluation.indicators import Measured, Subjects, indicators_table, measure
from guatu.engine.evaluation.inputs import Inputs
from guatu.engine.evaluation.ladders import climb, ladder_table
from guatu.engine.evaluation.lights import Light, judge_items, lights_table
from guatu.engine.evaluation.lists import ALL, derive_lists
from guatu.engine.evaluation.past import written
from guatu.engine.evaluation.points import TOTAL, Earned, mark_units
from guatu.engine.evaluation.results import INDICATORS, LIGHTS, EarlierResults, Kept
from guatu.engine.evaluation.saying import in_printed_unit
from guatu.engine.evaluation.stage import Engine, Stage, public_items, set_stage
from guatu.engine.evaluation.unit_rows import judge_units
from guatu.engine.expressions import Kind, Name
from guatu.engine.rulebook.formulas import WHOLE
from guatu.engine.rulebook.model import (
    Example,
    Indicator,
    Ladder,
    LightDimension,
    PointsDimension,
    PointsItem,
    Rulebook,
    Show,
    Subject,
    Veto,
)
from guatu.engine.rulebook.reading import sequence, setting_value
from guatu.standards.periods import Period
from guatu.text import Refusal, Text

UNIT = "u1"
_NOT_MEASURED = {"value": None, "state": "ok", "missing": 0, "items": 0, "comparable": False}
"""What is found of a unit on a list on which nothing counts for it."""

_ARROW = {
    Kind.BOOLEAN: pa.bool_(),
    Kind.DATE: pa.date32(),
    Kind.TEXT: pa.string(),
    Kind.TAGS: pa.list_(pa.string()),
    Kind.MONEY: pa.int64(),
    Kind.AREA: pa.int64(),
}


@dataclass(frozen=True, slots=True)
class Case:
    """An example and the rule it stands beside."""

    name: str
    example: Example
    rule: LightDimension | Indicator | PointsDimension | PointsItem | Ladder | Veto
    subject: Subject


def run_examples(rulebook: Rulebook, engine: Engine = "reference") -> list[Problem]:
    """Every example whose outcome is not what it says; empty when the rulebook is proven."""
    return [problem for case in cases(rulebook) if (problem := run_case(rulebook, case, engine)) is not None]


def cases(rulebook: Rulebook) -> Iterator[Case]:
    """Every worked example of the rulebook, in the order they are written."""
    for indicator in rulebook.indicators.values():
        yield from (Case(indicator.key, example, indicator, "unit") for example in indicator.examples)
    for lights in rulebook.lights:
        for dimension in lights.dimensions:
            for clause in dimension.clauses:
                yield from (Case(clause.id, example, dimension, lights.subject) for example in clause.examples)
    if rulebook.points is not None:
        for part in rulebook.points.dimensions:
            yield from (Case(part.key, example, part, "unit") for example in part.examples)
            for item in part.items:
                yield from (Case(item.key, example, item, "unit") for example in item.examples)
        for veto in rulebook.points.vetoes:
            yield from (Case(veto.key, example, veto, "unit") for example in veto.examples)
    for ladder in rulebook.ladders:
        for step in ladder.steps:
            yield from (Case(step.key, example, ladder, ladder.subject) for example in step.examples)


def run_case(rulebook: Rulebook, case: Case, engine: Engine = "reference") -> Problem | None:
    """None when the example holds, else what came out instead."""
    try:
        found = _outcome(_with_settings(rulebook, case.example), case, engine)
    except Refusal as refused:
        return Problem(case.example.place, refused.what, refused.remedy)
    if found == _expected(case.example.then, found):
        return None
    expected, shown = _expected(case.example.then, found), found
    return Problem(
        case.example.place,
        Text(
            f"“{case.name}”的样例得出 {shown}，写的是 {expected}",
            f"the example of '{case.name}' gives {shown}, not {expected}",
        ),
        Text("改正公式，或改正样例。", "Correct the formula, or the example."),
    )


def _with_settings(rulebook: Rulebook, example: Example) -> Rulebook:
    if not example.settings:
        return rulebook
    changed = {
        key: replace(rulebook.settings[key], value=setting_value(value).value, written=value)
        for key, value in example.settings.items()
        if key in rulebook.settings
    }
    unknown = [key for key in example.settings if key not in rulebook.settings]
    if unknown:
        raise Refusal(
            str(example.place),
            Text(f"没有设置“{unknown[0]}”", f"there is no setting '{unknown[0]}'"),
            Text("核对 settings 的键。", "Check the key under settings."),
        )
    return replace(rulebook, settings={**rulebook.settings, **changed})


def _expected(then: Any, found: Mapping[str, Any]) -> dict[str, Any]:
    """What an example says, in the shape of what was found: only the keys it names are compared."""
    stated = dict(then) if isinstance(then, Mapping) else {"result": then}
    result = {**found, **stated}
    if isinstance(result.get("result"), (int, Decimal)) and not isinstance(result["result"], bool):
        result["result"] = _figure(result["result"])
    return result


def _figure(value: int | Decimal) -> str:
    text = f"{Decimal(value):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _outcome(rulebook: Rulebook, case: Case, engine: Engine) -> dict[str, Any]:
    example = case.example
    period = Period.parse(example.period or f"{rulebook.effective_from[:4]}-08", where=str(example.place))
    history: list[EarlierResults] = []
    rounds = sorted((Period.parse(str(key)), given) for key, given in example.history.items())
    play = _play_items if case.subject == "item" or isinstance(case.rule, Indicator) else _play_units
    for earlier, given in rounds:
        history.append(play(rulebook, case, earlier, given, history, engine)[1])
    return play(rulebook, case, period, example.given, history, engine)[0]


Played = tuple[dict[str, Any], EarlierResults]


def _play_items(
    rulebook: Rulebook, case: Case, period: Period, given: Any, history: Sequence[EarlierResults], engine: Engine
) -> Played:
    rows = sequence(given)
    items = items_table(rulebook, rows, case.example)
    inputs = _inputs(rulebook, period, items, [UNIT], history)
    if isinstance(case.rule, Indicator):
        return _play_indicator(rulebook, case.rule, inputs, case.example, engine)
    stage = set_stage(inputs, rulebook, engine)
    lights = judge_items(stage)
    ladders = climb(stage, Subjects([], {}, {}, {}), lights, ())
    found: dict[str, Any] = {}
    if isinstance(case.rule, LightDimension):
        found = _of_light(lights, case.rule)
    if isinstance(case.rule, Ladder):
        found = _of_ladder(ladders, case.rule)
    earlier = EarlierResults(
        period=str(period),
        rulebook=rulebook.key,
        version=rulebook.version,
        constants={key: written(value) for key, value in stage.constants.items()},
        items=Kept(public_items(stage.items, inputs)),
        lights=Kept(lights),
        indicators=Kept(INDICATORS.empty_table()),
        ladder=Kept(ladder_table(ladders)),
    )
    return found, earlier


def _of_light(lights: pa.Table, dimension: LightDimension) -> dict[str, Any]:
    light = next(one for one in lights.to_pylist() if one["dimension"] == dimension.key)
    result = light["state"] if light["state"] in ("exempt", "not_applicable") else light["severity"]
    told = ("severity", "clause", "undecided", "missing", "change")
    return {"result": result, **{key: light[key] for key in told}}


def _of_ladder(standings: Sequence[Any], ladder: Ladder) -> dict[str, Any]:
    standing = next(one for one in standings if one.ladder == ladder.key)
    result = standing.state if standing.state in ("not_judged", "no_round") else standing.step or "none"
    return {"result": result, "count": standing.count, "hold": standing.hold, "missing": standing.missing}


def _play_indicator(
    rulebook: Rulebook, indicator: Indicator, inputs: Inputs, example: Example, engine: Engine
) -> Played:
    typed = rulebook.formulas.indicator(indicator.formula)
    needed = {part.key.removeprefix(WHOLE) for part in typed.walk() if part.source == "indicator"} | {indicator.key}
    small = replace(rulebook, indicators={key: one for key, one in rulebook.indicators.items() if key in needed})
    stage = set_stage(inputs, small, engine)
    subjects = measure(stage)
    rows = indicators_table(stage, subjects).to_pylist()
    asked = (UNIT, example.list, indicator.key)
    one = next((row for row in rows if (row["unit"], row["list"], row["indicator"]) == asked), _NOT_MEASURED)
    told = ("state", "missing", "items", "comparable")
    found = {"result": one["value"], **{key: one[key] for key in told}}
    return found, _units_as_earlier(stage, subjects, [], [])


def _play_units(
    rulebook: Rulebook, case: Case, period: Period, given: Any, history: Sequence[EarlierResults], engine: Engine
) -> Played:
    """Units given by their indicators; the first is the one looked at, the others are its peers."""
    rows = sequence(given)
    units = [str(row.get("unit", f"u{number}")) for number, row in enumerate(rows, 1)]
    entries, scores = _given_tables(rows, units)
    inputs = _inputs(rulebook, period, items_table(rulebook, [], case.example), units, history, entries, scores)
    stage = set_stage(inputs, rulebook, engine)
    subjects = _given_subjects(rulebook, rows, units)
    lights = judge_units(stage, subjects)
    earned = mark_units(stage, subjects, lights)
    ladders = climb(stage, subjects, LIGHTS.empty_table(), lights)
    found: dict[str, Any] = {}
    if isinstance(case.rule, LightDimension):
        found = _of_light(lights_table("unit", [one for one in lights if one.id == units[0]]), case.rule)
    elif isinstance(case.rule, Ladder):
        found = _of_ladder([one for one in ladders if one.id == units[0]], case.rule)
    else:
        found = _of_points([one for one in earned if one.unit == units[0]], case.rule)
    return found, _units_as_earlier(stage, subjects, lights, ladders)


def _of_points(earned: Sequence[Earned], rule: PointsDimension | PointsItem | Veto | Indicator) -> dict[str, Any]:
    """A dimension's or an item's points, or for a veto what became of the total."""
    if isinstance(rule, Veto):
        total = next(one for one in earned if one.dimension == TOTAL)
        return {"result": total.state, "points": None if total.points is None else _figure_of(total.points)}
    if isinstance(rule, PointsDimension):
        mark = next(one for one in earned if one.dimension == rule.key and one.item is None)
    else:
        mark = next(one for one in earned if one.item == rule.key)
    return {"result": None if mark.points is None else _figure_of(mark.points), "state": mark.state}


def _figure_of(value: Fraction) -> str:
    """Points to four decimals, half up."""
    return in_printed_unit(value, Show(), 4)


def _units_as_earlier(stage: Stage, subjects: Subjects, lights: list[Light], ladders: list[Any]) -> EarlierResults:
    return EarlierResults(
        period=str(stage.inputs.period),
        rulebook=stage.rulebook.key,
        version=stage.rulebook.version,
        constants={key: written(value) for key, value in stage.constants.items()},
        items=Kept(public_items(stage.items, stage.inputs)),
        lights=Kept(lights_table("unit", lights)),
        indicators=Kept(indicators_table(stage, subjects)),
        ladder=Kept(ladder_table(ladders)),
    )


def _given_subjects(rulebook: Rulebook, rows: Sequence[Mapping[str, Any]], units: Sequence[str]) -> Subjects:
    subjects = Subjects([(unit, ALL) for unit in units], dict(zip(units, units, strict=True)), dict.fromkeys(units), {})
    for key, indicator in rulebook.indicators.items():
        name = Name(key, indicator.title, indicator.type)
        none: list[Fraction | None] = [None] * len(rows)
        subjects.measured[key] = Measured(
            value=[_fraction(name, row.get(key)) for row in rows],
            numerator=none,
            denominator=none,
            items=[indicator.min_items] * len(rows),
            missing=[0] * len(rows),
        )
    return subjects


def _fraction(name: Name, value: Any) -> Fraction | None:
    found = _typed(name, value)
    return None if found is None else Fraction(found)


def _given_tables(rows: Sequence[Mapping[str, Any]], units: Sequence[str]) -> tuple[pa.Table, pa.Table]:
    entries, scores = [], []
    for unit, row in zip(units, rows, strict=True):
        for number, one in enumerate(row.get("entries", ())):
            made = {"entry_id": f"{unit}-{number}", "unit": unit, "points": str(one["points"]), "item": one["item"]}
            entries.append({**made, "reverses": one.get("reverses")})
        scores += [
            {"unit": unit, "item": one["item"], "score": str(one["score"]), "evidence": one.get("evidence")}
            for one in row.get("scores", ())
        ]
    text = pa.string()
    return (
        pa.Table.from_pylist(
            entries, pa.schema([(key, text) for key in ("entry_id", "unit", "item", "points", "reverses")])
        ),
        pa.Table.from_pylist(scores, pa.schema([(key, text) for key in ("unit", "item", "score", "evidence")])),
    )


def _inputs(
    rulebook: Rulebook,
    period: Period,
    items: pa.Table,
    units: Sequence[str],
    history: Sequence[EarlierResults],
    entries: pa.Table | None = None,
    scores: pa.Table | None = None,
) -> Inputs:
    text = pa.string()
    nothing = pa.nulls(len(units), text)
    extra = {name: table for name, table in (("entries", entries), ("scores", scores)) if table is not None}
    return Inputs(
        period=period,
        items=items,
        units=pa.table(
            {"code": pa.array(units, text), "title": pa.array(units, text), "parent": nothing, "peers": nothing}
        ),
        closure=pa.table(
            {"ancestor": pa.array(units, text), "descendant": pa.array(units, text), "depth": [0] * len(units)}
        ),
        membership=derive_lists(items, rulebook.ledger),
        ledger=rulebook.ledger,
        extra=extra,
        history=tuple(history),
    )


def items_table(rulebook: Rulebook, rows: Sequence[Mapping[str, Any]], example: Example) -> pa.Table:
    """The rows of an example as an items table; fields it does not name are missing. Unknown fields are refused."""
    names = rulebook.formulas.item_scope.columns
    for key in (key for row in rows for key in row if key not in names):
        raise Refusal(
            str(example.place),
            Text(f"样例里的“{key}”不是台账字段", f"'{key}' in the example is no field of the ledger"),
            Text("核对字段键。", "Check the field's key."),
        )
    columns: dict[str, Any] = {}
    for key in dict.fromkeys(("item_id", "unit", "lists", *(key for row in rows for key in row))):
        name = names[key]
        found = [_typed(name, row.get(key)) for row in rows]
        if key == "item_id":
            found = [value or f"i{number}" for number, value in enumerate(found, 1)]
        elif key == "unit":
            found = [value or UNIT for value in found]
        elif key == "lists":
            found = [row.get("lists", []) for row in rows]
        kind = _ARROW.get(name.type.kind) or (pa.decimal128(24, name.decimals) if name.decimals else pa.int64())
        columns[key] = pa.array(found, kind)
    return pa.table(columns)


def _typed(name: Name, value: Any) -> Any:
    """A written value as tables hold it: money in 分, area in parts of a 亩, dates as dates."""
    if value is None or name.type.kind in (Kind.BOOLEAN, Kind.TAGS):
        return value
    if name.type.kind is Kind.DATE:
        return date.fromisoformat(str(value))
    if name.type.numeric:
        literal = setting_value(str(value))
        exact = literal.value
        if literal.type != name.type or not isinstance(exact, Fraction):
            raise Refusal(
                name.key,
                Text(
                    f"“{name.key}”写成了 {value}，应为{name.type.words.zh}",
                    f"'{name.key}' is written as {value}; it is {name.type.words.en}",
                ),
                Text("写上单位，例如 500万元、3亩、60%。", "Write the unit, for instance 500万元, 3亩 or 60%."),
            )
        return int(exact) if exact.denominator == 1 else exact if name.ratio or not name.decimals else _decimal(exact)
    return str(value)


def _decimal(value: Fraction) -> Decimal:
    return Decimal(value.numerator) / Decimal(value.denominator)
