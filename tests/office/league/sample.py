"""A league workbook's facts from the invented round of the circular."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction

from guatu.office.facts import DimensionLight, IndicatorTitle, LeagueRow
from guatu.office.figures import FigureKind
from guatu.office.league import FindingLine, ItemLine, LeagueFacts, ListLeague
from guatu.text import Text
from tests.office.documents import sample
from tests.office.documents.sample import GREEN, RED, UNITS, WAN, WHITE, YELLOW, figure

GROUPS = {
    "project_count": None,
    "start_rate": Text("开工", "Start"),
    "inclusion_rate": Text("纳统", "Inclusion"),
    "ytd_done_wan": Text("投资", "Investment"),
    "completion_rate": Text("投资", "Investment"),
}


def indicators() -> tuple[IndicatorTitle, ...]:
    return tuple(
        IndicatorTitle(key, title, ranked=key == "completion_rate", group=GROUPS[key])
        for key, title in sample.INDICATORS.items()
    )


def item(key: str, name: str, because: str = "应于8月开工，至今未开工") -> ItemLine:
    reason = Text(because, "due to start in August, not started")
    start = DimensionLight(Text("开工", "Start"), RED, reason)
    investment = DimensionLight(Text("投资", "Investment"), YELLOW, Text("低于时序25.5个百分点", "25.5 pp below"))
    plan = figure(f"{key}/annual_plan", FigureKind.MONEY, 120_000 * WAN, Text("年度计划", "plan"), decimals=0)
    return ItemLine(
        key,
        name,
        UNITS["902"],
        RED,
        {"start": start, "investment": investment},
        code="2105-370285-04-01-123456",
        lists=(Text("省重点", "Provincial"), Text("四新", "Four new")),
        figures={"annual_plan": plan},
        owner="西水区住建局",
        next_date=date(2021, 10, 31),
    )


def league_facts() -> LeagueFacts:
    base = sample.facts()
    trend = tuple(
        figure(f"t/{index}", FigureKind.PERCENT, Fraction(value, 100), Text("", ""), decimals=1)
        for index, value in enumerate((40, 52, 61))
    )
    rows = tuple(replace(row, trend=trend if row.stands else ()) for row in base.league)
    total = LeagueRow("all", Text("全市", "City"), base.totals, {})
    provincial = tuple(
        replace(row, values={key: replace(one, id=f"p/{one.id}") for key, one in row.values.items()}, lights={})
        for row in rows
    )
    return LeagueFacts(
        round=base.round,
        period=base.period,
        as_of=base.as_of,
        place=base.place,
        issuer=base.letterhead.issuer,
        rulebook=base.rulebook,
        marks=(RED, YELLOW, GREEN, WHITE),
        dimensions={
            "start": Text("开工", "Start"),
            "investment": Text("投资", "Investment"),
            "inclusion": Text("纳统", "Inclusion"),
        },
        lists=(
            ListLeague("all", Text("全部项目", "All projects"), indicators(), "completion_rate", rows, total),
            ListLeague("provincial", Text("省重点", "Provincial key"), indicators(), "completion_rate", provincial),
        ),
        items=(item("p1", "滨海装备制造产业园（1期）"), item("p2", '=HYPERLINK("http://x","点我")')),
        item_figures=(IndicatorTitle("annual_plan", Text("年度计划", "Annual plan"), ranked=False),),
        arrivals=base.arrivals,
        findings=(
            FindingLine(
                "904.xlsx",
                "调度表",
                "H12",
                "@约500",
                Text("错误", "error"),
                Text("“总投资”不是数字", "'total investment' is not a number"),
                Text("填写数字，例如 500。", "Write a number such as 500."),
                serious=True,
            ),
        ),
        ladder=base.ladder,
        missing=base.missing,
        targets=base.targets,
    )
