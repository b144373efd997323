"""Files with passwords, of other kinds, cut off and damaged; and binary ones that are sound."""

from __future__ import annotations

import struct
from collections.abc import Iterator

from tests.office.containers.binary import (
    biff,
    ods,
    ods_parts,
    ole,
    record,
    wide,
    xls_number,
    xls_stream,
    xlsb_cell,
    xlsb_parts,
    xlsb_row,
    xlsx_parts,
    zipped,
)  # fmt: skip
from tests.office.containers.ledger_file import (
    DAMAGED,
    DATA,
    LOCKED,
    ROWS,
    TITLES,
    ods_table,
    table,
    xlsx,
)

# -- passwords, other files, damage --------------------------------------------------------------------------------------


def locked() -> Iterator[tuple[str, bytes, str]]:
    yield (
        "an .xlsx with a password",
        ole({"EncryptionInfo": b"x", "EncryptedPackage": zipped(xlsx_parts(table()))}),
        LOCKED,
    )
    yield (
        "an .xls with a password",
        ole({"Workbook": xls_stream([xls_number(0, 0, 1)], settings=biff(0x2F, bytes(54)))}),
        LOCKED,
    )
    sealed = bytearray(xlsx())
    at = 0
    while (at := sealed.find(b"PK\x01\x02", at)) >= 0:
        sealed[at + 8] |= 1
        at += 4
    yield "a zip with a password", bytes(sealed), LOCKED
    yield (
        "an .ods with a password",
        zipped({**ods_parts(ods_table()), "META-INF/manifest.xml": b"<manifest:encryption-data/>"}),
        LOCKED,
    )


def other_files() -> Iterator[tuple[str, bytes, str]]:
    page = "<table><tr><td>项目名称</td></tr></table>"
    yield "HTML as .xls", f"<html>{page}</html>".encode(), "is a web page (HTML)"
    yield (
        "HTML of Excel itself",
        f'<html xmlns:x="urn:schemas-microsoft-com:office:excel">{page}</html>'.encode("gb18030"),
        "is a web page",
    )
    yield "a bare table of HTML", page.encode("utf-16"), "is a web page (HTML)"
    yield (
        "an archive of a web page",
        b"MIME-Version: 1.0\r\nX-Document-Type: Workbook\r\n\r\n" + page.encode(),
        "is a web archive",
    )
    yield (
        "a workbook as XML",
        b'<?xml version="1.0"?>\n<?mso-application progid="Excel.Sheet"?>\n'
        + (b'<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>'),
        "is an 'XML Spreadsheet 2003'",
    )
    yield "a PDF", b"%PDF-1.4\n" + bytes(range(256)), "is a PDF"


def truncated() -> Iterator[tuple[str, bytes, str]]:
    for name in ("county.xlsx", "county.ods", "county.xlsb"):
        content = (DATA / name).read_bytes()
        directory = content.rfind(b"PK\x01\x02")
        for kept in (3, 30, len(content) // 4, len(content) // 2, directory, len(content) - 30, len(content) - 1):
            yield f"{name} after {kept} of {len(content)} bytes", content[:kept], ""
    content = (DATA / "county.xls").read_bytes()
    for kept in (8, 76, 512, 700, 1024, 2048, 4096, 5000):
        yield f"county.xls after {kept} of {len(content)} bytes", content[:kept], ""


def damaged_binaries() -> Iterator[tuple[str, bytes, str]]:
    number = xls_number(0, 0, 1)
    yield (
        "a record over the end of an .xls",
        ole({"Workbook": xls_stream([number])[:-4] + struct.pack("<HH", 0x203, 60_000)}),
        DAMAGED,
    )
    stream = xls_stream([number])
    at = stream.index(struct.pack("<H", 0x85)) + 4
    yield (
        "a sheet beyond the end of an .xls",
        ole({"Workbook": stream[:at] + struct.pack("<I", 10**9) + stream[at + 4 :]}),
        DAMAGED,
    )
    yield (
        "a sheet that is the globals",
        ole({"Workbook": stream[:at] + struct.pack("<I", 0) + stream[at + 4 :]}),
        DAMAGED,
    )
    yield "an .xls without records", ole({"Workbook": bytes(4096)}), DAMAGED
    yield "a number too short", ole({"Workbook": xls_stream([biff(0x203, b"\0\0")])}), DAMAGED
    circle = bytearray(ole({"Workbook": xls_stream([number])}))
    circle[76:80] = struct.pack("<I", 0)
    yield "an OLE file whose table is itself", bytes(circle), DAMAGED
    parts = xlsb_parts([xlsb_row(0), xlsb_cell(6, 0, struct.pack("<I", 2**31) + b"x")])
    yield "a text over the end of an .xlsb", zipped(parts), DAMAGED
    parts = xlsb_parts([])
    yield (
        "a record over the end of an .xlsb",
        zipped({**parts, "xl/worksheets/sheet1.bin": b"\x81\x01\xff\xff\xff\x7f"}),
        DAMAGED,
    )
    yield "an .xlsb whose book is nothing", zipped({**parts, "xl/workbook.bin": b""}), ""
    yield (
        "an .ods repeated less than once",
        ods('<table:table-row table:number-rows-repeated="-5"><table:table-cell/></table:table-row>'),
        DAMAGED,
    )
    yield "an .ods repeated beyond count", ods(f'<table:table-row table:number-rows-repeated="{"9" * 400}"/>'), DAMAGED
    yield "an .ods without content", zipped({"mimetype": ods_parts("")["mimetype"]}), DAMAGED


def sound_binaries() -> Iterator[tuple[str, bytes]]:
    yield "an .ods that is sound", ods(ods_table())
    texts = [
        biff(0x204, struct.pack("<HHHHB", row, column, 0, len(str(value)), 1) + str(value).encode("utf-16-le"))
        if isinstance(value, str)
        else xls_number(row, column, float(str(value)))
        for row, values in enumerate((TITLES, *ROWS))
        for column, value in enumerate(values)
    ]
    yield "an .xls that is sound", ole({"Workbook": xls_stream(texts)})
    yield "an .xls with macros", ole({"Workbook": xls_stream(texts), "_VBA_PROJECT_CUR": b"never opened"})
    cells = []
    for row, values in enumerate((TITLES, *ROWS)):
        cells.append(xlsb_row(row))
        for column, value in enumerate(values):
            body = wide(value) if isinstance(value, str) else struct.pack("<d", float(str(value)))
            cells.append(xlsb_cell(6 if isinstance(value, str) else 5, column, body))
    yield "an .xlsb that is sound", zipped(xlsb_parts(cells))
    yield "an .xlsb with a record nobody knows", zipped(xlsb_parts(cells, behind=record(9999, b"x" * 300)))
