"""Severity and Rate: small values that refuse nonsense."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest

from guatu.engine.values import Rate, Severity


def test_severities_are_ordered_from_normal_to_lagging() -> None:
    found = sorted([Severity.LAGGING, Severity.NORMAL, Severity.SERIOUS, Severity.NOTICE, Severity.ATTENTION])

    assert [severity.value for severity in found] == ["normal", "notice", "attention", "serious", "lagging"]


def test_not_judged_compares_with_nothing() -> None:
    with pytest.raises(TypeError):
        _ = Severity.NOT_JUDGED < Severity.LAGGING


def test_the_worst_is_taken_of_those_judged() -> None:
    assert Severity.worst([Severity.NORMAL, Severity.NOT_JUDGED, Severity.ATTENTION]) is Severity.ATTENTION
    assert Severity.worst([Severity.NOT_JUDGED]) is Severity.NOT_JUDGED
    assert Severity.worst([]) is Severity.NOT_JUDGED


def test_every_severity_has_words_in_both_languages_and_a_mark() -> None:
    for severity in Severity:
        assert severity.words.zh and severity.words.en and severity.glyph


def test_a_rank_gives_its_severity_back() -> None:
    assert [Severity.of_rank(severity.rank) for severity in Severity] == list(Severity)


def test_a_rate_is_printed_half_up_but_compared_exactly() -> None:
    rate = Rate(Fraction(78), Fraction(96))

    assert rate.percent(1) == "81.3%"
    assert rate.rounded(4) == Decimal("0.8125")
    assert Rate(Fraction(1), Fraction(3)) < Rate(Fraction(33334), Fraction(100000))


def test_the_gap_between_rates_is_in_percentage_points() -> None:
    assert Rate(Fraction(74), Fraction(100)).points_from(Rate(Fraction(8), Fraction(12)), 2) == Decimal("7.33")


def test_a_rate_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="missing rate is None"):
        Rate(Fraction(0), Fraction(0))
