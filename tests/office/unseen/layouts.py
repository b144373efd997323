"""Workbooks as units of other cities would write them, from a known truth; written by openpyxl, never by our own hand."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby
from pathlib import Path
from random import Random

from openpyxl import Workbook
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from guatu.standards.periods import Period
from tests.office.unseen import pages
from tests.office.unseen.columns import MONEY, Block, Column, Maker, Units, choose_units
from tests.office.unseen.spellings import Spelt
from tests.office.unseen.tables import blocks_of, lines_of
from tests.office.unseen.truth import Project, invent

LAYOUTS = ("L1", "L1", "L2", "L3", "L5", "hybrid", "hybrid", "months")
UNITS = {"云台县": "990321", "东浦区": "990303", "桥西新区": "990311", "临溪市": "990382"}
LIST_TITLES = {"provincial": ("省重点", "省级重点"), "municipal": ("市重点", "市级重点")}


@dataclass(slots=True)
class Table:
    """What one written table truly holds. Rows and columns count from 1."""

    sheet: str
    columns: dict[int, Column] = field(default_factory=dict)
    rows: dict[int, Project] = field(default_factory=dict)
    cells: dict[tuple[int, int], tuple[Column, Spelt]] = field(default_factory=dict)
    lists: dict[int, frozenset[str]] = field(default_factory=dict)
    header_rows: set[int] = field(default_factory=set)
    """Rows of its header, repeated ones too."""


@dataclass(slots=True)
class Made:
    """A written workbook and its truth."""

    path: Path
    period: Period
    layout: str
    unit: str
    seed: int
    causes: set[str] = field(default_factory=set)
    tables: list[Table] = field(default_factory=list)
    formulas: set[tuple[str, str]] = field(default_factory=set)
    """Sheets and addresses whose figure was worked out by a formula, as rates and totals are."""
    strangers: list[str] = field(default_factory=list)
    """Sheets that are no ledger."""


def make(folder: Path, seed: int, layout: str | None = None) -> Made:
    """Write the workbook of `seed` into `folder`."""
    rng = Random(seed)
    layout = layout or LAYOUTS[seed % len(LAYOUTS)]
    unit = rng.choice(tuple(UNITS))
    period = Period.month(rng.randrange(2022, 2026), rng.randrange(3, 12))
    named = rng.random() < 0.5
    path = folder / (f"{unit}重点项目调度表{seed}.xlsx" if named else f"附件{seed}.xlsx")
    made = Made(path, period, layout, unit, seed)
    made.causes.add("unit in file name" if named else "unit in sheet")
    book = Workbook()
    book.remove(book.active)
    _Writer(rng, made, book, named).write()
    book.save(path)
    if rng.random() < 0.3:
        made.causes.add("formulas")
        put_formulas(path, [sheet.title for sheet in book], made.formulas)
    if rng.random() < 0.25:
        made.causes.add("inline strings")
        inline_strings(path)
    return made


class _Writer:
    def __init__(self, rng: Random, made: Made, book: Workbook, named: bool) -> None:
        self.rng, self.made, self.book, self.named = rng, made, book, named
        self.left = 1
        """The column a sheet's table begins in."""

    def cause(self, name: str, odds: float) -> bool:
        if self.rng.random() < odds:
            self.made.causes.add(name)
            return True
        return False

    def write(self) -> None:
        rng, made = self.rng, self.made
        projects = invent(rng, made.period, rng.randrange(8, 22))
        if self.cause("stranger sheet first", 0.15):
            self.stranger()
        by_lists = made.layout in ("L1", "hybrid") and self.cause("a sheet per list", 0.2)
        if by_lists:
            for key in ("provincial", "municipal"):
                chosen = [one for one in projects if key in one.lists] or projects[:2]
                self.sheet(f"{rng.choice(LIST_TITLES[key])}{rng.choice(('', '项目'))}", chosen, frozenset({key}))
        else:
            self.sheet(
                rng.choice(("Sheet1", "调度表", "重点项目", f"{made.period.start.month}月", "进展情况")), projects, None
            )
        if self.cause("stranger sheet last", 0.35):
            self.stranger()

    def stranger(self) -> None:
        title, fill = self.rng.choice(pages.STRANGERS)
        if title not in self.book.sheetnames:
            fill(self.book.create_sheet(title), self.rng)
            self.made.strangers.append(title)

    def sheet(self, title: str, projects: list[Project], all_on: frozenset[str] | None) -> None:
        rng = self.rng
        sheet = self.book.create_sheet(title)
        units = choose_units(rng) if self.made.layout != "L3" else Units("sheet", "万元", {})
        self.made.causes.add(f"unit by {units.place}")
        self.left = 2 if self.cause("table begins in column B", 0.06) else 1
        depth = rng.choice((1, 2, 2, 2, 3)) if self.made.layout != "L3" else rng.choice((1, 2))
        self.made.causes.add(f"{depth} header rows")
        blocks = blocks_of(self.made.layout, Maker(rng, self.made.period, units), depth, has_lists=all_on is not None)
        top = self.preface(sheet, units, _width(blocks))
        sections = all_on is None and self.made.layout in ("L1", "hybrid") and rng.random() < 0.35
        if len(projects) > 6 and self.made.layout != "L3" and self.cause("two tables on a sheet", 0.12):
            half = len(projects) // 2
            end = self.table(sheet, top, blocks, projects[:half], units, sections=False, lists=all_on)
            sheet.cell(end + 3, self.left, "二、其他项目情况表")
            self.table(sheet, end + 4, blocks, projects[half:], units, sections=False, lists=all_on)
            return
        self.table(sheet, top, blocks, projects, units, sections=sections, lists=all_on)

    def preface(self, sheet: Worksheet, units: Units, width: int) -> int:
        """Title, unit and date lines; the header's first row."""
        rng, made, row = self.rng, self.made, 1
        year, month = made.period.start.year, made.period.start.month
        lines: list[list[tuple[int, str]]] = []
        if rng.random() < 0.3:
            lines.append([(1, rng.choice(("附件1", "附件：", "附表2")))])
        subject = {"L5": "招商引资项目", "L2": "重点项目手续办理及要素保障"}.get(made.layout, "重点项目")
        owner = made.unit if rng.random() < 0.7 else "清河市"
        noted = f"（单位：{units.sheet}）" if units.place == "title" else ""
        lines.append(
            [
                (
                    1,
                    f"{owner}{year}年{subject}{rng.choice(('调度表', '推进情况表', '进展情况统计表', '台账', '月报表'))}{noted}",
                )
            ]
        )
        said = (
            []
            if self.named and rng.random() < 0.5
            else [
                f"{rng.choice(('填报单位', '填报单位（盖章）', '报送单位'))}：{made.unit}{rng.choice(('', '发展和改革局', '重点办'))}"
            ]
        )
        dated = [
            rng.choice(
                (f"截至{year}年{month}月底", f"截止时间：{year}年{month}月30日", f"填报日期：{year}年{month}月28日")
            )
        ]
        unit = [
            rng.choice(
                (f"单位：{units.sheet}", f"单位:{units.sheet}", f"金额单位：{units.sheet}", f"（单位：{units.sheet}）")
            )
        ]
        unit = unit if units.place in ("sheet", "mixed") else []
        if rng.random() < 0.5:
            lines.append([(1, "　　".join([*said, *dated, *unit]))])
        else:
            places = (1, max(2, width // 2), max(3, width - 1))
            lines.append([(place, text[0]) for place, text in zip(places, (said, dated, unit), strict=True) if text])
        for line in lines:
            for place, text in line:
                sheet.cell(row, place + self.left - 1, text)
            if len(line) == 1 and rng.random() < 0.8:
                self.merge_across(sheet, row, width)
            row += 1
        return row + (1 if rng.random() < 0.15 else 0)

    def merge_across(self, sheet: Worksheet, row: int, width: int) -> None:
        sheet.merge_cells(start_row=row, end_row=row, start_column=self.left, end_column=self.left + width - 1)

    # -- one table ---------------------------------------------------------------------------------------------

    def table(
        self,
        sheet: Worksheet,
        top: int,
        blocks: list[Column | Block],
        projects: list[Project],
        units: Units,
        *,
        sections: bool,
        lists: frozenset[str] | None,
    ) -> int:
        rng = self.rng
        columns = _leaves(blocks)
        table = Table(sheet.title, dict(enumerate(columns, self.left)))
        self.made.tables.append(table)
        loose = self.cause("header not merged", 0.08)
        bottom = write_header(sheet, top, blocks, left=self.left, merged=not loose)
        table.header_rows = set(range(top, bottom + 1))
        for index, column in table.columns.items():
            if column.hidden:
                sheet.column_dimensions[get_column_letter(index)].hidden = True
                self.made.causes.add("hidden column")
        row = bottom + 1
        if units.place == "row":
            row = self.unit_row(sheet, row, table)
        if self.cause("column numbers under the header", 0.08):
            for index in table.columns:
                sheet.cell(row, index, ("甲", "乙")[index - self.left] if index < self.left + 2 else index - 2)
            table.header_rows.add(row)
            row += 1
        totals = rng.choice(("none", "none", "top", "bottom", "bottom"))
        if totals == "top":
            self.made.causes.add("total on top")
            row = self.total(sheet, row, table, projects, rng.choice(("合计", "合  计", "总计")))
        parts = _sections(rng, projects) if sections else [("", projects, lists)]
        repeat = self.cause("repeated header", 0.12)
        for number, (caption, members, on) in enumerate(parts):
            if caption:
                self.made.causes.add("sections")
                row = self.section(sheet, row, table, "一二三四五"[number] + "、" + caption, members)
            row = self.projects(sheet, row, table, members, on, blocks if repeat and number == 0 else None)
            if caption and self.cause("subtotals", 0.5):
                row = self.total(sheet, row, table, members, "小计")
        if totals == "bottom":
            self.made.causes.add("total at bottom")
            row = self.total(sheet, row, table, projects, rng.choice(("合计", "合　计", "总 计")))
        return self.notes(sheet, row)

    def unit_row(self, sheet: Worksheet, row: int, table: Table) -> int:
        """A row of units under the titles, as statistical tables have it."""
        for index, column in table.columns.items():
            said = column.unit or ("%" if column.field == "completion_rate" and "%" in column.title else None)
            sheet.cell(row, index, said or self.rng.choice((None, "—")) if index > self.left else "计量单位")
        table.header_rows.add(row)
        return row + 1

    def section(self, sheet: Worksheet, row: int, table: Table, caption: str, members: list[Project]) -> int:
        sheet.cell(row, self.left, caption)
        if self.rng.random() < 0.4:
            self.sums(sheet, row, table, members)
        else:
            self.merge_across(sheet, row, len(table.columns))
        return row + 1

    def sums(self, sheet: Worksheet, row: int, table: Table, members: list[Project]) -> None:
        for index, column in table.columns.items():
            if column.unit and column.field in MONEY and index > self.left:
                key = "previous_ytd" if column.period not in (None, self.made.period) else column.field
                if all(key in one.money for one in members):
                    total = sum(one.money[key] or 0 for one in members)
                    spelt = column.spell(replace(members[0], money={**members[0].money, key: total}))
                    self.made.formulas.add((sheet.title, sheet.cell(row, index, spelt.value).coordinate))

    def total(self, sheet: Worksheet, row: int, table: Table, members: list[Project], label: str) -> int:
        sheet.cell(row, self.left, label)
        self.sums(sheet, row, table, members)
        return row + 1

    def projects(
        self,
        sheet: Worksheet,
        row: int,
        table: Table,
        members: list[Project],
        on: frozenset[str] | None,
        again: list[Column | Block] | None,
    ) -> int:
        merging = [index for index, column in table.columns.items() if column.merge]
        for index in merging:
            members = sorted(members, key=lambda one, key=table.columns[index].field: one.texts[key])
        first = row
        for number, project in enumerate(members):
            if again is not None and number == len(members) // 2 and number and not merging:
                repeated, row = row, write_header(sheet, row, again, left=self.left, merged=True) + 1
                table.header_rows |= set(range(repeated, row))
            if number and self.rng.random() < 0.03 and not merging:
                self.made.causes.add("blank rows")
                row += 1
            row = self.project(sheet, row, table, project, on)
        if self.made.layout != "L3":
            for index in merging:
                self.made.causes.add("merged text cells")
                _merge_runs(sheet, index, first, row - 1)
        return row

    def project(self, sheet: Worksheet, row: int, table: Table, project: Project, on: frozenset[str] | None) -> int:
        lines = lines_of(self.made.layout, project, table.columns, self.made.period)
        for offset, line in enumerate(lines):
            for index, (column, spelt) in line.items():
                if offset and column.field in ("name", "seq", "person", "responsible_unit"):
                    table.cells[row + offset, index] = (column, spelt)
                    continue
                cell = sheet.cell(row + offset, index)
                cell.value = spelt.value
                cell.number_format = spelt.format
                if column.field == "completion_rate":
                    self.made.formulas.add((sheet.title, cell.coordinate))
                table.cells[row + offset, index] = (column, spelt)
            table.rows[row + offset] = project
            table.lists[row + offset] = self.lists_of(table, project, on)
        if len(lines) > 1:
            for index, column in table.columns.items():
                if column.field in ("name", "seq", "person", "responsible_unit"):
                    sheet.merge_cells(start_row=row, end_row=row + len(lines) - 1, start_column=index, end_column=index)
        return row + len(lines)

    def lists_of(self, table: Table, project: Project, on: frozenset[str] | None) -> frozenset[str]:
        said = set(on or ())
        for column in table.columns.values():
            if column.field == "lists":
                said |= project.lists
            elif column.field and column.field.startswith("list:") and column.field[5:] in project.lists:
                said.add(column.field[5:])
        return frozenset(said)

    def notes(self, sheet: Worksheet, row: int) -> int:
        for text in (
            "注：1.总投资以立项批复为准；2.累计完成投资为当年1月以来数。",
            "填表人：李明　　审核人：张华　　联系电话：0999-6688123",
            "备注：续建项目开工时间按施工许可证填写。",
        ):
            if self.rng.random() < 0.3:
                self.made.causes.add("notes below")
                sheet.cell(row + 1, self.left, text)
                row += 1
        return row


def _sections(rng: Random, projects: list[Project]) -> list[tuple[str, list[Project], frozenset[str] | None]]:
    if rng.random() < 0.5:
        ordered = sorted(projects, key=lambda one: "provincial" not in one.lists)
        parts = [(on, list(members)) for on, members in groupby(ordered, key=lambda one: "provincial" in one.lists)]
        titles = {True: ("省重点项目", frozenset({"provincial"})), False: ("市重点项目", frozenset({"municipal"}))}
        return [(f"{titles[on][0]}（{len(members)}个）", members, titles[on][1]) for on, members in parts]
    ordered = sorted(projects, key=lambda one: one.texts["nature"])
    return [
        (f"{nature}项目{rng.choice(('', f'（{len(members)}个）', f'（共{len(members)}项）'))}", members, None)
        for nature, members in (
            (nature, list(found)) for nature, found in groupby(ordered, key=lambda one: one.texts["nature"])
        )
    ]


def _leaves(blocks: Sequence[Column | Block]) -> list[Column]:
    found: list[Column] = []
    for block in blocks:
        found.extend([block] if isinstance(block, Column) else _leaves(block[1]))
    return found


def _width(blocks: Sequence[Column | Block]) -> int:
    return len(_leaves(blocks))


def _depth(block: Column | Block) -> int:
    return 1 if isinstance(block, Column) else 1 + max(_depth(one) for one in block[1])


def write_header(sheet: Worksheet, top: int, blocks: Sequence[Column | Block], *, left: int, merged: bool) -> int:
    """Write the titles from row `top`; the header's last row."""
    bottom = top + max(_depth(block) for block in blocks) - 1

    def place(block: Column | Block, row: int, column: int) -> int:
        if isinstance(block, Column):
            sheet.cell(row, column, block.path[-1] or None)
            if merged and bottom > row:
                sheet.merge_cells(start_row=row, end_row=bottom, start_column=column, end_column=column)
            return column + 1
        sheet.cell(row, column, block[0])
        after = column
        for child in block[1]:
            after = place(child, row + 1, after)
        if after - column > 1:  # a group over blanks is always merged: nobody could tell its end otherwise
            sheet.merge_cells(start_row=row, end_row=row, start_column=column, end_column=after - 1)
        return after

    column = left
    for block in blocks:
        column = place(block, top, column)
    return bottom


def _merge_runs(sheet: Worksheet, column: int, first: int, last: int) -> None:
    for value, run in groupby(range(first, last + 1), key=lambda row: sheet.cell(row, column).value):
        rows = list(run)
        if value and len(rows) > 1:
            sheet.merge_cells(start_row=rows[0], end_row=rows[-1], start_column=column, end_column=column)


_SHARED = re.compile(r'<c ([^>]*?)t="s"([^>]*)><v>(\d+)</v></c>')


def inline_strings(path: Path) -> None:
    """Rewrite a workbook as programs do that keep every string in its cell."""

    def change(number: int, xml: str, shared: list[str]) -> str:
        return _SHARED.sub(lambda hit: f'<c {hit[1]}t="inlineStr"{hit[2]}><is>{shared[int(hit[3])]}</is></c>', xml)

    _rewrite(path, change)


def put_formulas(path: Path, sheets: Sequence[str], cells: set[tuple[str, str]]) -> None:
    """Turn figures into formulas that Excel has worked out: the figure stays as the kept result."""

    def change(number: int, xml: str, shared: list[str]) -> str:
        for sheet, address in cells:
            if sheet == sheets[number - 1]:
                xml = re.sub(rf'(<c r="{address}"(?: s="\d+")?(?: t="n")?>)<v>', r"\1<f>SUM(A1:A2)</f><v>", xml)
        return xml

    _rewrite(path, change)


def _rewrite(path: Path, change: Callable[[int, str, list[str]], str]) -> None:
    with zipfile.ZipFile(path) as source:
        parts = {name: source.read(name) for name in source.namelist()}
    strings = parts.get("xl/sharedStrings.xml", b"").decode()
    shared = re.findall(r"<si>(.*?)</si>", strings, re.S)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as target:
        for name, data in parts.items():
            if found := re.fullmatch(r"xl/worksheets/sheet(\d+)\.xml", name):
                data = change(int(found[1]), data.decode(), shared).encode()
            target.writestr(name, data)
