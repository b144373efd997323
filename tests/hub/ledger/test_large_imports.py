"""Large workbooks: what a preview, a taking and an undoing ask of the database does not grow with every item."""

from __future__ import annotations

from pathlib import Path

from django.db import connection
from django.test.utils import CaptureQueriesContext

from guatu.hub.ledger.actions.import_undoing import undo_import
from guatu.hub.ledger.actions.imports import take_import
from guatu.hub.ledger.models import Import, Item
from tests.hub.ledger.workbooks import Row, install, send, workbook
from tests.hub.people import NOW, City

MORE = 16
"""Statements 236 further items may cost: a table's rows are written some hundred at a time."""


def rows(number: int, done: int) -> list[Row]:
    return [
        (f"R-{number}-{one}", f"第{number}批第{one}路", 500 + one + done, done, "2026-12-31", None)
        for one in range(number)
    ]


def test_taking_and_undoing_ask_hardly_more_of_the_database_for_240_items_than_for_4(
    city: City, tmp_path: Path
) -> None:
    install(city, tmp_path)
    asked: dict[int, list[int]] = {}
    for number in (4, 240):
        counted = []
        entered = send(city, workbook(rows(number, 10)))
        changed: Import | None = None
        for step in ("enter", "change", "undo"):
            with CaptureQueriesContext(connection) as queries:
                if step == "enter":
                    take_import(sent=entered, by=city.actor("li"), at=NOW)
                elif step == "change":
                    changed = send(city, workbook(rows(number, 20)), "2026-05")
                    take_import(sent=changed, by=city.actor("li"), at=NOW)
                elif changed is not None:
                    undo_import(sent=changed, reason="报错", by=city.actor("li"), at=NOW)
            counted.append(len(queries))
        asked[number] = counted

    assert Item.objects.count() == 244
    assert all(many - few <= MORE for few, many in zip(asked[4], asked[240], strict=True)), asked
