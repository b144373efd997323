"""A reading goes through bytes unchanged, and bytes that are no reading are refused without being run."""

from __future__ import annotations

import pickle
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from guatu.declarations.packs import Pack
from guatu.office.workbooks import NotAReading, WorkbookReading, pack_reading, read_workbook, unpack_reading
from guatu.office.workbooks.held import AllRows, FieldColumn, HeldRows
from guatu.office.workbooks.reading import Tag
from guatu.standards.periods import Period
from tests.office.workbooks.conftest import AUGUST, ROOT, Reader


def unfolded(moment: Any) -> Any:
    """Workbooks know no repeated hour in autumn."""
    return moment.replace(fold=0)


VALUES = st.one_of(
    st.none(), st.text(), st.floats(allow_nan=False), st.booleans(), st.integers(), st.decimals(allow_nan=False),
    st.dates(), st.datetimes().map(unfolded),
    st.times().map(unfolded), st.timedeltas(), st.tuples(st.text()), st.just(1), st.just(1.0), st.just(True),
)  # fmt: skip
FLOATS, WHOLES = st.none() | st.floats(allow_nan=False), st.none() | st.integers(-(2**64), 2**64)
DECIMALS, TEXTS = st.none() | st.decimals(allow_nan=False), st.none() | st.text()


def around(reading: WorkbookReading) -> WorkbookReading:
    return unpack_reading(pack_reading(reading), reading.path)


@pytest.mark.parametrize("path", sorted((ROOT / "demo" / "2021-08").glob("*.xlsx")), ids=lambda path: path.stem)
def test_a_demonstration_workbook_comes_back_equal(path: Path, demo_pack: Pack) -> None:
    reading = read_workbook(path, demo_pack.ledger, period=AUGUST, units=tuple(demo_pack.units.values()))

    again = around(reading)

    assert again == reading
    assert [repr(cell) for row in again.rows for cell in row.cells] == [
        repr(cell) for row in reading.rows for cell in row.cells
    ]


@settings(max_examples=80, deadline=None)
@example(values=[1, Decimal("1"), Decimal("1.0"), 1.0, True])
@example(values=[Decimal("1"), None, Decimal("1.0"), Decimal("0"), Decimal("-0")])
@given(values=st.lists(VALUES) | st.lists(FLOATS) | st.lists(WHOLES) | st.lists(DECIMALS) | st.lists(TEXTS))
def test_every_kind_of_value_comes_back_as_it_was(values: list[Any]) -> None:
    places = list(range(len(values)))
    column = FieldColumn(
        "note", Period.month(2021, 8), 3, "万元", list(values), list(values), precisions={0: None, 2: "day"}
    )
    held = HeldRows(
        "表", (column,), places, [(Tag(None, "词", "column", "表", f"D{row}"),) * (row % 3) for row in places]
    )
    reading = WorkbookReading(
        path=Path("某区.xlsx"), name="某区.xlsx", sha256="0", unit=None, tables=(), rows=AllRows([held]), findings=(),
        controls=(), skipped={},
    )  # fmt: skip

    again = around(reading).rows
    assert isinstance(again, AllRows)

    assert [repr(one) for one in again.parts[0].columns[0].values] == [repr(one) for one in values]
    assert repr(again.parts) == repr((held,))


def test_values_that_travel_with_their_sources_are_lists_of_their_own(read_changed: Reader) -> None:
    held = HeldRows("表", (FieldColumn("note", None, 0, None, ["甲", None], ["甲", None]),), [0, 1], [(), ()])
    reading = read_changed()
    object.__setattr__(reading, "rows", AllRows([held]))

    again = around(reading).rows
    assert isinstance(again, AllRows)
    [column] = again.parts[0].columns
    column.values[0] = None  # a question leaves the value missing

    assert column.sources == ["甲", None]


def test_days_hours_and_spans_keep_their_kind(read_changed: Reader) -> None:
    values = (date(2021, 8, 1), datetime(2021, 8, 1), time(8, 30), timedelta(hours=30), Decimal("1.10"))
    held = HeldRows("表", (FieldColumn("note", None, 0, None, [None] * 5, list(values)),), list(range(5)), [()] * 5)  # type: ignore[arg-type]
    reading = read_changed()
    object.__setattr__(reading, "rows", AllRows([held]))

    assert [type(row.cells[0].source) for row in around(reading).rows] == [type(value) for value in values]


@pytest.mark.parametrize("cut", [0, 5, 20, 100, -1])
def test_bytes_cut_short_are_refused(cut: int, read_changed: Reader) -> None:
    packed = pack_reading(read_changed())

    with pytest.raises(NotAReading):
        unpack_reading(packed[:cut], Path("某区.xlsx"))


def test_strange_bytes_are_refused_and_never_run(read_changed: Reader) -> None:
    packed = pack_reading(read_changed())
    head = packed.index(b'{"name"')

    for strange in (
        b"",
        pickle.dumps(print),
        packed + b"more",
        packed.replace(b'"texts"', b'"tests"'),
        packed[:head] + packed[head:].replace(b'"codes": ', b'"codes":-9'),
    ):
        with pytest.raises(NotAReading):
            unpack_reading(strange, Path("某区.xlsx"))
