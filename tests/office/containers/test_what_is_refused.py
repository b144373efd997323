"""A file that is no workbook is refused by what it really is, whatever its name claims, with how to save it."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import docx
import openpyxl
import pytest

from guatu.declarations import load_pack
from guatu.office.workbooks import UnreadableWorkbook, read_workbook
from guatu.standards.periods import Period
from tests.office.containers.binary import biff, ole, xls, xls_number, zipped

LEDGER = load_pack("key_projects").ledger
OLE = bytes.fromhex("D0CF11E0A1B11AE1") + bytes(504)
ODF = b"application/vnd.oasis.opendocument."


def whole() -> bytes:
    held = io.BytesIO()
    openpyxl.Workbook().save(held)
    return held.getvalue()


def word() -> bytes:
    held = io.BytesIO()
    docx.Document().save(held)
    return held.getvalue()


def locked_zip() -> bytes:
    """A zip whose directory says its parts are encrypted."""
    content = bytearray(whole())
    at = 0
    while (at := content.find(b"PK\x01\x02", at)) >= 0:
        content[at + 8] |= 1
        at += 4
    return bytes(content)


SAID: dict[str, tuple[Callable[[], bytes], str]] = {
    "empty": (lambda: b"", "is an empty file"),
    "zero bytes": (lambda: bytes(5000), "nothing but zero bytes"),
    "damaged OLE": (lambda: OLE, "is damaged"),
    "encrypted xlsx": (lambda: ole({"EncryptionInfo": b"x", "EncryptedPackage": b"x"}), "is protected with a password"),
    "encrypted xls": (lambda: xls(xls_number(0, 0, 1), settings=biff(0x2F, bytes(6))), "is protected with a password"),
    "encrypted zip": (locked_zip, "is protected with a password"),
    "encrypted ods": (
        lambda: zipped({"mimetype": ODF + b"spreadsheet", "META-INF/manifest.xml": b"<m:encryption-data/>"}),
        "is protected with a password",
    ),
    "Word 97": (lambda: ole({"WordDocument": b"x"}), "is a Word document (.doc)"),
    "PowerPoint 97": (lambda: ole({"PowerPoint Document": b"x"}), "is a PowerPoint presentation (.ppt)"),
    "Outlook": (lambda: ole({"__properties_version1.0": b"x"}), "is an Outlook message"),
    "other OLE": (lambda: ole({"CONTENTS": b"x"}), "is an Office file without a workbook inside"),
    "Word": (word, "is a Word document (.docx)"),
    "PowerPoint": (lambda: zipped({"[Content_Types].xml": b"", "ppt/presentation.xml": b""}), "is a PowerPoint"),
    "Numbers": (lambda: zipped({"Index/Document.iwa": b"x", "preview.jpg": b"x"}), "is an Apple iWork document"),
    "Writer": (lambda: zipped({"mimetype": ODF + b"text"}), "is an OpenDocument file, but no spreadsheet"),
    "zip of workbooks": (lambda: zipped({"8月/某区.xlsx": whole()}), "is a zip archive with workbooks inside"),
    "zip of pictures": (lambda: zipped({"a.jpg": b"x"}), "is a zip archive without a workbook"),
    "empty zip": (lambda: zipped({}), "is an empty zip archive"),
    "torn zip": (lambda: b"PK\x03\x04 and nothing that follows", "is damaged"),
    "PDF": (lambda: b"%PDF-1.7\n%\xe2\xe3", "is a PDF"),
    "PDF behind a mark": (lambda: b"\xef\xbb\xbf%PDF-1.4\n", "is a PDF"),
    "RTF": (lambda: b"{\\rtf1\\ansi", "is an RTF document"),
    "RAR": (lambda: b"Rar!\x1a\x07\x01\x00", "is a RAR archive"),
    "7z": (lambda: b"7z\xbc\xaf\x27\x1c\x00\x04", "is a 7z archive"),
    "gzip": (lambda: b"\x1f\x8b\x08\x00", "is a gzip archive"),
    "PNG": (lambda: b"\x89PNG\r\n\x1a\n", "is a picture (PNG)"),
    "JPEG": (lambda: b"\xff\xd8\xff\xe0", "is a picture (JPEG)"),
    "WebP": (lambda: b"RIFF\x00\x00\x00\x00WEBPVP8 ", "is a picture"),
    "SQLite": (lambda: b"SQLite format 3\x00", "is an SQLite database"),
    "HTML": (lambda: b"<html><body><table><tr><td>1</td></tr></table>", "is a web page (HTML)"),
    "HTML with a mark": (lambda: "\ufeff\r\n<TABLE><tr><td>甲</td></tr></TABLE>".encode(), "is a web page (HTML)"),
    "HTML in UTF-16": (lambda: "\ufeff<html><table/>".encode("utf-16-le"), "is a web page (HTML)"),
    "XML Spreadsheet": (
        lambda: b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>',
        "is an 'XML Spreadsheet 2003'",
    ),
    "flat ODS": (
        lambda: (
            b'<?xml version="1.0"?><office:document xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"/>'
        ),
        "is OpenDocument as one XML file",
    ),
    "XML": (lambda: b'<?xml version="1.0"?><rows/>', "is XML data"),
    "MHTML": (lambda: b"MIME-Version: 1.0\r\nContent-Type: multipart/related;", "is a web archive (MHTML)"),
    "SYLK": (lambda: b"ID;PWXL;N;E\r\n", "is a SYLK sheet"),
    "Excel 4": (lambda: b"\x09\x04\x06\x00\x00\x04\x10\x00", "is a sheet of Excel 4 or before"),
    "noise": (lambda: bytes(range(256)) * 40, "is not an Excel workbook, nor text"),
}


@pytest.mark.parametrize("kind", SAID)
@pytest.mark.parametrize("suffix", ["xlsx", "xls", "csv"])
def test_what_the_file_really_is_is_said(kind: str, suffix: str, tmp_path: Path) -> None:
    make, words = SAID[kind]
    path = tmp_path / f"某区.{suffix}"
    path.write_bytes(make())

    with pytest.raises(UnreadableWorkbook) as refused:
        read_workbook(path, LEDGER, period=Period.month(2021, 8))

    said = refused.value
    assert words in said.what.en
    assert said.where == f"某区.{suffix}"
    assert said.what.zh.startswith("文件") and said.remedy.zh and said.remedy.en


@pytest.mark.parametrize("kept", [0.2, 0.5, 0.8, 0.99])
def test_a_truncated_workbook_is_refused_and_never_crashes(tmp_path: Path, kept: float) -> None:
    content = whole()
    path = tmp_path / "某区.xlsx"
    path.write_bytes(content[: int(len(content) * kept)])

    with pytest.raises(UnreadableWorkbook):
        read_workbook(path, LEDGER, period=Period.month(2021, 8))


def test_a_workbook_behind_other_bytes_is_still_what_it_is(tmp_path: Path) -> None:
    held = io.BytesIO(whole())
    with zipfile.ZipFile(held, "a") as archive:
        archive.comment = b"sent by the county"
    path = tmp_path / "某区.xlsx"
    path.write_bytes(held.getvalue())

    assert read_workbook(path, LEDGER, period=Period.month(2021, 8)).tables == ()


def test_a_folder_is_no_workbook(tmp_path: Path) -> None:
    (tmp_path / "某区.xlsx").mkdir()

    with pytest.raises(UnreadableWorkbook, match="is no regular file"):
        read_workbook(tmp_path / "某区.xlsx", LEDGER, period=Period.month(2021, 8))
