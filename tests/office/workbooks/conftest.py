"""What the workbook tests share: the packs, and a small ledger sheet that a test changes where it wants."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from guatu.declarations.ledger import Ledger, UnitDeclaration
from guatu.declarations.packs import Pack, load_pack
from guatu.office.workbooks import WorkbookReading, read_workbook
from guatu.standards.periods import Period

ROOT = Path(__file__).parents[3]
AUGUST = Period.month(2021, 8)

TITLES = (
    "序号", "项目名称", "项目代码", "总投资", "年度计划投资", "8月完成", "1-8月累计",
    "计划开工时间", "是否开工", "是否纳统", "存在问题",
)  # fmt: skip
ROWS: tuple[tuple[Any, ...], ...] = (
    (1, "甲路改造项目", "2102-370202-04-05-815564", 1000, 500, 20, 100, "2021年3月", "是", "否", "无"),
    (2, "乙产业园一期", "2102-370202-04-05-815565", 2000, 800, 30, 400, "2021年4月", "是", "是", "/"),
    (3, "乙产业园二期", "2102-370202-04-05-815566", 3000, 900, 40, 900, "9月底前", "否", "否", "征迁滞后"),
)

Change = Callable[[Worksheet], None]
Reader = Callable[..., WorkbookReading]


@pytest.fixture(scope="session")
def demo_pack() -> Pack:
    return load_pack(ROOT / "demo" / "pack")


@pytest.fixture(scope="session")
def demo_units(demo_pack: Pack) -> Sequence[UnitDeclaration]:
    return tuple(demo_pack.units.values())


@pytest.fixture(scope="session")
def ledgers() -> Mapping[str, Ledger]:
    """The shipped key-project ledger, and two ledgers of other kinds to show that nothing is built in."""
    packs = Path(__file__).parent / "packs"
    return {
        "key_projects": load_pack("key_projects").ledger,
        "land_parcels": load_pack(packs / "land_parcels").ledger,
        "district_summary": load_pack(packs / "district_summary").ledger,
    }


@pytest.fixture
def read_changed(tmp_path: Path, ledgers: Mapping[str, Ledger]) -> Reader:
    """Read the small ledger after `change` was made to its sheet: titles in row 2, data in rows 3 to 5."""

    def read(
        change: Change | None = None,
        *,
        titles: Sequence[str] = TITLES,
        rows: Sequence[Sequence[Any]] = ROWS,
        **more: Any,
    ) -> WorkbookReading:
        book = openpyxl.Workbook()
        sheet = book.active
        assert isinstance(sheet, Worksheet)
        sheet.title = "调度表"
        sheet.append(["单位:万元    截至2021年8月底"])
        sheet.append(list(titles))
        for row in rows:
            sheet.append(list(row))
        if change is not None:
            change(sheet)
        path = tmp_path / "某区.xlsx"
        book.save(path)
        return read_workbook(path, ledgers["key_projects"], period=AUGUST, **more)

    return read
