"""Whole tables gone wrong: totals that do not add up, twins, merged figures, sheets of other months.

Each case changes the clean table and says what must come of it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from openpyxl import Workbook
from openpyxl.utils.datetime import CALENDAR_MAC_1904
from openpyxl.worksheet.worksheet import Worksheet

from guatu.office.workbooks import WorkbookReading
from tests.office.unseen.dirty import COLUMNS, FIRST, NAMES, PLACE, SHEET, clean_row, header, write_row
from tests.office.unseen.dirty_cells import WAN

ANY, SERIOUS = ("error", "question", "warning"), ("error", "question")
Change = Callable[[Workbook, Worksheet], None]
Check = Callable[[WorkbookReading], str]
"""What is wrong with the reading, or nothing."""


@dataclass(frozen=True, slots=True)
class Case:
    name: str
    change: Change
    check: Check


def written(folder: Path, case: Case) -> Path:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    header(sheet)
    for number in range(10):
        write_row(sheet, FIRST + number, clean_row(number))
    case.change(book, sheet)
    path = folder / f"{case.name}.xlsx"
    book.save(path)
    return path


# -- checks -------------------------------------------------------------------------------------------------------


def names(*cells: str, grades: tuple[str, ...] = SERIOUS, sheet: str = SHEET) -> Check:
    """One of the cells (or the row or sheet) is named."""

    def check(reading: WorkbookReading) -> str:
        found = [one for one in reading.findings if one.sheet == sheet and one.cell in cells and one.grade in grades]
        return "" if found else f"none of {cells} is named: {_findings(reading)}"

    return check


def quiet(rows: int = 10) -> Check:
    """No error and no question, and just so many projects."""

    def check(reading: WorkbookReading) -> str:
        if len(reading.rows) != rows:
            return f"{len(reading.rows)} rows, not {rows}: {[(row.sheet, row.number, row.value('name')) for row in reading.rows]}"
        serious = [one for one in reading.findings if one.grade in SERIOUS]
        return f"false alarm: {_findings(reading)}" if serious else ""

    return check


def has(row: int, field: str, value: object) -> Check:
    def check(reading: WorkbookReading) -> str:
        got = next((one.value(field) for one in reading.rows if one.number == row and one.sheet == SHEET), "no row")
        return "" if got == value else f"{field} of row {row} is {got!r}, not {value!r}"

    return check


def said(*codes_or_words: str, grades: tuple[str, ...] = ANY) -> Check:
    """Some finding anywhere speaks of it."""

    def check(reading: WorkbookReading) -> str:
        found = [
            one
            for one in reading.findings
            if one.grade in grades and any(word in f"{one.code} {one.reason.zh} {one.sheet}" for word in codes_or_words)
        ]
        told = [sheet for sheet in reading.skipped if any(word in sheet for word in codes_or_words)]
        return "" if found or told else f"nothing says {codes_or_words}: {_findings(reading)}"

    return check


def both(*checks: Check) -> Check:
    return lambda reading: "; ".join(filter(None, (check(reading) for check in checks)))


def one_of(*checks: Check) -> Check:
    def check(reading: WorkbookReading) -> str:
        wrong = [one(reading) for one in checks]
        return "" if "" in wrong else " / ".join(wrong)

    return check


def _findings(reading: WorkbookReading) -> str:
    return "; ".join(f"{one.grade} {one.sheet}!{one.cell} {one.code}" for one in reading.findings[:6]) or "no findings"


# -- changes ------------------------------------------------------------------------------------------------------

LAST = FIRST + 9
BELOW = FIRST + 10
SUM = {
    key: sum(int(str(clean_row(number)[key])) for number in range(10))
    for key in ("total_investment", "annual_plan", "month_done", "ytd_done")
}


def _total(label: str, **off: int) -> Change:
    def change(book: Workbook, sheet: Worksheet) -> None:
        sheet.cell(BELOW, 1, label)
        for key, total in SUM.items():
            sheet.cell(BELOW, PLACE[key], total + off.get(key, 0))

    return change


def _row(row: int, text: str, *, column: int = 1, merged: bool = False) -> Change:
    def change(book: Workbook, sheet: Worksheet) -> None:
        sheet.cell(row, column, text)
        if merged:
            sheet.merge_cells(start_row=row, end_row=row, start_column=1, end_column=len(COLUMNS))

    return change


def _section(text: str) -> Change:
    def change(book: Workbook, sheet: Worksheet) -> None:
        sheet.insert_rows(FIRST)
        sheet.cell(FIRST, 1, text)

    return change


def _put(row: int, **values: object) -> Change:
    def change(book: Workbook, sheet: Worksheet) -> None:
        for key, value in values.items():
            sheet.cell(row, PLACE[key]).value = value  # type: ignore[assignment]

    return change


def _all(*changes: Change) -> Change:
    def change(book: Workbook, sheet: Worksheet) -> None:
        for one in changes:
            one(book, sheet)

    return change


def _merge_figures(book: Workbook, sheet: Worksheet) -> None:
    sheet.cell(FIRST + 3, PLACE["ytd_done"]).value = None
    sheet.merge_cells(
        start_row=FIRST + 2, end_row=FIRST + 3, start_column=PLACE["ytd_done"], end_column=PLACE["ytd_done"]
    )


def _merge_units(book: Workbook, sheet: Worksheet) -> None:
    for row in range(FIRST + 3, FIRST + 5):
        sheet.cell(row, PLACE["responsible_unit"]).value = None
    sheet.merge_cells(
        start_row=FIRST + 2,
        end_row=FIRST + 4,
        start_column=PLACE["responsible_unit"],
        end_column=PLACE["responsible_unit"],
    )


def _hide_row(book: Workbook, sheet: Worksheet) -> None:
    sheet.row_dimensions[FIRST + 2].hidden = True


def _copy(title: str, *, hidden: bool, month: int = 8) -> Change:
    def change(book: Workbook, sheet: Worksheet) -> None:
        copied = book.create_sheet(title)
        header(copied)
        copied.title = title
        copied.cell(3, 1, f"截至2023年{month}月底")
        copied.cell(4, PLACE["ytd_done"], f"1-{month}月累计完成投资")
        for number in range(10):
            write_row(copied, FIRST + number, clean_row(number))
        if hidden:
            copied.sheet_state = "hidden"

    return change


def _numbered_blank_rows(book: Workbook, sheet: Worksheet) -> None:
    for number in range(10, 25):
        sheet.cell(FIRST + number, 1, number + 1)


def _mac_dates(book: Workbook, sheet: Worksheet) -> None:
    book.epoch = CALENDAR_MAC_1904


def _circles(book: Workbook, sheet: Worksheet) -> None:
    """A column of full and hollow circles: hollow is not yes."""
    for number in range(10):
        sheet.cell(FIRST + number, PLACE["is_included"]).value = "●" if number % 2 else "○"


def _no_unit(book: Workbook, sheet: Worksheet) -> None:
    sheet.cell(2, 10).value = None


def _twin_titles(book: Workbook, sheet: Worksheet) -> None:
    sheet.cell(4, PLACE["responsible_unit"]).value = "总投资"
    for number in range(10):
        sheet.cell(FIRST + number, PLACE["responsible_unit"]).value = 700 + number


def _total_between(label: str, column: int) -> Change:
    def change(book: Workbook, sheet: Worksheet) -> None:
        sheet.insert_rows(FIRST + 5)
        sheet.cell(FIRST + 5, column, label)
        for key in SUM:
            sheet.cell(FIRST + 5, PLACE[key], sum(int(str(clean_row(number)[key])) for number in range(5)))

    return change


def _instead(fill: Callable[[Worksheet], None]) -> Change:
    """Another table stands where the ledger was."""

    def change(book: Workbook, sheet: Worksheet) -> None:
        book.remove(sheet)
        fill(book.create_sheet(SHEET))

    return change


def _league(sheet: Worksheet) -> None:
    sheet.append(["清河市重点项目推进情况排名表", *[None] * 11])
    sheet.append(
        ["县区", "项目数", "总投资（万元）", "年度计划投资（万元）", "1-8月累计完成投资（万元）", "完成率", "位次"]
    )
    for place in ("云台县", "东浦区", "桥西新区"):
        sheet.append([place, 20, 900000, 500000, 300000, 0.6, 1])


def _land(sheet: Worksheet) -> None:
    sheet.append(["云台县闲置土地处置台账"])
    sheet.append(
        [
            "宗地号",
            "电子监管号",
            "使用权人",
            "坐落",
            "面积（亩）",
            "用途",
            "约定动工",
            "约定竣工",
            "闲置类型",
            "处置方式",
            "责任单位",
        ]
    )
    for number in range(5):
        row = [
            f"YT-2018-{number}",
            f"99032{number}2018B00{number}",
            "恒远新材料有限公司",
            "石岭镇",
            35.6,
            "工业",
            "2019年3月",
            "2021年3月",
        ]
        sheet.append([*row, "企业原因", "限期开工", "自然资源局"])


def _no_rows(sheet: Worksheet) -> None:
    header(sheet)


def refuses(reading: WorkbookReading) -> str:
    """Nothing may be taken as a project, and the dispatcher must hear that nothing was."""
    if reading.refused:
        return ""
    return f"{len(reading.rows)} rows taken, not refused: {_findings(reading)}"


def _beside(book: Workbook, sheet: Worksheet) -> None:
    """A small table of totals stands to the right of the ledger."""
    for row, (label, figure) in enumerate((("项目个数", 10), ("总投资合计", 604500), ("完成率", 0.5)), FIRST):
        sheet.cell(row, len(COLUMNS) + 3, label)
        sheet.cell(row, len(COLUMNS) + 4, figure)


def _unit_line(text: str) -> Change:
    return lambda book, sheet: sheet.cell(2, 10, text) and None


TWIN = {"name": clean_row(2)["name"], "project_code": clean_row(2)["project_code"]}
CLEAN = {"is_included": None}
LABELS = (
    "本页合计",
    "合计（10个）",
    "全县合计",
    "总计：",
    "合   计",
    "汇  总",
    "累计",
    "共计",
    "合计数",
    "10个项目合计",
    "Σ",
)
NOTES = (
    "注:1.开工以施工许可证为准",
    "备注：以上数据以统计部门核定为准。",
    "填报人：张三   审核人：李四   联系电话：0999-6688123",
    "制表：王五",
    "单位负责人（签字）：          填报日期：2023年8月28日",
    "说明：续建项目计划开工时间填“续建”。",
    "*本表不含市属项目",
    "联系人：赵六 13812345678",
)

CASES: tuple[Case, ...] = (
    Case("the clean table", lambda book, sheet: None, both(quiet(), has(FIRST, "total_investment", 60000 * WAN))),
    Case("a right total", _total("合计"), quiet()),
    *(Case(f"a total called {label}", _total(label), quiet()) for label in LABELS),
    Case("a total that does not add up", _total("合计", ytd_done=5000), both(names(f"H{BELOW}"))),
    Case("a total off by a digit", _total("总计", total_investment=-9), names(f"E{BELOW}")),
    Case("a subtotal among rows", _total_between("小计", 1), quiet()),
    Case("a subtotal in the name column", _total_between("小 计", 2), quiet()),
    Case("a subtotal below part of rows called 其中", _total_between("其中：省重点项目", 2), quiet()),
    Case("a section with a wrong count", _section("一、新建项目（9个）"), names(f"A{FIRST}", f"{FIRST}:{FIRST}")),
    Case("a section with a right count", _section("一、新建项目（10个）"), quiet()),
    Case("a section in brackets", _section("（一）新建项目10个"), quiet()),
    Case("a section without number", _section("新建项目"), quiet()),
    Case("a section counted in words", _section("一、新建项目（共十个）"), quiet()),
    *(
        Case(f"a note below {number}", _row(BELOW + 1, note, merged=bool(number % 2)), quiet())
        for number, note in enumerate(NOTES)
    ),
    Case("a note at once below", _row(BELOW, "注：数据截至8月28日"), quiet()),
    Case(
        "a project twice",
        _put(FIRST + 6, **TWIN),
        names(f"B{FIRST + 6}", f"B{FIRST + 2}", f"{FIRST + 6}:{FIRST + 6}", f"C{FIRST + 6}", grades=ANY),
    ),
    Case(
        "a code twice",
        _put(FIRST + 6, project_code=TWIN["project_code"]),
        names(f"C{FIRST + 6}", f"C{FIRST + 2}", f"B{FIRST + 6}", grades=ANY),
    ),
    Case(
        "a name twice, spaced",
        _put(FIRST + 6, name=f" {TWIN['name']}\n"),
        names(f"B{FIRST + 6}", f"B{FIRST + 2}", grades=ANY),
    ),
    Case(
        "figures merged down",
        _merge_figures,
        both(
            has(FIRST + 3, "ytd_done", None),
            names(f"H{FIRST + 2}", f"H{FIRST + 3}", f"H{FIRST + 2}:H{FIRST + 3}", grades=ANY),
        ),
    ),
    Case("units merged down", _merge_units, both(quiet(), has(FIRST + 4, "responsible_unit", "发改局"))),
    Case(
        "a hidden row", _hide_row, names(f"{FIRST + 2}:{FIRST + 2}", f"A{FIRST + 2}", f"B{FIRST + 2}", "", grades=ANY)
    ),
    Case("a hidden copy of the sheet", _copy("Sheet2", hidden=True), both(said("Sheet2"))),
    Case("last month's sheet beside it", _copy("7月", hidden=False, month=7), said("7月", grades=ANY)),
    Case("rows numbered in advance", _numbered_blank_rows, quiet()),
    Case("dates since 1904", _mac_dates, has(FIRST, "plan_start", date(2023, 3, 1))),
    Case("full and hollow circles", _circles, one_of(has(FIRST, "is_included", False), names(f"N{FIRST}"))),
    Case("no unit anywhere", _no_unit, said("unit")),
    Case("a title twice", _twin_titles, said("competing", grades=SERIOUS)),
    Case("a date line of another month", _row(3, "截至2023年7月底"), said("7月", "month", "period")),
    Case("another unit in the title line", _row(2, "填报单位：东浦区发展和改革局"), said("东浦区", "sender", "unit")),
    *(
        Case(
            f"a unit line such as {text}", _unit_line(text), both(quiet(), has(FIRST, "total_investment", 60000 * WAN))
        )
        for text in (
            "单位：万元、个",
            "单位: 万元",
            "（万元）",
            "计量单位：万元",
            "单位：人民币万元",
            "资金单位：万元",
            "单位：万元、亩",
            "单位  万元",
            "单位：个、万元、%",
        )
    ),
    Case(
        "a day in a column of instants",
        _put(FIRST, plan_start=datetime(2023, 3, 1, 15, 30)),
        has(FIRST, "plan_start", date(2023, 3, 1)),
    ),
    Case("phases that look alike", _put(FIRST, name=f"清河市{NAMES[6]}一期", project_code="/"), quiet()),
    Case("a league of districts alone", _instead(_league), refuses),
    Case("a land ledger alone", _instead(_land), refuses),
    Case("a header and no rows", _instead(_no_rows), refuses),
    Case("a few totals beside the table", _beside, quiet()),
    Case("a second table of people", _row(BELOW + 3, "附：各项目联系人", merged=True), quiet()),
)
