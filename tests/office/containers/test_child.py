"""Work on a file in a child process: its bytes come back in order, or why it gave none."""

from __future__ import annotations

import ctypes
import os
import time
from functools import partial
from pathlib import Path

import pytest

from guatu.declarations import load_pack
from guatu.dispatch.reading import read_all
from guatu.office.containers import child
from guatu.office.containers.child import BrokenOff, run_each
from guatu.office.containers.grid import column_letters
from guatu.office.containers.limits import Limits
from guatu.office.workbooks import (
    Memory,
    UnreadableWorkbook,
    WorkbookReading,
    pack_reading,
    read_each,
    read_workbook,
)
from guatu.office.workbooks.error_workbook import write_error_workbook
from guatu.standards.periods import Period
from guatu.text import Refusal, Text
from tests.office.containers.binary import xlsx
from tests.office.containers.test_kinds import DATA, LEDGER

AUGUST = Period.month(2023, 8)
SOON = Limits(seconds=2)


def said(word: str) -> bytes:
    return word.encode()


def hoard() -> bytes:
    kept = []
    while True:
        kept.append(bytes(10_000_000))


def overrun() -> bytes:
    """What a library in C does when it is given a hostile file."""
    return ctypes.string_at(0)


def stumble() -> bytes:
    return bytes(1 // 0)


def toil() -> bytes:
    while True:
        pass


def sleep() -> bytes:
    time.sleep(600)
    return b""


def test_answers_come_in_the_order_of_the_tasks_whichever_ends_first() -> None:
    tasks = [partial(said, word) for word in ("甲", "乙", "丙", "丁")]

    assert run_each(tasks, Limits()) == [said(word) for word in ("甲", "乙", "丙", "丁")]


def test_an_answer_larger_than_a_pipe_comes_whole() -> None:
    assert run_each([partial(bytes, 30_000_000)], Limits()) == [bytes(30_000_000)]


@pytest.mark.parametrize(
    ("task", "reason", "detail"),
    [
        (toil, "time or clock", ""),  # the clock, where others leave it no processor
        (sleep, "clock", ""),
        (hoard, "memory", ""),
        (overrun, "fault", "SIGSEGV"),
        (os.abort, "fault", "SIGABRT"),
        (partial(os._exit, 7), "fault", "exit 7"),
        (stumble, "fault", "ZeroDivisionError at test_child.py"),
    ],
)
def test_a_task_that_breaks_off_says_why_and_the_others_go_on(task: child.Task, reason: str, detail: str) -> None:
    before, broken, after = run_each([partial(said, "甲"), task, partial(said, "乙")], SOON)

    assert (before, after) == (said("甲"), said("乙"))
    assert isinstance(broken, BrokenOff)
    assert broken.reason in reason and broken.detail.startswith(detail)


def test_a_refusal_says_the_limit_and_the_setting_that_raises_it() -> None:
    slow, late, large, odd = (
        BrokenOff(reason).refusal("某区.xlsx", Limits()) for reason in ("time", "clock", "memory", "fault")
    )

    assert "took longer than 20 s" in slow.what.en and "GUATU_MOST_SECONDS" in slow.remedy.zh
    assert "was not read after 100 s" in late.what.en and "GUATU_MOST_SECONDS" in late.remedy.en
    assert "needed more than 512 MB" in large.what.en and "GUATU_MOST_MEMORY_MB" in large.remedy.en
    assert "the reader broke off" in odd.what.en and "GUATU" not in odd.remedy.en


@pytest.mark.parametrize("words", [(), ("甲",), ("甲", "乙", "丙", "丁", "戊")])
def test_what_is_to_be_done_meanwhile_is_done_here_once(words: tuple[str, ...]) -> None:
    done: list[int] = []

    answers = run_each([partial(said, word) for word in words], Limits(), meanwhile=lambda: done.append(os.getpid()))

    assert done == [os.getpid()]
    assert answers == [said(word) for word in words]


def test_a_fault_meanwhile_ends_the_tasks() -> None:
    def fail() -> None:
        raise LookupError("the rulebook")

    with pytest.raises(LookupError, match="the rulebook"):
        run_each([sleep, sleep], Limits(), meanwhile=fail)

    assert child.multiprocessing.active_children() == []


def test_nothing_is_left_running_or_open() -> None:
    held = Path("/proc/self/fd")
    run_each([partial(said, "甲")], Limits())
    before = len(list(held.iterdir())) if held.exists() else 0

    run_each([sleep, partial(said, "甲"), stumble], Limits(seconds=1))

    assert child.multiprocessing.active_children() == []
    assert (len(list(held.iterdir())) if held.exists() else 0) == before


# -- workbooks ------------------------------------------------------------------------------------------------------


def large() -> bytes:
    cells = "".join(f'<c r="{column_letters(column)}{{0}}"><v>1.5</v></c>' for column in range(60))
    return xlsx("".join(f'<row r="{row}">{cells.replace("{0}", str(row))}</row>' for row in range(1, 20_001)))


def test_a_workbook_that_needs_too_much_memory_is_refused_and_the_others_are_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GUATU_MOST_MEMORY_MB", "60")
    # In a fresh interpreter: a fork of these tests would have whatever they once used and gave back to itself.
    monkeypatch.setattr(child, "_CAN_FORK", False)
    heavy = tmp_path / "平度市.xlsx"
    heavy.write_bytes(large())
    heard: list[tuple[int, int]] = []

    first, second, third = read_all(
        [DATA / "county.xls", heavy, DATA / "county.ods"],
        LEDGER,
        AUGUST,
        list(load_pack("demo/pack").units.values()),
        memory=Memory(),
        answers=None,
        notice=lambda _, count, total: heard.append((count, total)),
    )

    assert [len(reading.rows) for reading in (first, second, third)] == [4, 0, 4]
    [finding] = second.findings
    assert (finding.code, finding.workbook, finding.grade) == ("unreadable", "平度市.xlsx", "error")
    assert "needed more than 60 MB" in finding.reason.en
    assert second.unit is not None and second.unit.title.zh == "平度市"
    assert heard == [(0, 3), (1, 3), (2, 3), (3, 3)]


def the_one(found: list[WorkbookReading | UnreadableWorkbook]) -> WorkbookReading:
    [reading] = found
    assert isinstance(reading, WorkbookReading)
    return reading


def test_what_a_child_reads_is_what_would_be_read_here() -> None:
    for name in ("county.xlsx", "county.xls", "county.xlsb", "county.ods"):
        read = partial(read_workbook, DATA / name, LEDGER, period=AUGUST)

        assert pack_reading(the_one(read_each([(DATA / name, read)]))) == pack_reading(read())


def test_where_there_is_no_fork_a_fresh_interpreter_reads(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(child, "_CAN_FORK", False)
    read = partial(read_workbook, DATA / "county.xls", LEDGER, period=AUGUST)

    assert pack_reading(the_one(read_each([(DATA / "county.xls", read)]))) == pack_reading(read())


def test_a_refusal_of_anything_but_the_workbook_stops_the_round() -> None:
    def read() -> None:
        raise Refusal("mapping.yaml:3", Text("不认识", "is not known"), Text("改正", "Correct it"))

    with pytest.raises(Refusal, match=r"mapping\.yaml:3") as refused:
        read_each([(DATA / "county.xls", read)])  # type: ignore[list-item]
    assert not isinstance(refused.value, UnreadableWorkbook)


def test_what_is_no_reading_is_refused_like_a_broken_reader() -> None:
    class Taken:
        """What a child that a file took over may answer."""

    [found] = read_each([(DATA / "county.xls", Taken)])  # type: ignore[list-item]

    assert isinstance(found, UnreadableWorkbook)
    assert "the reader broke off" in found.what.en


def test_marks_that_cannot_be_written_into_the_workbook_go_back_as_a_list(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import openpyxl

    findings = read_workbook(DATA / "county.xls", LEDGER, period=AUGUST).findings
    monkeypatch.setenv("GUATU_MOST_MEMORY_MB", "1")
    heavy = tmp_path / "平度市.xlsx"
    heavy.write_bytes(large())

    write_error_workbook(heavy, findings, tmp_path / "marked.xlsx")

    [sheet] = openpyxl.load_workbook(tmp_path / "marked.xlsx").worksheets
    assert sheet.title == "填报问题" and sheet.max_row == 1 + len(findings)


def test_a_file_of_any_size_has_its_fingerprint_taken(tmp_path: Path) -> None:
    path = tmp_path / "平度市.xlsx"
    with path.open("wb") as file:
        file.truncate(30 * 1024 * 1024)

    [reading] = read_all([path], LEDGER, AUGUST, (), memory=Memory(), answers=None, notice=lambda *_: None)

    assert len(reading.sha256) == 64
    assert "has 30.0 MB, the limit is 10 MB" in reading.findings[0].reason.en
