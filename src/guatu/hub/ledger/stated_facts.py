"""What an item's facts say of the fields of its ledger, alike for the engine's tables and for a check of one item."""

from __future__ import annotations

from datetime import date

from guatu.declarations import FieldDeclaration
from guatu.declarations import Ledger as LedgerDeclaration
from guatu.hub.ledger.encodings import Value, decoded
from guatu.hub.ledger.models.milestones import Fact, MilestoneQuerySet
from guatu.hub.ledger.rows import Row

_LAST_COUNTS = {Fact.PLANNED.value: 0, Fact.REVISED.value: 1, Fact.ACTUAL.value: 2}


def value_in(row: Row, field: FieldDeclaration) -> Value | None:
    """What a row says of a field, also under a key the field had in an earlier version of the pack."""
    kept = next((row.values[key] for key in (field.key, *field.was) if key in row.values), None)
    return decoded(field, kept) if kept is not None else None


def milestone_days(facts: MilestoneQuerySet, ledger: LedgerDeclaration, last_day: date) -> dict[tuple[int, str], date]:
    """Item and day field -> the day its milestone says: the actual one by a last day, the planned one as last revised."""
    fields = {key: {True: one.actual, False: one.planned} for key, one in ledger.milestones.items()}
    said = facts.counting().filter(key__in=fields, fact__in=_LAST_COUNTS).exclude(on=None)
    said = said.exclude(fact=Fact.ACTUAL, on__gt=last_day)
    found: dict[tuple[int, str], date] = {}
    rows = said.values_list("item_id", "key", "fact", "on")
    for item, key, fact, on in sorted(rows, key=lambda one: _LAST_COUNTS[one[2]]):
        field = fields[key][fact == Fact.ACTUAL]
        if field is not None and on is not None:
            found[item, field] = on
    return found
