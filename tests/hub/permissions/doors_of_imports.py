"""Whom doors of workbooks on their way in let in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from guatu.hub.ledger.models import Import
from tests.hub.permissions.door import EVERYWHERE, SEERS, SENDERS, Body, Door, Let, nothing
from tests.hub.permissions.world import Caller, World


def _workbook(world: World, caller: Caller, place: str) -> Mapping[str, Any]:
    workbook = SimpleUploadedFile("报表.xlsx", b"PK")
    return {"unit": world.unit(place, caller).pk, "period": "2026-05", "workbook": workbook}


def _a_column(world: World, caller: Caller, place: str) -> Mapping[str, Any]:
    return {"field-0": "name", "unit-0": "", "period-0": ""}


def _an_answer(world: World, caller: Caller, place: str) -> Mapping[str, Any]:
    return {f"answer-{world.sent(place, caller).findings.get().pk}": "different"}


def _an_exception(world: World, caller: Caller, place: str) -> Mapping[str, Any]:
    return {"key": world.sent(place, caller).steps.get().key, "reason": "待核实"}


def _left_out_before(world: World, caller: Caller, place: str) -> Mapping[str, Any]:
    world.sent(place, caller).steps.update(left_out="待核实")
    return {"key": world.sent(place, caller).steps.get().key}


def _taken_before(world: World, caller: Caller, place: str) -> Mapping[str, Any]:
    Import.objects.filter(pk=world.sent(place, caller).pk).update(state="taken", first_sequence=0)
    return {"reason": "报错"}


def _workbook_for_a_unit(world: World, caller: Caller, place: str) -> Mapping[str, Any]:
    sent = _workbook(world, caller, place)
    return {"unit_id": sent["unit"], "period": sent["period"], "workbook": sent["workbook"]}


def _an_answer_by_id(world: World, caller: Caller, place: str) -> Mapping[str, Any]:
    return {"answers": [{"finding_id": world.sent(place, caller).findings.get().pk, "answer": "different"}]}


def _keys(body: Body, *names: str) -> Body:
    """The same, its one key in a list."""

    def filled(world: World, caller: Caller, place: str) -> Mapping[str, Any]:
        sent = body(world, caller, place)
        return {"keys": [sent["key"]], **{name: sent[name] for name in names}}

    return filled


API_OF_IMPORTS: Mapping[str, Door] = {
    "ledger_imports": Door(Let(SENDERS), body=_workbook_for_a_unit, records="import.submitted"),
    "import_take": Door(Let(SENDERS), body=nothing, records="import.taken"),
    "import_read": Door(Let(SENDERS), body=nothing, records="import.asked_for"),
    "import_undo": Door(Let(SENDERS), body=_taken_before, records="import.undone"),
    "import_discard": Door(Let(SENDERS), body=nothing, records="import.discarded"),
    "import_answer": Door(Let(SENDERS), body=_an_answer_by_id, records="import.answered"),
    "import_leave_out": Door(Let(SENDERS), body=_keys(_an_exception, "reason"), records="import.left_out"),
    "import_put_back": Door(Let(SENDERS), body=_keys(_left_out_before), records="import.put_back"),
    "import_columns_confirm": Door(
        Let(SENDERS),
        body=lambda *_: {"columns": [{"position": 0, "field": "name"}]},
        records="import.columns_confirmed",
    ),
}
"""What programs send about workbooks."""


DOORS_OF_IMPORTS: Mapping[tuple[str, str], Door] = {
    ("imports", "GET"): Door(Let(SENDERS, EVERYWHERE)),
    ("import_send", "POST"): Door(Let(SENDERS), body=_workbook, records="import.submitted"),
    ("import_line", "GET"): Door(Let(SEERS)),
    ("import_progress", "GET"): Door(Let(SEERS)),
    ("import_sheet", "GET"): Door(Let(SENDERS)),
    ("import", "GET"): Door(Let(SEERS)),
    ("import_take", "POST"): Door(Let(SENDERS), body=nothing, records="import.taken"),
    ("import_undo", "POST"): Door(Let(SENDERS), body=_taken_before, records="import.undone"),
    ("import_file", "GET"): Door(Let(SENDERS)),
    ("import_marked", "GET"): Door(Let(SENDERS)),
    ("import_columns", "GET"): Door(Let(SENDERS)),
    ("import_columns_confirm", "POST"): Door(Let(SENDERS), body=_a_column, records="import.columns_confirmed"),
    ("import_answer", "POST"): Door(Let(SENDERS), body=_an_answer, records="import.answered"),
    ("import_leave_out", "POST"): Door(Let(SENDERS), body=_an_exception, records="import.left_out"),
    ("import_put_back", "POST"): Door(Let(SENDERS), body=_left_out_before, records="import.put_back"),
    ("import_discard", "POST"): Door(Let(SENDERS), body=nothing, records="import.discarded"),
    **{(f"api-1:{name}", "GET"): Door(Let(SEERS)) for name in ("import", "import_findings", "import_steps")},
    **{(f"api-1:import_{part}", "GET"): Door(Let(SENDERS)) for part in ("columns", "file", "marked")},
    **{(f"api-1:{name}", "POST"): door for name, door in API_OF_IMPORTS.items()},
}
