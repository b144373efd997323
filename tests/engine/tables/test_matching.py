"""Started but not in statistics, policies and the firms they fit: pairs and rows without a partner."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import pytest

from guatu.engine.expressions import NUMBER, TEXT, Name, check, parse
from guatu.engine.tables import DuckdbTables, ReferenceTables, TablesRefused, matching
from guatu.engine.tables.matching import REASONS, pair_scope, pairs, unmatched
from guatu.text import Text

CODE_THEN_CREDIT_AND_NAME = [[("code", "project_code")], [("credit", "credit_code"), ("name", "name")]]


def ledger(*rows: tuple[str | None, str | None, str]) -> pa.Table:
    return pa.table(
        {key: pa.array([row[i] for row in rows], pa.string()) for i, key in enumerate(("code", "credit", "name"))}
    )


def statistics(*rows: tuple[str | None, str | None, str]) -> pa.Table:
    return ledger(*rows).rename_columns(["project_code", "credit_code", "name"])


def test_started_projects_missing_from_statistics_are_listed() -> None:
    started = ledger(("c1", "u1", "一期"), ("c2", "u1", "二期"), (None, "u3", "三期"))
    entered = statistics(("c1", "u1", "一期 旧名"), (None, "u3", "三期"), ("c9", "u9", "别处"))

    found = unmatched(started, entered, CODE_THEN_CREDIT_AND_NAME).to_pylist()

    assert found == [
        {"side": "left", "row": 1, "reason": "no_partner", "candidates": []},
        {"side": "right", "row": 2, "reason": "no_partner", "candidates": []},
    ]


def test_several_partners_and_missing_keys_are_left_to_a_person() -> None:
    started = ledger(("c1", "u1", "甲"), (None, None, "乙"))
    entered = statistics(("c1", "u1", "甲"), ("c1", "u2", "丙"))

    found = unmatched(started, entered, CODE_THEN_CREDIT_AND_NAME).to_pylist()

    # The stronger key is ambiguous, but credit code and name settle the first pair.
    assert found == [
        {"side": "left", "row": 1, "reason": "key_missing", "candidates": []},
        {"side": "right", "row": 1, "reason": "several_partners", "candidates": [0]},
    ]
    assert {row["reason"] for row in found} <= set(REASONS)


POLICIES = {
    "least_staff": Name("least_staff", Text("最低人数", "least staff"), NUMBER, digits=4),
    "industry": Name("industry", Text("产业", "industry"), TEXT),
}
FIRMS = {
    "staff": Name("staff", Text("人数", "staff"), NUMBER, digits=4),
    "industry": Name("industry", Text("产业", "industry"), TEXT),
}


@pytest.mark.parametrize("driver", [ReferenceTables, DuckdbTables])
def test_policies_meet_firms_that_fit_or_may_fit(driver: Any) -> None:
    tables = {
        "policy": pa.table({"least_staff": [10, None], "industry": ["a", "b"]}),
        "firm": pa.table({"staff": [10, 9, None], "industry": ["a", "a", "b"]}),
    }
    condition = check(
        parse("firm_industry = policy_industry and firm_staff >= policy_least_staff"),
        pair_scope("policy", POLICIES, "firm", FIRMS),
    )

    found = pairs(driver, tables, {}, "policy", "firm", condition).to_pylist()

    assert found == [
        {"left_row": 0, "right_row": 0, "holds": True, "undecided": []},
        {"left_row": 1, "right_row": 2, "holds": None, "undecided": ["firm_staff >= policy_least_staff"]},
    ]


def test_too_many_pairs_ask_for_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(matching, "MOST_PAIRS", 3)
    tables = {name: pa.table({"staff": [1, 2], "industry": ["a", "b"]}) for name in ("policy", "firm")}
    condition = check(parse("firm_staff > 1"), pair_scope("policy", POLICIES, "firm", FIRMS))

    with pytest.raises(TablesRefused, match="4 pairs to compare"):
        pairs(ReferenceTables, tables, {}, "policy", "firm", condition)

    assert (
        pairs(ReferenceTables, tables, {}, "policy", "firm", condition, keys=[("industry", "industry")]).num_rows == 1
    )
