"""Milestones of items as dated facts, what comes before them, and the plans that were agreed on."""

from __future__ import annotations

from django.db import models
from django.db.models import Exists, OuterRef, Q

from guatu.hub.accounts.models import Unit
from guatu.hub.ledger.models.items import Item
from guatu.hub.ledger.models.known import Known, KnownQuerySet


class Fact(models.TextChoices):
    PLANNED = "planned"  # the first plan
    REVISED = "revised"  # the plan as last revised
    ACTUAL = "actual"


class Standing(models.TextChoices):
    """How far an actual day is to be believed."""

    CLAIMED = "claimed"
    CHECKED = "checked"
    VERIFIED = "verified"
    REJECTED = "rejected"  # it does not meet its recognition standard
    WITHDRAWN = "withdrawn"  # by whoever claimed it


COUNTING = (Standing.CLAIMED, Standing.CHECKED, Standing.VERIFIED)
"""Standings of a day that is one."""


class MilestoneQuerySet(KnownQuerySet["Milestone"]):
    def counting(self) -> MilestoneQuerySet:
        """Without days that were rejected or withdrawn."""
        return self.filter(standing__in=COUNTING)


def still_to_come() -> Q:
    """A milestone's fact is the plan that stands of it, as last revised, and it is not reached."""
    same = Milestone.objects.in_force().counting().filter(item=OuterRef("item"), key=OuterRef("key"))
    reached, revised = Exists(same.filter(fact=Fact.ACTUAL)), Exists(same.filter(fact=Fact.REVISED))
    return Q(fact__in=(Fact.PLANNED, Fact.REVISED)) & ~Q(reached) & ~(Q(fact=Fact.PLANNED) & Q(revised))


class Milestone(Known):
    """One fact about a milestone: planned, revised or actual, each in its place; a later one supersedes, never overwrites.

    Who wrote it, and when, says the record of its sequence number.
    """

    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="milestones")
    key = models.CharField(max_length=64)
    fact = models.CharField(max_length=16)  # planned, revised, actual
    on = models.DateField(null=True)  # none: it was reached, on a day nobody reported
    precision = models.CharField(max_length=16, blank=True)
    standing = models.CharField(max_length=16, default=Standing.CLAIMED)
    reason = models.TextField(blank=True)
    agreed_by = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, related_name="+")  # to a revised plan
    evidence = models.TextField(blank=True)  # what shows that the recognition standard is met

    objects = MilestoneQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["item", "key", "fact"],
                condition=Q(superseded_by_sequence=None),
                name="ledger_milestone_one_in_force",
            ),
        )
        indexes = (
            models.Index(fields=["on", "item"], condition=Q(superseded_by_sequence=None), name="ledger_milestone_due"),
        )


class MilestoneOrderQuerySet(KnownQuerySet["MilestoneOrder"]):
    """Words on the order; a name of its own for the managers of items."""


class MilestoneOrder(Known):
    """An item's own word on what comes before one of its milestones, over what its ledger declares.

    `days` is the least number of working days between the two; none: there is nothing between them.
    """

    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="milestone_orders")
    key = models.CharField(max_length=64)
    after = models.CharField(max_length=64)
    days = models.PositiveIntegerField(null=True)
    reason = models.TextField(blank=True)

    objects = MilestoneOrderQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["item", "key", "after"],
                condition=Q(superseded_by_sequence=None),
                name="ledger_milestone_order_one_in_force",
            ),
        )


class Baseline(models.Model):
    """The plan of an item as it stood at a sequence number, kept under a name to compare with."""

    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="baselines")
    title = models.CharField(max_length=100)
    set_on = models.DateField()
    sequence = models.BigIntegerField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["item", "title"], name="ledger_baseline_title_once"),)
