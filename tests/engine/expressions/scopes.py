"""The names the tests' formulas use."""

from __future__ import annotations

from guatu.engine.expressions import AREA, BOOLEAN, CNY, DATE, NUMBER, SEVERITY, TAGS, TEXT, Name, Scope, money, parse
from guatu.text import Text

COLUMNS = {
    one.key: one
    for one in [
        Name("ytd_done", Text("年初累计完成投资", "done since January"), CNY),
        Name("annual_plan", Text("年度计划投资", "annual plan"), CNY),
        Name("foreign", Text("外资", "foreign funds"), money("USD")),
        Name("land", Text("用地(亩)", "land (mu)"), AREA),
        Name("started", Text("已开工", "started"), BOOLEAN),
        Name("actual_start", Text("实际开工日期", "actual start"), DATE),
        Name("industry", Text("产业", "industry"), TEXT),
        Name("lists", Text("清单", "lists"), TAGS),
        Name("score", Text("得分", "score"), NUMBER, digits=6, decimals=2),
    ]
}
CONSTANTS = {
    one.key: one
    for one in [
        Name("expected", Text("时序进度", "expected progress"), NUMBER, digits=4, ratio=3),
        Name("round_end", Text("期末", "end of the round"), DATE),
    ]
}
INDICATORS = {
    one.key: one
    for one in [
        Name("start_rate", Text("开工率", "start rate"), NUMBER, digits=9, ratio=9),
        Name("light", Text("亮灯", "light"), SEVERITY),
    ]
}
DEFINITIONS = {"behind": parse("ytd_done / annual_plan < expected - 10pp"), "idle": parse("not started and behind")}
SCOPE = Scope(
    columns=COLUMNS,
    constants=CONSTANTS,
    indicators=INDICATORS,
    definitions=DEFINITIONS,
    titles={"behind": Text("落后时序", "behind schedule")},
)
