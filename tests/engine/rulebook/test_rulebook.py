"""What a loaded rulebook answers: expected progress, words and colours, its hash."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

from guatu.engine.rulebook import check_rulebook, load_rulebook
from guatu.engine.values import Severity
from guatu.standards.periods import Period
from tests.engine.rulebook.sample import LEDGER, written

POINTS = "progress: {points: [0.02, 0.05, 0.10, 0.2, 0.3, 0.45, 0.55, 0.65, 0.75, 0.85, 0.95, 1]}\n"


def test_expected_progress_is_linear_unless_a_curve_is_given(tmp_path: Path) -> None:
    straight = load_rulebook(written(tmp_path), ledger=LEDGER)
    curved = load_rulebook(written(tmp_path, ("palette:", POINTS + "palette:")), ledger=LEDGER)

    june = Period.month(2021, 6)
    assert (straight.progress.expected(june), curved.progress.expected(june)) == (Fraction(1, 2), Fraction(9, 20))


def test_progress_by_days_serves_rounds_shorter_than_a_month(tmp_path: Path) -> None:
    daily = load_rulebook(written(tmp_path, ("palette:", "progress: linear_by_days\npalette:")), ledger=LEDGER)

    assert daily.progress.expected(Period.parse("2021-03-14")) == Fraction(73, 365)


def test_a_curve_that_falls_is_refused_with_its_month(tmp_path: Path) -> None:
    path = written(tmp_path, ("palette:", POINTS.replace("0.10", "0.01") + "palette:"))

    (problem,) = check_rulebook(path, ledger=LEDGER)

    assert "month 3" in problem.in_("en")


def test_colour_is_chosen_last_so_a_red_list_may_praise(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        ("normal: {zh: 绿灯, en: green, colour: green}", "normal: {zh: 红榜, en: red list, colour: red}"),
        ("lagging: {zh: 红灯, en: red, colour: red}", "lagging: {zh: 黄榜, en: yellow list, colour: yellow}"),
    )

    rulebook = load_rulebook(path, ledger=LEDGER)

    assert (rulebook.word(Severity.NORMAL).zh, rulebook.colour(Severity.NORMAL)) == ("红榜", "red")
    assert (rulebook.word(Severity.LAGGING).zh, rulebook.colour(Severity.LAGGING)) == ("黄榜", "yellow")
    assert rulebook.word(Severity.SERIOUS) == Severity.SERIOUS.words


def test_the_hash_changes_with_a_single_figure(tmp_path: Path) -> None:
    one = load_rulebook(written(tmp_path), ledger=LEDGER)
    other = load_rulebook(written(tmp_path, ("value: 30pp", "value: 40pp")), ledger=LEDGER)

    assert one.sha256 != other.sha256
    assert one.key == other.key == "sample"
