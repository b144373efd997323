"""Lights per dimension: the worst clause that holds, what could not be judged and why, and the roll-up by worst.

`Judge` says what follows from what holds for a subject. A driver that can (see `FactTables`) says of a whole table which
different facts there are: then each of these few is judged once, and the subjects are given what was found.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from guatu.engine.evaluation.past import light_column, severities_by_dimension
from guatu.engine.evaluation.results import LIGHTS
from guatu.engine.evaluation.stage import FactTables, Stage
from guatu.engine.expressions import Typed, conjuncts
from guatu.engine.expressions.vocabulary import HISTORY
from guatu.engine.rulebook.checking import template_names
from guatu.engine.rulebook.model import Clause, LightDimension, Lights, Rulebook, Subject
from guatu.engine.tables import (
    OVERALL,
    ClauseRule,
    Condition,
    DimensionRule,
    Facts,
    Held,
    Lack,
    LightRules,
    fractions,
)
from guatu.engine.tables.combinations import combinations, row_numbers
from guatu.engine.values import Severity
from guatu.standards.periods import Kind

HISTORY_NAME = "history"


@dataclass(frozen=True, slots=True)
class Row:
    """One subject as judged: what its formulas were worth, by the name asked for."""

    id: str
    unit: str
    values: Mapping[str, Any]


@dataclass(slots=True)
class Light:
    """One light of one subject."""

    id: str
    unit: str
    dimension: str
    state: str
    severity: Severity
    clause: str | None = None
    undecided: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    conditions: dict[str, str] = field(default_factory=dict)
    inputs: dict[str, str | None] = field(default_factory=dict)
    before: str | None = None
    change: str | None = None


@dataclass(frozen=True, slots=True)
class ReadyClause:
    """A clause with its formulas checked once for all subjects."""

    clause: Clause
    when: Typed
    parts: tuple[Typed, ...]
    names: tuple[str, ...]
    """Under which name the worth of each part is found."""
    lacks: tuple[Lack, ...]
    """For each part, where to look when it has no value."""
    told: tuple[str, ...]
    """Names its reason fills in."""


class Judge:
    """Judges the subjects of one table under one set of lights."""

    def __init__(self, rulebook: Rulebook, lights: Lights) -> None:
        self.lights = lights
        self.formulas = rulebook.formulas
        self.clauses = {one.key: [self._ready(clause) for clause in one.clauses] for one in lights.dimensions}

    def _ready(self, clause: Clause) -> ReadyClause:
        when = self.formulas.over(self.lights.subject, clause.when)
        parts = conjuncts(when)
        names = tuple(f"{clause.id}!{number}" for number in range(len(parts)))
        lacks = tuple(lack_of(part) for part in parts)
        return ReadyClause(clause, when, parts, names, lacks, template_names(clause.because))

    def wanted(self) -> dict[str, Typed]:
        """Every formula the lights rest on, so that one statement answers all."""
        found: dict[str, Typed] = {}
        for dimension in self.lights.dimensions:
            if dimension.applies_when is not None:
                found[f"{dimension.key}?"] = self.formulas.over(self.lights.subject, dimension.applies_when)
            for ready in self.clauses[dimension.key]:
                found[f"{ready.clause.id}!"] = ready.when
                found |= dict(zip(ready.names, ready.parts, strict=True))
                found |= {name: self.formulas.definition(self.lights.subject, name) for name in ready.told}
        for typed in list(found.values()):
            for name in leaves(typed):
                found.setdefault(name, self.formulas.definition(self.lights.subject, name))
        return found

    def judge(self, row: Row) -> list[Light]:
        lights = [self.judge_dimension(dimension, row) for dimension in self.lights.dimensions]
        return [*lights, overall(row, lights)]

    def judge_dimension(self, dimension: LightDimension, row: Row) -> Light:
        light = Light(row.id, row.unit, dimension.key, "judged", dimension.otherwise)
        if dimension.applies_when is not None:
            applies = row.values[f"{dimension.key}?"]
            if applies is not True:
                if applies is None:
                    typed = self.formulas.over(self.lights.subject, dimension.applies_when)
                    return self._not_judged(light, dimension, missing_of(typed, row.values))
                light.state, light.severity = "not_applicable", Severity.NOT_JUDGED
                return light
        if row.values.get(dimension.exemption) is True:
            light.state = "exempt"
            return light
        return self._clauses(light, dimension, row)

    def _not_judged(self, light: Light, dimension: LightDimension, missing: Sequence[str]) -> Light:
        light.missing = list(dict.fromkeys([*light.missing, *missing]))
        light.severity = dimension.when_missing
        light.state = "not_judged" if light.severity is Severity.NOT_JUDGED else "judged"
        return light

    def _clauses(self, light: Light, dimension: LightDimension, row: Row) -> Light:
        """The first clause that holds decides; a worse one that cannot be judged is remembered beside it."""
        fired: ReadyClause | None = None
        for ready in self.clauses[dimension.key]:
            held = [row.values[name] for name in ready.names]
            light.conditions[ready.clause.id] = "".join(["?" if one is None else "1" if one else "0" for one in held])
            if fired is None:
                value = row.values[f"{ready.clause.id}!"]
                if value is None:
                    self._undecided(light, ready, held, row)
                elif value:
                    fired = ready
        if fired is not None:
            light.severity, light.clause = fired.clause.severity, fired.clause.id
            light.inputs = {name: exactly(row.values[name]) for name in fired.told}
        elif light.undecided:
            return self._not_judged(light, dimension, ())
        return light

    def _undecided(self, light: Light, ready: ReadyClause, held: Sequence[bool | None], row: Row) -> None:
        light.undecided.append(ready.clause.id)
        for lack, one in zip(ready.lacks, held, strict=True):
            if one is None:
                light.missing += [name for name in absent(lack, row.values) if name not in light.missing]


def overall(row: Row, lights: Sequence[Light]) -> Light:
    """The worst of the judged dimensions; what was not judged is named, and never hides what was.

    Nor does it pass for well: with a dimension not judged, a subject is not normal but not judged.
    """
    judged = [light for light in lights if light.state in ("judged", "exempt")]
    missing = [light.dimension for light in lights if light.state == "not_judged"]
    severity = Severity.worst(light.severity for light in judged)
    if missing and severity is Severity.NORMAL:
        return Light(row.id, row.unit, OVERALL, "not_judged", Severity.NOT_JUDGED, missing=missing)
    worst = deciding(lights)
    state = "judged" if judged else "not_judged" if missing else "not_applicable"
    found = Light(row.id, row.unit, OVERALL, state, severity, missing=missing)
    if worst is not None:
        found.clause, found.inputs = worst.clause, worst.inputs
        found.undecided = [clause for light in judged for clause in light.undecided]
    return found


def deciding(lights: Sequence[Light]) -> Light | None:
    """The light whose reasons the overall light has, where it has any: the first of the worst that were judged."""
    judged = [light for light in lights if light.state in ("judged", "exempt")]
    severity = Severity.worst(light.severity for light in judged)
    return next((light for light in judged if light.severity is severity), None)


def leaves(typed: Typed) -> list[str]:
    """Columns, indicators and dividing definitions a formula rests on in its own table, not in linked ones."""
    found: list[str] = []
    if typed.operation == "along":
        return found
    if typed.source in ("column", "indicator"):
        found.append(typed.key)
    if typed.source == "definition" and _divides(typed.arguments[0]):
        found.append(typed.key)
    for child in typed.children:
        found += leaves(child)
    return found


def _divides(typed: Typed) -> bool:
    """Whether the formula itself divides, not counting definitions inside it."""
    if typed.source == "definition":
        return False
    return typed.operation == "divide" or any(_divides(child) for child in typed.children)


def lack_of(typed: Typed) -> Lack:
    """Where to look when a formula has no value: missing fields, else divisions by zero, else history or a table."""
    own = dict.fromkeys(name for name in leaves(typed) if not name.startswith("light"))
    parts = list(typed.walk())
    divisions = {part.key for part in parts if part.source == "definition" and _divides(part.arguments[0])}
    otherwise = [str(part.arguments[0].value) for part in parts if part.operation in ("along", "param")]
    if any(part.operation in HISTORY for part in parts):
        otherwise = [HISTORY_NAME]
    return Lack(
        fields={name: typed for name in own if name not in divisions},
        divisions={name: typed for name in own if name in divisions},
        otherwise=tuple(otherwise),
    )


def missing_of(typed: Typed, values: Mapping[str, Any]) -> list[str]:
    """Why a formula has no value."""
    return absent(lack_of(typed), values)


def absent(lack: Lack, values: Mapping[str, Any]) -> list[str]:
    """The first kind of names of which some have no value."""
    for names in (lack.fields, lack.divisions):
        empty = [name for name in names if values.get(name) is None]
        if empty:
            return empty
    return list(lack.otherwise)


def exactly(value: Any) -> str | None:
    """A value as it is kept in reasons: numbers as fractions, dates as 2021-08-31, lists in words."""
    if value is None:
        return None
    if isinstance(value, list):
        return "、".join(value)
    return ("true" if value else "false") if isinstance(value, bool) else str(value)


def rows_of(table: pa.Table, wanted: Mapping[str, Typed], ids: Sequence[str], units: Sequence[str]) -> list[Row]:
    """The driver's answer row by row, numbers as exact fractions."""
    columns = {
        name: fractions(table, name) if typed.type.numeric else table[name].to_pylist()
        for name, typed in wanted.items()
    }
    return [
        Row(id_, unit, {name: column[number] for name, column in columns.items()})
        for number, (id_, unit) in enumerate(zip(ids, units, strict=True))
    ]


