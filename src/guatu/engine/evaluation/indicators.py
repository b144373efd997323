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
from guatu.engine.evaluation.past import ratio_columns, sides, stacked, with_constants, with_lights
from guatu.engine.evaluation.results import INDICATORS, EarlierResults, whole_numbers
from guatu.engine.evaluation.saying import all_in_printed_unit, all_printed
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


Numbers = list[Fraction | None]


@dataclass(slots=True)
class Measured:
    """One indicator of every unit and list, in the order of `Subjects.keys`."""

    value: Numbers
    numerator: Numbers
    denominator: Numbers
    items: list[int]
    missing: list[int]
    """Items whose data the formula lacked."""
    state: list[str] = field(init=False)
    rank: list[int | None] = field(init=False)
    ranked_among: list[int | None] = field(init=False)

    def __post_init__(self) -> None:
        self.state = ["ok"] * len(self.value)
        self.rank = [None] * len(self.value)
        self.ranked_among = [None] * len(self.value)


@dataclass(slots=True)
class Subjects:
    """Every unit and list with its indicators, in order."""

    keys: list[Key]
    titles: Mapping[str, str]
    parents: Mapping[str, str | None]
    peers: Mapping[str, str | None]
    measured: dict[str, Measured] = field(default_factory=dict)

    def table(self, names: Set[str] | None = None) -> pa.Table:
        """The table of units as formulas see it: text columns, and each indicator (or each of these) as a pair."""
        columns: dict[str, Any] = {
            "unit": pa.array([unit for unit, _ in self.keys], pa.string()),
            "list": pa.array([listed for _, listed in self.keys], pa.string()),
            "parent": pa.array([self.parents.get(unit) for unit, _ in self.keys], pa.string()),
            "peers": pa.array([self.peer_group(unit) for unit, _ in self.keys], pa.string()),
        }
        place = {key: row for row, key in enumerate(self.keys)}
        whole = [place.get((unit, ALL)) for unit, _ in self.keys]
        for indicator, found in self.measured.items():
            if names is None or indicator in names:
                columns |= _pairs(indicator, found.value)
            if names is None or WHOLE + indicator in names:
                columns |= _pairs(WHOLE + indicator, [None if row is None else found.value[row] for row in whole])
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
    found = {key: row for row, key in enumerate(zip(groups["unit"], groups["list"], strict=True))}
    subjects = _subjects(stage, found)
    rows = [found.get(key) for key in subjects.keys]

    def total(name: str) -> Numbers:
        column = groups.get(name)
        return [None if row is None or column is None else column[row] for row in rows]

    items = [int(number or 0) for number in total("items")]
    for key in totals:
        subjects.measured[key] = Measured(
            value=total(key),
            numerator=total(f"{key}/numerator"),
            denominator=total(f"{key}/denominator"),
            items=items,
            missing=[int(number or 0) for number in total(f"{key}/missing")],
        )
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
    nothing: Numbers = [None] * len(subjects.keys)
    none = [0] * len(subjects.keys)
    for key, typed in ready.items():
        named = [subjects.measured[name] for name in _names(typed) if name in subjects.measured]
        subjects.measured[key] = Measured(
            value=columns[key],
            numerator=columns.get(f"{key}/numerator", nothing),
            denominator=columns.get(f"{key}/denominator", nothing),
            items=[max(each) for each in zip(none, *(one.items for one in named), strict=True)],
            missing=[max(each) for each in zip(none, *(one.missing for one in named), strict=True)],
        )


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
    for row in (row for row, value in enumerate(found.value) if value is None):
        items = found.items[row]
        zero = divides and found.denominator[row] == 0
        found.state[row] = "no_items" if items == 0 else "zero_denominator" if zero else "missing"
        outcome = indicator.when_zero if zero else indicator.when_missing
        found.value[row] = Fraction(0) if outcome == "zero" and items else None
    if indicator.ranked:
        _rank(subjects, indicator, found)


def _rank(subjects: Subjects, indicator: Indicator, found: Measured) -> None:
    rankable = [
        row
        for row, (value, items) in enumerate(zip(found.value, found.items, strict=True))
        if value is not None and items >= indicator.min_items
    ]
    peers = [(subjects.peer_group(unit), listed) for unit, listed in (subjects.keys[row] for row in rankable)]
    places = ranks([found.value[row] for row in rankable], peers, descending=indicator.better == "higher")
    among = Counter(peers)
    for row, peer, place in zip(rankable, peers, places, strict=True):
        found.rank[row] = None if place is None else int(place)
        found.ranked_among[row] = among[peer]


def indicators_table(stage: Stage, subjects: Subjects) -> pa.Table:
    """The published table: one row per unit, list and indicator."""
    declared = stage.rulebook.indicators
    found = [(one, subjects.measured[key]) for key, one in declared.items()]
    places = range(len(declared))

    def each(columns: Iterable[list[Any]]) -> list[Any]:
        """A column of every indicator, as one: the indicators of a unit and list after one another."""
        return [value for row in zip(*columns, strict=True) for value in row]

    worth = each(one.value for _, one in found)
    columns: dict[str, Any] = {
        "unit": [unit for unit, _ in subjects.keys for _ in places],
        "list": [listed for _, listed in subjects.keys for _ in places],
        "indicator": [*declared] * len(subjects.keys),
        "state": each(one.state for _, one in found),
        **dict(zip(("num", "den"), sides(worth), strict=True)),
        "numerator": whole_numbers([_whole(side) for side in each(one.numerator for _, one in found)]),
        "denominator": whole_numbers([_whole(side) for side in each(one.denominator for _, one in found)]),
        "value": each(all_in_printed_unit(one.value, kind.show, kind.decimals) for kind, one in found),
        "printed": each(all_printed(one.value, kind.show) for kind, one in found),
        "rank": each(one.rank for _, one in found),
        "ranked_among": each(one.ranked_among for _, one in found),
        "comparable": [place is not None for place in each(one.rank for _, one in found)],
        "items": each(one.items for _, one in found),
        "missing": each(one.missing for _, one in found),
    }
    return pa.table(
        {name: pa.array(columns[name], INDICATORS.field(name).type) for name in INDICATORS.names}, INDICATORS
    )


def _whole(side: Fraction | None) -> int | None:
    """A side of a division as a whole number; sides that are themselves ratios are left to the value."""
    return side.numerator if side is not None and side.denominator == 1 else None
