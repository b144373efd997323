"""The row checks of one item, worked out in plain Python: what a form asks before it is sent off.

Loads none of the engines. The same formulas, through the evaluator that every engine must agree with.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from guatu.declarations.ledger import Ledger
from guatu.engine.checks.asked import Asked, Fired, constants_of, reads_lists
from guatu.engine.checks.book import CheckBook, ReadyCheck
from guatu.engine.expressions import Typed
from guatu.engine.expressions.vocabulary import WINDOWS
from guatu.engine.rulebook.formulas import ENTERED, derived_lists
from guatu.engine.tables.dimension import Subject
from guatu.engine.tables.evaluator import Evaluator
from guatu.engine.tables.plain import Plain, PlainRows
from guatu.standards.periods import Period

_SUBJECTS = {"items": Subject(("item_id",), "items_history")}
_ITS_OWN = "milestones"
Facts = Mapping[str, Plain]


def check_item(book: CheckBook, item: Facts, period: Period, past: Mapping[Period, Facts]) -> list[Fired]:
    """Every check of the period that fires for an item, in the order of the book.

    `item`: item_id, unit, lists and the ledger's fields; `past`: the same of earlier rounds, for `prev`. Checks that look
    beyond the item at others (ranks, rows linked to it, who is new) are left to the round.
    """
    ledger = book.rulebook.ledger
    checks = [one for one in book.checks if one.holds_in(period) and _is_its_own(_condition(book, one))]
    asked = Asked(book, checks)
    now = _with_lists(item, ledger) if reads_lists(book) else item
    rows = PlainRows(
        {
            "items": [now],
            "items_history": [{**row, **constants_of(one)} for one, row in past.items() if one < period],
            _ITS_OWN: _milestones(now, ledger),
        },
        _constants(book, period, past),
        _SUBJECTS,
    )
    evaluator = Evaluator(rows, "items")
    fired = [number for number, typed in enumerate(asked.conditions) if evaluator.values(typed)[0] is True]
    told = {name: evaluator.values(typed)[0] for name, typed in asked.told.items()} if fired else {}
    return [asked.fired(number, str(item["item_id"]), told) for number in fired]


def _condition(book: CheckBook, one: ReadyCheck) -> Typed:
    return book.rulebook.formulas.over("item", one.clause.when)


def _is_its_own(typed: Typed) -> bool:
    """Whether nothing but the item itself decides it."""
    return not any(
        part.operation in WINDOWS
        or part.operation == "working_days_between"
        or (part.operation == "along" and part.arguments[0].value != _ITS_OWN)
        or (part.source == "column" and part.key == ENTERED)
        for part in typed.walk()
    )


def _constants(book: CheckBook, period: Period, past: Mapping[Period, Facts]) -> dict[str, Any]:
    rulebook, before = book.rulebook, period.previous()
    return {
        **constants_of(period),
        "last_round": constants_of(before)["period"] if before in past else None,
        "expected_progress": rulebook.progress.expected(period),
        **{key: one.value for key, one in rulebook.settings.items()},
    }


def _with_lists(item: Facts, ledger: Ledger) -> Facts:
    """The item on the lists that are worked out too; a derived list may rest on those declared before it."""
    stated = item.get("lists") or ()
    assert isinstance(stated, list | tuple)
    on = set(stated)
    for key, typed in derived_lists(ledger):
        rows = PlainRows({"items": [{**item, "lists": sorted(on)}]}, {}, _SUBJECTS)
        (on.add if Evaluator(rows, "items").values(typed)[0] is True else on.discard)(key)
    return {**item, "lists": sorted(on)}


def _milestones(item: Facts, ledger: Ledger) -> list[Facts]:
    return [
        {
            "item_id": item["item_id"],
            "milestone": key,
            "planned": item.get(one.planned) if one.planned else None,
            "actual": item.get(one.actual) if one.actual else None,
        }
        for key, one in ledger.milestones.items()
    ]
