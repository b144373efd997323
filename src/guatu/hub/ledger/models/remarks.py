"""What people write of an item day by day, the years it was in the plan of, and pairs found to be two."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from guatu.hub.ledger.models.items import Item


class Remark(models.Model):
    """One entry of an item's remarks or work log: never changed; one that puts another right names it."""

    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="remarks")
    kind = models.CharField(max_length=64)  # as the ledger declares it
    on = models.DateField()
    text = models.TextField()
    corrects = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="corrected_by")
    sequence = models.BigIntegerField()

    class Meta:
        indexes = (models.Index(fields=["item", "-on", "-id"], name="ledger_remark_latest"),)


class EntryKind(models.TextChoices):
    NEW = "new"
    CARRIED_OVER = "carried_over"


class YearEntry(models.Model):
    """An item in the plan of a year: new in it or carried over; out of it again from a day, with the reason."""

    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="years")
    year = models.PositiveIntegerField()
    kind = models.CharField(max_length=16, choices=EntryKind.choices)
    reason = models.TextField(blank=True)
    sequence = models.BigIntegerField()
    left_on = models.DateField(null=True)
    left_reason = models.TextField(blank=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["item", "year"], name="ledger_year_entry_once"),)
        indexes = (models.Index(fields=["year", "item"], name="ledger_year_entry_by_year"),)


class ToldApart(models.Model):
    """Two items somebody looked at and found to be two, so that they are not shown as one again."""

    one = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="+")
    other = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="+")
    reason = models.TextField(blank=True)
    sequence = models.BigIntegerField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["one", "other"], name="ledger_told_apart_once"),
            models.CheckConstraint(condition=Q(one__lt=F("other")), name="ledger_told_apart_in_order"),
        )
