"""The thirty demonstration workbooks, ten layouts over three rounds, read to the digit."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from guatu.declarations.ledger import UnitDeclaration
from guatu.declarations.packs import Pack
from guatu.office.workbooks import WorkbookReading, read_workbook
from guatu.office.workbooks.normalising import name_key
from guatu.standards.periods import Period

DEMO = Path(__file__).parents[3] / "demo"
WORKBOOKS = sorted(DEMO.glob("2021-0[678]/*.xlsx"))
ALL = "全部"
COUNTED = {"started_count": "is_started", "included_count": "is_included", "on_schedule_count": "on_schedule"}
SUMMED = {
    "total_investment_wan": "total_investment",
    "total_investment_usd_wan": "total_investment_usd",
    "annual_plan_wan": "annual_plan",
    "ytd_done_wan": "ytd_done",
}

Item = dict[str, Any]


@cache
def expected_figures() -> tuple[dict[str, str], ...]:
    with (DEMO / "expected.csv").open(encoding="utf-8-sig") as file:
        return tuple(csv.DictReader(file))


def items_of(reading: WorkbookReading, period: Period) -> list[Item]:
    """One item a project, by code or else by name, its lists put together."""
    items: dict[str, Item] = {}
    for row in reading.rows:
        key = str(row.value("project_code") or name_key(str(row.value("name"))))
        item = items.setdefault(key, {"lists": set()})
        item["lists"] |= row.lists
        for cell in row.cells:
            if cell.missing is None and cell.period in (None, period):
                item[cell.field] = cell.value
            elif cell.missing is None and cell.field == "ytd_done":
                item["ytd_before"] = cell.value
    return list(items.values())


def month_done(item: Item) -> int:
    if "month_done" in item:
        return int(item["month_done"])
    return int(item["ytd_done"] - item["ytd_before"]) if "ytd_before" in item and "ytd_done" in item else 0


def figure(items: Sequence[Item], measure: str, period: Period) -> Fraction | None:
    """The measures that rest on reading alone; rates and ranks are the engine's."""
    if measure == "project_count":
        return Fraction(len(items))
    if measure in COUNTED:
        return Fraction(sum(item.get(COUNTED[measure]) is True for item in items))
    if measure in SUMMED:
        return Fraction(sum(item.get(SUMMED[measure]) or 0 for item in items), 1_000_000)
    if measure == "month_done_wan":
        return Fraction(sum(map(month_done, items)), 1_000_000)
    if measure == "due_start_count":
        return Fraction(sum("plan_start" in item and item["plan_start"] <= period.last_day for item in items))
    return None


def stated_lists(pack: Pack, unit: str, round_: str) -> Iterator[tuple[str, str | None, dict[str, str]]]:
    """(title, list key or None for all, expected row); lists derived from fields are the engine's."""
    keys = {listed.title.zh: listed.key for listed in pack.ledger.lists.values() if listed.where is None}
    for row in expected_figures():
        if (row["unit_code"], row["round"]) == (unit, round_) and (row["list"] == ALL or row["list"] in keys):
            yield row["list"], keys.get(row["list"]), row


@pytest.mark.parametrize("path", WORKBOOKS, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_a_demonstration_workbook_gives_its_expected_figures(
    path: Path, demo_pack: Pack, demo_units: Sequence[UnitDeclaration]
) -> None:
    round_ = path.parent.name
    period = Period.parse(round_)

    reading = read_workbook(path, demo_pack.ledger, period=period, units=demo_units)

    assert reading.unit is not None and reading.unit.title.zh == path.stem
    assert [finding.reason.zh for finding in reading.findings if finding.grade != "warning"] == []
    assert {finding.code for finding in reading.findings} <= {"not_a_ledger", "void_column"}
    assert all(control.difference == 0 for control in reading.controls)
    items = items_of(reading, period)
    wrong, compared = [], 0
    for title, key, row in stated_lists(demo_pack, reading.unit.code, round_):
        listed = [item for item in items if key is None or key in item["lists"]]
        found = figure(listed, row["measure"], period)
        if found is not None:
            compared += 1
            if found != Fraction(row["value"]):
                wrong.append((title, row["measure"], row["value"], found))
    assert compared >= 20
    assert wrong == []


def test_every_cell_of_a_reading_keeps_the_address_it_came_from(demo_pack: Pack) -> None:
    reading = read_workbook(DEMO / "2021-08" / "胶州市.xlsx", demo_pack.ledger, period=Period.month(2021, 8))

    row = next(row for row in reading.rows if row.number == 7)
    cell = row.cell("ytd_done")
    assert cell is not None
    assert (cell.sheet, cell.address, cell.raw, cell.value, cell.unit) == (
        "附件1",
        "L7",
        "11058",
        11058_000_000,
        "万元",
    )


def test_an_amount_in_dollars_fills_the_foreign_field_and_no_yuan(demo_pack: Pack) -> None:
    reading = read_workbook(DEMO / "2021-08" / "胶州市.xlsx", demo_pack.ledger, period=Period.month(2021, 8))

    [row] = [row for row in reading.rows if row.value("total_investment_usd") is not None]
    total = row.cell("total_investment")
    assert total is not None and (total.value, total.missing, total.raw) == (None, "foreign", "10亿美元")
    assert row.value("total_investment_usd") == 100_000_000_000


def test_a_hidden_column_marked_void_is_named_and_never_read(demo_pack: Pack) -> None:
    reading = read_workbook(DEMO / "2021-08" / "西海岸新区.xlsx", demo_pack.ledger, period=Period.month(2021, 8))

    assert [(finding.code, finding.cell) for finding in reading.findings if finding.cell] == [("void_column", "N1")]
    done = reading.tables[0].column_of("ytd_done")
    assert done is not None and done.letters == "O"


def test_all_amounts_of_one_project_on_several_sheets_agree(demo_pack: Pack) -> None:
    reading = read_workbook(DEMO / "2021-08" / "李沧区.xlsx", demo_pack.ledger, period=Period.month(2021, 8))

    assert len(reading.tables) == 5
    assert len(reading.rows) == 175
    done: dict[object, set[object]] = {}
    for row in reading.rows:
        if row.value("project_code"):
            done.setdefault(row.value("project_code"), set()).add(row.value("ytd_done"))
    assert max(len(amounts) for amounts in done.values()) == 1
