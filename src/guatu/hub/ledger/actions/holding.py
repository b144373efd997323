"""What every change of an item or a goal begins with: the row held until the commit, and what must be so."""

from __future__ import annotations

from collections.abc import Sequence

from guatu.hub.accounts.actor import Actor, require
from guatu.hub.accounts.roles import Permission
from guatu.hub.audit.refusals import Conflict
from guatu.hub.ledger.models import Goal, Item, Ledger
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


def all_held(items: Sequence[Item], ledger: Ledger, by: Actor) -> list[Item]:
    """The items as they are now, each once, of this ledger and at units where the actor may change them; in their order."""
    if not items:
        raise Refusal(
            ledger.title.zh,
            Text("一个事项也没有选", "no item is chosen"),
            Text("至少选一个。", "Choose one at least."),
        )
    keys = sorted({one.pk for one in items})
    found = {
        one.pk: one
        for one in Item.objects.select_for_update(of=("self",)).select_related("unit").filter(pk__in=keys, ledger=ledger).order_by("pk")
    }  # fmt: skip
    units = {one.unit_id: one.unit for one in found.values()}
    for unit in units.values():
        require(by, Permission.CHANGE_ITEMS, unit=unit)
    if len(found) != len(items):
        raise Conflict(
            ledger.title.zh,
            Text("有的事项选了两次，或不在这个台账里", "an item is chosen twice, or is not on this ledger"),
            Text("重新选。", "Choose again."),
        )
    return [found[one.pk] for one in items]


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
