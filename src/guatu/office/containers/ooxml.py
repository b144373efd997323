"""What calamine does not say about an .xlsx: hidden rows and columns, comments, errors, formulas, percent formats.

A light pass over the zip: small parts are parsed with defusedxml, sheet parts (which may hold half a million
cells) are searched with byte patterns, so nothing is expanded and the cost stays a fraction of reading the values.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from guatu.office.containers.archive import Archive
from guatu.office.containers.facts import Position, SheetFacts, SheetMarkup
from guatu.office.containers.grid import Remark, column_letters
from guatu.office.containers.limits import HEADING_ROWS, Limits
from guatu.office.containers.number_formats import BUILT_IN_PERCENT, is_percent, scales, unit_in

_WORKSHEET = re.compile(rb"<(?:\w+:)?worksheet\b")
_ROW = re.compile(rb"<(?:\w+:)?row\b([^>]*)>")
_USUAL_ROW = re.compile(rb"<row\b([^>]*)>")
_COLUMN = re.compile(rb"<(?:\w+:)?col\b([^>]*)>")
_NUMBER = re.compile(rb"""\br=["'](\d+)["']""")
_HIDDEN = re.compile(rb"""\bhidden=["'](?:1|true)["']""")
_SPAN = re.compile(rb"""\b(min|max)=["'](\d+)["']""")
_REFERENCE = re.compile(rb"""\br=["']([A-Z]{1,3})(\d{1,7})["']""")
_USUAL_PLACE = re.compile(rb'<c r="([A-Z]{1,3})(\d{1,7})')
_ERROR = re.compile(rb"""<(?:\w+:)?c\b([^>]*\bt=["']e["'](?:[^>]*[^>/])?)>(.*?)</(?:\w+:)?c>""", re.DOTALL)
_VALUE = re.compile(rb"<(?:\w+:)?v>([^<]*)<")
_FORMULA = re.compile(rb"<(?:\w+:)?c\b([^>]*)>\s*<(?:\w+:)?f\b")
_FAR_COLUMN = re.compile(rb"""r=["']([A-Z]{2,3})\d""")
_FILLED = re.compile(
    rb"""<(?:\w+:)?c\b([^>]*[^>/])>\s*(?:<(?:\w+:)?f\b[^>]*(?:/>|>[^<]*</(?:\w+:)?f>)\s*)?"""
    rb"""<(?:\w+:)?(?:v\b[^>/]*>[^<]|is\b)"""
)
_COMMENTED = re.compile(rb"<!--.*?-->", re.DOTALL)
_ROW_PLACED = re.compile(rb"""<(?:\w+:)?row\s(?:[^>]*\s)?r=["']\d""")
_CELL_PLACED = re.compile(rb"""<(?:\w+:)?c\s(?:[^>]*\s)?r=["'][A-Z]""")
_ROW_OR_CELL = re.compile(rb"(<(?:\w+:)?(?:row|c)\b)([^>]*>)")


def read_markup(archive: Archive, limits: Limits) -> dict[str, SheetMarkup]:
    """The markup of every worksheet by its name. Raises UnreadableWorkbook for what no office program would write."""
    try:
        root = workbook_part(archive)
        styles = _styles(archive, root)
        epoch_1904 = _counts_from_1904(archive, root)
        found: dict[str, SheetMarkup] = {}
        for name, part in _worksheets(archive, root):
            if name in found:
                raise archive.damaged(f"two sheets are called {name!r}")
            found[name] = _sheet_markup(archive, part, styles, epoch_1904, limits)
        return found
    except (KeyError, ValueError, OverflowError) as error:
        raise archive.damaged(str(error) or type(error).__name__) from error


def remarks_on(archive: Archive) -> Iterator[Remark]:
    """What a person must hear about a workbook made of parts: figures that come from other files."""
    if any(kind == "externalLink" for _, kind, _ in related(archive, workbook_part(archive))):
        yield Remark("external_links")


def _local(element: Element) -> str:
    return element.tag.rpartition("}")[2]


def _children(archive: Archive, part: str, tag: str) -> Iterator[Element]:
    return (element for element in _parsed(archive, part).iter() if _local(element) == tag)


def _parsed(archive: Archive, part: str) -> Element:
    try:
        return fromstring(archive.read(part))
    except (ParseError, DefusedXmlException, ValueError) as error:
        raise archive.damaged(str(error) or type(error).__name__) from error


def _attribute(element: Element, name: str) -> str:
    """An attribute by its local name, so that `r:id` is found under any prefix."""
    return next((value for key, value in element.attrib.items() if key.rpartition("}")[2] == name), "")


def related(archive: Archive, part: str) -> Iterator[tuple[str, str, str]]:
    """(id, kind, target part) of everything a part points to inside the archive."""
    folder, name = posixpath.split(part)
    relations = posixpath.join(folder, "_rels", f"{name}.rels")
    if relations not in archive.names:
        return
    for element in _children(archive, relations, "Relationship"):
        if element.get("TargetMode") != "External":
            target = posixpath.normpath(posixpath.join("/" + folder, element.get("Target", ""))).lstrip("/")
            yield element.get("Id", ""), element.get("Type", "").rpartition("/")[2], target


def workbook_part(archive: Archive) -> str:
    """The part the whole file is about; Excel itself goes by this relation and not by the part's name."""
    for _, kind, target in related(archive, ""):
        if kind == "officeDocument":
            return target
    raise archive.damaged("nothing says which part is the workbook")


def _counts_from_1904(archive: Archive, root: str) -> bool:
    settings = _children(archive, root, "workbookPr")
    return any(one.get("date1904") in ("1", "true") for one in settings)


def _worksheets(archive: Archive, root: str) -> Iterator[tuple[str, str]]:
    parts = {key: target for key, kind, target in related(archive, root) if kind == "worksheet"}
    for sheet in _children(archive, root, "sheet"):
        if (key := _attribute(sheet, "id")) in parts:
            yield _attribute(sheet, "name"), parts[key]


@dataclass(frozen=True, slots=True)
class _Styles:
    """Cell styles by what their number format does."""

    percents: Sequence[int] = ()
    telling: Mapping[int, str] = field(default_factory=dict)


def _styles(archive: Archive, root: str) -> _Styles:
    part = next((target for _, kind, target in related(archive, root) if kind == "styles"), None)
    if part is None or part not in archive.names:
        return _Styles()
    styles = _parsed(archive, part)
    codes = {one.get("numFmtId", ""): one.get("formatCode", "") for one in styles.iter() if _local(one) == "numFmt"}
    shown_as_percent = {str(key) for key in BUILT_IN_PERCENT} | {key for key, code in codes.items() if is_percent(code)}
    telling = {key: code for key, code in codes.items() if scales(code) or unit_in(code)}
    cell_formats = next((list(element) for element in styles.iter() if _local(element) == "cellXfs"), [])
    used = [(index, xf.get("numFmtId", "")) for index, xf in enumerate(cell_formats)]
    return _Styles(
        percents=[index for index, key in used if key in shown_as_percent],
        telling={index: telling[key] for index, key in used if key in telling},
    )


def _sheet_markup(archive: Archive, part: str, styles: _Styles, epoch_1904: bool, limits: Limits) -> SheetMarkup:
    data = _placed(archive.read(part))
    if not _WORKSHEET.search(data):
        raise archive.damaged(f"part {part} is no worksheet")
    row = _ROW if b":row" in data else _USUAL_ROW
    rows = [(int(number[1]), match[1]) for match in row.finditer(data) if (number := _NUMBER.search(match[1]))]
    height, width = _extent(data, rows, limits)
    facts = SheetFacts(
        hidden_rows=frozenset(number - 1 for number, attributes in rows if _HIDDEN.search(attributes)),
        hidden_columns=frozenset(_hidden_columns(data)),
        errors=_errors(data),
        formulas=_formulas(data),
        percents=frozenset(place for place, _ in _styled(data, styles.percents)),
        formats={place: styles.telling[style] for place, style in _styled(data, list(styles.telling))},
        comments=_comments(archive, part),
        epoch_1904=epoch_1904,
    )
    return SheetMarkup(facts, height, width)


def _placed(data: bytes) -> bytes:
    """The sheet with an address on every row and cell: they may be left out, and then follow the one before."""
    if b"<!--" in data:
        data = _COMMENTED.sub(b"", data)
    if _is_placed(data):
        return data
    row, column = 0, 0

    def place(tag: re.Match[bytes]) -> bytes:
        nonlocal row, column
        opening, attributes = tag[1], tag[2]
        if opening.endswith(b"row"):
            number = _NUMBER.search(attributes)
            row, column = int(number[1]) if number else row + 1, 0
            return tag[0] if number else b'%s r="%d"%s' % (opening, row, attributes)
        if given := _REFERENCE.search(attributes):
            column = _column_number(given[1])
            return tag[0]
        column += 1
        return b'%s r="%s%d"%s' % (opening, column_letters(column - 1).encode(), row, attributes)

    return _ROW_OR_CELL.sub(place, data)


def _is_placed(data: bytes) -> bool:
    start, end = data.find(b"<sheetData"), data.rfind(b"</sheetData")
    if 0 <= start < end and b":row" not in data and b":c" not in data:
        cells, rows = data.count(b"<c", start, end), data.count(b"<ro", start, end)
        if cells == data.count(b"<c r=", start, end) and rows == data.count(b"<row r=", start, end):
            return True  # as every usual program writes it; counting is a fraction of searching
    placed = sum(1 for _ in _ROW_PLACED.finditer(data)) + sum(1 for _ in _CELL_PLACED.finditer(data))
    return placed == sum(1 for _ in _ROW_OR_CELL.finditer(data))


def _extent(data: bytes, rows: Sequence[tuple[int, bytes]], limits: Limits) -> tuple[int, int]:
    """Rows and columns in use. Bounds are cheap; only beyond the limits is it worth looking which cells hold something."""
    height = max((number for number, _ in rows), default=0)
    width = max((_column_number(letters) for letters in set(_FAR_COLUMN.findall(data))), default=26)
    if height <= limits.rows + HEADING_ROWS and width <= limits.columns:
        return height, width
    height = width = 0
    for row, column in _positions(_FILLED, data):
        height, width = max(height, row + 1), max(width, column + 1)
    return height, width


def _formulas(data: bytes) -> frozenset[Position]:
    if b"<f" not in data and b":f" not in data:
        return frozenset()
    return frozenset(_positions(_FORMULA, data))


def _hidden_columns(data: bytes) -> Iterator[int]:
    for match in _COLUMN.finditer(data, 0, max(data.find(b"sheetData"), 0)):
        if _HIDDEN.search(match[1]):
            span = {name: int(number) for name, number in _SPAN.findall(match[1])}
            # "All columns from here on" is hidden with max=16384; no ledger is wider than 702 columns.
            yield from range(span[b"min"] - 1, min(span[b"max"], 702))


def _errors(data: bytes) -> dict[Position, str]:
    if b't="e"' not in data and b"t='e'" not in data:
        return {}
    found = {}
    for match in _ERROR.finditer(data):
        if place := _REFERENCE.search(match[1]):
            value = _VALUE.search(match[2])
            found[_position(place)] = value[1].decode("utf-8", "replace") if value else "#ERROR"
    return found


def _styled(data: bytes, styles: Sequence[int]) -> Iterator[tuple[Position, int]]:
    """Every cell of one of the styles, with its style."""
    if not styles:
        return
    numbers = b"|".join(b"%d" % style for style in styles)
    usual = _usually_styled(data, styles, numbers)
    if usual is not None:
        yield from usual
        return
    for match in re.finditer(rb"""<(?:\w+:)?c\b([^>]*\bs=["'](%s)["'][^>]*)>""" % numbers, data):
        if place := _REFERENCE.search(match[1]):
            yield _position(place), int(match[2])


def _usually_styled(data: bytes, styles: Sequence[int], numbers: bytes) -> list[tuple[Position, int]] | None:
    """The same where every styled cell is written as usual programs write it, the style right behind the address: found by
    the style alone, which few cells have. None where anything is written otherwise."""
    if b"s='" in data:
        return None
    found: list[tuple[Position, int]] = []
    columns: dict[bytes, int] = {}
    count = 0
    for match in re.finditer(rb'" s="(%s)"' % numbers, data):
        count += 1
        start = data.rfind(b"<", 0, match.start())
        place = _USUAL_PLACE.fullmatch(data, start, match.start())
        if place is not None:
            letters = place[1]
            if letters not in columns:
                columns[letters] = _column_number(letters) - 1
            found.append(((int(place[2]) - 1, columns[letters]), int(match[1])))
        elif not data.startswith((b"<row ", b"<col "), start):
            return None
    return found if count == sum(data.count(b's="%d"' % style) for style in styles) else None


def _positions(pattern: re.Pattern[bytes], data: bytes) -> Iterator[Position]:
    for match in pattern.finditer(data):
        if place := _REFERENCE.search(match[1]):
            yield _position(place)


def _position(match: re.Match[bytes]) -> Position:
    return int(match[2]) - 1, _column_number(match[1]) - 1


def _column_number(letters: bytes) -> int:
    """A is 1, Z is 26, AA is 27."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _comments(archive: Archive, part: str) -> dict[Position, str]:
    found = {}
    for _, kind, target in related(archive, part):
        if kind == "comments":
            for comment in _children(archive, target, "comment"):
                place = _REFERENCE.search(b'r="%s"' % comment.get("ref", "").encode())
                words = "".join(element.text or "" for element in comment.iter() if _local(element) == "t")
                if place:
                    found[_position(place)] = words.strip()
    return found
