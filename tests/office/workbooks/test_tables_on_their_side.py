"""A table with one item a column is read like any other, and everything said of it names the cell where it lies."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from guatu.declarations import load_pack
from guatu.office.workbooks import WorkbookReading, read_workbook
from guatu.office.workbooks.error_workbook import write_error_workbook
from guatu.office.workbooks.turning import place_as_it_lies
from guatu.standards.periods import Period
from tests.office.workbooks.conftest import ROWS, TITLES

LEDGER = load_pack("key_projects").ledger
TITLED = tuple(
    f"{title}(万元)" if title in ("总投资", "年度计划投资", "8月完成", "1-8月累计") else title for title in TITLES
)


def read(folder: Path, lines: Sequence[Sequence[Any]], name: str = "某区.xlsx") -> WorkbookReading:
    book = openpyxl.Workbook()
    for line in lines:
        book.active.append(list(line))  # type: ignore[union-attr]
    book.save(folder / name)
    return read_workbook(folder / name, LEDGER, period=Period.month(2021, 8))


def told(reading: WorkbookReading) -> list[set[tuple[str, object, str | None]]]:
    return [{(cell.field, cell.value, cell.missing) for cell in row.cells} for row in reading.rows]


def on_its_side(lines: Sequence[Sequence[Any]]) -> list[tuple[Any, ...]]:
    return list(zip(*lines, strict=True))


def test_it_gives_what_the_upright_table_gives(tmp_path: Path) -> None:
    upright = read(tmp_path, [TITLED, *ROWS], "upright.xlsx")

    lying = read(tmp_path, on_its_side([TITLED, *ROWS]))

    assert told(lying) == told(upright)
    assert len(lying.rows) == 3


def test_every_cell_is_named_where_it_lies(tmp_path: Path) -> None:
    rows = [ROWS[0], (*ROWS[1][:3], "两千万", *ROWS[1][4:]), ROWS[2]]

    reading = read(tmp_path, on_its_side([TITLED, *rows]))

    assert [(one.code, one.cell, one.raw) for one in reading.findings if one.grade == "error"] == [
        ("not_a_number", "C4", "两千万")
    ]
    name = reading.rows[1].cell("name")
    assert name is not None
    assert (name.address, name.raw) == ("C2", "乙产业园一期")
    assert reading.rows[1].number == 3


def test_the_error_workbook_marks_the_cell_where_it_lies(tmp_path: Path) -> None:
    rows = [ROWS[0], (*ROWS[1][:3], "两千万", *ROWS[1][4:]), ROWS[2]]
    reading = read(tmp_path, on_its_side([TITLED, *rows]))

    write_error_workbook(reading.path, reading.findings, tmp_path / "back.xlsx")

    cell = openpyxl.load_workbook(tmp_path / "back.xlsx").worksheets[0]["C4"]
    assert cell.value == "两千万"
    assert "应填数字" in cell.comment.text


def test_lines_of_notes_below_say_nothing_of_any_item(tmp_path: Path) -> None:
    lines = on_its_side([TITLED, *ROWS])
    note = ("本表由各单位填报，数据截至八月底，最终以统计部门核定为准，未经核定不得对外引用。", None, None, None)

    assert told(read(tmp_path, [*lines, (None,) * 4, note])) == told(read(tmp_path, lines, "plain.xlsx"))


def test_a_card_with_titles_in_two_columns_is_no_such_table(tmp_path: Path) -> None:
    card = [
        ("项目名称", "甲路改造项目", "总投资(万元)", 1000),
        ("项目代码", "2102-370202-04-05-815564", "年度计划投资(万元)", 500),
        ("计划开工时间", "2021年3月", "1-8月累计(万元)", 100),
        ("是否开工", "是", "是否纳统", "否"),
        ("存在问题", "无", "8月完成(万元)", 20),
    ]

    reading = read(tmp_path, card)

    assert not reading.rows
    assert [one.code for one in reading.findings if one.grade == "error"] == ["no_table"]


@pytest.mark.parametrize(("turned", "lies"), [("C2", "B3"), ("12:12", "L:L"), ("3:5", "C:E"), ("", "")])
def test_places_are_turned_back(turned: str, lies: str) -> None:
    assert place_as_it_lies(turned) == lies