def light_rules(rulebook: Rulebook, lights: Lights) -> LightRules:
    """What the lights of a rulebook rest on, as a driver is asked for it; worked out once for all rounds."""
    known = rulebook.formulas.light_rules
    of, rules = known.get(lights.subject, (None, None))
    if of is not lights or rules is None:
        rules = _light_rules(rulebook, lights)
        known[lights.subject] = (lights, rules)
    return rules


def _light_rules(rulebook: Rulebook, lights: Lights) -> LightRules:
    formulas, subject = rulebook.formulas, lights.subject

    def condition(when: Typed) -> Condition:
        lack = lack_of(when)
        found = {name: formulas.definition(subject, name) for name in (*lack.fields, *lack.divisions)}
        return Condition(
            when,
            Lack(
                {name: found[name] for name in lack.fields},
                {name: found[name] for name in lack.divisions},
                lack.otherwise,
            ),
        )

    def clause(one: Clause) -> ClauseRule:
        parts = conjuncts(formulas.over(subject, one.when))
        told = tuple(formulas.definition(subject, name) for name in template_names(one.because))
        return ClauseRule(one.id, tuple(condition(part) for part in parts), told)

    def exempt(one: LightDimension) -> Typed | None:
        declared = subject == "item" and one.exemption in rulebook.ledger.fields
        return formulas.definition(subject, one.exemption) if declared else None

    return LightRules(
        tuple(
            DimensionRule(
                key=one.key,
                applies=None if one.applies_when is None else condition(formulas.over(subject, one.applies_when)),
                exempt=exempt(one),
                clauses=tuple(clause(part) for part in one.clauses),
            )
            for one in lights.dimensions
        )
    )


