"""What the pack's checks cost beside reading: 10,000 projects and their last round, all shipped row and identity checks.

The peers are what would be written by hand: the same row conditions as pandas expressions, one by one, and every name held
against every other with rapidfuzz's own all-pairs function. All run in turn, in one process, several times.

    python benchmarks/check_cost.py [projects] [times]
"""

from __future__ import annotations

import random
import sys
from collections.abc import Callable
from datetime import date
from statistics import median
from time import process_time

import pandas as pd
from rapidfuzz import fuzz, process
from timing import machine

from guatu.declarations import Ledger, load_pack
from guatu.dispatch.items import Cell, Item
from guatu.dispatch.reconciliation.decisions import Decisions
from guatu.dispatch.reconciliation.identity import Places
from guatu.dispatch.reconciliation.joining import reconcile
from guatu.dispatch.reconciliation.past import past_items
from guatu.dispatch.reconciliation.rows import RowContext, check_rows
from guatu.dispatch.tables import items_table
from guatu.engine.checks import earlier_round
from guatu.standards.periods import Period

UNITS = 20
PLACES = "清河 滨海 青石 云台 凤凰 龙泉 白沙 桃源 金沙 玉泉 松岭 柳林 石桥 河口 临港 新兴 永安 太平 长乐 丰收".split()  # noqa: SIM905
THINGS = [
    "污水处理厂",
    "生物医药产业园",
    "冷链物流中心",
    "智能装备制造基地",
    "实验学校",
    "数据中心",
    "滨河公园",
    "新材料研究院",
    "体育馆",
]
JULY, AUGUST = Period.month(2021, 7), Period.month(2021, 8)
WAN = 10**6


def made(projects: int, month: int) -> list[Item]:
    """A province's projects: a third have a round total many others have, a quarter no code, half a phase or number."""
    rng = random.Random(2)
    return [_item(rng, number, month) for number in range(projects)]


def _item(rng: random.Random, number: int, month: int) -> Item:
    total = rng.choice([10000, 20000, 30000, 50000, 100000]) if number % 3 == 0 else rng.randint(5000, 400000)
    plan = total // 2
    done = plan // 3 + 100 * month
    name = "".join(rng.choice(PLACES) for _ in range(3)) + rng.choice(THINGS)
    name += f"{number}号" if number % 2 else ""
    values: dict[str, object] = {
        "name": name,
        "project_code": f"2103-370285-48-01-{number:06d}" if number % 4 else None,
        "total_investment": total * WAN,
        "annual_plan": plan * WAN,
        "ytd_done": done * WAN,
        "month_done": 100 * WAN,
        "since_start_done": done * WAN,
        "is_started": True,
        "actual_start": date(2021, 4, 30),
        "plan_start": date(2021, 5, 31),
    }
    unit = f"u{number % UNITS}"
    item = Item("", unit, values=values)
    for column, (key, value) in enumerate(values.items()):
        item.cells[key] = (
            Cell(key, None, value, str(value), None, f"{unit}.xlsx", "s", f"{chr(65 + column)}{number}"),
        )
    return item


def by_pandas(now: pd.DataFrame, before: pd.DataFrame) -> int:
    """The conditions that can fire on these columns, as an analyst writes them."""
    both = now.merge(
        before[["item_id", "ytd_done", "since_start_done"]], on="item_id", how="left", suffixes=("", "_before")
    )
    end = pd.Timestamp(AUGUST.last_day)
    fired = [
        (both.ytd_done < both.ytd_done_before) & (both.month_done.fillna(0) >= 0),
        (both.month_done - (both.ytd_done - both.ytd_done_before)).abs() > 2 * WAN,
        (both.since_start_done < both.since_start_done_before) & (both.month_done.fillna(0) >= 0),
        both.since_start_done < both.ytd_done,
        both.month_done > both.ytd_done,
        (both.ytd_done > both.annual_plan * 2) & (both.annual_plan > 0),
        (both.since_start_done.fillna(both.ytd_done) > both.total_investment * 1.1) & (both.total_investment > 0),
        (both.annual_plan > both.total_investment * 1.1) & (both.total_investment > 0),
        pd.to_datetime(both.actual_start) > end,
        (pd.to_datetime(both.plan_start) - pd.to_datetime(both.actual_start)).dt.days > 730,
        ~both.is_started & (pd.to_datetime(both.actual_start) <= end),
    ]
    return sum(int(one.sum()) for one in fired)


def all_pairs(names: list[str]) -> int:
    """How many pairs are alike, every name held against every other in C++."""
    found = process.cdist(names, names, scorer=fuzz.ratio, score_cutoff=85, workers=1)
    return int((found > 0).sum() - len(names)) // 2


def main() -> None:
    projects = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    times = int(sys.argv[2]) if len(sys.argv) > 2 else 5
    ledger: Ledger = load_pack("key_projects").ledger
    before, now = made(projects, 7), made(projects, 8)
    places = Places({}, {f"u{number}": f"u{number}.xlsx" for number in range(UNITS)})
    reconcile(before, ledger, JULY, {}, [], Decisions(), places)
    history = [earlier_round(items_table(before, ledger), JULY)]
    facts = [key for check in ledger.checks.identity.values() for key in check.fields]
    context = RowContext(ledger, AUGUST, history)

    def identity() -> int:
        past = past_items(history, {"2021-07": before}, facts)
        return len(reconcile(now, ledger, AUGUST, past, history, Decisions(), places).findings)

    identity()
    frames = [items_table(one, ledger).to_pandas() for one in (now, before)]
    names = [item.name for item in now]
    runs: dict[str, Callable[[], int]] = {
        "row checks": lambda: len(check_rows(now, context)),
        "the same conditions in pandas": lambda: by_pandas(frames[0], frames[1]),
        "identity checks": identity,
        "every name against every other": lambda: all_pairs(names),
    }
    spent: dict[str, list[float]] = {name: [] for name in runs}
    for _ in range(times):
        for name, run in runs.items():
            start = process_time()
            run()
            spent[name].append(process_time() - start)
    print(machine("duckdb", "pandas", "rapidfuzz"))
    print(
        f"{projects} projects, two rounds, {len(ledger.checks.rows)} row and {len(ledger.checks.identity)} identity checks"
    )
    for name, seconds in spent.items():
        print(f"{name:32} {median(seconds):7.2f} CPU s")
    for ours, theirs in (
        ("row checks", "the same conditions in pandas"),
        ("identity checks", "every name against every other"),
    ):
        print(f"{ours}: {median(spent[ours]) / median(spent[theirs]):.2f} times {theirs}")


if __name__ == "__main__":
    main()
