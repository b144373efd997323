"""The unit tree: what it is today, and what it was on any day."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Exists, F, OuterRef, Q, QuerySet

from guatu.hub.accounts.roles import Permission
from guatu.text import Text

if TYPE_CHECKING:
    from guatu.hub.accounts.actor import Actor


class UnitKind(models.TextChoices):
    """What a unit is; titles are in `KINDS`."""

    CITY = "city"
    DISTRICT = "district"
    ZONE = "zone"
    DEPARTMENT = "department"
    TOWN = "town"
    ENTERPRISE = "enterprise"


KINDS: dict[str, Text] = {
    UnitKind.CITY: Text("市", "City"),
    UnitKind.DISTRICT: Text("区市县", "District or county"),
    UnitKind.ZONE: Text("功能区", "Functional zone"),
    UnitKind.DEPARTMENT: Text("部门", "Department"),
    UnitKind.TOWN: Text("镇街", "Town or subdistrict"),
    UnitKind.ENTERPRISE: Text("企业", "Enterprise"),
}


def valid_on(day: date) -> Q:
    """What is valid from a day up to, not including, another is in force on a day."""
    return Q(valid_from__lte=day) & (Q(valid_to=None) | Q(valid_to__gt=day))


class UnitQuerySet(models.QuerySet["Unit"]):
    def under(self, unit_ids: frozenset[int]) -> UnitQuerySet:
        """The units of these subtrees, their tops included."""
        return self.filter(Exists(below(unit_ids).filter(descendant_id=OuterRef("pk"))))

    def visible_to(self, actor: Actor, permission: Permission = Permission.SEE_UNITS) -> UnitQuerySet:
        """The units over which a post of the actor allows this."""
        return self.under(actor.units_with(permission))

    def open_on(self, day: date) -> UnitQuerySet:
        return self.filter(opened_on__lte=day).filter(Q(closed_on=None) | Q(closed_on__gt=day))


class Unit(models.Model):
    """An organisation, known by a permanent id. Its names, code and parent as they are now; `UnitSpan` has them all."""

    kind = models.CharField(max_length=16, choices=UnitKind.choices)
    title_zh = models.CharField(max_length=100)
    title_en = models.CharField(max_length=200, blank=True)
    code = models.CharField(max_length=18, blank=True)  # division or credit code; zones and departments may have none
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="children")
    order = models.PositiveIntegerField(default=0)  # among its siblings, as the city prints them
    opened_on = models.DateField()
    closed_on = models.DateField(null=True)  # the first day on which it is no more

    objects = UnitQuerySet.as_manager()

    class Meta:
        indexes = (models.Index(fields=["order", "id"], name="accounts_unit_order"),)
        constraints = (
            models.UniqueConstraint(
                fields=["code"], condition=~Q(code="") & Q(closed_on=None), name="accounts_unit_code_once_while_open"
            ),
            models.CheckConstraint(
                condition=Q(closed_on=None) | Q(closed_on__gt=F("opened_on")),
                name="accounts_unit_closes_after_it_opens",
            ),
            models.CheckConstraint(condition=~Q(title_zh=""), name="accounts_unit_has_a_name"),
        )

    def __str__(self) -> str:
        return self.title_zh

    @property
    def title(self) -> Text:
        return Text(self.title_zh, self.title_en or self.title_zh)


class UnitAncestry(models.Model):
    """Every pair of a unit and a unit above it (itself included), as the tree is now: what permissions look up."""

    ancestor = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="+")
    descendant = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="ancestry")
    depth = models.PositiveSmallIntegerField()  # 0 is the unit itself

    class Meta:
        constraints = (models.UniqueConstraint(fields=["descendant", "ancestor"], name="accounts_ancestry_pair_once"),)
        indexes = (models.Index(fields=["ancestor", "descendant"], name="accounts_ancestry_down"),)


def below(unit_ids: Collection[int]) -> QuerySet[UnitAncestry, Any]:
    """The ids of these units and all under them, as the tree is now, to ask with."""
    return UnitAncestry.objects.filter(ancestor__pk__in=unit_ids).values("descendant_id")


class UnitSpanQuerySet(models.QuerySet["UnitSpan"]):
    def on(self, day: date) -> UnitSpanQuerySet:
        """The spans in force that day: one for every unit open on it."""
        return self.filter(valid_on(day))


class UnitSpan(models.Model):
    """What a unit was called, and under whom it stood, from one day up to, not including, another."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="spans")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    kind = models.CharField(max_length=16, choices=UnitKind.choices)
    title_zh = models.CharField(max_length=100)
    title_en = models.CharField(max_length=200, blank=True)
    code = models.CharField(max_length=18, blank=True)
    parent = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, related_name="+")
    recorded_at = models.DateTimeField()

    objects = UnitSpanQuerySet.as_manager()

    class Meta:
        ordering = ("valid_from",)
        constraints = (
            models.UniqueConstraint(
                fields=["unit"], condition=Q(valid_to=None), name="accounts_span_one_open_per_unit"
            ),
            models.UniqueConstraint(fields=["unit", "valid_from"], name="accounts_span_one_per_unit_and_day"),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gt=F("valid_from")), name="accounts_span_ends_after_it_starts"
            ),
        )

    def holds_on(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_to is None or day < self.valid_to)

    @property
    def title(self) -> Text:
        return Text(self.title_zh, self.title_en or self.title_zh)


class Succession(models.Model):
    """What became of a unit that was merged or divided: the units that took its place, from a day on."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="successions")
    successor = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="predecessors")
    on = models.DateField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["unit", "successor"], name="accounts_succession_once"),
            models.CheckConstraint(condition=~Q(unit=F("successor")), name="accounts_succession_by_another"),
        )
