"""Delimited text is read as the workbook it was exported from, or refused with the line."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Sequence
from pathlib import Path

import openpyxl
import pytest

from guatu.declarations import UnitDeclaration, load_pack
from guatu.declarations.located import Place
from guatu.office.containers.delimited import read_delimited
from guatu.office.containers.grid import Book
from guatu.office.workbooks import (
    UnreadableWorkbook,
    WorkbookReading,
    WrongMapping,
    read_workbook,
)
from guatu.office.workbooks.error_workbook import write_error_workbook
from guatu.office.workbooks.memory import SenderFile, memory_of, read_sender_file
from guatu.office.workbooks.memory import written as written_mapping
from guatu.office.workbooks.reading import Sender
from guatu.standards.periods import Period
from guatu.text import Text

LEDGER = load_pack("key_projects").ledger
AUGUST = Period.month(2021, 8)
TITLES = ("序号", "项目名称", "总投资(万元)", "年度计划投资(万元)", "1-8月累计(万元)", "计划开工时间", "存在问题")
ROWS = (
    ("1", "甲路改造项目", "1,000", "500", "100", "2021年3月", "征迁滞后，\n9月底前解决"),
    ("2", "乙产业园；一期", "2000", "800", "400", "2021-04-30", '称作"东区"'),
    ("3", "丙|丁水厂", "3000", "900", "900", "2021/5/6", ""),
)


def written(rows: Sequence[Sequence[str]], delimiter: str = ",") -> str:
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter, lineterminator="\r\n").writerows(rows)
    return text.getvalue()


def cells(book: Book) -> list[tuple[str, ...]]:
    return [tuple(str(value or "") for value in row) for row in book.sheets[0].rows]


def read(folder: Path, content: bytes, **more: object) -> WorkbookReading:
    path = folder / "某区.csv"
    path.write_bytes(content)
    return read_workbook(path, LEDGER, period=AUGUST, **more)  # type: ignore[arg-type]


def codes(reading: WorkbookReading) -> list[tuple[str, str]]:
    return [(one.code, one.cell) for one in reading.findings]


ENCODINGS = {
    "utf-8": lambda text: text.encode(),
    "utf-8 with its mark": lambda text: text.encode("utf-8-sig"),
    "gb18030": lambda text: text.encode("gb18030"),
    "utf-16 little-endian": lambda text: codecs.BOM_UTF16_LE + text.encode("utf-16-le"),
    "utf-16 big-endian": lambda text: codecs.BOM_UTF16_BE + text.encode("utf-16-be"),
    "utf-16 without its mark": lambda text: ("ledger,2021," + text).encode("utf-16-le"),
    "utf-32": lambda text: codecs.BOM_UTF32_LE + text.encode("utf-32-le"),
}


@pytest.mark.parametrize("encoding", [key for key in ENCODINGS if "without" not in key])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_every_encoding_and_delimiter_gives_the_same_cells(encoding: str, delimiter: str) -> None:
    book = read_delimited("某区.csv", ENCODINGS[encoding](written([TITLES, *ROWS], delimiter)))

    assert cells(book) == [TITLES, *ROWS]
    assert book.remarks == ()


def test_utf_16_is_known_without_its_mark() -> None:
    rows = [("name", "cost"), ("Crossrail", "15"), ("新航站楼", "20")]

    assert cells(read_delimited("a.csv", written(rows).encode("utf-16-le"))) == rows
    assert cells(read_delimited("a.csv", written(rows).encode("utf-16-be"))) == rows


def test_western_text_is_read_as_windows_1252_and_that_is_said() -> None:
    rows = [("project", "cost"), ("Académie – “phase 2”", "£12.50"), ("Straße", "£3")]

    book = read_delimited("uk.csv", written(rows).encode("cp1252"))

    assert cells(book) == rows
    assert [(one.code, one.words["encoding"]) for one in book.remarks] == [("encoding_assumed", "cp1252")]


def test_a_single_pound_sign_does_not_make_a_text_chinese() -> None:
    """£m is a sound sequence of GB18030 too, though of no character anybody writes."""
    rows = [("project", "benefits (£m)"), ("Crossrail", "15")]

    assert cells(read_delimited("uk.csv", written(rows).encode("cp1252"))) == rows


def test_who_knows_the_encoding_may_say_it_and_nothing_is_asked() -> None:
    rows = [("project", "cost"), ("Żabka", "3")]

    book = read_delimited("pl.csv", written(rows).encode("cp1250"), encoding="cp1250")

    assert cells(book) == rows
    assert book.remarks == ()


def test_a_declared_encoding_never_overrules_what_the_bytes_say() -> None:
    rows = [("project", "cost"), ("Żabka", "3")]

    assert cells(read_delimited("pl.csv", written(rows).encode(), encoding="cp1252")) == rows


def test_a_byte_that_is_no_character_is_named_at_its_cell() -> None:
    content = written([("project", "aim"), ("Prisons", "the legacy Quantum? system")]).encode().replace(b"?", b"\x9d")

    (_, lost) = read_delimited("uk.csv", content).remarks

    assert (lost.code, lost.cell) == ("lost_character", "B2")
    assert "Quantum\ufffd" in lost.raw


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ('a,b\n1,2\n3,"4\n5,6\n', 3, "never closed"),
        ('a,b\n"x\ny",2\n3,"4" 5\n', 4, "behind a closing quote"),
        ("a,b\n1,2\n3,\x004\n", 3, "zero byte"),
    ],
)
def test_what_can_only_be_guessed_is_refused_with_the_line(text: str, line: int, words: str) -> None:
    with pytest.raises(UnreadableWorkbook) as refused:
        read_delimited("某区.csv", text.encode())

    assert refused.value.where == f"某区.csv:{line}"
    assert words in refused.value.what.en


def test_damaged_utf_16_is_refused() -> None:
    with pytest.raises(UnreadableWorkbook) as refused:
        read_delimited("某区.csv", codecs.BOM_UTF16_LE + "项目,甲".encode("utf-16-le")[:-1])

    assert "UTF-16" in refused.value.what.en


def test_a_row_longer_than_the_table_refuses_the_file_at_that_row(tmp_path: Path) -> None:
    text = written([TITLES, *ROWS]).replace("2000,800", "2,000,800")

    reading = read(tmp_path, text.encode())

    assert reading.refused
    assert ("long_row", "5:5") not in codes(reading)
    assert ("long_row", "3:3") in codes(reading)


def test_blank_cells_left_out_at_the_end_of_rows_are_no_fault() -> None:
    text = "a,b,c,remarks\n1,2,3\n4,5,6\n7,8,9,late\n1,2\n\n"

    book = read_delimited("a.csv", text.encode())

    assert book.remarks == ()
    assert cells(book)[3] == ("7", "8", "9", "late")


def test_the_text_gives_what_the_workbook_gives(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for row in (TITLES, *ROWS):
        book.active.append(list(row))  # type: ignore[union-attr]
    book.save(tmp_path / "某区.xlsx")
    workbook = read_workbook(tmp_path / "某区.xlsx", LEDGER, period=AUGUST)

    text = read(tmp_path, written([TITLES, *ROWS]).encode("gb18030"))

    def told(reading: WorkbookReading) -> list[list[tuple[str, object, str | None, str]]]:
        return [[(one.field, one.value, one.missing, one.address) for one in row.cells] for row in reading.rows]

    assert told(text) == told(workbook)
    assert len(text.rows) == 3


def test_a_month_that_an_export_may_have_shortened_is_asked(tmp_path: Path) -> None:
    rows = [TITLES, (*ROWS[0][:5], "2021.1", "无"), *ROWS[1:]]

    reading = read(tmp_path, written(rows).encode())

    assert ("month_1_or_10", "F2") in codes(reading)
    assert reading.rows[0].value("planned_start") is None


DISTRICT = UnitDeclaration("990001", Text("某区", "Some district"), Place("units.yaml", 1))


def test_what_is_kept_of_the_sender_says_the_encoding(tmp_path: Path) -> None:
    content = written([TITLES, *ROWS]).replace("甲", "£").encode("gb18030").replace("£".encode("gb18030"), b"\xa1\xed")
    memory = memory_of([SenderFile(Sender("990001", "某区"), encoding="big5")], LEDGER)

    assert read(tmp_path, content, units=[DISTRICT]).rows
    reading = read(tmp_path, content, units=[DISTRICT], memory=memory)

    assert "encoding_assumed" not in [one.code for one in reading.findings]
    assert not reading.rows, "read as Big5 there is no title left that anybody knows"


def test_a_kept_encoding_nobody_knows_is_refused(tmp_path: Path) -> None:
    kept = tmp_path / "某区.yaml"
    file = written_mapping(SenderFile(Sender("990001", "某区"), encoding="gb99999"))
    kept.write_text(file, encoding="utf-8")

    with pytest.raises(WrongMapping) as refused:
        read_sender_file(kept)

    line = next(number for number, one in enumerate(file.splitlines(), 1) if "gb99999" in one)
    assert refused.value.where.endswith(f"某区.yaml:{line}")
    assert "gb99999" in refused.value.what.en


def test_the_error_workbook_of_a_text_is_a_workbook(tmp_path: Path) -> None:
    reading = read(tmp_path, written([TITLES, (*ROWS[0][:2], "一千", *ROWS[0][3:]), *ROWS[1:]]).encode())

    write_error_workbook(reading.path, reading.findings, tmp_path / "back.xlsx")

    sheet = openpyxl.load_workbook(tmp_path / "back.xlsx")["某区"]
    assert sheet["C2"].value == "一千"
    assert "应填数字" in sheet["C2"].comment.text
