"""Putting the same questions to the reference and to another driver."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

import pyarrow as pa

from guatu.engine.expressions import ExpressionRefused, Scope, Typed, check, parse, show
from guatu.engine.tables import Dimension, DuckdbTables, ReferenceTables
from guatu.engine.tables.evaluator import Evaluator
from guatu.engine.tables.store import Store
from tests.agreement.situations import record
from tests.agreement.world import SCOPE, VALUES

Driver = type[DuckdbTables]
Groups = list[str | Dimension]

AGREED: dict[str, set[str]] = defaultdict(set)
"""Operations on which each driver gave what the reference gave."""

BY: list[Groups] = [
    [
        Dimension("unit", "closure", "unit", "descendant", "ancestor"),
        Dimension("list", "membership", "item_id", "item_id", "list"),
    ],
    ["unit", "kind"],
    [],
]


def typed(formula: str, scope: Scope = SCOPE) -> Typed:
    return check(parse(formula), scope)


def agree_on_rows(
    driver: Driver,
    tables: dict[str, pa.Table],
    table: str,
    wanted: dict[str, Typed],
    constants: Mapping[str, object] = VALUES,
) -> None:
    expected = ReferenceTables(tables, constants).rows(table, wanted)
    found = driver(tables, constants).rows(table, wanted)
    assert found.schema == expected.schema
    for column in expected.column_names:
        assert found[column].to_pylist() == expected[column].to_pylist(), column
    _note(driver, wanted)
    evaluator = Evaluator(Store(tables, constants), table)
    for one in wanted.values():
        record(one, evaluator, empty_groups=False)


def agree_on_groups(
    driver: Driver, tables: dict[str, pa.Table], wanted: dict[str, Typed], by: Sequence[Groups] = BY
) -> None:
    for one in by:
        expected = ReferenceTables(tables, VALUES).groups("items", one, wanted)
        assert driver(tables, VALUES).groups("items", one, wanted) == expected
    _note(driver, wanted)
    evaluator = Evaluator(Store(tables, VALUES), "items")
    for formula in wanted.values():
        record(formula, evaluator, empty_groups=tables["items"].num_rows == 0 or formula.where is not None)


def _note(driver: Driver, wanted: Mapping[str, Typed]) -> None:
    AGREED[driver.__name__] |= {part.operation for typed in wanted.values() for part in typed.walk() if part.operation}


def accepted(drawn: list[str]) -> dict[str, Typed]:
    """The formulas that make sense; whatever does, prints and reads back the same."""
    kept: dict[str, Typed] = {}
    for formula in drawn:
        node = parse(formula)
        try:
            kept[formula] = check(node, SCOPE)
        except ExpressionRefused:
            continue
        for names in ("id", "zh", "en"):
            assert check(parse(show(kept[formula], names)), SCOPE).node == kept[formula].node
    return kept
