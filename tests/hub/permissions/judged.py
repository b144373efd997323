"""A round of the world's ledger, judged: every place has its light and its figure. Names of units are public, values of rows are not."""

from __future__ import annotations

from datetime import date, datetime

from guatu.hub.accounts.models import Unit
from guatu.hub.assessment.models import ItemLight, Run, RunState, UnitResult
from guatu.hub.assessment.rows import Figure, LightRow, figures_written, lights_written
from guatu.hub.audit.recording import canonical
from guatu.hub.ledger.models import Item, Ledger

SHOW = {"many": 100, "one": 1, "unit": "%", "decimals": 1}
COUNT = {"many": 1, "one": 1, "unit": "", "decimals": 0}
BOOK = {
    "source": "测试",
    "title": "亮灯",
    "words": {"lagging": "红灯", "normal": "绿灯"},
    "constants": {},
    "names": {"way": "方式"},
    "lists": {"all": "全部"},
    "unit_dimensions": {},
    "dimensions": [
        {
            "key": "due",
            "title": "时限",
            "fields": ["way"],
            "clauses": [
                {
                    "id": "late",
                    "severity": "lagging",
                    "cite": "到期未办",
                    "conditions": [{"formula": "方式", "with_values": "⟦way⟧", "missing": ["way"], "constant": False}],
                }
            ],
        }
    ],
    "indicators": {
        "disposed": {
            "title": "处置率",
            "formula": "处置 / 总数",
            "cite": "",
            "better": "higher",
            "min_items": 1,
            "show": SHOW,
            "sides": [COUNT, COUNT],
            "numerator": [0],
            "denominator": [0],
            "made_of": [],
        }
    },
    "parts": [{"formula": "总数", "fields": ["way"]}],
    "points": {
        "title": "积分",
        "list": "all",
        "vetoes": [],
        "dimensions": [
            {
                "key": "basic",
                "title": "基础",
                "items": [
                    {
                        "key": "disposed",
                        "title": "处置",
                        "method": "按比例",
                        "value": "处置率",
                        "indicators": ["disposed"],
                        "cite": "细则",
                    }
                ],
            }
        ],
    },
}
EARNED = {"points": "50.00", "state": "scored", "how": ["完成 50%", "50 %"], "rank": 1}
POINTS = {"points": {"total": EARNED, "basic": {**EARNED, "items": {"disposed": EARNED}}}}  # fmt: skip


def judged(ledger: Ledger, items: dict[str, Item], at: datetime) -> Run:
    """One run with a light for every item and a figure for every unit that answers for one."""
    run = Run.objects.create(
        ledger=ledger, pack=ledger.pack, rulebook="laixi_2021_land", title_zh="细则", title_en="Rules", version="1",
        period="2026-05", starts_on=date(2026, 5, 1), ends_on=date(2026, 5, 31), known_by=10**6, state=RunState.JUDGED,
        asked_at=at, judged_at=at, record_id=1, digest="sha256:0", items=len(items), counts={"lagging": len(items)},
        changes={"worse": len(items)}, book=canonical(BOOK),
    )  # fmt: skip
    for place, item in items.items():
        due = LightRow("judged", "lagging", "late", f"canary-{place}-because", "1", before="normal", change="worse")
        overall = LightRow("judged", "lagging", "late", before="normal", change="worse")
        ItemLight.objects.create(
            run=run, item=item, unit=item.unit, severity="lagging", before="normal", change="worse", counted=" 0 ",
            lights=lights_written({"overall": overall, "due": due}), values=canonical({"way": f"canary-{place}-value"}),
        )  # fmt: skip
    for number, unit in enumerate(Unit.objects.order_by("pk")):
        figure = Figure("ok", "1", "2", "1", "2", "50", number + 1, 8, True, 2, 0)
        UnitResult.objects.create(
            run=run, unit=unit, title_zh=f"单位{number}", title_en=f"Unit {number}", path=_path(unit), peers="all",
            place=number, values=figures_written({"disposed": figure}), besides=canonical(POINTS),
        )  # fmt: skip
    return run


def _path(unit: Unit) -> str:
    line: list[str] = []
    above: Unit | None = unit
    while above is not None:
        line.append(str(above.pk))
        above = above.parent
    return f"/{'/'.join(reversed(line))}/"
