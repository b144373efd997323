"""The clean table that dirty cells are put into, and the workbooks of each kind of dirt."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from guatu.standards.periods import Period
from tests.office.unseen.bad_cells import BadCell
from tests.office.unseen.dirty_cells import DIRT, Dirt

PERIOD = Period.month(2023, 8)
SHEET, FIRST = "调度表", 5


COLUMNS: tuple[tuple[str, str], ...] = (
    ("seq", "序号"),
    ("name", "项目名称"),
    ("project_code", "项目代码"),
    ("nature", "建设性质"),
    ("total_investment", "总投资"),
    ("annual_plan", "年度计划投资"),
    ("month_done", "本月完成投资"),
    ("ytd_done", "1-8月累计完成投资"),
    ("completion_rate", "投资完成率"),
    ("plan_start", "计划开工时间"),
    ("actual_start", "实际开工时间"),
    ("plan_finish", "计划竣工时间"),
    ("is_started", "是否开工"),
    ("is_included", "是否纳统"),
    ("physical_progress", "形象进度"),
    ("responsible_unit", "责任单位"),
    ("person", "责任人"),
    ("phone", "联系电话"),
)
PLACE = {key: index for index, (key, _) in enumerate(COLUMNS, 1)}
NAMES = (
    "滨河路改造",
    "粮食储备库",
    "冷链物流园",
    "智能装备园",
    "第三中学迁建",
    "污水厂扩建",
    "光伏电站一期",
    "光伏电站二期",
    "旅游集散中心",
    "医养综合体",
)


def clean_row(number: int) -> dict[str, object]:
    """Row `number` of the clean table; its own figures agree with one another."""
    plan = 20000 + 1000 * number
    done = plan // 2
    return {
        "seq": number + 1,
        "name": f"清河市{NAMES[number % len(NAMES)]}{'工程' if number < len(NAMES) else '项目（东区）'}",
        "project_code": f"2304-370211-04-01-1{number:02d}45{number % 10}",
        "nature": "新建",
        "total_investment": 60000 + 100 * number,
        "annual_plan": plan,
        "month_done": 1000 + number,
        "ytd_done": done,
        "completion_rate": 0.5,
        "plan_start": datetime(2023, 3, 1 + number),
        "actual_start": datetime(2023, 4, 1 + number),
        "plan_finish": datetime(2024, 11, 1 + number),
        "is_started": "是",
        "is_included": "是",
        "physical_progress": "主体施工",
        "responsible_unit": "发改局",
        "person": "王伟",
        "phone": f"138{number:08d}",
    }


@dataclass(slots=True)
class Soiled:
    """A written workbook of one kind of dirt, and where each dirty cell stands."""

    kind: str
    path: Path
    cells: dict[str, Dirt] = field(default_factory=dict)
    clean: int = 0
    """Number of clean cells."""


def kinds() -> tuple[str, ...]:
    return tuple(dict.fromkeys(dirt.kind for dirt in DIRT))


def soiled(folder: Path, kind: str, *, rows: int = 16) -> Soiled:
    """The clean table with every variant of `kind`, each in a row of its own."""
    variants = [dirt for dirt in DIRT if dirt.kind == kind]
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    header(sheet)
    made = Soiled(kind, folder / f"云台县重点项目调度表-{kinds().index(kind):02d}.xlsx")
    for number in range(rows):
        write_row(sheet, FIRST + number, clean_row(number))
    for number, dirt in enumerate(variants):
        # Every variant leaves a clean row between, so that no neighbour explains it.
        row = FIRST + (2 * number + 1) % rows if 2 * number < rows else FIRST + (2 * number) % rows
        if dirt.field == "is_started" and False in dirt.outcome.values:
            not_started = {
                "actual_start": None,
                "month_done": 0,
                "ytd_done": 0,
                "completion_rate": 0,
                "is_included": "否",
            }
            write_row(sheet, row, clean_row(row - FIRST) | not_started)
        cell = sheet.cell(row, PLACE[dirt.field])
        cell.value, cell.number_format = dirt.value, dirt.format  # type: ignore[assignment]
        if isinstance(dirt.value, str) and dirt.value.startswith("-"):
            cell.data_type = "s"
        made.cells[cell.coordinate] = dirt
    made.clean = rows * len(COLUMNS) - len(variants)
    book.save(made.path)
    return made


@dataclass(slots=True)
class Seeded:
    """A clean table with bad cells in rows of their own, and the record of what was put where."""

    path: Path
    cells: dict[str, BadCell]
    clean: int
    """Number of cells that were left as they were."""


def seeded(folder: Path, cells: Sequence[BadCell]) -> Seeded:
    """A workbook with each of the cells in a row of its own, a clean row before each."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    header(sheet)
    rows = 2 * len(cells)
    put: dict[str, BadCell] = {}
    for number in range(rows):
        write_row(sheet, FIRST + number, many_rows(number))
    for number, bad in enumerate(cells):
        cell = sheet.cell(FIRST + 2 * number + 1, PLACE[bad.field])
        cell.value, cell.number_format = bad.value, bad.format  # type: ignore[assignment]
        if isinstance(bad.value, str) and bad.value.startswith("-"):
            cell.data_type = "s"
        put[cell.coordinate] = bad
    path = folder / "云台县重点项目调度表.xlsx"
    book.save(path)
    return Seeded(path, put, rows * len(COLUMNS) - len(cells))


def many_rows(number: int) -> dict[str, object]:
    """A clean row of a table of any length: names and codes told apart, figures of one size."""
    row = clean_row(number % 16)
    return row | {
        "seq": number + 1,
        "name": f"清河市{NAMES[number % len(NAMES)]}{number + 1}号工程",
        "project_code": f"2304-370211-04-01-{100_000 + 137 * number}",
    }


def header(sheet: Worksheet) -> None:
    sheet.title = SHEET
    sheet.cell(1, 1, "云台县2023年重点项目调度表")
    sheet.merge_cells(start_row=1, end_row=1, start_column=1, end_column=len(COLUMNS))
    sheet.cell(2, 1, "填报单位：云台县发展和改革局")
    sheet.cell(2, 10, "单位：万元")
    sheet.cell(3, 1, "截至2023年8月底")
    for index, (_, title) in enumerate(COLUMNS, 1):
        sheet.cell(4, index, title)


def write_row(sheet: Worksheet, row: int, values: dict[str, object]) -> None:
    for index, (key, _) in enumerate(COLUMNS, 1):
        cell = sheet.cell(row, index)
        cell.value = values[key]  # type: ignore[assignment]
        if isinstance(values[key], datetime):
            cell.number_format = "yyyy-mm-dd"
        if key == "completion_rate":
            cell.number_format = "0.00%"
