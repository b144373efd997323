"""Delimited text (CSV, TSV) as a plain grid: its encoding and its delimiter found out, nothing in it converted.

Text says nothing of its own encoding. What can be known is known: a byte-order mark, UTF-16 by its zero bytes,
UTF-8 because nothing else decodes as it by chance. Chinese text in a legacy encoding is GB18030, told from Western
text because nearly all of its characters are those of GB/T 2312. What is left is read as Windows-1252, or as what
the pack or a mapping says it is; where nobody said, that is a remark.
"""

from __future__ import annotations

import codecs
import csv
import hashlib
import io
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from guatu.office.containers.grid import Book, Remark, Sheet, Value, address
from guatu.office.containers.refusals import UnreadableWorkbook
from guatu.text import Text

DELIMITERS = (",", ";", "\t", "|")
SUFFIXES = frozenset({".csv", ".tsv", ".tab", ".txt"})
"""Names by which delimited text goes; what such a file really holds is for its bytes to say."""

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16: it begins with the same two bytes
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_WESTERN = "cp1252"
_LOST = "\ufffd"
_SAMPLE = 200_000
"""Characters by which the delimiter is found."""
_MOST_CHINESE = 0.9
"""Least share of GB/T 2312 characters among the others in a text taken for GB18030."""
_SURE_OF_CHINESE = 4
"""Fewer Chinese characters than this may also be a chance meeting of Western accents."""
_USUAL = 0.6
"""Least share of rows with the usual number of cells for the others to stand out."""
_SHORTENED = re.compile(r"(?:19|20)\d\d\.1")
_SAVE_AS_UTF8 = Text(
    "用 Excel 或 WPS 打开核对，另存为 .xlsx 或“CSV UTF-8”后再报。",
    "Open it in Excel or WPS, check it, save it as .xlsx or 'CSV UTF-8' and send it again.",
)


@dataclass(frozen=True, slots=True)
class _Decoded:
    text: str
    encoding: str
    is_certain: bool


def read_delimited(name: str, content: bytes, *, encoding: str | None = None) -> Book:
    """The one sheet of a delimited text file, every cell as typed; blank cells are None.

    `encoding` is what somebody who knows says legacy (not Unicode) text is in. Raises UnreadableWorkbook for text that
    cannot be taken apart without guessing, with the line: an unclosed quote, text behind a closing quote, zero bytes.
    """
    decoded = _decode(name, content, encoding)
    delimiter = _delimiter(decoded.text)
    rows = _rows(name, decoded.text, delimiter)
    remarks = [*_of_encoding(decoded), *_of_long_rows(rows), *_of_lost(rows)]
    width = max(map(_filled, rows), default=0)
    grid: list[list[Value]] = [[*map(_value, row[:width])] + [None] * (width - len(row)) for row in rows]
    sheet = Sheet(Path(name).stem, True, grid, is_typed=False)
    told = tuple(remark._replace(sheet=sheet.name) for remark in remarks)
    return Book(Path(name), hashlib.sha256(content).hexdigest(), (sheet,), told)


# -- encoding ------------------------------------------------------------------------------------------------------


def _decode(name: str, content: bytes, declared: str | None) -> _Decoded:
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return _Decoded(_strictly(name, content, encoding), encoding, True)
    if (wide := _without_mark(content)) is not None:
        return _Decoded(_strictly(name, content, wide), wide, True)
    if (place := content.find(b"\0")) >= 0:
        line = content.count(b"\n", 0, place) + 1
        raise _refused(name, line, Text("有零字节，不是文本", "holds a zero byte and is no text"))
    try:
        return _Decoded(content.decode("utf-8"), "utf-8", True)
    except UnicodeDecodeError:
        pass
    if declared is not None:
        return _Decoded(content.decode(declared, "replace"), declared, True)
    return _legacy(content)


def _strictly(name: str, content: bytes, encoding: str) -> str:
    """Text whose encoding is beyond doubt: a byte that does not belong means that the file is damaged."""
    try:
        return content.decode(encoding).removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        what = Text(f"不是完好的 {encoding.upper()} 文本", f"is no sound {encoding.upper()} text")
        raise _refused(name, line, what) from error


def _without_mark(content: bytes) -> str | None:
    """UTF-16 without its mark: delimiters and line ends are ASCII, so zero bytes stand at every other place."""
    head = content[:4096]
    even, odd = head[0::2].count(0), head[1::2].count(0)
    if max(even, odd) * 12 < len(head) or min(even, odd) * 12 > max(even, odd):
        return None
    return "utf-16-le" if odd > even else "utf-16-be"


