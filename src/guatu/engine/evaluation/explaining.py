"""Why a number is what it is, and why a light shows what it shows: structured, from the results of a round alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from guatu.engine.evaluation.inputs import Inputs
from guatu.engine.evaluation.lights import HISTORY_NAME
from guatu.engine.evaluation.lists import ALL
from guatu.engine.evaluation.past import read_constant
from guatu.engine.evaluation.results import EarlierResults, Results
from guatu.engine.evaluation.saying import printed, said, show_of
from guatu.engine.evaluation.sentences import Sentences
from guatu.engine.evaluation.stage import Stage, set_stage
from guatu.engine.evaluation.turnover import departed
from guatu.engine.expressions import Expression, Level, Operation, Typed, aggregates, check, conjuncts, show
from guatu.engine.expressions.vocabulary import HISTORY
from guatu.engine.rulebook.formulas import WHOLE
from guatu.engine.rulebook.model import Clause, LightDimension, Rulebook, Subject
from guatu.engine.tables import OVERALL, ReferenceTables
from guatu.engine.values import Severity
from guatu.text import Refusal, Text


class NothingToExplain(Refusal):
    """The results hold no such indicator or light."""


@dataclass(frozen=True, slots=True)
class Part:
    """A total inside an indicator's formula: what it came to, and the items it was made of."""

    formula: Text
    value: Text
    items: tuple[str, ...]
    """item_ids, in the order of the snapshot."""
    fields: tuple[str, ...]
    """Ledger fields of those items it rests on."""


