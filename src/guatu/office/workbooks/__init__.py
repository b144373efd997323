"""Excel as units really write it: read their ledgers, send errors back, write forms and league tables."""

from guatu.office.containers.refusals import UnreadableWorkbook
from guatu.office.workbooks.confined import read_each
from guatu.office.workbooks.memory import Memory, WrongMapping
from guatu.office.workbooks.packed import NotAReading, pack_reading, unpack_reading
from guatu.office.workbooks.reader import read_workbook
from guatu.office.workbooks.reading import (
    ColumnMapping,
    ControlSum,
    Finding,
    ReadCell,
    ReadRow,
    ReadTable,
    Recognised,
    Tag,
    WorkbookReading,
)

__all__ = [
    "ColumnMapping",
    "ControlSum",
    "Finding",
    "Memory",
    "NotAReading",
    "ReadCell",
    "ReadRow",
    "ReadTable",
    "Recognised",
    "Tag",
    "UnreadableWorkbook",
    "WorkbookReading",
    "WrongMapping",
    "pack_reading",
    "read_each",
    "read_workbook",
    "unpack_reading",
]
