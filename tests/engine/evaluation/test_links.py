"""Rows of one ledger that belong to others of it: found by equal fields, totalled once, alike on both engines."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guatu.declarations import Ledger, load_pack
from guatu.declarations.entries import DeclarationRefused
from guatu.engine.evaluation.links import linked_rows
from guatu.engine.evaluation.lists import with_fields
from guatu.engine.expressions import Scope, check, parse, show
from guatu.engine.rulebook.formulas import item_columns, linked_tables
from guatu.engine.tables import DuckdbTables, ReferenceTables, Subject, fractions

PACK = """\
pack: budget
title: {zh: 预算, en: Budget}
version: "1"
effective_from: "2021-01-01"
source: {zh: 测试, en: For tests}
"""
LEDGER = """\
ledger: lines
title: {zh: 预算行, en: Budget lines}
item: {zh: 行, en: line}
fields:
  - {key: name, title: {zh: 名称, en: Name}, type: text}
  - {key: part_of, title: {zh: 属于, en: Part of}, type: text}
  - {key: amount, title: {zh: 金额, en: Amount}, type: money, currency: CNY}
links:
  - {key: parts, title: {zh: 各部分, en: parts}, same: {name: part_of}}
"""


def ledger(folder: Path, text: str = LEDGER) -> Ledger:
    home = folder / "budget"
    home.mkdir()
    (home / "pack.yaml").write_text(PACK, encoding="utf-8")
    (home / "ledger.yaml").write_text(text, encoding="utf-8")
    return load_pack(home).ledger


@pytest.fixture(scope="module")
def lines(tmp_path_factory: pytest.TempPathFactory) -> Ledger:
    return ledger(tmp_path_factory.mktemp("links"))


def table(declared: Ledger, rows: list[tuple[str | None, str | None, int | None]]) -> pa.Table:
    items = pa.table(
        {
            "item_id": pa.array([f"i{number}" for number in range(len(rows))], pa.string()),
            "unit": pa.array(["u"] * len(rows), pa.string()),
            "lists": pa.array([[] for _ in rows], pa.list_(pa.string())),
            "name": pa.array([row[0] for row in rows], pa.string()),
            "part_of": pa.array([row[1] for row in rows], pa.string()),
            "amount": pa.array([row[2] for row in rows], pa.int64()),
        }
    )
    return with_fields(items, declared)


def totals(declared: Ledger, items: pa.Table, driver: type[ReferenceTables] | type[DuckdbTables]) -> list[object]:
    """What each row's parts come to."""
    formula = 'along("parts", sum(amount))'
    typed = check(parse(formula), Scope(columns=item_columns(declared), tables=linked_tables(declared)))
    given = {"items": items, "parts": linked_rows(items, declared.links["parts"], declared)}
    subjects = {"items": Subject(("item_id",), "items_history")}
    answer = driver(given, {}, subjects).rows("items", {"total": typed}, keep=["item_id"]).sort_by("item_id")
    return list(fractions(answer, "total"))


def test_a_whole_finds_its_parts_and_a_part_finds_none(lines: Ledger) -> None:
    items = table(lines, [("all", None, 100), ("a", "all", 60), ("b", "all", 40), ("c", "b", 5)])

    assert totals(lines, items, ReferenceTables) == [100, None, 5, None]


def test_blank_fields_link_nothing(lines: Ledger) -> None:
    items = table(lines, [(None, None, 1), ("a", None, 2)])

    assert linked_rows(items, lines.links["parts"], lines).num_rows == 0


names = st.none() | st.sampled_from(["a", "b", "c"])


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(names, names, st.none() | st.integers(-1000, 1000)), min_size=1, max_size=8))
def test_both_engines_total_over_the_same_rows(
    lines: Ledger, rows: list[tuple[str | None, str | None, int | None]]
) -> None:
    items = table(lines, rows)
    by_hand = []
    for name, _, _ in rows:
        parts = [amount for _, part_of, amount in rows if part_of == name and name is not None and amount is not None]
        by_hand.append(sum(parts) if parts else None)

    assert totals(lines, items, ReferenceTables) == by_hand
    assert totals(lines, items, DuckdbTables) == by_hand


def test_a_formula_with_values_keeps_the_names_of_what_runs_over_linked_rows(lines: Ledger) -> None:
    """The item's own amount is no part's: it is put in outside `along`, never inside."""
    scope = Scope(columns=item_columns(lines), tables=linked_tables(lines))
    typed = check(parse('along("parts", sum(amount)) > amount'), scope)

    assert show(typed, values={"amount": "100元"}) == 'along("parts", sum(amount)) > 100元'


def test_a_link_over_fields_nobody_declares_is_refused_by_line(tmp_path: Path) -> None:
    with pytest.raises(DeclarationRefused) as refused:
        ledger(tmp_path, LEDGER.replace("{name: part_of}", "{name: part}"))

    assert "ledger.yaml:9" in refused.value.in_("en") and "'part'" in refused.value.in_("en")
