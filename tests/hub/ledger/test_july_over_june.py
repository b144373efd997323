"""July over June: the preview names exactly the facts whose cells differ between the two workbooks; undone, all is as before."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

from python_calamine import CalamineWorkbook

from guatu.hub.accounts.models import Unit
from guatu.hub.ledger.actions.import_undoing import undo_import
from guatu.hub.ledger.actions.imports import take_import
from guatu.hub.ledger.models import Figure, Item, ItemCode, ListMembership, Milestone
from tests.hub.ledger.test_imports import AT, DEMO, pingdu, sent, somebody  # noqa: F401  # fixture

FACTS = {
    3: {"lists"}, 4: {"values.industry"}, 5: {"values.location"}, 6: {"code"}, 7: {"values.total_investment"},
    11: {"values.plan_start", "milestones.started.planned"}, 12: {"values.actual_start", "milestones.started.actual"},
    13: {"values.is_started"}, 14: {"values.is_included", "milestones.included.actual"},
    15: {"values.physical_progress"}, 16: {"values.problem"}, 17: {"unit"},
}  # fmt: skip
"""The column of the district's sheet -> what changes with it."""
FIGURES = {8: "ytd_done", 9: "annual_plan", 10: "month_done"}
"""Of every round anew, where there is a figure in the cell."""
FEN_IN_YI = 10**10


def rows(month: str) -> dict[str, list[Any]]:
    """Project -> its row, as a reader that knows nothing of ledgers has it."""
    sheet = CalamineWorkbook.from_path(DEMO / month / "平度市.xlsx").get_sheet_by_name("调度").to_python()
    return {row[2]: row for row in sheet[4:] if row[2] and isinstance(row[0], float)}


def test_the_preview_of_july_names_every_difference_to_june_and_nothing_else(pingdu: Unit) -> None:  # noqa: F811
    take_import(sent=sent(pingdu, "2021-06"), by=somebody("reporter", pingdu), at=AT)
    july = sent(pingdu, "2021-07")

    june, now = rows("2021-06"), rows("2021-07")
    found = {step.name: json.loads(step.changes) for step in july.steps.exclude(kind="absent")}
    assert found.keys() == now.keys() == june.keys()
    for name, row in now.items():
        differing = [FACTS[place] for place in FACTS if row[place] != june[name][place]]
        figures = {
            f"figures.{key}.2021-07": [None, int(Decimal(str(row[place])) * FEN_IN_YI)]
            for place, key in FIGURES.items()
            if isinstance(row[place], float)
        }
        assert found[name].keys() == set().union(*differing) | figures.keys(), name
        assert {key: found[name][key] for key in figures} == figures


def test_july_undone_leaves_the_ledger_as_june_left_it(pingdu: Unit) -> None:  # noqa: F811
    li = somebody("reporter", pingdu)
    take_import(sent=sent(pingdu, "2021-06"), by=li, at=AT)
    was = everything()
    july = take_import(sent=sent(pingdu, "2021-07"), by=li, at=AT)
    assert everything() != was

    undo_import(sent=july, reason="报错了月份", by=li, at=AT)

    assert everything() == was
    assert sent(pingdu, "2021-07").counts["changed"] == 115


def everything() -> dict[str, object]:
    """All that the ledger says now."""
    now = {"superseded_by_sequence": None}
    return {
        "items": {
            one.pk: (one.name, one.code, one.unit_id, one.state, one.values, one.missing) for one in Item.objects.all()
        },
        "figures": set(Figure.objects.filter(**now).values_list("item", "field", "period", "amount", "number")),
        "milestones": set(Milestone.objects.filter(**now).values_list("item", "key", "fact", "on", "precision")),
        "lists": set(ListMembership.objects.filter(valid_to=None).values_list("item", "list")),
        "codes": set(ItemCode.objects.filter(valid_to=None).values_list("item", "code")),
    }
