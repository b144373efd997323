"""Printing formulas: by identifier, in Chinese, in English, and with figures put in."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

from guatu.engine.expressions import CNY, NUMBER, aggregates, check, parse, show, show_value
from guatu.engine.expressions.vocabulary import FUNCTIONS, KEYWORDS
from tests.engine.expressions.scopes import SCOPE

FORMULAS = [
    "(score + 1) * 2 - -score",
    "score - (1 - score)",
    "score / (score / 2)",
    "not (started and behind) or score is not null",
    "(not started) = behind",
    "(score > 1) is null",
    "score between 1 and (2 + score)",
    "case when started then 30亿元 else ytd_done end",
    'count(where `用地(亩)` > 3亩 and industry not in ("a", "b""c"))',
    "rank(ytd_done / annual_plan, asc, within=[industry, started])",
    'streak(prev(light) = severity("lagging") or started, calendar=monthly, gap=skip)'.replace("prev(light)", "light"),
    'reached(actual_start, date("2021-08-31")) and on_list("省重点")',
    "bucket(score, [1, 2.5], side=right) + power(score, 2)",
]


@pytest.mark.parametrize("formula", FORMULAS)
@pytest.mark.parametrize("names", ["id", "zh", "en"])
def test_what_is_printed_reads_back_as_the_same_formula(formula: str, names: str) -> None:
    typed = check(parse(formula), SCOPE)

    printed = show(typed, names)  # type: ignore[arg-type]

    assert check(parse(printed), SCOPE).node == typed.node


def test_the_chinese_form_uses_titles_and_chinese_words() -> None:
    typed = check(parse("sum(ytd_done where started) / sum(annual_plan) >= expected"), SCOPE)

    assert show(typed, "zh") == "合计(年初累计完成投资 其中 已开工) / 合计(年度计划投资) >= 时序进度"
    assert show(typed, "en") == "sum(`done since January` where started) / sum(`annual plan`) >= `expected progress`"


def test_values_are_put_in_for_whole_parts() -> None:
    typed = check(parse("sum(ytd_done) / sum(annual_plan) - expected"), SCOPE)
    figures = {show(total): Fraction(1953700 * 10**6) for total in aggregates(typed)}

    assert show(typed, "zh", {**figures, "expected": "66.67%"}) == "195.37亿元 / 195.37亿元 - 66.67%"


@pytest.mark.parametrize(
    ("value", "written"),
    [(Fraction(3 * 10**11), "30亿元"), (Fraction(5 * 10**8), "500万元"), (Fraction(1), "0.01元"), (Fraction(0), "0元"),
     (Fraction(-5 * 10**8), "-500万元"), (Fraction(1, 3), "1/300元")],
)  # fmt: skip
def test_money_is_written_in_the_largest_unit_that_stays_short(value: Fraction, written: str) -> None:
    assert show_value(value, CNY) == written


def test_a_number_without_finite_decimals_is_written_as_a_fraction() -> None:
    assert show_value(Fraction(2, 3), NUMBER) == "2/3"


def test_no_word_of_the_language_means_two_things() -> None:
    written = [words.zh for words in FUNCTIONS.values()]

    assert len(set(written)) == len(written)
    assert not set(written) & set(KEYWORDS.values())


def test_every_function_is_described_in_the_reference() -> None:
    page = (Path(__file__).parents[3] / "docs/reference/expressions.md").read_text(encoding="utf-8")

    assert [name for name, words in FUNCTIONS.items() if f"`{name}" not in page or words.zh not in page] == []
