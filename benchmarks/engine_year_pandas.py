"""The Yinchuan rulebook and the pack's indicators as an analyst would write them with pandas: a peer of engine_year.

Columns of nullable integers and booleans throughout, so that missing values and thresholds are exact.
"""

from __future__ import annotations

import calendar
from fractions import Fraction
from pathlib import Path

import numpy as np
import pandas as pd

RANKS = {"lagging": 4, "attention": 2, "normal": 0}
DIMENSIONS = ("start", "investment", "inclusion", "funds")


def judge_year(folder: Path, out: Path, periods: list[str]) -> None:
    """Every month's lights and indicators, from `items-…` and `membership-…` to `lights-…` and `indicators-…`."""
    out.mkdir(parents=True, exist_ok=True)
    units, closure = (pd.read_parquet(folder / f"{name}.parquet") for name in ("units", "closure"))
    overdue: dict[int, pd.Series] = {}
    before: pd.Series | None = None
    for period in periods:
        month = int(period[5:])
        end = pd.Timestamp(int(period[:4]), month, calendar.monthrange(int(period[:4]), month)[1])
        items = pd.read_parquet(folder / f"items-{period}.parquet", dtype_backend="numpy_nullable")
        for column in ("plan_start", "actual_start"):
            items[column] = pd.to_datetime(items[column])
        lights = judge(items, month, end, overdue)
        lights = _since(lights, before)
        before = lights.set_index(["item_id", "dimension"])["severity"]
        lights.to_parquet(out / f"lights-{period}.parquet", compression="zstd")
        members = pd.read_parquet(folder / f"membership-{period}.parquet")
        measured(items, members, units, closure, end).to_parquet(
            out / f"indicators-{period}.parquet", compression="zstd"
        )


def judge(items: pd.DataFrame, month: int, end: pd.Timestamp, overdue: dict[int, pd.Series]) -> pd.DataFrame:
    blocks = {
        "start": _start(items, month, end, overdue),
        "investment": _investment(items, month),
        "inclusion": _inclusion(items, end),
        "funds": _funds(items),
    }
    blocks["overall"] = _overall(blocks)
    for dimension, block in blocks.items():
        block.insert(0, "item_id", items["item_id"].to_numpy())
        block.insert(1, "dimension", dimension)
    return pd.concat(blocks.values(), ignore_index=True)


def _known(days: pd.Series, condition: pd.Series) -> pd.Series:
    """A comparison of days: missing where the day is."""
    return condition.astype("boolean").mask(days.isna())


def _true(condition: pd.Series) -> np.ndarray:
    return condition.fillna(False).to_numpy(dtype=bool)


def _lists(pieces: list[tuple[np.ndarray, np.ndarray | str]]) -> np.ndarray:
    """For each row the values of the pieces whose condition holds."""
    found = np.empty(len(pieces[0][0]), dtype=object)
    found[:] = [[] for _ in range(len(found))]
    for held, value in pieces:
        for row in np.flatnonzero(held):
            found[row].append(value if isinstance(value, str) else value[row])
    return found


def _block(
    conditions: list[np.ndarray],
    states: list[str],
    severities: list[str],
    clauses: list[str | None],
    **lists: np.ndarray,
) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "state": np.select(conditions, states, "judged"),
            "severity": np.select(conditions, severities, "normal"),
            "clause": np.select(conditions, np.array(clauses, dtype=object), None),
            **lists,
        }
    )


