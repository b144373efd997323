"""One chart of each kind with figures made up for it, for the page that shows how everything looks."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from guatu.hub.web.charts.bars import Bars, bars
from guatu.hub.web.charts.gantt import Bar, Gantt, GanttLine, Mark, gantt
from guatu.hub.web.charts.lines import LineChart, Look, Series, line_chart
from guatu.hub.web.charts.slopes import Slopes, slopes
from guatu.hub.web.charts.sparklines import Sparkline, sparkline
from guatu.hub.web.charts.splits import Split, split
from guatu.standards.periods import Period
from guatu.standards.unit_titles import unit_title
from guatu.text import Text

Chart = LineChart | Bars | Slopes | Gantt | Sparkline | Split
_MADE_UP = Text("编出来的数字。", "Figures made up for this page.")
_WAN = unit_title("万元")
_NAMES = (
    Text("东城区", "East district"),
    Text("西城区", "West district"),
    Text("北岸新区", "North shore"),
    Text("港区", "The port"),
)


def samples(theme: str) -> dict[str, Chart]:
    """By kind; their keys carry the theme, so that both stand on one page."""
    key = f"sample-{theme or 'paper'}"
    return {
        "line": _line(key),
        "bars": _bars(key),
        "slopes": _slopes(key),
        "gantt": _gantt(key),
        "spark": sparkline(
            Text("最近九期", "The last nine rounds"), [12, 14, 13, 17, None, 22, 21, 26, 31], unit=Text("%", "%")
        ),
        "split": split([("lagging", 4), ("attention", 9), ("normal", 21), ("not_judged", 3)], 40),
    }


def _line(key: str) -> LineChart:
    ends = [Period.month(2021, month).last_day for month in range(1, 13)]
    plan = tuple((on, Decimal(1000) * (number + 1)) for number, on in enumerate(ends))
    done = (300, 800, 1500, 2600, 3400, 4700, 5200, 6900)
    actual = tuple((on, Decimal(one)) for on, one in zip(ends, done, strict=False))
    ahead = tuple((on, Decimal(6900 + 1100 * number)) for number, on in enumerate(ends[7:]))
    series = (
        Series(Text("计划", "plan"), Look.PLAN, plan),
        Series(Text("实际", "actual"), Look.ACTUAL, actual),
        Series(Text("预测", "forecast"), Look.FORECAST, ahead),
    )
    title = Text("年度投资", "Investment of the year")
    return line_chart(
        f"{key}-line", title, _MADE_UP, series, unit=_WAN, first=date(2021, 1, 1), last=date(2021, 12, 31), today=date(2021, 9, 9)
    )  # fmt: skip


def _bars(key: str) -> Bars:
    figures = (Decimal("82.5"), Decimal("64"), Decimal("103.2"), Decimal("12"))
    rows = [(name, one, Decimal("66.7")) for name, one in zip(_NAMES, figures, strict=True)]
    title = Text("完成率", "Completion rate")
    return bars(f"{key}-bars", title, _MADE_UP, rows, unit=Text("%", "%"), marks=Text("时序进度", "expected by now"))


def _slopes(key: str) -> Slopes:
    pairs = (
        (Decimal(620), Decimal(840)),
        (Decimal(600), Decimal(560)),
        (Decimal(310), Decimal(310)),
        (Decimal(295), Decimal(420)),
    )
    rows = [(name, *pair) for name, pair in zip(_NAMES, pairs, strict=True)]
    title = Text("累计完成投资", "Invested so far")
    return slopes(
        f"{key}-slopes", title, _MADE_UP, rows, unit=_WAN, start=Text("7月", "July"), end=Text("8月", "August")
    )


def _gantt(key: str) -> Gantt:
    lines = (
        _bar("approved", Text("立项", "Approved"), date(2021, 2, 1), "reached", date(2021, 1, 20)),
        _bar("started", Text("开工", "Started"), date(2021, 6, 20), "past", date(2021, 5, 1), after="approved"),
        _bar(
            "completed", Text("竣工", "Completed"), date(2021, 12, 10), "planned", date(2021, 11, 15), after="started"
        ),
    )
    title = Text("节点", "Milestones")
    return gantt(
        f"{key}-gantt", title, _MADE_UP, lines, first=date(2021, 1, 1), last=date(2021, 12, 31), today=date(2021, 8, 5), width=640
    )  # fmt: skip


def _bar(key: str, title: Text, on: date, look: str, ghost: date, after: str = "") -> GanttLine:
    said = Text(f"{title.zh} {on}", f"{title.en} {on}")
    between = (Bar(min(on, ghost), max(on, ghost), "plan", said),)
    return GanttLine(key, title, between, (Mark(on, look, said),), (ghost,), (after,) if after else ())
