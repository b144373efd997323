"""Milestones that are due: planned for a day, or a later one as revised, and not reached as far as anybody claims."""

from __future__ import annotations

from datetime import date

from guatu.hub.accounts.actor import Actor
from guatu.hub.accounts.models import below
from guatu.hub.ledger.models import Item, Milestone
from guatu.hub.ledger.models.items import ItemState
from guatu.hub.ledger.models.milestones import MilestoneQuerySet, still_to_come


def due(actor: Actor, *, before: date, since: date | None = None, unit: int | None = None) -> MilestoneQuerySet:
    """Plans that stand, of active items the actor sees, from `since` up to, not including, `before`; earliest first.

    `unit` asks for those of a unit and all under it. Items come with their unit, ledger and pack.
    """
    items = Item.objects.visible_to(actor).filter(state=ItemState.ACTIVE)
    if unit is not None:
        items = items.filter(unit__in=below([unit]))
    plans = Milestone.objects.in_force().filter(still_to_come(), on__lt=before)
    if since is not None:
        plans = plans.filter(on__gte=since)
    return (
        plans.filter(item__in=items.values("pk"))
        .select_related("item__unit", "item__ledger__pack")
        .defer("item__ledger__pack__files")
        .order_by("on", "pk")
    )
