"""The items of a round told apart and put together: lasting ids, what may be one project, and what people said is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from guatu.declarations import Ledger
from guatu.dispatch.items import Item, give_ids, join_items
from guatu.dispatch.reconciliation.decisions import Decisions
from guatu.dispatch.reconciliation.identity import Places, Question, identify, succeed
from guatu.dispatch.reconciliation.past import PastItem, known_items
from guatu.engine.evaluation import EarlierResults
from guatu.office.workbooks import Finding
from guatu.standards.periods import Period
from guatu.text import Text


@dataclass(frozen=True, slots=True)
class Reconciled:
    """The items that count, what was found about who they are, and the questions that wait for a decision."""

    items: list[Item]
    findings: list[Finding]
    questions: list[Question]
    ids: frozenset[str]
    """Of all items, those included that went into another."""


def reconcile(
    items: Sequence[Item],
    ledger: Ledger,
    period: Period,
    past: Mapping[str, PastItem],
    history: Sequence[EarlierResults],
    decisions: Decisions,
    places: Places,
) -> Reconciled:
    """Give the items of a round their lasting ids and run the ledger's identity checks.

    Two items a person said are one become one: rows of one unit are joined, of two units the one known longer counts.
    Either way a warning says so, and the id that goes stays known in the decision as what became of it.
    """
    identify_again(items, past, decisions)
    ids = frozenset(item.item_id for item in items)
    found = identify(items, ledger, period, past, history, decisions, places)
    gone: set[int] = set()
    findings = list(found.findings)
    for stays, goes in found.same:
        if id(stays) in gone or id(goes) in gone:
            continue
        gone.add(id(goes))
        if stays.unit == goes.unit:
            findings += join_items(stays, goes, ledger, period)
        findings.append(_counted_once(stays, goes))
    return Reconciled([item for item in items if id(item) not in gone], findings, found.questions, ids)


def identify_again(items: Sequence[Item], past: Mapping[str, PastItem], decisions: Decisions) -> None:
    """Give every item the id it had before: by code, by name, or because a person said which it is."""
    give_ids(items, known_items(past))
    succeed(items, past, decisions)


COUNTED_ONCE = "counted_once"


def _counted_once(stays: Item, goes: Item) -> Finding:
    cell = goes.named_by()
    return Finding(
        workbook=cell.workbook if cell else "",
        sheet=cell.sheet if cell else "",
        cell=cell.address if cell else "",
        raw=cell.raw if cell else goes.name,
        grade="warning",
        code=COUNTED_ONCE,
        reason=Text(
            f"按答复，与 {stays.place()} 的“{stays.name}”是同一项目，只计一次",
            f"by a person's decision the same project as '{stays.name}' at {stays.place()}, counted once",
        ),
        remedy=Text("请填报单位在下期删去重复的一处。", "The unit should delete one of the two for the next round."),
    )
