"""What calamine does not say about an .xlsx: hidden rows and columns, comments, errors, formulas, percent formats.

A light pass over the zip: small parts are parsed with defusedxml, sheet parts (which may hold half a million
cells) are searched with byte patterns, so nothing is expanded and the cost stays a fraction of reading the values.
"""

from __future__ import annotations

import posixpath
import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from guatu.office.containers.facts import Position, SheetFacts
from guatu.office.containers.number_formats import BUILT_IN_PERCENT, is_percent, scales, unit_in
from guatu.office.containers.refusals import refused

MOST_BYTES = 400_000_000
"""A workbook that unpacks to more than this is refused before anything is read."""
MOST_CELLS = 20_000_000
"""A sheet whose corners span more cells than this is refused: a few far cells can ask for gigabytes."""

_ROW = re.compile(rb"<(?:\w+:)?row\b([^>]*)>")
_COLUMN = re.compile(rb"<(?:\w+:)?col\b([^>]*)>")
_NUMBER = re.compile(rb"""\br=["'](\d+)["']""")
_HIDDEN = re.compile(rb"""\bhidden=["'](?:1|true)["']""")
_SPAN = re.compile(rb"""\b(min|max)=["'](\d+)["']""")
_REFERENCE = re.compile(rb"""\br=["']([A-Z]{1,3})(\d{1,7})["']""")
_ERROR = re.compile(rb"""<(?:\w+:)?c\b([^>]*\bt=["']e["'][^>]*)>(.*?)</(?:\w+:)?c>""", re.DOTALL)
_VALUE = re.compile(rb"<(?:\w+:)?v>([^<]*)<")
_FORMULA = re.compile(rb"<(?:\w+:)?c\b([^>]*)><(?:\w+:)?f\b")
_FAR_COLUMN = re.compile(rb"""r=["']([A-Z]{2,3})\d""")


def read_facts(path: Path) -> dict[str, SheetFacts]:
    """The facts of every worksheet by its name; refuses what is no workbook or unpacks beyond all measure."""
    try:
        with zipfile.ZipFile(path) as archive:
            if sum(member.file_size for member in archive.infolist()) > MOST_BYTES:
                raise refused(path.name, "解压后过大", "unpacks to far more than a ledger needs")
            styles = _styles(archive)
            epoch_1904 = _counts_from_1904(archive)
            return {
                name: replace(_sheet_facts(archive, part, styles, path), epoch_1904=epoch_1904)
                for name, part in _worksheets(archive).items()
            }
    except (zipfile.BadZipFile, KeyError, OSError, ParseError, DefusedXmlException, ValueError) as error:
        raise refused(path.name, "已损坏，不是完好的 .xlsx", f"is damaged, not a sound .xlsx ({error})") from error


def _local(element: Element) -> str:
    return element.tag.rpartition("}")[2]


def _children(archive: zipfile.ZipFile, part: str, tag: str) -> Iterator[Element]:
    return (element for element in fromstring(archive.read(part)).iter() if _local(element) == tag)


def _attribute(element: Element, name: str) -> str:
    """An attribute by its local name, so that `r:id` is found under any prefix."""
    return next((value for key, value in element.attrib.items() if key.rpartition("}")[2] == name), "")


def _related(archive: zipfile.ZipFile, part: str) -> Iterator[tuple[str, str, str]]:
    """(id, kind, target part) of everything a part points to inside the archive."""
    folder, name = posixpath.split(part)
    relations = f"{folder}/_rels/{name}.rels"
    if relations not in archive.namelist():
        return
    for element in _children(archive, relations, "Relationship"):
        if element.get("TargetMode") != "External":
            target = posixpath.normpath(posixpath.join("/" + folder, element.get("Target", ""))).lstrip("/")
            yield element.get("Id", ""), element.get("Type", "").rpartition("/")[2], target


def _workbook_part(archive: zipfile.ZipFile) -> str:
    return next(target for _, kind, target in _root_relations(archive) if kind == "officeDocument")


