"""A person confirms what a workbook's columns are: look, decide, see what it comes to, keep."""

from __future__ import annotations

import getpass
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from pathlib import Path

from guatu.declarations import Ledger, UnitDeclaration
from guatu.dispatch.arrivals import count
from guatu.office.workbooks import Memory, UnreadableWorkbook, WorkbookReading, read_each, read_workbook
from guatu.office.workbooks.memory import OPEN, KeptLayout, Origin
from guatu.office.workbooks.reading import Sender
from guatu.office.workbooks.survey import Choice, Survey, SurveyedTable, kept_layout, survey_workbook
from guatu.standards.periods import Period
from guatu.text import Refusal, Text


@dataclass(frozen=True, slots=True)
class Tally:
    """What reading a workbook comes to."""

    rows: int
    errors: int
    questions: int
    warnings: int


@dataclass(frozen=True)
class Confirming:
    """One workbook on the table, and everything needed to read it."""

    path: Path
    ledger: Ledger
    period: Period
    units: Sequence[UnitDeclaration]
    memory: Memory
    encoding: str | None = None
    by: str = ""
    on: date = date.min

    def read(self, memory: Memory | None = None) -> WorkbookReading:
        """Read it with the memory as it is, or as it would be. `UnreadableWorkbook` for what is no workbook."""
        read = partial(
            read_workbook, self.path, self.ledger, period=self.period, units=self.units, memory=memory or self.memory
        )
        (found,) = read_each([(self.path, read)])
        if isinstance(found, UnreadableWorkbook):
            raise found
        return found

    def survey(self, sender: Sender | None, headers: Mapping[str, int] | None = None) -> Survey:
        """Look at its columns. Only what `read` has already taken, within its limits, is opened here once more."""
        return survey_workbook(
            self.path,
            self.ledger,
            period=self.period,
            units=self.units,
            memory=self.memory,
            sender=sender,
            encoding=self.encoding,
            headers=headers,
        )

    def with_encoding(self, sender: Sender | None) -> Confirming:
        """With the encoding a person gave in the memory, so that reading takes it."""
        if self.encoding is None or sender is None:
            return self
        encodings = {**self.memory.encodings, sender.key: self.encoding}
        return replace(self, memory=replace(self.memory, encodings=encodings))

    def layout(self, survey: Survey, table: SurveyedTable, choices: Mapping[int, Choice]) -> KeptLayout:
        """What would be kept of a table."""
        origin = Origin(
            workbook=survey.workbook,
            sha256=survey.sha256,
            sheet=table.sheet,
            round=str(self.period),
            by=self.by,
            on=self.on.isoformat(),
        )
        return kept_layout(table, choices, self.ledger, origin, self.period)


def tally(reading: WorkbookReading) -> Tally:
    return Tally(
        len(reading.rows),
        *(count(reading.findings, grade) for grade in ("error", "question", "warning")),
    )


def left_open(layouts: Sequence[KeptLayout]) -> int:
    """How many columns nobody has decided."""
    return sum(column.field == OPEN for one in layouts for column in one.columns)


def who() -> str:
    """The account somebody works under."""
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return "?"


def require_sender(survey: Survey) -> Sender:
    """Whose mapping it is; a workbook that does not say cannot be kept for next month."""
    if survey.sender is not None:
        return survey.sender
    raise Refusal(
        survey.workbook,
        Text("认不出是哪个单位报的", "it cannot be told which unit sent this"),
        Text(
            "文件名、标题或“填报单位:”里写明单位全称，再核定。",
            "Give the unit's full name in the file name, the title or the 填报单位: line, then confirm.",
        ),
    )
