"""What a file really is, told by its bytes and never by its name."""

from __future__ import annotations

import io
import re
from dataclasses import dataclass
from enum import Enum

from guatu.office.containers.archive import Archive
from guatu.office.containers.limits import Limits
from guatu.office.containers.refusals import SAVE_AGAIN, UnreadableWorkbook, refused
from guatu.text import Text


class Kind(Enum):
    """The kinds of file that are read."""

    XLSX = "xlsx"
    """Office Open XML, with or without macros; WPS writes the same under .et."""
    XLSB = "xlsb"
    XLS = "xls"
    """BIFF5 or BIFF8 inside an OLE file; WPS writes the same under .et."""
    ODS = "ods"
    TEXT = "text"
    """Delimited text: CSV, TSV."""


@dataclass(frozen=True)
class Recognised:
    """A file of a kind that is read, opened as far as it took to tell."""

    kind: Kind
    archive: Archive | None = None
    stream: bytes = b""
    """The workbook stream of an .xls."""
    has_macros: bool = False


OLE = bytes.fromhex("D0CF11E0A1B11AE1")
_ZIP = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08", b"PK00PK\x03\x04")
_RESEND = Text(
    "请报原来的 Excel 表（.xlsx），不要报打印件、照片或附在别的文件里的表。",
    "Send the Excel workbook itself (.xlsx), not a print, a picture or a table inside another document.",
)
_UNPACK = Text("解压后把里面的工作簿逐个报来。", "Unpack it and send the workbooks inside one by one.")
_WITHOUT_PASSWORD = Text("去掉打开密码，另存后再报。", "Remove the password to open, save and send it again.")

