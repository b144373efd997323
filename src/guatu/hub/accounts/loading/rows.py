"""What a load workbook says, row by row, with the cells it says it in; plain enough to wait in the database."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from guatu.text import Text

UNITS, PEOPLE = "units", "people"


@dataclass(frozen=True, slots=True)
class Remark:
    """Something wrong with a cell, or worth knowing: where, what stands there, why, and what to do."""

    sheet: str
    cell: str
    raw: str
    grade: str
    code: str
    reason: Text
    remedy: Text

    @property
    def hinders(self) -> bool:
        """Nothing of the workbook is taken while it stands; what is only a warning is taken."""
        return self.grade != "warning"

    def plain(self) -> dict[str, Any]:
        texts = {"reason": [self.reason.zh, self.reason.en], "remedy": [self.remedy.zh, self.remedy.en]}
        return {
            "sheet": self.sheet,
            "cell": self.cell,
            "raw": self.raw,
            "grade": self.grade,
            "code": self.code,
            **texts,
        }

    @classmethod
    def of(cls, plain: Mapping[str, Any]) -> Remark:
        words = {name: plain[name] for name in ("sheet", "cell", "raw", "grade", "code")}
        return cls(**words, reason=Text(*plain["reason"]), remedy=Text(*plain["remedy"]))


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a sheet: its values by field, and the cell each stands in."""

    sheet: str
    number: int
    values: Mapping[str, str]
    """Days as 2021-08-31, numbers as digits; what is not there is left out."""
    cells: Mapping[str, str] = field(default_factory=dict)

    def get(self, name: str) -> str:
        return self.values.get(name, "")

    def day(self, name: str) -> date | None:
        value = self.get(name)
        return date.fromisoformat(value) if value else None

    def remark(self, name: str, code: str, reason: Text, remedy: Text) -> Remark:
        """An error at the cell of a field, or at the row where there is no such column."""
        cell = self.cells.get(name, f"{self.number}:{self.number}")
        return Remark(self.sheet, cell, self.get(name), "error", code, reason, remedy)

    def plain(self) -> list[Any]:
        return [self.sheet, self.number, dict(self.values), dict(self.cells)]


@dataclass(frozen=True, slots=True)
class Read:
    """Everything a workbook says of units and people, and what reading it found."""

    rows: Mapping[str, tuple[Row, ...]]
    remarks: tuple[Remark, ...]

    def plain(self) -> dict[str, Any]:
        rows = {kind: [row.plain() for row in found] for kind, found in self.rows.items()}
        return {"rows": rows, "remarks": [one.plain() for one in self.remarks]}

    @classmethod
    def of(cls, plain: Mapping[str, Any]) -> Read:
        rows = {kind: tuple(Row(*row) for row in found) for kind, found in plain["rows"].items()}
        return cls(rows, tuple(Remark.of(one) for one in plain["remarks"]))
