"""A table whose columns are known, and what names its items."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from guatu.declarations.ledger import Ledger
from guatu.office.containers.grid import Sheet
from guatu.office.workbooks.profiles import Profile
from guatu.office.workbooks.reading import ColumnMapping
from guatu.office.workbooks.tables import Table


@dataclass(frozen=True)
class MappedTable:
    """A table whose columns are known."""

    sheet: Sheet
    table: Table
    columns: tuple[ColumnMapping, ...]
    profiles: Mapping[int, Profile]
    captions: tuple[str, ...]
    above: tuple[str, ...] = ()
    """Captions of the tables above on the same sheet, nearest first: their unit line holds until another is written."""

    def of(self, role: str) -> list[ColumnMapping]:
        return [one for one in self.columns if one.role == role]

    def field_column(self, key: str) -> ColumnMapping | None:
        return next((one for one in self.of("field") if one.field == key), None)


def identity_fields(ledger: Ledger) -> list[str]:
    """Fields that can identify an item, strongest first, without repeats."""
    return list(dict.fromkeys(key for keys in ledger.identity for key in keys))
