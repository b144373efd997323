"""Take back the latest change of a field: a new revision with the value it had before."""

from __future__ import annotations

from datetime import datetime

from django.utils.timezone import localdate

from guatu.hub.accounts.actor import Actor
from guatu.hub.ledger.actions.holding import nothing_different
from guatu.hub.ledger.actions.items import UnknownField, change_item
from guatu.hub.ledger.encodings import decoded
from guatu.hub.ledger.fields import facts_of
from guatu.hub.ledger.models import Item, ItemRevision
from guatu.hub.ledger.packs import declared
from guatu.hub.ledger.rows import Row


def put_back(*, item: Item, field: str, seen: int, reason: str, by: Actor, at: datetime) -> Item:
    """By the action that changes items: `seen` must still be its revision, and the one before it said otherwise of the field."""
    facts = facts_of(declared(item.ledger))
    if field not in facts:
        raise UnknownField(declared(item.ledger), field)
    rows = {
        one.number: Row.of(one.row)
        for one in ItemRevision.objects.filter(item=item, number__in=(seen, seen - 1)).only("number", "row")
    }
    if len(rows) < 2 or rows[seen].values.get(field) == rows[seen - 1].values.get(field):
        raise nothing_different(item.name)
    former = rows[seen - 1].values.get(field)
    value = None if former is None else decoded(facts[field], former)
    return change_item(
        item=item, seen=seen, values={field: value}, on=localdate(at), reason=reason, by=by, at=at
    )  # fmt: skip
