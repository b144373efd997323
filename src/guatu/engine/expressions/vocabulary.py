"""The words of the language in both languages: functions, their options, keywords, units of literals."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction

from guatu.engine.expressions.types import AREA, NUMBER, Type, money


@dataclass(frozen=True, slots=True)
class Words:
    """How a function is written in Chinese, and its options (option -> Chinese, words it takes)."""

    zh: str
    options: dict[str, Option] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Option:
    """A named option. With `words` it takes one of them (word -> Chinese), else an expression."""

    zh: str
    words: dict[str, str] = field(default_factory=dict)


_CALENDAR = Option("历", {"statistical": "统计月度", "monthly": "自然月", "quarterly": "季度", "yearly": "年度"})
_WITHIN = Option("范围")

FUNCTIONS: dict[str, Words] = {
    # numbers
    "abs": Words("绝对值"),
    "round": Words("四舍五入"),
    "floor": Words("向下取整"),
    "ceil": Words("向上取整"),
    "min_of": Words("取小"),
    "max_of": Words("取大"),
    "power": Words("乘方"),
    "root": Words("开方"),
    "bucket": Words("分档", {"side": Option("闭合", {"left": "左闭", "right": "右闭"})}),
    "quantity": Words("计量"),
    "in_unit": Words("换算为"),
    # missing values and conditions
    "coalesce": Words("取首个非空"),
    "nullif": Words("等则为空"),
    "at_least": Words("至少"),
    # dates and periods
    "year": Words("年份"),
    "quarter": Words("季度"),
    "month": Words("月份"),
    "day": Words("日数"),
    "add_days": Words("加天数"),
    "add_months": Words("加月数"),
    "days_between": Words("相距天数"),
    "months_between": Words("相距整月数"),
    "end_of_month": Words("月末"),
    "period_of": Words("所属期"),
    "working_days_between": Words("相距工作日"),
    # text
    "starts_with": Words("开头为"),
    "ends_with": Words("结尾为"),
    "contains": Words("包含"),
    "matches": Words("匹配"),
    # lists and tags
    "on_list": Words("在清单"),
    "has_any": Words("含任一"),
    "has_all": Words("含全部"),
    # milestones, links, parameters
    "reached": Words("已达到"),
    "stage": Words("所处阶段"),
    "along": Words("沿"),
    "param": Words("参数", {"as_of": Option("截至")}),
    # other subjects and earlier results
    "of": Words("取"),
    "rank": Words("位次", {"order": Option("次序", {"desc": "降序", "asc": "升序"}), "within": _WITHIN}),
    "cut": Words(
        "划等",
        {
            "quotas": Option("比例"),
            "order": Option("次序", {"desc": "降序", "asc": "升序"}),
            "ties": Option("并列", {"up": "就高", "down": "就低"}),
            "veto": Option("否决"),
            "grace": Option("豁免"),
            "within": _WITHIN,
        },
    ),
    "prev": Words("上期", {"calendar": _CALENDAR}),
    "same_period_last_year": Words("上年同期"),
    "as_of": Words("截至期"),
    "streak": Words("连续期数", {"calendar": _CALENDAR, "gap": Option("缺期", {"break": "中断", "skip": "跳过"})}),
    "running": Words("连续", {"calendar": _CALENDAR}),
    "to_month": Words("当月数", {"calendar": _CALENDAR}),
    "to_cumulative": Words("年初累计数", {"calendar": _CALENDAR}),
    # aggregates
    "count": Words("计数"),
    "sum": Words("合计"),
    "min": Words("最小"),
    "max": Words("最大"),
    "mean": Words("平均"),
    "median": Words("中位数"),
    "distinct": Words("去重计数"),
    "any": Words("任一"),
    "all": Words("皆为"),
    "share": Words("占比"),
}
AGGREGATES = frozenset({"count", "sum", "min", "max", "mean", "median", "distinct", "any", "all", "share"})
HISTORY = frozenset({"prev", "same_period_last_year", "as_of", "streak", "running", "to_month", "to_cumulative"})
WINDOWS = frozenset({"rank", "cut", "of"})

TYPED_TEXTS = {"date": "日期", "period": "期", "severity": "程度"}
"""Literals written as a call around a text: date("2021-08-31")."""

KEYWORDS = {
    "and": "且",
    "or": "或",
    "not": "非",
    "case": "情形",
    "when": "当",
    "then": "则",
    "else": "否则",
    "end": "终",
    "is": "为",
    "null": "空",
    "in": "属于",
    "between": "介于",
    "where": "其中",
    "true": "真",
    "false": "假",
}
JOINED_KEYWORDS = {
    "为空": ("is", "null"),
    "不为空": ("is", "not", "null"),
    "不属于": ("not", "in"),
    "不介于": ("not", "between"),
    "与": ("and",),
}
"""Chinese words that stand for several English ones."""

CHINESE_KEYWORDS = {zh: en for en, zh in KEYWORDS.items()}
CHINESE_FUNCTIONS = {words.zh: name for name, words in FUNCTIONS.items()}

_CURRENCIES = {"元": "CNY", "美元": "USD", "欧元": "EUR", "港元": "HKD", "日元": "JPY", "英镑": "GBP"}
_MULTIPLES = {"": 1, "万": 10**4, "亿": 10**8}
MU = 10**6
"""Stored parts of one 亩."""

UNITS: dict[str, tuple[Type, Fraction]] = {
    "%": (NUMBER, Fraction(1, 100)),
    "‰": (NUMBER, Fraction(1, 1000)),
    "pp": (NUMBER, Fraction(1, 100)),
    "个百分点": (NUMBER, Fraction(1, 100)),
    "百分点": (NUMBER, Fraction(1, 100)),
    "万": (NUMBER, Fraction(10**4)),
    "亿": (NUMBER, Fraction(10**8)),
    "亩": (AREA, Fraction(MU)),
    "万亩": (AREA, Fraction(MU * 10**4)),
    "公顷": (AREA, Fraction(15 * MU)),
    "平方米": (AREA, Fraction(1500)),
    "万平方米": (AREA, Fraction(1500 * 10**4)),
    "mu": (AREA, Fraction(MU)),
    "ha": (AREA, Fraction(15 * MU)),
    "m2": (AREA, Fraction(1500)),
} | {
    multiple + word: (money(code), Fraction(100 * times))
    for word, code in _CURRENCIES.items()
    for multiple, times in _MULTIPLES.items()
}
"""Unit written after a number -> its type and how many stored parts one of it is."""
UNITS |= {code: (money(code), Fraction(100)) for code in _CURRENCIES.values()}
UNITS |= {f"百万{word}": (money(code), Fraction(10**8)) for word, code in _CURRENCIES.items() if code != "CNY"}
