"""Remarks and the work log of an item: dated, added to, never changed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from guatu.hub.accounts.actor import Actor, require
from guatu.hub.accounts.roles import Permission
from guatu.hub.audit.acting import action
from guatu.hub.audit.events import Event
from guatu.hub.audit.recording import record
from guatu.hub.audit.refusals import Conflict
from guatu.hub.ledger.actions.holding import held_and_there
from guatu.hub.ledger.actions.revising import next_sequence, require_past
from guatu.hub.ledger.models import Item, Remark
from guatu.hub.ledger.packs import declared
from guatu.text import Refusal, Text

MOST = 4000
"""Characters of one entry."""


class NoSuchKind(Refusal):
    """The ledger declares no such book of remarks."""

    def __init__(self, where: str, key: str, known: Sequence[Text]) -> None:
        self.field = "kind"
        zh, en = "、".join(one.zh for one in known), ", ".join(one.en for one in known)
        super().__init__(
            where,
            Text(f"没有“{key}”这种日志", f"there is no book of remarks '{key}'"),
            Text(f"可记：{zh or '（业务包没有规定）'}。", f"There are: {en or '(the pack declares none)'}."),
        )


@action("remark.add")
def add_remark(
    *, item: Item, kind: str, on: date, text: str, corrects: Remark | None = None, by: Actor, at: datetime
) -> Remark:
    """What was done or is to be noted, of a day; `corrects` names the entry it puts right, which stays to be read."""
    item = held_and_there(item)
    under = require(by, Permission.REPORT_ITEMS, unit=item.unit)
    text = require_entry(item, kind, on, text, at)
    if corrects is not None and (corrects.item_id != item.pk or Remark.objects.filter(corrects=corrects).exists()):
        raise Conflict(
            item.name,
            Text("那一条不是它的，或已经更正过", "that entry is not one of its own, or was put right already"),
            Text("更正最近的一条。", "Correct the latest one."),
        )
    told = record(
        Event.REMARK_ADDED, subject=item,
        after={"kind": kind, "on": on, "length": len(text), "corrects": corrects.pk if corrects is not None else None},
        by=under, at=at,
    )  # fmt: skip
    kept: Remark = Remark.objects.create(
        item=item, kind=kind, on=on, text=text, corrects=corrects, sequence=next_sequence(told)
    )
    return kept


def require_entry(item: Item, kind: str, on: date, text: str, at: datetime) -> str:
    """What an entry says, without blanks around it: of a day that was, in a book the ledger declares, neither empty nor endless."""
    require_past(item.name, on, at)
    kinds = declared(item.ledger).remark_kinds
    if kind not in kinds:
        raise NoSuchKind(item.name, kind, [one.title for one in kinds.values()])
    text = text.strip()
    if not text or len(text) > MOST:
        raise Refusal(
            item.name,
            Text(f"没有内容，或超过 {MOST} 字", f"says nothing, or more than {MOST} characters"),
            Text("写明做了什么、结果如何。", "Say what was done and what came of it."),
        )
    return text
