"""Next month's workbook: the kept mapping is used where the layout is the same, and compared where it changed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from guatu.declarations.ledger import Ledger, UnitDeclaration
from guatu.declarations.located import Place
from guatu.office.workbooks import Memory, WorkbookReading, pack_reading, read_workbook, unpack_reading
from guatu.office.workbooks.memory import Origin, SenderFile, memory_of
from guatu.office.workbooks.reading import Sender
from guatu.office.workbooks.survey import Choice, kept_layout, survey_workbook
from guatu.standards.periods import Period
from guatu.text import Text

UNITS = tuple(
    UnitDeclaration(code, Text(name, name), Place("units.yaml", 1))
    for code, name in (("990001", "东关镇"), ("990002", "西岭乡"))
)
TITLES = (
    "序号", "项目名称", "总投资(万元)", "2021年计划投资(万元)", "1-8月累计完成投资(万元)", "8月完成投资(万元)", "是否开工",
    "推进中的堵点", "经办人",
)  # fmt: skip
ROW = (1, "清河大桥工程", 10000, 6000, 4500, 500, "是", "无", "李报")
STUCK, HANDLER = 7, 8
Write = Callable[..., Path]
Read = Callable[..., WorkbookReading]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def written(
        titles: Sequence[str] = TITLES, name: str = "东关镇", unit: str = "单位：万元", rows: Any = (ROW,)
    ) -> Path:
        book = openpyxl.Workbook()
        sheet = book.active
        assert sheet is not None
        sheet.append(["2021年重点项目调度表"])
        sheet.append([f"填报单位：{name}", None, unit])
        sheet.append(list(titles))
        for row in rows:
            sheet.append([*row, *[None] * (len(titles) - len(row))][: len(titles)])
        path = tmp_path / f"{name}.xlsx"
        book.save(path)
        return path

    return written


@pytest.fixture
def read(ledgers: Mapping[str, Ledger]) -> Read:
    def reading(path: Path, memory: Memory | None = None, month: int = 8) -> WorkbookReading:
        ledger = ledgers["key_projects"]
        return read_workbook(path, ledger, period=Period.month(2021, month), units=UNITS, memory=memory)

    return reading


def confirm(path: Path, ledger: Ledger, choices: Mapping[int, Choice], sender: Sender, month: int = 8) -> Memory:
    """The memory after a person has looked at a workbook and chosen."""
    period = Period.month(2021, month)
    survey = survey_workbook(path, ledger, period=period, units=UNITS, memory=Memory(), sender=sender)
    origin = Origin(path.name, survey.sha256, survey.tables[0].sheet, str(period), "王审", "2021-09-05")
    return memory_of([SenderFile(sender, (kept_layout(survey.tables[0], choices, ledger, origin, period),))], ledger)


DONGGUAN = Sender("990001", "东关镇")
CHOSEN = {STUCK: Choice("problem"), HANDLER: Choice("-")}


@pytest.fixture
def memory(write: Write, ledgers: Mapping[str, Ledger]) -> Memory:
    return confirm(write(), ledgers["key_projects"], CHOSEN, DONGGUAN)


def columns(reading: WorkbookReading) -> dict[str, str | None]:
    return {one.letters: one.field for one in reading.tables[0].columns if one.role == "field"}


def codes(reading: WorkbookReading) -> dict[str, str]:
    """Cell -> code of findings about columns and layouts."""
    about = ("column_", "layout_", "unmapped", "unsure", "void", "no_column")
    return {one.cell: one.code for one in reading.findings if one.code.startswith(about)}


def test_what_nobody_confirmed_is_named_and_not_read(write: Write, read: Read) -> None:
    reading = read(write())

    assert columns(reading).get("H") is None
    assert codes(reading) == {"H3": "unmapped_column", "I3": "unmapped_column"}


def test_next_month_the_kept_mapping_is_used_with_the_months_moved_on(write: Write, read: Read, memory: Memory) -> None:
    september = [title.replace("8月", "9月") for title in TITLES]

    reading = read(write(september), memory, month=9)

    assert columns(reading)["H"] == "problem"
    done = reading.tables[0].column_of("month_done")
    assert done is not None and str(done.period) == "2021-09" and done.letters == "F"
    assert codes(reading) == {}
    (use,) = reading.kept
    assert use.changes == () and "王审 2021-09-05 据 东关镇.xlsx 核定" in use.made.zh


def test_another_senders_mapping_is_never_applied(write: Write, read: Read, memory: Memory) -> None:
    reading = read(write(name="西岭乡"), memory)

    assert reading.kept == ()
    assert columns(reading).get("H") is None


def test_a_moved_column_keeps_its_mapping_and_the_difference_is_told(write: Write, read: Read, memory: Memory) -> None:
    moved = [TITLES[STUCK], *TITLES[:STUCK], TITLES[HANDLER]]
    row = [ROW[STUCK], *ROW[:STUCK], ROW[HANDLER]]

    reading = read(write(moved, rows=(row,)), memory)

    assert columns(reading)["A"] == "problem"
    assert [one.zh for one in reading.kept[0].changes] == ["“推进中的堵点”换了位置"]
    assert codes(reading) == {"": "layout_changed"}


def test_a_new_column_that_is_sure_is_read_and_one_that_is_not_is_asked_about(
    write: Write, read: Read, memory: Memory
) -> None:
    added = (*TITLES, "建设地点", "项目主要推进困难问题")

    reading = read(write(added, rows=((*ROW, "东关镇", "缺地"),)), memory)

    assert columns(reading)["J"] == "location" and "K" not in columns(reading)
    assert codes(reading)["K3"] in ("column_taken", "column_unsure")
    assert [one.en for one in reading.kept[0].changes] == ["'建设地点' added", "'项目主要推进困难问题' added"]


def test_a_renamed_column_that_may_be_another_field_waits(write: Write, read: Read, memory: Memory) -> None:
    renamed = [*TITLES[:STUCK], "建设地点", TITLES[HANDLER]]

    reading = read(write(renamed), memory)

    assert "H" not in columns(reading)
    assert codes(reading) == {"": "layout_changed", "H3": "column_other_field"}
    (asked,) = [one for one in reading.findings if one.code == "column_other_field"]
    assert asked.grade == "question"
    assert "原为“推进中的堵点”，核定作“" in asked.reason.zh and "guatu map" in asked.remedy.zh


def test_a_renamed_column_that_fits_nothing_any_more_waits(write: Write, read: Read, memory: Memory) -> None:
    renamed = [*TITLES[:STUCK], "乱七八糟", TITLES[HANDLER]]

    assert codes(read(write(renamed), memory))["H3"] == "column_lost"


def test_a_changed_unit_waits(write: Write, read: Read, memory: Memory) -> None:
    reading = read(write([*TITLES[:5], "8月完成投资(亿元)", *TITLES[6:]]), memory)

    assert codes(reading) == {"": "layout_changed", "F3": "column_other_unit"}
    assert "F" not in columns(reading)


def test_a_changed_unit_line_matters_only_to_columns_without_a_unit_of_their_own(
    write: Write, read: Read, ledgers: Mapping[str, Ledger]
) -> None:
    bare = [*TITLES[:5], "8月完成投资", *TITLES[6:]]
    memory = confirm(write(bare), ledgers["key_projects"], CHOSEN, DONGGUAN)

    reading = read(write(bare, unit="单位：亿元"), memory)

    assert codes(reading) == {"": "layout_changed", "F3": "column_other_unit"}
    assert [one.en for one in reading.kept[0].changes] == ["the unit above the table changed from 万元 to 亿元"]


def test_figures_that_wait_and_are_required_send_the_workbook_back(write: Write, read: Read, memory: Memory) -> None:
    yuan = [title.replace("累计完成投资(万元)", "累计完成投资(亿元)") for title in TITLES]

    reading = read(write(yuan), memory)

    assert reading.refused
    assert {"column_other_unit", "no_column"} <= {one.code for one in reading.findings}


def test_a_table_like_none_before_is_mapped_anew_and_asked_about_where_unsure(
    write: Write, read: Read, memory: Memory
) -> None:
    other = (
        "编号",
        "工程名称",
        "年度计划完成投资额(万元)",
        "年初累计完成投资(万元)",
        "建设地点",
        "目前存在的主要困难问题",
    )
    row = (1, "清河大桥工程", 6000, 4500, "东关镇", "无")

    with_memory, without = read(write(other, rows=(row,)), memory), read(write(other, rows=(row,)))

    assert "layout_unlike" in {one.code for one in with_memory.findings}
    unsure = {one.letters for one in without.tables[0].columns if one.role == "field" and one.confidence < 0.8}
    assert unsure and not unsure & columns(with_memory).keys()
    assert {one.cell[0] for one in with_memory.findings if one.code == "column_unsure"} == unsure


def test_a_table_the_ledger_knows_no_word_of_is_found_again_by_its_kept_titles(
    write: Write, read: Read, ledgers: Mapping[str, Ledger]
) -> None:
    titles = ("项次", "啥工程", "盘子(万元)", "今年打算花(万元)", "到8月花了(万元)")
    path = write(titles, rows=((1, "清河大桥工程", 10000, 6000, 4500),))
    survey = survey_workbook(
        path, ledgers["key_projects"], period=Period.month(2021, 8), units=UNITS, memory=Memory(), sender=DONGGUAN,
        headers={"Sheet": 3},
    )  # fmt: skip
    fields = ("name", "total_investment", "annual_plan", "ytd_done")
    choices = {at: Choice(key, None, "titled" if key == "ytd_done" else None) for at, key in enumerate(fields, 1)}
    origin = Origin(path.name, survey.sha256, "Sheet", "2021-08", "王审", "2021-09-05")
    kept = kept_layout(survey.tables[0], choices, ledgers["key_projects"], origin, Period.month(2021, 8))
    september = write([title.replace("8月", "9月") for title in titles], rows=((1, "清河大桥工程", 10000, 6000, 4600),))

    reading = read(september, memory_of([SenderFile(DONGGUAN, (kept,))], ledgers["key_projects"]), month=9)

    assert read(september, month=9).tables == ()
    assert [row.value("ytd_done", Period.month(2021, 9)) for row in reading.rows] == [4600 * 10**6]
    assert not reading.refused


def test_a_decided_column_of_no_unit_is_read_in_the_unit_decided(
    write: Write, read: Read, ledgers: Mapping[str, Ledger]
) -> None:
    bare = [title.replace("总投资(万元)", "盘子") for title in TITLES]
    path = write(bare, unit="")
    memory = confirm(path, ledgers["key_projects"], {**CHOSEN, 2: Choice("total_investment", "亿元")}, DONGGUAN)

    (row,) = read(path, memory).rows

    assert row.value("total_investment") == 10000 * 10**10


def test_what_was_kept_and_decided_comes_out_of_a_child_process_too(write: Write, read: Read, memory: Memory) -> None:
    reading = read(write([*TITLES[:STUCK], "堵点", TITLES[HANDLER]]), memory)

    again = unpack_reading(pack_reading(reading), reading.path)

    assert reading.kept and any(one.decided for one in reading.tables[0].columns)
    assert (again.kept, again.sender, again.tables) == (reading.kept, reading.sender, reading.tables)


def test_one_month_of_a_series_in_another_unit_waits(write: Write, read: Read, ledgers: Mapping[str, Ledger]) -> None:
    titles = [*TITLES[:5], "7月完成投资(万元)", "8月完成投资(万元)", *TITLES[6:]]
    row = (*ROW[:5], 400, *ROW[5:])
    memory = confirm(write(titles, rows=(row,)), ledgers["key_projects"], {}, DONGGUAN)

    reading = read(write([*titles[:6], "8月完成投资(亿元)", *titles[7:]], rows=(row,)), memory)

    assert codes(reading)["G3"] == "column_other_unit"
    assert "G" not in columns(reading) and columns(reading)["F"] == "month_done"


def test_a_table_on_its_side_is_confirmed_and_known_again(
    write: Write, read: Read, ledgers: Mapping[str, Ledger], tmp_path: Path
) -> None:
    def lying(month: int) -> Path:
        book = openpyxl.Workbook()
        for title, cell in zip(TITLES, ROW, strict=True):
            book.active.append([title.replace("8月", f"{month}月"), cell, cell])  # type: ignore[union-attr]
        book.save(tmp_path / "东关镇.xlsx")
        return tmp_path / "东关镇.xlsx"

    ledger, august = ledgers["key_projects"], Period.month(2021, 8)
    survey = survey_workbook(lying(8), ledger, period=august, units=UNITS, memory=Memory(), sender=DONGGUAN)
    memory = confirm(lying(8), ledger, CHOSEN, DONGGUAN)

    reading = read(lying(9), memory, month=9)

    assert survey.tables[0].lies and [one.letters for one in survey.tables[0].open] == ["8", "9"]
    assert [use.changes for use in reading.kept] == [()]
    assert {one.letters: one.field for one in reading.tables[0].columns}["8"] == "problem"


def test_one_month_of_a_series_whose_title_says_nothing_any_more_waits(
    write: Write, read: Read, ledgers: Mapping[str, Ledger]
) -> None:
    series = [f"{month}月完成投资(万元)" for month in range(5, 9)]
    titles, row = [*TITLES[:5], *series, *TITLES[6:]], (*ROW[:5], 1, 2, 3, 4, *ROW[6:])
    memory = confirm(write(titles, rows=(row,)), ledgers["key_projects"], {}, DONGGUAN)

    reading = read(write([*titles[:6], "情形甲", *titles[7:]], rows=(row,)), memory)

    assert codes(reading)["G3"] == "column_lost" and "G" not in columns(reading)
    assert {"F", "H", "I"} <= columns(reading).keys()


@pytest.mark.parametrize(
    ("title", "waits"),
    [
        ("8月份投资完成(亿元)", True),
        ("8月份投资完成(万元)", False),
        ("8月份投资完成", False),
        ("8月完成投资(万元)(亿元)", True),
    ],
)
def test_a_renamed_column_is_read_where_it_surely_is_the_same_in_the_same_unit(
    title: str, waits: bool, write: Write, read: Read, memory: Memory
) -> None:
    reading = read(write([*TITLES[:5], title, *TITLES[6:]]), memory)

    assert ("F" in columns(reading)) is not waits
    assert (codes(reading).get("F3") == "column_other_unit") is waits
