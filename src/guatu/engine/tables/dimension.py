"""How rows are gathered, and what tells subjects apart."""

from __future__ import annotations

from dataclasses import dataclass

from guatu.text import Refusal, Text


class TablesRefused(Refusal):
    """A table that does not hold what a formula needs; `where` is `table.column`."""


@dataclass(frozen=True, slots=True)
class Dimension:
    """A join that lets a row count in several groups.

    Rows of the grouped table meet rows of `table` where its `left` equals their `right`; the group is
    their `key`, returned under `name`. Unit closure: left="unit", table="closure", right="descendant",
    key="ancestor". Pairs (right, key) count once however often they are listed; a row without a
    partner is in no group.
    """

    name: str
    table: str
    left: str
    right: str
    key: str


@dataclass(frozen=True, slots=True)
class Subject:
    """Whose results a table's rows are: the columns that tell subjects apart, and earlier results.

    `history` names the table of earlier results: the columns of `key`, `period` (text, 2021-08) and any
    column or indicator the formulas ask of the past. `unit` is the column `of(…, unit)` looks in.
    """

    key: tuple[str, ...]
    history: str
    unit: str = "unit"


def usual_subject(table: str, columns: list[str]) -> Subject:
    """Items are told apart by item_id; anything else by unit, list and whatever else it has of these."""
    keys = ("item_id",) if "item_id" in columns else tuple(k for k in ("unit", "list") if k in columns)
    return Subject(keys, f"{table}_history")


def missing_table(table: str, wanted_by: str) -> TablesRefused:
    return TablesRefused(
        table,
        Text(f"没有表“{table}”，而 {wanted_by} 要用它", f"there is no table '{table}', which {wanted_by} needs"),
        Text("把这张表交给引擎。", "Hand this table to the engine."),
    )
