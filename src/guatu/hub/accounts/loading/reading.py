"""Read a load workbook in a child process, as its pack declares it. For workers and commands, never the web."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import partial
from pathlib import Path

from guatu.declarations import Ledger
from guatu.hub.accounts.loading.declared import declared_sheets
from guatu.hub.accounts.loading.rows import Read, Remark, Row
from guatu.office.workbooks import (
    Finding,
    ReadRow,
    UnreadableWorkbook,
    read_each,
    read_workbook,
)
from guatu.office.workbooks.error_workbook import write_error_workbook
from guatu.office.workbooks.reading import Grade
from guatu.standards.periods import Period
from guatu.text import Language, Text

_OF_THE_OTHER_SHEET = {"not_a_ledger", "no_table", "no_rows"}
"""One sheet has no units, the other no people, and either may be empty; if both are, that is said."""
_ROOM = 3
"""Two full sheets, each looked through for both ledgers."""
_NOT_UNDERSTOOD = {"unmapped_column", "competing_columns", "left_column"}
_SHOWN_BEFORE = {"unsure_column"}
"""How a column was read is seen in the preview, before anything is taken; there is no mapping to keep."""


def read_load(path: Path, *, today: date) -> Read:
    """Both sheets of a workbook; one that cannot be read at all says so in a single remark."""
    ledgers = declared_sheets().ledgers
    period = Period.month(today.year, today.month)
    reads = [(path, partial(read_workbook, path, ledger, period=period)) for ledger in ledgers.values()]
    found = dict(zip(ledgers, read_each(reads, room=_ROOM), strict=True))
    rows: dict[str, tuple[Row, ...]] = {}
    remarks: list[Remark] = []
    for key, reading in found.items():
        if isinstance(reading, UnreadableWorkbook):
            return Read({}, (Remark("", "", path.name, "error", "unreadable", reading.what, reading.remedy),))
        rows[key] = tuple(_row(row, ledgers[key]) for row in reading.rows)
        remarks += [_remark(one) for one in reading.findings if one.code not in _OF_THE_OTHER_SHEET | _SHOWN_BEFORE]
    if not any(rows.values()):
        remarks.append(_nothing(path))
    return Read(rows, tuple(dict.fromkeys(remarks)))


def write_marked(path: Path, remarks: tuple[Remark, ...], target: Path, language: Language) -> None:
    """The workbook again, every cell remarked on marked, for whoever sent it to mend."""
    findings = [
        Finding(path.name, one.sheet, one.cell, one.raw, _GRADES[one.grade], one.code, one.reason, one.remedy)
        for one in remarks
    ]
    write_error_workbook(path, findings, target, language=language)


_GRADES: Mapping[str, Grade] = {"error": "error", "question": "question", "warning": "warning"}


def _row(row: ReadRow, ledger: Ledger) -> Row:
    values: dict[str, str] = {}
    cells: dict[str, str] = {}
    for cell in row.cells:
        cells.setdefault(cell.field, cell.address)
        if cell.value is not None:
            values.setdefault(cell.field, str(cell.value))
    return Row(row.sheet, row.number, values, cells)


def _remark(found: Finding) -> Remark:
    if found.code in _NOT_UNDERSTOOD:  # a column of posts that is passed over would be no small thing
        return Remark(
            found.sheet, found.cell, found.raw, "error", found.code,
            Text(f"列“{found.raw}”的名称或内容没有看懂", f"the title or the contents of column '{found.raw}' are not understood"),
            Text("照样表写列名，内容从列表中选；不需要的列请删去。",
                 "Title it as in the template and choose its contents from the lists; delete a column that is not needed."),
        )  # fmt: skip
    return Remark(found.sheet, found.cell, found.raw, found.grade, found.code, found.reason, found.remedy)


def _nothing(path: Path) -> Remark:
    return Remark(
        "", "", path.name, "error", "nothing_to_load",
        Text("没有找到单位表或人员表", "neither a sheet of units nor one of people was found"),
        Text("用下载的样表，保留第一行的列名。", "Use the template and keep the titles of its columns."),
    )  # fmt: skip
