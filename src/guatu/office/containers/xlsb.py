"""What calamine does not say about an .xlsb: merges, hidden rows and columns, comments, errors, percent formats.

One pass over the records of each part (as described in [MS-XLSB]); no value is decoded.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator

from guatu.office.containers.archive import Archive
from guatu.office.containers.facts import Merge, Position, SheetFacts, SheetMarkup
from guatu.office.containers.number_formats import BUILT_IN_PERCENT, is_percent, scales, unit_in
from guatu.office.containers.ooxml import related, workbook_part

_BLANK, _ERROR, _FORMULA_STRING, _FORMULA_ERROR = 1, 3, 8, 11
_CELLS = range(1, 12)
_ROW_HIDDEN = 0x10
_SHOWN = {
    0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!", 0x1D: "#NAME?", 0x24: "#NUM!", 0x2A: "#N/A",
}  # fmt: skip
_Format = tuple[bool, str]
"""Whether cells of a style show a percentage, and the format's code where that tells more."""


def read_markup(archive: Archive) -> dict[str, SheetMarkup]:
    """The markup of every worksheet by its name. Raises UnreadableWorkbook for a damaged workbook."""
    try:
        root = workbook_part(archive)
        parts = {key: (kind, target) for key, kind, target in related(archive, root)}
        formats = _formats(archive, [target for kind, target in parts.values() if kind == "styles"])
        epoch_1904, sheets = _book(archive.read(root))
        found: dict[str, SheetMarkup] = {}
        for name, key in sheets:
            kind, target = parts.get(key, ("", ""))
            if kind != "worksheet":
                continue
            if name in found:
                raise archive.damaged(f"two sheets are called {name!r}")
            found[name] = _Page(formats).read(archive, target, epoch_1904)
        return found
    except (struct.error, IndexError, ValueError) as error:
        raise archive.damaged(str(error) or type(error).__name__) from error


def _records(data: bytes) -> Iterator[tuple[int, bytes]]:
    at = 0
    while at < len(data):
        kind = data[at]
        at += 1
        if kind & 0x80:
            kind = kind & 0x7F | (data[at] & 0x7F) << 7
            at += 1
        length = 0
        for shift in (0, 7, 14, 21):
            byte = data[at]
            at += 1
            length |= (byte & 0x7F) << shift
            if not byte & 0x80:
                break
        body = data[at : at + length]
        if len(body) < length:
            raise struct.error("a record runs over the end of its part")
        at += length
        yield kind, body


def _text(data: bytes, at: int) -> tuple[str, int]:
    """A string behind its length, and where it ends."""
    (length,) = struct.unpack_from("<I", data, at)
    end = at + 4 + 2 * length
    if end > len(data):
        raise struct.error("a text runs over the end of its record")
    return data[at + 4 : end].decode("utf-16-le", "replace"), end


def _book(data: bytes) -> tuple[bool, list[tuple[str, str]]]:
    """Whether days count from 1904, and (name, relation id) of every sheet."""
    epoch_1904, sheets = False, []
    for kind, body in _records(data):
        if kind == 153:  # BrtWbProp
            epoch_1904 = bool(struct.unpack_from("<I", body)[0] & 1)
        elif kind == 156:  # BrtBundleSh
            key, end = _text(body, 8)
            sheets.append((_text(body, end)[0], key))
    return epoch_1904, sheets


def _formats(archive: Archive, parts: list[str]) -> list[_Format]:
    codes: dict[int, str] = {}
    found: list[_Format] = []
    in_cell_formats = False
    for kind, body in _records(archive.read(parts[0])) if parts else ():
        if kind == 44:  # BrtFmt
            codes[struct.unpack_from("<H", body)[0]] = _text(body, 2)[0]
        elif kind in (617, 618):  # BrtBeginCellXFs, BrtEndCellXFs
            in_cell_formats = kind == 617
        elif kind == 47 and in_cell_formats:  # BrtXF
            (key,) = struct.unpack_from("<H", body, 2)
            code = codes.get(key, "")
            found.append((key in BUILT_IN_PERCENT or is_percent(code), code if scales(code) or unit_in(code) else ""))
    return found


class _Page:
    """What collects while the records of one sheet are read."""

    def __init__(self, formats: list[_Format]) -> None:
        self._formats = formats
        self._row = 0
        self._hidden_rows: set[int] = set()
        self._hidden_columns: set[int] = set()
        self._errors: dict[Position, str] = {}
        self._formulas: set[Position] = set()
        self._percents: set[Position] = set()
        self._telling: dict[Position, str] = {}
        self._merges: list[Merge] = []
        self._height = self._width = 0

    def read(self, archive: Archive, part: str, epoch_1904: bool) -> SheetMarkup:
        for kind, body in _records(archive.read(part)):
            if kind in _CELLS:
                self._cell(kind, body)
            else:
                self._take(kind, body)
        facts = SheetFacts(
            hidden_rows=frozenset(self._hidden_rows),
            hidden_columns=frozenset(self._hidden_columns),
            errors=self._errors,
            formulas=frozenset(self._formulas),
            percents=frozenset(self._percents),
            formats=self._telling,
            comments=_comments(archive, part),
            epoch_1904=epoch_1904,
        )
        return SheetMarkup(facts, self._height, self._width, tuple(self._merges))

    def _cell(self, kind: int, body: bytes) -> None:
        column, style = struct.unpack_from("<II", body)
        row, style = self._row, style & 0xFFFFFF
        if kind == _BLANK:
            return
        self._height, self._width = max(self._height, row + 1), max(self._width, column + 1)
        shows_percent, code = self._formats[style] if style < len(self._formats) else (False, "")
        if shows_percent:
            self._percents.add((row, column))
        if code:
            self._telling[row, column] = code
        if kind in (_ERROR, _FORMULA_ERROR):
            self._errors[row, column] = _SHOWN.get(body[8], "#ERROR")
        if kind >= _FORMULA_STRING and not (kind == _FORMULA_STRING and body[8:12] == bytes(4)):
            self._formulas.add((row, column))  # an empty text as result is a blank, no missing result

    def _take(self, kind: int, body: bytes) -> None:
        match kind:
            case 0:  # BrtRowHdr
                (self._row,) = struct.unpack_from("<I", body)
                if body[11] & _ROW_HIDDEN:
                    self._hidden_rows.add(self._row)
            case 60:  # BrtColInfo
                first, last, flags = struct.unpack_from("<II8xH", body)
                if flags & 1:
                    self._hidden_columns.update(range(first, min(last, 701) + 1))
            case 176:  # BrtMergeCell
                top, bottom, left, right = struct.unpack_from("<IIII", body)
                self._merges.append(((top, left), (bottom, right)))


def _comments(archive: Archive, part: str) -> dict[Position, str]:
    found: dict[Position, str] = {}
    for target in (target for _, kind, target in related(archive, part) if kind == "comments"):
        place = (0, 0)
        for kind, body in _records(archive.read(target)):
            if kind == 635:  # BrtBeginComment
                place = struct.unpack_from("<4xI4xI", body)
            elif kind == 637:  # BrtCommentText
                found[place] = _text(body, 1)[0].strip()
    return found
