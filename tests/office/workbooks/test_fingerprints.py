"""What a layout is: the same from month to month whatever the data, another one when a column is."""

from __future__ import annotations

import re
from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from guatu.office.containers.grid import Sheet, Value
from guatu.office.workbooks.differences import differences
from guatu.office.workbooks.fingerprints import LaidOut, Layout, lay_out, slots
from guatu.office.workbooks.tables import find_tables

TITLES = (
    "序号", "项目名称", "总投资(万元)", "{year}年计划投资(万元)", "1-{month}月累计完成(万元)", "{month}月完成(万元)",
    "计划开工时间", "责任单位", "备注",
)  # fmt: skip
SPARE = ("存在问题", "联系人", "建设地点", "{month}月形象进度", "上年完成投资(亿元)", "Contractor")
FIRST = ("序号", "项目名称", "总投资(万元)")

titles = st.lists(st.sampled_from(TITLES[3:] + SPARE), unique=True, min_size=1, max_size=8).map(
    lambda chosen: (*FIRST, *chosen)
)
months = st.integers(2, 12)
spaces = st.sampled_from(["", " ", "\n", "\u3000"])
cells: st.SearchStrategy[Value] = st.one_of(
    st.none(), st.floats(0, 1e6), st.text("项目路桥园一二三", min_size=1, max_size=8)
)


def written(title: str, month: int, year: int = 2021) -> str:
    return title.replace("{month}", str(month)).replace("{year}", str(year))


def laid(rows: Sequence[Sequence[Value]], year: int = 2021, name: str = "调度表") -> LaidOut:
    """The layout of the only table of a sheet."""
    width = max(map(len, rows))
    sheet = Sheet(name, True, [[*row, *[None] * (width - len(row))] for row in rows])
    known = {slots(title, year) for title in FIRST}
    (table,) = find_tables(sheet, lambda text: slots(text, year) in known)
    captions = tuple(text for row in table.caption for _, text in sheet.texts(row))
    return lay_out(table, captions, (), year)


def sheet_of(
    chosen: Sequence[str], month: int, year: int = 2021, data: Sequence[Sequence[Value]] = ((1.0, "甲路改造项目", 5.0),)
) -> list[list[Value]]:
    caption = f"某区{year}年1-{month}月重点项目调度表({month}个)"
    return [
        [caption],
        ["填报单位：某区", None, "单位：万元"],
        [written(one, month, year) for one in chosen],
        *map(list, data),
    ]


@given(titles, months, months, st.lists(st.tuples(st.just(1.0), st.just("甲路改造项目"), cells, cells), min_size=1))
def test_other_months_other_years_and_other_data_are_the_same_layout(
    chosen: Sequence[str], month: int, later: int, data: Sequence[Sequence[Value]]
) -> None:
    first = laid(sheet_of(chosen, month), name=f"{month}月").layout
    again = laid(sheet_of(chosen, later, 2022, data), 2022, name=f"{later}月").layout

    assert first == again
    assert first.fingerprint == again.fingerprint


@given(titles, st.data())
def test_spaces_full_width_letters_and_quotes_are_the_same_layout(chosen: Sequence[str], data: st.DataObject) -> None:
    wide = str.maketrans({"(": "（", ")": "）", "1": "１"})

    def typed(title: Value) -> Value:
        text, space = str(title), data.draw(spaces)
        if text.isascii():
            return text
        return re.sub(r"(?<!\d)(?=.)|(?<=\d)(?!\d)", space, text).translate(wide)

    plain = sheet_of(chosen, 8)
    spaced = [plain[0], plain[1], [typed(title) for title in plain[2]], *plain[3:]]

    assert laid(plain).layout.fingerprint == laid(spaced).layout.fingerprint


@given(titles, st.sampled_from(SPARE), st.data())
def test_a_column_added_removed_renamed_or_moved_makes_another_layout_and_is_told(
    chosen: Sequence[str], spare: str, data: st.DataObject
) -> None:
    at = data.draw(st.integers(len(FIRST), len(chosen) - 1))
    gone = [*chosen[:at], *chosen[at + 1 :]]
    changed = [gone]
    if spare not in chosen:
        changed += [[*chosen[:at], spare, *chosen[at:]], [*chosen[:at], spare, *chosen[at + 1 :]]]
    to = data.draw(st.integers(len(FIRST), len(gone)))
    if to != at:
        changed.append([*gone[:to], chosen[at], *gone[to:]])
    before = laid(sheet_of(chosen, 8)).layout

    for other in changed:
        now = laid(sheet_of(other, 9)).layout
        assert now.fingerprint != before.fingerprint
        assert differences(before, now)
        assert differences(now, now) == ()