_Said = tuple[str, str, Text]
_SIGNATURES: tuple[tuple[bytes, _Said], ...] = (
    (b"%PDF", ("是 PDF，不是工作簿", "is a PDF, not a workbook", _RESEND)),
    (b"{\\rtf", ("是 RTF 文档，不是工作簿", "is an RTF document, not a workbook", _RESEND)),
    (b"Rar!\x1a\x07", ("是 RAR 压缩包", "is a RAR archive", _UNPACK)),
    (b"7z\xbc\xaf\x27\x1c", ("是 7z 压缩包", "is a 7z archive", _UNPACK)),
    (b"\x1f\x8b", ("是 gzip 压缩文件", "is a gzip archive", _UNPACK)),
    (b"\x89PNG", ("是图片（PNG）", "is a picture (PNG)", _RESEND)),
    (b"\xff\xd8\xff", ("是图片（JPEG）", "is a picture (JPEG)", _RESEND)),
    (b"GIF8", ("是图片（GIF）", "is a picture (GIF)", _RESEND)),
    (b"II*\x00", ("是图片（TIFF）", "is a picture (TIFF)", _RESEND)),
    (b"MM\x00*", ("是图片（TIFF）", "is a picture (TIFF)", _RESEND)),
    (b"SQLite format 3", ("是 SQLite 数据库", "is an SQLite database", SAVE_AGAIN)),
    (b"PAR1", ("是 Parquet 数据文件", "is a Parquet file", SAVE_AGAIN)),
    (b"\x09\x08", ("是没有外壳的旧 Excel 数据流", "is a bare stream of an old Excel", SAVE_AGAIN)),
    (b"\x09\x00", ("是 Excel 4 以前的表", "is a sheet of Excel 4 or before", SAVE_AGAIN)),
    (b"\x09\x02", ("是 Excel 4 以前的表", "is a sheet of Excel 4 or before", SAVE_AGAIN)),
    (b"\x09\x04", ("是 Excel 4 以前的表", "is a sheet of Excel 4 or before", SAVE_AGAIN)),
    (b"ID;P", ("是 SYLK 表", "is a SYLK sheet", SAVE_AGAIN)),
)
_WEB = ("是网页（HTML），只是名字像表", "is a web page (HTML) under the name of a workbook", SAVE_AGAIN)
_MARKUP: tuple[tuple[bytes, _Said], ...] = (
    (
        b"urn:schemas-microsoft-com:office:spreadsheet",
        ("是“XML 表格 2003”，不是工作簿", "is an 'XML Spreadsheet 2003', not a workbook", SAVE_AGAIN),
    ),
    (
        b"urn:oasis:names:tc:opendocument",
        ("是 OpenDocument 的单文件 XML", "is OpenDocument as one XML file", SAVE_AGAIN),
    ),
    (b"<html", _WEB),
    (b"<!doctype html", _WEB),
    (b"<table", _WEB),
    (b"<meta", _WEB),
    (b"<?xml", ("是 XML 数据，不是工作簿", "is XML data, not a workbook", SAVE_AGAIN)),
)
_OLE_STREAMS: tuple[tuple[str, _Said], ...] = (
    ("EncryptedPackage", ("加了打开密码", "is protected with a password", _WITHOUT_PASSWORD)),
    ("EncryptionInfo", ("加了打开密码", "is protected with a password", _WITHOUT_PASSWORD)),
    ("WordDocument", ("是 Word 文档（.doc），不是工作簿", "is a Word document (.doc), not a workbook", _RESEND)),
    (
        "PowerPoint Document",
        ("是 PowerPoint 演示文稿（.ppt）", "is a PowerPoint presentation (.ppt), not a workbook", _RESEND),
    ),
    ("__properties_version1.0", ("是 Outlook 邮件", "is an Outlook message, not a workbook", _RESEND)),
)
_FOLDERS: tuple[tuple[str, _Said], ...] = (
    ("word/", ("是 Word 文档（.docx），不是工作簿", "is a Word document (.docx), not a workbook", _RESEND)),
    (
        "ppt/",
        ("是 PowerPoint 演示文稿（.pptx）", "is a PowerPoint presentation (.pptx), not a workbook", _RESEND),
    ),
    ("Index/", ("是苹果 iWork 文档（Numbers 等）", "is an Apple iWork document (Numbers or alike)", SAVE_AGAIN)),
    ("Index.zip", ("是苹果 iWork 文档（Numbers 等）", "is an Apple iWork document (Numbers or alike)", SAVE_AGAIN)),
)
_TABLES = (".xlsx", ".xlsm", ".xlsb", ".xls", ".et", ".ods", ".csv", ".tsv")
_ODS = b"application/vnd.oasis.opendocument.spreadsheet"
_WORKBOOK_TYPE = re.compile(rb"(?:spreadsheetml\.(?:sheet|template)|ms-excel\.[\w.]+)\.main\b")
_FEW_CONTROLS = 0.01
_SAMPLE = 65_536


def recognise(name: str, content: bytes, limits: Limits) -> Recognised:
    """The kind of a file that is read; raises UnreadableWorkbook saying what any other file is."""
    if not content:
        raise refused(name, "是空文件", "is an empty file")
    if not content.strip(b"\0"):
        raise refused(name, "里只有零字节，多半是没有传完", "holds nothing but zero bytes: the transfer broke off")
    if content.startswith(OLE):
        return _in_ole(name, content)
    if content.startswith(_ZIP):
        return _in_zip(name, content, limits)
    _require_no_other(name, content)
    return Recognised(Kind.TEXT)


def _in_ole(name: str, content: bytes) -> Recognised:
    from olefile import OleFileIO  # loads slowly, and most files are zips

    try:
        with OleFileIO(io.BytesIO(content)) as ole:
            streams = {"/".join(path): path for path in ole.listdir()}
            for stream, said in _OLE_STREAMS:
                if stream in streams:
                    raise refused(name, *said)
            found = streams.get("Workbook") or streams.get("Book")
            if found is None:
                raise refused(name, "是 Office 文件，但里面没有工作簿", "is an Office file without a workbook inside")
            has_macros = any(stream.startswith("_VBA_PROJECT") for stream in streams)
            return Recognised(Kind.XLS, stream=ole.openstream(found).read(), has_macros=has_macros)
    except UnreadableWorkbook:
        raise
    except Exception as error:  # olefile answers damage with whatever its own slicing raises
        raise refused(name, "已损坏，打不开", f"is damaged and cannot be read ({error})") from error


