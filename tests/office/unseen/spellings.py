"""How one truth is spelt in cells: a column keeps to one habit, as a column filled in by one office does."""

from __future__ import annotations

import calendar
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from random import Random

from guatu.office.workbooks.reading import CellValue

Speller = Callable[[object], "Spelt"]

FEN = {
    "元": 100,
    "万元": 1_000_000,
    "亿元": 10_000_000_000,
    "千元": 100_000,
    "万美元": 1_000_000,
    "亿美元": 10_000_000_000,
}


@dataclass(frozen=True, slots=True)
class Spelt:
    """What stands in the cell and what a careful person takes from it; `means` None is nothing."""

    value: object
    means: CellValue
    format: str = "General"
    also: tuple[CellValue, ...] = ()
    """Other readings as good (a month's first day for a month)."""
    precisions: tuple[str, ...] = ()
    loose_month: bool = False
    """Only year and month of the date are said."""


def number(exact: Decimal) -> int | float:
    """The number Excel keeps."""
    return int(exact) if exact == exact.to_integral_value() else float(exact)


def blank(rng: Random) -> Spelt:
    return Spelt(rng.choice((None, None, "/", "—", "-", "无", "")), None)


def money(rng: Random, unit: str, *, in_cell: bool = False, zero_blank: bool = False) -> Speller:
    form = rng.choice(("General", "0.00", "#,##0", "#,##0.00", "0.00_ ", "0_);[Red]\\(0\\)"))

    def spell(fen: object) -> Spelt:
        assert isinstance(fen, int)
        if fen == 0 and zero_blank:
            return Spelt(rng.choice((None, "/", "—")), None)
        amount = Decimal(fen) / FEN[unit]
        if in_cell:
            return Spelt(f"{amount.normalize():f}{unit}", fen)
        return Spelt(number(amount), fen, form)

    return spell


def day(rng: Random, year: int, *, deadline: bool = False) -> Speller:
    """One habit of writing dates. Words such as 9月底 only for the year of the round."""
    real = (
        "yyyy-mm-dd",
        "yyyy/m/d",
        'yyyy"年"m"月"d"日"',
        "yyyy.mm.dd",
        'yyyy"年"m"月"',
        "yyyy-mm",
        "yyyy/mm;@",
        "serial",
    )
    habit = rng.choice((*real, *TEXT_DATES, *(("words",) * 6 if deadline else ())))

    def spell(value: object) -> Spelt:
        assert isinstance(value, date)
        if habit == "serial":
            return Spelt((value - date(1899, 12, 30)).days, value)
        if habit in real:
            monthly = "d" not in habit
            shown = value.replace(day=1) if monthly else value
            precisions = ("month", "day") if monthly else ("day",)
            return Spelt(
                datetime(shown.year, shown.month, shown.day), shown, habit, precisions=precisions, loose_month=monthly
            )
        if habit == "words":
            return deadline_words(rng, value, year)
        text = TEXT_DATES[habit](value)
        daily = "d" in habit
        return Spelt(text, value, "@", precisions=("day",) if daily else ("month",), loose_month=not daily)

    return spell


TEXT_DATES: dict[str, Callable[[date], str]] = {
    "Y年m月": lambda day: f"{day.year}年{day.month}月",
    "Y年mm月": lambda day: f"{day.year}年{day.month:02d}月",
    "Y.m": lambda day: f"{day.year}.{day.month}",
    "Y.mm": lambda day: f"{day.year}.{day.month:02d}",
    "Y．m": lambda day: f"{day.year}．{day.month}",
    "Y-mm": lambda day: f"{day.year}-{day.month:02d}",
    "Y年m月d日": lambda day: f"{day.year}年{day.month}月{day.day}日",
    "Y.m.d": lambda day: f"{day.year}.{day.month}.{day.day}",
    "Y/m/d": lambda day: f"{day.year}/{day.month}/{day.day}",
    "Y-mm-dd": lambda day: f"{day.year}-{day.month:02d}-{day.day:02d}",
}


