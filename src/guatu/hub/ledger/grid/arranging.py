"""How a table of items is put together: its columns, their order, sorted and grouped by what. Addresses say it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from guatu.declarations import Ledger as LedgerDeclaration
from guatu.hub.ledger.grid.columns import Column, chosen
from guatu.hub.ledger.grid.grouping import groupings
from guatu.hub.ledger.grid.sorting import checked_sort

SEPARATOR = ","
LONGEST = 200
"""Groups a table may have folded."""


@dataclass(frozen=True, slots=True)
class Arranged:
    """Columns by their keys (none: the ledger's first), `KEY` or `-KEY` to sort by, what is grouped by, groups folded."""

    columns: tuple[str, ...] = ()
    sort: str = ""
    group: str = ""
    folded: tuple[str, ...] = ()

    @classmethod
    def of(cls, ledger: LedgerDeclaration, said: Mapping[str, str]) -> Arranged:
        """From an address; what the ledger does not know is not asked for."""
        asked = [one for one in said.get("columns", "").split(SEPARATOR) if one]
        known = {one.key for one in chosen(ledger, asked)} if asked else set()
        columns = tuple(dict.fromkeys(one for one in asked if one in known))
        group = said.get("group", "")
        group = group if group in groupings(ledger) else ""
        folded = tuple(dict.fromkeys(said.get("folded", "").split(SEPARATOR)))[:LONGEST] if said.get("folded") else ()
        return cls(columns, checked_sort(ledger, said.get("sort", "")), group, folded if group else ())

    def shown(self, ledger: LedgerDeclaration, *, lit: bool = False) -> tuple[Column, ...]:
        """The columns of the table beside names; `lit` says whether a round of the ledger was judged."""
        return chosen(ledger, self.columns, lit=lit)

    def pairs(self) -> tuple[tuple[str, str], ...]:
        """As an address says it, no blanks."""
        said = {
            "columns": SEPARATOR.join(self.columns), "sort": self.sort, "group": self.group,
            "folded": SEPARATOR.join(self.folded),
        }  # fmt: skip
        return tuple((name, value) for name, value in said.items() if value)
