"""A round of workbooks of several kinds, by the door a dispatcher uses: taken, sent back as .xlsx, or refused with what they are."""

from __future__ import annotations

import csv
import struct
from datetime import date
from pathlib import Path

import openpyxl
import pytest

from guatu.dispatch.job import run_round
from guatu.dispatch.request import RoundRequest
from guatu.dispatch.writing import Outcome
from tests.dispatch.cast import AUGUST, HEADER, no_notice, pack, project
from tests.office.containers.binary import biff, ods, ole, xls_number, xls_stream

EAST, WEST = "990001", "990002"


def grid(town: str, *names: str) -> list[list[object]]:
    rows: list[list[object]] = [
        [f"{town}2021年1-8月重点项目调度表"],
        [f"填报单位：{town}", None, None, "单位：万元"],
        list(HEADER),
    ]
    for number, name in enumerate(names, 1):
        one = project(number, name)
        rows.append([one[title] for title in HEADER])
    return rows


def as_xls(rows: list[list[object]]) -> bytes:
    cells = []
    for row, values in enumerate(rows):
        for column, value in enumerate(values):
            if isinstance(value, str):
                text = value.encode("utf-16-le")
                cells.append(biff(0x204, struct.pack("<HHHHB", row, column, 0, len(value), 1) + text))
            elif isinstance(value, int | float):
                cells.append(xls_number(row, column, value))
    return ole({"Workbook": xls_stream(cells)})


def as_ods(rows: list[list[object]]) -> bytes:
    def cell(value: object) -> str:
        if value is None:
            return "<table:table-cell/>"
        if isinstance(value, str):
            return f'<table:table-cell office:value-type="string"><text:p>{value}</text:p></table:table-cell>'
        return f'<table:table-cell office:value-type="float" office:value="{value}"/>'

    return ods("".join(f"<table:table-row>{''.join(map(cell, row))}</table:table-row>" for row in rows))


def run(home: Path, *workbooks: Path) -> Outcome:
    request = RoundRequest(
        workbooks=workbooks, pack=str(home / "county"), rulebook="yinchuan_2025", period=AUGUST, out=home / "out",
        dated=date(2021, 9, 7),
    )  # fmt: skip
    return run_round(request, no_notice)


def kept(home: Path, name: str, content: bytes) -> Path:
    path = home / "in" / name
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(content)
    return path


def states(outcome: Outcome) -> dict[str, str]:
    return {arrival.unit: arrival.state for arrival in outcome.arrivals}


@pytest.fixture
def county(tmp_path: Path) -> Path:
    pack(tmp_path)
    return tmp_path


def test_an_xls_and_an_ods_of_one_round_are_both_taken(county: Path) -> None:
    east = kept(county, "东关镇.xls", as_xls(grid("东关镇", "清河大桥", "文化中心")))
    west = kept(county, "西岭乡.et", as_ods(grid("西岭乡", "西岭水厂")))

    outcome = run(county, east, west)

    assert states(outcome) == {EAST: "accepted", WEST: "accepted"}
    assert {arrival.unit: arrival.items for arrival in outcome.arrivals} == {EAST: 2, WEST: 1}


def test_a_bad_cell_of_an_xls_goes_back_marked_as_an_xlsx(county: Path) -> None:
    rows = grid("东关镇", "清河大桥", "文化中心")
    rows[3][3] = "约500"

    run(county, kept(county, "东关镇.xls", as_xls(rows)))

    marked = openpyxl.load_workbook(county / "out/returned/东关镇.xlsx").worksheets[0]
    assert marked["D4"].value == "约500"
    assert marked["D4"].comment is not None and "约数" in marked["D4"].comment.text


def test_a_web_page_under_the_name_of_a_workbook_is_refused_and_the_others_count(county: Path) -> None:
    east = kept(county, "东关镇.xls", b"<html><table><tr><td>1</td></tr></table></html>")
    west = kept(county, "西岭乡.xls", as_xls(grid("西岭乡", "西岭水厂")))

    outcome = run(county, east, west)

    assert states(outcome) == {EAST: "refused", WEST: "accepted"}
    with (county / "out/findings.csv").open(encoding="utf-8-sig", newline="") as file:
        [said] = [one for one in csv.DictReader(file) if one["workbook"] == "东关镇.xls"]
    assert "网页" in said["reason"] and "另存为" in said["remedy"]
