"""What lights rest on, as columns of one statement: a row's facts by dimension as a number, and what its reasons mention.

`guatu.engine.evaluation.lights.Judge` says what follows from facts. Different facts are few, however many rows there are;
a number for them (a digit each: 0 no, 1 yes, 2 unknown) is cheaper to work out and to hand over than any word.
"""

from __future__ import annotations

from collections.abc import Sequence

import pyarrow as pa
from sqlglot import exp

from guatu.engine.expressions import Kind, Typed
from guatu.engine.expressions.types import Bound
from guatu.engine.tables import sql_values as sql
from guatu.engine.tables.combinations import combinations
from guatu.engine.tables.compiler import Compiler
from guatu.engine.tables.lights import Condition, DimensionRule, Facts, Held, LightRules
from guatu.engine.tables.sources import ROW, Sources, column
from guatu.engine.tables.sql_values import Pair, Sql
from guatu.engine.values import Severity

FACTS = "#facts"
"""Where the statement of the codes reads what `facts_query` works out."""

ALIAS = "t"
"""Of the rows, however deep the SELECT."""

DIGITS = 39
"""As many facts fit one number of 64 bits."""


def facts_query(sources: Sources, table: str, rules: LightRules) -> Sql:
    """What the lights of `table` rest on, one row each: conditions, what is missing, values to be told."""
    facts = _Facts(Compiler(sources, table, ALIAS))
    facts.collect(rules)
    return facts.compiler.select({ROW: sources.row(table, ALIAS), **facts.columns})


def codes_query(rules: LightRules) -> Sql:
    """The facts of every row (see `facts_query`) as codes, and the inputs of the clause that fired, in no order.

    Nothing in it depends on the round, so that its text can be kept.
    """
    facts = sql.source(exp.Table(this=exp.to_identifier(FACTS, quoted=True)), ALIAS)
    fired = [sql.named(_fired(one), f"fired.{one.key}") for one in rules.dimensions]
    inner = sql.select([exp.Star(), *fired], facts)
    inner = sql.select([exp.Star(), *_divisors(rules)], sql.subquery(inner, ALIAS))
    columns = {ROW: _read(ROW)}
    for one in rules.dimensions:
        columns |= {_code_name(one, number): _code(part) for number, part in enumerate(_parts(one.facts))}
        columns[f"inputs.{one.key}"] = _inputs(one)
    return sql.select([sql.named(made, name) for name, made in columns.items()], sql.subquery(inner, ALIAS))


def held(answer: pa.Table, rule: DimensionRule) -> Held:
    """What the answer to `codes_query` says of one dimension."""
    parts = _parts(rule.facts)
    codes = [answer[_code_name(rule, number)].combine_chunks() for number in range(len(parts))]
    places, found = combinations(codes, answer.num_rows)
    facts = [
        tuple(fact for code, part in zip(one, parts, strict=True) for fact in _facts_of(code, len(part)))
        for one in found
    ]
    return Held(places, facts, answer[f"inputs.{rule.key}"])


def _code_name(rule: DimensionRule, number: int) -> str:
    return f"code.{rule.key}.{number}"


def _parts(facts: Sequence[str]) -> list[Sequence[str]]:
    return [facts[start : start + DIGITS] for start in range(0, len(facts), DIGITS)]


def _code(facts: Sequence[str]) -> Sql:
    code = sql.cast(sql.whole(0), "bigint")
    for name in facts:
        digit = exp.Coalesce(this=sql.cast(_read(name), "bigint"), expressions=[sql.whole(2)])
        code = sql.add(sql.times(code, 3), digit)
    return code


def _facts_of(code: int, many: int) -> Facts:
    found: list[bool | None] = []
    for _ in range(many):
        code, digit = divmod(code, 3)
        found.append((False, True, None)[digit])
    return tuple(reversed(found))


def _fired(rule: DimensionRule) -> Sql:
    """The place of the clause that fired, from 1 on; 0 where none did."""
    branches: list[tuple[Sql, Sql]] = []
    if rule.applies is not None:
        applies = _read(f"{rule.key}?")
        branches.append((sql.any_of([sql.negated(applies), sql.is_null(applies)]), sql.whole(0)))
    if rule.exempt is not None:
        branches.append((_read(f"{rule.key}~"), sql.whole(0)))
    for place, clause in enumerate(rule.clauses, 1):
        whole = sql.all_of([_read(f"{clause.id}!{number}") for number in range(len(clause.conditions))])
        branches.append((whole, sql.whole(place)))
    return sql.choose(branches, sql.whole(0)) if branches else sql.whole(0)