@dataclass(frozen=True, slots=True)
class IndicatorExplanation:
    """One indicator of one unit and list."""

    rulebook: Text
    version: str
    source: Text
    cite: Text | None
    period: str
    unit: str
    unit_title: Text
    list: str
    list_title: Text
    indicator: str
    title: Text
    formula: Text
    with_values: Text
    printed: Text
    value: Fraction | None
    numerator: Fraction | None
    denominator: Fraction | None
    rank: int | None
    ranked_among: int | None
    state: str
    items: int
    missing: int
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition of a clause. `held` None: it could not be judged, for want of `missing`."""

    formula: Text
    with_values: Text
    held: bool | None
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ClauseReason:
    """A clause and how its conditions stood."""

    clause: str
    severity: Severity
    word: Text
    because: Text | None
    """The reason in words, for the clause that fired."""
    cite: Text
    conditions: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class LightExplanation:
    """One light of one subject: what fired, what nearly did, and what could not be judged."""

    rulebook: Text
    version: str
    source: Text
    period: str
    subject: str
    id: str
    dimension: str
    title: Text
    state: str
    severity: Severity
    word: Text
    before: Severity | None
    change: str | None
    fired: ClauseReason | None
    nearly: tuple[ClauseReason, ...]
    undecided: tuple[ClauseReason, ...]
    missing: tuple[Text, ...]
    fields: tuple[str, ...]
    """Ledger fields the dimension rests on, for whoever joins them to their cells."""


def explain_indicator(
    results: Results,
    rulebook: Rulebook,
    unit: str,
    listed: str,
    indicator: str,
    *,
    history: Sequence[EarlierResults] = (),
) -> IndicatorExplanation:
    """Raises NothingToExplain when the results have no such unit, list or indicator.

    `history` are the earlier results the round was judged with; without them what looks back has no value here.
    """
    row = _indicator_row(results, unit, listed, indicator)
    declared = rulebook.indicators[indicator]
    typed = rulebook.formulas.indicator(declared.formula)
    behind = Behind(results, rulebook, history, unit, listed)
    totals = [*_linked(typed)] if typed.level is not Level.GROUP else [*aggregates(typed)]
    parts = tuple(_part(behind, total) for total in totals)
    values: dict[str, dict[str, object]] = {"zh": {}, "en": {}}
    for total, part in zip(totals, parts, strict=True):
        values["zh"][show(total)], values["en"][show(total)] = part.value.zh, part.value.en
    for name in {one.key for one in typed.walk() if one.source == "indicator"}:
        whole = name.startswith(WHOLE) and name not in rulebook.indicators
        other = _indicator_row(results, unit, ALL if whole else listed, name.removeprefix(WHOLE) if whole else name)
        values["zh"][name] = values["en"][name] = other["printed"] or "—"
    value = _pair(row["num"], row["den"])
    return IndicatorExplanation(
        rulebook=rulebook.title,
        version=results.version,
        source=rulebook.source,
        cite=declared.cite,
        period=str(results.period),
        unit=unit,
        unit_title=_unit_title(results, unit),
        list=listed,
        list_title=list_title(rulebook, listed),
        indicator=indicator,
        title=declared.title,
        formula=formula_in_words(typed, rulebook, "item" if typed.level is Level.GROUP else "unit"),
        with_values=Text(show(typed, "zh", values["zh"]), show(typed, "en", values["en"])),
        printed=Text("（无数据）", "(no data)") if value is None else printed(value, declared.show),
        value=value,
        numerator=_fraction(row["numerator"]),
        denominator=_fraction(row["denominator"]),
        rank=row["rank"],
        ranked_among=row["ranked_among"],
        state=row["state"],
        items=row["items"],
        missing=row["missing"],
        parts=parts,
    )


def list_title(rulebook: Rulebook, listed: str) -> Text:
    if listed == ALL:
        return Text("全部", "all")
    return rulebook.ledger.lists[listed].title if listed in rulebook.ledger.lists else Text(listed, listed)


def _unit_title(results: Results, unit: str) -> Text:
    titles = dict(zip(results.units["code"].to_pylist(), results.units["title"].to_pylist(), strict=True))
    return Text(titles.get(unit, unit), titles.get(unit, unit))


def formula_in_words(typed: Typed, rulebook: Rulebook, subject: Subject) -> Text:
    """A formula by the titles of what it names."""
    scope = rulebook.formulas.scope(subject)
    return Text(show(typed, "zh", scope=scope), show(typed, "en", scope=scope))


def _pair(num: Any, den: Any) -> Fraction | None:
    return None if num is None else Fraction(int(num), int(den))


def _fraction(value: Any) -> Fraction | None:
    return None if value is None else Fraction(int(value))


def _indicator_row(results: Results, unit: str, listed: str, indicator: str) -> dict[str, Any]:
    table = results.indicators
    same = pc.and_(pc.equal(table["unit"], unit), pc.equal(table["list"], listed))
    rows = table.filter(pc.and_(same, pc.equal(table["indicator"], indicator))).to_pylist()
    if not rows:
        raise NothingToExplain(
            f"{unit} {listed} {indicator}",
            Text("结果里没有这个数", "the results hold no such figure"),
            Text("核对单位、清单和指标的键。", "Check the keys of unit, list and indicator."),
        )
    found: dict[str, Any] = rows[0]
    return found


@dataclass(frozen=True, slots=True)
class Behind:
    """What the figure of one unit and list was made from."""

    results: Results
    rulebook: Rulebook
    history: Sequence[EarlierResults]
    unit: str
    listed: str

    def rows(self, total: Typed) -> pa.Table:
        """The items a total ran over: this round's under the unit, or the last one's that are gone."""
        if total.operation != "along":
            return _items_under(self.results, self.unit, self.listed)
        gone = departed(self._inputs())
        same = pc.and_(pc.equal(gone["unit"], self.unit), pc.equal(gone["list"], self.listed))
        return gone.filter(same)

    def stage(self) -> Stage:
        return set_stage(self._inputs(), self.rulebook, "reference")

    def _inputs(self) -> Inputs:
        one = self.results
        return Inputs(
            period=one.period, items=one.items, units=one.units, closure=one.closure, membership=one.membership,
            ledger=self.rulebook.ledger, history=self.history,
        )  # fmt: skip


def _linked(typed: Typed) -> Iterator[Typed]:
    """The totals over departed items in a formula over units."""
    if typed.operation == "along":
        yield typed
        return
    for child in typed.children:
        yield from _linked(child)


def _part(behind: Behind, asked: Typed) -> Part:
    """The items a total counted: those whose filter held and that had something to total."""
    results, rulebook = behind.results, behind.rulebook
    items = behind.rows(asked)
    total = aggregates(asked.arguments[1])[0] if asked.operation == "along" else asked
    wanted: dict[str, Typed] = {}
    if total.where is not None:
        wanted["where"] = total.where
    for number, argument in enumerate(total.arguments):
        there = Operation("not", (Operation("is_null", (argument.node,)),))
        wanted[f"there{number}"] = check(there, rulebook.formulas.item_scope)
    looks_back = any(part.operation in HISTORY for part in total.walk())
    constants = constants_of(results, rulebook)
    tables = (
        behind.stage().tables([total, *wanted.values()], items=items)
        if looks_back
        else ReferenceTables({"items": items}, constants)
    )
    kept = tables.rows("items", wanted, ["item_id"])
    columns = [kept[name].to_pylist() for name in wanted]
    ids = kept["item_id"].to_pylist()
    fields = [part.key for part in total.walk() if part.source == "column" and part.key in rulebook.ledger.fields]
    worth = tables.groups("items", [], {"value": total})["value"][0]
    return Part(
        formula=formula_in_words(asked, rulebook, "unit" if asked.operation == "along" else "item"),
        value=said(worth, total.type, show_of(rulebook, "item", fields[-1] if fields else "", total.type), rulebook),
        items=tuple(one for number, one in enumerate(ids) if all(column[number] is True for column in columns)),
        fields=tuple(dict.fromkeys(fields)),
    )


def _items_under(results: Results, unit: str, listed: str) -> pa.Table:
    """The snapshot's items of the unit and all below it that are on the list."""
    closure, membership = results.closure, results.membership
    units = closure.filter(pc.equal(closure["ancestor"], unit))["descendant"]
    ids = membership.filter(pc.equal(membership["list"], listed))["item_id"]
    items = results.items
    return items.filter(pc.and_(pc.is_in(items["unit"], units), pc.is_in(items["item_id"], ids)))


