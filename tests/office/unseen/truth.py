"""Invented projects of an invented city: the truth that generated workbooks are written from and judged against."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from random import Random

from guatu.standards.periods import Period

WAN = 1_000_000
"""分 in one 万元."""

PLACES = ("石岭镇", "柳河街道", "东关街道", "白沙乡", "高铁新城", "城北工业园区", "清源镇", "南湖街道")
TRADES = ("装备制造", "新材料", "现代物流", "文化旅游", "生物医药", "交通基础设施", "农产品加工", "城市更新", "新能源")
THINGS = (
    "智能装备产业园",
    "年产5万吨改性塑料生产线",
    "冷链物流中心",
    "滨河景区提升工程",
    "中药饮片生产基地",
    "S217改线工程",
    "预制菜加工园",
    "老旧小区改造工程",
    "200MW风电场",
    "第二人民医院迁建工程",
    "污水处理厂扩建工程",
    "锂电隔膜生产基地",
    "高标准厂房",
    "职业教育实训基地",
)
SURNAMES, GIVEN = "王李张刘陈杨赵黄周吴徐孙马朱胡", ("伟", "建国", "秀英", "志强", "敏", "海涛", "丽华", "文博", "晓东")
OFFICES = ("发改局", "工信局", "交通运输局", "文旅局", "住建局", "农业农村局", "卫健局", "石岭镇政府", "开发区管委会")
FIRMS = ("清河城投集团", "恒远新材料有限公司", "云台文旅发展有限公司", "中科智造（清河）有限公司", "东浦物流有限公司")
PROGRESS = (
    "主体结构施工至三层",
    "正在进行桩基施工",
    "完成土地平整，正在办理施工许可",
    "设备安装调试",
    "室外管网施工完成80%",
    "1#、2#车间封顶，3#车间基础施工",
)
PROBLEMS = ("征地拆迁进展缓慢", "资金尚有缺口约3000万元", "用地指标未落实，需市级统筹", "高压线迁改未完成", "无")
STEPS = ("加快征拆，9月底前完成净地交付", "协调银行贷款尽快投放", "倒排工期，加大人员设备投入")
STAGES = {"talks": "在谈", "signed": "签约", "registered": "注册", "building": "在建"}
PROCEDURES = (
    "project_approval",
    "land_conversion",
    "land_supply",
    "real_estate_title",
    "land_planning_permit",
    "works_planning_permit",
    "eia",
    "energy_review",
    "drawings_review",
    "construction_permit",
)


@dataclass(frozen=True, slots=True)
class Project:
    """Money in 分; `months` maps a month's number to what was done in it; dates are days."""

    texts: dict[str, str]
    money: dict[str, int | None]
    months: dict[int, int]
    dates: dict[str, date | None]
    flags: dict[str, bool]
    lists: frozenset[str]
    numbers: dict[str, Decimal]
    phone: str
    procedures: dict[str, str]
    foreign: bool

    @property
    def name(self) -> str:
        return self.texts["name"]


def invent(rng: Random, period: Period, count: int) -> list[Project]:
    """`count` projects of a county in the month `period`, no two of one name or code."""
    names = [f"{place}{thing}" for place in PLACES for thing in THINGS]
    return [_project(rng, period, name, index) for index, name in enumerate(rng.sample(names, count))]


