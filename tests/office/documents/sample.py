"""A round of four invented units, enough to fill every part of a circular."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

from guatu.office.documents.facts import (
    Achievement,
    AdvancedUnit,
    Cause,
    CircularFacts,
    LaggingItem,
    Letterhead,
    NewsItem,
)
from guatu.office.documents.numbering import DocumentNumber, IssueNumber
from guatu.office.facts import (
    Arrival,
    DimensionLight,
    IndicatorTitle,
    LadderStep,
    LeagueRow,
    LightCount,
    MissingNote,
    RulebookLine,
    Target,
)
from guatu.office.figures import Figure, FigureKind, Mark, Provenance, RowRef
from guatu.text import Text

RED = Mark("lagging", "■", Text("滞后", "lagging"), "red", serious=True)
YELLOW = Mark("attention", "▲", Text("关注", "attention"), "yellow", serious=True)
GREEN = Mark("normal", "●", Text("正常", "normal"), "green")
WHITE = Mark("not_judged", "○", Text("未判定", "not judged"), "grey")
WAN = 10**6

UNITS = {
    "901": Text("东山区", "Dongshan"),
    "902": Text("西水区", "Xishui"),
    "903": Text("南岭县", "Nanling"),
    "904": Text("北川新区", "Beichuan New Area"),
}
INDICATORS = {
    "project_count": Text("项目数", "Projects"),
    "start_rate": Text("开工率", "Start rate"),
    "inclusion_rate": Text("纳统率", "Inclusion rate"),
    "ytd_done_wan": Text("累计完成投资", "Investment to date"),
    "completion_rate": Text("投资完成率", "Completion rate"),
}
# projects, started, included, plan (万元), done (万元), lights red yellow green white
COUNTS: dict[str, tuple[int, int, int, int, int, tuple[int, int, int, int]]] = {
    "901": (44, 44, 34, 812_300, 824_653, (1, 3, 39, 1)),
    "902": (96, 78, 61, 1_204_000, 731_200, (9, 14, 70, 3)),
    "903": (23, 21, 18, 300_000, 200_000, (2, 2, 19, 0)),
}


def figure(
    id_: str,
    kind: FigureKind,
    value: Fraction | Decimal | int | None,
    title: Text,
    *,
    decimals: int = 0,
    fraction: tuple[str, str] | None = None,
    missing_cells: int = 0,
    rows: int = 3,
) -> Figure:
    unit = id_.split("/")[0]
    return Figure(
        id_,
        kind,
        value,
        Provenance(
            title,
            id_.split("/")[-1],
            "1.0",
            numerator=fraction[0] if fraction else None,
            denominator=fraction[1] if fraction else None,
            rows=tuple(RowRef(f"{unit}.xlsx", "调度表", f"H{line}") for line in range(6, 6 + rows)),
            missing_cells=missing_cells,
        ),
        decimals=decimals,
        missing=None if value is not None else Text("未报送", "not reported"),
    )


def values(code: str, name: Text, *, done: int | None = None) -> dict[str, Figure]:
    if code not in COUNTS:
        return {
            key: figure(f"{code}/{key}", FigureKind.PERCENT, None, _named(name, title))
            if key.endswith("rate")
            else figure(
                f"{code}/{key}",
                FigureKind.MONEY if key.endswith("wan") else FigureKind.COUNT,
                None,
                _named(name, title),
            )
            for key, title in INDICATORS.items()
        }
    projects, started, included, plan, ytd, _ = COUNTS[code]
    ytd = done if done is not None else ytd
    rates = {"start_rate": (started, projects), "inclusion_rate": (included, projects), "completion_rate": (ytd, plan)}
    result = {}
    for key, title in INDICATORS.items():
        named = _named(name, title)
        if key in rates:
            up, down = rates[key]
            result[key] = figure(
                f"{code}/{key}",
                FigureKind.PERCENT,
                Fraction(up, down),
                named,
                decimals=1,
                fraction=(str(up), str(down)),
                missing_cells=2 if code == "902" and key == "inclusion_rate" else 0,
            )
        elif key == "ytd_done_wan":
            result[key] = figure(f"{code}/{key}", FigureKind.MONEY, ytd * WAN, named, decimals=2)
        else:
            result[key] = figure(f"{code}/{key}", FigureKind.COUNT, projects, named)
    return result


def _named(unit: Text, title: Text) -> Text:
    return Text(unit.zh + title.zh, f"{unit.en}: {title.en}")


def count(key: str, value: int) -> Figure:
    return figure(f"count/{key}", FigureKind.COUNT, value, Text(key, key), rows=0)


def rank(code: str, place: int | None) -> Figure:
    return figure(f"{code}/rank_completion_rate", FigureKind.RANK, place, Text("位次", "rank"), rows=0)


def league(*, done_902: int | None = None) -> tuple[LeagueRow, ...]:
    rows = []
    for place, code in ((1, "901"), (2, "903"), (3, "902"), (None, "904")):
        lights = dict(zip((RED, YELLOW, GREEN, WHITE), COUNTS[code][5], strict=True)) if code in COUNTS else {}
        rows.append(
            LeagueRow(
                code,
                UNITS[code],
                values(code, UNITS[code], done=done_902 if code == "902" else None),
                {"completion_rate": rank(code, place)},
                {mark.key: count(f"{code}/{mark.key}", number) for mark, number in lights.items()},
                moved={"901": 1, "903": -1, "902": 0}.get(code),
                stands=code in COUNTS,
            )
        )
    return tuple(rows)


def lagging(number: int = 3) -> tuple[LaggingItem, ...]:
    texts = (
        Text("应于8月开工，至今未开工，已连续3个月", "due to start in August, not started for three months running"),
        Text(
            "完成年度计划41.2%，低于时序进度25.5个百分点", "41.2% of the annual plan, 25.5 pp below expected progress"
        ),
    )
    return tuple(
        LaggingItem(
            f"p{index}",
            f"滨海装备制造产业园（{index}期）",
            UNITS["902"],
            RED if index % 2 else YELLOW,
            (
                DimensionLight(Text("开工", "start"), RED, texts[0]),
                DimensionLight(Text("投资", "investment"), YELLOW, texts[1]),
            ),
            owner="西水区住建局",
            next_date=date(2021, 10, 31),
            next_step="取得施工许可",
        )
        for index in range(1, number + 1)
    )


def facts(*, done_902: int | None = None, items: int = 3, dated: date = date(2021, 9, 10)) -> CircularFacts:
    done = sum(one[4] for one in COUNTS.values()) + ((done_902 or COUNTS["902"][4]) - COUNTS["902"][4])
    totals = {
        "project_count": figure("all/project_count", FigureKind.COUNT, 163, Text("全市项目数", "projects, whole city")),
        "total_investment_wan": figure(
            "all/total_investment_wan",
            FigureKind.MONEY,
            11_471_400 * WAN,
            Text("总投资", "total investment"),
            decimals=2,
        ),
        "annual_plan_wan": figure(
            "all/annual_plan_wan", FigureKind.MONEY, 2_316_300 * WAN, Text("年度计划", "annual plan"), decimals=2
        ),
        "ytd_done_wan": figure("all/ytd_done_wan", FigureKind.MONEY, done * WAN, Text("累计完成", "done"), decimals=2),
        "completion_rate": figure(
            "all/completion_rate",
            FigureKind.PERCENT,
            Fraction(done, 2_316_300),
            Text("投资完成率", "completion rate"),
            decimals=1,
            fraction=(str(done), "2316300"),
        ),
        "started_count": figure("all/started_count", FigureKind.COUNT, 143, Text("已开工", "started")),
        "start_rate": figure(
            "all/start_rate",
            FigureKind.PERCENT,
            Fraction(143, 163),
            Text("开工率", "start rate"),
            decimals=1,
            fraction=("143", "163"),
        ),
        "included_count": figure("all/included_count", FigureKind.COUNT, 113, Text("已纳统", "included")),
        "inclusion_rate": figure(
            "all/inclusion_rate",
            FigureKind.PERCENT,
            Fraction(113, 163),
            Text("纳统率", "inclusion rate"),
            decimals=1,
            fraction=("113", "163"),
        ),
    }
    return CircularFacts(
        round="2021-08",
        period=Text("2021年1-8月", "January–August 2021"),
        month=Text("8月", "August"),
        as_of=date(2021, 8, 31),
        place=Text("全市", "the city"),
        letterhead=Letterhead(
            issuer=Text("某市重点项目推进指挥部办公室", "Key Projects Command Office"),
            recipients=Text(
                "各区（县）人民政府，市政府有关部门", "district and county governments, municipal departments"
            ),
            dated=dated,
            number=DocumentNumber("某督", 2021, 15),
            copies_to=Text("市委办公室，市人大常委会办公室，市政协办公室", "Municipal Party Committee Office"),
            copies=60,
        ),
        rulebook=RulebookLine(
            Text("《重点项目“红黄绿灯”管理办法》", "Key Project Lights"), "2025", Text("公开报道", "press")
        ),
        arrivals=(
            Arrival("901", UNITS["901"], "arrived", "901.xlsx", warnings=2),
            Arrival("902", UNITS["902"], "arrived", "902.xlsx", questions=2, warnings=5),
            Arrival("903", UNITS["903"], "arrived", "903.xlsx"),
            Arrival(
                "904",
                UNITS["904"],
                "refused",
                "904.xlsx",
                Text("总投资列没有单位", "no unit for total investment"),
                errors=4,
            ),
        ),
        totals=totals,
        indicators=tuple(IndicatorTitle(key, title) for key, title in INDICATORS.items()),
        league=league(done_902=done_902),
        ranked_by="completion_rate",
        lights=tuple(
            LightCount(mark, count(f"lights/{mark.key}", number))
            for mark, number in ((RED, 12), (YELLOW, 19), (GREEN, 128), (WHITE, 4))
        ),
        advanced=(
            AdvancedUnit(
                "901",
                UNITS["901"],
                (
                    Achievement(
                        Text("投资完成率", "completion rate"),
                        values("901", UNITS["901"])["completion_rate"],
                        rank("901", 1),
                    ),
                    Achievement(Text("开工率", "start rate"), values("901", UNITS["901"])["start_rate"]),
                ),
            ),
        ),
        lagging=lagging(items),
        causes=(
            Cause("start", Text("开工", "Start"), RED, count("cause/start", 7), (UNITS["902"], UNITS["903"])),
            Cause("investment", Text("投资", "Investment"), YELLOW, count("cause/investment", 11), (UNITS["902"],)),
        ),
        ladder=(
            LadderStep(
                "902/q3",
                UNITS["902"],
                Text("第三步", "step 3"),
                Text("约谈主要负责人", "admonition talk with the head"),
                Text("连续三个季度未完成", "three quarters missed"),
                date(2021, 9, 30),
            ),
        ),
        missing=(
            MissingNote(
                "902/inclusion_rate",
                Text("西水区纳统率", "Xishui inclusion rate"),
                Text("有2个项目“是否纳统”未填", "two projects left 'included' blank"),
                count("missing/902", 2),
            ),
        ),
        targets={
            "completion_rate": Target(
                Text("时序进度", "expected progress"),
                figure(
                    "target/completion_rate",
                    FigureKind.PERCENT,
                    Fraction(8, 12),
                    Text("时序进度", "expected"),
                    decimals=1,
                    rows=0,
                ),
            )
        },
        news=(NewsItem("n1", "东山区“拿地即开工”经验", "东山区对12个项目实行容缺受理，平均提前28天开工。"),),
        counts={
            "units": count("units", 4),
            "arrived": count("arrived", 3),
            "missing": count("missing", 0),
            "refused": count("refused", 1),
            "lagging": count("lagging", items),
            "listed": count("listed", items),
        },
    )


def bulletin_facts() -> CircularFacts:
    base = facts()
    return replace(
        base,
        letterhead=replace(
            base.letterhead,
            number=None,
            masthead=Text("重点项目简报", "Key Projects Bulletin"),
            issue=IssueNumber(2021, 32, 78),
            reports_to=Text("市委、市政府主要领导", "leaders of the city"),
            sent_to=Text("各区（县），市直有关部门", "districts and departments"),
        ),
    )