def constants_of(results: Results, rulebook: Rulebook) -> dict[str, object]:
    """What the formulas knew of that round, from its manifest."""
    names = rulebook.formulas.item_scope.constants
    return {key: read_constant(names[key], text) for key, text in results.constants.items() if key in names}


def explain_light(
    results: Results, rulebook: Rulebook, subject_id: str, dimension: str, subject: Subject = "item"
) -> LightExplanation:
    """Raises NothingToExplain when the results have no such light. `dimension` may be `overall`."""
    row = _light_row(results, subject, subject_id, dimension)
    if dimension == OVERALL:
        return _explain_overall(results, rulebook, row, subject)
    lights = rulebook.lights_of(subject)
    assert lights is not None
    declared = next(one for one in lights.dimensions if one.key == dimension)
    # Nothing was looked at where the dimension does not apply or the subject is exempt.
    bits = row["conditions"].split(" ") if row["conditions"] else []
    conditions = dict(zip((clause.id for clause in declared.clauses), bits, strict=False))
    inputs = row["inputs"]
    values = values_of(results, rulebook, subject, subject_id, lights.list)
    reasons = {
        clause.id: _reason(
            rulebook, clause, conditions[clause.id], inputs if clause.id == row["clause"] else None, values, subject
        )
        for clause in declared.clauses
        if clause.id in conditions
    }
    return LightExplanation(
        **_head(results, rulebook, row, subject),
        title=declared.title,
        fired=reasons.get(row["clause"] or ""),
        nearly=tuple(
            reasons[clause.id]
            for clause in declared.clauses
            if clause.id in reasons
            and _worse(clause.severity, row["severity"])
            and _nearly(clause, conditions[clause.id], rulebook, subject)
        ),
        undecided=tuple(reasons[clause] for clause in row["undecided"] if clause in reasons),
        missing=tuple(name_title(rulebook, subject, name) for name in row["missing"]),
        fields=dimension_fields(rulebook, subject, declared),
    )


def _head(results: Results, rulebook: Rulebook, row: Mapping[str, Any], subject: Subject) -> dict[str, Any]:
    severity = Severity(row["severity"])
    return {
        "rulebook": rulebook.title,
        "version": results.version,
        "source": rulebook.source,
        "period": str(results.period),
        "subject": subject,
        "id": row["id"],
        "dimension": row["dimension"],
        "state": row["state"],
        "severity": severity,
        "word": rulebook.word(severity),
        "before": None if row["before"] is None else Severity(row["before"]),
        "change": row["change"],
    }


def _explain_overall(
    results: Results, rulebook: Rulebook, row: Mapping[str, Any], subject: Subject
) -> LightExplanation:
    """The overall light in the words of the dimension that decided it."""
    lights = rulebook.lights_of(subject)
    assert lights is not None
    deciding = [one.key for one in lights.dimensions for clause in one.clauses if clause.id == row["clause"]]
    inner = explain_light(results, rulebook, row["id"], deciding[0], subject) if deciding else None
    titles = {one.key: one.title for one in lights.dimensions}
    return LightExplanation(
        **_head(results, rulebook, row, subject),
        title=lights.title,
        fired=inner.fired if inner else None,
        nearly=inner.nearly if inner else (),
        undecided=inner.undecided if inner else (),
        missing=tuple(titles.get(name, Text(name, name)) for name in row["missing"]),
        fields=inner.fields if inner else (),
    )


def _light_row(results: Results, subject: Subject, subject_id: str, dimension: str) -> dict[str, Any]:
    table = results.lights
    same = pc.and_(pc.equal(table["subject"], subject), pc.equal(table["id"], subject_id))
    rows = table.filter(pc.and_(same, pc.equal(table["dimension"], dimension))).to_pylist()
    if not rows:
        raise NothingToExplain(
            f"{subject_id} {dimension}",
            Text("结果里没有这盏灯", "the results hold no such light"),
            Text("核对编号和维度。", "Check the id and the dimension."),
        )
    found: dict[str, Any] = rows[0]
    return found