def _project(rng: Random, period: Period, name: str, index: int) -> Project:
    year, month = period.start.year, period.start.month
    name += rng.choice(("", "", "项目", "（一期）", "二期", "建设项目"))
    carried = rng.random() < 0.5
    started = carried or rng.random() < 0.5
    included = started and rng.random() < 0.8
    months = {
        one: rng.choice((0, rng.randrange(50, 3000), rng.randrange(500, 30000) * 10))
        * (WAN if rng.random() < 0.8 else WAN // 10)
        for one in range(1, month + 1)
    }
    if not started:
        months = dict.fromkeys(months, 0)
    if started and month > 3 and rng.random() < 0.15:
        months[month] = -rng.randrange(1, 40) * WAN
    done = sum(months.values())
    whole_year = max(done, 0) * 12 // month // WAN
    plan = (
        max(whole_year * rng.randrange(60, 150) // 100 // 50 * 50, rng.randrange(10, 400) * 50 if not done else 100)
        * WAN
    )
    total = (plan // WAN // 100 + rng.randrange(10, 900)) * 100 * WAN
    start = _day(rng, year - rng.randrange(1, 3), 12) if carried else _day(rng, year, month)
    planned = start if started else _day(rng, year, 12)
    finished = year + rng.randrange(1, 3)
    kinds = {one for one, odds in (("provincial", 0.2), ("municipal", 0.35), ("four_new", 0.3)) if rng.random() < odds}
    return Project(
        texts={
            "name": name,
            "project_code": _code(rng, year),
            "industry": rng.choice(TRADES),
            "location": rng.choice(PLACES),
            "nature": "续建" if carried else "新建",
            "scale": f"总建筑面积{rng.randrange(2, 30)}万平方米，新建厂房{rng.randrange(2, 9)}栋及配套设施",
            "years": f"{start.year}-{finished}",
            "owner": rng.choice(FIRMS),
            "physical_progress": rng.choice(PROGRESS),
            "problem": rng.choice(PROBLEMS),
            "next_steps": rng.choice(STEPS),
            "responsible_unit": rng.choice(OFFICES),
            "person": rng.choice(SURNAMES) + rng.choice(GIVEN),
            "leader": rng.choice(SURNAMES) + rng.choice(GIVEN),
            "finder": rng.choice(SURNAMES) + rng.choice(GIVEN),
            "note": rng.choice(("", "", "已列入省重大项目库", "原名变更")),
            "approval_no": f"清发改审〔{year}〕{index + 11}号",
            "investor": rng.choice(FIRMS),
            "investor_origin": rng.choice(("深圳", "上海", "浙江宁波", "香港", "江苏苏州")),
            "stage": rng.choice(tuple(STAGES)),
        },
        money={
            "total_investment": total,
            "annual_plan": plan,
            "month_done": months[month],
            "ytd_done": done,
            "previous_ytd": done - months[month],
            "since_start_done": done + (rng.randrange(1, 9) * 10 * WAN if carried else 0),
            "funds_in_place": rng.randrange(0, 300) * 100 * WAN,
            "registered_capital": rng.randrange(1, 50) * 1000 * WAN,
            "foreign_funds": rng.randrange(1, 90) * 10 * WAN,
            "funds_needed": rng.randrange(1, 60) * 500 * WAN,
        },
        months=months,
        dates={
            "plan_start": planned,
            "actual_start": start if started else None,
            "included_on": _day(rng, year, month) if included else None,
            "plan_finish": _day(rng, finished, 12),
            "actual_finish": None,
            "approved_on": _day(rng, year - 1, 12),
            "deadline": _day(rng, year, 12),
            "first_talk_on": _day(rng, year - 1, 6),
            "signed_on": _day(rng, year, month),
            "registered_on": _day(rng, year, month),
        },
        flags={
            "is_started": started,
            "is_included": included,
            "on_schedule": rng.random() < 0.7,
            "four_new": "four_new" in kinds,
        },
        lists=frozenset(kinds),
        numbers={
            "longitude": Decimal(rng.randrange(118000000, 121000000)).scaleb(-6),
            "latitude": Decimal(rng.randrange(34000000, 37000000)).scaleb(-6),
            "land_needed": Decimal(rng.randrange(10, 900)),
            "energy_needed": Decimal(rng.randrange(200, 9000)),
        },
        phone=f"1{rng.choice('3578')}{rng.randrange(100000000, 999999999)}",
        procedures={one: rng.choice(("done", "done", "in_progress", "not_needed", "not_done")) for one in PROCEDURES},
        foreign=rng.random() < 0.25,
    )


def _code(rng: Random, year: int) -> str:
    place, serial = rng.randrange(370100, 371000), rng.randrange(100000, 999999)
    return f"{year % 100:02d}{rng.randrange(1, 13):02d}-{place}-04-01-{serial}"


def _day(rng: Random, year: int, last_month: int) -> date:
    return date(year, rng.randrange(1, last_month + 1), rng.randrange(1, 28))
