"""Visits that are kept: when, who went and why, and of each item on the way what was seen there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q

from guatu.hub.accounts.models import Post
from guatu.hub.accounts.roles import Permission
from guatu.hub.ledger.models.items import Item
from guatu.hub.ledger.models.remarks import Remark

if TYPE_CHECKING:
    from guatu.hub.accounts.actor import Actor


class VisitQuerySet(models.QuerySet["KeptVisit"]):
    def visible_to(self, actor: Actor, permission: Permission = Permission.SEE_ITEMS) -> VisitQuerySet:
        """Visits to an item the actor sees; of their other stops nothing is told."""
        stops = VisitStop.objects.filter(item__in=Item.objects.visible_to(actor, permission).values("pk"))
        return self.filter(pk__in=stops.values("visit"))


class KeptVisit(models.Model):
    """A day's way to some items, kept by whoever goes."""

    on = models.DateField()
    who = models.CharField(max_length=120, blank=True)
    why = models.CharField(max_length=120, blank=True)
    kept_at = models.DateTimeField()
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+")  # of whoever keeps it

    objects = VisitQuerySet.as_manager()

    class Meta:
        indexes = (models.Index(fields=["-on", "-id"], name="ledger_visit_latest"),)

    def __str__(self) -> str:
        return f"{self.on} {self.who}".strip()


class VisitStop(models.Model):
    """An item on the way; once somebody was there, what they ticked and wrote. Photos name it themselves."""

    visit = models.ForeignKey(KeptVisit, on_delete=models.PROTECT, related_name="stops")
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="visits")
    place = models.PositiveIntegerField()  # on the way, from 1
    boxes = models.JSONField(default=list)  # keys of what was ticked, as the ledger declares them
    remark = models.OneToOneField(Remark, on_delete=models.PROTECT, null=True, related_name="+")
    seen_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["visit", "item"], name="ledger_stop_once"),
            models.CheckConstraint(
                condition=Q(seen_at=None, remark=None) | Q(seen_at__isnull=False, remark__isnull=False),
                name="ledger_stop_seen_is_written",
            ),
        )
