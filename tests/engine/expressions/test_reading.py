"""Reading formulas: precedence, literals, both languages, and where messages point."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guatu.declarations.located import Place
from guatu.engine.expressions import (
    ExpressionRefused,
    Literal,
    Operation,
    Reference,
    Type,
    parse,
    referenced_names,
    show,
)
from guatu.engine.expressions.types import AREA, CNY, DATE, NUMBER, TEXT, Kind
from guatu.text import Refusal


@pytest.mark.parametrize(
    ("source", "same_as"),
    [
        ("a + b * c", "a + (b * c)"),
        ("a - b - c", "(a - b) - c"),
        ("-a * b", "(-a) * b"),
        ("a or b and not c", "a or (b and (not c))"),
        ("not a = b", "not (a = b)"),
        ("a + 1 < b and c", "((a + 1) < b) and c"),
        ("a between 1 and 2 and b", "(a between 1 and 2) and b"),
        ("a is not null", "not (a is null)"),
        ("a not in (1, 2)", "not (a in (1, 2))"),
        ("a ≥ 1 且 b ≠ 2", "a >= 1 and b != 2"),
        ("（a＋b）×c÷d", "(a + b) * c / d"),
        ("情形 当 a 则 1 否则 2 终", "case when a then 1 else 2 end"),
        ("a 介于 1 与 2", "a between 1 and 2"),
        ("a 不为空 且 b 不属于 (1、2)", "a is not null and b not in (1, 2)"),
        ("合计(a 其中 b)", "sum(a where b)"),
        ("连续期数(a, 缺期=跳过)", "streak(a, gap=skip)"),
        ("rank(a, asc)", "rank(a, order=asc)"),
        ("case when a then b end", "case when a then b else null end"),
    ],
)
def test_one_formula_can_be_written_in_several_ways(source: str, same_as: str) -> None:
    assert parse(source) == parse(same_as)


@pytest.mark.parametrize(
    ("source", "value", "type_"),
    [
        ("30亿元", Fraction(30 * 10**8 * 100), CNY),
        ("500万元", Fraction(500 * 10**4 * 100), CNY),
        ("0.01元", Fraction(1), CNY),
        ("10万美元", Fraction(10**5 * 100), Type(Kind.MONEY, "USD")),
        ("50%", Fraction(1, 2), NUMBER),
        ("10pp", Fraction(1, 10), NUMBER),
        ("10个百分点", Fraction(1, 10), NUMBER),
        ("3亩", Fraction(3 * 10**6), AREA),
        ("1500平方米", Fraction(1500 * 1500), AREA),
        ("2公顷", Fraction(30 * 10**6), AREA),
        ("0.1", Fraction(1, 10), NUMBER),
        ("1_000", Fraction(1000), NUMBER),
        ('date("2021-08-31")', date(2021, 8, 31), DATE),
        ("日期(“2021-08-31”)", date(2021, 8, 31), DATE),
        ('"他说""好"""', '他说"好"', TEXT),
    ],
)
def test_a_literal_is_exact_and_knows_its_unit(source: str, value: object, type_: Type) -> None:
    assert parse(source) == Literal(value, type_)  # type: ignore[arg-type]


def test_a_name_with_signs_stands_in_backticks() -> None:
    assert parse("`1-8月累计` + a") == Operation("add", (Reference("1-8月累计"), Reference("a")))


def test_the_names_a_formula_mentions_are_known() -> None:
    assert referenced_names(parse("sum(a where b > c) / count(where 已开工)")) == {"a", "b", "c", "已开工"}


@pytest.mark.parametrize(
    ("source", "where", "what"),
    [
        ("a + ", "rules.yaml:14:5", "not the end"),
        ("a b", "rules.yaml:14:3", "'b'"),
        ("a < b < c", "rules.yaml:14:7", "chained"),
        ("summ(a)", "rules.yaml:14:1", "there is no function 'summ'"),
        ("a > 30亿元以上", "rules.yaml:14:7", "unknown unit"),
        ('a = "x', "rules.yaml:14:5", "never closed"),
        ("a ; b", "rules.yaml:14:3", "';'"),
        ("streak(a, gap=often)", "rules.yaml:14:15", "'gap' cannot be 'often'"),
        ("rank(a, desc, desc)", "rules.yaml:14:1", "written twice"),
        ('date("2021-02-30")', "rules.yaml:14:6", "is not a date"),
        ('severity("red")', "rules.yaml:14:10", "is not a severity"),
        ("a +\nb +", "rules.yaml:16:4", "not the end"),
    ],
)
def test_what_cannot_be_read_is_refused_with_file_line_and_column(source: str, where: str, what: str) -> None:
    with pytest.raises(ExpressionRefused) as refused:
        parse(source, Place("rules.yaml", 14))

    assert refused.value.where == where
    assert what in refused.value.what.en
    assert refused.value.remedy.zh and refused.value.remedy.en


def test_a_misspelt_function_is_answered_with_the_nearest_one() -> None:
    with pytest.raises(ExpressionRefused, match="Did you mean 'median'"):
        parse("medain(a)")


@pytest.mark.parametrize(
    "source",
    ["(" * 500 + "a", "-" * 500 + "a", "not " * 500 + "a", "case when " * 100, "a" * 30_000, "a + " * 200 + "a"],
)
def test_a_formula_meant_to_exhaust_the_reader_is_refused(source: str) -> None:
    with pytest.raises(ExpressionRefused):
        parse(source)


@given(st.text(alphabet="ab1 .+-*/()<>=,[]\"'`且或合计其中亿元%", max_size=40))
def test_whatever_is_typed_is_read_or_refused_and_prints_back(source: str) -> None:
    try:
        node = parse(source)
    except Refusal as refusal:
        assert refusal.what.zh and refusal.remedy.zh
    else:
        assert parse(show(node)) == node
