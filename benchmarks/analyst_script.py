"""The month's job as a good analyst scripts it: read the ledger, judge, rank, write league workbook and circular.

python benchmarks/analyst_script.py fast|openpyxl LEDGER.xlsx OUT_FOLDER

`fast` reads with calamine and writes with XlsxWriter; `openpyxl` does both with openpyxl, as most scripts do. Neither checks
a cell, keeps where a number came from, or remembers last month. The rules are those of the Shibei lights: investment
15 (red) or 5 (yellow) points under the expected progress, a start 14 days late (red) or late at all (yellow).
"""

from __future__ import annotations

import json
import sys
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pandas as pd
from docx import Document

AS_OF = pd.Timestamp(2026, 6, 30)
EXPECTED = 181 / 365
COLOURS = {"红": "F4B6AE", "黄": "F8E2A8", "绿": "C4DFB8"}
UNITS = (
    "位次",
    "单位",
    "项目数",
    "已开工",
    "开工率",
    "已纳统",
    "纳统率",
    "年度计划",
    "累计完成",
    "完成率",
    "红灯",
    "黄灯",
    "绿灯",
)
PROJECTS = ("项目代码", "项目名称", "责任单位", "项目类别", "综合", "投资", "开工", "原因", "责任人", "计划开工时间")


def read(path: Path, engine: str) -> pd.DataFrame:
    return pd.read_excel(path, header=1, engine=engine)  # type: ignore[call-overload, no-any-return]


def judge(data: pd.DataFrame) -> pd.DataFrame:
    plan, done = data["年度计划投资(万元)"], data["年初累计完成投资(万元)"]
    planned = pd.to_datetime(data["计划开工时间"])
    data["计划开工时间"] = planned
    completion = done / plan
    gap = EXPECTED - completion
    waiting = data["是否开工"] != "是"
    late = (AS_OF - planned).dt.days
    data["投资"] = "绿"
    data.loc[gap >= 0.05, "投资"] = "黄"
    data.loc[gap >= 0.15, "投资"] = "红"
    data["开工"] = "绿"
    data.loc[waiting & (planned <= AS_OF), "开工"] = "黄"
    data.loc[waiting & (late > 14), "开工"] = "红"
    either = data["投资"] + data["开工"]
    data["综合"] = "绿"
    data.loc[either.str.contains("黄"), "综合"] = "黄"
    data.loc[either.str.contains("红"), "综合"] = "红"
    data["原因"] = [
        f"完成{share:.1%}，时序进度{EXPECTED:.2%}，低{under * 100:.2f}个百分点" if light != "绿" else ""
        for share, under, light in zip(completion, gap, data["投资"], strict=True)
    ]
    return data


def rank(data: pd.DataFrame) -> list[list[Any]]:
    grouped = data.groupby("责任单位", sort=False)
    table = pd.DataFrame({"项目数": grouped.size()})
    table["已开工"] = grouped["是否开工"].agg(lambda one: int((one == "是").sum()))
    table["开工率"] = table["已开工"] / table["项目数"]
    table["已纳统"] = grouped["是否纳统"].agg(lambda one: int((one == "是").sum()))
    table["纳统率"] = table["已纳统"] / table["项目数"]
    table["年度计划"] = grouped["年度计划投资(万元)"].sum()
    table["累计完成"] = grouped["年初累计完成投资(万元)"].sum()
    table["完成率"] = table["累计完成"] / table["年度计划"]
    for colour in COLOURS:
        table[f"{colour}灯"] = grouped["综合"].agg(lambda one, colour=colour: int((one == colour).sum()))
    table = table.sort_values("完成率", ascending=False)
    return [[place, *row] for place, row in enumerate(table.itertuples(name=None), 1)]


