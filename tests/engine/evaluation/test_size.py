"""What lets evaluation grow: numbers for lists, and no more of the past than rules look at."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pyarrow as pa
import pytest

from guatu.engine.evaluation import EarlierResults, evaluate
from guatu.engine.evaluation import lists as lists_module
from guatu.engine.evaluation.lists import LISTING, code_lists
from guatu.engine.evaluation.past import looked_at
from guatu.engine.evaluation.results import Kept
from tests.engine.evaluation.rounds import book, round_of
from tests.engine.evaluation.test_lights import SECOND


class Watched(Kept):
    """Remembers which columns were read of it."""

    def __init__(self, held: pa.Table) -> None:
        super().__init__(held)
        self.seen: list[Sequence[str] | None] = []

    def read(self, columns: Sequence[str] | None = None, **among: Sequence[str]) -> pa.Table:
        self.seen.append(columns)
        return super().read(columns, **among)


def watched(results: EarlierResults) -> tuple[EarlierResults, Watched, Watched]:
    items, lights = Watched(results.items.read()), Watched(results.lights.read())
    kept = EarlierResults(
        results.period,
        results.rulebook,
        results.version,
        results.constants,
        items,
        lights,
        results.indicators,
        results.ladder,
    )
    return kept, items, lights


def test_only_the_rounds_and_columns_that_rules_look_back_at_are_read(tmp_path: Path) -> None:
    rulebook = book(tmp_path, more=SECOND)
    row = {"done": 50, "plan": 100, "is_started": False}
    rounds = [watched(evaluate(round_of(period, [row]), rulebook).as_earlier()) for period in ("2021-03", "2021-05")]

    results = evaluate(round_of("2021-06", [row], [kept for kept, _, _ in rounds]), rulebook)

    (_, far_items, far_lights), (_, near_items, near_lights) = rounds
    assert (far_items.seen, far_lights.seen) == ([], [])
    assert [sorted(columns or ()) for columns in near_items.seen] == [["is_started", "item_id", "unit"]]
    assert near_lights.seen == [("id", "dimension", "severity")]
    assert {one["missing"][0] for one in results.lights.to_pylist() if one["dimension"] == "start"} == {"history"}


@pytest.mark.parametrize(
    ("formula", "period", "periods"),
    [
        ("gap > red_from", "2021-06", frozenset()),
        ("prev(gap > red_from)", "2021-06", {"2021-05"}),
        ("prev(gap > red_from, 2)", "2021-03", {"2020-12"}),
        ("running(3, not is_started)", "2021-02", {"2020-12", "2020-11"}),
        ("running(3, not is_started)", "2021-01", frozenset()),
        ("same_period_last_year(is_started)", "2021-06", {"2020-06"}),
        ("to_cumulative(done) > 0元", "2021-04", {"2021-02", "2021-03"}),
        ("streak(not is_started) >= 2", "2021-06", None),
    ],
)
def test_a_formula_says_which_rounds_it_needs(
    tmp_path: Path, formula: str, period: str, periods: set[str] | None
) -> None:
    rulebook = book(tmp_path, ("gap > red_from", f"gap > red_from and ({formula})"))
    (lights,) = rulebook.lights
    when = rulebook.formulas.over("item", lights.dimensions[0].clauses[0].when)

    found = looked_at([when], period)
    assert (found.always is None) == (periods is not None)
    assert {one for one, _ in found.by_period} == (periods or set())


def test_of_each_round_is_read_what_is_looked_at_there(tmp_path: Path) -> None:
    looking = 'running(3, not is_started) and coalesce(prev(light_progress) = severity("lagging"), true)'
    rulebook = book(tmp_path, ("gap > red_from", f"gap > red_from and {looking}"))
    row = {"done": 50, "plan": 100, "is_started": False}
    rounds = [watched(evaluate(round_of(period, [row]), rulebook).as_earlier()) for period in ("2021-04", "2021-05")]

    results = evaluate(round_of("2021-06", [row], [kept for kept, _, _ in rounds]), rulebook)

    (_, far_items, far_lights), (_, _, near_lights) = rounds
    assert [sorted(columns or ()) for columns in far_items.seen] == [["is_started", "item_id", "unit"]]
    assert (far_lights.seen, len(near_lights.seen)) == ([], 2)  # the second time for what changed since
    assert [one["conditions"][:3] for one in results.lights.to_pylist() if one["dimension"] == "progress"] == ["010"]


@pytest.mark.parametrize("few", [60, 0])
def test_items_on_the_same_lists_have_one_number(few: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lists_module, "FEW", few)
    tags = [["key", "free word"], None, ["key"], []]
    items = pa.table({"item_id": ["a", "b", "c", "d"], "lists": pa.array(tags, pa.list_(pa.string()))})
    membership = pa.table(
        {"item_id": ["a", "b", "c", "d", "d", "d"], "list": ["all", "all", "all", "all", "key", "key"]}
    )

    coded = code_lists(items, membership)

    assert coded.items["lists"].to_pylist() == [["free word", "key"], [], ["key"], ["key"]]
    of_code: dict[int, list[str]] = {}
    for row in coded.listing.to_pylist():
        of_code.setdefault(row["code"], []).append(row["list"])
    assert [of_code[code] for code in coded.items[LISTING].to_pylist()] == [["all"], ["all"], ["all"], ["all", "key"]]
