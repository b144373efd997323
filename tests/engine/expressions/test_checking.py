"""Checking formulas: names, types, levels and digits, each refusal with its remedy."""

from __future__ import annotations

import pytest

from guatu.declarations.located import Place
from guatu.engine.expressions import (
    ExpressionRefused,
    Level,
    Name,
    Scope,
    Typed,
    aggregates,
    check,
    conjuncts,
    numerator_and_denominator,
    parse,
    show,
)
from guatu.engine.expressions.types import AREA, BOOLEAN, CNY, NUMBER, PERIOD, Kind, Type
from guatu.text import Text
from tests.engine.expressions.scopes import COLUMNS, SCOPE


def checked(formula: str, scope: Scope = SCOPE) -> Typed:
    return check(parse(formula, Place("rules.yaml", 14)), scope)


@pytest.mark.parametrize(
    ("formula", "type_", "level"),
    [
        ("ytd_done / annual_plan", NUMBER, Level.ROW),
        ("ytd_done * 50%", CNY, Level.ROW),
        ("ytd_done / land", Type(Kind.MONEY_PER_AREA, "CNY"), Level.ROW),
        ("ytd_done / land >= 30万元 / 1亩", BOOLEAN, Level.ROW),
        ("ytd_done / (30万元 / 1亩)", AREA, Level.ROW),
        ("sum(ytd_done) / sum(annual_plan)", NUMBER, Level.GROUP),
        ("sum(ytd_done) - expected * sum(annual_plan)", CNY, Level.GROUP),
        ("coalesce(ytd_done, 0)", CNY, Level.ROW),
        ("expected - 10pp", NUMBER, Level.CONSTANT),
        ("start_rate - of(start_rate, industry)", NUMBER, Level.SUBJECT),
        ('prev(light) = severity("lagging")', BOOLEAN, Level.SUBJECT),
        ("count(where behind)", NUMBER, Level.GROUP),
        ("period_of(actual_start)", PERIOD, Level.ROW),
        ('quantity(score, "万美元") + foreign', Type(Kind.MONEY, "USD"), Level.ROW),
        ("年初累计完成投资 / 年度计划投资 < 时序进度", BOOLEAN, Level.ROW),
        ("case when started then null else ytd_done end", CNY, Level.ROW),
    ],
)
def test_a_formula_has_a_type_and_a_level(formula: str, type_: Type, level: Level) -> None:
    typed = checked(formula)

    assert (typed.type, typed.level) == (type_, level)


@pytest.mark.parametrize(
    ("formula", "where", "what"),
    [
        ("ytd_done + land", "rules.yaml:14:10", "money (CNY) and an area do not mix"),
        ("ytd_done + foreign", "rules.yaml:14:10", "do not mix"),
        ("ytd_done * annual_plan", "rules.yaml:14:10", "is not multiplied by"),
        ("ytd_done / foreign", "rules.yaml:14:10", "is not divided by"),
        ("ytd_done > 500", "rules.yaml:14:10", "do not mix"),
        ("ytd_done and started", "rules.yaml:14:1", "true or false is needed"),
        ("started < true", "rules.yaml:14:9", "not compared like this"),
        ("lists = lists", "rules.yaml:14:7", "not compared like this"),
        ("sum(ytd_done) + annual_plan", "rules.yaml:14:17", "mixed with a single row's 'annual_plan'"),
        ("sum(sum(ytd_done))", "rules.yaml:14:5", "inside a total"),
        ("sum(ytd_done / annual_plan)", "rules.yaml:14:14", "not totalled"),
        ("median(ytd_done / annual_plan)", "rules.yaml:14:17", "not totalled"),
        ("abs(ytd_done where started)", "rules.yaml:14:1", "takes no 'where'"),
        ("count(started)", "rules.yaml:14:1", "where it is false"),
        ("share(ytd_done)", "rules.yaml:14:1", "needs a 'where'"),
        ("round(score, score)", "rules.yaml:14:14", "whole number"),
        ("score / 0", "rules.yaml:14:9", "divides by 0"),
        ("abs(score, 1)", "rules.yaml:14:1", "takes 1 arguments, not 2"),
        ("bucket(score, [2, 1])", "rules.yaml:14:15", "go up"),
        ("add_days(actual_start, score)", "rules.yaml:14:24", "whole number"),
        ('along("parcels", count())', "rules.yaml:14:7", "no such linked table"),
        ('param("standards", industry)', "rules.yaml:14:1", "no parameter table"),
        ('reached("start", round_end)', "rules.yaml:14:1", "no milestones table"),
        ("prev(rank(score))", "rules.yaml:14:6", "no totals, ranks or history"),
        ("streak(prev(started))", "rules.yaml:14:8", "no totals, ranks or history"),
        ("cut(score, quotas=[50%, 20%])", "rules.yaml:14:1", "adds up to 100%"),
        ('in_unit(ytd_done, "亩")', "rules.yaml:14:1", "is not told in"),
        ("root(score, 2, 2)", "rules.yaml:14:1", "not for single rows"),
        ("running(0, started)", "rules.yaml:14:9", "at least 1"),
    ],
)
def test_what_makes_no_sense_is_refused_where_it_stands(formula: str, where: str, what: str) -> None:
    with pytest.raises(ExpressionRefused) as refused:
        checked(formula)

    assert refused.value.where == where
    assert what in refused.value.what.en
    assert refused.value.remedy.zh and refused.value.remedy.en


