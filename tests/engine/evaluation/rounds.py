"""Small rounds to evaluate: items written as they read, units of a small tree."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa

from guatu.engine.evaluation import EarlierResults, Inputs, derive_lists
from guatu.engine.rulebook import Rulebook, load_rulebook
from guatu.standards.periods import Period
from tests.engine.rulebook.sample import LEDGER, written

WAN = 1_000_000
"""分 in one 万元."""

COLUMNS = {
    "item_id": pa.string(),
    "unit": pa.string(),
    "name": pa.string(),
    "lists": pa.list_(pa.string()),
    "done": pa.int64(),
    "plan": pa.int64(),
    "is_started": pa.bool_(),
    "exempt_progress": pa.bool_(),
}
TREE = {"city": None, "a": "city", "b": "city", "c": "city"}


def book(folder: Path, *changes: tuple[str, str], more: str = "") -> Rulebook:
    """The sample rulebook with changes, and with more at its end."""
    path = written(folder, *changes)
    path.write_text(path.read_text(encoding="utf-8") + more, encoding="utf-8")
    return load_rulebook(path, ledger=LEDGER)


def items(rows: Sequence[Mapping[str, Any]]) -> pa.Table:
    """Items of unit a unless they say otherwise; amounts in 万元."""
    made = [
        {
            "item_id": f"i{number}",
            "unit": "a",
            "lists": [],
            **row,
            **{key: row[key] * WAN for key in ("done", "plan") if row.get(key) is not None},
        }
        for number, row in enumerate(rows, 1)
    ]
    return pa.table({key: pa.array([row.get(key) for row in made], kind) for key, kind in COLUMNS.items()})


def round_of(
    period: str,
    rows: Sequence[Mapping[str, Any]],
    history: Sequence[EarlierResults] = (),
    tree: Mapping[str, str | None] = TREE,
) -> Inputs:
    closure = []
    for code in tree:
        ancestor: str | None = code
        while ancestor is not None:
            closure.append({"ancestor": ancestor, "descendant": code})
            ancestor = tree[ancestor]
    table = items(rows)
    units = [{"code": code, "title": code.upper(), "parent": parent, "peers": None} for code, parent in tree.items()]
    text = pa.string()
    return Inputs(
        period=Period.parse(period),
        items=table,
        units=pa.Table.from_pylist(units, pa.schema([(key, text) for key in ("code", "title", "parent", "peers")])),
        closure=pa.Table.from_pylist(closure),
        membership=derive_lists(table, LEDGER),
        ledger=LEDGER,
        history=tuple(history),
    )


def by(table: pa.Table, *keys: str) -> dict[Any, dict[str, Any]]:
    """Rows by one or more of their columns."""
    rows = table.to_pylist()
    return {row[keys[0]] if len(keys) == 1 else tuple(row[key] for key in keys): row for row in rows}
