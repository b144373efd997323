"""Dirty cells as they come in, each with what a careful person does with it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from guatu.office.workbooks.reading import CellValue

WAN = 1_000_000
"""分 in one 万元."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """`named`: grades that must name the cell (empty: no error and no question may); `values`: what may be read.

    A cell that may be either read right or asked has both; `values` empty means nothing may be read.
    """

    named: tuple[str, ...]
    values: tuple[CellValue, ...] = ()
    either: bool = False


def asked(*values: CellValue) -> Outcome:
    """Must be named as error or question, and nothing read from it."""
    return Outcome(("error", "question"), values)


def reads(*values: CellValue) -> Outcome:
    """Must be read so, without error or question."""
    return Outcome((), values)


def nothing() -> Outcome:
    """Must be missing, without error or question: a blank with a reason."""
    return Outcome((), (None,))


def either(*values: CellValue) -> Outcome:
    """Read right, or asked: never read otherwise."""
    return Outcome(("error", "question"), values, either=True)


def noticed(*values: CellValue) -> Outcome:
    """Must be named in any grade."""
    return Outcome(("error", "question", "warning"), values)


@dataclass(frozen=True, slots=True)
class Dirt:
    """One dirty cell: in the column of `field` it holds `value` (with a number format)."""

    kind: str
    field: str
    value: object
    outcome: Outcome
    format: str = "General"


def wan(amount: int | float | str) -> int:
    return round(float(amount) * WAN)


def _all(kind: str, column: str, outcome: Outcome, *values: object, number_format: str = "General") -> list[Dirt]:
    return [Dirt(kind, column, value, outcome, number_format) for value in values]


TOTAL, YTD, MONTH, PLAN = "total_investment", "ytd_done", "month_done", "annual_plan"

DIRT: tuple[Dirt, ...] = (
    *_all("text numbers", TOTAL, reads(wan(62500)), "62500", " 62500 ", "62500.00", "62500\n", number_format="@"),
    *_all("full-width digits", TOTAL, reads(wan(62500)), "６２５００", "６２，５００", "62500．0"),
    *_all("thousands marks", TOTAL, reads(wan(62500)), "62,500", "62,500.00", "62，500"),
    *_all("NBSP and zero width", TOTAL, reads(wan(62500)), "\xa062500", "62500\u200b", "\ufeff62500", "62500\u3000"),
    *_all(
        "about",
        TOTAL,
        asked(),
        "约500",
        "500左右",
        "近62500",
        "62500余",
        "不少于62500",
        "62500多",
        "预计62500",
        ">62500",
        "≥500",
    ),
    *_all("broken thousands", TOTAL, asked(), "1,2,500", "62,50", "6,2500", "62,500,00"),
    *_all("error values", YTD, asked(), "#REF!", "#N/A", "#DIV/0!", "#VALUE!", "#NAME?"),
    *_all("error values in text", "physical_progress", asked(), "#REF!", "#N/A"),
    *_all(
        "two numbers",
        TOTAL,
        asked(),
        "500/300",
        "500、300",
        "500+300",
        "500-600",
        "500～600",
        "一期500，二期300",
        "500（其中土地200）",
        "500\n300",
    ),
    *_all("Chinese numerals", TOTAL, either(3000 * WAN), "三千万", "三千万元", "叁仟万元"),
    *_all(
        "unit in the cell", TOTAL, reads(412000 * WAN), "41.2亿元", "412000万元", "41.2 亿元", "４１．２亿元", "41.2亿"
    ),
    *_all("yuan in the cell", TOTAL, reads(412000 * WAN), "4120000000元"),
    *_all(
        "dollars in the cell",
        TOTAL,
        Outcome(("error", "question"), (None,), either=True),
        "10亿美元",
        "3000万美元",
        "$3000",
        "5000万欧元",
        "2亿港元",
    ),
    *_all("illegal negatives", TOTAL, asked(), -500, "-500", -0.5),
    *_all("illegal negatives of a plan", PLAN, asked(), -500, "－500"),
    *_all("legal negatives", MONTH, reads(-300 * WAN), -300, "-300", "－300"),
    *_all("bracketed negatives", MONTH, either(-300 * WAN), "(300)", "（300）", "核减300"),
    *_all("spaces inside numbers", TOTAL, either(wan(62500)), "62 500", "6 2500", "62\xa0500"),
    *_all("letters for digits", TOTAL, asked(), "1O000", "l5000", "62S00", "6250o"),
    *_all("broken points", TOTAL, asked(), "62.5.0", "625..0", "62500.0.0"),
    *_all("trailing marks", TOTAL, either(wan(62500)), "62500.", "62500。", "62500*", "62500①"),
    *_all("float noise", TOTAL, reads(3 * WAN // 10), 0.1 + 0.2, 0.30000000000000004),
    *_all("below the fen", TOTAL, either(123457, 123456), 0.1234567),
    *_all("scientific text", TOTAL, either(wan(62500)), "6.25E+04", "6.25e4"),
    *_all(
        "a date where money is", YTD, asked(), datetime(2023, 8, 1), datetime(1905, 6, 3), number_format="yyyy-mm-dd"
    ),
    *_all("true and false where money is", YTD, asked(), True, False),
    *_all("a formula never worked out", YTD, asked(), "=1000+500", "=SUM(G5:G6)"),
    *_all(
        "words where money is",
        TOTAL,
        asked(),
        "见备注",
        "详见附件",
        "同上",
        "保密",
        "以批复为准",
        "〃",
        "ｘｘ",
        "？",
        "资金自筹",
    ),
    *_all("none yet", TOTAL, nothing(), "待定", "/", "—", "——", "－", "无", "暂无", " ", "　", "-", "待确定"),
    *_all("zero is zero", YTD, reads(0), 0, "0", "0.00", "０", 0.0),
    *_all(
        "scaled by its number format",
        TOTAL,
        Outcome(("error", "question", "warning"), (62500 * WAN,), either=True),
        625000000,
        number_format="0!.0,",
    ),
    *_all(
        "scaled by thousands",
        TOTAL,
        Outcome(("error", "question", "warning"), (62500 * WAN,), either=True),
        62500000,
        number_format="#,##0.00,",
    ),
    *_all(
        "a unit in its number format",
        TOTAL,
        Outcome(("error", "question", "warning"), (62500 * WAN,), either=True),
        6.25,
        number_format='0.00"亿元"',
    ),
    *_all("currency marks", TOTAL, either(62500 * WAN, 625), "¥62500", "￥62,500.00", "62500元整", "RMB62500"),
    *_all("apostrophes and quotes", TOTAL, either(62500 * WAN), "'62500", "“62500”", "`62500"),
    *_all("signs before numbers", TOTAL, either(62500 * WAN), "+62500", "＝62500", "=62500"),
    *_all(
        "text pasted with its unit line",
        TOTAL,
        either(62500 * WAN),
        "总投资62500万元",
        "62500万元（概算）",
        "6.25亿元人民币",
    ),
    *_all("a slip of the unit", TOTAL, noticed(wan(450000000)), 450000000),
    # dates
    *_all("floats that were months", "plan_start", asked(), 2023.1, 2021.1, 2022.1),
    *_all("floats with a clear month", "plan_start", either(date(2023, 9, 1), date(2023, 9, 30)), 2023.9),
    *_all(
        "impossible months", "plan_start", asked(), "2023-13", "2023.13", "2023年13月", "2023-00", "2023年0月", 2023.13
    ),
    *_all("impossible days", "plan_start", asked(), "2023-02-30", "2023.6.31", "2023年4月31日", "2023-11-45"),
    *_all(
        "nonsense for dates",
        "plan_start",
        asked(),
        "尽快",
        "看情况",
        "????",
        "下周",
        "春节后",
        "批复后三个月",
        "择机开工",
        "已报批",
        "1",
    ),
    *_all(
        "two dates",
        "plan_start",
        asked(),
        "2023.3-2023.9",
        "2023年3月、5月",
        "2023年3月或9月",
        "2022.3/2023.4",
        "一期2023.3二期2023.9",
    ),
    *_all(
        "years out of range",
        "plan_start",
        asked(),
        "203年5月",
        "20023-05",
        "1023-05-01",
        "2203年5月",
        "3年5月",
        "0023-05",
    ),
    *_all("serial numbers", "plan_start", reads(date(2023, 9, 1)), 45170),
    *_all("serial numbers as text", "plan_start", either(date(2023, 9, 1)), "45170"),
    *_all(
        "full-width dates",
        "plan_start",
        reads(date(2023, 9, 1), date(2023, 9, 30)),
        "２０２３年９月",
        "2023．09",
        "２０２３－０９",
        "2023 年 9 月",
    ),
    *_all(
        "Chinese numeral dates",
        "plan_start",
        either(date(2023, 9, 1), date(2023, 9, 30)),
        "二〇二三年九月",
        "二○二三年九月",
        "九月",
    ),
    *_all(
        "dates with words",
        "plan_start",
        either(date(2023, 9, 1), date(2023, 9, 30)),
        "2023年9月开工",
        "拟2023年9月",
        "计划2023.9",
        "2023年9月（暂定）",
    ),
    *_all("two-digit years", "plan_start", either(date(2023, 9, 1), date(2023, 9, 30)), "23年9月", "23.9", "23-09"),
    *_all("other orders", "plan_start", either(date(2023, 9, 1), date(2023, 1, 9)), "9/1/2023", "01-Sep-2023"),
    *_all(
        "a day said as 号", "plan_start", either(date(2023, 9, 10)), "2023年9月10号", "2023.9.10.", "20230910", 20230910
    ),
    *_all("quarters", "plan_start", either(date(2023, 9, 30)), "2023年Q3", "2023Q3", "2023年3季度", "3季度"),
    *_all(
        "deadlines",
        "plan_start",
        reads(date(2023, 9, 30)),
        "9月底",
        "9月末",
        "2023年9月底前",
        "三季度",
        "2023年9月底",
        "第三季度末",
    ),
    *_all("parts of a month", "plan_start", reads(date(2023, 9, 20)), "9月中旬", "2023年9月中旬"),
    *_all("money where a date is", "plan_start", asked(), 12500, 350, 62500.5),
    *_all("a start still to come", "actual_start", asked(), datetime(2024, 3, 1), "2023年12月", "2030.1"),
    *_all("no start yet", "actual_start", nothing(), "未开工", "尚未开工", "/", "—", "无", "暂未开工"),
    *_all("no date by nature", "plan_finish", nothing(), "长期", "待定", "/"),
    *_all(
        "instants as text",
        "plan_start",
        reads(date(2023, 9, 1)),
        "2023-09-01 00:00:00",
        "2023/9/1 0:00",
        "2023-09-01T00:00:00",
    ),
    *_all("month and day only", "plan_start", either(date(2023, 9, 1)), "9月1日", "9.1", "9-1"),
    *_all(
        "open ends",
        "plan_start",
        either(),
        "2023年9月以后",
        "2023年9月后",
        "2023年9月起",
        "早于2023年9月",
        "2023年9月份左右",
    ),
    # rates
    *_all("rates out of line", "completion_rate", asked(), "1015%", "5000%", "850", "0.85%", 85),
    *_all(
        "rates written otherwise", "completion_rate", either(Decimal("0.5")), "五成", "百分之五十", "50％", 50, "0.5"
    ),
    *_all("rates in words", "completion_rate", asked(), "过半", "-5%", "abc", "50%以上"),
    # codes
    *_all(
        "codes of wrong shape",
        "project_code",
        noticed(),
        "23O4-370211-04-01-123456",
        "2304-370211-04-01-12345",
        "2313-370211-04-01-123456",
        "无码",
        "2304-370211-04-01",
    ),
    *_all("codes turned into numbers", "project_code", noticed(), 2.30437021104e19, "2.30437E+19", 23043702110401),
    *_all(
        "codes with odd dashes",
        "project_code",
        either("2304-370211-04-01-123456"),
        "2304－370211－04－01－123456",
        "2304—370211—04—01—123456",
        " 2304-370211-04-01-123456 ",
        "２３０４-370211-04-01-123456",
    ),
    *_all("no code yet", "project_code", nothing(), "未赋码", "办理中", "/", "暂无"),
    # flags
    *_all("flags nobody can tell", "is_started", asked(), "大概", "?", "是/否", "部分", "√×", "同上", "3", "开工率60%"),
    *_all("flags with noise", "is_started", reads(True), "是\xa0", " 是", "已開工", "是。", "Ｙ", "已开工！", "√ "),
    *_all("flags that say no", "is_started", reads(False), "否", "未開工", "尚未开工", "拟9月开工", "N", "不是", "╳"),
    *_all(
        "flags in rarer words",
        "is_started",
        either(False, None),
        "没有开工",
        "即将开工",
        "未具备开工条件",
        "无",
        "计划年底开工",
    ),
    *_all(
        "inclusion that says no",
        "is_included",
        reads(False),
        "未納統",
        "申报中",
        "拟9月纳统",
        "否（材料准备中）",
        "正在申报",
    ),
    *_all(
        "inclusion in rarer words",
        "is_included",
        either(False),
        "不具备条件",
        "退库",
        "已退库",
        "暂不符合入统条件",
        "材料已报统计局待审",
    ),
    *_all("inclusion dated", "is_included", reads(True), "已纳统（2023年3月）", "2023年3月已入库", "是（3月）"),
    *_all("inclusion dated tersely", "is_included", either(True), "2023.3纳统", "3月已纳", "2023.03"),
    # names and text
    *_all(
        "names with invisible marks",
        "name",
        reads("清河市职业教育实训基地"),
        "清河市职业教育\xa0实训基地",
        "清河市职业教育实训基地\u200b",
        "清河市职业\n教育实训基地 ",
        "　清河市职业教育实训基地",
    ),
    *_all("names in traditional characters", "name", reads("清河市装备制造产业园"), "清河市裝備製造產業園"),
    *_all(
        "names with pinyin",
        "name",
        reads("清河市强链补链项目"),
        "清河市強(qiáng)鏈(liàn)補(bǔ)鏈(liàn)項(xiàng)目",
        "清河市强(qiáng)链补链项目",
    ),
    *_all("no name", "name", noticed(None), None, "/", "  "),
    *_all("phones of wrong length", "phone", noticed(), "138123456789", "1381234567", "12345", "电话未知"),
    *_all(
        "several phones",
        "phone",
        reads(("13812345678", "13987654321")),
        "13812345678、13987654321",
        "13812345678/13987654321",
        "13812345678\n13987654321",
        "13812345678 13987654321",
    ),
    *_all("several people", "person", reads(("张伟", "李娜")), "张伟、李娜", "张伟/李娜", "张伟\n李娜", "张伟，李娜"),
    *_all("people with spaces in short names", "person", reads(("张伟",)), "张 伟", "张　伟"),
)
