"""What a goal is to reach: a value for an indicator and a period, split into parts that somebody agrees to, in versions."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q

from guatu.hub.accounts.models import Unit, below
from guatu.hub.accounts.roles import Permission
from guatu.hub.ledger.models.goals import Goal
from guatu.hub.ledger.models.items import Item
from guatu.hub.ledger.models.known import Known, KnownQuerySet

if TYPE_CHECKING:
    from guatu.hub.accounts.actor import Actor


class Along(models.TextChoices):
    """How a part is told from the other parts of its whole."""

    UNIT = "unit"
    PERIOD = "period"
    ITEM = "item"


class Standing(models.TextChoices):
    SET = "set"  # the whole, or a month of it: nobody is asked
    PROPOSED = "proposed"
    AGREED = "agreed"
    OBJECTED = "objected"


class TargetQuerySet(models.QuerySet["Target"]):
    def visible_to(self, actor: Actor, permission: Permission = Permission.SEE_ITEMS) -> TargetQuerySet:
        """All targets of a goal for whoever sees its owner; to others their own, and the whole they are part of."""
        under = below(actor.units_with(permission))
        own = Target.objects.filter(unit__in=under)
        return self.filter(
            Q(goal__unit__in=under) | Q(unit__in=under) | Q(pk__in=own.exclude(whole=None).values("whole_id"))
        )

    def under(self, actor: Actor, permission: Permission) -> TargetQuerySet:
        """Targets whose own unit lies where a post of the actor allows this."""
        return self.filter(unit__in=below(actor.units_with(permission)))

    def in_force(self) -> TargetQuerySet:
        return self.filter(dropped=False)


class Target(models.Model):
    """A value wanted: of a goal as a whole, or a part of another target's split. `value` is exact: whole 分 of money, else a decimal."""

    goal = models.ForeignKey(Goal, on_delete=models.PROTECT, related_name="targets")
    indicator = models.CharField(max_length=64)
    period = models.CharField(max_length=16)  # as `guatu.standards.periods` writes it
    whole = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="parts")
    along = models.CharField(max_length=8, choices=Along.choices, blank=True)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    item = models.ForeignKey(Item, on_delete=models.PROTECT, null=True, related_name="+")
    value = models.CharField(max_length=64)
    version = models.PositiveIntegerField(default=1)
    standing = models.CharField(max_length=16, choices=Standing.choices)
    objection = models.TextField(blank=True)
    dropped = models.BooleanField(default=False)  # left out of a later split

    objects = TargetQuerySet.as_manager()

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(whole=None, along="") | (Q(whole__isnull=False) & ~Q(along="")),
                name="ledger_target_part_says_along_what",
            ),
            models.UniqueConstraint(
                fields=["goal", "indicator", "period"], condition=Q(whole=None), name="ledger_target_whole_once"
            ),
            models.UniqueConstraint(
                fields=["whole", "unit"], condition=Q(along="unit"), name="ledger_target_unit_once_in_a_split"
            ),
            models.UniqueConstraint(
                fields=["whole", "period"], condition=Q(along="period"), name="ledger_target_period_once_in_a_split"
            ),
            models.UniqueConstraint(
                fields=["whole", "item"], condition=Q(along="item"), name="ledger_target_item_once_in_a_split"
            ),
            models.CheckConstraint(
                condition=~Q(standing=Standing.OBJECTED) | ~Q(objection=""), name="ledger_target_objection_has_a_reason"
            ),
        )

    @property
    def amount(self) -> Fraction:
        """Its value, to reckon with."""
        return Fraction(self.value)


class ReachedQuerySet(KnownQuerySet["Reached"]):
    """Words on what was reached; a name of its own for the managers of targets."""


class Reached(Known):
    """What somebody says of a target was reached by a day, where no item's report says it; a later word supersedes.

    `value` is written as the target's. Who said it, and when, says the record of its sequence number.
    """

    target = models.ForeignKey(Target, on_delete=models.PROTECT, related_name="reached")
    on = models.DateField()  # by the end of this day, since the beginning of the target's period
    value = models.CharField(max_length=64)
    evidence = models.TextField()
    reason = models.TextField(blank=True)  # of another word on the same day

    objects = ReachedQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["target", "on"], condition=Q(superseded_by_sequence=None), name="ledger_reached_one_in_force"
            ),
            models.CheckConstraint(condition=~Q(evidence=""), name="ledger_reached_has_evidence"),
        )


class TargetVersion(models.Model):
    """A value a target had, or an answer given to it: never changed."""

    target = models.ForeignKey(Target, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    value = models.CharField(max_length=64)
    standing = models.CharField(max_length=16, choices=Standing.choices)
    reason = models.TextField(blank=True)
    recorded_at = models.DateTimeField()
    record_id = models.BigIntegerField()  # of the audit: who, in which post

    class Meta:
        indexes = (models.Index(fields=["target", "-id"], name="ledger_target_version_latest"),)


class Split(models.Model):
    """A target was split along something, in a version; a difference between whole and parts was taken with a reason."""

    target = models.ForeignKey(Target, on_delete=models.PROTECT, related_name="splits")
    along = models.CharField(max_length=8, choices=Along.choices)
    of_version = models.PositiveIntegerField()  # of the target
    difference = models.CharField(max_length=64)  # whole less parts, exact; 0: they agree
    reason = models.TextField(blank=True)
    recorded_at = models.DateTimeField()
    record_id = models.BigIntegerField()

    class Meta:
        indexes = (models.Index(fields=["target", "along", "-id"], name="ledger_split_latest"),)
        constraints = (
            models.CheckConstraint(
                condition=Q(difference="0") | ~Q(reason=""), name="ledger_split_difference_has_a_reason"
            ),
        )
