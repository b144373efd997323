"""Open a workbook file: the only place that touches one."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from guatu.office.containers.delimited import SUFFIXES, read_delimited
from guatu.office.containers.facts import Merge, SheetFacts
from guatu.office.containers.grid import Book, Sheet, Value
from guatu.office.containers.ooxml import read_facts
from guatu.office.containers.refusals import SAVE_AGAIN, UnreadableWorkbook
from guatu.text import Text

_MOST_MERGED = 100_000


def open_book(path: Path, *, encoding: str | None = None) -> Book:
    """Read an .xlsx or delimited text whole; anything else is refused with the remedy.

    `encoding` is what somebody who knows says legacy text is in; workbooks say it themselves.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise UnreadableWorkbook(
            path.name,
            Text(f"打不开：{error.strerror}", f"cannot be opened: {error.strerror}"),
            Text("检查路径与权限。", "Check the path and the permissions."),
        ) from error
    if path.suffix.lower() in SUFFIXES and content and not content.startswith((b"PK", _OLE)):
        return replace(read_delimited(path.name, content, encoding=encoding), path=path)
    _require_workbook(path.name, content)
    facts = read_facts(path)
    try:
        with CalamineWorkbook.from_path(path) as workbook:
            sheets = tuple(
                _sheet(
                    workbook, meta.name, meta.visible is SheetVisibleEnum.Visible, facts.get(meta.name, SheetFacts())
                )
                for meta in workbook.sheets_metadata
                if meta.typ is SheetTypeEnum.WorkSheet
            )
    except CalamineError as error:
        raise UnreadableWorkbook(
            path.name,
            Text("文件已损坏，读不了", f"is damaged and cannot be read ({error})"),
            SAVE_AGAIN,
        ) from error
    return Book(path, hashlib.sha256(content).hexdigest(), sheets)


_OLE = bytes.fromhex("D0CF11E0A1B11AE1")
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")


def _require_workbook(name: str, content: bytes) -> None:
    """Say what a file that is no .xlsx really is, by its first bytes, whatever its name claims."""
    if not content:
        raise UnreadableWorkbook(name, Text("是空文件", "is an empty file"), SAVE_AGAIN)
    if content.startswith(_OLE) and _ENCRYPTED in content:
        remedy = Text("去掉打开密码，再报一次。", "Remove the password to open and resend.")
        raise UnreadableWorkbook(name, Text("加了打开密码", "is protected with a password"), remedy)
    if content.startswith(_OLE):
        raise UnreadableWorkbook(name, Text("是旧格式（.xls）", "is in the old format (.xls)"), SAVE_AGAIN)
    if not content.startswith(b"PK"):
        raise UnreadableWorkbook(name, Text("不是 Excel 工作簿", "is not an Excel workbook"), SAVE_AGAIN)


def _sheet(workbook: CalamineWorkbook, name: str, visible: bool, facts: SheetFacts) -> Sheet:
    source = workbook.get_sheet_by_name(name)
    rows: list[list[Value]] = [
        [None if value == "" else value for value in row] for row in source.to_python(skip_empty_area=False)
    ]
    _widen(rows, facts)
    merges = list(_within(source.merged_cell_ranges or (), len(rows), len(rows[0]) if rows else 0))
    for (row, column), shown in facts.errors.items():
        rows[row][column] = shown
    return Sheet(name, visible, rows, merges, facts)


def _within(merges: Iterable[Merge], height: int, width: int) -> Iterator[Merge]:
    """Merges as they are, but huge ones cut to the used part: one over a million empty rows says no more."""
    for (top, left), (bottom, right) in merges:
        if (bottom - top + 1) * (right - left + 1) <= _MOST_MERGED:
            yield (top, left), (bottom, right)
        elif top < height and left < width:
            yield (top, left), (min(bottom, height - 1), min(right, width - 1))


def _widen(rows: list[list[Value]], facts: SheetFacts) -> None:
    """Room for error cells outside what calamine counts as used."""
    height = max((row + 1 for row, _ in facts.errors), default=0)
    width = max([len(row) for row in rows[:1]] + [column + 1 for _, column in facts.errors], default=0)
    rows.extend([] for _ in range(height - len(rows)))
    for row in rows:
        row.extend([None] * (width - len(row)))
