"""The small clean ledger that hostile containers are built around, as rows of an .xlsx and of an .ods."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from guatu.office.containers.grid import address
from tests.office.containers.binary import (
    MAIN,
    xlsx_parts,
    zipped,
)  # fmt: skip

DATA = Path(__file__).parent / "data"
TITLES = ("序号", "项目名称", "项目代码", "总投资（万元）", "年度计划投资（万元）", "1-8月累计完成投资（万元）")
CODE = "2102-370202-04-05-81556"
ROWS = ((1, "甲路改造项目", f"{CODE}4", 1000, 500, 100), (2, "乙产业园", f"{CODE}5", 2000, 800, 400))
NAMES = tuple(str(row[1]) for row in ROWS)
COUNTY = ("甲路改造项目", "乙产业园一期", "乙产业园二期", "丙水厂")
"""The projects of the county's table in `data/`."""
DAMAGED = "is damaged"
LOCKED = "is protected with a password"


def _inline(row: int, column: int, value: object) -> str:
    place = address(row, column)
    if isinstance(value, str):
        return f'<c r="{place}" t="inlineStr"><is><t>{value}</t></is></c>'
    return f'<c r="{place}"><v>{value}</v></c>'


@cache
def table() -> str:
    """The rows of the ledger as markup of an .xlsx."""
    return "".join(
        f'<row r="{row + 1}">{"".join(_inline(row, column, value) for column, value in enumerate(values))}</row>'
        for row, values in enumerate((TITLES, *ROWS))
    )


def worksheet(rows: str, *, before: str = "", behind: str = "") -> dict[str, str]:
    return {
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{MAIN}">{before}<sheetData>{rows}</sheetData>{behind}</worksheet>'
    }


def xlsx(rows: str = "", *, more: Mapping[str, str] | None = None, raw: Mapping[str, bytes] | None = None) -> bytes:
    """The clean ledger with more rows and other parts."""
    return zipped({**xlsx_parts(table() + rows, more), **(raw or {})})


def ods_table(more: str = "") -> str:
    def cell(value: object) -> str:
        if isinstance(value, str):
            return f'<table:table-cell office:value-type="string"><text:p>{value}</text:p></table:table-cell>'
        return f'<table:table-cell office:value-type="float" office:value="{value}"><text:p>{value}</text:p></table:table-cell>'

    return "".join(f"<table:table-row>{''.join(map(cell, row))}</table:table-row>" for row in (TITLES, *ROWS)) + more
