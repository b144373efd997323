"""A file that is no .xlsx is refused by what it really is, whatever its name claims."""

from pathlib import Path

import docx
import openpyxl
import pytest

from guatu.declarations import load_pack
from guatu.office.workbooks import UnreadableWorkbook, read_workbook
from guatu.standards.periods import Period

LEDGER = load_pack("key_projects").ledger
OLE = bytes.fromhex("D0CF11E0A1B11AE1") + bytes(504)


def whole(folder: Path) -> bytes:
    path = folder / "whole.xlsx"
    openpyxl.Workbook().save(path)
    return path.read_bytes()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "is an empty file"),
        ("项目名称,总投资".encode(), "is not an Excel workbook"),
        (OLE, "is in the old format (.xls)"),
        (OLE + "EncryptedPackage".encode("utf-16-le"), "is protected with a password"),
        (b"PK\x03\x04 and nothing that follows", "damaged"),
    ],
)
def test_what_the_file_really_is_is_said(tmp_path: Path, content: bytes, words: str) -> None:
    path = tmp_path / "某区.xlsx"
    path.write_bytes(content)

    with pytest.raises(UnreadableWorkbook) as refused:
        read_workbook(path, LEDGER, period=Period.month(2021, 8))

    assert words in refused.value.what.en
    assert refused.value.where == "某区.xlsx"


@pytest.mark.parametrize("kept", [0.2, 0.5, 0.8, 0.99])
def test_a_truncated_workbook_is_refused_and_never_crashes(tmp_path: Path, kept: float) -> None:
    content = whole(tmp_path)
    path = tmp_path / "某区.xlsx"
    path.write_bytes(content[: int(len(content) * kept)])

    with pytest.raises(UnreadableWorkbook):
        read_workbook(path, LEDGER, period=Period.month(2021, 8))


def test_a_word_document_under_the_name_of_a_workbook_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "某区.xlsx"
    docx.Document().save(str(path))

    with pytest.raises(UnreadableWorkbook):
        read_workbook(path, LEDGER, period=Period.month(2021, 8))
