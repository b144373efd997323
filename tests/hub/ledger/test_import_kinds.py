"""Every kind of file the main job reads comes in through the same door: text, old and open spreadsheets, schedules."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Callable
from pathlib import Path
from xml.sax.saxutils import escape

import pytest

from guatu.hub.ledger.actions.imports import take_import
from guatu.hub.ledger.actions.packs import install_pack
from guatu.hub.ledger.models import Item, Ledger, Milestone
from guatu.hub.ledger.models.imports import ImportState
from tests.hub.ledger.workbooks import TITLES, Row, install, send, workbook
from tests.hub.people import NOW, City

SCHEDULES = Path(__file__).resolve().parents[2] / "office/schedules/data"
ROWS: list[Row] = [("R-1", "东关大桥", 500, 10, "2026-12-31", None), ("R-2", "滨海路", 800, 20, "2027-06-30", None)]


def _task(uid: int, name: str, start: str, finish: str, more: str = "") -> str:
    return (
        f"<Task><UID>{uid}</UID><ID>{uid}</ID><Name>{name}</Name><WBS>{uid}</WBS><OutlineLevel>1</OutlineLevel>"
        f"<Start>{start}T08:00:00</Start><Finish>{finish}T17:00:00</Finish>{more}"
        f"<Baseline><Number>0</Number><Start>{start}T08:00:00</Start><Finish>{finish}T17:00:00</Finish></Baseline></Task>"
    )


PLAN = (
    '<?xml version="1.0" encoding="UTF-8"?><Project xmlns="http://schemas.microsoft.com/project"><Title>东关大桥</Title><Tasks>'
    + _task(1, "桩基", "2026-03-02", "2026-04-30", "<ActualStart>2026-03-09T08:00:00</ActualStart>")
    + _task(2, "通车", "2026-12-31", "2026-12-31", "<Milestone>1</Milestone>")
    + "</Tasks></Project>"
)


def delimited(separator: str, encoding: str) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=separator).writerows([TITLES, *ROWS])
    return text.getvalue().encode(encoding)


def open_document() -> bytes:
    """The least an OpenDocument spreadsheet is."""
    rows = "".join(
        "<table:table-row>"
        + "".join(
            f'<table:table-cell office:value-type="float" office:value="{cell}"><text:p>{cell}</text:p></table:table-cell>'
            if isinstance(cell, int | float)
            else f'<table:table-cell office:value-type="string"><text:p>{escape(str(cell or ""))}</text:p></table:table-cell>'
            for cell in row
        )
        + "</table:table-row>"
        for row in [TITLES, *ROWS]
    )
    names = " ".join(
        f'xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{short}:1.0"' for short in ("office", "table", "text")
    )
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as book:
        book.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        book.writestr(
            "content.xml",
            f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {names} office:version="1.2"><office:body>'
            f'<office:spreadsheet><table:table table:name="台账">{rows}</table:table></office:spreadsheet>'
            "</office:body></office:document-content>",
        )
        book.writestr(
            "META-INF/manifest.xml",
            '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>',
        )
    return held.getvalue()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("报表.csv", lambda: delimited(",", "utf-8-sig")),
        ("报表.tsv", lambda: delimited("\t", "gb18030")),
        ("报表.ods", open_document),
    ],
)
def test_the_same_table_in_another_kind_of_file(
    city: City, tmp_path: Path, name: str, content: Callable[[], bytes]
) -> None:
    install(city, tmp_path)

    sent = send(city, content(), name=name)

    assert sent.state == ImportState.READY, list(sent.findings.values())
    take_import(sent=sent, by=city.actor("li"), at=NOW)
    assert {one.name: (one.code, one.values["cost"]) for one in Item.objects.all()} == {
        "东关大桥": ("R-1", 500_0000_00),
        "滨海路": ("R-2", 800_0000_00),
    }


def test_a_schedule_becomes_tasks_with_planned_and_actual_days(city: City) -> None:
    install_pack(folder="earned_value", by=city.actor("sun"), at=NOW)

    sent = send(city, PLAN.encode(), name="计划.xml")

    assert sent.state == ImportState.READY, list(sent.findings.values())
    take_import(sent=sent, by=city.actor("li"), at=NOW)
    days = Milestone.objects.in_force().values_list("item__name", "key", "fact", "on")
    assert {(name, key, fact, str(on)) for name, key, fact, on in days} == {
        ("桩基", "started", "planned", "2026-03-02"),
        ("桩基", "started", "actual", "2026-03-09"),
        ("桩基", "finished", "planned", "2026-04-30"),
        ("通车", "started", "planned", "2026-12-31"),
        ("通车", "finished", "planned", "2026-12-31"),
    }
    assert send(city, PLAN.encode(), name="计划.xml").counts["same"] == 2


def test_a_schedule_is_refused_by_a_ledger_that_takes_none(city: City, tmp_path: Path) -> None:
    install(city, tmp_path)

    sent = send(city, (SCHEDULES / "mspdi_baselines_small.xml").read_bytes(), name="计划.xml")

    assert sent.state == ImportState.REFUSED
    assert "没有说明进度计划填哪些字段" in sent.findings.get().reason_zh
    assert not Ledger.objects.get().items.exists()


TITLED = ("编号", "名称", "造价(万元)", "应完工", "清单")


def test_an_item_goes_by_its_ledgers_own_code_whatever_it_is_called_now(city: City, bridge: Item) -> None:
    sent = send(city, workbook([("W-1", "东关特大桥", 60, "2026-12-31", "道路")], TITLED), "2026-05")

    assert (sent.counts["new"], sent.counts["changed"]) == (0, 1), list(sent.findings.values())
    take_import(sent=sent, by=city.actor("li"), at=NOW)
    bridge.refresh_from_db()
    assert (bridge.name, bridge.code) == ("东关特大桥", "W-1")
