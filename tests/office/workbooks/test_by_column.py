"""Columns read whole say what the same cells say one by one: the two ways of reading agree on everything."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl.worksheet.worksheet import Worksheet

from guatu.declarations.ledger import Ledger
from guatu.declarations.packs import Pack
from guatu.office.workbooks import WorkbookReading, extraction, reader
from guatu.office.workbooks.held import AllRows
from tests.office.unseen.judging import county_pack, read
from tests.office.unseen.layouts import make
from tests.office.workbooks.conftest import AUGUST, ROOT, Reader

CODES = st.from_regex(r"2102-370202-04-05-8155[0-9]{2}", fullmatch=True)
AMOUNTS = st.one_of(
    st.integers(0, 10**6).map(float),
    st.decimals(0, 10**6, places=2).map(float),
    st.decimals(0, 10**4, places=8).map(float),
    st.sampled_from(
        [-5.0, -0.0, 1e15, 123456789012.34, "1,234.5", "3.5亿元", "约500", "/", "无", "1200万美元", "#REF!", True]
    ),
)
DATES = st.one_of(
    st.dates(date(2019, 1, 1), date(2022, 12, 31)),
    st.sampled_from(
        [datetime(2021, 3, 1), 44256.0, 2021.1, "9月底前", "2021年3月", "未开工", "待定", "2021.13", "长期"]
    ),
)
FLAGS = st.sampled_from(
    ["是", "否", "已开工", "已开工（2021年3月）", "2021年3月开工", "√", "前期", "不详", date(2021, 3, 1), 1.0]
)
TAGS = st.sampled_from(["省重点", "市重点、省重点", "①省重点", "③", "区里的单子", "一般", "区里的单子、市重点"])
RATES = st.one_of(st.floats(0, 2), st.sampled_from([81.3, "81.3%", "占比81%", 12345.0, "-"]))
WORDS = st.sampled_from(["无", "/", "征迁滞后", "资金 缺口", "ＡＢＣ", "１２３", 0.0, -0.0, 1.0, True])
TITLES: Mapping[str, st.SearchStrategy[Any]] = {
    "项目名称": st.text("甲乙丙丁 1一二期", min_size=1, max_size=4).map("项目{}".format),
    "项目代码": CODES | st.sampled_from(["无", "待定", "2102-370202"]),
    "总投资(万元)": AMOUNTS,
    "年度计划投资(万元)": AMOUNTS,
    "8月完成(万元)": AMOUNTS,
    "1-8月累计(万元)": AMOUNTS,
    "投资完成率": RATES,
    "用地需求(公顷)": AMOUNTS,
    "计划开工时间": DATES,
    "实际开工时间": DATES,
    "纳统时间": DATES,
    "是否开工": FLAGS,
    "是否四新": FLAGS,
    "项目类别": TAGS,
    "存在问题": WORDS,
    "责任人": st.sampled_from(["张伟", "张 伟、李敏", "王强13800000000"]),
}


@contextmanager
def reading_cell_by_cell() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(reader, "extract", partial(extraction.extract, by_cell=True))
        yield


def same(first: WorkbookReading, other: WorkbookReading) -> None:
    assert list(first.rows) == list(other.rows)
    assert first.findings == other.findings
    assert first.controls == other.controls


@st.composite
def tables(draw: st.DrawFn) -> tuple[list[str], list[list[Any]], bool, bool]:
    """A clean table of some columns with a few odd cells strewn in; perhaps merges, perhaps a total."""
    more = draw(st.sets(st.sampled_from([title for title in TITLES if title != "项目名称"]), min_size=4))
    titles = [title for title in TITLES if title in more or title == "项目名称"]
    height = draw(st.integers(1, 6))
    blank = st.none()
    columns = [draw(st.lists(TITLES[title] | blank, min_size=height, max_size=height)) for title in titles]
    return titles, [list(row) for row in zip(*columns, strict=True)], draw(st.booleans()), draw(st.booleans())


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(made=tables())
def test_a_column_read_whole_says_what_its_cells_say_one_by_one(
    made: tuple[list[str], list[list[Any]], bool, bool], read_changed: Reader
) -> None:
    titles, rows, merged, total = made

    def change(sheet: Worksheet) -> None:
        if merged and len(rows) > 1:
            for column in range(1, len(titles) + 1, 2):
                sheet.merge_cells(start_row=3, end_row=4, start_column=column, end_column=column)
        if "投资完成率" in titles:
            sheet.cell(3, titles.index("投资完成率") + 1).number_format = "0.0%"
        if total:
            sheet.append(["合计", *(100 if "万元" in title else None for title in titles[1:])])

    whole = read_changed(change, titles=titles, rows=rows)
    with reading_cell_by_cell():
        same(whole, read_changed(change, titles=titles, rows=rows))


@pytest.fixture(scope="module")
def county(tmp_path_factory: pytest.TempPathFactory) -> Pack:
    return county_pack(tmp_path_factory.mktemp("qinghe"))


@pytest.mark.parametrize("seed", range(12))
def test_workbooks_of_other_hands_read_the_same_both_ways(seed: int, county: Pack, tmp_path: Path) -> None:
    made = make(tmp_path, seed)
    whole = read(made, county)
    with reading_cell_by_cell():
        same(whole, read(made, county))


def test_a_demonstration_workbook_is_held_by_column_and_reads_the_same_both_ways(
    demo_pack: Pack, ledgers: Mapping[str, Ledger]
) -> None:
    def read_it() -> WorkbookReading:
        path = ROOT / "demo" / "2021-08" / "城阳区.xlsx"
        return reader.read_workbook(path, demo_pack.ledger, period=AUGUST)

    whole = read_it()
    assert isinstance(whole.rows, AllRows)
    assert sum(len(part) - len(part.odd) for part in whole.rows.parts) > len(whole.rows) / 2
    with reading_cell_by_cell():
        same(whole, read_it())


def test_rows_are_counted_sliced_and_compared_like_a_tuple(read_changed: Reader) -> None:
    rows = read_changed().rows

    assert len(rows) == 3 and rows[-1].number == 5 and [row.number for row in rows[:2]] == [3, 4]
    assert rows == tuple(rows) and rows == read_changed().rows
    with pytest.raises(IndexError):
        rows[3]


def test_cells_that_compare_equal_and_are_not_are_read_apart(read_changed: Reader) -> None:
    reading = read_changed(titles=("项目名称", "总投资", "年度计划投资", "8月完成", "存在问题"), rows=[
        ("甲项目", 10, 5, 1, True), ("乙项目", 10, 5, 1, 1), ("丙项目", 10, 5, 1, 0),
    ])  # fmt: skip

    assert [row.value("problem") for row in reading.rows] == ["TRUE", "1", "0"]


def test_a_clean_float_gives_its_exact_amount_and_a_longer_one_is_rounded_and_said(read_changed: Reader) -> None:
    titles = ("项目名称", "总投资", "年度计划投资", "8月完成", "存在问题")
    reading = read_changed(titles=titles, rows=[
        ("甲项目", 5000.1, 1234.56, 0.000001, "无"), ("乙项目", 98765432.123456, 5, 1.1234567, "无"),
    ])  # fmt: skip

    assert reading.rows[0].value("total_investment") == 5_000_100_000
    assert [row.value("annual_plan") for row in reading.rows] == [1_234_560_000, 5_000_000]
    assert [row.value("month_done") for row in reading.rows] == [1, 1_123_457]
    assert [finding.cell for finding in reading.findings if finding.code == "rounded"] == ["D4"]
