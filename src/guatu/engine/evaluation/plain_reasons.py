"""Reasons as plain data: what explains every light and figure of a round to whoever reads it without the engine.

A rulebook's clauses become sentences with places for values (`⟦name⟧`), told once for a round; each item then keeps its own
values and the bits of its conditions. Put together they say what `explain_light` says. JSON can hold all of it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pyarrow as pa

from guatu.engine.evaluation.explaining import (
    Behind,
    constants_of,
    dimension_fields,
    exactly,
    formula_in_words,
    list_title,
    name_title,
    unfolded,
)
from guatu.engine.evaluation.lights import HISTORY_NAME
from guatu.engine.evaluation.results import EarlierResults, Results
from guatu.engine.evaluation.saying import printed_parts, said, show_of, usual_show
from guatu.engine.expressions import (
    Level,
    Operation,
    Typed,
    aggregates,
    check,
    conjuncts,
    numerator_and_denominator,
    show,
)
from guatu.engine.expressions.vocabulary import HISTORY
from guatu.engine.rulebook.methods import METHODS
from guatu.engine.rulebook.model import Clause, Indicator, LightDimension, PointsItem, Rulebook, Show
from guatu.engine.tables import ReferenceTables
from guatu.engine.values import Severity
from guatu.text import Text

Plain = dict[str, Any]
Said = list[str] | str
"""A saying: `[zh, en]`, or one text where both are the same."""


def plain(text: Text) -> Said:
    return text.zh if text.zh == text.en else [text.zh, text.en]


def book_of(results: Results, rulebook: Rulebook) -> Plain:
    """What holds of the whole round: words, clauses, names, constants, indicators and the totals inside them."""
    lights = rulebook.lights_of("item")
    dimensions = lights.dimensions if lights is not None else ()
    units = rulebook.lights_of("unit")
    parts = parts_of(rulebook)
    return {
        "source": plain(rulebook.source),
        "title": plain(lights.title) if lights is not None else "",
        "words": {one.value: plain(rulebook.word(one)) for one in Severity},
        "dimensions": [_dimension(rulebook, one) for one in dimensions],
        "unit_dimensions": {one.key: plain(one.title) for one in (units.dimensions if units is not None else ())},
        "names": {name: plain(name_title(rulebook, "item", name)) for name in (*_names(rulebook, parts), HISTORY_NAME)},
        "constants": _constants(results, rulebook),
        "indicators": {key: _indicator(rulebook, one, parts) for key, one in rulebook.indicators.items()},
        "points": _points(rulebook),
        "parts": [{"formula": plain(part.formula), "fields": list(part.fields)} for part in parts],
        "lists": {key: plain(list_title(rulebook, key)) for key in sorted(set(results.indicators["list"].to_pylist()))},
    }


def _points(rulebook: Rulebook) -> Plain:
    """The scheme by which units earn points: what each matter is scored by, and the indicators it looks at; blank without one."""
    scheme = rulebook.points
    if scheme is None:
        return {}
    return {
        "title": plain(scheme.title),
        "list": scheme.list,
        "dimensions": [
            {
                "key": one.key,
                "title": plain(one.title),
                "items": [_matter(rulebook, item) for item in one.items],
            }
            for one in scheme.dimensions
        ],
        "vetoes": [
            {
                "title": plain(one.title),
                "when": plain(formula_in_words(rulebook.formulas.over("unit", one.when), rulebook, "unit")),
                "cite": plain(one.cite),
            }
            for one in scheme.vetoes
        ],
    }


def _matter(rulebook: Rulebook, item: PointsItem) -> Plain:
    value = rulebook.formulas.over("unit", item.value) if item.value is not None else None
    leaves = [] if value is None else [part.key for part in value.walk() if part.source == "indicator"]
    return {
        "key": item.key,
        "title": plain(item.title),
        "method": plain(METHODS[item.method].title),
        "value": plain(formula_in_words(value, rulebook, "unit")) if value is not None else "",
        "indicators": list(dict.fromkeys(leaves)),
        "cite": plain(item.cite),
    }


def _dimension(rulebook: Rulebook, one: LightDimension) -> Plain:
    return {
        "key": one.key,
        "title": plain(one.title),
        "clauses": [_clause(rulebook, clause) for clause in one.clauses],
        "fields": list(dimension_fields(rulebook, "item", one)),
    }


def _clause(rulebook: Rulebook, clause: Clause) -> Plain:
    return {
        "id": clause.id,
        "severity": clause.severity.value,
        "cite": plain(clause.cite),
        "conditions": [_condition(rulebook, part) for part in conjuncts(rulebook.formulas.over("item", clause.when))],
    }


def _condition(rulebook: Rulebook, part: Typed) -> Plain:
    """A condition in words, and again with a place for each value that may be put in."""
    inner = _inside(part)
    places = {leaf.key: place(leaf.key) for leaf in inner.walk() if leaf.source in ("column", "constant")}
    written = unfolded(inner)
    titled = rulebook.formulas.scope("item")
    return {
        "formula": plain(formula_in_words(part, rulebook, "item")),
        "with_values": plain(Text(show(written, "zh", places, titled), show(written, "en", places, titled))),
        "missing": list(dict.fromkeys(leaf.key for leaf in inner.walk() if leaf.source == "column")),
        "constant": part.level is Level.CONSTANT,
    }


def place(name: str) -> str:
    return f"⟦{name}⟧"


def _inside(part: Typed) -> Typed:
    return part.arguments[0] if part.source == "definition" else part


def _constants(results: Results, rulebook: Rulebook) -> Plain:
    names = rulebook.formulas.item_scope.constants
    return {
        key: plain(said(value, names[key].type, show_of(rulebook, "item", key, names[key].type), rulebook))
        for key, value in constants_of(results, rulebook).items()
    }


class CountedPart:
    """A total inside indicators' formulas over items, and the ledger fields it rests on."""

    def __init__(self, rulebook: Rulebook, total: Typed) -> None:
        self.total = total
        self.formula = formula_in_words(total, rulebook, "item")
        keys = (part.key for part in total.walk() if part.source == "column" and part.key in rulebook.ledger.fields)
        self.fields = tuple(dict.fromkeys(keys))