def judge_items(stage: Stage) -> pa.Table:
    """The lights of every item, a dimension after another; none when the rulebook has none for items."""
    lights = stage.rulebook.lights_of("item")
    if lights is None:
        return LIGHTS.empty_table()
    table = _with_earlier_names(stage, lights)
    rules = light_rules(stage.rulebook, lights)
    driver = stage.tables(_formulas_of(rules), items=table)
    if not isinstance(driver, FactTables):
        return _by_row(stage, lights, table)
    judged = _by_facts(Judge(stage.rulebook, lights), rules, driver.facts("items", rules))
    judged.append(_overall(judged, table.num_rows))
    before = _severities_before(stage, table["item_id"])
    return pa.concat_tables([_block(table, one, before.get(one.dimension)) for one in judged])


@dataclass(frozen=True, slots=True)
class Judged:
    """One dimension of every item: `places` says which of the different `lights` each has."""

    dimension: str
    lights: list[Light]
    places: Any
    inputs: Any

    def of_each(self, values: Sequence[Any], kind: pa.DataType | None = None) -> Any:
        """A column, from a value for each of the lights."""
        return pa.array(values, kind).take(self.places)


def _by_facts(judge: Judge, rules: LightRules, found: Mapping[str, Held]) -> list[Judged]:
    """Each different set of facts judged once."""
    judged = []
    for dimension, rule in zip(judge.lights.dimensions, rules.dimensions, strict=True):
        held = found[rule.key]
        lights = [judge.judge_dimension(dimension, _row_of(dimension, rule, facts)) for facts in held.facts]
        judged.append(Judged(rule.key, lights, held.places, held.inputs))
    return judged


