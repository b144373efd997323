"""Indicators of every unit and list: exact values, their two sides, what they lacked, and ranks among peers."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

import pyarrow as pa

from guatu.engine.evaluation.inputs import InputsRefused
from guatu.engine.evaluation.lists import ALL
from guatu.engine.evaluation.past import ratio_columns, stacked, with_constants, with_lights
from guatu.engine.evaluation.results import INDICATORS, EarlierResults
from guatu.engine.evaluation.saying import in_printed_unit, printed
from guatu.engine.evaluation.stage import BY_LIST, BY_UNIT, Stage, Tables, names_table
from guatu.engine.evaluation.turnover import departed
from guatu.engine.expressions import Level, Operation, Typed, aggregates, check, numerator_and_denominator
from guatu.engine.expressions.nodes import Expression
from guatu.engine.expressions.vocabulary import HISTORY
from guatu.engine.rulebook.formulas import DEPARTED, INDICATOR_DIGITS, WHOLE, light_names
from guatu.engine.rulebook.model import Indicator
from guatu.engine.tables import fractions
from guatu.engine.tables.places import ranks
from guatu.text import Text

Key = tuple[str, str]
"""A unit's code and a list's key."""


@dataclass(slots=True)
class Measured:
    """One indicator of one unit and list."""

    value: Fraction | None = None
    numerator: Fraction | None = None
    denominator: Fraction | None = None
    items: int = 0
    missing: int = 0
    rank: int | None = None
    ranked_among: int | None = None
    state: str = "ok"

    @property
    def comparable(self) -> bool:
        return self.rank is not None


@dataclass(slots=True)
class Subjects:
    """Every unit and list with its indicators, in order."""

    keys: list[Key]
    titles: Mapping[str, str]
    parents: Mapping[str, str | None]
    peers: Mapping[str, str | None]
    measured: dict[str, dict[Key, Measured]] = field(default_factory=dict)

    def values(self, indicator: str) -> list[Fraction | None]:
        found = self.measured[indicator]
        return [found[key].value for key in self.keys]

    def table(self, names: Set[str] | None = None) -> pa.Table:
        """The table of units as formulas see it: text columns, and each indicator (or each of these) as a pair."""
        columns: dict[str, Any] = {
            "unit": pa.array([unit for unit, _ in self.keys], pa.string()),
            "list": pa.array([listed for _, listed in self.keys], pa.string()),
            "parent": pa.array([self.parents.get(unit) for unit, _ in self.keys], pa.string()),
            "peers": pa.array([self.peer_group(unit) for unit, _ in self.keys], pa.string()),
        }
        for indicator, found in self.measured.items():
            if names is None or indicator in names:
                columns |= _pairs(indicator, [found[key].value for key in self.keys])
            if names is None or WHOLE + indicator in names:
                whole = [found[(unit, ALL)].value if (unit, ALL) in found else None for unit, _ in self.keys]
                columns |= _pairs(WHOLE + indicator, whole)
        return pa.table(columns)

    def peer_group(self, unit: str) -> str:
        """Declared peers, or else the children of one parent."""
        return self.peers.get(unit) or f"children of {self.parents.get(unit) or '-'}"


def _pairs(key: str, values: list[Fraction | None]) -> dict[str, pa.Array]:
    most = 10**INDICATOR_DIGITS
    for value in values:
        if value is not None and (abs(value.numerator) >= most or value.denominator >= most):
            raise InputsRefused(
                key,
                Text(f"数值 {value} 超出 {INDICATOR_DIGITS} 位", f"{value} needs more than {INDICATOR_DIGITS} digits"),
                Text("核对原始数据的单位。", "Check the units of the data."),
            )
    return ratio_columns(key, values)


def measure(stage: Stage) -> Subjects:
    """Totals over items first, then formulas over indicators, then ranks."""
    formulas = {key: stage.rulebook.formulas.indicator(one.formula) for key, one in stage.rulebook.indicators.items()}
    totals = {key: typed for key, typed in formulas.items() if typed.level in (Level.GROUP, Level.CONSTANT)}
    subjects = _measure_totals(stage, totals)
    waiting = {key: typed for key, typed in formulas.items() if key not in totals}
    while waiting:
        ready = {key: typed for key, typed in waiting.items() if not _names(typed) & set(waiting)}
        if not ready:
            raise _circle(waiting)
        _measure_rows(stage, subjects, ready)
        waiting = {key: typed for key, typed in waiting.items() if key not in ready}
    for key, indicator in stage.rulebook.indicators.items():
        _finish(subjects, indicator, formulas[key])
    return subjects


def _names(typed: Typed) -> set[str]:
    return {part.key.removeprefix(WHOLE) for part in typed.walk() if part.source == "indicator"}


def _circle(waiting: Mapping[str, Typed]) -> InputsRefused:
    named = " → ".join(waiting)
    return InputsRefused(
        named,
        Text("这些指标互相引用，绕成了圈", "these indicators refer to one another in a circle"),
        Text("拆开其中一个公式。", "Break one of the formulas."),
    )


def _subjects(stage: Stage, measured: Iterable[Key]) -> Subjects:
    """Every unit, and every unit and list that some item counts for."""
    units = stage.inputs.units
    codes = units["code"].to_pylist()
    keys = {(code, ALL): None for code in codes} | dict.fromkeys(measured)
    order = {code: place for place, code in enumerate(codes)}
    lists = {ALL: -1} | {key: place for place, key in enumerate(stage.inputs.ledger.lists)}
    return Subjects(
        keys=sorted(
            keys, key=lambda key: (order.get(key[0], len(order)), key[0], lists.get(key[1], len(lists)), key[1])
        ),
        titles=dict(zip(codes, units["title"].to_pylist(), strict=True)),
        parents=dict(zip(codes, units["parent"].to_pylist(), strict=True)),
        peers=dict(zip(codes, units["peers"].to_pylist(), strict=True)),
    )


def _measure_totals(stage: Stage, totals: Mapping[str, Typed]) -> Subjects:
    wanted = {"items": check(Operation("count"), stage.rulebook.formulas.item_scope)}
    for key, typed in totals.items():
        wanted[key] = typed
        if (sides := numerator_and_denominator(typed)) is not None:
            wanted[f"{key}/numerator"], wanted[f"{key}/denominator"] = sides
        if (lacking := _lacking(typed)) is not None:
            wanted[f"{key}/missing"] = check(lacking, stage.rulebook.formulas.item_scope)
    groups = stage.tables(wanted.values()).groups("items", [BY_UNIT, BY_LIST], wanted)
    found = {(one["unit"], one["list"]): one for one in groups}
    subjects = _subjects(stage, found)
    for key in totals:
        subjects.measured[key] = {
            subject: Measured(
                value=one.get(key),
                numerator=one.get(f"{key}/numerator"),
                denominator=one.get(f"{key}/denominator"),
                items=int(one.get("items") or 0),
                missing=int(one.get(f"{key}/missing") or 0),
            )
            for subject in subjects.keys
            for one in (found.get(subject, {}),)
        }
    return subjects


def _lacking(typed: Typed) -> Expression | None:
    """How many items a formula's totals could not use: the filter unknown, or true with nothing to total."""
    unknown: list[Expression] = []
    for total in aggregates(typed):
        if total.where is not None:
            unknown.append(Operation("is_null", (total.where.node,)))
        for argument in total.arguments:
            nothing = Operation("is_null", (argument.node,))
            held = [total.where.node] if total.where is not None and total.operation != "share" else []
            unknown.append(nothing if not held else Operation("and", (held[0], nothing)))
    if not unknown:
        return None
    condition = unknown[0]
    for other in unknown[1:]:
        condition = Operation("or", (condition, other))
    return Operation("count", (), condition)