def kinds(before: Layout, now: Layout) -> list[tuple[str, str, str]]:
    return [(one.kind, one.before, one.now) for one in differences(before, now)]


def test_every_kind_of_difference_is_named() -> None:
    before = laid(sheet_of(TITLES, 8)).layout
    now = laid(
        sheet_of(
            ("序号", "项目名称", "总投资(亿元)", "备注", "{year}年计划投资(万元)", "1-{month}月累计完成投资(万元)",
             "{month}月完成(万元)", "计划开工时间", "联系人", "责任单位"), 9,
        )
    ).layout  # fmt: skip

    assert kinds(before, now) == [
        ("unit", "万元", "亿元"),
        ("moved", "备注", "备注"),
        ("renamed", "{ytd}累计完成 (万元)", "{ytd}累计完成投资 (万元)"),
        ("added", "", "联系人"),
    ]
    assert kinds(now, before)[-1] == ("removed", "联系人", "") or ("removed", "联系人", "") in kinds(now, before)


def test_the_unit_line_the_caption_and_the_depth_of_the_header_count() -> None:
    before = laid(sheet_of(TITLES, 8)).layout
    rows = sheet_of(TITLES, 8)
    rows[0], rows[1] = ["某区重点项目进展"], ["单位：亿元"]
    rows.insert(3, [str(number) for number in range(1, len(TITLES) + 1)])

    assert kinds(before, laid(rows).layout) == [
        ("caption", "某区{year}{ytd}重点项目调度表(#个)", "某区重点项目进展"),
        ("unit_line", "万元", "亿元"),
        ("depth", "1", "2"),
    ]


def test_a_series_of_months_is_one_column_however_far_the_year_has_come() -> None:
    def sheet(last: int) -> list[list[Value]]:
        return [[*FIRST, *(f"{month}月完成(万元)" for month in range(1, last + 1)), "备注"], [1.0, "甲路改造项目", 5.0]]

    august, december = laid(sheet(8)), laid(sheet(12))

    assert august.layout.fingerprint == december.layout.fingerprint
    assert [len(places) for places in december.places] == [1, 1, 1, 12, 1]


def test_two_columns_of_one_title_stay_two() -> None:
    layout = laid([[*FIRST, "备注", "8月完成", "8月完成", "备注"], [1.0, "甲路改造项目", 5.0]]).layout

    assert [(title[0], before) for title, before in layout.keys[3:]] == [
        ("备注", 0), ("{month}完成", 0), ("{month}完成", 1), ("备注", 1),
    ]  # fmt: skip


def test_times_become_slots_that_count_from_the_rounds_year() -> None:
    assert {text: slots(text, 2021) for text in SLOTS} == SLOTS


SLOTS = {
    "2021年 8 月完成": "{year}{month}完成",
    "2020年度结转": "{year-1}结转",
    "截至2021年8月31日": "截至{day}",
    "1-8月累计": "{ytd}累计",
    "年初至8月底累计": "{ytd}累计",
    "三季度计划": "{quarter}计划",
    "上半年完成": "{half}完成",
    "第35周进展": "{week}进展",
    "2021-2025年总投资": "2021-2025年总投资",
    "Baseline 2021/22 (£m)": "baseline{year}/(£m)",
    "Aug 2021 spend": "{month}{year}spend",
    "Mayor": "mayor",
    "項目名稱": "项目名称",
    "8月31日形象进度": "{month}形象进度",
    "2021-08 完成": "{month}完成",
}


def test_the_fingerprint_of_a_layout_does_not_change_between_versions_of_guatu() -> None:
    """A change here makes every kept mapping a stranger: raise VERSION with it."""
    assert laid(sheet_of(TITLES, 8)).layout.fingerprint == "1-8342333788ab18e0"