def _in_zip(name: str, content: bytes, limits: Limits) -> Recognised:
    archive = Archive(name, content, limits)
    names = archive.names
    if not names:
        raise refused(name, "是空的压缩包", "is an empty zip archive", _UNPACK)
    if "mimetype" in names:
        return _open_document(archive)
    if "[Content_Types].xml" in names:
        types = archive.read("[Content_Types].xml")
        if found := _WORKBOOK_TYPE.search(types):
            kind = Kind.XLSB if b"binary" in found[0] else Kind.XLSX
            return Recognised(kind, archive, has_macros=any(part.endswith("vbaProject.bin") for part in names))
    for start, said in _FOLDERS:
        if any(part.startswith(start) for part in names):
            raise refused(name, *said)
    if any(part.lower().endswith(_TABLES) for part in names):
        raise refused(name, "是装着表格的压缩包", "is a zip archive with workbooks inside", _UNPACK)
    raise refused(name, "是压缩包，里面没有工作簿", "is a zip archive without a workbook", _RESEND)


def _open_document(archive: Archive) -> Recognised:
    kind = archive.read("mimetype").strip()
    if "META-INF/manifest.xml" in archive.names and b"encryption-data" in archive.read("META-INF/manifest.xml"):
        raise archive.encrypted()
    if not kind.startswith(_ODS):
        raise refused(
            archive.file, "是 OpenDocument 文档，不是电子表格", "is an OpenDocument file, but no spreadsheet", _RESEND
        )
    return Recognised(Kind.ODS, archive)


def _require_no_other(name: str, content: bytes) -> None:
    """Refuse everything that is neither a container of workbooks nor text."""
    for signature, said in _SIGNATURES:
        if content.startswith(signature):
            raise refused(name, *said)
    if b"%PDF-" in content[:1024]:
        raise refused(name, *_SIGNATURES[0][1])
    start = content[:_SAMPLE].lstrip(b"\xef\xbb\xbf \t\r\n")
    if start.startswith((b"\xff\xfe<", b"\xfe\xff\0<")):
        start = start.replace(b"\0", b"")[2:]
    lowered = start[:4096].lower()
    if lowered.startswith(b"mime-version:") or b"\ncontent-type: multipart/related" in lowered:
        raise refused(name, "是网页存档（MHTML）", "is a web archive (MHTML), not a workbook")
    if lowered.startswith(b"<"):
        for mark, said in _MARKUP:
            if mark in lowered:
                raise refused(name, *said)
    if start[4:12] in (b"ftypheic", b"ftypheix", b"ftypmif1") or (start[:4] == b"RIFF" and start[8:12] == b"WEBP"):
        raise refused(name, "是图片", "is a picture", _RESEND)
    if not _is_text(content[:_SAMPLE]):
        raise refused(name, "不是 Excel 工作簿，也不是文本", "is not an Excel workbook, nor text", _RESEND)


def _is_text(sample: bytes) -> bool:
    """Whether bytes can be text in some encoding: few control characters, zero bytes only where UTF-16 has them."""
    if sample.startswith((b"\xff\xfe", b"\xfe\xff")):
        return True
    zeros = sample.count(0)
    if zeros:
        # ASCII in UTF-16 without a mark has its zeros in every other place.
        return max(sample[::2].count(0), sample[1::2].count(0)) == zeros and zeros * 8 > len(sample)
    controls = sum(sample.count(byte) for byte in range(32) if byte not in b"\t\n\r\x0b\x0c\x1a\x1b")
    return controls <= len(sample) * _FEW_CONTROLS
