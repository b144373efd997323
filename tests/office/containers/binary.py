"""Workbooks written byte by byte: an OLE file around streams, a small .xls stream, the parts of .xlsb, .xlsx and .ods."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Mapping, Sequence

_SECTOR = 512
_FREE, _END, _FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD


def ole(streams: Mapping[str, bytes]) -> bytes:
    """An OLE file (version 3) whose root holds the streams; each is padded beyond the size of small streams."""
    sectors: list[bytes] = []
    chain: list[int] = []

    def put(data: bytes) -> int:
        start = len(sectors)
        count = max(1, -(-len(data) // _SECTOR))
        for index in range(count):
            sectors.append(data[index * _SECTOR : (index + 1) * _SECTOR].ljust(_SECTOR, b"\0"))
            chain.append(start + index + 1 if index < count - 1 else _END)
        return start

    entries = []
    for name, data in streams.items():
        padded = data.ljust(4096, b"\0")
        entries.append((name, 2, put(padded), len(padded)))
    names = [("Root Entry", 5, _END, 0), *entries]
    directory = b"".join(
        _entry(
            name,
            kind,
            start,
            size,
            first=1 if kind == 5 and entries else None,
            next_=index + 1 if 0 < index < len(names) - 1 else None,
        )
        for index, (name, kind, start, size) in enumerate(names)
    )
    blank = _entry("", 0, 0, 0, first=None, next_=None)
    directory_at = put(directory + blank * (-len(names) % 4))
    fat_at = len(sectors)
    count = -(-(len(chain) + 1) // 128)
    table = [*chain, *[_FAT] * count]
    table += [_FREE] * (-len(table) % 128)
    for index in range(0, len(table), 128):
        sectors.append(struct.pack("<128I", *table[index : index + 128]))
    fats = [fat_at + index for index in range(count)]
    header = struct.pack(
        "<8s16xHHHHH6xIIIIIIIII", bytes.fromhex("D0CF11E0A1B11AE1"), 0x3E, 3, 0xFFFE, 9, 6,
        0, count, directory_at, 0, 4096, _END, 0, _END, 0,
    )  # fmt: skip
    header += struct.pack("<109I", *fats, *[_FREE] * (109 - len(fats)))
    return header + b"".join(sectors)


def _entry(name: str, kind: int, start: int, size: int, *, first: int | None, next_: int | None) -> bytes:
    encoded = name.encode("utf-16-le")
    length = len(encoded) + 2 if name else 0
    none = _FREE
    return struct.pack(
        "<64sHBBIII16xI16xIII", encoded, length, kind, 1, none, none if next_ is None else next_,
        none if first is None else first, 0, start, size, 0,
    )  # fmt: skip


# -- BIFF ---------------------------------------------------------------------------------------------------------


def biff(kind: int, body: bytes = b"") -> bytes:
    return struct.pack("<HH", kind, len(body)) + body


def xls_stream(cells: Sequence[bytes], *, sheet: str = "Sheet1", settings: bytes = b"") -> bytes:
    """A workbook stream of one sheet that holds the given records."""
    name = sheet.encode("utf-16-le")
    begin = biff(0x809, struct.pack("<HHHHII", 0x600, 5, 0, 0, 0, 0)) + settings
    # The sheet begins right behind the bound sheet's own record and the end of the globals.
    start = len(begin) + 4 + 8 + len(name) + 4
    bound = biff(0x85, struct.pack("<IBBBB", start, 0, 0, len(sheet), 1) + name)
    page = biff(0x809, struct.pack("<HHHHII", 0x600, 0x10, 0, 0, 0, 0)) + b"".join(cells)
    return begin + bound + biff(0x0A) + page + biff(0x0A)


def xls(*cells: bytes, settings: bytes = b"") -> bytes:
    return ole({"Workbook": xls_stream(cells, settings=settings)})


def xls_number(row: int, column: int, value: float) -> bytes:
    return biff(0x203, struct.pack("<HHHd", row, column, 0, value))


# -- XLSB ---------------------------------------------------------------------------------------------------------


def record(kind: int, body: bytes = b"") -> bytes:
    """A record of an .xlsb: kind and length in seven bits a byte."""
    head = bytes([kind]) if kind < 0x80 else bytes([kind & 0x7F | 0x80, kind >> 7])
    length, size = len(body), bytearray()
    while True:
        size.append(length & 0x7F | (0x80 if length > 0x7F else 0))
        length >>= 7
        if not length:
            return head + bytes(size) + body


def wide(text: str) -> bytes:
    return struct.pack("<I", len(text)) + text.encode("utf-16-le")


def xlsb_cell(kind: int, column: int, body: bytes, *, style: int = 0) -> bytes:
    return record(kind, struct.pack("<II", column, style) + body)


def xlsb_row(row: int, *, hidden: bool = False) -> bytes:
    return record(0, struct.pack("<IIHBB", row, 0, 300, 0, 0x10 if hidden else 0) + bytes(5))


def xlsb_parts(
    cells: Sequence[bytes],
    *,
    before: bytes = b"",
    behind: bytes = b"",
    name: str = "Sheet1",
    epoch_1904: bool = False,
) -> dict[str, bytes]:
    """The parts of an .xlsb of one sheet; style 1 shows percentages, style 2 writes 亿元 behind the number."""
    styles = (
        record(278)
        + record(615, struct.pack("<I", 2))
        + record(44, struct.pack("<H", 164) + wide("0.00%"))
        + record(44, struct.pack("<H", 165) + wide('0.00"亿元"'))
        + record(616)
        + record(617, struct.pack("<I", 3))
        + b"".join(record(47, struct.pack("<HH", 0, key) + bytes(12)) for key in (0, 164, 165))
        + record(618)
        + record(279)
    )
    book = (
        record(131)
        + record(153, struct.pack("<II", int(epoch_1904), 0) + wide(""))
        + record(143)
        + record(156, struct.pack("<II", 0, 1) + wide("rId1") + wide(name))
        + record(144)
        + record(132)
    )
    extent = record(148, struct.pack("<IIII", 0, 9, 0, 9))
    page = record(129) + extent + before + record(145) + b"".join(cells) + record(146) + behind + record(130)
    main = "application/vnd.ms-excel.sheet.binary.macroEnabled.main"
    relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006"
    return {
        "[Content_Types].xml": (
            f'<Types xmlns="{package}/content-types"><Default Extension="bin" ContentType="{main}"/>'
            '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/></Types>'
        ).encode(),
        "_rels/.rels": (
            f'<Relationships xmlns="{package}/relationships"><Relationship Id="rId1" '
            f'Type="{relations}/officeDocument" Target="xl/workbook.bin"/></Relationships>'
        ).encode(),
        "xl/_rels/workbook.bin.rels": (
            f'<Relationships xmlns="{package}/relationships">'
            f'<Relationship Id="rId1" Type="{relations}/worksheet" Target="worksheets/sheet1.bin"/>'
            f'<Relationship Id="rId2" Type="{relations}/styles" Target="styles.bin"/></Relationships>'
        ).encode(),
        "xl/workbook.bin": book,
        "xl/styles.bin": styles,
        "xl/worksheets/sheet1.bin": page,
    }


def zipped(parts: Mapping[str, bytes], *, level: int = 6) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED, compresslevel=level) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return held.getvalue()


# -- XLSX ---------------------------------------------------------------------------------------------------------

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"


def relations(*targets: tuple[str, str]) -> str:
    """The markup of a relations part: (kind, target) each."""
    found = "".join(
        f'<Relationship Id="rId{number}" Type="{OFFICE}/{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(targets, 1)
    )
    return f'<Relationships xmlns="{PACKAGE}/relationships">{found}</Relationships>'


def xlsx_parts(sheet: str, more: Mapping[str, str] | None = None) -> dict[str, bytes]:
    """The parts of a minimal .xlsx whose one sheet holds the given rows; `more` are parts beside or instead."""
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types"><Default Extension="rels" ContentType="r"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{kind}.sheet.main+xml"/></Types>',
        "_rels/.rels": relations(("officeDocument", "xl/workbook.xml")),
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>'
        '<sheet name="表" sheetId="1" r:id="rId1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": relations(("worksheet", "worksheets/sheet1.xml")),
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{MAIN}"><sheetData>{sheet}</sheetData></worksheet>',
        **(more or {}),
    }
    return {name: text.encode() for name, text in parts.items()}


def xlsx(sheet: str, *, more: Mapping[str, str] | None = None) -> bytes:
    return zipped(xlsx_parts(sheet, more))


# -- ODS ----------------------------------------------------------------------------------------------------------

_SPACE = "urn:oasis:names:tc:opendocument:xmlns"


def ods_parts(rows: str) -> dict[str, bytes]:
    return {
        "mimetype": b"application/vnd.oasis.opendocument.spreadsheet",
        "META-INF/manifest.xml": b'<m:manifest xmlns:m="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>',
        "styles.xml": f'<office:document-styles xmlns:office="{_SPACE}:office:1.0"/>'.encode(),
        "content.xml": (
            f'<office:document-content xmlns:office="{_SPACE}:office:1.0" xmlns:table="{_SPACE}:table:1.0" '
            f'xmlns:text="{_SPACE}:text:1.0"><office:body><office:spreadsheet><table:table table:name="表">{rows}'
            "</table:table></office:spreadsheet></office:body></office:document-content>"
        ).encode(),
    }


def ods(rows: str) -> bytes:
    return zipped(ods_parts(rows))
