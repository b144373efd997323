"""What a reader made of dirty cells, against what a careful person does with them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from guatu.declarations.packs import Pack
from guatu.dispatch.candidates import gather
from guatu.dispatch.reconciliation.decisions import Decisions
from guatu.dispatch.reconciliation.rows import RowContext
from guatu.office.workbooks import ReadCell, WorkbookReading, read_each, read_workbook
from tests.office.unseen.bad_cells import BadCell
from tests.office.unseen.dirty import PERIOD, PLACE, SHEET, Seeded, Soiled, kinds, seeded, soiled
from tests.office.unseen.dirty_cells import Dirt
from tests.office.unseen.dirty_tables import CASES, written

SERIOUS = ("error", "question")


@dataclass(slots=True)
class Cleaning:
    """Faults: (kind, cell, raw, what went wrong). A wrong value that nobody was told of is silent."""

    cells: int = 0
    clean: int = 0
    silent: list[str] = field(default_factory=list)
    unnamed: list[str] = field(default_factory=list)
    refused_value: list[str] = field(default_factory=list)
    false_alarms: list[str] = field(default_factory=list)

    @property
    def right(self) -> int:
        return self.cells - len(self.silent) - len(self.unnamed) - len(self.refused_value)


def judge_dirt(folder: Path, pack: Pack) -> Cleaning:
    verdict = Cleaning()
    for kind in kinds():
        made = soiled(folder, kind)
        _judge(made, _read(made.path, pack), verdict)
    return verdict


def _read(path: Path, pack: Pack) -> WorkbookReading:
    """Read as `guatu import` does: with the pack's checks of each row."""
    return _checked(read_workbook(path, pack.ledger, period=PERIOD, units=tuple(pack.units.values())), pack)


def _checked(reading: WorkbookReading, pack: Pack) -> WorkbookReading:
    [checked] = gather([reading], RowContext(pack.ledger, PERIOD), {}, Decisions()).added_to([reading])
    return checked


@dataclass(slots=True)
class Recall:
    """How many bad cells were named, judged by the record of what was seeded and not by what the reader says."""

    seeded: int = 0
    clean: int = 0
    missed: list[str] = field(default_factory=list)
    taken: list[str] = field(default_factory=list)
    """Bad cells of a serious grade from which a value was taken nevertheless."""
    false_alarms: list[str] = field(default_factory=list)

    @property
    def named(self) -> int:
        return self.seeded - len(self.missed)


PER_WORKBOOK = 30


def judge_bad_cells(folder: Path, pack: Pack, cells: Sequence[BadCell]) -> Recall:
    """Workbooks of thirty bad cells of mixed kinds among as many clean rows, read by the door a round is read by."""
    made = []
    for number in range(0, len(cells), PER_WORKBOOK):
        (folder / str(number)).mkdir(parents=True)
        made.append(seeded(folder / str(number), cells[number : number + PER_WORKBOOK]))
    units = tuple(pack.units.values())
    found = read_each(
        [(one.path, partial(read_workbook, one.path, pack.ledger, period=PERIOD, units=units)) for one in made]
    )
    recall = Recall()
    for one, reading in zip(made, found, strict=True):
        assert isinstance(reading, WorkbookReading), reading
        _judge_bad(one, _checked(reading, pack), recall)
    return recall


def _judge_bad(made: Seeded, reading: WorkbookReading, recall: Recall) -> None:
    recall.clean += made.clean
    values = {one.address: one.value for row in reading.rows for one in row.cells}
    rows = {re.sub(r"\D", "", address) for address in made.cells}
    for address, bad in made.cells.items():
        recall.seeded += 1
        number = re.sub(r"\D", "", address)
        said = [
            one
            for one in reading.findings
            if one.sheet == SHEET
            and one.grade in bad.grades
            and (one.cell == f"{number}:{number}" or (one.cell == address and one.raw == bad.raw))
            and all((one.reason.zh, one.reason.en, one.remedy.zh, one.remedy.en))
        ]
        line = f"{bad.kind}: {bad.field} {address} {bad.value!r}"
        if not said:
            told = [(one.grade, one.code, one.raw) for one in reading.findings if one.cell == address]
            recall.missed.append(f"{line} -> {values.get(address)!r} {told or ''}")
        elif values.get(address) is not None and bad.grades == SERIOUS and bad.kind not in KEPT_AND_ASKED:
            recall.taken.append(f"{line} -> {values[address]!r}")
    for one in reading.findings:
        number = re.sub(r"\D.*", "", re.sub(r"^[A-Z]+", "", one.cell))
        if one.grade in SERIOUS and number not in rows:
            recall.false_alarms.append(f"{one.cell} {one.code}: {one.reason.zh} <{one.raw[:30]}>")