def deadline_words(rng: Random, value: date, year: int) -> Spelt:
    end = date(value.year, value.month, calendar.monthrange(value.year, value.month)[1])
    lead = "" if value.year == year else f"{value.year}年"
    choices = [
        (f"{lead}{value.month}月底", end, ("month", "day")),
        (f"{lead}{value.month}月底前", end, ("month", "day")),
        (f"{value.year}年{value.month}月末", end, ("month", "day")),
        (f"{lead}{value.month}月上旬", date(value.year, value.month, 10), ("ten_days",)),
        (f"{lead}{value.month}月中旬", date(value.year, value.month, 20), ("ten_days",)),
        (f"{lead}{value.month}月下旬", end, ("ten_days",)),
        (f"{value.year}年年底", date(value.year, 12, 31), ("year",)),
        (f"{value.year}年底前", date(value.year, 12, 31), ("year",)),
        (f"{lead}{'一二三四'[(value.month - 1) // 3]}季度", _quarter_end(value), ("quarter",)),
        (f"{value.year}年第{'一二三四'[(value.month - 1) // 3]}季度", _quarter_end(value), ("quarter",)),
        (f"{value.year}年上半年", date(value.year, 6, 30), ("half",)),
    ]
    if value.year == year:
        choices.append((rng.choice(("年底", "年内", "年底前")), date(year, 12, 31), ("year",)))
    text, means, precisions = rng.choice(choices)
    return Spelt(text, means, "@", precisions=precisions)


def _quarter_end(value: date) -> date:
    last = (value.month - 1) // 3 * 3 + 3
    return date(value.year, last, calendar.monthrange(value.year, last)[1])


FLAGS: dict[str, tuple[tuple[object, object], ...]] = {
    "is_started": (
        ("是", "否"),
        ("已开工", "未开工"),
        ("在建", "前期"),
        ("√", "×"),
        ("√", None),
        ("Y", "N"),
        ("已开工", "拟开工"),
        ("✔", "✘"),
        ("已动工", "待开工"),
        ("开工", "未开"),
        ("●", None),
        (1, 0),
    ),
    "is_included": (
        ("是", "否"),
        ("已纳统", "未纳统"),
        ("已入库", "未入库"),
        ("√", "×"),
        ("√", None),
        ("Y", "N"),
        ("✔", None),
        ("已入统", "正在申报"),
        ("已纳统（{Y}年{m}月）", "拟12月纳统"),
        ("●", None),
        (1, 0),
    ),
    "on_schedule": (("是", "否"), ("正常", "滞后"), ("√", "×"), ("按期", "滞后")),
    "four_new": (("是", "否"), ("√", None), ("√", "×"), (1, 0), ("Y", "N")),
    "list": (("√", None), ("是", "否"), ("√", "×"), ("●", None), (1, 0), ("✔", None), ("是", None)),
}


def flag(rng: Random, key: str) -> Speller:
    """A blank beside ticks is read as no by some and as nothing by others: both are right."""
    yes, no = rng.choice(FLAGS[key])

    def spell(value: object) -> Spelt:
        # A day stands for yes since then.
        word = yes if value else no
        if isinstance(word, str) and isinstance(value, date):
            word = word.format(Y=value.year, m=value.month)
        return Spelt(word, None, also=(False,)) if word is None else Spelt(word, bool(value))

    return spell


def percent(rng: Random, marked: bool) -> Speller:
    """`marked`: the title carries %, so plain numbers are points."""
    habit = "points" if marked else rng.choice(("format", "format", "text", "ratio"))

    def spell(ratio: object) -> Spelt:
        if ratio is None:
            return Spelt(None, None)
        assert isinstance(ratio, Decimal)
        points = (ratio * 100).quantize(Decimal("0.01"))
        if habit == "points":
            return Spelt(number(points), points / 100)
        if habit == "text":
            return Spelt(f"{points.normalize():f}%", points / 100)
        return Spelt(number(points / 100), points / 100, "0.00%" if habit == "format" else "General")

    return spell


PROCEDURE_WORDS: dict[str, tuple[str, ...]] = {
    "done": ("√", "已办结", "已办理", "已取得", "已完成"),
    "in_progress": ("办理中", "正在办理", "在办", "审批中"),
    "not_needed": ("无需办理", "不涉及", "不需要"),
    "not_done": ("未办理", "×", "未取得", "未办"),
}


def procedure(rng: Random) -> Speller:
    words = {state: rng.choice(spelt) for state, spelt in PROCEDURE_WORDS.items()}
    words["done"] = "√" if words["not_done"] == "×" else words["done"]

    def spell(state: object) -> Spelt:
        assert isinstance(state, str)
        # 不涉及 and 无需办理 may also count as a blank with that reason.
        return Spelt(words[state], state, also=(None,) if state == "not_needed" else ())

    return spell
