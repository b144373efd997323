"""What a reader made of a generated workbook, against its truth."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import yaml

from guatu.declarations.packs import Pack, load_pack
from guatu.office.workbooks import ColumnMapping, Finding, ReadCell, ReadRow, ReadTable, WorkbookReading, read_workbook
from tests.office.unseen.columns import Column
from tests.office.unseen.layouts import UNITS, Made, Table
from tests.office.unseen.spellings import Spelt

SERIOUS = ("error", "question")


@dataclass(slots=True)
class Verdict:
    """Counts, and a line for every fault: (kind, where, what)."""

    counts: Counter[str] = field(default_factory=Counter)
    faults: list[tuple[str, str, str]] = field(default_factory=list)

    def count(self, kind: str, number: int = 1) -> None:
        self.counts[kind] += number

    def fault(self, kind: str, where: str, what: str) -> None:
        self.counts[kind] += 1
        self.faults.append((kind, where, what))

    def add(self, other: Verdict) -> None:
        self.counts.update(other.counts)
        self.faults.extend(other.faults)


def county_pack(folder: Path) -> Pack:
    """The shipped key-project pack for an invented city."""
    folder.mkdir(parents=True, exist_ok=True)
    title = {"zh": "清河市", "en": "Qinghe"}
    declared = {
        "pack": "qinghe",
        "title": title,
        "version": "1",
        "effective_from": "2022-01-01",
        "extends": ["key_projects"],
        "source": title,
    }
    (folder / "pack.yaml").write_text(yaml.safe_dump(declared, allow_unicode=True), encoding="utf-8")
    units: list[dict[str, object]] = [{"code": "990300", "title": title}]
    units += [{"code": code, "parent": "990300", "title": {"zh": name, "en": name}} for name, code in UNITS.items()]
    (folder / "units.yaml").write_text(yaml.safe_dump({"units": units}, allow_unicode=True), encoding="utf-8")
    return load_pack(folder)


def read(made: Made, pack: Pack) -> WorkbookReading:
    return read_workbook(made.path, pack.ledger, period=made.period, units=tuple(pack.units.values()))


def judge(made: Made, reading: WorkbookReading) -> Verdict:
    verdict = Verdict()
    judge = _Judge(made, reading, verdict)
    for table in made.tables:
        judge.columns(table)
        judge.rows(table)
    judge.strangers()
    judge.alarms()
    judge.unit()
    return verdict


class _Judge:
    def __init__(self, made: Made, reading: WorkbookReading, verdict: Verdict) -> None:
        self.made, self.reading, self.verdict = made, reading, verdict
        # One item over several rows (作战图) is read as one row; its cells say which rows of the sheet it was read from.
        self.read_rows = {(row.sheet, cell.row + 1): row for row in reading.rows for cell in row.cells}
        self.read_rows |= {(row.sheet, row.number): row for row in reading.rows}
        # The rows of one project in a battle map (计划节点, 实际进展, 完成投资) are read as one: each is there.
        for row in reading.rows:
            for cell in row.cells:
                self.read_rows.setdefault((cell.sheet, cell.row + 1), row)

    def where(self, sheet: str, cell: str) -> str:
        return f"#{self.made.seed} {self.made.layout} {sheet}!{cell}"

    # -- columns -----------------------------------------------------------------------------------------------

    def table_of(self, table: Table) -> ReadTable | None:
        wanted = set(table.rows)
        best = [
            (len(wanted & set(range(one.data[0], one.data[1] + 1))), one)
            for one in self.reading.tables
            if one.sheet == table.sheet
        ]
        return max(best, key=lambda pair: pair[0])[1] if best and max(best, key=lambda pair: pair[0])[0] else None

    def columns(self, table: Table) -> None:
        found = self.table_of(table)
        mapped = {one.column + 1: one for one in found.columns} if found else {}
        for index, column in table.columns.items():
            self.column(table, index, column, mapped.get(index))

    def column(self, table: Table, index: int, column: Column, got: ColumnMapping | None) -> None:
        said = f"{column.title} [{column.field}{f' {column.period}' if column.period else ''}]"
        place = self.where(table.sheet, _letters(index))
        taken = got is not None and got.role in ("field", "list_flag")
        shown = (
            f"{said} -> {got.role} {got.field} {got.period or ''} ({got.confidence:.2f}) <{got.shown_title}>"
            if got
            else f"{said} -> nothing"
        )
        if column.field in (None, "seq"):
            allowed = (
                not taken
                or (column.field == "seq" and got is not None and got.field == "local_no")
                or self._also(column, got)
            )
            if allowed:
                self.verdict.count("noise right")
            else:
                self.wrong(table, index, place, shown)
            return
        self.verdict.count("columns")
        if got is not None and taken and self._same(column, got):
            self.verdict.count("columns right")
        elif not taken:
            named = self.named(table.sheet, index, column)
            self.verdict.fault("rest named" if named else "rest not named", place, shown)
        else:
            self.wrong(table, index, place, shown)

    def wrong(self, table: Table, index: int, place: str, shown: str) -> None:
        asked = self.named(table.sheet, index, table.columns[index], SERIOUS)
        self.verdict.fault("wrong but asked" if asked else "silently wrong", place, shown)

    def _also(self, column: Column, got: ColumnMapping | None) -> bool:
        return (
            got is not None
            and got.field in column.also
            and got.period is not None
            and got.period.year == getattr(column.also_period, "year", None)
        )

    def _same(self, column: Column, got: ColumnMapping) -> bool:
        if column.field == "node":
            return got.field in ("node_plan", "node_actual", "month_done") and got.period == column.period
        if column.field and column.field.startswith("list:"):
            key = column.field[5:]
            return got.field == key
        # 项目级别-like columns may feed the lists field only.
        if got.field != column.field:
            return False
        return (
            column.period is None
            or got.period == column.period
            or (got.period is None and column.period == self.made.period)
        )

    def named(
        self, sheet: str, index: int, column: Column, grades: tuple[str, ...] = ("error", "question", "warning")
    ) -> bool:
        letters = _letters(index)
        if any(
            one.grade in SERIOUS and not one.cell and one.sheet in ("", sheet) and one.code == "no_table"
            for one in self.reading.findings
        ):
            return True
        headers = {row for one in self.made.tables if one.sheet == sheet for row in one.header_rows}
        for one in self.reading.findings:
            # A finding on some cell below says nothing about how the column was understood: it must stand at the header.
            found = re.fullmatch(rf"{letters}(\d*)(?::.*)?", one.cell)
            if found and one.grade in grades and one.sheet == sheet and (not found[1] or int(found[1]) in headers):
                return True
        return False

    # -- rows and values ---------------------------------------------------------------------------------------

    def rows(self, table: Table) -> None:
        truth = set(table.rows)
        for number in sorted(truth):
            row = self.read_rows.get((table.sheet, number))
            self.verdict.count("rows")
            if row is None:
                named = any(
                    (one.sheet == table.sheet or one.code == "no_table")
                    and one.cell in ("", f"{number}:{number}")
                    and one.grade in SERIOUS
                    for one in self.reading.findings
                )
                self.verdict.fault(
                    "row asked" if named else "row lost", self.where(table.sheet, str(number)), table.rows[number].name
                )
                continue
            self.values(table, number, row)
            self.tags(table, number, row)
        others = {row for one in self.made.tables if one.sheet == table.sheet for row in one.rows}
        if table is next(one for one in self.made.tables if one.sheet == table.sheet):
            for row in self.reading.rows:
                if row.sheet == table.sheet and row.number not in others:
                    self.verdict.fault("phantom row", self.where(row.sheet, str(row.number)), str(row.value("name")))

    def tags(self, table: Table, number: int, row: ReadRow) -> None:
        said = table.lists[number]
        got = row.lists & {"provincial", "municipal", "four_new"}
        self.verdict.count("tags")
        columns = {column.field for column in table.columns.values()}
        if got - said and not ("four_new" in got - said and "list:four_new" in columns):
            self.verdict.fault("wrong tags", self.where(table.sheet, str(number)), f"{sorted(said)} -> {sorted(got)}")
        elif said - got:
            self.verdict.fault("tags lost", self.where(table.sheet, str(number)), f"{sorted(said)} -> {sorted(got)}")

    def values(self, table: Table, number: int, row: ReadRow) -> None:
        cells = {(one.column + 1, one.field): one for one in row.cells}
        for (line, index), (column, spelt) in table.cells.items():
            if line != number or column.field in (None, "seq", "lists", "node") or column.field.startswith("list:"):
                continue
            cell = cells.get((index, column.field))
            self.value(table, number, index, column, spelt, cell)

    def value(self, table: Table, number: int, index: int, column: Column, spelt: Spelt, cell: ReadCell | None) -> None:
        address = f"{_letters(index)}{number}"
        place = self.where(table.sheet, address)
        shown = f"{column.field} {spelt.value!r} ({spelt.format}) under {column.title}: {spelt.means!r} -> " + (
            f"{cell.value!r} missing={cell.missing} {cell.precision}" if cell else "no cell"
        )
        if cell is None:
            return  # its column was not mapped: counted there
        self.verdict.count("values")
        asked = self.flagged(table.sheet, address)
        if _equal(spelt, cell):
            self.verdict.count("values right")
        elif asked:
            self.verdict.fault("value asked", place, shown)
        elif cell.value is None:
            self.verdict.fault("value lost", place, shown)
        else:
            self.verdict.fault("silently wrong value", place, shown)

    def flagged(self, sheet: str, address: str) -> bool:
        return any(one.sheet == sheet and one.cell == address and one.grade in SERIOUS for one in self.reading.findings)

    # -- the rest ----------------------------------------------------------------------------------------------

    def strangers(self) -> None:
        for sheet in self.made.strangers:
            self.verdict.count("strangers")
            if any(row.sheet == sheet for row in self.reading.rows):
                self.verdict.fault("stranger read as ledger", self.where(sheet, ""), "")
            elif sheet not in self.reading.skipped and not any(one.sheet == sheet for one in self.reading.findings):
                self.verdict.fault("stranger not said", self.where(sheet, ""), "")

    def alarms(self) -> None:
        """A clean workbook: every error or question is a false alarm, warnings on single cells too."""
        for one in self.reading.findings:
            place = self.where(one.sheet, one.cell)
            if one.grade in SERIOUS:
                self.verdict.fault(f"false {one.grade}", place, _said(one))
            elif re.fullmatch(r"[A-Z]+\d+", one.cell):
                self.verdict.fault("warning", place, _said(one))

    def unit(self) -> None:
        self.verdict.count("units")
        if self.reading.unit is None or self.reading.unit.code != UNITS[self.made.unit]:
            self.verdict.fault("unit not recognised", self.where("", ""), f"{self.made.unit} -> {self.reading.unit}")


def _said(one: Finding) -> str:
    return f"{one.code}: {one.reason.zh} <{one.raw[:40]}>"


def _letters(index: int) -> str:
    letters = ""
    while index:
        index, left = divmod(index - 1, 26)
        letters = chr(65 + left) + letters
    return letters


def _plain(text: str) -> str:
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))


def _equal(spelt: Spelt, cell: ReadCell) -> bool:
    got = cell.value
    if any(got is one or (one is not None and got == one) for one in spelt.also):
        return True
    means = spelt.means
    if means is None:
        return got is None
    if isinstance(means, bool):
        return got is means
    if isinstance(means, date):
        if not isinstance(got, date):
            return False
        same = (
            (got.year, got.month) == (means.year, means.month)
            if spelt.loose_month and cell.precision == "month"
            else got == means
        )
        return same and (not spelt.precisions or cell.precision in spelt.precisions)
    if isinstance(means, str) and isinstance(got, str):
        return _plain(means) == _plain(got)
    return got == means
