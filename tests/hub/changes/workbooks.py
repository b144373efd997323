"""Changes a workbook makes on its way in, and rounds that are judged."""

from __future__ import annotations

from collections.abc import Mapping

from guatu.hub.assessment.judged import Judged, JudgedItem, JudgedUnit
from guatu.hub.assessment.models import Run
from guatu.hub.assessment.rows import LightRow
from guatu.hub.audit.acting import ACTIONS
from guatu.hub.ledger.actions.import_columns import Chosen
from guatu.hub.ledger.importing.offers import Offer, StatedFigure
from guatu.hub.ledger.importing.plan import Plan, Standing, planned
from guatu.hub.ledger.models import (
    Import,
    ImportFinding,
    Item,
    Ledger,
)
from guatu.text import Text
from tests.hub.changes.change import Change
from tests.hub.changes.items import a_ledger, an_item, parcel, the_worker
from tests.hub.changes.people import CHANGED_SINCE
from tests.hub.people import NOW, City


def _a_plan(city: City) -> Plan:
    figures = (StatedFigure("task_area", "2026-05", amount=1_000_000),)
    offer = Offer(unit=city.units["town"].pk, name="东关地块", code="P-1", lists=("idle",), figures=figures, key="i1")
    return planned([offer], Standing(Item.objects.none()))


def _a_workbook_sent(city: City) -> None:
    a_ledger(city)
    ACTIONS["import.submit"](
        ledger=Ledger.objects.get(), unit=city.units["town"], period="2026-05", file_name="东关镇.xlsx", content=b"PK",
        sha256="0" * 64, by=city.actor("li"), at=NOW,
    )  # fmt: skip


A_QUESTION = {
    "grade": "question", "code": "likely_duplicate", "sheet": "台账", "cell": "B3", "raw": "东关地块",
    "reason_zh": "疑似重复", "reason_en": "likely duplicate", "remedy_zh": "请答复", "remedy_en": "answer",
    "about": '{"check":"likely_duplicate","choices":["same","different"],"items":["i1","i2"],"rests_on":{}}',
    "beside": "[]",
}  # fmt: skip


COLUMNS = (
    '[{"sheet":"台账","sender":{"key":"u","title":"东关镇"},"columns":[],"entry":{"fingerprint":"1-0","made_from":{},'
    '"columns":[{"title":"名称","field":"?"}]}}]'
)


def _a_workbook_read(city: City) -> None:
    _a_workbook_sent(city)
    ACTIONS["import.read"](
        sent=Import.objects.get(), findings=[A_QUESTION], plan=_a_plan(city), layouts=COLUMNS, by=the_worker(), at=NOW,
    )  # fmt: skip


def _an_item_left_out(city: City) -> None:
    _a_workbook_read(city)
    ACTIONS["import.leave_out"](sent=Import.objects.get(), keys=["i1"], reason="待核实", by=city.actor("li"), at=NOW)


def _a_workbook_taken(city: City) -> None:
    _a_workbook_read(city)
    ACTIONS["import.take"](sent=Import.objects.get(), by=city.actor("li"), at=NOW)


def _a_round_waits(city: City) -> None:
    an_item(city)
    WORKBOOKS["round.evaluate"].make("round.evaluate", city)


def _a_judgement(city: City) -> Judged:
    light = LightRow(state="judged", severity="lagging", clause="late")
    item = JudgedItem(parcel().pk, city.units["town"].pk, {"overall": light})
    town = city.units["town"]
    unit = JudgedUnit(town.pk, "all", town.title, f"/{town.pk}/", "", 0, {})
    return Judged(1, "1", "0" * 64, f"sha256:{'0' * 64}", [], [item], [unit], {}, b"PK")


def _undoing_asked_for(city: City) -> None:
    _a_workbook_taken(city)
    ACTIONS["import.ask_to_undo"](sent=Import.objects.get(), reason="报错", by=city.actor("li"), at=NOW)


WORKBOOKS: Mapping[str, Change] = {
    "round.evaluate": Change(
        lambda city: {
            "ledger": Ledger.objects.get(), "rulebook": "laixi_2021_land", "period": "2026-05", "by": city.actor("zhao"),
        },
        before=an_item,
    ),
    "round.keep_results": Change(
        lambda city: {"run": Run.objects.get(), "judged": _a_judgement(city), "by": the_worker()}, before=_a_round_waits
    ),
    "round.keep_refusal": Change(
        lambda city: {"run": Run.objects.get(), "refusal": CHANGED_SINCE, "by": the_worker()}, before=_a_round_waits
    ),
    "import.submit": Change(
        lambda city: {
            "ledger": Ledger.objects.get(), "unit": city.units["town"], "period": "2026-05", "file_name": "东关镇.xlsx",
            "content": b"PK", "sha256": "0" * 64, "by": city.actor("li"),
        },
        before=a_ledger,
    ),
    "import.read": Change(
        lambda city: {"sent": Import.objects.get(), "findings": [], "plan": _a_plan(city), "by": the_worker()},
        before=_a_workbook_sent,
    ),
    "import.take": Change(
        lambda city: {"sent": Import.objects.get(), "by": city.actor("li")}, before=_a_workbook_read
    ),
    "import.undo": Change(
        lambda city: {"sent": Import.objects.get(), "reason": "报错", "by": city.actor("li")},
        before=_a_workbook_taken,
    ),
    "import.ask_to_read": Change(
        lambda city: {"sent": Import.objects.get(), "by": city.actor("li")}, before=_a_workbook_read
    ),
    "import.ask_to_take": Change(
        lambda city: {"sent": Import.objects.get(), "by": city.actor("li")}, before=_a_workbook_read
    ),
    "import.ask_to_undo": Change(
        lambda city: {"sent": Import.objects.get(), "reason": "报错", "by": city.actor("li")},
        before=_a_workbook_taken,
    ),
    "import.cannot_undo": Change(
        lambda city: {
            "sent": Import.objects.get(), "refusal": Text("有人改过", "was changed"), "by": city.actor("li"),
        },
        before=_undoing_asked_for,
    ),
    "import.answer": Change(
        lambda city: {
            "sent": Import.objects.get(), "answers": {ImportFinding.objects.get().pk: "different"},
            "by": city.actor("li"),
        },
        before=_a_workbook_read,
    ),
    "import.leave_out": Change(
        lambda city: {"sent": Import.objects.get(), "keys": ["i1"], "reason": "待核实", "by": city.actor("li")},
        before=_a_workbook_read,
    ),
    "import.put_back": Change(
        lambda city: {"sent": Import.objects.get(), "keys": ["i1"], "by": city.actor("li")}, before=_an_item_left_out
    ),
    "import.confirm_columns": Change(
        lambda city: {
            "sent": Import.objects.get(), "table": 0, "chosen": {0: Chosen("name")}, "by": city.actor("li"),
        },
        before=_a_workbook_read,
    ),
    "import.discard": Change(
        lambda city: {"sent": Import.objects.get(), "by": city.actor("li")}, before=_a_workbook_read
    ),
}  # fmt: skip
