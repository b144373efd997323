"""Containers hostile by their sheets: sparse and wide ones, entities, nesting, absurd extents."""

from __future__ import annotations

import struct
from collections.abc import Iterator

from guatu.office.containers.grid import address
from tests.office.containers.binary import (
    MAIN,
    ods,
    ods_parts,
    ole,
    relations,
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
    ods_table,
    table,
    worksheet,
    xlsx,
)

# -- sparse and wide ------------------------------------------------------------------------------------------------


def _one(row: int, column: int, cell: str = "<v>1</v>", attributes: str = "") -> str:
    return f'<row r="{row + 1}"><c r="{address(row, column)}"{attributes}>{cell}</c></row>'


def sparse() -> Iterator[tuple[str, bytes, str]]:
    yield "one cell in the last column", xlsx(_one(9, 16383)), "uses column 16384"
    yield "one cell in the last row", xlsx(_one(1048575, 0)), "uses row 1048576"
    yield "the last cell there is", xlsx(_one(1048575, 16383)), "uses row 1048576"
    yield (
        "first and last of many rows",
        xlsx(
            "".join(f'<row r="{n}"><c r="A{n}"><v>1</v></c><c r="XFD{n}"><v>1</v></c></row>' for n in range(10, 4000))
        ),
        "uses column 16384",
    )
    yield "a diagonal", xlsx("".join(_one(n, n) for n in range(9, 3000))), "uses column 3000"
    yield "a far text", xlsx(_one(30_000, 1, "<is><t>x</t></is>", ' t="inlineStr"')), "uses row 30001"
    yield "a far formula with a result", xlsx(_one(9, 500, "<f>1+1</f><v>2</v>")), "uses column 501"
    yield "cells without addresses", xlsx("<row>" + "<c><v>1</v></c>" * 5000 + "</row>"), "uses column 5000"
    far = [xls_number(0, 0, 1), xls_number(65535, 255, 1)]
    yield "an .xls from corner to corner", ole({"Workbook": xls_stream(far)}), "uses row 65536"
    yield (
        "an .xlsb in the last column",
        zipped(xlsb_parts([xlsb_row(0), xlsb_cell(5, 16383, struct.pack("<d", 1))])),
        "uses column 16384",
    )
    yield (
        "an .xlsb in a row there is none of",
        zipped(xlsb_parts([xlsb_row(2**31), xlsb_cell(5, 0, struct.pack("<d", 1))])),
        "uses row 2147483649",
    )
    cell = '<table:table-cell office:value-type="float" office:value="1"{}/>'
    times = ' table:number-columns-repeated="100000"'
    yield (
        "an .ods cell repeated",
        ods(ods_table(f"<table:table-row>{cell.format(times)}</table:table-row>")),
        "uses column 100000",
    )
    yield (
        "an .ods row repeated",
        ods(ods_table(f'<table:table-row table:number-rows-repeated="1048000">{cell.format("")}</table:table-row>')),
        "uses row 10480",
    )


def harmless_extent() -> Iterator[tuple[str, bytes]]:
    for said in ("A1:XFD1048576", "ZZZ1:ZZZ99999999", "C3:A1"):
        yield (
            f"a dimension of {said or 'nothing'}",
            zipped(xlsx_parts("", worksheet(table(), before=f'<dimension ref="{said}"/>'))),
        )
    yield "blank cells with a format everywhere", xlsx('<row r="1048576"><c r="XFD1048576" s="0"/></row>')
    yield (
        "all columns hidden to the last",
        zipped(xlsx_parts("", worksheet(table(), before='<cols><col min="100" max="16384" hidden="1"/></cols>'))),
    )
    yield (
        "blank .ods rows to the end",
        ods(ods_table('<table:table-row table:number-rows-repeated="1048000"><table:table-cell/></table:table-row>')),
    )
    yield (
        "a merge over a million rows",
        zipped(
            xlsx_parts(
                "", worksheet(table(), behind='<mergeCells count="1"><mergeCell ref="H1:XFD1048576"/></mergeCells>')
            )
        ),
    )


# -- markup -----------------------------------------------------------------------------------------------------------

_LAUGHS = "<!DOCTYPE lolz [" + '<!ENTITY a "lol">' + "".join(
    f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(9)
) + "]>"  # fmt: skip
_OUTSIDE = '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
_FROM_NET = '<!DOCTYPE x SYSTEM "http://example.invalid/x.dtd">'


def entities() -> Iterator[tuple[str, bytes, str]]:
    clean = {name: data.decode() for name, data in xlsx_parts(table()).items()}
    for part in clean:
        yield f"entities in {part}", zipped(xlsx_parts(table(), {part: _LAUGHS + clean[part]})), DAMAGED
    for part in ("xl/sharedStrings.xml", "xl/styles.xml", "xl/comments1.xml"):
        yield f"entities in {part}", zipped(xlsx_parts(table(), {part: f"{_LAUGHS}<x>&i;</x>"})), DAMAGED
    sheet = "xl/worksheets/sheet1.xml"
    yield (
        "a file from outside",
        zipped(xlsx_parts(table(), {sheet: _OUTSIDE + clean[sheet].replace("甲", "&e;")})),
        DAMAGED,
    )
    yield "a document type from the net", zipped(xlsx_parts(table(), {sheet: _FROM_NET + clean[sheet]})), DAMAGED
    yield (
        "entities in an .ods",
        zipped(
            {
                name: _LAUGHS.encode() + data if name == "content.xml" else data
                for name, data in ods_parts(ods_table()).items()
            }
        ),
        DAMAGED,
    )
    yield (
        "markup in UTF-16",
        zipped(
            {
                name: data.decode().encode("utf-16") if name == sheet else data
                for name, data in xlsx_parts(table()).items()
            }
        ),
        DAMAGED,
    )
    yield (
        "markup in an encoding of its own",
        zipped(xlsx_parts(table(), {sheet: '<?xml version="1.0" encoding="UTF-7"?>' + clean[sheet]})),
        DAMAGED,
    )
    yield "markup that never ends", zipped(xlsx_parts(table(), {sheet: clean[sheet][:-40]})), DAMAGED
    yield (
        "markup crossed over",
        zipped(xlsx_parts(table(), {"xl/workbook.xml": "<workbook><a><b></a></b></workbook>"})),
        DAMAGED,
    )


def deep() -> Iterator[tuple[str, bytes]]:
    nest = "<x>" * 50_000 + "</x>" * 50_000
    yield (
        "styles nested deeply",
        xlsx(
            more={
                "xl/styles.xml": f'<styleSheet xmlns="{MAIN}">{nest}</styleSheet>',
                "xl/_rels/workbook.xml.rels": relations(
                    ("worksheet", "worksheets/sheet1.xml"), ("styles", "styles.xml")
                ),
            }
        ),
    )
    yield "an unknown part nested deeply", xlsx(more={"docProps/custom.xml": nest})
    yield "nesting behind the cells", zipped(xlsx_parts("", worksheet(table(), behind=f"<extLst>{nest}</extLst>")))