def _row_of(dimension: LightDimension, rule: DimensionRule, facts: Facts) -> Row:
    """A subject of which no more is known than these facts."""
    known = dict(zip(rule.facts, facts, strict=True))
    values: dict[str, Any] = {name: fact for name, fact in known.items() if not name.startswith("?")}
    for clause in rule.clauses:
        values |= dict.fromkeys(typed.key for typed in clause.told)
        held = [known[f"{clause.id}!{number}"] for number in range(len(clause.conditions))]
        values[f"{clause.id}!"] = False if False in held else None if None in held else True
    values |= {name[1:]: None if fact else True for name, fact in known.items() if name.startswith("?")}
    values[dimension.exemption] = known.get(f"{rule.key}~")
    return Row("", "", values)


def _overall(judged: Sequence[Judged], rows: int) -> Judged:
    """The roll-up, each different set of lights once."""
    places, found = combinations([one.of_each(_alike(one.lights)) for one in judged], rows)
    lights, decided = [], []
    for each in found:
        under = [one.lights[place] for one, place in zip(judged, each, strict=True)]
        light, worst = overall(Row("", "", {}), under), deciding(under)
        lights.append(light)
        decided.append(len(judged) if worst is None or light.clause is None else under.index(worst))
    # The inputs of the deciding dimension: all inputs below one another, and an empty list after the last.
    nothing = pa.array([[]], pa.list_(pa.string()))
    inputs = pa.chunked_array([chunk for one in judged for chunk in one.inputs.chunks] + [nothing], nothing.type)
    block = pa.array([place * rows for place in decided], pa.int64()).take(places)
    at = pc.add(block, row_numbers(rows))
    return Judged(OVERALL, lights, places, inputs.take(pc.min_element_wise(at, len(judged) * rows)))


def _alike(lights: Sequence[Light]) -> list[int]:
    """For each light the place of the first that is the same to the roll-up."""
    first: dict[object, int] = {}
    seen = [(one.state, one.severity, one.clause, tuple(one.undecided)) for one in lights]
    return [first.setdefault(one, place) for place, one in enumerate(seen)]


def _severities_before(stage: Stage, ids: Any) -> dict[str, Any]:
    """Last round's severities of these items, a column for each dimension; none when its results were not given."""
    last = next((earlier for earlier in stage.inputs.history if earlier.period == last_round(stage)), None)
    return {} if last is None else severities_by_dimension(last.lights_of("item"), ids)


_GRADES = [one for one in Severity if one is not Severity.NOT_JUDGED]


def _block(items: pa.Table, judged: Judged, before: Any) -> pa.Table:
    """The published lights of one dimension."""
    rows = items.num_rows
    before = pa.nulls(rows, pa.string()) if before is None else before
    columns = {
        "subject": pa.repeat("item", rows),
        "id": items["item_id"],
        "unit": items["unit"],
        "dimension": pa.repeat(judged.dimension, rows),
        **{name: judged.of_each(values, LIGHTS.field(name).type) for name, values in _told(judged.lights).items()},
        "inputs": judged.inputs,
        "before": before,
        "change": _changes(before, judged),
    }
    return pa.table({name: columns[name] for name in LIGHTS.names}).cast(LIGHTS)


def _changes(before: Any, judged: Judged) -> Any:
    """Worse, better or the same for each; null unless both rounds were judged."""
    was = pc.index_in(before, pa.array([one.value for one in _GRADES]))
    now = judged.of_each(
        [None if one.severity.rank is None else one.severity.rank for one in judged.lights], pa.int32()
    )
    words = pa.array([change(one, other) for one in _GRADES for other in _GRADES], pa.string())
    return words.take(pc.add(pc.multiply(was, len(_GRADES)), now))


def _formulas_of(rules: LightRules) -> list[Typed]:
    """Every formula the rules rest on."""
    found = [part for one in rules.dimensions for clause in one.clauses for part in clause.told]
    for one in rules.dimensions:
        conditions = [
            *(() if one.applies is None else (one.applies,)),
            *(c for part in one.clauses for c in part.conditions),
        ]
        found += [condition.when for condition in conditions]
        for condition in conditions:
            found += [*condition.lack.fields.values(), *condition.lack.divisions.values()]
    return found