def parts_of(rulebook: Rulebook) -> list[CountedPart]:
    """Every total over items that some indicator is made of, each once, in the rulebook's order."""
    found: dict[Any, Typed] = {}
    for one in rulebook.indicators.values():
        typed = rulebook.formulas.indicator(one.formula)
        if typed.level is Level.GROUP:
            for side in numerator_and_denominator(typed) or (typed,):
                found.update({total.node: total for total in aggregates(side)})
    return [CountedPart(rulebook, total) for total in found.values()]


def _indicator(rulebook: Rulebook, one: Indicator, parts: Sequence[CountedPart]) -> Plain:
    """How it is read and printed; which totals make its two sides, or which indicators it is made of."""
    typed = rulebook.formulas.indicator(one.formula)
    grouped = typed.level is Level.GROUP
    numbers = {part.total.node: number for number, part in enumerate(parts)}
    sides = numerator_and_denominator(typed)

    def counted(side: Typed) -> list[int]:
        return [numbers[total.node] for total in aggregates(side)] if grouped else []

    return {
        "title": plain(one.title),
        "formula": plain(formula_in_words(typed, rulebook, "item" if grouped else "unit")),
        "cite": plain(one.cite) if one.cite is not None else "",
        "better": one.better,
        "min_items": one.min_items,
        "show": _printing(one.show),
        "sides": [_printing(usual_show(side.type)) for side in sides or ()],
        "numerator": counted(sides[0]) if sides is not None else counted(typed),
        "denominator": counted(sides[1]) if sides is not None else [],
        "made_of": list(dict.fromkeys(part.key for part in typed.walk() if part.source == "indicator")),
    }


def _printing(show_as: Show) -> Plain:
    """What a reader multiplies and divides an exact value by, and the words behind it."""
    many, one, unit, decimals = printed_parts(show_as)
    return {"many": many, "one": one, "unit": plain(unit), "decimals": decimals}


def _names(rulebook: Rulebook, parts: Sequence[CountedPart]) -> dict[str, Typed]:
    """Columns of items whose values some reason puts in."""
    found: dict[str, Typed] = {}
    lights = rulebook.lights_of("item")
    for dimension in lights.dimensions if lights is not None else ():
        for clause in dimension.clauses:
            for leaf in rulebook.formulas.over("item", clause.when).walk():
                if leaf.source == "column":
                    found.setdefault(leaf.key, leaf)
    for part in parts:
        found |= {leaf.key: leaf for leaf in part.total.walk() if leaf.source == "column" and leaf.key not in found}
    return found


def values_said(results: Results, rulebook: Rulebook) -> dict[str, dict[str, Said]]:
    """item_id -> name -> the value in words, for every name a reason may mention; one that is missing is left out."""
    found: dict[str, dict[str, Said]] = {item: {} for item in results.items["item_id"].to_pylist()}
    ids = list(found)
    for name, leaf in _names(rulebook, parts_of(rulebook)).items():
        if name not in results.items.column_names:
            continue
        show_as = show_of(rulebook, "item", name, leaf.type)
        known: dict[Any, Said] = {}
        for item, value in zip(ids, results.items[name].to_pylist(), strict=True):
            if value is None or isinstance(value, list):
                continue
            if value not in known:
                known[value] = plain(said(exactly(value, leaf), leaf.type, show_as, rulebook))
            found[item][name] = known[value]
    return found


def items_counted(
    results: Results, rulebook: Rulebook, history: Sequence[EarlierResults] = ()
) -> Iterator[tuple[int, list[str]]]:
    """Of each of `parts_of`, its number and the items that count in it: its filter holds and there is something to total."""
    constants = constants_of(results, rulebook)
    for number, part in enumerate(parts_of(rulebook)):
        wanted: dict[str, Typed] = {}
        if part.total.where is not None:
            wanted["where"] = part.total.where
        for at, argument in enumerate(part.total.arguments):
            there = Operation("not", (Operation("is_null", (argument.node,)),))
            wanted[f"there{at}"] = check(there, rulebook.formulas.item_scope)
        yield number, _holding(results, rulebook, history, wanted, constants)


def _holding(
    results: Results,
    rulebook: Rulebook,
    history: Sequence[EarlierResults],
    wanted: Mapping[str, Typed],
    constants: Mapping[str, object],
) -> list[str]:
    items: pa.Table = results.items
    if not wanted:
        found: list[str] = items["item_id"].to_pylist()
        return found
    looks_back = any(part.operation in HISTORY for typed in wanted.values() for part in typed.walk())
    behind = Behind(results, rulebook, history, "", "")
    tables = (
        behind.stage().tables(wanted.values(), items=items)
        if looks_back
        else ReferenceTables({"items": items}, constants)
    )
    kept = tables.rows("items", wanted, ["item_id"])
    columns = [kept[name].to_pylist() for name in wanted]
    return [
        item
        for item, *held in zip(kept["item_id"].to_pylist(), *columns, strict=True)
        if all(one is True for one in held)
    ]
