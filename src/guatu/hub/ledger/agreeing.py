"""Which units may be named as having agreed to a changed plan."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from guatu.hub.accounts.actor import Actor
from guatu.hub.accounts.models import Unit, UnitAncestry
from guatu.hub.ledger.models import Item


def may_have_agreed(item: Item, actor: Actor) -> QuerySet[Unit]:
    """Units the actor sees, and those above the item's."""
    above = UnitAncestry.objects.filter(descendant=item.unit_id).values("ancestor_id")
    seen = Unit.objects.visible_to(actor).values("pk")
    return Unit.objects.filter(Q(pk__in=seen) | Q(pk__in=above))
