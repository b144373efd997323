"""Workbooks as units might send them: layouts L1-L6 with columns shuffled, renamed, merged otherwise, units moved.

Every generated workbook knows which field each of its columns holds, so that a reading can be scored. The other
titles are those people really use; a good part of them is in no pack, on purpose.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path

import openpyxl
from opencc import OpenCC
from openpyxl.styles import Alignment
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

Cell = str | float | int | date | None
Maker = Callable[[random.Random, int], Cell]

STREETS = ("长江路街道", "泊里镇", "江山街道", "灵山卫街道", "王台镇")
TRADES = ("制造业-专用设备制造业", "制造业-医药制造业", "教育", "房地产业", "交通运输、仓储和邮政业", "卫生和社会工作")
PROGRESS = ("主体施工至三层", "外立面及安装施工", "办理用地规划许可", "设备安装调试", "桩基施工", "主体结构封顶")
PROBLEMS = ("无", "征迁进度滞后", "用地指标尚未落实", "/", "企业资金到位偏慢")


@dataclass(frozen=True)
class Column:
    """One column: the field it holds, how it may be titled, what stands in it."""

    field: str | None
    titles: tuple[str, ...]
    """Titles when it stands alone; the first is the layout's own."""
    make: Maker
    group: str = ""
    inner: tuple[str, ...] = ()
    """Titles under its group."""
    unit: str = ""
    """万元, 亩 …: may be moved to the group or the sheet line."""


@dataclass(frozen=True)
class Layout:
    key: str
    ledger: str
    title: str
    columns: tuple[Column, ...]
    rows: int = 14
    groups: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """Other titles of a group."""


@dataclass(frozen=True)
class Written:
    """What was written: by column number (from 0) the field it holds."""

    path: Path
    layout: str
    expected: dict[int, str | None]
    titles: dict[int, str]


@cache
def traditional() -> OpenCC:
    return OpenCC("s2t")


def pick(*choices: Cell) -> Maker:
    return lambda rng, row: rng.choice(choices)


def amount(low: int, high: int, decimals: int = 0) -> Maker:
    return lambda rng, row: round(rng.uniform(low, high), decimals) if decimals else rng.randint(low, high)


def code(rng: random.Random, row: int) -> Cell:
    return f"21{rng.randint(1, 12):02d}-370211-04-0{rng.randint(1, 5)}-{rng.randint(0, 999999):06d}"


def name(rng: random.Random, row: int) -> Cell:
    kind = rng.choice(("产业园", "研发中心", "道路改造", "学校新建", "智能制造基地", "综合管网"))
    return f"{rng.choice(STREETS)[:2]}{kind}{'' if row % 3 else '二期'}项目{row}"


def month_text(rng: random.Random, row: int) -> Cell:
    return rng.choice((f"2021年{rng.randint(2, 8)}月", f"2021.{rng.randint(2, 9)}", f"2020-{rng.randint(10, 12)}", "/"))


def day(rng: random.Random, row: int) -> Cell:
    return date(2021, rng.randint(2, 8), rng.randint(1, 28))


def person(rng: random.Random, row: int) -> Cell:
    return rng.choice(("张明", "李强", "王芳", "赵磊、孙丽", "周军"))


def phone(rng: random.Random, row: int) -> Cell:
    return rng.choice(("0532-8888", "0532-8666")) + f"{rng.randint(0, 9999):04d}"


def state(rng: random.Random, row: int) -> Cell:
    return rng.choice(("√", "已办结", "办理中", "无需办理", "—", "9月底前"))


