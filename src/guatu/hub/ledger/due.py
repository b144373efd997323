"""Milestones that are due: planned for a day, or a later one as revised, and not reached as far as anybody claims."""

from __future__ import annotations

from datetime import date

from django.db.models import Exists, OuterRef

from guatu.hub.accounts.actor import Actor
from guatu.hub.accounts.models import below
from guatu.hub.ledger.models import Item, Milestone
from guatu.hub.ledger.models.items import ItemState
from guatu.hub.ledger.models.milestones import Fact, MilestoneQuerySet


def due(actor: Actor, *, before: date, since: date | None = None, unit: int | None = None) -> MilestoneQuerySet:
    """Plans that stand, of active items the actor sees, from `since` up to, not including, `before`; earliest first.

    `unit` asks for those of a unit and all under it. Items come with their unit, ledger and pack.
    """
    items = Item.objects.visible_to(actor).filter(state=ItemState.ACTIVE)
    if unit is not None:
        items = items.filter(unit__in=below([unit]))
    same = Milestone.objects.in_force().counting().filter(item=OuterRef("item"), key=OuterRef("key"))
    plans = Milestone.objects.in_force().filter(fact__in=(Fact.PLANNED, Fact.REVISED), on__lt=before)
    if since is not None:
        plans = plans.filter(on__gte=since)
    plans = plans.filter(item__in=items.values("pk")).exclude(Exists(same.filter(fact=Fact.ACTUAL)))
    overtaken = Exists(same.filter(fact=Fact.REVISED))
    return (
        plans.exclude(overtaken, fact=Fact.PLANNED)
        .select_related("item__unit", "item__ledger__pack")
        .defer("item__ledger__pack__files")
        .order_by("on", "pk")
    )
