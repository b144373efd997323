"""Indicators over units and lists: exact, with their sides, what they lacked, and honest ranks."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from guatu.engine.evaluation import InputsRefused, evaluate
from guatu.engine.evaluation.stage import Engine
from tests.engine.evaluation.rounds import book, by, round_of

ENGINES: list[Engine] = ["reference", "duckdb"]


def measured(folder: Path, rows: list[dict[str, Any]], engine: Engine = "reference", *changes: tuple[str, str]) -> Any:
    results = evaluate(round_of("2021-06", rows), book(folder, *changes), tables=engine)
    return by(results.indicators, "unit", "list", "indicator")


@pytest.mark.parametrize("engine", ENGINES)
def test_a_parent_adds_up_its_units_and_ratios_are_never_summed(tmp_path: Path, engine: Engine) -> None:
    found = measured(tmp_path, [{"unit": "a", "done": 1, "plan": 2}, {"unit": "b", "done": 1, "plan": 1}], engine)

    assert found["a", "all", "rate"]["printed"] == "50.0%"
    assert found["b", "all", "rate"]["printed"] == "100.0%"
    city = found["city", "all", "rate"]
    assert (city["value"], int(city["num"]), int(city["den"])) == ("66.666667", 2, 3)
    assert (int(city["numerator"]), int(city["denominator"])) == (2_000_000, 3_000_000)


@pytest.mark.parametrize("engine", ENGINES)
def test_an_item_on_several_lists_counts_once_in_each(tmp_path: Path, engine: Engine) -> None:
    found = measured(tmp_path, [{"lists": ["key"], "plan": 10_000}, {"lists": ["free word"], "plan": 9_999}], engine)

    counts = {listed: row["value"] for (unit, listed, key), row in found.items() if (unit, key) == ("a", "projects")}
    assert counts == {"all": "2", "key": "1", "large": "1"}


def test_what_an_item_lacked_is_counted_and_nothing_becomes_zero(tmp_path: Path) -> None:
    found = measured(tmp_path, [{"done": None, "plan": 2}, {"done": 1, "plan": 2}, {"done": 1, "plan": None}])

    rate = found["a", "all", "rate"]
    assert (rate["value"], rate["missing"], rate["items"]) == ("50", 2, 3)


def test_a_unit_that_sent_nothing_has_no_rate_and_no_rank(tmp_path: Path) -> None:
    found = measured(tmp_path, [{"unit": "a", "done": 1, "plan": 2}])

    empty = found["c", "all", "rate"]
    assert (empty["state"], empty["value"], empty["rank"], empty["comparable"]) == ("no_items", None, None, False)


def test_a_zero_denominator_is_told_apart_from_missing_data(tmp_path: Path) -> None:
    found = measured(tmp_path, [{"unit": "a", "done": 1, "plan": 0}, {"unit": "b", "done": None, "plan": None}])

    assert found["a", "all", "rate"]["state"] == "zero_denominator"
    assert found["b", "all", "rate"]["state"] == "missing"


@pytest.mark.parametrize("engine", ENGINES)
def test_equal_rates_share_a_rank_and_the_next_is_skipped(tmp_path: Path, engine: Engine) -> None:
    rows = [
        {"unit": "a", "done": 1, "plan": 3},
        {"unit": "b", "done": 2, "plan": 6},
        {"unit": "c", "done": 1, "plan": 4},
    ]

    found = measured(tmp_path, rows, engine)

    assert [found[unit, "all", "rate"]["rank"] for unit in "abc"] == [1, 1, 3]
    assert found["a", "all", "rate"]["ranked_among"] == 3


def test_too_few_items_are_shown_but_not_ranked(tmp_path: Path) -> None:
    rows = [
        {"unit": "a", "done": 1, "plan": 2},
        {"unit": "b", "done": 1, "plan": 4},
        {"unit": "b", "done": 1, "plan": 4},
    ]

    found = measured(tmp_path, rows, "reference", ("    better: higher\n", "    better: higher\n    min_items: 2\n"))

    assert (found["a", "all", "rate"]["printed"], found["a", "all", "rate"]["comparable"]) == ("50.0%", False)
    assert (found["b", "all", "rate"]["rank"], found["b", "all", "rate"]["ranked_among"]) == (1, 1)


def test_lower_can_be_better(tmp_path: Path) -> None:
    rows = [{"unit": "a", "done": 1, "plan": 2}, {"unit": "b", "done": 1, "plan": 4}]

    found = measured(tmp_path, rows, "reference", ("better: higher", "better: lower"))

    assert [found[unit, "all", "rate"]["rank"] for unit in "ab"] == [2, 1]


@pytest.mark.parametrize("engine", ENGINES)
def test_an_indicator_may_rest_on_others_of_the_parent_and_of_the_whole(tmp_path: Path, engine: Engine) -> None:
    example = "      - {kind: value, given: [], then: null}\n      - {kind: missing, given: [], then: null}\n"
    zero = "      - {kind: zero, given: [], then: null}\n"
    more = (
        "  - key: gap_to_city\n    title: {zh: 与全市差距, en: Gap to the city}\n"
        "    formula: rate - of(rate, parent)\n    show: {unit: pp, decimals: 1}\n    examples:\n" + example
        + "  - key: share\n    title: {zh: 占比, en: Share}\n    formula: projects / whole_projects\n"
        "    show: {unit: \"%\", decimals: 1}\n    when_zero: not_scored\n    examples:\n" + example + zero
    )  # fmt: skip
    rows = [
        {"unit": "a", "lists": ["key"], "done": 1, "plan": 2},
        {"unit": "a", "done": 0, "plan": 2},
        {"unit": "b", "done": 4, "plan": 4},
    ]

    found = measured(tmp_path, rows, engine, ("lights:\n", more + "lights:\n"))

    assert found["a", "all", "gap_to_city"]["printed"] == "-37.5个百分点"
    assert found["b", "all", "gap_to_city"]["printed"] == "37.5个百分点"
    assert found["city", "all", "gap_to_city"]["value"] is None
    assert found["a", "key", "share"]["printed"] == "50.0%"


def test_halves_round_up_when_printed(tmp_path: Path) -> None:
    found = measured(tmp_path, [{"done": 13, "plan": 16}])

    assert found["a", "all", "rate"]["value"] == "81.25"
    assert found["a", "all", "rate"]["printed"] == "81.3%"


def test_a_value_beyond_eighteen_digits_is_refused_by_name_rather_than_rounded(tmp_path: Path) -> None:
    examples = "examples: [{kind: value, given: [], then: null}, {kind: missing, given: [], then: null}]"
    square = f"  - {{key: square, title: {{zh: 平方, en: Square}}, formula: rate * rate, {examples}}}\n"
    again = f"  - {{key: again, title: {{zh: 再次, en: Again}}, formula: square + 1, {examples}}}\n"

    with pytest.raises(InputsRefused, match=r"square: .* needs more than 18 digits"):
        measured(
            tmp_path,
            [{"done": 900_000_001, "plan": 700_000_003}, {"done": 900_000_010, "plan": 700_000_020}],
            "reference",
            ("lights:\n", f"{square}{again}lights:\n"),
        )


def test_inputs_without_a_needed_column_are_refused(tmp_path: Path) -> None:
    inputs = round_of("2021-06", [])

    with pytest.raises(InputsRefused, match=r"items\.unit"):
        type(inputs)(
            inputs.period,
            inputs.items.drop_columns(["unit"]),
            inputs.units,
            inputs.closure,
            inputs.membership,
            inputs.ledger,
        )
