"""Every container of the hostile corpus is refused with its reason or read right: no crash, and no row of a refused file."""

from __future__ import annotations

from pathlib import Path

import pytest

from guatu.dispatch.reading import read_all
from guatu.office.workbooks import Memory, WorkbookReading
from guatu.standards.periods import Period
from tests.office.containers.binary import xlsx_parts, zipped
from tests.office.containers.hostile import Hostile, corpus
from tests.office.containers.ledger_file import table
from tests.office.containers.test_kinds import LEDGER

AUGUST = Period.month(2023, 8)


@pytest.fixture(scope="module")
def judged(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[Hostile, WorkbookReading]]:
    """The corpus read by the door a round is read by."""
    folder = tmp_path_factory.mktemp("hostile")
    made, paths = [], []
    for number, one in enumerate(corpus()):
        path = folder / f"{number:03}.xlsx"
        path.write_bytes(one.content)
        made.append(Hostile(one.kind, one.variant, b"", one.refused, one.names))
        paths.append(path)
    readings = read_all(paths, LEDGER, AUGUST, (), memory=Memory(), answers=None, notice=lambda *_: None)
    return list(zip(made, readings, strict=True))


def unreadable(reading: WorkbookReading) -> str:
    return " ".join(one.reason.en for one in reading.findings if one.code == "unreadable")


def test_the_corpus_is_as_large_as_it_is_said_to_be(judged: list[tuple[Hostile, WorkbookReading]]) -> None:
    assert len(judged) >= 120
    assert len({one.title for one, _ in judged}) == len(judged)


def test_no_reader_breaks_off_or_is_stopped(judged: list[tuple[Hostile, WorkbookReading]]) -> None:
    """But for the one whose maker meant it to: a count of four thousand million texts, which calamine believes."""
    words = ("broke off", "took longer", "was not read", "needed more")
    stopped = [(one, reading) for one, reading in judged if any(word in unreadable(reading) for word in words)]
    assert [one.title for one, _ in stopped] == ["names and relations: shared texts beyond count"]


def test_no_row_is_taken_from_a_refused_file(judged: list[tuple[Hostile, WorkbookReading]]) -> None:
    taken = [one.title for one, reading in judged if one.refused and (len(reading.rows) or not reading.refused)]
    assert taken == []


def test_every_refusal_says_what_is_wrong_and_what_to_do(judged: list[tuple[Hostile, WorkbookReading]]) -> None:
    silent = []
    for one, reading in judged:
        findings = [finding for finding in reading.findings if finding.code == "unreadable"]
        if one.refused and not (len(findings) == 1 and one.refused in findings[0].reason.en and findings[0].remedy.zh):
            silent.append((one.title, unreadable(reading)))
    assert silent == []


def test_what_is_odd_but_sound_is_read_whole(judged: list[tuple[Hostile, WorkbookReading]]) -> None:
    wrong = []
    for one, reading in judged:
        names = tuple(row.value("name") for row in reading.rows)
        if one.names and (names != one.names or unreadable(reading)):
            wrong.append((one.title, names, unreadable(reading) or [f.code for f in reading.findings]))
    assert wrong == []


@pytest.mark.parametrize("written", ["1e999", "-1e999", "NaN", "1e308", "-0", "1E400"])
def test_numbers_that_are_none_are_named_at_their_cell(written: str, tmp_path: Path) -> None:
    rows = table().replace('<c r="D2"><v>1000</v></c>', f'<c r="D2"><v>{written}</v></c>')
    path = tmp_path / "某区.xlsx"
    path.write_bytes(zipped(xlsx_parts(rows)))

    [reading] = read_all([path], LEDGER, AUGUST, (), memory=Memory(), answers=None, notice=lambda *_: None)

    named = {one.cell for one in reading.findings if one.grade in ("error", "question")}
    assert [row.value("name") for row in reading.rows] == ["甲路改造项目", "乙产业园"]
    assert ("D2" in named) == (written != "-0")
    assert reading.rows[0].value("total_investment") == (0 if written == "-0" else None)