L1 = Layout(
    "L1",
    "key_projects",
    "重点项目建设调度表",
    (
        Column(None, ("序号", "序号", "No."), lambda rng, row: row),
        Column("name", ("项目名称", "名称", "工程名称", "建设项目名称", "重点建设项目名称"), name),
        Column("project_code", ("项目代码", "赋码", "投资项目在线审批监管平台代码", "国家代码"), code),
        Column(
            "lists",
            ("项目类别", "重点级别", "清单类别", "所属清单名称"),
            pick("省重点", "市重点", "市重点、四新", "一般"),
        ),
        Column("location", ("建设地点", "镇街", "所在镇（街道）", "项目建设地点"), pick(*STREETS)),
        Column("nature", ("建设性质", "项目性质", "新建/续建"), pick("新建", "续建", "改扩建")),
        Column(
            "scale",
            ("建设规模及主要内容", "建设内容", "主要建设内容及规模"),
            pick("总建筑面积3.2万平方米", "新建厂房两栋"),
        ),
        Column("years", ("建设年限", "起止年限", "建设起止年限(年)"), pick("2020-2023", "2021-2022", "2019-2021")),
        Column(
            "total_investment",
            ("总投资", "计划总投资", "项目总投资额", "概算总投资", "投资总额"),
            amount(5000, 900000),
            unit="万元",
        ),
        Column(
            "annual_plan",
            ("2021年计划投资", "年度计划投资", "今年计划完成投资", "2021年度投资计划", "本年度计划投资额"),
            amount(1000, 90000),
            "2021年计划",
            ("年度投资", "投资额", "年度投资额"),
            "万元",
        ),
        Column(
            "month_done",
            ("8月完成投资", "本月完成投资", "8月份完成投资", "8月当月完成"),
            amount(10, 9000),
            "完成投资",
            ("本月", "8月", "当月"),
            "万元",
        ),
        Column(
            "ytd_done",
            ("1-8月累计完成投资", "截至8月底累计完成", "今年以来累计完成投资", "年初至8月底累计完成投资"),
            amount(100, 90000),
            "完成投资",
            ("1-8月累计", "1-8月", "1至8月累计", "一至八月"),
            "万元",
        ),
        Column(
            "completion_rate",
            ("占年度计划%", "完成率", "投资完成率(%)", "完成年度计划的比例"),
            amount(20, 120, 1),
            "完成投资",
            ("占年度计划%", "完成率", "占计划%"),
        ),
        Column(
            "since_start_done",
            ("自开工累计完成投资", "开工以来累计完成投资", "自开工至今累计完成投资"),
            amount(100, 900000),
            "完成投资",
            ("自开工累计", "开工以来累计"),
            "万元",
        ),
        Column("plan_start", ("计划开工时间", "计划开工", "拟开工时间"), month_text, "开工时间", ("计划", "计划时间")),
        Column("actual_start", ("实际开工时间", "开工日期", "实际开工"), month_text, "开工时间", ("实际", "实际时间")),
        Column(
            "is_included",
            ("是否纳统", "是否入库", "纳统情况", "统计入库情况"),
            pick("是", "否", "已纳统(2021年3月)", "申报中"),
        ),
        Column("physical_progress", ("形象进度", "目前形象进度", "最新进展情况", "工程形象进度"), pick(*PROGRESS)),
        Column("problem", ("存在问题", "存在的困难和问题", "需协调解决的问题", "困难问题"), pick(*PROBLEMS)),
        Column("next_steps", ("下步措施", "下一步工作打算", "下步工作计划"), pick("加快手续办理", "协调资金")),
        Column(
            "responsible_unit", ("责任单位", "牵头单位", "责任部门"), pick("发展和改革局", "工业和信息化局", "商务局")
        ),
        Column("person", ("责任人", "项目责任人", "联系人", "责任单位负责人"), person),
        Column("phone", ("联系电话", "电话", "联系方式", "手机号码"), phone),
        Column("leader", ("包联领导", "挂包领导", "包保领导", "市级包联领导"), person),
    ),
    groups={
        "2021年计划": ("2021年计划", "今年计划", "年度计划"),
        "完成投资": ("完成投资", "2021年完成投资", "投资完成情况"),
        "开工时间": ("开工时间", "开工", "开工情况"),
    },
)

