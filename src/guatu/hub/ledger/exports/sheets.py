"""A table as CSV and as a workbook, written while it is read: the first bytes leave at once, and memory stays flat.

The workbook is written here because XlsxWriter keeps a sheet, in memory or in a file, until it is whole (docs/decisions).
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from html import escape
from io import StringIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from guatu.hub.audit.passing import Passing
from guatu.hub.ledger.exports.columns import Cell, Column, Number
from guatu.hub.ledger.exports.items import Exported
from guatu.office.cell_texts import NOT_XML, safe_text
from guatu.office.containers.grid import column_letters

Rows = Iterable[Sequence[Exported]]
_FIRST_DAY = date(1899, 12, 30).toordinal()
_NUMBER, _DAY, _SHARE, _HEAD = 1, 2, 3, 4
_WIDE, _NARROW = 36, 14


def delimited(columns: Sequence[Column], rows: Rows) -> Iterator[bytes]:
    """UTF-8 with a byte-order mark; days as 2026-08-31, shares as percentages; no cell can start a formula."""
    yield "\ufeff".encode()
    yield _lines([[safe_text(column.title) for column in columns]])
    for batch in rows:
        yield _lines([[_plain(column.cell(item)) for column in columns] for item in batch])


def _lines(table: Iterable[Sequence[str]]) -> bytes:
    text = StringIO()
    csv.writer(text, lineterminator="\r\n").writerows(table)
    return text.getvalue().encode("utf-8", "replace")


def _plain(cell: Cell) -> str:
    match cell:
        case None:
            return ""
        case Number(text=text, is_share=True):
            return f"{(Decimal(text) * 100).normalize():f}%"
        case Number(text=text):
            return text
        case date():
            return cell.isoformat()
    return safe_text(cell)


def workbook(columns: Sequence[Column], rows: Rows) -> Iterator[bytes]:
    """One sheet: a header that stays, a row per item; numbers are numbers, text is text and never a formula."""
    passing = Passing()
    with ZipFile(passing, "w", ZIP_DEFLATED, compresslevel=1) as archive:
        for name, text in _PARTS.items():
            archive.writestr(ZipInfo(name), _XML + text)
        with archive.open(_entry("xl/worksheets/sheet1.xml"), "w", force_zip64=True) as sheet:
            for part in _sheet(columns, rows):
                sheet.write(part.encode("utf-8"))
                yield passing.taken()
    yield passing.taken()


def _entry(name: str) -> ZipInfo:
    entry = ZipInfo(name)
    entry.compress_type = ZIP_DEFLATED
    return entry


def _sheet(columns: Sequence[Column], rows: Rows) -> Iterator[str]:
    letters = [column_letters(number) for number in range(len(columns))]
    widths = "".join(
        f'<col min="{n}" max="{n}" width="{_WIDE if column.wide else _NARROW}" customWidth="1"/>'
        for n, column in enumerate(columns, 1)
    )
    head = "".join(_text(f"{at}1", column.title, _HEAD) for at, column in zip(letters, columns, strict=True))
    yield (
        f'{_XML}<worksheet xmlns="{_MAIN}"><sheetViews><sheetView workbookViewId="0"><pane xSplit="2" ySplit="1" '
        'topLeftCell="C2" activePane="bottomRight" state="frozen"/></sheetView></sheetViews>'
        f'<cols>{widths}</cols><sheetData><row r="1">{head}</row>'
    )
    number = 1
    for batch in rows:
        parts = []
        for item in batch:
            number += 1
            cells = "".join(
                _cell(f"{at}{number}", cell)
                for at, column in zip(letters, columns, strict=True)
                if (cell := column.cell(item)) is not None and cell != ""
            )
            parts.append(f'<row r="{number}">{cells}</row>')
        yield "".join(parts)
    yield f'</sheetData><autoFilter ref="A1:{letters[-1]}{number}"/></worksheet>'


def _cell(at: str, cell: Cell) -> str:
    match cell:
        case Number(text=text, is_share=share):
            return f'<c r="{at}" s="{_SHARE if share else _NUMBER}"><v>{text}</v></c>'
        case date():
            return f'<c r="{at}" s="{_DAY}"><v>{cell.toordinal() - _FIRST_DAY}</v></c>'
    return _text(at, str(cell))


def _text(at: str, text: str, style: int = 0) -> str:
    said = escape(NOT_XML.sub("", safe_text(text)), quote=False)
    styled = f' s="{style}"' if style else ""
    return f'<c r="{at}" t="inlineStr"{styled}><is><t xml:space="preserve">{said}</t></is></c>'


_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATED = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_PARTS = {
    "[Content_Types].xml": (
        f'<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.'
        f'relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" '
        f'ContentType="{_TYPE}.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" '
        f'ContentType="{_TYPE}.worksheet+xml"/><Override PartName="/xl/styles.xml" ContentType="{_TYPE}.styles+xml"/></Types>'
    ),
    "_rels/.rels": (
        f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1" Type="{_RELATED}/officeDocument" '
        'Target="xl/workbook.xml"/></Relationships>'
    ),
    "xl/workbook.xml": (
        f'<workbook xmlns="{_MAIN}" xmlns:r="{_RELATED}"><sheets><sheet name="台账" sheetId="1" r:id="rId1"/></sheets></workbook>'
    ),
    "xl/_rels/workbook.xml.rels": (
        f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1" Type="{_RELATED}/worksheet" '
        f'Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="{_RELATED}/styles" Target="styles.xml"/></Relationships>'
    ),
    "xl/styles.xml": (
        f'<styleSheet xmlns="{_MAIN}"><numFmts count="3"><numFmt numFmtId="164" formatCode="#,##0.######"/><numFmt numFmtId="165" '
        'formatCode="yyyy-mm-dd"/><numFmt numFmtId="166" formatCode="0.######%"/></numFmts><fonts count="2"><font><sz val="10.5"/>'
        '<name val="微软雅黑"/></font><font><b/><sz val="10.5"/><name val="微软雅黑"/></font></fonts><fills count="2"><fill>'
        '<patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border/>'
        '</borders><cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="5"><xf/><xf numFmtId="164" applyNumberFormat="1"/>'
        '<xf numFmtId="165" applyNumberFormat="1"/><xf numFmtId="166" applyNumberFormat="1"/><xf fontId="1" applyFont="1"/></cellXfs>'
        '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
    ),
}
