"""A workbook's sheets as they look, a few rows of each: its head, and the rows around what was found. Names and phones are masked.

What is drawn is for a person who reads findings beside the sheet or points at a column; a sheet of 20,000 rows is never drawn whole.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from guatu.office.containers.child import BrokenOff, run_each
from guatu.office.containers.grid import Sheet
from guatu.office.containers.kinds import recognise
from guatu.office.containers.limits import limits_in_force
from guatu.office.containers.opening import open_book
from guatu.office.containers.refusals import UnreadableWorkbook
from guatu.office.workbooks.masking import masked

AROUND, FIRST = 3, 8
"""Rows drawn above and below a row something was found in; rows drawn below a header."""
MOST_ROWS, MOST_COLUMNS, LONGEST = 3000, 100, 80
"""Of all sheets together; of one; characters of a cell."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be seen of a sheet; rows and columns count from 0."""

    headers: tuple[tuple[int, int], ...] = ()
    """First and last row of each table's header."""
    rows: frozenset[int] = frozenset()
    """Rows in which something was found."""
    personal: frozenset[int] = field(default_factory=frozenset)
    """Columns about people."""


def drawn_sheets(path: Path, wanted: Mapping[str, Wanted], *, encoding: str | None = None) -> bytes:
    """JSON: the kind of file, and of each sheet its size, header rows and rows by number from 1; `{}` for what cannot be opened.

    Without a sheet that is wanted, the first rows of every visible one.
    """
    [answer] = run_each([partial(_drawn, path, dict(wanted), encoding)], limits_in_force())
    return b"{}" if isinstance(answer, BrokenOff) else answer


def _drawn(path: Path, wanted: Mapping[str, Wanted], encoding: str | None) -> bytes:
    """In the child."""
    try:
        book = open_book(path, encoding=encoding)
        kind = recognise(path.name, path.read_bytes(), limits_in_force()).kind.value
    except UnreadableWorkbook:
        return b"{}"
    shown = [sheet for sheet in book.sheets if sheet.name in wanted] or [one for one in book.sheets if one.visible]
    left, sheets = MOST_ROWS, []
    for sheet in shown:
        told = _sheet(sheet, wanted.get(sheet.name, Wanted()), left)
        left -= len(told["rows"])  # type: ignore[arg-type]
        sheets.append(told)
    every = [one.name for one in book.sheets if one.visible]
    return json.dumps(
        {"kind": kind, "visible": every, "sheets": sheets}, ensure_ascii=False, separators=(",", ":")
    ).encode()


def _sheet(sheet: Sheet, wanted: Wanted, left: int) -> dict[str, object]:
    rows = _rows(sheet, wanted)[:left]
    width = min(sheet.width, MOST_COLUMNS)
    texts = {row: [sheet.text(row, column)[:LONGEST] for column in range(width)] for row in rows}
    _mask(texts, wanted, width)
    width = max((column + 1 for cells in texts.values() for column, text in enumerate(cells) if text), default=0)
    return {
        "sheet": sheet.name,
        "height": sheet.height,
        "width": width,
        "header": sorted({row + 1 for first, last in wanted.headers for row in range(first, last + 1)}),
        "rows": [[row + 1, texts[row][:width]] for row in rows],
    }


def _rows(sheet: Sheet, wanted: Wanted) -> list[int]:
    """Everything above the first rows below each header, and what lies around each row something was found in."""
    heads = [last + FIRST for _, last in wanted.headers] or [FIRST]
    found = {
        row
        for head, (first, _) in zip(heads, wanted.headers or ((0, 0),), strict=True)
        for row in range(max(0, first - 4), head + 1)
    }
    for one in wanted.rows:
        found |= set(range(one - AROUND, one + AROUND + 1))
    return sorted(row for row in found if 0 <= row < sheet.height)


def _mask(texts: dict[int, list[str]], wanted: Wanted, width: int) -> None:
    """Cells below the header, column by column."""
    head = max((last for _, last in wanted.headers), default=-1)
    below = [row for row in texts if row > head]
    for column in range(width):
        shown = masked([texts[row][column] for row in below], personal=column in wanted.personal)
        for row, text in zip(below, shown, strict=True):
            texts[row][column] = text
