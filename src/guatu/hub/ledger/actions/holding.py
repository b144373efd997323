"""What every change of an item or a goal begins with: the row held until the commit, and what must be so."""

from __future__ import annotations

from guatu.hub.audit.refusals import Conflict
from guatu.hub.ledger.models import Goal, Item
from guatu.hub.ledger.models.items import ItemState
from guatu.text import Refusal, Text


def held(item: Item) -> Item:
    """The item as it is now, locked until the caller's commit, with its unit and its pack."""
    items = Item.objects.select_related("unit", "ledger__pack").defer("ledger__pack__files")
    found: Item = items.select_for_update(of=("self",)).get(pk=item.pk)
    return found


def held_and_there(item: Item) -> Item:
    """The same; refused for a tombstone."""
    found = held(item)
    require_not_merged(found)
    return found


def held_goal(goal: Goal) -> Goal:
    """The goal as it is now, locked until the caller's commit, with its unit and the goal above it."""
    found: Goal = Goal.objects.select_for_update(of=("self",)).select_related("unit", "parent").get(pk=goal.pk)
    return found


def require_not_merged(item: Item) -> None:
    if item.state == ItemState.MERGED:
        raise Conflict(
            item.name,
            Text("已并入另一个事项", "was merged into another item"),
            Text("改那一个。", "Change that one."),
        )


def require_reason(where: str, reason: str) -> str:
    """The reason without blanks around it."""
    if not reason.strip():
        raise Refusal(where, Text("没有写理由", "no reason is given"), Text("写明为什么。", "Say why."))
    return reason.strip()


def nothing_different(where: str) -> Conflict:
    return Conflict(where, Text("没有任何变化", "nothing is different"), Text("不必再办。", "Nothing is left to do."))
