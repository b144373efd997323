"""What calamine does not say about an .xls: hidden rows and columns, comments, errors, formulas, percent formats.

One pass over the records of the workbook stream (BIFF5 and BIFF8, as described in [MS-XLS]); no value is decoded.
"""

from __future__ import annotations

import codecs
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

from guatu.office.containers.facts import Position, SheetFacts, SheetMarkup
from guatu.office.containers.number_formats import BUILT_IN_PERCENT, is_percent, scales, unit_in
from guatu.office.containers.refusals import refused
from guatu.text import Text

_BOF, _EOF, _TXO, _CONTINUE = 0x809, 0x0A, 0x1B6, 0x3C
_ONE_VALUE = frozenset({0x203, 0x27E, 0xFD, 0x204, 0xD6})
"""NUMBER, RK, LABELSST, LABEL, RSTRING: one cell each, holding something."""
_BIFF8 = 0x600
_GLOBALS, _SHEET = 0x05, 0x10
"""What a substream is for, as its first record says."""
_WORKSHEET = 0
_ERRORS = {
    0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!", 0x1D: "#NAME?", 0x24: "#NUM!", 0x2A: "#N/A",
}  # fmt: skip
_ROW_HIDDEN = 0x20
_WITHOUT_PASSWORD = Text("去掉打开密码，另存后再报。", "Remove the password to open, save and send it again.")


def read_markup(name: str, stream: bytes) -> dict[str, SheetMarkup]:
    """The markup of every worksheet by its name. Raises UnreadableWorkbook for a damaged or encrypted stream."""
    try:
        book = _Globals(name)
        for kind, data in _records(stream, 0, _GLOBALS):
            book.take(kind, data)
        found: dict[str, SheetMarkup] = {}
        for title, start in book.sheets:
            if title in found:
                raise struct.error(f"two sheets are called {title!r}")
            found[title] = _Page(book).read(stream, start)
        return found
    except (struct.error, IndexError, UnicodeError, ValueError) as error:
        raise refused(name, "已损坏，打不开", f"is damaged and cannot be read ({error})") from error


def _records(stream: bytes, start: int, sort: int) -> Iterator[tuple[int, bytes]]:
    """The records of the substream of that sort at `start`, charts embedded in it left out, up to its end."""
    depth, at = 0, start
    while True:
        kind, length = struct.unpack_from("<HH", stream, at)
        data = stream[at + 4 : at + 4 + length]
        if len(data) < length:
            raise struct.error("a record runs over the end of the file")
        if at == start and (kind != _BOF or struct.unpack_from("<H", data, 2)[0] != sort):
            raise struct.error("a sheet does not begin where the workbook says")
        at += 4 + length
        depth += (kind == _BOF) - (kind == _EOF)
        if depth == 0:
            return
        if depth == 1:
            yield kind, data


@dataclass
class _Globals:
    """What holds for the whole workbook."""

    file: str
    is_biff8: bool = True
    encoding: str = "gb18030"
    """Of texts before BIFF8."""
    epoch_1904: bool = False
    sheets: list[tuple[str, int]] = field(default_factory=list)
    codes: dict[int, str] = field(default_factory=dict)
    styles: list[int] = field(default_factory=list)
    """Number format of each cell style."""

    def take(self, kind: int, data: bytes) -> None:
        match kind:
            case 0x809:  # BOF
                self.is_biff8 = struct.unpack_from("<H", data)[0] == _BIFF8
            case 0x2F:  # FILEPASS
                raise refused(self.file, "加了打开密码", "is protected with a password", _WITHOUT_PASSWORD)
            case 0x42:  # CODEPAGE
                self.encoding = _encoding(struct.unpack_from("<H", data)[0])
            case 0x22:  # DATEMODE
                self.epoch_1904 = struct.unpack_from("<H", data)[0] == 1
            case 0x85:  # BOUNDSHEET
                start, _, sort = struct.unpack_from("<IBB", data)
                if sort == _WORKSHEET:
                    self.sheets.append((self.text(data[6:], "<B"), start))
            case 0x41E:  # FORMAT
                size = "<H" if self.is_biff8 else "<B"
                self.codes[struct.unpack_from("<H", data)[0]] = self.text(data[2:], size)
            case 0xE0:  # XF
                self.styles.append(struct.unpack_from("<H", data, 2)[0])

    def text(self, data: bytes, size: str) -> str:
        """A string behind its length; BIFF8 says whether its characters take one byte or two."""
        (length,) = struct.unpack_from(size, data)
        rest = data[struct.calcsize(size) :]
        if not self.is_biff8:
            return rest[:length].decode(self.encoding, "replace")
        wide = rest[0] & 1
        return rest[1 : 1 + length * (1 + wide)].decode("utf-16-le" if wide else "latin-1", "replace")

    def format_of(self, style: int) -> tuple[bool, str]:
        """Whether a cell of the style shows a percentage, and its code where that tells more."""
        key = self.styles[style] if style < len(self.styles) else 0
        code = self.codes.get(key, "")
        return key in BUILT_IN_PERCENT or is_percent(code), code if scales(code) or unit_in(code) else ""