def _by_row(stage: Stage, lights: Lights, table: pa.Table) -> pa.Table:
    """One item after another, in plain Python."""
    judge = Judge(stage.rulebook, lights)
    wanted = judge.wanted()
    fields = stage.rulebook.ledger.fields
    for dimension in lights.dimensions:
        if dimension.exemption in fields:
            wanted[dimension.exemption] = stage.rulebook.formulas.definition("item", dimension.exemption)
    answer = stage.tables(wanted.values(), items=table).rows("items", wanted, ["item_id"])
    found = rows_of(answer, wanted, table["item_id"].to_pylist(), table["unit"].to_pylist())
    before = earlier_severities(stage, "item")
    return lights_table("item", [since(light, before) for row in found for light in judge.judge(row)])


def _with_earlier_names(stage: Stage, lights: Lights) -> pa.Table:
    """The items with empty light columns: this round's are not decided yet, earlier ones are in the history."""
    table = stage.items
    for name in ("light", *(dimension.column for dimension in lights.dimensions)):
        if name not in table.column_names:
            table = table.append_column(name, pa.nulls(table.num_rows, pa.string()))
    return table


def earlier_severities(stage: Stage, subject: Subject) -> dict[tuple[str, str], str]:
    """Last round's severity by subject and dimension; empty when last round's results were not given."""
    last = last_round(stage)
    found: dict[tuple[str, str], str] = {}
    for earlier in stage.inputs.history:
        if earlier.period == last:
            lights = earlier.lights_of(subject)
            columns = (lights[name].to_pylist() for name in ("id", "dimension", "severity"))
            found |= {(one, dim): severity for one, dim, severity in zip(*columns, strict=True)}
    return found


def last_round(stage: Stage) -> str:
    """The period before this one; before February stands December where January had no round (1–2月)."""
    before = stage.inputs.period.previous()
    held = {earlier.period for earlier in stage.inputs.history}
    skips_january = before.kind is Kind.MONTH and before.start.month == 1 and str(before) not in held
    return str(before.previous() if skips_january else before)


def since(light: Light, before: Mapping[tuple[str, str], str]) -> Light:
    """The light with what it was last round and whether it got worse or better."""
    light.before = before.get((light.id, light.dimension))
    if light.before is None or light.severity is Severity.NOT_JUDGED or light.before == Severity.NOT_JUDGED.value:
        return light
    light.change = change(Severity(light.before), light.severity)
    return light


def change(was: Severity, now: Severity) -> str:
    """What became of one grade that is now another."""
    return "same" if was is now else "worse" if was < now else "better"


def lights_table(subject: Subject, lights: Iterable[Light]) -> pa.Table:
    """The published table of one kind of subject: a dimension after another, subjects in their order."""
    by_dimension: dict[str, list[Light]] = {}
    for light in lights:
        by_dimension.setdefault(light.dimension, []).append(light)
    blocks = [_plain_block(subject, key, found) for key, found in by_dimension.items()]
    return pa.concat_tables(blocks) if blocks else LIGHTS.empty_table()


def _plain_block(subject: Subject, dimension: str, lights: Sequence[Light]) -> pa.Table:
    columns: dict[str, list[Any]] = {
        "subject": [subject] * len(lights),
        "id": [one.id for one in lights],
        "unit": [one.unit for one in lights],
        "dimension": [dimension] * len(lights),
        **_told(lights),
        "inputs": [list(one.inputs.values()) for one in lights],
        "before": [one.before for one in lights],
        "change": [one.change for one in lights],
    }
    return pa.table({name: pa.array(columns[name], LIGHTS.field(name).type) for name in LIGHTS.names}, schema=LIGHTS)


def _told(lights: Sequence[Light]) -> dict[str, list[Any]]:
    """What was judged, by column."""
    return {
        "state": [one.state for one in lights],
        "severity": [one.severity.value for one in lights],
        "clause": [one.clause for one in lights],
        "undecided": [one.undecided for one in lights],
        "missing": [one.missing for one in lights],
        "conditions": [" ".join(one.conditions.values()) for one in lights],
    }


def severities(lights: pa.Table) -> dict[str, dict[str, str]]:
    """Severities of a table of lights by the column formulas read them from, then by subject."""
    found: dict[str, dict[str, str]] = {}
    for id_, dimension, severity in zip(
        *(lights[one].to_pylist() for one in ("id", "dimension", "severity")), strict=True
    ):
        found.setdefault(light_column(dimension), {})[id_] = severity
    return found