KEPT_AND_ASKED = {
    "a start still to come",
    "a start still to come, in words",
    "a rate that is not done by plan",
    "a no beside the date of a yes",
}
"""Kinds whose cell is sound by itself and disagrees with another: asked about, whatever is kept meanwhile."""


def _judge(made: Soiled, reading: WorkbookReading, verdict: Cleaning) -> None:
    verdict.clean += made.clean
    cells = {one.address: one for row in reading.rows for one in row.cells}
    for address, dirt in made.cells.items():
        verdict.cells += 1
        _cell(address, dirt, _own(reading, address, dirt, cells), reading, verdict)
    for one in reading.findings:
        # Another figure of the same row may rightly be doubted because of the dirty one.
        rows = {re.sub(r"\D", "", address) for address in made.cells}
        single = re.fullmatch(r"[A-Z]+(\d+)", one.cell)
        if (
            one.grade in SERIOUS
            and one.cell not in made.cells
            and not (single and single[1] in rows)
            and _row(one.cell) not in rows
        ):
            verdict.false_alarms.append(f"{made.kind} {one.cell} {one.code}: {one.reason.zh} <{one.raw[:30]}>")


def _row(cell: str) -> str:
    match = re.fullmatch(r"(\d+):(\d+)", cell)
    return match[1] if match else ""


def _own(reading: WorkbookReading, address: str, dirt: Dirt, cells: dict[str, ReadCell]) -> ReadCell | None:
    number = int(re.sub(r"\D", "", address))
    for row in reading.rows:
        if row.sheet == SHEET and row.number == number:
            return next(
                (one for one in row.cells if one.field == dirt.field and one.column + 1 == PLACE[dirt.field]), None
            )
    return cells.get(address)


def _cell(address: str, dirt: Dirt, cell: ReadCell | None, reading: WorkbookReading, verdict: Cleaning) -> None:
    number = re.sub(r"\D", "", address)
    named = {
        one.grade for one in reading.findings if one.sheet == SHEET and one.cell in (address, f"{number}:{number}")
    }
    got = cell.value if cell is not None else None
    codes = (
        ",".join(sorted(f"{one.grade}:{one.code}" for one in reading.findings if one.cell == address)) or "no finding"
    )
    line = f"{dirt.kind}: {dirt.field} {address} {dirt.value!r} -> {got!r} missing={cell.missing if cell else 'no cell'} ({codes})"
    outcome = dirt.outcome
    right_value = any(_same(one, got) for one in outcome.values)
    serious = bool(named & set(SERIOUS))
    if not outcome.named:
        if serious or (got is None and not right_value):
            verdict.refused_value.append(line)
        elif not right_value:
            verdict.silent.append(line)
    elif outcome.either:
        if not serious and not right_value:
            (verdict.silent if got is not None else verdict.unnamed).append(line)
    elif not named & set(outcome.named):
        (verdict.silent if got is not None and not right_value else verdict.unnamed).append(line)


def _same(wanted: object, got: object) -> bool:
    if isinstance(wanted, str) and isinstance(got, str):
        return re.sub(r"\s", "", unicodedata.normalize("NFKC", wanted)) == re.sub(
            r"\s", "", unicodedata.normalize("NFKC", got)
        )
    return type(wanted) is type(got) and wanted == got


def judge_tables(folder: Path, pack: Pack) -> list[str]:
    """What is wrong, a line a case."""
    wrong = []
    for number, case in enumerate(CASES):
        (folder / str(number)).mkdir()
        path = written(folder / str(number), case).rename(folder / str(number) / "云台县8月.xlsx")
        reading = _read(path, pack)
        if fault := case.check(reading):
            wrong.append(f"{case.name}: {fault}")
    return wrong