def _measure_rows(stage: Stage, subjects: Subjects, ready: Mapping[str, Typed]) -> None:
    wanted = dict(ready)
    for key, typed in ready.items():
        if (sides := numerator_and_denominator(typed)) is not None:
            wanted[f"{key}/numerator"], wanted[f"{key}/denominator"] = sides
    used = {part.key for typed in wanted.values() for part in typed.walk() if part.source == "indicator"}
    table = units_tables(stage, subjects.table(used), wanted.values()).rows("units", wanted)
    columns = {name: fractions(table, name) for name in wanted}
    nothing: list[Fraction | None] = [None] * len(subjects.keys)
    for key, typed in ready.items():
        named = [subjects.measured[name] for name in _names(typed) if name in subjects.measured]
        above, below = columns.get(f"{key}/numerator", nothing), columns.get(f"{key}/denominator", nothing)
        subjects.measured[key] = {
            subject: Measured(
                value=columns[key][row],
                numerator=above[row],
                denominator=below[row],
                items=max((found[subject].items for found in named), default=0),
                missing=max((found[subject].missing for found in named), default=0),
            )
            for row, subject in enumerate(subjects.keys)
        }


def units_tables(stage: Stage, units: pa.Table, wanted: Iterable[Typed]) -> Tables:
    """The driver over a table of units, with their earlier results where these formulas look back."""
    formulas = list(wanted)
    looks_back = any(part.operation in HISTORY for typed in formulas for part in typed.walk())
    more = {"units_history": _units_history(stage)} if looks_back else {}
    if names_table(formulas, DEPARTED):
        more[DEPARTED] = departed(stage.inputs)
    return stage.tables((), units=units, **more)


