"""The head of a table: what stands over each column, and where its links lead."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from guatu.declarations import Ledger as LedgerDeclaration
from guatu.hub.ledger.asking import ItemsAsked
from guatu.hub.ledger.grid.arranging import Arranged
from guatu.hub.ledger.grid.columns import Column, column_of_names
from guatu.hub.ledger.grid.sorting import sortable
from guatu.hub.web.grid.sentence import Pairs, address
from guatu.text import Text


@dataclass(frozen=True, slots=True)
class Head:
    """Over a column: its name, its unit or the period of its figures, and how it is sorted by it."""

    key: str
    title: Text
    unit: str = ""
    period: str = ""
    is_number: bool = False
    sort: str = ""
    """Where the table sorted by it is, the other way round if it is already; nothing if it cannot be."""
    sorted: str = ""
    """As `aria-sort` says it."""


def heads(
    ledger: LedgerDeclaration, columns: Sequence[Column], asked: ItemsAsked, arranged: Arranged, periods: Mapping[str, str],
    more: Pairs,
) -> list[Head]:  # fmt: skip
    """Names first, then the columns."""
    found = [
        Head(
            "name",
            column_of_names(ledger).title,
            sort=_sorted_by("name", asked, arranged, more),
            sorted=_way("name", arranged),
        )
    ]
    for one in columns:
        leads = _sorted_by(one.key, asked, arranged, more) if sortable(one) else ""
        found.append(
            Head(one.key, one.title, one.unit, periods.get(one.key, ""), one.is_number, leads, _way(one.key, arranged))
        )
    return found


def _sorted_by(key: str, asked: ItemsAsked, arranged: Arranged, more: Pairs) -> str:
    """Up, then down, then as the city prints its units again."""
    following = {"": key, key: f"-{key}", f"-{key}": ""}
    other = replace(arranged, sort=following.get(arranged.sort, key))
    return address(asked, [*other.pairs(), *more])


def _way(key: str, arranged: Arranged) -> str:
    return {key: "ascending", f"-{key}": "descending"}.get(arranged.sort, "")
