"""A small cast for tests of the round's job: one ledger, rows as a reader would give them, workbooks as units send them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import openpyxl

from guatu.declarations import Ledger, load_pack
from guatu.office.workbooks import ReadCell, ReadRow, Tag, WorkbookReading
from guatu.office.workbooks.reading import CellValue
from guatu.standards.periods import Period
from guatu.text import Text

AUGUST = Period.parse("2021-08")
JULY = Period.parse("2021-07")

PACK = """\
pack: county
title: {zh: 清河县, en: Qinghe county}
version: "1"
effective_from: "2021-01-01"
source: {zh: 测试, en: For tests}
extends: [key_projects]
"""
UNITS = """\
units:
  - {code: "990000", title: {zh: 清河县, en: Qinghe}}
  - {code: "990001", parent: "990000", title: {zh: 东关镇, en: Dongguan}}
  - {code: "990002", parent: "990000", title: {zh: 西岭乡, en: Xiling}}
"""
HEADER = (
    "序号", "项目名称", "项目代码", "总投资(万元)", "2021年计划投资(万元)", "1-8月累计完成投资(万元)", "8月完成投资(万元)",
    "计划开工时间", "是否开工", "是否纳统", "存在问题", "责任单位", "责任人",
)  # fmt: skip


def ledger() -> Ledger:
    return load_pack("key_projects").ledger


def cell(
    field: str, value: CellValue, row: int = 5, period: Period | None = None, missing: str | None = None
) -> ReadCell:
    return ReadCell(field, period, value, missing, str(value or "/"), "调度表", row, 3)


def row(number: int, *cells: ReadCell, tags: Sequence[str] = (), sheet: str = "调度表") -> ReadRow:
    marks = tuple(Tag(tag, tag, "column", sheet, f"D{number}") for tag in tags)
    return ReadRow(sheet, number, marks, tuple(one._replace(sheet=sheet, row=number) for one in cells))


def reading(*rows: ReadRow) -> WorkbookReading:
    return WorkbookReading(
        path=Path("东关镇.xlsx"), name="东关镇.xlsx", sha256="0", unit=None, tables=(), rows=rows, findings=(),
        controls=(), skipped={},
    )  # fmt: skip


def pack(folder: Path, **files: str) -> Path:
    """A pack of one county with two towns that extends the shipped one."""
    home = folder / "county"
    home.mkdir(parents=True, exist_ok=True)
    for name, text in {"pack.yaml": PACK, "units.yaml": UNITS, **files}.items():
        (home / name).write_text(text, encoding="utf-8")
    return home


def project(number: int, name: str, **changes: object) -> Mapping[str, object]:
    """One project as the town writes it; `changes` are by column title."""
    plain: dict[str, object] = {
        "序号": number, "项目名称": name, "项目代码": f"2103-370285-48-01-{int.from_bytes(name.encode()[-3:]) % 10**6:06d}",
        "总投资(万元)": 10000, "2021年计划投资(万元)": 6000, "1-8月累计完成投资(万元)": 4500, "8月完成投资(万元)": 500,
        "计划开工时间": "2021年3月", "是否开工": "是", "是否纳统": "是", "存在问题": "无", "责任单位": "县发改局", "责任人": "李报",
    }  # fmt: skip
    return {**plain, **changes}


def workbook(path: Path, *projects: Mapping[str, object], month: int = 8) -> Path:
    """A town's workbook in its own hand, for the months up to `month`."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "调度表"
    sheet.append([f"{path.stem}2021年1-{month}月重点项目调度表"])
    sheet.append([f"填报单位：{path.stem}", None, None, "单位：万元"])
    sheet.append([title.replace("8月", f"{month}月") for title in HEADER])
    for one in projects:
        sheet.append([one[title] for title in HEADER])
    path.parent.mkdir(parents=True, exist_ok=True)
    book.save(path)
    return path


def no_notice(stage: Text, done: int, total: int) -> None:
    """Nobody watches."""
