"""The reading desk: what is known about the workbook at hand while it is read, and where its findings collect."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from guatu.declarations.checks import CheckGrade
from guatu.declarations.ledger import FieldDeclaration
from guatu.office.containers.grid import Sheet, address, show
from guatu.office.workbooks.columns import LedgerWords
from guatu.office.workbooks.messages import finding
from guatu.office.workbooks.parsed import Problem
from guatu.office.workbooks.reading import Finding, KeptUse
from guatu.office.workbooks.turning import place_as_it_lies
from guatu.standards.periods import Period


@dataclass
class Desk:
    workbook: str
    words: LedgerWords
    period: Period
    findings: list[Finding] = field(default_factory=list)
    free_tags: set[str] = field(default_factory=set)
    kept: list[KeptUse] = field(default_factory=list)
    turned: set[str] = field(default_factory=set)
    """Sheets read turned, because their table lies on its side: cells are named as they lie."""

    def say(self, code: str, sheet: str = "", cell: str = "", raw: str = "", **words: str) -> None:
        if sheet in self.turned:
            cell = place_as_it_lies(cell)
        self.findings.append(finding(code, workbook=self.workbook, sheet=sheet, cell=cell, raw=raw, **words))

    def say_as(self, grade: CheckGrade, code: str, sheet: str, cell: str, raw: str, **words: str) -> None:
        """A finding of the grade the pack gives it; nothing where the pack switched it off."""
        if sheet in self.turned:
            cell = place_as_it_lies(cell)
        if grade != "off":
            found = finding(code, workbook=self.workbook, sheet=sheet, cell=cell, raw=raw, **words)
            self.findings.append(replace(found, grade=grade))

    def say_of_cell(self, problem: Problem, declared: FieldDeclaration, sheet: Sheet, row: int, column: int) -> None:
        """A finding about one cell of one field."""
        self.say(
            problem.code,
            sheet.name,
            address(row, column),
            show(sheet.value(row, column)),
            field=declared.title.zh,
            field_en=declared.title.en,
            **problem.words,
        )