L2 = Layout(
    "L2",
    "key_projects",
    "重点项目前期手续及要素保障情况表",
    (
        Column(None, ("序号",), lambda rng, row: row),
        Column("name", ("项目名称", "名称", "建设项目"), name),
        Column("project_approval", ("立项", "立项情况", "项目立项"), state, "立项", ("状态", "办理情况")),
        Column(
            "approval_no",
            ("立项文号", "批复文号"),
            lambda rng, row: f"发改审〔2021〕{row}号",
            "立项",
            ("文号", "批复文号"),
        ),
        Column("approved_on", ("立项日期", "批复时间"), day, "立项", ("日期", "批复时间")),
        Column("land_conversion", ("农转用", "农用地转用"), state, "用地", ("农转用",)),
        Column("land_supply", ("供地", "供地情况", "土地供应"), state, "用地", ("供地", "供地手续")),
        Column("real_estate_title", ("不动产权", "不动产权证"), state, "用地", ("不动产权", "不动产权证书")),
        Column("land_planning_permit", ("用地规划许可", "建设用地规划许可证"), state, "规划", ("用地规划许可",)),
        Column(
            "works_planning_permit",
            ("工程规划许可", "建设工程规划许可证"),
            state,
            "规划",
            ("工程规划许可", "工程规划许可证"),
        ),
        Column("eia", ("环评", "环评批复", "环境影响评价"), state),
        Column("energy_review", ("能评", "节能审查"), state),
        Column("drawings_review", ("施工图审查", "图审", "施工图审查情况"), state),
        Column("construction_permit", ("施工许可", "施工许可证"), state),
        Column(
            "land_needed", ("土地需求", "用地需求", "需求用地"), amount(10, 300), "要素需求", ("土地", "用地"), "亩"
        ),
        Column("funds_needed", ("资金需求", "资金缺口"), amount(1, 20, 2), "要素需求", ("资金",), "亿元"),
        Column("energy_needed", ("能耗需求", "能耗指标"), amount(100, 9000), "要素需求", ("能耗(吨标煤)", "能耗")),
        Column("responsible_unit", ("牵头部门", "牵头单位", "责任部门"), pick("发展和改革局", "自然资源局")),
        Column("deadline", ("完成时限", "办结时限", "完成期限"), pick("9月底前", "2021年10月", "年底前", "三季度")),
    ),
    groups={"要素需求": ("要素需求", "要素保障需求"), "用地": ("用地", "用地手续"), "规划": ("规划", "规划手续")},
)

L5 = Layout(
    "L5",
    "key_projects",
    "招商引资项目台账",
    (
        Column(None, ("序号",), lambda rng, row: row),
        Column("name", ("项目", "项目名称", "招商项目名称"), name),
        Column(
            "investor",
            ("投资方(500强/央企)", "投资方", "投资方名称", "客商名称"),
            pick("华润集团", "某汽车公司", "中建八局"),
        ),
        Column("investor_origin", ("来源地", "投资方来源地", "资金来源地"), pick("北京", "上海", "德国", "深圳")),
        Column("total_investment", ("总投资", "计划总投资", "投资总额"), amount(1, 90, 2), unit="亿元"),
        Column("registered_capital", ("注册资本", "注册资金"), amount(1000, 50000), unit="万元"),
        Column("stage", ("阶段", "项目阶段", "推进阶段"), pick("在谈", "签约", "注册", "开工")),
        Column("first_talk_on", ("首谈", "首谈时间", "首次洽谈时间"), month_text, "时间节点", ("首谈",)),
        Column("signed_on", ("签约", "签约时间", "签约日期"), month_text, "时间节点", ("签约",)),
        Column("registered_on", ("注册", "注册时间", "公司注册时间"), month_text, "时间节点", ("注册",)),
        Column("funds_in_place", ("到位内资", "内资到位"), amount(100, 9000), "到位资金", ("内资",), "万元"),
        Column("foreign_funds", ("到位外资", "实际使用外资"), amount(10, 900), "到位资金", ("外资",), "万美元"),
        Column("finder", ("招商人", "招商责任人", "引荐人"), person),
    ),
)