def _legacy(content: bytes) -> _Decoded:
    """Text in an encoding of before Unicode: Chinese when it reads as Chinese, else Western."""
    try:
        text = content.decode("gb18030")
    except UnicodeDecodeError:
        text = ""
    others = [letter for letter in text if letter > "\x7f"]
    common = sum(map(_is_common_chinese, others))
    if others and common >= len(others) * _MOST_CHINESE:
        return _Decoded(text, "gb18030", common >= _SURE_OF_CHINESE)
    return _Decoded(content.decode(_WESTERN, "replace"), _WESTERN, False)


def _is_common_chinese(letter: str) -> bool:
    try:
        return len(letter.encode("gb2312")) == 2
    except UnicodeEncodeError:
        return False


def _of_encoding(decoded: _Decoded) -> Iterator[Remark]:
    if not decoded.is_certain:
        yield Remark("encoding_assumed", words={"encoding": decoded.encoding})


def _of_lost(rows: Sequence[Sequence[str]]) -> Iterator[Remark]:
    """Bytes that stand for no character of the encoding, at the cells they are in."""
    for number, row in enumerate(rows):
        for column, cell in enumerate(row):
            if _LOST in cell:
                around = cell.index(_LOST)
                yield Remark("lost_character", address(number, column), cell[max(0, around - 20) : around + 20])


# -- rows ----------------------------------------------------------------------------------------------------------


def _delimiter(text: str) -> str:
    """The delimiter under which most rows have the same number of cells, more than one."""
    sample = text[:_SAMPLE]
    complete = len(sample) == len(text)

    def regularity(delimiter: str) -> tuple[float, int]:
        try:
            rows = list(csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter))
        except csv.Error:
            return 0.0, 0
        widths = Counter(len(row) for row in (rows if complete else rows[:-1]) if row)
        wide = {width: times for width, times in widths.items() if width > 1}
        if not wide:
            return 0.0, 0
        usual = max(wide, key=lambda width: (wide[width] * width, width))
        return wide[usual] / widths.total(), usual

    return max(DELIMITERS, key=regularity)


def _rows(name: str, text: str, delimiter: str) -> list[list[str]]:
    """Every row as a list of cells, down to the last that holds any."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    rows: list[list[str]] = []
    begun = 1
    try:
        for row in reader:
            begun = reader.line_num + 1
            rows.append(row)
    except csv.Error as error:
        raise _refused(name, begun, _what(error)) from error
    while rows and not _filled(rows[-1]):
        rows.pop()
    return rows


def _value(cell: str) -> Value:
    """The cell as typed; 2021.1 as the number it may have been, whose last zero (2021.10) no program exports."""
    return float(cell) if _SHORTENED.fullmatch(cell) else cell or None


def _filled(row: Sequence[str]) -> int:
    """The length of a row without the blank cells at its end."""
    return next((place for place in range(len(row), 0, -1) if row[place - 1]), 0)


def _what(error: csv.Error) -> Text:
    """Python says `unexpected end of data` of an unclosed quote, `',' expected after '"'` of text behind one."""
    if "expected after" in str(error):
        return Text("右引号后面还有文字", "has text behind a closing quote")
    return Text("引号没有闭合", "has a quote that is never closed")


def _refused(name: str, line: int, what: Text) -> UnreadableWorkbook:
    """`line` is the line of the file on which the row begins that cannot be read."""
    return UnreadableWorkbook(
        f"{name}:{line}", Text(f"第{line}行{what.zh}", f"{what.en} (row beginning on line {line})"), _SAVE_AS_UTF8
    )


def _of_long_rows(rows: Sequence[Sequence[str]]) -> Iterator[Remark]:
    """Rows longer than the table: a delimiter inside a cell without quotes has shifted what stands behind it.

    The table is as wide as most of its rows, or as its header, where blank cells at the end of rows were left out.
    """
    widths = Counter(len(row) for row in rows if len(row) > 1)
    usual, times = max(widths.items(), key=lambda one: (one[1], one[0]), default=(0, 0))
    if times < widths.total() * _USUAL:
        return
    header = next((filled for row in rows if (filled := _filled(row)) >= usual * _USUAL), 0)
    table = max(usual, header)
    for number, row in enumerate(rows):
        if (filled := _filled(row)) > table:
            cells = {"cells": str(filled), "usual": str(table)}
            yield Remark("long_row", f"{number + 1}:{number + 1}", row[table], words=cells)
