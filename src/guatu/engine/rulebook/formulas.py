"""What the formulas of a rulebook can see, and each formula parsed and checked once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from guatu.declarations.ledger import FieldDeclaration, FieldType, Ledger
from guatu.declarations.located import Place
from guatu.engine.expressions import Expression, ExpressionRefused, Name, Scope, Typed, check, parse
from guatu.engine.expressions.nodes import Operation
from guatu.engine.expressions.types import AREA, BOOLEAN, DATE, NUMBER, PERIOD, SEVERITY, TAGS, TEXT, Type, money
from guatu.engine.expressions.vocabulary import AGGREGATES
from guatu.engine.rulebook.model import Definition, Formula, Indicator, Lights, Parameter, Setting, Subject
from guatu.engine.tables.lights import LightRules
from guatu.text import Text

_PLAIN_TYPES = {
    FieldType.INTEGER: NUMBER,
    FieldType.NUMBER: NUMBER,
    FieldType.PERCENT: NUMBER,
    FieldType.AREA: AREA,
    FieldType.DATE: DATE,
    FieldType.FLAG: BOOLEAN,
    FieldType.TAGS: TAGS,
}
DECIMALS = {FieldType.NUMBER: 6, FieldType.PERCENT: 6}
"""Decimals a number or percentage field keeps in tables."""

INDICATOR_DIGITS = 18
"""Digits of the numerator and denominator of an indicator that other formulas use."""

PERIOD_CONSTANTS = {
    "period": Name("period", Text("本期", "this period"), PERIOD),
    "period_start": Name("period_start", Text("本期首日", "first day of the period"), DATE),
    "period_end": Name("period_end", Text("本期末日", "last day of the period"), DATE),
    "last_round": Name("last_round", Text("上一期", "last round"), PERIOD),
    "period_year": Name("period_year", Text("本期年份", "year of the period"), NUMBER, digits=4),
    "period_quarter": Name("period_quarter", Text("本期季度", "quarter of the period"), NUMBER, digits=1),
    "period_month": Name("period_month", Text("本期月份", "month of the period"), NUMBER, digits=2),
    "expected_progress": Name("expected_progress", Text("时序进度", "expected progress"), NUMBER, digits=9, ratio=9),
}
"""What every formula knows of the round: constants given by the evaluation."""

SUBJECT_COLUMNS = {
    "unit": Name("unit", Text("单位", "unit"), TEXT),
    "list": Name("list", Text("清单", "list"), TEXT),
    "parent": Name("parent", Text("上级单位", "parent unit"), TEXT),
    "peers": Name("peers", Text("同类单位", "peers"), TEXT),
}
"""Columns of the table of units; `parent` is for `of(indicator, parent)`, `peers` for `rank(…, within=peers)`."""

ENTERED = "entered"
DEPARTED = "departed"
TURNOVER_COLUMNS = {
    ENTERED: Name(ENTERED, Text("本期新进", "entered this round"), BOOLEAN),
}
"""Columns of items that tell this round's from the last one's; missing where the last round is not known."""


def departed_columns(ledger: Ledger) -> dict[str, Name]:
    """Rows of `departed`: the last round's items that are gone, under every unit above theirs and every list of theirs."""
    return {key: name for key, name in item_columns(ledger).items() if key not in ("unit", "lists")} | {
        key: SUBJECT_COLUMNS[key] for key in ("unit", "list")
    }


WHOLE = "whole_"
"""Before an indicator's key: its value for all items of the unit, whatever the list at hand."""

ITEM_COLUMNS = {
    "item_id": Name("item_id", Text("事项编号", "item id"), TEXT),
    "unit": Name("unit", Text("填报单位", "reporting unit"), TEXT),
    "name": Name("name", Text("名称", "name"), TEXT),
    "lists": Name("lists", Text("所在清单", "lists"), TAGS),
}


def column_of(declared: FieldDeclaration) -> Name:
    """The column a ledger field becomes."""
    type_ = _PLAIN_TYPES.get(declared.type, TEXT)
    if declared.type is FieldType.MONEY:
        type_ = money(declared.currency or "CNY")
    return Name(declared.key, declared.title, type_, decimals=DECIMALS.get(declared.type, 0))


def item_columns(ledger: Ledger) -> dict[str, Name]:
    return ITEM_COLUMNS | {key: column_of(declared) for key, declared in ledger.fields.items()}


def derived_lists(ledger: Ledger) -> list[tuple[str, Typed]]:
    """The lists that are worked out, each with the condition over an item that puts it there."""
    if all(declared.where is None for declared in ledger.lists.values()):
        return []
    scope = Scope(columns=item_columns(ledger))
    return [
        (key, check(parse(declared.where, declared.place), scope))
        for key, declared in ledger.lists.items()
        if declared.where is not None
    ]


def light_names(lights: Iterable[Lights], subject: Subject) -> dict[str, Name]:
    """`light` (overall) and `light_<dimension>`: this round's for ladders, earlier rounds' for history functions."""
    found = next((one for one in lights if one.subject == subject), None)
    if found is None:
        return {}
    names = {"light": Name("light", Text("亮灯", "light"), SEVERITY)}
    for one in found.dimensions:
        title = Text(f"{one.title.zh}亮灯", f"{one.title.en.lower()} light")
        names[one.column] = Name(one.column, title, SEVERITY)
    return names


def setting_name(setting: Setting) -> Name:
    """Amounts are whole 分 or parts of a 亩; plain numbers and shares have up to four decimals, 9999.9999 at most."""
    if setting.type == NUMBER:
        return Name(setting.key, setting.title, NUMBER, digits=8, decimals=4)
    return Name(setting.key, setting.title, setting.type)