L6 = Layout(
    "L6",
    "land_parcels",
    "闲置土地处置台账",
    (
        Column(
            "parcel_no",
            ("宗地号", "宗地编号", "地块编号"),
            lambda rng, row: f"3702110{row:02d}GB{rng.randint(1, 99999):05d}",
        ),
        Column(
            "supervision_no",
            ("电子监管号", "供地电子监管号"),
            lambda rng, row: f"3702112018B{rng.randint(1, 99999):05d}",
        ),
        Column("land_user", ("使用权人", "土地使用权人", "用地单位"), pick("某置业公司", "某机械公司", "某食品公司")),
        Column("location", ("坐落", "土地坐落", "宗地位置"), pick(*STREETS)),
        Column("area", ("面积", "宗地面积", "土地面积"), amount(10, 300, 2), unit="亩"),
        Column("use", ("用途", "土地用途", "规划用途"), pick("工业", "仓储", "商务金融")),
        Column("agreed_start", ("约定动工", "约定动工时间", "约定动工日期"), day),
        Column("agreed_finish", ("约定竣工", "约定竣工时间"), day),
        Column("idle_type", ("闲置类型", "闲置情形"), pick("未动工满一年", "中止开发满一年")),
        Column("cause", ("原因(政府/企业)", "闲置原因", "形成原因"), pick("政府", "企业")),
        Column("disposal", ("处置方式", "拟处置方式", "处置措施"), pick("收回储备", "限期动工", "整体出让")),
        Column("physical_progress", ("进度", "处置进度", "进展情况"), pick("已约谈", "方案已报批", "已收回")),
        Column("responsible_unit", ("责任单位", "责任部门"), pick("自然资源局", "经济开发区")),
    ),
)

DISTRICTS = ("市南区", "市北区", "崂山区", "李沧区", "城阳区", "即墨区", "胶州市", "平度市", "莱西市", "黄岛区")
L4 = Layout(
    "L4",
    "district_summary",
    "重点项目推进情况汇总表",
    (
        Column("name", ("区市", "区(市)", "区市名称"), lambda rng, row: DISTRICTS[(row - 1) % 10]),
        Column("project_count", ("项目数", "项目个数", "项目总数"), amount(10, 90)),
        Column("started_count", ("开工个数", "已开工数"), amount(5, 60), "开工", ("个数", "已开工")),
        Column("start_rate", ("开工率", "开工率(%)"), amount(50, 100, 1), "开工", ("率", "开工率")),
        Column("start_rank", ("开工率位次", "开工位次"), lambda rng, row: row, "开工", ("位次", "排名")),
        Column("included_count", ("纳统个数", "已纳统数"), amount(5, 60), "纳统", ("个数", "已纳统")),
        Column("inclusion_rate", ("纳统率", "纳统率(%)"), amount(50, 100, 1), "纳统", ("率", "纳统率")),
        Column("inclusion_rank", ("纳统率位次", "纳统位次"), lambda rng, row: row, "纳统", ("位次", "排名")),
        Column("annual_plan", ("年度计划投资", "计划投资"), amount(90000, 900000), "投资", ("计划",), "万元"),
        Column(
            "ytd_done", ("累计完成投资", "1-8月完成投资"), amount(9000, 90000), "投资", ("累计", "1-8月累计"), "万元"
        ),
        Column("completion_rate", ("投资完成率", "完成率(%)"), amount(40, 110, 1), "投资", ("完成率",)),
        Column("ahead", ("较时序进度±百分点", "较时序(百分点)"), amount(-20, 20, 1), "投资", ("较时序±百分点",)),
        Column("investment_rank", ("投资完成率位次", "投资位次"), lambda rng, row: row, "投资", ("位次", "排名")),
        Column("green", ("绿灯", "绿灯数"), amount(1, 50), "亮灯", ("绿", "绿灯")),
        Column("yellow", ("黄灯", "黄灯数"), amount(1, 20), "亮灯", ("黄", "黄灯")),
        Column("red", ("红灯", "红灯数"), amount(0, 9), "亮灯", ("红", "红灯")),
    ),
    rows=10,
)

