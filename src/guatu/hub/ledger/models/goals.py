"""What a campaign wants: a tree of goals with owners and dates, the items that bring them about, and every version of them."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from guatu.hub.accounts.models import Person, Unit, below
from guatu.hub.accounts.roles import Permission
from guatu.hub.ledger.models.dated import Dated
from guatu.hub.ledger.models.items import Item

if TYPE_CHECKING:
    from guatu.hub.accounts.actor import Actor


class GoalState(models.TextChoices):
    ACTIVE = "active"
    ENDED = "ended"
    WITHDRAWN = "withdrawn"


class GoalQuerySet(models.QuerySet["Goal"]):
    def visible_to(self, actor: Actor, permission: Permission = Permission.SEE_ITEMS) -> GoalQuerySet:
        """Goals some unit of a subtree, over which a post of the actor allows this, owns or has a share in."""
        return self.seen_from(actor.units_with(permission))

    def seen_from(self, tops: Collection[int]) -> GoalQuerySet:
        """Goals some unit under these owns or has a share in."""
        return self.filter(Exists(GoalAccess.objects.filter(goal_id=OuterRef("pk"), unit__in=below(tops))))

    def owned_under(self, actor: Actor, permission: Permission) -> GoalQuerySet:
        """Goals whose owner lies in a subtree over which a post of the actor allows this."""
        under = below(actor.units_with(permission))
        return self.filter(unit__in=under)


class Goal(models.Model):
    """A node of the tree, at a level the pack declares, from a day to a last day."""

    pack = models.CharField(max_length=64)  # key of the pack whose declaration of goals it follows
    level = models.CharField(max_length=64)
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="children")
    title = models.CharField(max_length=200)
    statement = models.TextField(blank=True)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    starts_on = models.DateField()
    ends_on = models.DateField()  # its last day
    state = models.CharField(max_length=16, choices=GoalState.choices, default=GoalState.ACTIVE)
    flags = models.JSONField(default=list)
    revision = models.PositiveIntegerField(default=1)

    objects = GoalQuerySet.as_manager()

    class Meta:
        indexes = (models.Index(fields=["pack", "parent"], name="ledger_goal_tree"),)
        constraints = (
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="ledger_goal_ends_after_it_starts"),
            models.CheckConstraint(condition=~Q(title=""), name="ledger_goal_has_a_title"),
            models.CheckConstraint(condition=Q(parent=None) | ~Q(parent=F("pk")), name="ledger_goal_not_under_itself"),
        )

    def __str__(self) -> str:
        return self.title


class GoalRevision(models.Model):
    """A whole row of a goal as it became known: never changed."""

    goal = models.ForeignKey(Goal, on_delete=models.PROTECT, related_name="revisions")
    number = models.PositiveIntegerField()
    recorded_at = models.DateTimeField()
    record_id = models.BigIntegerField()  # of the audit
    kind = models.CharField(max_length=32)
    row = models.TextField()  # canonical JSON
    reason = models.TextField(blank=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["goal", "number"], name="ledger_goal_revision_once"),)


class GoalAccess(models.Model):
    """Which units may see a goal: its owner, those that answer for it, those with a share. Kept by actions."""

    goal = models.ForeignKey(Goal, on_delete=models.CASCADE, related_name="accesses")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = (models.UniqueConstraint(fields=["goal", "unit"], name="ledger_goal_access_once"),)
        indexes = (models.Index(fields=["unit", "goal"], name="ledger_goal_access_by_unit"),)


class GoalDuty(Dated):
    """Who answers for a goal, in which slot, for a time: a unit or a person."""

    goal = models.ForeignKey(Goal, on_delete=models.PROTECT, related_name="duties")
    slot = models.CharField(max_length=64)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(person=None, unit__isnull=False) | Q(person__isnull=False, unit=None),
                name="ledger_goal_duty_of_a_person_or_a_unit",
            ),
            models.UniqueConstraint(
                fields=["goal", "slot"], condition=Q(valid_to=None), name="ledger_goal_duty_one_holder"
            ),
        )


class GoalItem(Dated):
    """An item that brings a goal about, for a time."""

    goal = models.ForeignKey(Goal, on_delete=models.PROTECT, related_name="items")
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="goals")

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["goal", "item"], condition=Q(valid_to=None), name="ledger_goal_item_once_at_a_time"
            ),
        )
