"""The same round gives the same tables on DuckDB and on the reference, whatever is missing."""

from __future__ import annotations

import tempfile
from functools import cache
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from guatu.engine.evaluation import EarlierResults, evaluate
from guatu.engine.evaluation.stage import Engine
from guatu.engine.rulebook import Rulebook
from tests.engine.evaluation.rounds import book, round_of
from tests.engine.evaluation.test_ladders_and_points import POINTS, ladder
from tests.engine.evaluation.test_lights import SECOND

AMOUNTS = st.one_of(st.none(), st.integers(-5, 30))
ITEM = st.fixed_dictionaries(
    {
        "unit": st.sampled_from(["a", "b", "c"]),
        "lists": st.lists(st.sampled_from(["key", "free word"]), unique=True),
        "done": AMOUNTS,
        "plan": AMOUNTS,
        "is_started": st.one_of(st.none(), st.booleans()),
        "exempt_progress": st.sampled_from([None, False, True]),
    }
)
ROUND = st.lists(ITEM, max_size=6)


@cache
def rulebook() -> Rulebook:
    with tempfile.TemporaryDirectory() as folder:
        more = SECOND + POINTS.replace("OUTCOME", "group_mean") + ladder("on_recovery")
        past = ("gap > red_from", "gap > red_from and coalesce(prev(gap > red_from), true)")
        return book(Path(folder), past, more=more)


@settings(max_examples=12, deadline=None)
@given(rounds=st.lists(ROUND, min_size=1, max_size=3))
def test_rounds_one_after_another_agree_on_both_engines(rounds: list[list[dict[str, Any]]]) -> None:
    history: dict[Engine, list[EarlierResults]] = {"reference": [], "duckdb": []}
    for period, rows in zip(("2021-05", "2021-06", "2021-07"), rounds, strict=False):
        found = {}
        for engine, earlier in history.items():
            found[engine] = evaluate(round_of(period, rows, earlier), rulebook(), tables=engine)
            earlier.append(found[engine].as_earlier())
        for table in ("lights", "indicators", "points", "ladder"):
            assert getattr(found["duckdb"], table).to_pylist() == getattr(found["reference"], table).to_pylist()