def _inputs(rule: DimensionRule) -> Sql:
    """The values the fired clause's reason mentions, in its order."""
    nothing = sql.cast(exp.Array(expressions=[]), "array<text>")
    told = [
        (_is(_read(f"fired.{rule.key}"), place), exp.Array(expressions=[_said(one) for one in clause.told]))
        for place, clause in enumerate(rule.clauses, 1)
        if clause.told
    ]
    return sql.choose(told, nothing) if told else nothing


def _divisors(rules: LightRules) -> list[Sql]:
    """The greatest common divisor of each number a reason tells, where a clause fired that tells it."""
    told: dict[str, list[Sql]] = {}
    for one in rules.dimensions:
        for place, clause in enumerate(one.clauses, 1):
            for typed in clause.told:
                if typed.type.numeric:
                    told.setdefault(f"={typed.key}", []).append(_is(_read(f"fired.{one.key}"), place))
    return [
        sql.named(
            sql.choose([(sql.any_of(fired), sql.call("GCD", _read(key), _read(f"{key}/")))], sql.null()), f"{key}%"
        )
        for key, fired in told.items()
    ]


def _read(key: str) -> Sql:
    return column(ALIAS, key)


class _Facts:
    """Columns worked out from the table itself, each once."""

    def __init__(self, compiler: Compiler) -> None:
        self.compiler = compiler
        self.columns: dict[str, Sql] = {}

    def collect(self, rules: LightRules) -> None:
        for one in rules.dimensions:
            if one.applies is not None:
                self._condition(f"{one.key}?", one.applies)
            if one.exempt is not None:
                self.columns[f"{one.key}~"] = self.compiler.value(one.exempt)
            for clause in one.clauses:
                for number, condition in enumerate(clause.conditions):
                    self._condition(f"{clause.id}!{number}", condition)
                for typed in clause.told:
                    self._told(typed)

    def _condition(self, name: str, condition: Condition) -> None:
        self.columns[name] = self.compiler.value(condition.when)
        for key, typed in (*condition.lack.fields.items(), *condition.lack.divisions.items()):
            if f"?{key}" not in self.columns:
                self.columns[f"?{key}"] = sql.missing(self.compiler.value(typed))

    def _told(self, typed: Typed) -> None:
        key = f"={typed.key}"
        if key in self.columns:
            return
        if not typed.type.numeric:
            self.columns[key] = self.compiler.value(typed)
            return
        number = self.compiler.number(typed)
        self.columns |= {key: number.num, f"{key}/": sql.wide(number.den_sql)}


def _said(typed: Typed) -> Sql:
    """A value as reasons keep it: a fraction in lowest terms, a day as 2021-08-31, a severity by its key."""
    value = _read(f"={typed.key}")
    if typed.type.numeric:
        return _fraction(Pair(value, _read(f"={typed.key}/")), _read(f"={typed.key}%"), typed.bound)
    if typed.type.kind is Kind.TAGS:
        ordered = sql.call("LIST_SORT", sql.call("LIST_DISTINCT", value))
        return exp.ArrayToString(this=ordered, expression=sql.text("、"))
    return _severity_word(value) if typed.type.kind is Kind.SEVERITY else _text(value)


def _text(value: Sql) -> Sql:
    return sql.cast(value, "text")


def _fraction(value: Pair, common: Sql, bound: Bound) -> Sql:
    """`3/20`, `5`, `-1/3`; null where the numerator is. `common` is the greatest common divisor."""
    above = _text(sql.truncated(value.num, common, most=bound.num, usually_small=True))
    below = _text(sql.truncated(value.den_sql, common, most=bound.den, usually_small=True))
    both = exp.DPipe(this=exp.DPipe(this=above, expression=sql.text("/")), expression=below)
    whole = sql.infix(exp.EQ, common, value.den_sql)
    return sql.choose([(sql.is_null(value.num), sql.null("text")), (whole, above)], both)


def _severity_word(rank: Sql) -> Sql:
    grades = [one for one in Severity if one.rank is not None]
    return sql.choose([(_is(rank, one.rank), sql.text(one.value)) for one in grades], sql.null("text"))


def _is(value: Sql, number: int | None) -> Sql:
    assert number is not None
    return sql.infix(exp.EQ, value, sql.whole(number))