def _start(items: pd.DataFrame, month: int, end: pd.Timestamp, overdue: dict[int, pd.Series]) -> pd.DataFrame:
    due = _known(items["plan_start"], items["plan_start"] <= end) & ~items["is_started"]
    overdue[month] = pd.Series(due.array, index=items["item_id"])
    unknown = pd.Series(pd.NA, index=items.index, dtype="boolean")
    three = unknown
    if month > 1:
        earlier = [
            pd.Series(overdue[back].reindex(items["item_id"]).array) if back in overdue and back > 1 else unknown
            for back in (month - 1, month - 2)
        ]
        three = due & earlier[0] & earlier[1]
    applies, exempt = items["plan_start"].notna().to_numpy(), _true(items["exempt_start"])
    open_ = applies & ~exempt & ~_true(three)
    no_three, no_due = open_ & three.isna().to_numpy(), open_ & due.isna().to_numpy() & ~_true(due)
    red, yellow = applies & ~exempt & _true(three), open_ & _true(due)
    blank = items["is_started"].isna().to_numpy()
    days = items["plan_start"].dt.strftime("%Y-%m-%d").to_numpy(dtype=object)
    return _block(
        [~applies, exempt, red, yellow, no_three | no_due],
        ["not_applicable", "exempt", "judged", "judged", "not_judged"],
        ["not_judged", "normal", "lagging", "attention", "not_judged"],
        [None, None, "start_red", "start_yellow", None],
        undecided=_lists([(no_three, "start_red"), (no_due, "start_yellow")]),
        missing=_lists([((no_three | no_due) & blank, "is_started"), (no_three & ~blank, "history")]),
        inputs=_lists([(red | yellow, days)]),
    )


def _investment(items: pd.DataFrame, month: int) -> pd.DataFrame:
    done, plan = items["ytd_done"], items["annual_plan"].mask(items["annual_plan"] == 0)
    red_, yellow_ = (5 * month - 18) * plan > 60 * done, (5 * month - 6) * plan >= 60 * done
    exempt = _true(items["exempt_investment"])
    red = ~exempt & _true(red_)
    yellow = ~exempt & ~red & _true(yellow_)
    unknown = ~exempt & yellow_.isna().to_numpy()
    fired = red | yellow
    y, p = (one.fillna(0).to_numpy(dtype=np.int64) for one in (done, plan))
    return _block(
        [exempt, red, yellow, unknown],
        ["exempt", "judged", "judged", "not_judged"],
        ["normal", "lagging", "attention", "not_judged"],
        [None, "investment_red", "investment_yellow", None],
        undecided=_lists([(unknown, "investment_red"), (unknown, "investment_yellow")]),
        missing=_lists(
            [
                (unknown & done.isna().to_numpy(), "ytd_done"),
                (unknown & items["annual_plan"].isna().to_numpy(), "annual_plan"),
            ]
        ),
        inputs=_lists(
            [
                (fired, _fractions(y, p, fired)),
                (fired, str(Fraction(month, 12))),
                (fired, _fractions(month * p - 12 * y, 12 * p, fired)),
            ]
        ),
    )


