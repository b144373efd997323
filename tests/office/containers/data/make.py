"""Make the workbooks of this folder anew: one county's table, written by four programs that are not Guatu.

python tests/office/containers/data/make.py

Needs LibreOffice (`soffice`), and xlwt and pyxlsbwriter in the environment; the suite needs none of them.
"""

from __future__ import annotations

import csv
import subprocess
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import xlwt
from openpyxl import Workbook
from openpyxl.comments import Comment
from pyxlsbwriter import XlsbWriter

HERE = Path(__file__).parent
SHEET = "调度表"
TITLES = (
    "序号", "项目名称", "项目代码", "总投资", "年度计划投资", "8月完成", "1-8月累计", "投资完成率", "计划开工时间", "是否开工", "备注",
)  # fmt: skip
CODE = "2102-370202-04-05-81556"
ROWS: tuple[tuple[object, ...], ...] = (
    (1, "甲路改造项目", f"{CODE}4", 1000.5, 500, 20, 100, 0.2, datetime(2023, 3, 1), "是", "征迁滞后"),
    (2, "乙产业园一期", f"{CODE}5", 2000, 800, 30, 400, 0.5, datetime(2023, 4, 15), "是", None),
    (3, "乙产业园二期", f"{CODE}6", 3000, 900, 40, 900, 1, datetime(2023, 9, 30), "否", None),
    (4, "丙水厂", f"{CODE}7", 4000, 1000, 50, 500, 0.5, datetime(2023, 9, 30), "否", None),
)
FIRST = 4


def main() -> None:
    with TemporaryDirectory() as folder:
        source = Path(folder) / "county.xlsx"
        _openpyxl(source)
        for kind in ("xlsx", "xls", "ods"):
            # Office opens, works every formula out and saves: what it writes is what units send.
            subprocess.run(["soffice", "--headless", "--convert-to", kind, "--outdir", HERE, source], check=True)
    _xlwt(HERE / "county_1904.xls")
    _xlsb(HERE / "county.xlsb")
    _csv(HERE / "county.csv")


def _openpyxl(path: Path) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = SHEET
    for row in _table():
        sheet.append(list(row))
    sheet.merge_cells("A1:K1")
    for number in range(FIRST, FIRST + len(ROWS)):
        sheet.cell(number, 8).value = f"=G{number}/E{number}"
        sheet.cell(number, 8).number_format = "0.00%"
        sheet.cell(number, 9).number_format = "yyyy-mm-dd"
    sheet["F6"] = "=1/0"
    sheet["H7"] = 0.5
    sheet["E7"] = 0.1
    sheet["E7"].number_format = '0.00"亿元"'
    sheet["D5"].comment = Comment("概算待批", "李")
    sheet.row_dimensions[7].hidden = True
    sheet.column_dimensions["K"].hidden = True
    aside = book.create_sheet("说明")
    aside["A1"] = "填表说明"
    aside.sheet_state = "hidden"
    book.save(path)


def _xlwt(path: Path) -> None:
    book = xlwt.Workbook()
    book.dates_1904 = True
    sheet = book.add_sheet(SHEET)
    day, percent = xlwt.easyxf(num_format_str="yyyy-mm-dd"), xlwt.easyxf(num_format_str="0.00%")
    for row, values in enumerate(_table()):
        for column, value in enumerate(values):
            if isinstance(value, date):
                # xlwt counts from 1900 whatever the workbook says: 1,462 days lie between the two.
                serial = (value - datetime(1904, 1, 1)).days
                sheet.write(row, column, serial, day)
            elif value is not None:
                style = percent if column == 7 and row >= FIRST - 1 else xlwt.Style.default_style
                sheet.write(row, column, value, style)
    sheet.row(6).hidden = True
    sheet.col(10).hidden = True
    book.save(str(path))


def _xlsb(path: Path) -> None:
    with XlsbWriter(str(path)) as writer:
        writer.add_sheet(SHEET)
        writer.write_sheet([list(row) for row in _table()])


def _csv(path: Path) -> None:
    """As Chinese Excel saves it: GB18030, dates as shown."""
    with path.open("w", encoding="gb18030", newline="") as file:
        for row in _table():
            shown = [f"{value:%Y/%m/%d}" if isinstance(value, date) else value for value in row]
            csv.writer(file).writerow(["" if value is None else value for value in shown])


def _table() -> Sequence[Sequence[object]]:
    blank: list[object] = [None] * len(TITLES)
    unit_line = ["填报单位：云台县", *blank[1:6], "单位：万元　截至2023年8月底", *blank[7:]]
    return [["云台县2023年重点项目调度表", *blank[1:]], unit_line, TITLES, *ROWS]


if __name__ == "__main__":
    main()
