"""Items leave as files: all of what one may see and nothing more, exact, without formulas, with a record."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from io import BytesIO, StringIO
from pathlib import Path

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from python_calamine import CalamineWorkbook

from guatu.hub.accounts.actor import NotAllowed
from guatu.hub.audit.models import Record
from guatu.hub.ledger.actions.exports import export_items
from guatu.hub.ledger.actions.items import enter_item
from guatu.hub.ledger.actions.packs import install_pack
from guatu.hub.ledger.asking import ItemsAsked
from guatu.hub.ledger.exports import items as exported_items
from guatu.hub.ledger.exports.formats import Format, formats_of
from guatu.hub.ledger.exports.open_contracting import NotPackaged
from guatu.hub.ledger.models import Figure, Item, Ledger, Milestone, PersonalValue
from guatu.standards.oc4ids import faults
from guatu.text import Language
from tests.hub.people import NOW, City


def file_of(
    ledger: Ledger, city: City, who: str, format: Format, language: Language = "zh", asked: ItemsAsked | None = None
) -> bytes:
    made = export_items(
        ledger=ledger, asked=asked or ItemsAsked(), format=format, language=language, by=city.actor(who), at=NOW
    )
    return b"".join(made.chunks())


def table(content: bytes) -> list[list[str]]:
    return list(csv.reader(StringIO(content.decode("utf-8-sig"))))


@pytest.fixture
def hostile(works: Ledger, city: City) -> Item:
    return enter_item(
        ledger=works, unit=city.units["town"], name="=HYPERLINK(\"evil\")", code="+W\"-2", on=date(2026, 1, 10),
        values={"share": Decimal("0.12345"), "due": date(2027, 8, 31), "begun": False}, by=city.actor("zhao"), at=NOW,
    )  # fmt: skip


def test_a_csv_says_every_fact_exactly_in_the_unit_of_its_header(bridge: Item, works: Ledger, city: City) -> None:
    content = file_of(works, city, "li", Format.CSV)

    assert content.startswith(b"\xef\xbb\xbf")
    assert table(content) == [
        ["系统编号", "名称", "代码", "责任单位", "状态", "清单", "进入台账", "退出或并入", "造价（万元）", "进度", "应完工", "是否开工"],
        [str(bridge.pk), "东关大桥", "W-1", "东关镇", "在列", "道路", "2026-01-10", "", "12345.6789", "", "", ""],
    ]  # fmt: skip
    assert table(file_of(works, city, "li", Format.CSV, "en"))[1][3:6] == ["Dongguan Town", "active", "Roads"]


def test_no_cell_of_any_sheet_is_a_formula(hostile: Item, works: Ledger, city: City) -> None:
    row = table(file_of(works, city, "li", Format.CSV))[1]
    sheet = openpyxl.load_workbook(BytesIO(file_of(works, city, "li", Format.XLSX))).active

    assert row[1].startswith("'=") and row[2].startswith("'+")
    assert all(cell.data_type != "f" for cells in sheet.iter_rows() for cell in cells)
    assert sheet["B2"].value == '\'=HYPERLINK("evil")'


def test_a_workbook_opens_with_numbers_days_and_shares_as_such(
    bridge: Item, hostile: Item, works: Ledger, city: City
) -> None:
    content = file_of(works, city, "li", Format.XLSX)
    sheet = openpyxl.load_workbook(BytesIO(content)).active

    assert (sheet["I2"].value, sheet["J3"].value) == (12345.6789, 0.12345)
    assert (sheet["G2"].value.date(), sheet["K3"].value.date()) == (date(2026, 1, 10), date(2027, 8, 31))
    assert (sheet["J3"].number_format, sheet.freeze_panes, sheet.auto_filter.ref) == ("0.######%", "C2", "A1:L3")
    rows = CalamineWorkbook.from_filelike(BytesIO(content)).get_sheet_by_index(0).to_python()
    assert [row[1] for row in rows[1:]] == ["东关大桥", '\'=HYPERLINK("evil")']


def test_what_no_xml_may_hold_is_left_out_of_a_workbook(works: Ledger, city: City) -> None:
    item = enter_item(
        ledger=works, unit=city.units["town"], name="桥", on=date(2026, 1, 10), by=city.actor("zhao"), at=NOW
    )
    Item.objects.filter(pk=item.pk).update(name="<a>&桥\x07\ufffe")

    sheet = openpyxl.load_workbook(BytesIO(file_of(works, city, "li", Format.XLSX))).active
    assert sheet["B2"].value == "<a>&桥"


def test_a_map_has_a_feature_for_each_item_where_it_is(bridge: Item, hostile: Item, works: Ledger, city: City) -> None:
    Item.objects.filter(pk=bridge.pk).update(geometry={"type": "Point", "coordinates": [120.5, 36.25]})

    found = json.loads(file_of(works, city, "li", Format.GEOJSON), parse_float=Decimal)

    first, second = found["features"]
    assert (first["id"], first["geometry"]["coordinates"]) == (bridge.pk, [Decimal("120.5"), Decimal("36.25")])
    assert first["properties"]["造价（万元）"] == Decimal("12345.6789") and second["geometry"] is None


def test_a_calendar_has_what_is_known_of_each_milestone(bridge: Item, works: Ledger, city: City) -> None:
    for key, fact, on in (
        ("started", "planned", date(2026, 9, 30)), ("started", "actual", date(2026, 10, 8)), ("done", "planned", date(2027, 1, 1)),
        ("gone", "planned", None),
    ):  # fmt: skip
        Milestone.objects.create(item=bridge, key=key, fact=fact, on=on, sequence=1)
    Item.objects.filter(pk=bridge.pk).update(name="东关大桥, 二期; " + "很长的名称" * 20)

    content = file_of(works, city, "li", Format.ICALENDAR)

    assert content.startswith(b"BEGIN:VCALENDAR\r\n") and content.endswith(b"END:VCALENDAR\r\n")
    assert all(len(line) <= 75 for line in content.split(b"\r\n"))
    unfolded = content.replace(b"\r\n ", b"").decode()
    assert unfolded.count("BEGIN:VEVENT") == 2
    assert f"UID:item-{bridge.pk}-started@guatu\r\n" in unfolded and "DTSTART;VALUE=DATE:20261008\r\n" in unfolded
    assert "SUMMARY:东关大桥\\, 二期\\; 很长的名称" in unfolded


def test_nobody_takes_out_what_they_may_not_see(bridge: Item, works: Ledger, city: City) -> None:
    for format in (Format.CSV, Format.XLSX, Format.GEOJSON, Format.ICALENDAR):
        assert "东关大桥" not in file_of(works, city, "qian", format).decode(errors="replace")
    assert len(table(file_of(works, city, "qian", Format.CSV))) == 1
    with pytest.raises(NotAllowed):
        file_of(works, city, "sun", Format.CSV)


def test_names_of_people_never_leave(bridge: Item, works: Ledger, city: City) -> None:
    PersonalValue.objects.create(item=bridge, field="head", value="张三丰")

    for format in (Format.CSV, Format.GEOJSON):
        said = file_of(works, city, "zhao", format).decode()
        assert "张三丰" not in said and "责任人" not in said


def test_filters_are_those_of_the_page_and_the_record_says_what_was_taken(
    bridge: Item, hostile: Item, works: Ledger, city: City
) -> None:
    content = file_of(works, city, "li", Format.CSV, asked=ItemsAsked(q="大桥", list="roads"))

    assert [row[1] for row in table(content)[1:]] == ["东关大桥"]
    record = Record.objects.get(kind="item.exported")
    after = json.loads(record.after)
    assert (after["format"], after["items"], after["filters"]) == ("csv", 1, {"q": "大桥", "list": "roads"})
    assert record.post_id == city.posts["li"].pk


def test_a_file_flows_in_batches_of_a_constant_number_of_queries(
    works: Ledger, city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(6):
        enter_item(
            ledger=works,
            unit=city.units["town"],
            name=f"工程{number}",
            on=date(2026, 1, 10),
            by=city.actor("zhao"),
            at=NOW,
        )
    monkeypatch.setattr(exported_items, "BATCH", 2)
    made = export_items(
        ledger=works, asked=ItemsAsked(), format=Format.CSV, language="zh", by=city.actor("zhao"), at=NOW
    )

    with CaptureQueriesContext(connection) as queries:
        chunks = made.chunks()
        first = _until(chunks, "工程0")
        early = len(queries)
        rest = b"".join(chunks).decode()
    assert "工程2" not in first and [f"工程{n}" in rest for n in range(2, 6)] == [True] * 4
    assert early <= 5 and len(queries) - early == 2 * 2 + 1


def _until(chunks: Iterator[bytes], word: str) -> str:
    said = ""
    while word not in said:
        said += next(chunks).decode()
    return said


def test_a_ledger_whose_pack_says_how_leaves_as_open_data(city: City, works: Ledger) -> None:
    install_pack(folder=Path("packs/key_projects").resolve(), by=city.actor("sun"), at=NOW)
    projects = Ledger.objects.get(key="key_projects")
    item = enter_item(
        ledger=projects, unit=city.units["town"], name="东关医院", code="2101-370283-04-01-123456", lists=("municipal",),
        values={
            "total_investment": 12_345_678_900, "longitude": Decimal("120.5"), "latitude": Decimal("36.25"),
            "actual_start": date(2026, 3, 1), "nature": "new",
        },
        on=date(2026, 1, 10), by=city.actor("zhao"), at=NOW,
    )  # fmt: skip
    Figure.objects.create(item=item, field="ytd_done", period="2026-05", amount=5_000_000_00, sequence=1)

    package = json.loads(file_of(projects, city, "zhao", Format.OC4IDS))

    (project,) = package["projects"]
    assert (project["title"], project["budget"]["amount"]["amount"]) == ("东关医院", 123456789)
    assert project["locations"][0]["geometry"]["coordinates"] == [120.5, 36.25]
    assert any("5000000" in json.dumps(one) for one in project["metrics"])
    assert list(faults(project)) == []
    assert json.loads(file_of(projects, city, "qian", Format.OC4IDS))["projects"] == []
    assert Format.OC4IDS not in formats_of(works)
    with pytest.raises(NotPackaged):
        file_of(works, city, "zhao", Format.OC4IDS)
    assert json.loads(file_of(projects, city, "zhao", Format.GEOJSON))["features"][0]["geometry"]["coordinates"] == [
        120.5,
        36.25,
    ]