def _counts_from_1904(archive: zipfile.ZipFile) -> bool:
    settings = _children(archive, _workbook_part(archive), "workbookPr")
    return any(one.get("date1904") in ("1", "true") for one in settings)


def _worksheets(archive: zipfile.ZipFile) -> dict[str, str]:
    root = _workbook_part(archive)
    parts = {key: target for key, kind, target in _related(archive, root) if kind == "worksheet"}
    sheets = ((_attribute(sheet, "name"), _attribute(sheet, "id")) for sheet in _children(archive, root, "sheet"))
    return {name: parts[key] for name, key in sheets if key in parts}


def _root_relations(archive: zipfile.ZipFile) -> Iterator[tuple[str, str, str]]:
    for element in _children(archive, "_rels/.rels", "Relationship"):
        target = posixpath.normpath(posixpath.join("/", element.get("Target", ""))).lstrip("/")
        yield element.get("Id", ""), element.get("Type", "").rpartition("/")[2], target


@dataclass(frozen=True, slots=True)
class _Styles:
    """Cell styles by what their number format does."""

    percents: Sequence[int] = ()
    telling: Mapping[int, str] = field(default_factory=dict)


def _styles(archive: zipfile.ZipFile) -> _Styles:
    if "xl/styles.xml" not in archive.namelist():
        return _Styles()
    root = fromstring(archive.read("xl/styles.xml"))
    codes = {one.get("numFmtId", ""): one.get("formatCode", "") for one in root.iter() if _local(one) == "numFmt"}
    shown_as_percent = {str(key) for key in BUILT_IN_PERCENT} | {key for key, code in codes.items() if is_percent(code)}
    telling = {key: code for key, code in codes.items() if scales(code) or unit_in(code)}
    cell_formats = next((list(element) for element in root.iter() if _local(element) == "cellXfs"), [])
    used = [(index, xf.get("numFmtId", "")) for index, xf in enumerate(cell_formats)]
    return _Styles(
        percents=[index for index, key in used if key in shown_as_percent],
        telling={index: telling[key] for index, key in used if key in telling},
    )


def _sheet_facts(archive: zipfile.ZipFile, part: str, styles: _Styles, path: Path) -> SheetFacts:
    data = archive.read(part)
    rows = [(int(number[1]), match[1]) for match in _ROW.finditer(data) if (number := _NUMBER.search(match[1]))]
    width = max((_column_number(letters) for letters in set(_FAR_COLUMN.findall(data))), default=26)
    if rows and max(number for number, _ in rows) * width > MOST_CELLS:
        raise refused(path.name, "有远在表外的单元格", "has cells far outside any table")
    return SheetFacts(
        hidden_rows=frozenset(number - 1 for number, attributes in rows if _HIDDEN.search(attributes)),
        hidden_columns=frozenset(_hidden_columns(data)),
        errors=_errors(data),
        formulas=frozenset(_positions(_FORMULA, data)) if b"<f" in data or b":f" in data else frozenset(),
        percents=frozenset(place for place, _ in _styled(data, styles.percents)),
        formats={place: styles.telling[style] for place, style in _styled(data, list(styles.telling))},
        comments=_comments(archive, part),
    )


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
    for match in re.finditer(rb"""<(?:\w+:)?c\b([^>]*\bs=["'](%s)["'][^>]*)>""" % numbers, data):
        if place := _REFERENCE.search(match[1]):
            yield _position(place), int(match[2])


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


def _comments(archive: zipfile.ZipFile, part: str) -> dict[Position, str]:
    found = {}
    for _, kind, target in _related(archive, part):
        if kind == "comments":
            for comment in _children(archive, target, "comment"):
                place = _REFERENCE.search(b'r="%s"' % comment.get("ref", "").encode())
                words = "".join(element.text or "" for element in comment.iter() if _local(element) == "t")
                if place:
                    found[_position(place)] = words.strip()
    return found