def _encoding(code_page: int) -> str:
    """The encoding of a code page: 936 is GB18030, which holds all of it; of one nobody knows, the same."""
    try:
        return "gb18030" if code_page in (936, 1200) else codecs.lookup(f"cp{code_page}").name
    except LookupError:
        return "gb18030"


class _Page:
    """What collects while the records of one sheet are read."""

    def __init__(self, book: _Globals) -> None:
        self._book = book
        self._formats = [book.format_of(style) for style in range(len(book.styles))]
        self._hidden_rows: set[int] = set()
        self._hidden_columns: set[int] = set()
        self._errors: dict[Position, str] = {}
        self._formulas: set[Position] = set()
        self._percents: set[Position] = set()
        self._telling: dict[Position, str] = {}
        self._notes: dict[Position, int] = {}
        self._words: dict[int, str] = {}
        self._object = 0
        self._awaits_words = False
        self._height = self._width = 0

    def read(self, stream: bytes, start: int) -> SheetMarkup:
        for kind, data in _records(stream, start, _SHEET):
            if kind in _ONE_VALUE:
                self._cell(*struct.unpack_from("<HHH", data))
            else:
                self._take(kind, data)
            if kind not in (_TXO, _CONTINUE):
                self._awaits_words = False
        facts = SheetFacts(
            hidden_rows=frozenset(self._hidden_rows),
            hidden_columns=frozenset(self._hidden_columns),
            errors=self._errors,
            formulas=frozenset(self._formulas),
            percents=frozenset(self._percents),
            formats=self._telling,
            comments={place: self._words[key] for place, key in self._notes.items() if key in self._words},
            epoch_1904=self._book.epoch_1904,
        )
        return SheetMarkup(facts, self._height, self._width)

    def _cell(self, row: int, column: int, style: int) -> None:
        self._height, self._width = max(self._height, row + 1), max(self._width, column + 1)
        shows_percent, code = self._formats[style] if style < len(self._formats) else (False, "")
        if shows_percent:
            self._percents.add((row, column))
        if code:
            self._telling[row, column] = code

    def _take(self, kind: int, data: bytes) -> None:
        match kind:
            case 0x06:  # FORMULA
                self._formula(data)
            case 0xBD:  # MULRK: row, first column, (style, number) for each, last column
                row, first = struct.unpack_from("<HH", data)
                for index in range((len(data) - 6) // 6):
                    self._cell(row, first + index, struct.unpack_from("<H", data, 4 + 6 * index)[0])
            case 0x205:  # BOOLERR
                row, column, style, value, is_error = struct.unpack_from("<HHHBB", data)
                self._cell(row, column, style)
                if is_error:
                    self._errors[row, column] = _ERRORS.get(value, "#ERROR")
            case 0x208:  # ROW
                row, flags = struct.unpack_from("<H10xH", data)
                if flags & _ROW_HIDDEN:
                    self._hidden_rows.add(row)
            case 0x7D:  # COLINFO
                first, last, flags = struct.unpack_from("<HH4xH", data)
                if flags & 1:
                    self._hidden_columns.update(range(first, min(last, 255) + 1))
            case _:
                self._note(kind, data)

    def _formula(self, data: bytes) -> None:
        row, column, style, result = struct.unpack_from("<HHH8s", data)
        self._cell(row, column, style)
        special = result[0] if result[6:] == b"\xff\xff" else None
        if special == 2:
            self._errors[row, column] = _ERRORS.get(result[2], "#ERROR")
        if special != 3:  # 3: its result is an empty text, which is a blank and no missing result
            self._formulas.add((row, column))

    def _note(self, kind: int, data: bytes) -> None:
        """A comment: NOTE names cell and object, the object's text stands in the CONTINUE behind its TXO."""
        match kind:
            case 0x1C if self._book.is_biff8:  # NOTE
                row, column, _, key = struct.unpack_from("<HHHH", data)
                self._notes[row, column] = key
            case 0x1C:  # NOTE of BIFF5, with its words
                row, column, length = struct.unpack_from("<HHH", data)
                self._notes[row, column] = -len(self._notes) - 1
                self._words[self._notes[row, column]] = data[6 : 6 + length].decode(self._book.encoding, "replace")
            case 0x5D if self._book.is_biff8:  # OBJ
                (self._object,) = struct.unpack_from("<6xH", data)
            case 0x1B6:  # TXO
                self._awaits_words = True
            case 0x3C if self._awaits_words and data:  # CONTINUE
                self._awaits_words = False
                words = data[1:].decode("utf-16-le" if data[0] & 1 else "latin-1", "replace")
                self._words[self._object] = words.strip("\0").strip()
