"""The workbook of the spreadsheet benchmarks: one city's ledger, thirty columns, always the same bytes for a size.

What a city office keeps: codes, names, plans, six months of figures, dates as dates, a rate with a percent format,
words for states, blanks where there is nothing to say. It is clean, so that peers that check nothing can read it too.
"""

from __future__ import annotations

import random
from datetime import date, datetime, timedelta
from pathlib import Path

import xlsxwriter

UNITS = ("东城区", "西城区", "南山区", "北湖区", "高新区", "临港区", "城南区", "平川县", "安河县", "云岭县")
INDUSTRIES = ("制造业", "交通运输", "水利", "能源", "教育", "卫生", "数字经济", "文化旅游")
KINDS = ("产业园", "道路改造", "水厂扩建", "变电站", "学校新建", "医院迁建", "数据中心", "生产线")
ROUND = date(2026, 6, 30)
TITLES = (
    "序号", "项目代码", "项目名称", "责任单位", "建设地点", "建设性质", "项目类别", "所属行业", "建设规模及主要内容", "建设年限",
    "总投资(万元)", "年度计划投资(万元)", "1月完成投资(万元)", "2月完成投资(万元)", "3月完成投资(万元)", "4月完成投资(万元)",
    "5月完成投资(万元)", "6月完成投资(万元)", "年初累计完成投资(万元)", "自开工累计完成投资(万元)", "投资完成率", "计划开工时间",
    "实际开工时间", "是否开工", "是否纳统", "纳统时间", "计划竣工时间", "形象进度", "存在问题", "责任人",
)  # fmt: skip
DATES = frozenset({"计划开工时间", "实际开工时间", "纳统时间", "计划竣工时间"})


def write_ledger(path: Path, projects: int, units: tuple[str, ...] = UNITS) -> None:
    """Write `projects` rows under a title line and one row of headers."""
    book = xlsxwriter.Workbook(str(path))
    book.set_properties({"created": datetime(2026, 7, 1)})
    sheet = book.add_worksheet("台账")
    sheet.write_string(0, 0, "示例市重点项目推进情况表(2026年6月)")
    sheet.write_row(1, 0, TITLES, book.add_format({"bold": True}))
    dated, rate = book.add_format({"num_format": "yyyy/m/d"}), book.add_format({"num_format": "0.0%"})
    formats = {**dict.fromkeys(DATES, dated), "投资完成率": rate}
    chance = random.Random(2026)
    for number in range(1, projects + 1):
        values = _project(chance, number, units[(number - 1) * len(units) // projects])
        for column, (title, value) in enumerate(zip(TITLES, values, strict=True)):
            if isinstance(value, date):
                sheet.write_datetime(number + 1, column, datetime(value.year, value.month, value.day), formats[title])
            elif isinstance(value, str):
                sheet.write_string(number + 1, column, value)
            elif value is not None:
                sheet.write_number(number + 1, column, value, formats.get(title))
    book.close()


def _project(chance: random.Random, number: int, unit: str) -> list[str | float | date | None]:
    industry = chance.choice(INDUSTRIES)
    total = chance.randint(500, 200_000)
    plan = round(total * chance.uniform(0.2, 0.6), chance.choice((0, 0, 0, 1, 2)))
    planned = date(2026, 1, 1) + timedelta(days=chance.randint(-500, 330))
    late = chance.choice((0, 0, 0, 0, 10, 40, 120))
    started = planned + timedelta(days=late) if planned + timedelta(days=late) <= ROUND else None
    months = _months(chance, plan, started)
    done = round(sum(months), 2)
    listed = chance.choice(("省重点", "市重点", "市重点", "省重点、市重点", "区重点", "区重点"))
    included = (
        min(started + timedelta(days=chance.randint(0, 60)), ROUND) if started and chance.random() < 0.8 else None
    )
    finish = planned + timedelta(days=chance.randint(360, 1200))
    earlier = round(total * chance.uniform(0, 0.3)) if started and started.year < 2026 else 0
    return [
        number, f"{2101 + number % 12}-370{200 + number % 7}-04-01-{100_000 + number}",
        f"{unit}{industry}{chance.choice(KINDS)}项目{number:05d}", unit, f"{unit}第{number % 37 + 1}街道",
        "续建" if planned.year < 2026 else "新建", listed, industry, f"总建筑面积{chance.randint(1, 90)}万平方米",
        f"{planned.year}-{finish.year}", total, plan, *months, done, done + earlier, done / plan, planned, started,
        "是" if started else "否", "是" if included else "否", included, finish,
        "主体施工" if started else None, "用地手续待办理" if number % 4 == 0 else None, f"责任人{number % 200:03d}",
    ]  # fmt: skip


def _months(chance: random.Random, plan: float, started: date | None) -> list[float]:
    """January is reported with February, as the statistics do; the first month is therefore nought."""
    if started is None:
        return [0.0] * 6
    pace = chance.choice((0.4, 0.7, 0.9, 1.0, 1.1))
    spent = [round(plan / 12 * pace * chance.uniform(0.7, 1.3), 0 if number % 2 else 1) for number in range(6)]
    return [0.0, *spent[1:]]
