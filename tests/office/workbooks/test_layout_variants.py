"""Generated variants of the common layouts: nearly every column maps right, none is silently wrong, the rest named."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from guatu.declarations.ledger import Ledger
from guatu.office.workbooks import ColumnMapping, WorkbookReading, read_workbook
from tests.office.workbooks.conftest import AUGUST
from tests.office.workbooks.layouts import LAYOUTS, Written, letters, write

VARIANTS = 14


def read(written: Written, ledgers: Mapping[str, Ledger]) -> WorkbookReading:
    return read_workbook(written.path, ledgers[LAYOUTS[written.layout].ledger], period=AUGUST)


def mapped_field(column: ColumnMapping | None) -> str | None:
    return column.field if column is not None and column.role == "field" else None


def is_named(reading: WorkbookReading, column: int) -> bool:
    """Whether some finding points at the column's header cell."""
    named = (finding.cell.rstrip("0123456789") for finding in reading.findings if finding.cell)
    return letters(column) in named


@pytest.mark.parametrize("key", LAYOUTS)
def test_variants_of_a_layout_are_mapped_and_nothing_is_silently_wrong(
    key: str, tmp_path: Path, ledgers: Mapping[str, Ledger]
) -> None:
    right = total = 0
    silent: list[str] = []
    for seed in range(VARIANTS):
        written = write(LAYOUTS[key], seed, tmp_path)
        reading = read(written, ledgers)
        assert len(reading.tables) == 1, (written.path, reading.skipped)
        columns = {column.column: column for column in reading.tables[0].columns}
        for index, expected in written.expected.items():
            found = mapped_field(columns.get(index))
            right += expected is not None and found == expected
            total += expected is not None
            if found != expected and not is_named(reading, index) and written.titles[index] not in ("序号", "No."):
                silent.append(f"seed {seed}: {written.titles[index]} read as {found}, is {expected}")
    assert silent == []
    assert right >= 0.95 * total, f"{right} of {total}"


def test_the_same_seed_writes_the_same_variant(tmp_path: Path) -> None:
    first = write(LAYOUTS["L1"], 3, tmp_path)
    again = write(LAYOUTS["L1"], 3, tmp_path)

    assert first.titles == again.titles


UNSEEN = {
    "annual_plan": "2021年度拟完成固定资产投资额",
    "ytd_done": "截止8月底实际完成投资",
    "month_done": "8月份新增投资",
    "completion_rate": "占全年计划投资比例",
    "actual_start": "正式开工日期",
    "is_included": "是否已列统",
    "problem": "目前存在的主要困难问题",
    "leader": "包联区级责任领导",
    "location": "项目所在镇街",
    "total_investment": "项目概算总投资",
}
"""Titles that stand in no pack."""


@pytest.mark.parametrize("field", UNSEEN)
def test_a_title_nobody_declared_is_mapped_right_or_named(
    field: str, tmp_path: Path, ledgers: Mapping[str, Ledger]
) -> None:
    title = UNSEEN[field]
    assert all(title not in (one.title.zh, *one.synonyms) for one in ledgers["key_projects"].fields.values())
    plain = LAYOUTS["L1"]
    columns = tuple(
        type(one)(one.field, (title,) if one.field == field else one.titles[:1], one.make, unit=one.unit)
        for one in plain.columns
    )
    written = write(type(plain)(plain.key, plain.ledger, plain.title, columns), 1, tmp_path)

    reading = read(written, ledgers)

    index = next(index for index, expected in written.expected.items() if expected == field)
    found = next((one for one in reading.tables[0].columns if one.column == index), None)
    assert mapped_field(found) == field or (mapped_field(found) is None and is_named(reading, index))


STRANGE = (
    "建安工程完成投资(万元)", "去年同期完成投资(万元)", "下月计划完成投资(万元)", "2022年计划投资(万元)", "一季度完成投资(万元)",
    "政府投资(万元)", "银行贷款(万元)", "剩余投资(万元)", "亩均投资(万元/亩)", "未完成投资(万元)", "同比增速(%)",
)  # fmt: skip


@pytest.mark.parametrize("title", STRANGE)
@pytest.mark.parametrize("kept", [("name", "project_code", "scale", "location"), None], ids=["alone", "beside all"])
def test_a_figure_no_field_is_for_is_never_taken_for_one(
    title: str, kept: tuple[str, ...] | None, tmp_path: Path, ledgers: Mapping[str, Ledger]
) -> None:
    plain = LAYOUTS["L1"]
    columns = tuple(one for one in plain.columns if kept is None or one.field in kept)
    money = next(one for one in plain.columns if one.field == "ytd_done")
    strange = type(money)(None, (title,), money.make)
    written = write(type(plain)(plain.key, plain.ledger, plain.title, (*columns, strange)), 2, tmp_path)

    reading = read(written, ledgers)

    index = next(index for index, shown in written.titles.items() if "".join(shown.split()).startswith(title[:4]))
    found = next((one for one in reading.tables[0].columns if one.column == index), None)
    assert mapped_field(found) is None
    assert is_named(reading, index)
