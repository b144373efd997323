"""Containers hostile as zip files: bombs, names that point outside, relations that lead nowhere."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator

from tests.office.containers.binary import (
    MAIN,
    OFFICE,
    ods_parts,
    relations,
    xlsb_parts,
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
from tests.office.containers.lying_zip import Part, lying_zip, parts


def bombs() -> Iterator[tuple[str, bytes, str]]:
    zeros = bytes(120 * 1024 * 1024)
    for part in ("xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/media/image1.png"):
        yield f"zeros in {part}", xlsx(raw={part: zeros}), "unpacks to 1"
    yield "zeros in an .ods", zipped({**ods_parts(ods_table()), "content.xml": zeros}), "unpacks to 120.0 MB"
    yield "zeros in an .xlsb", zipped({**xlsb_parts([]), "xl/media/a.bin": zeros}), "unpacks to 120.0 MB"
    yield (
        "a directory that says too little",
        lying_zip([*parts(), Part("xl/sharedStrings.xml", zeros, said_size=1000, said_crc=zlib.crc32(bytes(1000)))]),
        DAMAGED,
    )
    yield (
        "a directory that says too much",
        lying_zip([*parts(), Part("docProps/a.xml", b"<a/>", said_size=5000)]),
        DAMAGED,
    )
    yield (
        "a checksum that is not the checksum",
        lying_zip([*parts(), Part("docProps/a.xml", b"<a/>", said_crc=7)]),
        DAMAGED,
    )
    yield "parts that share their bytes", lying_zip([*parts(), Part("docProps/a.xml", b"<a/>", at=0)]), DAMAGED
    yield "a part beyond the end", lying_zip([*parts(), Part("docProps/a.xml", b"<a/>", at=10**9)]), DAMAGED
    yield (
        "a part under another name",
        lying_zip([*parts(), Part("docProps/a.xml", b"<a/>", local_name="docProps/b.xml")]),
        DAMAGED,
    )
    yield "zips inside a zip", zipped({"a.zip": zipped({"b.zip": zipped({"c.bin": bytes(10**7)})})}), "is a zip archive"


# -- relations, names ------------------------------------------------------------------------------------------------


def names() -> Iterator[tuple[str, bytes, str]]:
    for name in (
        "../../etc/cron.d/x",
        "/etc/passwd",
        "C:\\windows\\x.dll",
        "xl\\..\\..\\x",
        "xl/../../x",
        "\\\\server\\x",
    ):
        yield f"a part called {name}", lying_zip([*parts(), Part(name, b"x")]), DAMAGED
    yield (
        "a part called twice",
        lying_zip([*parts(), Part("xl/workbook.xml", xlsx_parts("")["xl/workbook.xml"])]),
        DAMAGED,
    )
    yield (
        "a part called twice in other letters",
        lying_zip([*parts(), Part("XL/Worksheets/Sheet1.XML", b"<x/>")]),
        DAMAGED,
    )
    yield "201 parts", xlsx(raw={f"xl/media/{n}.png": b"" for n in range(196)}), "is made of 201 parts"
    yield "20,000 parts", xlsx(raw={f"p{n}": b"" for n in range(20_000)}), "is made of 20005 parts"
    yield (
        "a sheet that is not there",
        xlsx(more={"xl/_rels/workbook.xml.rels": relations(("worksheet", "no.xml"))}),
        DAMAGED,
    )
    yield (
        "a workbook that is not there",
        xlsx(more={"_rels/.rels": relations(("officeDocument", "xl/no.xml"))}),
        DAMAGED,
    )
    yield "no word which part is the workbook", xlsx(more={"_rels/.rels": relations()}), DAMAGED
    yield (
        "a sheet that is the workbook",
        xlsx(more={"xl/_rels/workbook.xml.rels": relations(("worksheet", "workbook.xml"))}),
        DAMAGED,
    )
    yield (
        "a sheet out on the net",
        xlsx(
            more={
                "xl/_rels/workbook.xml.rels": f'<Relationships><Relationship Id="rId1" Type="{OFFICE}/worksheet" '
                'TargetMode="External" Target="http://example.invalid/sheet.xml"/></Relationships>'
            }
        ),
        DAMAGED,
    )
    yield (
        "two sheets of one name",
        xlsx(
            more={
                "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>'
                '<sheet name="表" sheetId="1" r:id="rId1"/><sheet name="表" sheetId="2" r:id="rId1"/></sheets></workbook>'
            }
        ),
        DAMAGED,
    )
    yield "a text that is not among the shared ones", xlsx('<row r="9"><c r="A9" t="s"><v>99</v></c></row>'), DAMAGED
    for said in ("", "Sheet!A1"):
        yield (
            f"a dimension of {said or 'nothing'}",
            zipped(xlsx_parts("", worksheet(table(), before=f'<dimension ref="{said}"/>'))),
            DAMAGED,
        )
    yield "shared texts beyond count", _shared(300_000, said=2**32 - 1), "needed more than 512 MB"
    yield "another end in the zip's tail", _commented(b"PK\x05\x06 sent by the county"), DAMAGED
    yield "bytes before the zip", b"sent by the county\r\n" + xlsx(), "is not an Excel workbook, nor text"


def odd_but_sound() -> Iterator[tuple[str, bytes]]:
    loop = relations(
        ("worksheet", "worksheets/sheet1.xml"), ("officeDocument", "workbook.xml"), ("worksheet", "workbook.xml")
    )
    yield "relations in a circle", xlsx(more={"xl/_rels/workbook.xml.rels": loop})
    yield (
        "a sheet related to itself",
        xlsx(more={"xl/worksheets/_rels/sheet1.xml.rels": relations(("comments", "sheet1.xml"))}),
    )
    yield (
        "a link out of a cell",
        xlsx(
            more={
                "xl/worksheets/_rels/sheet1.xml.rels": f'<Relationships><Relationship Id="rId1" Type="{OFFICE}/hyperlink" '
                'TargetMode="External" Target="http://example.invalid/"/></Relationships>'
            }
        ),
    )
    yield (
        "links to other workbooks",
        xlsx(
            more={
                "xl/_rels/workbook.xml.rels": relations(
                    ("worksheet", "worksheets/sheet1.xml"), ("externalLink", "externalLinks/externalLink1.xml")
                ),
                "xl/externalLinks/externalLink1.xml": f'<externalLink xmlns="{MAIN}"/>',
            }
        ),
    )
    yield "a workbook inside the workbook", xlsx(raw={"xl/embeddings/book.xlsx": zipped(xlsx_parts(table()))})
    yield "macros", xlsx(raw={"xl/vbaProject.bin": b"\xd0\xcf\x11\xe0 never opened"})
    yield "many shared texts nobody uses", _shared(300_000, said=300_000)
    yield (
        "numbers beyond all numbers",
        xlsx('<row r="9"><c r="J9"><v>1e999</v></c><c r="K9"><v>-1e999</v></c><c r="L9"><v>NaN</v></c></row>'),
    )
    yield (
        "control characters in a text",
        xlsx('<row r="9"><c r="J9" t="inlineStr"><is><t>a_x0000_b_x001F_</t></is></c></row>'),
    )
    yield "a comment in the zip's tail", _commented(b"sent by the county")


def _shared(count: int, *, said: int) -> bytes:
    return xlsx(
        more={
            "xl/sharedStrings.xml": f'<sst xmlns="{MAIN}" count="{said}" uniqueCount="{said}">'
            + "<si><t>x</t></si>" * count
            + "</sst>",
            "xl/_rels/workbook.xml.rels": relations(
                ("worksheet", "worksheets/sheet1.xml"), ("sharedStrings", "sharedStrings.xml")
            ),
        }
    )


def _commented(comment: bytes) -> bytes:
    held = io.BytesIO(xlsx())
    with zipfile.ZipFile(held, "a") as archive:
        archive.comment = comment
    return held.getvalue()
