"""The items every readable workbook offers, checked before anybody decides whether the workbook is taken."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from guatu.dispatch.items import Item, items_of
from guatu.dispatch.reconciliation.decisions import Decisions
from guatu.dispatch.reconciliation.joining import identify_again
from guatu.dispatch.reconciliation.past import PastItem
from guatu.dispatch.reconciliation.rows import ANSWERED, RowContext, check_rows
from guatu.office.workbooks import Finding, WorkbookReading


@dataclass(frozen=True, slots=True)
class Offered:
    """What readings would bring, and what was found in it."""

    items: Sequence[list[Item]]
    """One list for each reading."""
    findings: Mapping[str, Sequence[Finding]]
    """By workbook."""

    def added_to(self, readings: Sequence[WorkbookReading]) -> list[WorkbookReading]:
        """The readings with what was found in their workbooks."""
        return [replace(one, findings=(*one.findings, *self.findings.get(one.name, ()))) for one in readings]


def gather(
    readings: Sequence[WorkbookReading],
    context: RowContext,
    past: Mapping[str, PastItem],
    decisions: Decisions,
) -> Offered:
    """Join each reading's rows into items and run the ledger's row checks over all of them at once.

    What is found belongs to the workbook, so that an error refuses it and the sender sees every cell. Ids are given only
    to look up last round's values; the round gives them again to what it takes.
    """
    items: list[list[Item]] = []
    findings: dict[str, list[Finding]] = {}
    for reading in readings:
        unit = reading.unit.code if reading.unit is not None else reading.name
        found, noticed = items_of(reading, unit, context.ledger, context.period)
        items.append(found)
        findings.setdefault(reading.name, []).extend(noticed)
    everything = [item for found in items for item in found]
    stated = [item.item_id for item in everything]
    identify_again(everything, past, decisions)
    for finding in check_rows(everything, context, _answered(readings), decisions):
        findings.setdefault(finding.workbook, []).append(finding)
    for item, own in zip(everything, stated, strict=True):
        item.item_id = own
    return Offered(items, findings)


def _answered(readings: Sequence[WorkbookReading]) -> set[tuple[str, str, str]]:
    """Workbook, sheet and cell of everything a person answered."""
    return {
        (one.workbook, one.sheet, one.cell) for reading in readings for one in reading.findings if one.code == ANSWERED
    }
