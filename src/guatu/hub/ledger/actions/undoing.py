"""Take back the latest change of a fact: a new revision with what it said before."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.timezone import localdate

from guatu.hub.accounts.actor import Actor
from guatu.hub.ledger.actions.holding import nothing_different
from guatu.hub.ledger.actions.items import UnknownField, change_item
from guatu.hub.ledger.encodings import Json, decoded
from guatu.hub.ledger.fields import facts_of
from guatu.hub.ledger.grid.columns import CODE, NAME
from guatu.hub.ledger.models import Item, ItemRevision
from guatu.hub.ledger.packs import declared
from guatu.hub.ledger.rows import Row


def put_back(*, item: Item, field: str, seen: int, reason: str, by: Actor, at: datetime) -> Item:
    """By the action that changes items: `seen` must still be its revision, and the one before it said otherwise of the field,
    the name or the code."""
    facts = facts_of(declared(item.ledger))
    if field not in facts and field not in (NAME, CODE):
        raise UnknownField(declared(item.ledger), field)
    rows = {
        one.number: Row.of(one.row)
        for one in ItemRevision.objects.filter(item=item, number__in=(seen, seen - 1)).only("number", "row")
    }
    if len(rows) < 2 or _said(rows[seen], field) == _said(rows[seen - 1], field):
        raise nothing_different(item.name)
    former: Any = _said(rows[seen - 1], field)
    if field in (NAME, CODE):
        return change_item(item=item, seen=seen, **{field: former}, on=localdate(at), reason=reason, by=by, at=at)
    value = None if former is None else decoded(facts[field], former)
    return change_item(
        item=item, seen=seen, values={field: value}, on=localdate(at), reason=reason, by=by, at=at
    )  # fmt: skip


def _said(row: Row, field: str) -> Json | None:
    return {NAME: row.name, CODE: row.code}.get(field, row.values.get(field))