def _fractions(num: np.ndarray, den: np.ndarray, wanted: np.ndarray) -> np.ndarray:
    """Written in lowest terms, where wanted."""
    found = np.empty(len(num), dtype=object)
    rows = np.flatnonzero(wanted)
    common = np.gcd(num[rows], den[rows])
    for row, above, below in zip(rows, num[rows] // common, den[rows] // common, strict=True):
        found[row] = str(above) if below == 1 else f"{above}/{below}"
    return found


def _inclusion(items: pd.DataFrame, end: pd.Timestamp) -> pd.DataFrame:
    start = items["actual_start"]
    out = ~items["is_included"]
    red_ = out & _known(start, start + pd.DateOffset(months=2) < end)
    yellow_ = out & _known(start, start + pd.DateOffset(months=1) <= end)
    unknown, started = items["is_started"].isna().to_numpy(), _true(items["is_started"])
    red = started & _true(red_)
    open_ = started & ~red
    yellow = open_ & _true(yellow_)
    no_red, no_yellow = open_ & red_.isna().to_numpy(), open_ & yellow_.isna().to_numpy()
    lacking = no_red | no_yellow
    days = start.dt.strftime("%Y-%m-%d").to_numpy(dtype=object)
    return _block(
        [unknown, ~started, red, yellow, lacking],
        ["not_judged", "not_applicable", "judged", "judged", "not_judged"],
        ["not_judged", "not_judged", "lagging", "attention", "not_judged"],
        [None, None, "inclusion_red", "inclusion_yellow", None],
        undecided=_lists([(no_red, "inclusion_red"), (no_yellow, "inclusion_yellow")]),
        missing=_lists(
            [
                (unknown, "is_started"),
                (lacking & items["is_included"].isna().to_numpy(), "is_included"),
                (lacking & start.isna().to_numpy(), "actual_start"),
            ]
        ),
        inputs=_lists([(red | yellow, days)]),
    )


def _funds(items: pd.DataFrame) -> pd.DataFrame:
    budget, paid = items["budget_allocated"], items["budget_paid"]
    applies = _true(budget > 0)
    unknown, red = applies & paid.isna().to_numpy(), applies & _true(paid < budget)
    above, below = (one.fillna(0).to_numpy(dtype=np.int64) for one in (paid, budget))
    return _block(
        [~applies, unknown, red],
        ["not_applicable", "not_judged", "judged"],
        ["not_judged", "not_judged", "lagging"],
        [None, None, "funds_red"],
        undecided=_lists([(unknown, "funds_red")]),
        missing=_lists([(unknown, "budget_paid")]),
        inputs=_lists([(red, _fractions(above, below, red)), (red, "1")]),
    )


def _overall(blocks: dict[str, pd.DataFrame]) -> pd.DataFrame:
    counted = np.stack(
        [
            np.where(blocks[one]["state"].isin(["judged", "exempt"]), blocks[one]["severity"].map(RANKS).fillna(-1), -2)
            for one in DIMENSIONS
        ]
    )
    worst, place = counted.max(axis=0), counted.argmax(axis=0)
    lacking = np.stack([(blocks[one]["state"] == "not_judged").to_numpy() for one in DIMENSIONS])
    shown = (worst > -2) & ~((worst == 0) & lacking.any(axis=0))
    rows = np.arange(len(worst))
    clause = np.stack([blocks[one]["clause"].to_numpy(dtype=object) for one in DIMENSIONS])[place, rows]
    inputs = np.stack([blocks[one]["inputs"].to_numpy(dtype=object) for one in DIMENSIONS])[place, rows]
    undecided = np.empty(len(worst), dtype=object)
    undecided[:] = [[] for _ in rows]
    for number, one in enumerate(DIMENSIONS):
        column = blocks[one]["undecided"].to_numpy(dtype=object)
        for row in np.flatnonzero(shown & (counted[number] > -2) & (blocks[one]["undecided"].str.len() > 0).to_numpy()):
            undecided[row] = undecided[row] + column[row]
    nothing = np.empty(len(worst), dtype=object)
    nothing[:] = [[] for _ in rows]
    return pd.DataFrame(
        {
            "state": np.select([shown, lacking.any(axis=0)], ["judged", "not_judged"], "not_applicable"),
            "severity": np.select([~shown, worst == 4, worst == 2], ["not_judged", "lagging", "attention"], "normal"),
            "clause": np.where(shown, clause, None),
            "undecided": undecided,
            "missing": _lists([(lacking[number], one) for number, one in enumerate(DIMENSIONS)]),
            "inputs": np.where(shown, inputs, nothing),
        }
    )


def _since(lights: pd.DataFrame, before: pd.Series | None) -> pd.DataFrame:
    if before is None:
        return lights.assign(before=None, change=None)
    was = before.reindex(pd.MultiIndex.from_frame(lights[["item_id", "dimension"]])).to_numpy(dtype=object)
    old, new = pd.Series(was).map(RANKS), lights["severity"].map(RANKS)
    change = np.select([old == new, old < new, old > new], np.array(["same", "worse", "better"], dtype=object), None)
    return lights.assign(before=was, change=change)


def measured(
    items: pd.DataFrame, members: pd.DataFrame, units: pd.DataFrame, closure: pd.DataFrame, end: pd.Timestamp
) -> pd.DataFrame:
    four_new = items["lists"].map(lambda lists: "four_new" in lists)
    started, included = _true(items["is_started"]), _true(items["is_included"])
    due = _true(_known(items["plan_start"], items["plan_start"] <= end))
    facts = pd.DataFrame(
        {
            "item_id": items["item_id"],
            "descendant": items["unit"],
            "items": 1,
            "started_count": started,
            "included_count": included,
            "four_new_count": four_new,
            "four_new_started_count": four_new & started,
            "due_start_count": due,
            "due_started_count": due & started,
            "on_schedule_count": _true(items["on_schedule"]),
            "total_investment_wan": items["total_investment"],
            "annual_plan_wan": items["annual_plan"],
            "month_done_wan": items["month_done"],
            "ytd_done_wan": items["ytd_done"],
            "ytd_known": items["ytd_done"].notna(),
            "plan_known": items["annual_plan"].notna(),
            "four_new_done_wan": items["ytd_done"].where(four_new, 0),
        }
    )
    # Totals of the reporting units first, then of everything above them.
    leaves = members.merge(facts, on="item_id").drop(columns="item_id").groupby(["descendant", "list"]).sum()
    totals = (
        closure[["ancestor", "descendant"]]
        .merge(leaves.reset_index(), on="descendant")
        .drop(columns="descendant")
        .groupby(["ancestor", "list"])
        .sum()
    )
    keys = pd.MultiIndex.from_product([units["code"], ["all"]]).union(totals.index)
    totals = totals.reindex(keys).astype("Int64").fillna(0)
    totals.index.names = ["unit", "list"]
    return _ranked(_long(totals), units)


def _long(totals: pd.DataFrame) -> pd.DataFrame:
    """One row per unit, list and indicator, as numerator and denominator."""
    count = totals["items"]
    some = count > 0
    sums = ("total_investment_wan", "annual_plan_wan", "month_done_wan", "ytd_done_wan")
    whole = count.xs("all", level="list").reindex(totals.index.get_level_values("unit")).to_numpy()
    one = pd.Series(1, index=totals.index, dtype="Int64")
    sides: dict[str, tuple[pd.Series, pd.Series]] = {"project_count": (count, one)}
    sides |= {name: (totals[name], one) for name in totals.columns if name.endswith("_count")}
    sides |= {name: (totals[name].where(some), one) for name in sums}
    sides["total_investment_usd_wan"] = (one.where(one > 1), one)
    sides["four_new_done_wan"] = (totals["four_new_done_wan"], one)
    sides["start_rate"] = (totals["started_count"], count)
    sides["inclusion_rate"] = (totals["included_count"], count)
    sides["completion_rate"] = (totals["ytd_done_wan"].where(totals["ytd_known"] > 0), totals["annual_plan_wan"])
    sides["four_new_done_share"] = (totals["four_new_done_wan"], totals["ytd_done_wan"])
    sides["share_of_all"] = (count, pd.Series(whole, index=totals.index, dtype="Int64"))
    blocks = []
    for name, (num, den) in sides.items():
        there = (num.notna() & (den != 0)).fillna(False)
        block = pd.DataFrame({"indicator": name, "items": count, "num": num.where(there), "den": den.where(there)})
        blocks.append(block.reset_index())
    return pd.concat(blocks, ignore_index=True)


def _ranked(rows: pd.DataFrame, units: pd.DataFrame) -> pd.DataFrame:
    rows = rows.merge(units[["code", "parent"]], left_on="unit", right_on="code").drop(columns="code")
    rates = rows["indicator"].isin(["start_rate", "inclusion_rate", "completion_rate"])
    able = rows[rates & rows["num"].notna() & (rows["items"] >= 5)]
    worth = able["num"].astype("float64") / able["den"].astype("float64")
    peers = [able["indicator"], able["list"], able["parent"].fillna("")]
    rows["rank"] = worth.groupby(peers).rank(method="min", ascending=False).astype("Int64")
    rows["ranked_among"] = worth.groupby(peers).transform("size").astype("Int64")
    return rows.drop(columns="parent")
