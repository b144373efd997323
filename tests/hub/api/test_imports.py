"""Workbooks for programs: sent as a form, read by the worker, their findings answered cell by cell, taken, undone, given back."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from guatu.hub.ledger.actions import imports as actions
from guatu.hub.ledger.actions.items import change_item
from guatu.hub.ledger.importing import dealing
from guatu.hub.ledger.importing.task import take_in_background
from guatu.hub.ledger.models import Import, Item, Ledger
from tests.hub.api.conftest import Program, problem_of
from tests.hub.api.test_changing import done, refused
from tests.hub.ledger.workbooks import install, read, workbook
from tests.hub.people import NOW, City

ProgramOf = Callable[[str], Program]
ROADS = "/ledgers/roads/imports"
BRIDGE = ("R-1", "东关大桥", 500, 10, "2026-12-31", "王五")
TWIN = (None, "东关大桥工程", 500, 5, None, None)
BAD = ("R-2", "滨海路", "约五百", 10, None, None)


@pytest.fixture
def roads(city: City, tmp_path: Path) -> Ledger:
    return install(city, tmp_path)


def send(program: Program, content: bytes, *, key: str = "send", path: str = ROADS, **fields: Any) -> Any:
    file = SimpleUploadedFile("报表.xlsx", content)
    return program.client.post(
        f"/api{path}", {"period": "2026-04", **fields, "workbook": file},
        headers={"Authorization": f"Bearer {program.token}", "Idempotency-Key": key},
    )  # fmt: skip


def sent_and_read(program: Program, city: City, *rows: tuple[Any, ...], **more: Any) -> str:
    """The address of a workbook the worker has read."""
    sent = done(send(program, workbook(rows), unit_id=city.units["town"].pk, **more), 201)
    read(Import.objects.get(pk=sent["id"]))
    return f"/imports/{sent['id']}"


def test_a_workbook_is_sent_read_shown_item_by_item_and_taken(program: ProgramOf, roads: Ledger, city: City) -> None:
    li, content = program("li"), workbook([BRIDGE])

    sent = done(send(li, content, unit_id=city.units["town"].pk), 201)
    assert (sent["state"], sent["stage"], sent["file_name"]) == ("waiting", "queued", "报表.xlsx")
    at = f"/imports/{sent['id']}"
    refused(li.post(f"{at}/take"), 409, "not_in_state")
    read(Import.objects.get(pk=sent["id"]))

    assert done(li.get(at))["state"] == "ready"
    [step] = done(li.get(f"{at}/steps", kind="new"))["items"]
    assert (step["name"], step["item_id"], step["errors"], step["left_out"]) == ("东关大桥", None, 0, "")
    assert step["changes"]["values.cost"] == [None, 500_000_000]
    assert "王五" not in str(step)
    taken = done(li.post(f"{at}/take"))
    assert taken["state"] == "taken" and taken["first_sequence"] is not None
    assert Item.objects.get().name == "东关大桥"


def test_what_is_missing_from_a_workbook_is_in_the_preview_and_stays(
    program: ProgramOf, roads: Ledger, city: City
) -> None:
    li = program("li")
    done(li.post(f"{sent_and_read(li, city, BRIDGE)}/take"))

    at = sent_and_read(li, city, ("R-9", "海尔路", 900, 1, None, None), key="second", period="2026-05")
    kinds = {one["kind"]: one["name"] for one in done(li.get(f"{at}/steps"))["items"]}

    assert kinds == {"new": "海尔路", "absent": "东关大桥"}
    done(li.post(f"{at}/take"))
    assert sorted(Item.objects.filter(state="active").values_list("name", flat=True)) == ["东关大桥", "海尔路"]


def test_an_error_names_its_cell_and_comes_back_marked_until_its_item_is_left_out(
    program: ProgramOf, roads: Ledger, city: City
) -> None:
    li = program("li")
    at = sent_and_read(li, city, BRIDGE, BAD)

    [found] = done(li.get(f"{at}/findings", grade="error"))["items"]
    assert (found["sheet"], found["cell"], found["raw"], found["answered_by"]) == ("台账", "C3", "约五百", None)
    assert done(li.get(at))["state"] == "refused"
    given = li.get(f"{at}/marked")
    assert given.content.startswith(b"PK") and "attachment" in given["Content-Disposition"]

    refused(li.post(f"{at}/leave-out", {"keys": ["nobody"], "reason": "待核实"}), 409, "conflict")
    assert done(li.post(f"{at}/leave-out", {"faulty": True, "reason": "待核实"}))["state"] == "ready"
    [left] = done(li.get(f"{at}/steps", left_out="true"))["items"]
    assert (left["name"], left["left_out"]) == ("滨海路", "待核实")
    assert done(li.post(f"{at}/put-back", {"keys": [left["key"]]}))["state"] == "waiting"
    read(Import.objects.get())
    done(li.post(f"{at}/leave-out", {"keys": [left["key"]], "reason": "待核实"}))
    done(li.post(f"{at}/take"))
    assert [one.name for one in Item.objects.all()] == ["东关大桥"]


def test_a_question_of_identity_is_answered_with_one_of_its_choices(
    program: ProgramOf, roads: Ledger, city: City
) -> None:
    li = program("li")
    at = sent_and_read(li, city, BRIDGE, TWIN)
    [asked] = done(li.get(f"{at}/findings", code="likely_duplicate"))["items"]
    assert (asked["answered_by"], asked["choices"]) == ("choice", ["same", "different"])
    assert [one["name"] for one in asked["sides"]] == ["东关大桥", "东关大桥工程"]

    wrong = {"answers": [{"finding_id": asked["id"], "answer": "perhaps"}]}
    refused(li.post(f"{at}/answer", wrong), 422, "refusal")
    refused(li.post(f"{at}/answer", {"answers": [{"finding_id": 10**9, "answer": "same"}]}), 409, "conflict")
    right = {"answers": [{"finding_id": asked["id"], "answer": "same"}]}
    assert done(li.post(f"{at}/answer", right))["state"] == "waiting"
    read(Import.objects.get())

    assert [one["name"] for one in done(li.get(f"{at}/steps", kind="new"))["items"]] == ["东关大桥"]


def test_columns_are_confirmed_and_it_is_read_again_with_them(program: ProgramOf, roads: Ledger, city: City) -> None:
    li = program("li")
    titles = ("编号", "名称", "钱数", "年初累计完成(万元)", "应完工")
    sent = done(send(li, workbook([BRIDGE[:5]], titles), unit_id=city.units["town"].pk), 201)
    at = f"/imports/{sent['id']}"
    assert done(li.get(f"{at}/columns"))["items"] == []
    read(Import.objects.get())

    [table] = done(li.get(f"{at}/columns"))["items"]
    assert [(one["letters"], one["title"], one["field"]) for one in table["columns"]][2] == ("C", "钱数", "?")
    wrong = {"columns": [{"position": 2, "field": "nowhere"}]}
    refused(li.post(f"{at}/columns/0", wrong), 422, "wrong_column")
    refused(li.post(f"{at}/columns/7", wrong), 409, "conflict")
    done(li.post(f"{at}/columns/0", {"columns": [{"position": 2, "field": "cost", "unit": "万元"}]}))
    read(Import.objects.get())

    assert done(li.get(f"{at}/steps"))["items"][0]["changes"]["values.cost"] == [None, 500_000_000]


def test_a_taken_workbook_is_undone_for_a_reason_and_a_read_one_discarded(
    program: ProgramOf, roads: Ledger, city: City
) -> None:
    li = program("li")
    at = sent_and_read(li, city, BRIDGE)
    done(li.post(f"{at}/take"))

    assert problem_of(li.post(f"{at}/undo", {"reason": " "}))["errors"][0]["at"] == "body/reason"
    assert done(li.post(f"{at}/undo", {"reason": "报错"}))["state"] == "undone"
    assert Item.objects.get().state == "withdrawn"
    other = sent_and_read(li, city, BRIDGE, key="second", period="2026-05")
    assert done(li.post(f"{other}/discard"))["state"] == "discarded"
    refused(li.post(f"{other}/take"), 409, "not_in_state")


def test_a_preview_grown_stale_is_refused_and_read_again_on_asking(
    program: ProgramOf, roads: Ledger, city: City
) -> None:
    li = program("li")
    done(li.post(f"{sent_and_read(li, city, BRIDGE)}/take"))
    at = sent_and_read(li, city, ("R-1", "东关大桥", 600, 20, None, None), key="second", period="2026-05")
    item = Item.objects.get()
    change_item(item=item, seen=1, name="东关特大桥", on=NOW.date(), reason="更名", by=city.actor("zhao"), at=NOW)

    refused(li.post(f"{at}/take"), 409, "stale_plan")
    assert done(li.get(at))["state"] == "ready"
    assert done(li.post(f"{at}/read"))["state"] == "waiting"
    read(Import.objects.latest("pk"))
    assert done(li.post(f"{at}/take"))["state"] == "taken"


def test_a_large_workbook_is_left_to_the_worker(
    program: ProgramOf, roads: Ledger, city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dealing, "AT_ONCE", 0)
    li = program("li")
    at = sent_and_read(li, city, BRIDGE)

    assert done(li.post(f"{at}/take"))["state"] == "taking"
    take_in_background.func(Import.objects.get().pk, city.people["li"].pk)
    assert done(li.get(at))["state"] == "taken"


def test_the_same_workbook_under_one_key_is_sent_once(program: ProgramOf, roads: Ledger, city: City) -> None:
    li, content = program("li"), workbook([BRIDGE])

    first, again = (send(li, content, unit_id=city.units["town"].pk) for _ in range(2))

    assert first.json() == again.json() and again["Idempotency-Replayed"] == "true"
    refused(send(li, workbook([TWIN]), unit_id=city.units["town"].pk), 409, "idempotency_key_reused")
    assert Import.objects.count() == 1


def test_what_is_sent_must_be_whole_and_no_heavier_than_a_workbook_may_be(
    program: ProgramOf, roads: Ledger, city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    li, town = program("li"), city.units["town"].pk
    refused(send(li, b"PK", unit_id=town, misspelt="x"), 422, "no_such_field")
    refused(send(li, b"PK", unit_id=town, period="2026-13"), 422, "unknown_period")
    refused(send(li, b"PK", unit_id=10**9), 422, "no_such")
    assert problem_of(li.post(ROADS, {"unit_id": town}))["status"] == 415
    monkeypatch.setattr(actions, "MOST_MB", 0)
    refused(send(li, b"PK", unit_id=town), 422, "too_heavy")
    assert not Import.objects.exists()


def test_a_stranger_neither_sends_nor_sees_nor_decides(program: ProgramOf, roads: Ledger, city: City) -> None:
    at = sent_and_read(program("li"), city, BRIDGE, TWIN)
    qian, feng = program("qian"), program("feng")

    for part in ("", "/findings", "/steps", "/columns", "/file", "/marked"):
        assert qian.get(f"{at}{part}").status_code == 404
    for deed in ("take", "read", "discard"):
        assert qian.post(f"{at}/{deed}").status_code == 404
        refused(feng.post(f"{at}/{deed}"), 403, "not_allowed")
    refused(send(qian, b"PK", unit_id=city.units["town"].pk), 422, "no_such")
    refused(feng.get(f"{at}/file"), 403, "not_allowed")
    assert done(feng.get(f"{at}/steps"))["items"] != []


def test_a_page_of_the_preview_costs_the_same_however_long(program: ProgramOf, roads: Ledger, city: City) -> None:
    li = program("li")

    def cost(at: str) -> int:
        with CaptureQueriesContext(connection) as queries:
            done(li.get(f"{at}/steps"))
            done(li.get(f"{at}/findings"))
        return len(queries)

    once = cost(sent_and_read(li, city, BRIDGE))
    many = [(f"R-{number}", f"第{number}号路", 500 + number, 1, None, None) for number in range(10, 30)]
    assert cost(sent_and_read(li, city, *many, key="second", period="2026-05")) == once
