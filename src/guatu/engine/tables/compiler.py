"""Typed formulas to SQL: one SELECT over one table, with the joins its formulas need."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from sqlglot import exp

from guatu.engine.expressions import Expression, Kind, Level, Type, Typed
from guatu.engine.expressions.vocabulary import AGGREGATES, HISTORY, UNITS, WINDOWS
from guatu.engine.tables import sql_dates as dates
from guatu.engine.tables import sql_history, sql_links, sql_places
from guatu.engine.tables import sql_values as sql
from guatu.engine.tables.evaluator import CALENDAR_DAY, Evaluator
from guatu.engine.tables.sources import Sources, column
from guatu.engine.tables.sql_values import Compiled, Pair, Sql, constant


@dataclass(slots=True)
class Step:
    """Queries to join and columns to name, side by side."""

    columns: dict[str, Sql] = field(default_factory=dict)
    joins: list[tuple[Sql, str, Sql]] = field(default_factory=list)


LARGEST = 40
"""Nodes an expression may have before it is given a column of its own.

Exact arithmetic mentions its operands several times; without this a formula nested n deep would grow
like 2^n.
"""

Read = Callable[[str], Sql]
"""The column of a joined query by its name there."""


class Compiler:
    """Compiles formulas over `table` under `alias`, collecting the steps they need.

    A step joins queries and names intermediate columns, all worked out from the steps before it.
    `past` and `given` are as for the Evaluator: a history table's own columns come before constants;
    totals are already columns.
    """

    def __init__(
        self,
        sources: Sources,
        table: str,
        alias: str,
        *,
        past: bool = False,
        given: Mapping[Expression, Compiled] | None = None,
    ) -> None:
        self.sources = sources
        self.table = table
        self.alias = alias
        self._past = past
        self._given = given or {}
        self._steps: list[Step] = []
        self._step_of: dict[str, int] = {}
        self._done: dict[int, tuple[Typed, Compiled]] = {}
        self._definitions: dict[str, Compiled] = {}
        self._joined: dict[str, str] = {}

    def over(self, table: str, alias: str, *, past: bool = False) -> Compiler:
        """A compiler for a query inside this one."""
        return Compiler(self.sources, table, alias, past=past)

    def finished(self, typed: Typed, given: Mapping[Expression, Compiled]) -> Compiled:
        """A formula over totals that are already columns here."""
        finisher = copy(self)
        finisher._given, finisher._done, finisher._definitions = given, {}, {}
        return finisher.value(typed)

    # SELECT

    def select(self, columns: Mapping[str, Sql]) -> Sql:
        """SELECT these columns FROM the table after all steps."""
        origin = sql.source(self.sources.table(self.table), self.alias)
        for step in self._steps:
            everything = exp.Column(this=exp.Star(), table=exp.to_identifier(self.alias, quoted=True))
            named = [sql.named(value, name) for name, value in step.columns.items()]
            query = sql.select([everything, *named], origin)
            for source, alias, condition in step.joins:
                joined = sql.source(source, alias)
                query = query.join(joined, on=condition, join_type="left", copy=False)
            origin = sql.subquery(query, self.alias)
        return sql.select([sql.named(value, name) for name, value in columns.items()], origin)

    def _step_after(self, expressions: Sequence[Sql]) -> tuple[Step, int]:
        """The first step in which everything these expressions mention is there."""
        mentioned = (part.name for one in expressions for part in one.find_all(exp.Column))
        level = max((self._step_of[name] + 1 for name in mentioned if name in self._step_of), default=0)
        while len(self._steps) <= level:
            self._steps.append(Step())
        return self._steps[level], level

    def _named(self, value: Sql) -> Sql:
        step, level = self._step_after([value])
        name = f"+{len(self._step_of)}"
        step.columns[name] = value
        self._step_of[name] = level
        return column(self.alias, name)

    def bound(self, value: Compiled) -> Compiled:
        """The same value, as a column if it has grown large."""
        if isinstance(value, Pair):
            den = value.den if value.fixed else self.bound(value.den)
            return Pair(self.bound(value.num), den)
        large = sum(1 for _ in zip(range(LARGEST), value.walk(), strict=False)) == LARGEST
        return self._named(value) if large else value

    def join_query(self, query: Sql, outputs: Sequence[str], on: Callable[[str], Sql]) -> Read:
        """LEFT JOIN a query (once, however often it is asked for)."""
        text = query.sql("duckdb") + on("?").sql("duckdb")
        if text not in self._joined:
            name = f"{self.alias}{len(self._joined) + 1}"
            step, level = self._step_after([on("?")])
            step.joins.append((query.subquery(copy=False), name, on(name)))
            for output in outputs:
                step.columns[f"{name}.{output}"] = column(name, output)
                self._step_of[f"{name}.{output}"] = level
            self._joined[text] = name
        prefix = self._joined[text]
        return lambda output: column(self.alias, f"{prefix}.{output}")

    # formulas

    def value(self, typed: Typed) -> Compiled:
        found = self._done.get(id(typed))
        if found is None:
            found = self._done[id(typed)] = (typed, self.bound(self._compile(typed)))
        return found[1]

    def number(self, typed: Typed) -> Pair:
        value = self.value(typed)
        return value if isinstance(value, Pair) else Pair(sql.null(), 1)

    def as_type(self, typed: Typed, type_: Type) -> Compiled:
        """A part as the type of the whole: null fits everywhere."""
        if typed.type.kind is Kind.NULL:
            return constant(None, type_)
        return self.value(typed)

    def known(self, typed: Typed) -> bool:
        """Whether the value is the same for every row and known now."""
        return typed.level is Level.CONSTANT and not (
            self._past
            and any(n.source == "constant" and self.sources.store.has(self.table, n.key) for n in typed.walk())
        )

    def known_value(self, typed: Typed) -> Any:
        [value] = Evaluator(self.sources.store, self.table, 1).values(typed)
        return value

    def _compile(self, typed: Typed) -> Compiled:
        if typed.operation != "list" and self.known(typed):
            return constant(self.known_value(typed), typed.type)
        if typed.source == "definition":
            if typed.key not in self._definitions:
                self._definitions[typed.key] = self.value(typed.arguments[0])
            return self._definitions[typed.key]
        if typed.source is not None:
            assert typed.name is not None
            if self._past and not self.sources.store.has_column(self.table, typed.name):
                return constant(None, typed.type)
            return self.sources.declared(self.table, self.alias, typed.name)
        return self._operation(typed)

    def _operation(self, typed: Typed) -> Compiled:
        name = typed.operation
        if name in AGGREGATES:
            return self._given[typed.node]
        if name in HISTORY:
            return sql_history.history(self, typed)
        if name in WINDOWS:
            return sql_places.window(self, typed)
        if name == "along":
            return sql_links.along(self, typed)
        if name == "param":
            return sql_links.param(self, typed)
        return OPERATIONS[name](self, typed)


def _numbers(compiler: Compiler, typed: Typed) -> list[Pair]:
    return [compiler.number(argument) for argument in typed.arguments]


def _common_type(parts: Sequence[Typed]) -> Type:
    zero_or_null = [p for p in parts if p.type.kind is Kind.NULL or (p.is_literal and p.value == 0)]
    rest = [part for part in parts if part not in zero_or_null]
    return (rest or list(parts))[0].type


def _same(compiler: Compiler, parts: Sequence[Typed]) -> list[Compiled]:
    type_ = _common_type(parts)
    return [compiler.as_type(part, type_) for part in parts]


def _divide(compiler: Compiler, typed: Typed) -> Pair:
    left, right = typed.arguments
    if compiler.known(right):
        return sql.divided_by(compiler.number(left), compiler.known_value(right))
    return sql.divided(compiler.number(left), compiler.number(right))


def _compare(compiler: Compiler, typed: Typed) -> Sql:
    return sql.compared(typed.operation, *_same(compiler, typed.arguments))


def _between(compiler: Compiler, typed: Typed) -> Sql:
    value, low, high = _same(compiler, typed.arguments)
    return sql.all_of([sql.compared("ge", value, low), sql.compared("le", value, high)])


def _in(compiler: Compiler, typed: Typed) -> Sql:
    value, *items = _same(compiler, typed.arguments)
    return sql.any_of([sql.compared("eq", value, item) for item in items])


def _conditions(compiler: Compiler, parts: Sequence[Typed]) -> list[Sql]:
    boolean = Type(Kind.BOOLEAN)
    return [compiler.as_type(part, boolean) for part in parts]


def _case(compiler: Compiler, typed: Typed) -> Compiled:
    conditions = _conditions(compiler, typed.arguments[:-1:2])
    values = [compiler.as_type(part, typed.type) for part in (*typed.arguments[1:-1:2], typed.arguments[-1])]
    return sql.chosen(list(zip(conditions, values[:-1], strict=True)), values[-1])


def _typed_parts(compiler: Compiler, typed: Typed) -> list[Compiled]:
    return [compiler.as_type(part, typed.type) for part in typed.arguments]


def _nullif(compiler: Compiler, typed: Typed) -> Compiled:
    value, other = _same(compiler, typed.arguments)
    same = sql.compared("eq", value, other)
    return sql.chosen([(same, constant(None, typed.type))], value)


def _round(compiler: Compiler, typed: Typed) -> Pair:
    decimals = int(str(typed.arguments[1].value)) if len(typed.arguments) == 2 else 0
    value = typed.arguments[0]
    return sql.rounded(compiler.number(value), decimals, typed.operation, value.bound.num)


def _bucket(compiler: Compiler, typed: Typed) -> Pair:
    passed = "ge" if typed.word("side", "left") == "left" else "gt"
    value, *edges = _same(compiler, (typed.arguments[0], *typed.arguments[1].arguments))
    steps = [sql.choose([(sql.compared(passed, value, edge), sql.whole(1))], sql.whole(0)) for edge in edges]
    total = sql.whole(0)
    for step in steps:
        total = sql.add(total, step)
    return Pair(sql.choose([(sql.all_of([sql.there(part) for part in (value, *edges)]), total)], sql.null()), 1)


def _at_least(compiler: Compiler, typed: Typed) -> Sql:
    least = sql.whole(int(str(typed.arguments[0].value)))
    held = open_ = sql.whole(0)
    for condition in _conditions(compiler, typed.arguments[1:]):
        held = sql.add(held, sql.choose([(condition, sql.whole(1))], sql.whole(0)))
        open_ = sql.add(open_, sql.choose([(sql.is_null(condition), sql.whole(1))], sql.whole(0)))
    enough = sql.infix(exp.GTE, held, least)
    possible = sql.infix(exp.GTE, sql.add(held, open_), least)
    return sql.choose([(enough, exp.true()), (possible, sql.null("boolean"))], exp.false())


def _measured(compiler: Compiler, typed: Typed) -> Pair:
    _, parts = UNITS.get(str(typed.arguments[1].value), (None, Fraction(1)))
    factor = parts if typed.operation == "quantity" else 1 / parts
    return sql.multiplied(compiler.number(typed.arguments[0]), sql.literal(factor))


def _is_period(typed: Typed) -> bool:
    return typed.arguments[0].type.kind is Kind.PERIOD


def _dates(compiler: Compiler, typed: Typed) -> list[Sql]:
    day = Type(Kind.DATE)
    return [compiler.as_type(part, day) for part in typed.arguments]


def _date_part(compiler: Compiler, typed: Typed) -> Pair:
    value = compiler.as_type(typed.arguments[0], Type(Kind.DATE))
    return dates.date_part(typed.operation, value, period=_is_period(typed))


def _moved(compiler: Compiler, typed: Typed) -> Sql:
    value = compiler.as_type(typed.arguments[0], Type(Kind.DATE))
    move = dates.add_days if typed.operation == "add_days" else dates.add_months
    return move(value, compiler.number(typed.arguments[1]).num)


def _working_days(compiler: Compiler, typed: Typed) -> Pair:
    counts = []
    for value in _dates(compiler, typed):
        source = sql.source(compiler.sources.table("calendar"), "c")
        calendar_day = compiler.sources.declared("calendar", "c", CALENDAR_DAY)
        number = compiler.sources.plain("calendar", "c", "working_day_number")
        calendar = sql.select([sql.named(calendar_day, "day"), sql.named(number, "number")], source)

        def on(alias: str, value: Sql = value) -> Sql:
            return sql.infix(exp.EQ, column(alias, "day"), value)

        read = compiler.join_query(calendar, ("number",), on)
        counts.append(sql.wide(read("number")))
    return Pair(sql.subtract(counts[1], counts[0]), 1)


def _text_test(compiler: Compiler, typed: Typed) -> Sql:
    value, part = (compiler.as_type(argument, Type(Kind.TEXT)) for argument in typed.arguments)
    if typed.operation == "matches":
        return dates.matches(value, str(typed.arguments[1].value))
    return dates.text_test(typed.operation, value, part)


def _tag_test(compiler: Compiler, typed: Typed) -> Sql:
    tags = compiler.as_type(typed.arguments[0], Type(Kind.TAGS))
    wanted = [str(argument.value) for argument in typed.arguments[1:]]
    return dates.tag_test(tags, wanted, every=typed.operation == "has_all")


def _reached(compiler: Compiler, typed: Typed) -> Sql:
    if len(typed.arguments) == 1:
        return compiler.value(typed.arguments[0])
    day, as_of = _dates(compiler, typed)
    held = sql.choose([(sql.infix(exp.LTE, day, as_of), exp.true())], exp.false())
    return sql.choose([(sql.is_there(as_of), held)], sql.null("boolean"))


def _stage(compiler: Compiler, typed: Typed) -> Pair:
    links = _conditions(compiler, typed.arguments)
    reached = [(links[i], sql.whole(i + 1)) for i in reversed(range(len(links)))]
    known = sql.any_of([sql.is_there(link) for link in links])
    return Pair(sql.choose([*reached, (known, sql.whole(0))], sql.null()), 1)


OPERATIONS: dict[str, Callable[[Compiler, Typed], Compiled]] = {
    "add": lambda c, t: sql.plus(*_numbers(c, t)),
    "subtract": lambda c, t: sql.minus(*_numbers(c, t)),
    "multiply": lambda c, t: sql.multiplied(*_numbers(c, t)),
    "divide": _divide,
    "negate": lambda c, t: sql.negative(*_numbers(c, t)),
    "abs": lambda c, t: sql.magnitude(*_numbers(c, t)),
    "power": lambda c, t: sql.power(c.number(t.arguments[0]), int(str(t.arguments[1].value))),
    **dict.fromkeys(("eq", "ne", "lt", "le", "gt", "ge"), _compare),
    "between": _between,
    "in": _in,
    "and": lambda c, t: sql.all_of(_conditions(c, t.arguments)),
    "or": lambda c, t: sql.any_of(_conditions(c, t.arguments)),
    "not": lambda c, t: sql.negated(_conditions(c, t.arguments)[0]),
    "is_null": lambda c, t: sql.missing(c.value(t.arguments[0])),
    "case": _case,
    "coalesce": lambda c, t: sql.first_there(_typed_parts(c, t)),
    "nullif": _nullif,
    "min_of": lambda c, t: sql.extreme(_typed_parts(c, t), "lt"),
    "max_of": lambda c, t: sql.extreme(_typed_parts(c, t), "gt"),
    **dict.fromkeys(("round", "floor", "ceil"), _round),
    "bucket": _bucket,
    "at_least": _at_least,
    "quantity": _measured,
    "in_unit": _measured,
    **dict.fromkeys(("year", "quarter", "month", "day"), _date_part),
    "add_days": _moved,
    "add_months": _moved,
    "days_between": lambda c, t: Pair(dates.days_between(*_dates(c, t)), 1),
    "months_between": lambda c, t: Pair(dates.months_between(*_dates(c, t)), 1),
    "working_days_between": _working_days,
    "end_of_month": lambda c, t: dates.end_of_month(c.value(t.arguments[0]), period=_is_period(t)),
    "period_of": lambda c, t: dates.period_of(c.value(t.arguments[0])),
    **dict.fromkeys(("starts_with", "ends_with", "contains", "matches"), _text_test),
    **dict.fromkeys(("on_list", "has_any", "has_all"), _tag_test),
    "reached": _reached,
    "stage": _stage,
}
