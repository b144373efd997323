"""What an attached file really is: a picture, a PDF or an office document; anything else is refused with a remedy."""

from __future__ import annotations

import io
import zipfile
from enum import Enum

import olefile

from guatu.office.containers.archive import Archive
from guatu.office.containers.kinds import OLE
from guatu.office.containers.limits import Limits
from guatu.office.containers.refusals import UnreadableWorkbook, refused
from guatu.text import Text


class AttachmentKind(Enum):
    """Kinds of file that may be attached; the value is the suffix under which one is given out."""

    JPEG = "jpg"
    PNG = "png"
    WEBP = "webp"
    PDF = "pdf"
    DOCX = "docx"
    XLSX = "xlsx"
    PPTX = "pptx"
    DOC = "doc"
    XLS = "xls"
    PPT = "ppt"

    @property
    def is_picture(self) -> bool:
        return self in _PICTURES


_PICTURES = (AttachmentKind.JPEG, AttachmentKind.PNG, AttachmentKind.WEBP)
_ZIP = b"PK\x03\x04"
_MAIN_PARTS = {
    "word/document.xml": AttachmentKind.DOCX,
    "xl/workbook.xml": AttachmentKind.XLSX,
    "ppt/presentation.xml": AttachmentKind.PPTX,
}
_STREAMS = {
    "WordDocument": AttachmentKind.DOC,
    "Workbook": AttachmentKind.XLS,
    "Book": AttachmentKind.XLS,
    "PowerPoint Document": AttachmentKind.PPT,
}
_MACROS = ("Macros", "_VBA_PROJECT_CUR", "_VBA_PROJECT", "VBA")
_PASSWORDS = ("EncryptedPackage", "EncryptionInfo")
TAKEN = Text(
    "可以附：照片（jpg、png、webp）、PDF、Word、Excel、PowerPoint（含 WPS 另存的同类文件）。",
    "What may be attached: pictures (jpg, png, webp), PDF, Word, Excel and PowerPoint files.",
)
_NO_MACROS = Text("另存为不带宏的文件（.docx、.xlsx、.pptx）再附。", "Save it without macros and attach it again.")
_NO_PASSWORD = Text("去掉打开密码，另存后再附。", "Remove the password, save it and attach it again.")
_ONE_THING = Text("用原来的程序打开，另存后再附。", "Open it in its own program, save it anew and attach that.")


def kind_of(name: str, content: bytes, limits: Limits) -> AttachmentKind:
    """The kind of a file by its bytes alone. Raises `UnreadableWorkbook` for what may not be attached."""
    if not content.strip(b"\0"):
        raise refused(name, "是空的，或没有传完", "is empty, or was not sent whole", TAKEN)
    if content.startswith(b"\xff\xd8\xff"):
        return AttachmentKind.JPEG
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return AttachmentKind.PNG
    if content.startswith(b"RIFF") and content[8:12] == b"WEBP":
        return AttachmentKind.WEBP
    if content.startswith(b"%PDF-"):
        return _pdf(name, content)
    if content.startswith(OLE):
        return _in_ole(name, content)
    if content.startswith(_ZIP):
        return _in_zip(name, content, limits)
    raise refused(name, "不是可以附的文件", "is of a kind that may not be attached", TAKEN)


def _pdf(name: str, content: bytes) -> AttachmentKind:
    """A PDF that ends as one, and is no archive for those who read from the end."""
    if b"%%EOF" not in content[-2048:]:
        raise refused(name, "是没有传完的 PDF", "is a PDF that was not sent whole", _ONE_THING)
    if zipfile.is_zipfile(io.BytesIO(content)):
        raise _two_things(name)
    return AttachmentKind.PDF


def _in_zip(name: str, content: bytes, limits: Limits) -> AttachmentKind:
    archive = Archive(name, content, limits)
    found = [kind for part, kind in _MAIN_PARTS.items() if part in archive.names]
    if not found:
        raise refused(name, "是压缩包，不是文档", "is an archive, not a document", TAKEN)
    if len(found) > 1:
        raise _two_things(name)
    if any(part.lower().endswith("vbaproject.bin") for part in archive.names):
        raise refused(name, "里面有宏", "holds macros", _NO_MACROS)
    archive.check_rest()
    return found[0]


def _in_ole(name: str, content: bytes) -> AttachmentKind:
    try:
        with olefile.OleFileIO(io.BytesIO(content)) as opened:
            parts = {part for path in opened.listdir(streams=True, storages=True) for part in path}
    except (OSError, ValueError, IndexError) as error:
        raise refused(name, "已损坏，打不开", f"is damaged and cannot be opened ({error})", _ONE_THING) from error
    if parts.intersection(_PASSWORDS):
        raise refused(name, "加了打开密码", "is protected with a password", _NO_PASSWORD)
    if parts.intersection(_MACROS):
        raise refused(name, "里面有宏", "holds macros", _NO_MACROS)
    for stream, kind in _STREAMS.items():
        if stream in parts:
            return kind
    raise refused(name, "不是可以附的文件", "is of a kind that may not be attached", TAKEN)


def _two_things(name: str) -> UnreadableWorkbook:
    return refused(name, "同时是两种文件", "is two kinds of file at once", _ONE_THING)