def _worse(severity: Severity, shown: str) -> bool:
    """Whether a clause would have shown something worse than the light does."""
    return Severity(shown) is Severity.NOT_JUDGED or Severity(shown) < severity


def _nearly(clause: Clause, bits: str, rulebook: Rulebook, subject: Subject) -> bool:
    """All conditions but one held, and that one was judged not to hold. A setting that is off is no near miss."""
    if len(bits) < 2 or bits.count("0") != 1 or "?" in bits:
        return False
    failed = conjuncts(rulebook.formulas.over(subject, clause.when))[bits.index("0")]
    return failed.level is not Level.CONSTANT


def values_of(results: Results, rulebook: Rulebook, subject: Subject, subject_id: str, listed: str) -> dict[str, Any]:
    """What the subject's names were worth: an item's fields, a unit's indicators on that list, the round's constants."""
    values: dict[str, Any] = dict(constants_of(results, rulebook))
    if subject == "item":
        rows = results.items.filter(pc.equal(results.items["item_id"], subject_id)).to_pylist()
        return values | (rows[0] if rows else {})
    table = results.indicators
    same = pc.and_(pc.equal(table["unit"], subject_id), pc.equal(table["list"], listed))
    return values | {one["indicator"]: _pair(one["num"], one["den"]) for one in table.filter(same).to_pylist()}


def _reason(
    rulebook: Rulebook,
    clause: Clause,
    bits: str,
    inputs: Sequence[str | None] | None,
    values: Mapping[str, Any],
    subject: Subject,
) -> ClauseReason:
    typed = rulebook.formulas.over(subject, clause.when)
    return ClauseReason(
        clause=clause.id,
        severity=clause.severity,
        word=rulebook.word(clause.severity),
        because=None if inputs is None else Sentences(rulebook).because(clause, inputs, subject),
        cite=clause.cite,
        conditions=tuple(
            condition_of(rulebook, part, bit, values, subject) for part, bit in zip(conjuncts(typed), bits, strict=True)
        ),
    )


def condition_of(rulebook: Rulebook, part: Typed, bit: str, values: Mapping[str, Any], subject: Subject) -> Condition:
    """A condition with a subject's values put in; `bit` is 1 (held), 0 (did not) or ? (could not be judged)."""
    inner = part.arguments[0] if part.source == "definition" else part
    zh, en = {}, {}
    for leaf in inner.walk():
        if leaf.source in ("column", "indicator", "constant") and leaf.key in values:
            words = said(
                exactly(values[leaf.key], leaf), leaf.type, show_of(rulebook, subject, leaf.key, leaf.type), rulebook
            )
            zh[leaf.key], en[leaf.key] = words.zh, words.en
    missing = [leaf.key for leaf in inner.walk() if leaf.source == "column" and values.get(leaf.key) is None]
    return Condition(
        formula=formula_in_words(part, rulebook, subject),
        with_values=Text(show(unfolded(inner), "zh", zh), show(unfolded(inner), "en", en)),
        held={"1": True, "0": False}.get(bit),
        missing=tuple(dict.fromkeys(missing)) if bit == "?" else (),
    )


def unfolded(typed: Typed) -> Expression:
    """The formula with its definitions written out."""
    node = typed.node
    if typed.source == "definition":
        return unfolded(typed.arguments[0])
    if not isinstance(node, Operation) or len(typed.arguments) != len(node.arguments):
        return node
    return Operation(
        node.name,
        tuple(unfolded(argument) for argument in typed.arguments),
        unfolded(typed.where) if typed.where else None,
        node.options,
        node.span,
    )


def exactly(value: Any, typed: Typed) -> Any:
    """A value of a table as the language holds it: numbers as fractions."""
    return Fraction(value) if typed.type.numeric and value is not None else value


def name_title(rulebook: Rulebook, subject: Subject, name: str) -> Text:
    """How a missing name is called; `history` is earlier rounds' results."""
    if name == HISTORY_NAME:
        return Text("往期结果", "earlier results")
    return rulebook.formulas.scope(subject).title(name) or Text(name, name)


def dimension_fields(rulebook: Rulebook, subject: Subject, dimension: LightDimension) -> tuple[str, ...]:
    """Ledger fields a dimension's formulas read."""
    formulas: Sequence[Any] = [clause.when for clause in dimension.clauses]
    if dimension.applies_when is not None:
        formulas = [dimension.applies_when, *formulas]
    found = [
        part.key
        for formula in formulas
        for part in rulebook.formulas.over(subject, formula).walk()
        if part.source == "column" and part.key in rulebook.ledger.fields
    ]
    return tuple(dict.fromkeys(found))
