"""Items held in their table say what items made whole say, and come back from a result folder as they were."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path

import pytest

from guatu.declarations import load_pack
from guatu.dispatch.beside import beside
from guatu.dispatch.item import Held, HeldItem, Item
from guatu.dispatch.items import give_ids, items_of
from guatu.dispatch.outputs import provenance
from guatu.dispatch.store import read_items, write_cells
from guatu.dispatch.tables import items_table
from guatu.office.workbooks import WorkbookReading, read_workbook
from tests.dispatch.cast import AUGUST, ledger, pack, project, workbook

DEMO = Path(__file__).parents[2] / "demo"
LEDGER = ledger()


def whole(item: Item) -> tuple[object, ...]:
    """Everything an item says."""
    tags = {key: (cell.value, cell.address) for key, cell in item.tags.items()}
    return item.item_id, item.unit, item.cells, item.values, item.missing, tags, item.figures


def east(tmp_path: Path) -> WorkbookReading:
    pack(tmp_path)
    codes = {number: {"项目代码": f"2103-370285-48-01-{number:06d}"} for number in range(1, 6)}
    path = workbook(
        tmp_path / "东关镇.xlsx", *(project(number, f"清河大桥{number}号", **code) for number, code in codes.items())
    )
    return read_workbook(path, LEDGER, period=AUGUST)


def with_ids(reading: WorkbookReading) -> list[Item]:
    items, _ = items_of(reading, "990001", LEDGER, AUGUST)
    give_ids(items, {})
    return items


@pytest.mark.parametrize("path", sorted((DEMO / "2021-08").glob("*.xlsx")), ids=lambda path: path.stem)
def test_items_of_a_demonstration_workbook_are_the_same_held_and_made_whole(path: Path) -> None:
    ledger = load_pack(DEMO / "pack").ledger
    reading = read_workbook(path, ledger, period=AUGUST)

    held, noticed = items_of(reading, "1", ledger, AUGUST)
    made, said = items_of(replace(reading, rows=tuple(reading.rows)), "1", ledger, AUGUST)

    assert noticed == said
    for one, other in zip(held, made, strict=True):
        assert (one.name, one.code, sorted(one.on())) == (other.name, other.code, sorted(other.on()))
        assert all(one.value(key) == other.value(key) and one.reason(key) == other.reason(key) for key in ledger.fields)
    assert items_table(held, ledger).equals(items_table(made, ledger))
    assert [whole(one) for one in held] == [whole(one) for one in made]


def test_plain_rows_stay_in_their_table_until_somebody_looks(tmp_path: Path) -> None:
    items = with_ids(east(tmp_path))

    assert all(type(item) is HeldItem and not item.opened for item in items)
    assert len(Held.of(items).tables) == 1
    assert items[2].cells["name"][0].raw == "清河大桥3号"
    assert [position for position, _ in Held.of(items).others] == [2]


def test_held_items_come_back_from_a_result_folder_as_they_were(tmp_path: Path) -> None:
    items = with_ids(east(tmp_path))
    items[1].cells  # noqa: B018 (opened: written cell by cell, beside the others)
    write_cells(tmp_path, items, LEDGER)

    back = read_items(tmp_path, LEDGER)

    assert [type(item) for item in back] == [HeldItem, Item, HeldItem, HeldItem, HeldItem]
    for one, other in zip(back, items, strict=True):
        assert (one.values, one.missing, one.tags.keys()) == (other.values, other.missing, other.tags.keys())
        assert {key: [(cell.place, cell.raw, cell.period) for cell in cells] for key, cells in one.cells.items()} == {
            key: [(cell.place, cell.raw, cell.period) for cell in cells] for key, cells in other.cells.items()
        }
        assert sorted(cell.place for cell in one.figures) == sorted(cell.place for cell in other.figures)


def test_contacts_may_be_deleted_and_the_rest_stands(tmp_path: Path) -> None:
    write_cells(tmp_path, with_ids(east(tmp_path)), LEDGER)
    people = [item.value("person") for item in read_items(tmp_path, LEDGER)]
    (tmp_path / "contacts.parquet").unlink()

    back = read_items(tmp_path, LEDGER)

    assert all(people) and [item.value("person") for item in back] == [None] * 5
    assert [item.name for item in back] == [f"清河大桥{number}号" for number in range(1, 6)]


def test_only_the_fields_asked_for_are_read_back(tmp_path: Path) -> None:
    write_cells(tmp_path, with_ids(east(tmp_path)), LEDGER)

    back = read_items(tmp_path, LEDGER, {"name"})

    assert [set(item.cells) for item in back] == [{"name"}] * 5


def test_provenance_of_a_held_item_names_table_row_and_column(tmp_path: Path) -> None:
    items = with_ids(east(tmp_path))

    record = provenance(items, LEDGER)

    tables, records = record["tables"], record["items"]
    assert isinstance(tables, list) and isinstance(records, dict)
    own, table = records[items[3].item_id], tables[0]
    column = table["fields"]["total_investment"]
    assert (table["workbook"], own["row"]) == ("东关镇.xlsx", table["rows"][3])
    assert f"{column['column']}{own['row']}" == items[3].cells["total_investment"][0].address
    assert str(column["raw"][3]) == items[3].cells["total_investment"][0].raw
    assert "person" not in table["fields"]


def test_what_is_done_beside_is_there_once_it_was_waited_for(tmp_path: Path) -> None:
    wait = beside(lambda: (tmp_path / "made").write_text("by the child") and None)
    wait()

    assert (tmp_path / "made").read_text() == "by the child"


def test_a_fault_beside_meets_the_caller(tmp_path: Path) -> None:
    wait = beside(lambda: (tmp_path / "no such folder" / "made").write_text("") and None)

    with pytest.raises(FileNotFoundError):
        wait()


def test_a_block_that_breaks_off_leaves_nobody_who_still_writes(tmp_path: Path) -> None:
    def slowly() -> None:
        time.sleep(30)
        (tmp_path / "late").write_text("by the child")

    with pytest.raises(ValueError, match="broken off"), beside(slowly) as helper:
        raise ValueError("broken off")

    helper()
    assert list(tmp_path.iterdir()) == []
