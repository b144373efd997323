"""Asking both drivers the same, over tables written as rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

import pyarrow as pa

from guatu.engine.expressions import check, parse
from guatu.engine.tables import Dimension, DuckdbTables, ReferenceTables, fractions
from tests.agreement.world import (
    HISTORY,
    ITEMS,
    RESULTS,
    SCOPE,
    TABLES,
    UNIT_SCOPE,
    UNITS,
    UNITS_HISTORY,
    VALUES,
    calendar,
    table,
)

Row = dict[str, Any]
_NAMES = {
    "items": ITEMS | RESULTS,
    "items_history": HISTORY,
    "units": UNITS,
    "units_history": UNITS_HISTORY,
    **TABLES,
}


def tables(**rows: Sequence[Row]) -> dict[str, pa.Table]:
    """Tables of the small world from their rows; money in 分, numbers in units of their last decimal."""
    found = {key: table(_NAMES[key], list(given)) for key, given in rows.items()}
    return {"calendar": calendar(), **found}


def of_rows(given: dict[str, pa.Table], formula: str, of: str = "items", **constants: object) -> list[Any]:
    """The formula for each row, the same from both drivers; numbers as fractions."""
    typed = check(parse(formula), UNIT_SCOPE if of == "units" else SCOPE)
    values = {**VALUES, **constants}
    answers = [driver(given, values).rows(of, {"x": typed}) for driver in (ReferenceTables, DuckdbTables)]
    assert answers[0].equals(answers[1]), "the drivers disagree"
    return fractions(answers[0], "x") if typed.type.numeric else answers[0]["x"].to_pylist()


def of_groups(
    given: dict[str, pa.Table],
    formula: str,
    by: Sequence[str | Dimension] = (),
    constants: Mapping[str, object] = VALUES,
) -> list[Any]:
    """The formula for each group, in order of the groups' keys."""
    typed = check(parse(formula), SCOPE)
    answers = [driver(given, constants).groups("items", by, {"x": typed}) for driver in (ReferenceTables, DuckdbTables)]
    assert answers[0] == answers[1], "the drivers disagree"
    return answers[0]["x"]


def value(formula: str, **row: Any) -> Any:
    """The formula for one item."""
    return of_rows(tables(items=[{"item_id": "i1", **row}]), formula)[0]


def number(text: str) -> Fraction:
    return Fraction(text)