def _units_history(stage: Stage) -> pa.Table:
    """Earlier rounds' units and lists with their indicators and lights."""
    return stacked([_units_of(stage, earlier) for earlier in stage.inputs.history], ("unit", "list", "period"))


def _units_of(stage: Stage, earlier: EarlierResults) -> pa.Table:
    values: dict[str, dict[Key, Fraction]] = defaultdict(dict)
    keys: dict[Key, None] = {}
    names = ("unit", "list", "indicator", "num", "den")
    found = earlier.indicators.read(names)
    for unit, listed, indicator, num, den in zip(*(found[one].to_pylist() for one in names), strict=True):
        keys[unit, listed] = None
        if num is not None:
            values[indicator][unit, listed] = Fraction(int(num), int(den))
    columns: dict[str, Any] = {
        "unit": pa.array([unit for unit, _ in keys], pa.string()),
        "list": pa.array([listed for _, listed in keys], pa.string()),
    }
    for indicator in stage.rulebook.indicators:
        columns |= ratio_columns(indicator, [values[indicator].get(key) for key in keys])
        columns |= ratio_columns(WHOLE + indicator, [values[indicator].get((unit, ALL)) for unit, _ in keys])
    table = with_lights(pa.table(columns), "unit", earlier.lights_of("unit"))
    for name in light_names(stage.rulebook.lights, "unit"):
        if name not in table.column_names:
            table = table.append_column(name, pa.nulls(table.num_rows, pa.string()))
    return with_constants(table, earlier, stage.rulebook)


def _finish(subjects: Subjects, indicator: Indicator, typed: Typed) -> None:
    """Say why a value is missing, apply the declared outcome, and rank among peers."""
    found = subjects.measured[indicator.key]
    divides = numerator_and_denominator(typed) is not None
    for one in found.values():
        if one.value is None:
            zero = divides and one.denominator == 0
            one.state = "no_items" if one.items == 0 else "zero_denominator" if zero else "missing"
            outcome = indicator.when_zero if zero else indicator.when_missing
            one.value = Fraction(0) if outcome == "zero" and one.items else None
    if indicator.ranked:
        _rank(subjects, indicator, found)


def _rank(subjects: Subjects, indicator: Indicator, found: Mapping[Key, Measured]) -> None:
    rankable = [
        key for key in subjects.keys if found[key].value is not None and found[key].items >= indicator.min_items
    ]
    peers = [(subjects.peer_group(unit), listed) for unit, listed in rankable]
    places = ranks([found[key].value for key in rankable], peers, descending=indicator.better == "higher")
    among = Counter(peers)
    for key, peer, place in zip(rankable, peers, places, strict=True):
        found[key].rank = None if place is None else int(place)
        found[key].ranked_among = among[peer]


def indicators_table(stage: Stage, subjects: Subjects) -> pa.Table:
    """The published table: one row per unit, list and indicator."""
    declared = stage.rulebook.indicators
    rows = [(key, name, one, subjects.measured[name][key]) for key in subjects.keys for name, one in declared.items()]
    worth = [(None, None) if one.value is None else one.value.as_integer_ratio() for _, _, _, one in rows]
    columns: dict[str, list[Any]] = {
        "unit": [unit for (unit, _), _, _, _ in rows],
        "list": [listed for (_, listed), _, _, _ in rows],
        "indicator": [name for _, name, _, _ in rows],
        "state": [found.state for _, _, _, found in rows],
        "num": [num for num, _ in worth],
        "den": [den for _, den in worth],
        "numerator": [_whole(found.numerator) for _, _, _, found in rows],
        "denominator": [_whole(found.denominator) for _, _, _, found in rows],
        "value": [_value(one, found.value) for _, _, one, found in rows],
        "printed": [None if found.value is None else printed(found.value, one.show).zh for _, _, one, found in rows],
        "rank": [found.rank for _, _, _, found in rows],
        "ranked_among": [found.ranked_among for _, _, _, found in rows],
        "comparable": [found.comparable for _, _, _, found in rows],
        "items": [found.items for _, _, _, found in rows],
        "missing": [found.missing for _, _, _, found in rows],
    }
    return pa.table(
        {name: pa.array(columns[name], INDICATORS.field(name).type) for name in INDICATORS.names}, INDICATORS
    )


def _value(indicator: Indicator, value: Fraction | None) -> str | None:
    return None if value is None else in_printed_unit(value, indicator.show, indicator.decimals)


def _whole(side: Fraction | None) -> int | None:
    """A side of a division as a whole number; sides that are themselves ratios are left to the value."""
    return side.numerator if side is not None and side.denominator == 1 else None