def with_xlsxwriter(path: Path, league: list[list[Any]], projects: list[tuple[Any, ...]]) -> None:
    import xlsxwriter

    book = xlsxwriter.Workbook(str(path))
    line = {"border": 1}
    plain, bold = book.add_format(line), book.add_format({**line, "bold": True})
    rate, day = book.add_format({**line, "num_format": "0.0%"}), book.add_format({**line, "num_format": "yyyy-mm-dd"})
    fills = {colour: book.add_format({**line, "bg_color": f"#{code}"}) for colour, code in COLOURS.items()}
    for title, header, rows in (("排名", UNITS, league), ("亮灯", PROJECTS, projects)):
        sheet = book.add_worksheet(title)
        sheet.freeze_panes(1, 0)
        sheet.set_column(0, len(header), 16)
        sheet.write_row(0, 0, header, bold)
        for number, row in enumerate(rows, 1):
            for column, value in enumerate(row):
                if isinstance(value, datetime):
                    sheet.write_datetime(number, column, value, day)
                elif isinstance(value, float):
                    sheet.write_number(number, column, value, rate if value <= 1 else plain)
                else:
                    sheet.write(number, column, value, fills.get(value, plain))
    book.close()


def with_openpyxl(path: Path, league: list[list[Any]], projects: list[tuple[Any, ...]]) -> None:
    from openpyxl import Workbook
    from openpyxl.styles import Border, Font, PatternFill, Side

    book = Workbook()
    edges = Border(*[Side(style="thin")] * 4)
    bold = Font(bold=True)
    fills = {colour: PatternFill("solid", fgColor=code) for colour, code in COLOURS.items()}
    for title, header, rows in (("排名", UNITS, league), ("亮灯", PROJECTS, projects)):
        sheet = book.active if title == "排名" else book.create_sheet()
        sheet.title = title
        sheet.freeze_panes = "A2"
        for number, row in enumerate([header, *rows], 1):
            for column, value in enumerate(row, 1):
                cell = sheet.cell(number, column, value)
                cell.border = edges
                if number == 1:
                    cell.font = bold
                elif isinstance(value, datetime):
                    cell.number_format = "yyyy-mm-dd"
                elif isinstance(value, float):
                    cell.number_format = "0.0%" if value <= 1 else "0.00"
                elif value in fills:
                    cell.fill = fills[value]
    book.save(path)


def circular(path: Path, league: list[list[Any]], red: list[tuple[Any, ...]]) -> None:
    paper = Document()
    paper.add_heading("关于2026年6月重点项目推进情况的通报", 1)
    paper.add_paragraph(f"截至{date(2026, 6, 30)}，各单位进展如下。")
    for header, rows in ((UNITS, league), (("项目", "单位", "亮灯", "原因", "责任人"), red)):
        table = paper.add_table(rows=len(rows) + 1, cols=len(header))
        table.style = "Table Grid"
        for line, row in zip(table.rows, [header, *rows], strict=True):
            for cell, value in zip(line.cells, row, strict=True):
                cell.text = f"{value:.3f}" if isinstance(value, float) else str(value)
    paper.save(str(path))


def main(way: str, ledger: Path, out: Path) -> None:
    data = judge(read(ledger, "calamine" if way == "fast" else "openpyxl"))
    league = rank(data)
    projects = [
        tuple(None if value is pd.NaT or value != value else value for value in row)
        for row in data[list(PROJECTS)].itertuples(index=False, name=None)
    ]
    out.mkdir(parents=True, exist_ok=True)
    (with_xlsxwriter if way == "fast" else with_openpyxl)(out / "league.xlsx", league, projects)
    red = data[data["综合"] == "红"].sort_values("总投资(万元)", ascending=False, kind="stable").head(100)
    columns = ["项目名称", "责任单位", "综合", "原因", "责任人"]
    circular(out / "circular.docx", league, list(red[columns].itertuples(index=False, name=None)))
    counts = {colour: int((data["综合"] == colour).sum()) for colour in COLOURS}
    print(json.dumps({"projects": len(data), "first": league[0][1], "lights": counts}, ensure_ascii=False))


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]))
