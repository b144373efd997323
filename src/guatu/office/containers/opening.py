"""Open a file as it came: told by its bytes, held to the limits, taken apart by the reader of its kind."""

from __future__ import annotations

import hashlib
import io
import stat
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from math import isfinite
from pathlib import Path

from python_calamine import CalamineError, CalamineWorkbook, SheetMetadata, SheetTypeEnum, SheetVisibleEnum

from guatu.office.containers import ods, ooxml, xlsb
from guatu.office.containers.delimited import read_delimited
from guatu.office.containers.facts import Merge, SheetFacts, SheetMarkup
from guatu.office.containers.grid import Book, Remark, Sheet, Value
from guatu.office.containers.kinds import Kind, Recognised, recognise
from guatu.office.containers.limits import Limits, limits_in_force, require_extent, too_large
from guatu.office.containers.refusals import UnreadableWorkbook, refused
from guatu.text import Text

_MOST_MERGED = 100_000


def open_book(path: Path, *, encoding: str | None = None, limits: Limits | None = None) -> Book:
    """Read an .xlsx, .xlsm, .xlsb, .xls, .ods, .et or delimited text whole; anything else is refused with the remedy.

    What a file is, its bytes say, never its name. `encoding` is what somebody who knows says legacy text is in;
    workbooks say it themselves. `limits` are those of the machine unless given.
    """
    limits = limits or limits_in_force()
    content = _content(path, limits)
    found = recognise(path.name, content, limits)
    if found.kind is Kind.TEXT:
        book = replace(read_delimited(path.name, content, encoding=encoding), path=path)
        for sheet in book.sheets:
            # A table on its side, one item a column, is as wide as others are long.
            if sheet.height > limits.columns or sheet.width > limits.rows:
                require_extent(path.name, sheet.name, sheet.height, sheet.width, limits)
        return book
    markup = _markup(path.name, found, limits)
    if found.archive is not None:
        found.archive.check_rest()
    for name, said in markup.items():
        require_extent(path.name, name, said.height, said.width, limits)
    sheets = _sheets(path.name, content, list(markup.values()))
    return Book(path, hashlib.sha256(content).hexdigest(), sheets, tuple(_remarks(found)))


def _content(path: Path, limits: Limits) -> bytes:
    try:
        about = path.stat()
        if not stat.S_ISREG(about.st_mode):
            raise refused(path.name, "不是普通文件", "is no regular file")
        if about.st_size > limits.file_bytes:
            raise too_large(path.name, about.st_size, limits)
        return path.read_bytes()
    except OSError as error:
        raise UnreadableWorkbook(
            path.name,
            Text(f"打不开：{error.strerror}", f"cannot be opened: {error.strerror}"),
            Text("检查路径与权限。", "Check the path and the permissions."),
        ) from error


def _markup(name: str, found: Recognised, limits: Limits) -> Mapping[str, SheetMarkup]:
    if found.archive is None:
        from guatu.office.containers import biff  # few files are of this kind

        return biff.read_markup(name, found.stream)
    match found.kind:
        case Kind.ODS:
            return ods.read_markup(found.archive, limits)
        case Kind.XLSB:
            return xlsb.read_markup(found.archive)
        case _:
            return ooxml.read_markup(found.archive, limits)


def _remarks(found: Recognised) -> Iterator[Remark]:
    if found.has_macros:
        yield Remark("macros_not_run")
    if found.archive is not None and found.kind is not Kind.ODS:
        yield from ooxml.remarks_on(found.archive)


def _sheets(name: str, content: bytes, markup: Sequence[SheetMarkup]) -> tuple[Sheet, ...]:
    try:
        with CalamineWorkbook.from_filelike(io.BytesIO(content)) as workbook:
            about = [one for one in workbook.sheets_metadata if one.typ is SheetTypeEnum.WorkSheet]
            if len(about) != len(markup):
                raise refused(name, "已损坏，打不开", "is damaged: its parts disagree on what sheets there are")
            return tuple(_sheet(workbook, one, said) for one, said in zip(about, markup, strict=True))
    except (CalamineError, OSError, ValueError, OverflowError) as error:
        raise refused(name, "已损坏，打不开", f"is damaged and cannot be read ({error})") from error
    except BaseException as error:
        if type(error).__name__ != "PanicException":
            raise
        # Calamine gave up in the middle of the file; the exception has no importable name.
        raise refused(name, "已损坏，打不开", "is damaged and cannot be read: the reader gave up") from error


def _sheet(workbook: CalamineWorkbook, about: SheetMetadata, markup: SheetMarkup) -> Sheet:
    source, facts = workbook.get_sheet_by_name(about.name), markup.facts
    rows: list[list[Value]] = source.to_python(skip_empty_area=False)  # type: ignore[assignment]
    _clean(rows)
    _widen(rows, facts)
    given = source.merged_cell_ranges if markup.merges is None else markup.merges
    merges = list(_within(given or (), len(rows), len(rows[0]) if rows else 0))
    for (row, column), flag in markup.flags.items():
        rows[row][column] = flag
    for (row, column), shown in facts.errors.items():
        rows[row][column] = shown
    return Sheet(about.name, about.visible is SheetVisibleEnum.Visible, rows, merges, facts)


def _clean(rows: list[list[Value]]) -> None:
    """Cells as Excel keeps them: a blank is nothing, a whole number a float. By column, most of which need none of it."""
    for column, cells in enumerate(zip(*rows, strict=True)):
        kinds = set(map(type, cells))
        if str in kinds and "" in cells:
            for row in [row for row, value in enumerate(cells) if value == ""]:
                rows[row][column] = None
        if int in kinds:
            for row in [row for row, value in enumerate(cells) if type(value) is int]:
                rows[row][column] = float(rows[row][column])  # type: ignore[arg-type]
        if float in kinds and not all(map(isfinite, [value for value in cells if type(value) is float])):
            for row in [row for row, value in enumerate(cells) if type(value) is float and not isfinite(value)]:
                rows[row][column] = "#NUM!"  # what Excel, which has no such numbers, would show


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
