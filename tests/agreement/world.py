"""A small world for agreement: one scope, one awkward set of tables, and generated ones."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pyarrow as pa
from hypothesis import strategies as st

from guatu.engine.expressions import (
    AREA,
    BOOLEAN,
    CNY,
    DATE,
    NUMBER,
    PERIOD,
    SEVERITY,
    TAGS,
    TEXT,
    Name,
    Scope,
    Type,
    money,
    parse,
)
from guatu.text import Text

NOW = "2021-08"


def name(key: str, type_: Type, **digits: int) -> Name:
    return Name(key, Text(key, key), type_, **digits)


def named(*names: Name) -> dict[str, Name]:
    return {one.key: one for one in names}


ITEMS = named(
    name("item_id", TEXT),
    name("unit", TEXT),
    name("kind", TEXT),
    name("done", CNY, digits=5),
    name("plan", CNY, digits=5),
    name("foreign", money("USD"), digits=5),
    name("n", NUMBER, digits=4, decimals=2),
    name("k", NUMBER, digits=2),
    name("land", AREA, digits=8),
    name("begun", DATE),
    name("due", DATE),
    name("started", BOOLEAN),
    name("included", BOOLEAN),
    name("lists", TAGS),
    name("month", PERIOD),
)
RESULTS = named(
    name("score", NUMBER, digits=4, decimals=1), name("rate", NUMBER, digits=6, ratio=5), name("light", SEVERITY)
)
CONSTANTS = named(
    name("expected", NUMBER, digits=3, ratio=3),
    name("today", DATE),
    name("unknown", NUMBER, digits=2),
    name("nothing", NUMBER, digits=2),
    name("period", PERIOD),
)
VALUES: Mapping[str, object] = {
    "expected": Fraction(2, 3),
    "today": date(2021, 8, 31),
    "unknown": None,
    "nothing": 0,
    "period": NOW,
}
TABLES = {
    "parcels": named(
        name("item_id", TEXT),
        name("parcel", TEXT),
        name("area", AREA, digits=7),
        name("part", NUMBER, digits=3, decimals=2),
    ),
    "milestones": named(name("item_id", TEXT), name("milestone", TEXT), name("actual", DATE)),
    "standards": named(
        name("kind", TEXT),
        name("value", NUMBER, digits=4, decimals=2),
        name("valid_from", DATE),
        name("valid_to", DATE),
    ),
    "flat": named(name("unit", TEXT), name("value", CNY, digits=5)),
}
SCOPE = Scope(
    columns=ITEMS,
    tables=TABLES,
    constants=CONSTANTS,
    indicators=RESULTS,
    definitions={"behind": parse("done / plan < expected"), "late": parse("not started and due < today")},
)
UNIT_SCOPE = Scope(
    columns=named(name("unit", TEXT), name("list", TEXT), name("parent", TEXT)), constants=CONSTANTS, indicators=RESULTS
)

_ARROW = {
    "text": pa.string(),
    "period": pa.string(),
    "severity": pa.string(),
    "boolean": pa.bool_(),
    "date": pa.date32(),
    "tags": pa.list_(pa.string()),
}


def column(declared: Name, values: list[Any]) -> pa.Array:
    """Values as the table stores them: money and areas whole, numbers with decimals as decimals."""
    if not declared.type.numeric:
        return pa.array(values, _ARROW[declared.type.kind.value])
    if declared.decimals:
        scaled = [None if value is None else Decimal(value).scaleb(-declared.decimals) for value in values]
        return pa.array(scaled, pa.decimal128(declared.digits, declared.decimals))
    return pa.array(values, pa.int64())


def table(names: Mapping[str, Name], rows: list[dict[str, Any]]) -> pa.Table:
    """Rows written as {column: whole value}; a ratio as (numerator, denominator)."""
    columns: dict[str, Any] = {}
    for key, declared in names.items():
        values = [row.get(key) for row in rows]
        if declared.ratio:
            columns[f"{key}.num"] = pa.array([None if v is None else v[0] for v in values], pa.int64())
            columns[f"{key}.den"] = pa.array([None if v is None else v[1] for v in values], pa.int64())
        else:
            columns[key] = column(declared, values)
    return pa.table(columns)


def calendar() -> pa.Table:
    """Weekdays of 2021 as working days."""
    days = [date(2021, 1, 1) + timedelta(days=i) for i in range(365)]
    numbers, count = [], 0
    for day in days:
        count += day.weekday() < 5
        numbers.append(count)
    return pa.table({"date": pa.array(days, pa.date32()), "working_day_number": pa.array(numbers, pa.int64())})


HISTORY = ITEMS | RESULTS | named(name("period", PERIOD))
UNITS = {"unit": name("unit", TEXT), "list": name("list", TEXT), "parent": name("parent", TEXT)} | RESULTS
UNITS_HISTORY = UNITS | named(name("period", PERIOD))


def world(
    items: list[dict[str, Any]],
    history: list[dict[str, Any]],
    parcels: list[dict[str, Any]],
    milestones: list[dict[str, Any]],
    units: list[dict[str, Any]],
    membership: list[tuple[str, str]],
) -> dict[str, pa.Table]:
    day = date(2021, 1, 1)
    standards = [
        {"kind": "a", "value": 150, "valid_from": None, "valid_to": day},
        {"kind": "a", "value": -50, "valid_from": day, "valid_to": None},
        {"kind": "b", "value": None, "valid_from": day, "valid_to": None},
    ]
    return {
        "items": table(ITEMS | RESULTS, items),
        "items_history": table(HISTORY, history),
        "parcels": table(TABLES["parcels"], parcels),
        "milestones": table(TABLES["milestones"], milestones),
        "standards": table(TABLES["standards"], standards),
        "flat": table(TABLES["flat"], [{"unit": "u1", "value": 700}, {"unit": "u2", "value": None}]),
        "calendar": calendar(),
        "units": table(UNITS, units),
        "units_history": table(UNITS_HISTORY, []),
        "closure": pa.table(
            {"ancestor": ["city", "city", "city", "u1", "u2", "u3"], "descendant": ["u1", "u2", "u3", "u1", "u2", "u3"]}
        ),
        "membership": pa.table(
            {
                "item_id": pa.array([m[0] for m in membership], pa.string()),
                "list": pa.array([m[1] for m in membership], pa.string()),
            }
        ),
    }


def awkward() -> dict[str, pa.Table]:
    """Nulls, ties, negatives, zeros and empty groups, all at once."""
    items = [
        {"item_id": "i1", "unit": "u1", "kind": "a", "done": 100, "plan": 400, "foreign": 7, "n": 250, "k": 3, "land": 1500000,
         "begun": date(2021, 1, 31), "due": date(2021, 2, 28), "started": True, "included": True, "lists": ["x", "y"],
         "month": "2021-01", "score": 15, "rate": (1, 3), "light": "lagging"},
        {"item_id": "i2", "unit": "u1", "kind": "a", "done": 100, "plan": 400, "foreign": 7, "n": 250, "k": 3, "land": 1500000,
         "begun": date(2021, 1, 31), "due": date(2021, 2, 28), "started": True, "included": False, "lists": [],
         "month": "2021-01", "score": 15, "rate": (2, 6), "light": "lagging"},
        {"item_id": "i3", "unit": "u1", "kind": "b", "done": -50, "plan": 0, "foreign": -1, "n": -250, "k": -3, "land": 0,
         "begun": date(2020, 2, 29), "due": date(2021, 8, 31), "started": False, "included": None, "lists": ["z"],
         "month": "2020-12", "score": -15, "rate": (-1, 3), "light": "normal"},
        {"item_id": "i4", "unit": "u2"},
        {"item_id": "i5", "unit": None, "kind": "", "done": 0, "plan": 0, "foreign": 0, "n": 0, "k": 0, "land": 0,
         "begun": date(2021, 8, 31), "due": date(2021, 2, 28), "started": False, "included": False, "lists": ["y"],
         "month": "2021-08", "score": 0, "rate": (0, 1), "light": "attention"},
    ]  # fmt: skip
    history = [
        {
            "item_id": item,
            "period": period,
            "score": score,
            "light": light,
            "started": started,
            "done": done,
            "rate": rate,
        }
        for item, period, score, light, started, done, rate in [
            ("i1", "2021-07", 10, "normal", True, 80, (1, 2)),
            ("i1", "2021-06", -20, "lagging", True, 60, (1, 7)),
            ("i1", "2021-05", None, None, None, None, None),
            ("i1", "2021-04", 5, "normal", True, 20, (1, 9)),
            ("i1", "2020-08", 15, "lagging", False, 99, (3, 7)),
            ("i2", "2021-07", 10, "lagging", True, 80, (1, 2)),
            ("i2", "2021-06", 10, "lagging", True, 60, (1, 2)),
            ("i2", "2021-05", 10, "lagging", True, 50, (1, 2)),
            ("i2", "2021-04", 10, "lagging", True, 40, (1, 2)),
            ("i2", "2021-03", 10, "lagging", True, 30, (1, 2)),
            ("i2", "2021-02", 10, "lagging", False, 10, (1, 2)),
            ("i3", "2021-06", 10, "lagging", False, 10, (0, 2)),
            ("i5", "2021-07", 0, "normal", False, 0, (0, 2)),
        ]
    ]
    parcels = [
        {"item_id": "i1", "parcel": "p1", "area": 500, "part": 50},
        {"item_id": "i1", "parcel": "p1", "area": 500, "part": 50},
        {"item_id": "i3", "parcel": None, "area": None, "part": -100},
        {"item_id": "i5", "parcel": "p2", "area": 0, "part": 0},
    ]
    milestones = [
        {"item_id": "i1", "milestone": "start", "actual": date(2021, 3, 1)},
        {"item_id": "i1", "milestone": "finish", "actual": None},
        {"item_id": "i2", "milestone": "start", "actual": date(2021, 9, 1)},
        {"item_id": "i3", "milestone": "finish", "actual": date(2021, 1, 1)},
    ]
    units = [
        {"unit": "city", "list": "all", "parent": None, "score": 20, "rate": (1, 3), "light": "normal"},
        {"unit": "u1", "list": "all", "parent": "city", "score": 15, "rate": (33333, 99999), "light": "normal"},
        {"unit": "u2", "list": "all", "parent": "city", "score": -15, "rate": (-33333, 99998), "light": None},
        {"unit": "u3", "list": "all", "parent": "city", "score": None, "rate": None, "light": "lagging"},
        {"unit": "u1", "list": "x", "parent": "city", "score": 0, "rate": (33332, 99998), "light": "normal"},
        {"unit": "u2", "list": "x", "parent": "city", "score": 15, "rate": (0, 5), "light": "normal"},
    ]
    membership = [("i1", "x"), ("i1", "y"), ("i2", "x"), ("i2", "x"), ("i4", "x"), ("i9", "y")]
    return world(items, history, parcels, milestones, units, membership)


def _maybe(values: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.one_of(st.none(), values)


_days = st.one_of(
    st.sampled_from([date(2020, 2, 29), date(2021, 1, 31), date(2021, 2, 28), date(2021, 8, 31)]),
    st.dates(date(2019, 1, 1), date(2022, 12, 31)),
)
_small = st.one_of(st.integers(-3, 3), st.sampled_from([-99999, 99999, 100, 400]))
_row = st.fixed_dictionaries(
    {
        "unit": _maybe(st.sampled_from(["u1", "u2", "u3"])),
        "kind": _maybe(st.sampled_from(["a", "b", "", "a%", "产业_a"])),
        "done": _maybe(_small),
        "plan": _maybe(_small),
        "foreign": _maybe(_small),
        "n": _maybe(st.integers(-9999, 9999)),
        "k": _maybe(st.integers(-99, 99)),
        "land": _maybe(st.integers(0, 99999999)),
        "begun": _maybe(_days),
        "due": _maybe(_days),
        "started": _maybe(st.booleans()),
        "included": _maybe(st.booleans()),
        "lists": _maybe(st.lists(st.sampled_from(["x", "y", "z"]), unique=True, max_size=3)),
        "month": _maybe(st.sampled_from(["2020-12", "2021-01", "2021-02", "2021-08"])),
        "score": _maybe(st.integers(-30, 30)),
        "rate": _maybe(st.tuples(st.integers(-5, 5), st.integers(1, 4))),
        "light": _maybe(st.sampled_from(["normal", "notice", "attention", "serious", "lagging"])),
    }
)
_PERIODS = [
    "2020-08",
    "2020-12",
    "2021-01",
    "2021-02",
    "2021-03",
    "2021-04",
    "2021-05",
    "2021-06",
    "2021-07",
    "2021-09",
]


@st.composite
def worlds(draw: st.DrawFn) -> dict[str, pa.Table]:
    """Tables of up to six items with whatever history, links and milestones they happen to have."""
    rows = draw(st.lists(_row, max_size=6))
    items = [row | {"item_id": f"i{number}"} for number, row in enumerate(rows)]
    ids = st.sampled_from([f"i{number}" for number in range(7)])
    keys = draw(st.sets(st.tuples(ids, st.sampled_from(_PERIODS)), max_size=12))
    history = [draw(_row) | {"item_id": item, "period": period} for item, period in sorted(keys)]
    parcel = st.fixed_dictionaries(
        {
            "item_id": ids,
            "parcel": _maybe(st.sampled_from(["p1", "p2"])),
            "area": _maybe(st.integers(0, 500)),
            "part": _maybe(st.integers(-100, 100)),
        }
    )
    milestone = st.fixed_dictionaries(
        {"item_id": ids, "milestone": st.sampled_from(["start", "finish"]), "actual": _maybe(_days)}
    )
    units = [
        draw(_row) | {"unit": unit, "list": on, "parent": None if unit == "city" else "city"}
        for unit in ("city", "u1", "u2", "u3")
        for on in ("all", "x")
    ]
    return world(
        items,
        history,
        draw(st.lists(parcel, max_size=5)),
        draw(st.lists(milestone, max_size=4)),
        units,
        draw(st.lists(st.tuples(ids, st.sampled_from(["x", "y"])), max_size=6)),
    )
