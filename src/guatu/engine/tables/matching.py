"""Two tables side by side: pairs that meet a condition, and rows without a partner. A person confirms them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any, Protocol

import pyarrow as pa

from guatu.engine.expressions import Name, Scope, Typed, conjuncts, show
from guatu.engine.tables.dimension import Subject, TablesRefused, missing_table
from guatu.text import Text

MOST_PAIRS = 2_000_000
"""Pairs looked at in one question; more asks for keys that narrow them down."""

Keys = Sequence[tuple[str, str]]
"""Columns that must be equal: (left, right)."""

REASONS = {
    "no_partner": Text("对方没有相同的键", "the other side has no row with these keys"),
    "key_missing": Text("键不全，无法核对", "its keys are not filled in, so it cannot be compared"),
    "several_partners": Text(
        "对方有多行相同，需人工认定", "several rows of the other side agree; a person must decide"
    ),
}


class Driver(Protocol):
    """Any class of tables: ReferenceTables, DuckdbTables."""

    def __call__(
        self,
        tables: Mapping[str, pa.Table],
        constants: Mapping[str, object],
        subjects: Mapping[str, Subject] | None = None,
    ) -> Rows: ...


class Rows(Protocol):
    def rows(self, table: str, wanted: Mapping[str, Typed], keep: Sequence[str] = ()) -> pa.Table: ...


def pair_scope(
    left: str,
    left_columns: Mapping[str, Name],
    right: str,
    right_columns: Mapping[str, Name],
    constants: Mapping[str, Name] | None = None,
) -> Scope:
    """The names of a condition over pairs: `policy_least_staff`, `firm_staff` for tables policy and firm."""
    columns = {
        f"{side}_{key}": Name(f"{side}_{key}", name.title, name.type, name.digits, name.decimals, name.ratio)
        for side, names in ((left, left_columns), (right, right_columns))
        for key, name in names.items()
    }
    return Scope(columns=columns, constants=constants or {})


def pairs(
    driver: Driver,
    tables: Mapping[str, pa.Table],
    constants: Mapping[str, object],
    left: str,
    right: str,
    condition: Typed,
    keys: Keys = (),
) -> pa.Table:
    """Pairs of rows for which the condition holds or may hold, in order of left, then right row.

    Columns: `left_row`, `right_row` (from 0), `holds` (true, or null where a missing value leaves it
    open) and `undecided`: the conditions left open, as formulas. `keys` narrows the pairs looked at.
    """
    for table in (left, right):
        if table not in tables:
            raise missing_table(table, "pairs")
    met = _candidates(tables[left], tables[right], keys)
    rows = [[pair[side] for pair in met] for side in (0, 1)]
    sides = {
        f"{table}_{column}": tables[table][column].take(pa.array(taken, pa.int64()))
        for table, taken in ((left, rows[0]), (right, rows[1]))
        for column in tables[table].column_names
    }
    sides |= {"left_row": pa.array(rows[0], pa.int64()), "right_row": pa.array(rows[1], pa.int64())}
    parts = conjuncts(condition)
    wanted = {"holds": condition} | {f"part{index}": part for index, part in enumerate(parts)}
    answer = driver({"pairs": pa.table(sides)}, constants).rows("pairs", wanted, keep=["left_row", "right_row"])
    kept = [row for row in answer.to_pylist() if row["holds"] is not False]
    open_ = [[show(part) for index, part in enumerate(parts) if row[f"part{index}"] is None] for row in kept]
    return pa.table(
        {
            "left_row": pa.array([row["left_row"] for row in kept], pa.int64()),
            "right_row": pa.array([row["right_row"] for row in kept], pa.int64()),
            "holds": pa.array([row["holds"] for row in kept], pa.bool_()),
            "undecided": pa.array(open_, pa.list_(pa.string())),
        }
    )


def unmatched(left: pa.Table, right: pa.Table, keys: Sequence[Keys]) -> pa.Table:
    """Rows of either side without exactly one partner, each with its reason.

    `keys` are alternatives, strongest first (project code, else credit code and name): rows matched by a
    stronger one are out of the way for the weaker ones. Columns: `side` (left, right), `row` (from 0),
    `reason` (a key of REASONS), `candidates` (rows of the other side that agree).
    """
    columns = ([pair[0] for one in keys for pair in one], [pair[1] for one in keys for pair in one])
    open_left, open_right = set(range(left.num_rows)), set(range(right.num_rows))
    several: tuple[dict[int, set[int]], dict[int, set[int]]] = (defaultdict(set), defaultdict(set))
    for one in keys:
        mine = _rows_by_key(left, [pair[0] for pair in one], open_left)
        theirs = _rows_by_key(right, [pair[1] for pair in one], open_right)
        for key in mine.keys() & theirs.keys():
            if len(mine[key]) == len(theirs[key]) == 1:
                open_left.discard(mine[key][0])
                open_right.discard(theirs[key][0])
                continue
            for row in mine[key]:
                several[0][row].update(theirs[key])
            for row in theirs[key]:
                several[1][row].update(mine[key])
    found = [
        *_reasons("left", left, columns[0], open_left, several[0]),
        *_reasons("right", right, columns[1], open_right, several[1]),
    ]
    types = {"side": pa.string(), "row": pa.int64(), "reason": pa.string(), "candidates": pa.list_(pa.int64())}
    return pa.table({name: pa.array([row[name] for row in found], type_) for name, type_ in types.items()})


def _reasons(
    side: str, table: pa.Table, columns: Sequence[str], open_: set[int], several: Mapping[int, set[int]]
) -> list[dict[str, Any]]:
    values = [table[column].to_pylist() for column in columns]
    found = []
    for row in sorted(open_):
        candidates = sorted(several.get(row, ()))
        blank = any(column[row] in (None, "") for column in values)
        reason = "several_partners" if candidates else "key_missing" if blank else "no_partner"
        found.append({"side": side, "row": row, "reason": reason, "candidates": candidates})
    return found


def _rows_by_key(table: pa.Table, columns: Sequence[str], rows: set[int]) -> dict[tuple[Any, ...], list[int]]:
    """Rows with the same complete key; a key with a blank in it identifies nothing."""
    values = [table[column].to_pylist() for column in columns]
    found: dict[tuple[Any, ...], list[int]] = defaultdict(list)
    for row in sorted(rows):
        key = tuple(column[row] for column in values)
        if all(part not in (None, "") for part in key):
            found[key].append(row)
    return found


def _candidates(left: pa.Table, right: pa.Table, keys: Keys) -> list[tuple[int, int]]:
    """Pairs with equal keys; every pair without keys."""
    theirs = _rows_by_key(right, [pair[1] for pair in keys], set(range(right.num_rows)))
    mine = _rows_by_key(left, [pair[0] for pair in keys], set(range(left.num_rows)))
    number = sum(len(rows) * len(theirs.get(key, ())) for key, rows in mine.items())
    if number > MOST_PAIRS:
        raise TablesRefused(
            "pairs",
            Text(f"要比较 {number} 对，超过 {MOST_PAIRS}", f"{number} pairs to compare, more than {MOST_PAIRS}"),
            Text("给出必须相同的键，例如同一单位。", "Give keys that must be equal, for instance the unit."),
        )
    return sorted((one, other) for key, rows in mine.items() for one in rows for other in theirs.get(key, ()))
