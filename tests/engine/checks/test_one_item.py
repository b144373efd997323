"""Checks of one item at once: exactly what the round's run finds, and nothing heavy loaded for it."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guatu.declarations import Ledger, load_pack
from guatu.engine.checks import CheckBook, check_item, earlier_round, example_rows, load_book, run_checks
from guatu.engine.tables.plain import Plain
from tests.engine.checks.test_running import AUGUST, FIELDS, HERE, JULY


@pytest.fixture(scope="module")
def ledger() -> Ledger:
    return load_pack("key_projects").ledger


@pytest.fixture(scope="module")
def book(ledger: Ledger) -> CheckBook:
    return load_book(ledger)


project = st.fixed_dictionaries(FIELDS)


@settings(max_examples=60, deadline=None)
@given(now=project, before=st.none() | project)
def test_one_item_at_once_is_asked_what_the_round_asks(
    ledger: Ledger, book: CheckBook, now: dict[str, Any], before: dict[str, Any] | None
) -> None:
    items = example_rows(ledger, [now], HERE)
    earlier = example_rows(ledger, [before], HERE) if before is not None else None

    by_round = run_checks(
        book, items, AUGUST, [earlier_round(earlier, JULY)] if earlier is not None else [], "reference"
    )
    at_once = check_item(
        book, items.to_pylist()[0], AUGUST, {JULY: earlier.to_pylist()[0]} if earlier is not None else {}
    )

    assert at_once == by_round


def test_a_check_that_looks_at_other_items_is_left_to_the_round(tmp_path: Any) -> None:
    ledger = load_pack(_pack(tmp_path)).ledger
    book = load_book(ledger)
    item: dict[str, Plain] = {"item_id": "1", "unit": "u", "lists": [], "name": "桥", "done": 5, "due": None}

    fired = check_item(book, item, AUGUST, {})

    assert [one.check.declared.key for one in fired] == ["too_much", "on_big"]


def test_checking_one_item_loads_no_engine() -> None:
    program = "import sys, guatu.engine.checks.one_item; print([name for name in sys.argv[1:] if name in sys.modules])"

    loaded = subprocess.run(
        [sys.executable, "-c", program, "pyarrow", "duckdb", "sqlglot", "pyspark"],
        capture_output=True,
        text=True,
        check=True,
    )

    assert loaded.stdout.strip() == "[]"


def _pack(folder: Any) -> Any:
    (folder / "pack.yaml").write_text(
        'pack: a\ntitle: {zh: 甲, en: A}\nversion: "1"\neffective_from: "2020-01-01"\nsource: {zh: 测试, en: test}\n',
        "utf-8",
    )
    (folder / "ledger.yaml").write_text(
        """
ledger: a
title: {zh: 甲, en: A}
item: {zh: 件, en: thing}
identity: [[name]]
fields:
  - {key: name, title: {zh: 名称, en: Name}, type: text, required: true}
  - {key: done, title: {zh: 完成, en: Done}, type: integer, measure: done, basis: month}
  - {key: due, title: {zh: 应完, en: Due}, type: date}
lists:
  - {key: big, title: {zh: 大, en: Big}, where: done > 3}
""",
        "utf-8",
    )
    check = """
  - key: {key}
    title: {{zh: 查, en: Check}}
    grade: question
    field: done
    when: {when}
    reason: {{zh: "{{this}}", en: "{{this}}"}}
    remedy: {{zh: 改, en: Correct it}}
    cite: {{zh: 测试, en: test}}
    examples:
      - {{kind: firing, given: {{done: 5}}, then: fires}}
      - {{kind: boundary, given: {{done: 4}}, then: fires}}
      - {{kind: quiet, given: {{done: 3}}, then: quiet}}
      - {{kind: missing, given: {{done: null}}, then: quiet}}
"""
    formulas = {"too_much": "done > 3", "on_big": 'on_list("big")', "first": "rank(done) = 1"}
    rows = "".join(check.format(key=key, when=when) for key, when in formulas.items())
    (folder / "checks.yaml").write_text(
        f'checks: a\neffective_from: "2000-01-01"\nsource: {{zh: 测试, en: test}}\nrows:{rows}', "utf-8"
    )
    return folder