STRANGERS = (
    Column(None, ("审计意见",), pick("已出具", "未出具")),
    Column(None, ("2022年计划投资(万元)",), amount(100, 900)),
    Column(None, ("去年同期完成投资(万元)",), amount(100, 900)),
    Column(None, ("年新增税收(万元)",), amount(100, 900)),
    Column(None, ("调度次数",), amount(1, 9)),
    Column(None, ("二维码编号",), lambda rng, row: f"QR{row:05d}"),
    Column(None, ("带动就业人数",), amount(10, 900)),
    Column(None, ("视频监控是否接入",), pick("是", "否")),
    Column(None, ("同比增速%",), amount(-20, 30, 1)),
    Column(None, ("信用等级",), pick("A", "B")),
)
"""Columns no ledger knows: each must stay unread and be named, never be taken for a field."""

LAYOUTS = {layout.key: layout for layout in (L1, L2, L4, L5, L6)}


def write(layout: Layout, seed: int, folder: Path) -> Written:
    """One variant of a layout; the same seed gives the same workbook."""
    rng = random.Random(f"{layout.key}-{seed}")
    grouped = rng.random() < 0.75
    columns = _shuffled(layout, rng, grouped)
    for stranger in rng.sample(STRANGERS, rng.randint(0, 3)):
        columns.insert(rng.choice([at for at in range(len(columns) + 1) if _between_groups(columns, at)]), stranger)
    units_at = rng.choice(("column", "column", "group", "sheet"))
    titles = [_title(column, layout, rng, grouped, units_at, columns) for column in columns]
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = rng.choice(("Sheet1", "调度表", "附件1", "8月"))
    top = _captions(sheet, layout, columns, rng, units_at)
    depth = max(len(title) for title in titles)
    _header(sheet, titles, top, depth, merged=rng.random() < 0.7)
    _body(sheet, columns, top + depth, layout.rows, rng)
    path = folder / f"{layout.key}-{seed}.xlsx"
    book.save(path)
    return Written(
        path,
        layout.key,
        {index: column.field for index, column in enumerate(columns)},
        {index: "|".join(title) for index, title in enumerate(titles)},
    )


def _shuffled(layout: Layout, rng: random.Random, grouped: bool) -> list[Column]:
    """Columns in another order; those of one group stay together."""
    if not grouped:
        columns = list(layout.columns)
        rng.shuffle(columns)
        return columns
    blocks: dict[str, list[Column]] = {}
    for index, column in enumerate(layout.columns):
        blocks.setdefault(column.group or f"#{index}", []).append(column)
    order = list(blocks.values())
    rng.shuffle(order)
    for block in order:
        rng.shuffle(block)
    return [column for block in order for column in block]


def _between_groups(columns: Sequence[Column], at: int) -> bool:
    """Whether a column put there splits no group."""
    return at in (0, len(columns)) or not columns[at].group or columns[at - 1].group != columns[at].group


def _title(
    column: Column, layout: Layout, rng: random.Random, grouped: bool, units_at: str, columns: Sequence[Column]
) -> tuple[str, ...]:
    unit = f"({column.unit})" if column.unit else ""
    if not (grouped and column.group):
        return (
            _titled(rng.choice(column.titles), unit if units_at != "sheet" or _odd_unit(column, columns) else "", rng),
        )
    others = layout.groups.get(column.group, (column.group,))
    group = random.Random(f"{layout.key}{column.group}{len(columns)}{units_at}").choice(others)
    same = {other.unit for other in columns if other.group == column.group}
    in_group = units_at == "group" and len(same - {""}) == 1
    inside = "" if in_group or (units_at == "sheet" and not _odd_unit(column, columns)) else unit
    group_unit = f"({next(iter(same - {''}))})" if in_group else ""
    return (group + group_unit, _titled(rng.choice(column.inner), inside, rng))