def indicator_names(indicators: Iterable[Indicator]) -> dict[str, Name]:
    """Each indicator of the unit and list at hand, and with `whole_` before it of all the unit's items."""
    names: dict[str, Name] = {}
    for one in indicators:
        whole = Text(f"全部事项的{one.title.zh}", f"{one.title.en} of all items")
        names[one.key] = _indicator_name(one.key, one.title, one.type)
        names[WHOLE + one.key] = _indicator_name(WHOLE + one.key, whole, one.type)
    return names


def _indicator_name(key: str, title: Text, type_: Type) -> Name:
    return Name(key, title, type_, digits=INDICATOR_DIGITS, ratio=INDICATOR_DIGITS)


MILESTONE_COLUMNS = {
    "item_id": Name("item_id", Text("事项编号", "item id"), TEXT),
    "milestone": Name("milestone", Text("节点", "milestone"), TEXT),
    "planned": Name("planned", Text("计划日期", "planned"), DATE),
    "actual": Name("actual", Text("实际日期", "actual"), DATE),
}
"""One row per item and milestone of the ledger; what `reached("key", day)` looks in."""


def linked_tables(ledger: Ledger) -> dict[str, dict[str, Name]]:
    """What `along` may follow from an item: its milestones, and the rows each declared link finds."""
    tables = {key: linked_columns(ledger) for key in ledger.links}
    return tables | ({"milestones": MILESTONE_COLUMNS} if ledger.milestones else {})


def linked_columns(ledger: Ledger) -> dict[str, Name]:
    """The columns of linked rows: those of items without their lists; `item_id` is the item they belong to."""
    return {key: name for key, name in item_columns(ledger).items() if name.type != TAGS}


def parameter_columns(parameter: Parameter) -> dict[str, Name]:
    """The columns of a parameter's table: its keys, its value, and from when to when it holds."""
    value = Text("值", "value")
    columns = {key: Name(key, Text(key, key), TEXT) for key in parameter.by}
    if parameter.type == NUMBER:
        columns["value"] = Name("value", value, NUMBER, digits=8, decimals=4)
    else:
        columns["value"] = Name("value", value, parameter.type)
    if parameter.dated:
        columns["valid_from"] = Name("valid_from", Text("生效日", "valid from"), DATE)
        columns["valid_to"] = Name("valid_to", Text("失效日", "valid to"), DATE)
    return columns


@dataclass(frozen=True, slots=True)
class Formulas:
    """The formulas of a rulebook over items and over units, each checked once."""

    item_scope: Scope
    unit_scope: Scope
    known: dict[tuple[Subject, str, str], Typed] = field(default_factory=dict, compare=False)
    light_rules: dict[Subject, tuple[Lights, LightRules]] = field(default_factory=dict, compare=False)
    """The lights as drivers judge them, kept from the first round for the next."""

    def scope(self, subject: Subject) -> Scope:
        return self.item_scope if subject == "item" else self.unit_scope

    def over(self, subject: Subject, formula: Formula) -> Typed:
        """The checked formula over rows of that subject. Raises ExpressionRefused with its line."""
        key = (subject, formula.source, str(formula.place))
        if key not in self.known:
            self.known[key] = check(parse(formula.source, formula.place), self.scope(subject))
        return self.known[key]

    def definition(self, subject: Subject, key: str) -> Typed:
        """A definition, indicator, column or constant by its key."""
        return self.over(subject, Formula(key, NOWHERE))

    def indicator(self, formula: Formula) -> Typed:
        """An indicator: totals over items, or a formula over other indicators of the same unit and list."""
        node = parse(formula.source, formula.place)
        return self.over("item" if _totals(node) else "unit", formula)


def _totals(node: Expression) -> bool:
    """Whether a formula totals its own rows; what stands inside `along` totals another table's."""
    if not isinstance(node, Operation):
        return False
    if node.name == "along":
        return False
    return node.name in AGGREGATES or any(map(_totals, node.arguments))


NOWHERE = Place("formula", 1)


def formulas_of(
    ledger: Ledger,
    settings: Mapping[str, Setting],
    parameters: Mapping[str, Parameter],
    definitions: Mapping[str, Definition],
    indicators: Mapping[str, Indicator],
    lights: Sequence[Lights],
) -> Formulas:
    """The two scopes of a rulebook. Definitions that cannot be read are left out; checking reports them."""
    constants = PERIOD_CONSTANTS | {key: setting_name(setting) for key, setting in settings.items()}
    nodes: dict[Subject, dict[str, Expression]] = {"item": {}, "unit": {}}
    for key, definition in definitions.items():
        with suppress(ExpressionRefused):
            nodes[definition.over][key] = parse(definition.formula.source, definition.formula.place)
    tables = {key: parameter_columns(parameter) for key, parameter in parameters.items()}
    titles = {key: definition.title for key, definition in definitions.items()}
    return Formulas(
        item_scope=Scope(
            columns=TURNOVER_COLUMNS | item_columns(ledger),
            tables=tables | linked_tables(ledger),
            constants=constants,
            definitions=nodes["item"],
            indicators=light_names(lights, "item"),
            titles=titles,
        ),
        unit_scope=Scope(
            columns=SUBJECT_COLUMNS,
            tables=tables | {DEPARTED: departed_columns(ledger)},
            constants=constants,
            definitions=nodes["unit"],
            indicators=indicator_names(indicators.values()) | light_names(lights, "unit"),
            titles=titles,
        ),
    )
