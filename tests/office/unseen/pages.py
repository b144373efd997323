"""Sheets that are no ledger, as they stand beside one: telephone lists, notes on filling in, summaries."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from openpyxl.worksheet.worksheet import Worksheet

PLACES = ("云台县", "东浦区", "桥西新区", "临溪市")


def contacts(sheet: Worksheet, rng: Random) -> None:
    sheet.append(["通讯录"])
    sheet.append(["序号", "姓名", "单位", "职务", "手机", "备注"])
    for number, name in enumerate(("王磊", "赵敏", "钱进", "孙丽"), 1):
        sheet.append(
            [number, name, "县发改局", rng.choice(("科长", "科员")), f"139{rng.randrange(10000000, 99999999)}", None]
        )


def instructions(sheet: Worksheet, rng: Random) -> None:
    for line in (
        "填表说明",
        "1.本表由各责任单位于每月25日前报送。",
        "2.总投资、年度计划投资单位为万元，保留整数。",
        "3.开工以取得施工许可证为准。",
    ):
        sheet.append([line])


def summary(sheet: Worksheet, rng: Random) -> None:
    """L4: a league of districts."""
    sheet.append(["各县区重点项目推进情况排名"])
    sheet.append(["县区", "项目数", "开工", None, None, "纳统", None, None, "投资（万元）", None, None, None])
    sheet.append([None, None, "个数", "率", "位次", "个数", "率", "位次", "年度计划", "累计完成", "完成率", "位次"])
    for first, last in ((3, 5), (6, 8), (9, 12)):
        sheet.merge_cells(start_row=2, end_row=2, start_column=first, end_column=last)
    for place in PLACES:
        count = rng.randrange(10, 40)
        sheet.append([place, count, count - 2, 0.9, 1, count - 5, 0.8, 2, 900000, 500000, 0.5556, 3])


def options(sheet: Worksheet, rng: Random) -> None:
    sheet.append(["是否", "建设性质", "重点级别"])
    for row in (("是", "新建", "省重点"), ("否", "续建", "市重点")):
        sheet.append(row)


def by_trade(sheet: Worksheet, rng: Random) -> None:
    sheet.append(["分行业汇总表"])
    sheet.append(
        [
            "序号",
            "行业类别",
            "项目个数",
            "总投资（万元）",
            "年度计划投资（万元）",
            "1-8月累计完成投资（万元）",
            "完成率",
        ]
    )
    for number, trade in enumerate(("装备制造", "现代物流", "文化旅游"), 1):
        sheet.append([number, trade, rng.randrange(1, 20), rng.randrange(1000, 90000), 20000, 15000, 0.75])


STRANGERS: tuple[tuple[str, Callable[[Worksheet, Random], None]], ...] = (
    ("通讯录", contacts),
    ("联系人", contacts),
    ("填表说明", instructions),
    ("汇总", summary),
    ("县区排名", summary),
    ("数据字典", options),
    ("分行业", by_trade),
)