def test_a_misspelt_name_is_answered_with_the_nearest_one() -> None:
    with pytest.raises(ExpressionRefused) as refused:
        checked("sum(ytd_dne)")

    assert str(refused.value) == "rules.yaml:14:5: unknown name 'ytd_dne'\nDid you mean 'ytd_done' (年初累计完成投资)?"


def test_a_title_two_columns_share_is_refused() -> None:
    twin = Name("ytd_paid", COLUMNS["ytd_done"].title, CNY)

    with pytest.raises(ExpressionRefused, match="may mean ytd_done, ytd_paid"):
        checked("年初累计完成投资", Scope(columns={**COLUMNS, "ytd_paid": twin}))


def test_definitions_that_go_in_a_circle_are_refused() -> None:
    scope = Scope(columns=COLUMNS, definitions={"a": parse("b + 1"), "b": parse("a * 2")})

    with pytest.raises(ExpressionRefused, match="a → b → a"):
        checked("a > 0", scope)


def test_a_definition_is_put_in_but_printed_by_its_name() -> None:
    typed = checked("behind and started")

    assert show(typed) == "behind and started"
    assert show(typed, "zh") == "落后时序 且 已开工"
    assert {node.key for node in typed.walk() if node.key} >= {"ytd_done", "annual_plan", "expected"}


def test_a_product_that_could_pass_38_digits_is_refused() -> None:
    wide = {key: Name(key, Text(key, key), NUMBER, digits=13) for key in "abc"}

    assert checked("a * b", Scope(columns=wide)).digits == 26
    with pytest.raises(ExpressionRefused, match="39 digits; 38 is the most"):
        checked("a * b * c", Scope(columns=wide))


def test_digits_follow_the_arithmetic() -> None:
    columns = {"x": Name("x", Text("x", "x"), NUMBER, digits=4, decimals=2)}

    assert checked("x", Scope(columns=columns)).bound.num == 9999
    assert checked("x + x", Scope(columns=columns)).bound.num == 2 * 9999
    assert checked("round(x, 0)", Scope(columns=columns)).bound.num == 100
    assert checked("x * 0.5", Scope(columns=columns)).bound.den == 200


def test_the_conditions_of_a_clause_are_found_through_definitions() -> None:
    found = conjuncts(checked("idle and (started or behind)"))

    assert [show(condition) for condition in found] == ["not started", "behind", "started or behind"]


def test_the_totals_of_a_formula_are_found_once_each() -> None:
    found = aggregates(checked("sum(ytd_done) / sum(annual_plan) - sum(ytd_done) / sum(annual_plan where started)"))

    assert [show(total) for total in found] == ["sum(ytd_done)", "sum(annual_plan)", "sum(annual_plan where started)"]


def test_a_share_has_its_two_sides() -> None:
    parts = numerator_and_denominator(checked("share(ytd_done where started)"))

    assert parts is not None
    assert [show(part) for part in parts] == ["coalesce(sum(ytd_done where started), 0)", "sum(ytd_done)"]
    assert numerator_and_denominator(checked("sum(ytd_done) + 0")) is None


def test_definitions_stacked_too_high_are_refused() -> None:
    stacked = {f"d{level}": parse(f"d{level + 1} + score") for level in range(60)} | {"d60": parse("score")}

    with pytest.raises(ExpressionRefused, match="depend on each other"):
        checked("d0 > 1", Scope(columns=COLUMNS, definitions=stacked))
    assert checked("d30 > 1", Scope(columns=COLUMNS, definitions=stacked)).type == BOOLEAN
