"""What somebody asks of a ledger again and again, kept under a name."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q

from guatu.hub.accounts.models import Person, Unit, UnitAncestry
from guatu.hub.ledger.models.packs import Ledger

if TYPE_CHECKING:
    from guatu.hub.accounts.actor import Actor


class SavedViewQuerySet(models.QuerySet["SavedView"]):
    def visible_to(self, actor: Actor) -> SavedViewQuerySet:
        """One's own, and those shared with a unit under which one holds a post."""
        return self.found_by(actor.person_id, [post.unit_id for post in actor.posts])

    def found_by(self, person: int, units: Collection[int]) -> SavedViewQuerySet:
        """Those of a person, and those shared with one of these units or any above."""
        above = UnitAncestry.objects.filter(descendant__pk__in=units).values("ancestor_id")
        return self.filter(Q(owner=person) | Q(shared_with__in=above))


class SavedView(models.Model):
    """An address under a name: which view, what is asked, how it is put together. It shows whoever opens it what they may see."""

    ledger = models.ForeignKey(Ledger, on_delete=models.PROTECT, related_name="saved_views")
    owner = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=60)
    view = models.CharField(max_length=32)  # the route's name
    query = models.TextField(blank=True)  # as an address says it, without the question mark
    shared_with = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, related_name="+")  # and all under it

    objects = SavedViewQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["ledger", "owner", "name"], name="ledger_view_name_once"),
            models.CheckConstraint(condition=~Q(name=""), name="ledger_view_has_a_name"),
        )

    def __str__(self) -> str:
        return self.name
