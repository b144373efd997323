"""Sixty kinds of bad cell, each made anew from a seed: cells a person must hear about, whatever else the reader does.

A bad cell is one no careful person would take as it stands. What is only dirty, and can be read, is in `dirty_cells`.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

SERIOUS = ("error", "question")
ANY = ("error", "question", "warning")

TOTAL, PLAN, MONTH, YTD, RATE = "total_investment", "annual_plan", "month_done", "ytd_done", "completion_rate"
START, ACTUAL, FINISH = "plan_start", "actual_start", "plan_finish"

R = random.Random


@dataclass(frozen=True, slots=True)
class BadCell:
    """What is put into the column of `field`, and the grades one of which must name it."""

    kind: str
    field: str
    value: object
    grades: tuple[str, ...] = SERIOUS
    format: str = "General"

    @property
    def raw(self) -> str:
        """The cell as a finding must quote it."""
        match self.value:
            case None:
                return ""
            case str():
                return "" if self.value.startswith("=") else self.value
            case bool():
                return "TRUE" if self.value else "FALSE"
            case datetime():
                return self.value.date().isoformat()
            case _:
                return f"{float(str(self.value)):.15g}"


@dataclass(frozen=True, slots=True)
class _Kind:
    field: str
    make: Callable[[R], object]
    grades: tuple[str, ...] = SERIOUS
    format: str = "General"


def _number(r: R) -> int:
    return r.randrange(10_000, 90_000)


def _year(r: R) -> int:
    return r.choice((2022, 2023, 2024))


def _one_of(*values: object) -> Callable[[R], object]:
    return lambda r: r.choice(values)


def _around(*patterns: str) -> Callable[[R], str]:
    """One of the patterns with a number at `N` and another at `M`."""
    return lambda r: r.choice(patterns).replace("N", str(_number(r))).replace("M", str(_number(r)))


def _dated(*patterns: str) -> Callable[[R], str]:
    """One of the patterns with a year at `Y` and months at `M` and `P`."""
    return lambda r: (
        r.choice(patterns)
        .replace("Y", str(_year(r)))
        .replace("M", str(r.randrange(1, 13)))
        .replace("P", str(r.randrange(1, 13)))
    )


def _letters_for_digits(r: R) -> str:
    digits = str(_number(r))
    at = r.randrange(len(digits))
    return digits[:at] + r.choice("OolISB") + digits[at + 1 :]


def _code(r: R, *, year: str = "2304", month: str = "04", serial: str | None = None) -> str:
    return f"{year}-370211-{month}-01-{serial or r.randrange(100_000, 999_999)}"


def _broken_thousands(r: R) -> str:
    number = str(_number(r))
    return r.choice(
        (
            f"{number[0]},{number[1:]}",
            f"{number[:3]},{number[3:]}",
            f"{number[:2]},{number[2:]},00",
            f"1,{number[0]},{number[1:]}",
        )
    )


def _future(r: R) -> datetime:
    return datetime(2023, 9, 1) + timedelta(days=r.randrange(800))


NO_DAYS = ("02-30", "02-31", "04-31", "06-31", "09-31", "11-31", "01-32", "05-45")
ERRORS = ("#REF!", "#N/A", "#DIV/0!", "#VALUE!", "#NAME?", "#NUM!", "#NULL!")

KINDS: Mapping[str, _Kind] = {
    # figures
    "about": _Kind(TOTAL, _around("约N", "N左右", "近N", "N余", "不少于N", "预计N", "N以上", "N多", "大约N", "超过N")),
    "more or less than": _Kind(PLAN, _around(">N", "≥N", "<N", "≤N", "＞N")),
    "broken thousands": _Kind(TOTAL, _broken_thousands),
    "two numbers, a slash": _Kind(TOTAL, _around("N/M", "N／M")),
    "two numbers, a range": _Kind(PLAN, _around("N-M", "N~M", "N至M", "N～M", "N到M")),
    "two numbers, a sum": _Kind(TOTAL, _around("N+M", "N＋M")),
    "two numbers, a list": _Kind(YTD, _around("N、M", "N;M", "N；M", "N或M")),
    "two numbers, two lines": _Kind(TOTAL, _around("N\nM", "N\r\nM")),
    "phases in one cell": _Kind(TOTAL, _around("一期N，二期M", "一期N；二期M", "其中一期N、二期M")),
    "a part in brackets": _Kind(TOTAL, _around("N（其中土地M）", "N(含设备M)", "N（不含M）")),
    "letters for digits": _Kind(TOTAL, _letters_for_digits),
    "broken points": _Kind(TOTAL, lambda r: f"{_number(r)}.{r.randrange(1, 9)}.{r.randrange(1, 9)}"),
    "a negative total": _Kind(TOTAL, lambda r: -_number(r)),
    "a negative plan as text": _Kind(PLAN, _around("-N", "－N", "−N")),
    "words where money is": _Kind(TOTAL, _one_of("见备注", "详见附件", "同上", "保密", "以批复为准", "资金自筹", "未定稿", "按合同")),
    "marks where money is": _Kind(PLAN, _one_of("？", "?", "…", "！", "××", "***", "〃", "〇", "√")),
    "a name where money is": _Kind(YTD, lambda r: f"清河市{r.choice('东西南北')}区{r.randrange(1, 99)}号地块项目"),
    "weights where money is": _Kind(TOTAL, _around("N吨", "N公斤", "Nkg")),
    "lengths where money is": _Kind(PLAN, _around("N公里", "N米", "Nkm")),
    "areas where money is": _Kind(TOTAL, _around("N亩", "N平方米", "N公顷")),
    "heads where money is": _Kind(YTD, _around("N人", "N户", "N套", "N个")),
    "a rate where money is": _Kind(YTD, lambda r: f"{r.randrange(1, 150)}%"),
    "a date where money is": _Kind(YTD, lambda r: datetime(2023, r.randrange(1, 9), r.randrange(1, 28)), format="yyyy-mm-dd"),
    "a date as text where money is": _Kind(PLAN, _dated("Y年M月", "Y年M月底")),
    "true or false where money is": _Kind(YTD, _one_of(True, False)),
    "a phone where money is": _Kind(TOTAL, lambda r: f"1{r.randrange(30, 99)}-{r.randrange(1000, 9999)}-{r.randrange(1000, 9999)}"),
    "error values in figures": _Kind(YTD, _one_of(*ERRORS)),
    "a formula never worked out": _Kind(YTD, lambda r: f"={_number(r)}+{_number(r)}"),
    "a point moved by the format": _Kind(TOTAL, lambda r: _number(r) * 10_000, format="0!.0,"),
    "thousands hidden by the format": _Kind(TOTAL, lambda r: _number(r) * 1000, format="#,##0.00,"),
    "another unit by the format": _Kind(TOTAL, lambda r: round(r.uniform(1, 90), 2), format='0.00"亿元"'),
    "yuan for ten thousands": _Kind(TOTAL, lambda r: _number(r) * 10_000),
    "yuan for ten thousands in a part": _Kind(YTD, lambda r: _number(r) * 10_000),
    "beyond all measure": _Kind(TOTAL, lambda r: float(f"{r.randrange(1, 9)}e{r.randrange(20, 300)}")),
    "beyond all measure as text": _Kind(PLAN, lambda r: "9" * r.randrange(16, 60)),
    # dates
    "January or October": _Kind(START, lambda r: r.choice((2019.1, 2020.1, 2021.1, 2022.1, 2023.1, 2024.1))),
    "impossible months": _Kind(START, lambda r: f"{_year(r)}{r.choice('-./年')}{r.choice((0, 13, 14, 15, 20, 99))}"),
    "impossible days": _Kind(START, lambda r: f"{_year(r)}-{r.choice(NO_DAYS)}"),
    "nonsense for dates": _Kind(START, _one_of("尽快", "看情况", "????", "下周", "春节后", "择机开工", "已报批", "批复后三个月", "等通知")),
    "two dates, a range": _Kind(START, lambda r: f"{_year(r)}.{r.randrange(1, 9)}-{_year(r)}.{r.randrange(2, 9)}"),
    "two dates, a choice": _Kind(START, _dated("Y年M月或P月", "Y年M月、P月")),
    "open ends": _Kind(FINISH, _dated("Y年M月以后", "Y年M月后", "早于Y年M月", "Y年M月左右", "约Y年M月")),
    "years out of range": _Kind(START, lambda r: f"{r.choice(('203', '20023', '1023', '2203', '0023', '3'))}年{r.randrange(1, 13)}月"),
    "letters in a date": _Kind(START, lambda r: f"2O{r.randrange(20, 25)}-{r.randrange(1, 13):02}"),
    "money where a date is": _Kind(START, lambda r: r.randrange(3000, 15000)),
    "a rate where a date is": _Kind(FINISH, lambda r: f"{r.randrange(1, 150)}%"),
    "true or false where a date is": _Kind(START, _one_of(True, False)),
    "error values in dates": _Kind(START, _one_of(*ERRORS)),
    "a start still to come": _Kind(ACTUAL, _future, format="yyyy-mm-dd"),
    "a start still to come, in words": _Kind(ACTUAL, lambda r: f"{r.choice((2024, 2025, 2026))}年{r.randrange(1, 13)}月"),
    # rates
    "a rate that is not done by plan": _Kind(RATE, lambda r: r.randrange(150, 900) / 100, format="0.00%"),
    "a rate in words": _Kind(RATE, _one_of("过半", "大部分", "abc", "50%以上", "接近完成", "不详", "正常")),
    "a rate beyond all rates": _Kind(RATE, lambda r: f"{r.randrange(20_000, 90_000)}%"),
    "error values in rates": _Kind(RATE, _one_of(*ERRORS)),
    # codes, names, flags, people
    "a code too short": _Kind("project_code", lambda r: _code(r)[:-2], ANY),
    "a letter in a code": _Kind("project_code", lambda r: _code(r, year="23O4"), ANY),
    "a month there is none of": _Kind("project_code", lambda r: _code(r, year=f"23{r.randrange(13, 99)}"), ANY),
    "a code turned into a number": _Kind("project_code", lambda r: 2.30437e19 + r.randrange(10**6) * 10**13, ANY),
    "a flag nobody can tell": _Kind("is_started", _one_of("大概", "?", "是/否", "部分", "√×", "同上", "3", "差不多", "看情况")),
    "a no beside the date of a yes": _Kind("is_started", _one_of("否", "未开工", "×", "没开工", "尚未开工")),
    "error values in flags": _Kind("is_included", _one_of(*ERRORS)),
    "error values in names": _Kind("name", _one_of(*ERRORS)),
    "error values in words": _Kind("physical_progress", _one_of(*ERRORS)),
    "a phone of wrong length": _Kind("phone", lambda r: "138" + "".join(r.choices("0123456789", k=r.choice((6, 9, 10, 11)))), ANY),
}  # fmt: skip


def bad_cells(seed: int, *, each: int) -> list[BadCell]:
    """So many cells of every kind, in an order of chance."""
    r = R(seed)
    made = [
        BadCell(kind, of.field, of.make(r), of.grades, of.format) for kind, of in KINDS.items() for _ in range(each)
    ]
    r.shuffle(made)
    return made