def _titled(title: str, unit: str, rng: random.Random) -> str:
    text = title + rng.choice((unit, "\n" + unit if unit else "", unit.replace("(", "（").replace(")", "）")))
    noise = rng.random()
    if noise < 0.08 and len(title) <= 4:
        return " ".join(title) + unit  # 名 称
    if noise < 0.14:
        return str(traditional().convert(text))
    return text


def _main_unit(columns: Sequence[Column]) -> str:
    units = [column.unit for column in columns if column.unit]
    return max(set(units), key=units.count) if units else ""


def _odd_unit(column: Column, columns: Sequence[Column]) -> bool:
    """A unit that is not the sheet's must stay in the column's own title."""
    return bool(column.unit) and column.unit != _main_unit(columns)


def _captions(sheet: Worksheet, layout: Layout, columns: Sequence[Column], rng: random.Random, units_at: str) -> int:
    """Title and unit line; returns the header's first row (from 1)."""
    row = 1
    if rng.random() < 0.9:
        sheet.cell(row, 1, layout.title + rng.choice(("", "(2021年8月)")))
        sheet.merge_cells(start_row=row, start_column=1, end_row=row, end_column=len(columns))
        row += 1
    unit = _main_unit(columns)
    line = rng.choice(("填报单位:某区发展和改革局      {}截至2021年8月底", "{}", "    {}    2021年1-8月"))
    if units_at == "sheet" and unit:
        sheet.cell(row, 1, line.format(f"单位:{unit}   "))
        row += 1
    elif rng.random() < 0.4:
        sheet.cell(row, 1, line.format("") or "截至2021年8月底")
        row += 1
    return row


def _header(sheet: Worksheet, titles: Sequence[tuple[str, ...]], top: int, depth: int, *, merged: bool) -> None:
    for index, title in enumerate(titles, start=1):
        starts = index == 1 or titles[index - 2][0] != title[0] or len(title) == 1
        if len(title) == 2:
            if starts:
                sheet.cell(top, index, title[0])
            sheet.cell(top + 1, index, title[1])
        else:
            sheet.cell(top, index, title[0])
            if merged and depth == 2:
                sheet.merge_cells(start_row=top, start_column=index, end_row=top + 1, end_column=index)
        sheet.cell(top, index).alignment = Alignment(wrap_text=True)
    if merged:
        _merge_groups(sheet, titles, top)


def _merge_groups(sheet: Worksheet, titles: Sequence[tuple[str, ...]], top: int) -> None:
    index = 0
    while index < len(titles):
        end = index
        while end + 1 < len(titles) and len(titles[index]) == 2 and titles[end + 1][0] == titles[index][0]:
            end += 1
        if end > index:
            sheet.merge_cells(start_row=top, start_column=index + 1, end_row=top, end_column=end + 1)
        index = end + 1


def _body(sheet: Worksheet, columns: Sequence[Column], top: int, rows: int, rng: random.Random) -> None:
    row = top
    sectioned = rng.random() < 0.4
    for number in range(1, rows + 1):
        if sectioned and number in (1, rows // 2):
            sheet.cell(row, 1, f"{'一' if number == 1 else '二'}、{'省' if number == 1 else '市'}重点项目")
            sheet.merge_cells(start_row=row, start_column=1, end_row=row, end_column=len(columns))
            row += 1
        for index, column in enumerate(columns, start=1):
            sheet.cell(row, index, column.make(rng, number))
        row += 1
    if rng.random() < 0.5:
        sheet.cell(row, 1, "注:本表由各单位填报。")


def letters(column: int) -> str:
    return get_column_letter(column + 1)
