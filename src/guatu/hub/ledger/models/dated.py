"""What holds of an item for a time or was reported for a period: codes, lists, duties, links, figures."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from guatu.hub.accounts.models import Person, Unit
from guatu.hub.ledger.models.items import Item
from guatu.hub.ledger.models.known import Known, KnownQuerySet


class Dated(models.Model):
    """Something in force from a day up to, not including, another."""

    valid_from = models.DateField()
    valid_to = models.DateField(null=True)

    class Meta:
        abstract = True


def _ends_after_it_starts(name: str) -> models.CheckConstraint:
    return models.CheckConstraint(condition=Q(valid_to=None) | Q(valid_to__gt=F("valid_from")), name=name)


class ItemCode(Dated):
    """A code an item goes or went by. A city's own number is never given again."""

    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="codes")
    MAIN = "code"

    scheme = models.CharField(max_length=32)  # MAIN: that of `Item.code`; else the field that holds it
    code = models.CharField(max_length=64)

    class Meta:
        constraints = (
            _ends_after_it_starts("ledger_code_ends_after_it_starts"),
            models.UniqueConstraint(
                fields=["item", "scheme"], condition=Q(valid_to=None), name="ledger_code_one_in_force_per_scheme"
            ),
        )
        indexes = (models.Index(fields=["scheme", "code"], name="ledger_code_found"),)


class ListMembership(Dated):
    """An item on a list of its ledger, for a time; `reason` says why it entered, `left_reason` why it left."""

    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="memberships")
    list = models.CharField(max_length=64)
    reason = models.TextField(blank=True)
    left_reason = models.TextField(blank=True)

    class Meta:
        constraints = (
            _ends_after_it_starts("ledger_membership_ends_after_it_starts"),
            models.UniqueConstraint(
                fields=["item", "list"], condition=Q(valid_to=None), name="ledger_membership_once_at_a_time"
            ),
        )
        indexes = (models.Index(fields=["list", "item"], name="ledger_membership_by_list"),)


class Duty(Dated):
    """Who answers for an item, in which slot: a person, a unit, or whoever holds a role at a unit."""

    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="duties")
    slot = models.CharField(max_length=64)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, related_name="+")
    role = models.CharField(max_length=32, blank=True)  # at the unit: whoever holds it, on whatever day is asked about
    reason = models.TextField(blank=True)

    class Meta:
        constraints = (
            _ends_after_it_starts("ledger_duty_ends_after_it_starts"),
            models.CheckConstraint(condition=Q(person=None) ^ Q(unit=None), name="ledger_duty_of_a_person_or_a_unit"),
            models.CheckConstraint(condition=Q(role="") | ~Q(unit=None), name="ledger_duty_of_a_role_at_a_unit"),
        )
        indexes = (models.Index(fields=["item", "slot"], name="ledger_duty_by_slot"),)


class Link(Dated):
    """One item and another it has to do with: part of, supersedes, stands on, belongs to."""

    source = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="links")
    target = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="linked_from")
    kind = models.CharField(max_length=32)
    reason = models.TextField(blank=True)

    class Meta:
        constraints = (
            _ends_after_it_starts("ledger_link_ends_after_it_starts"),
            models.CheckConstraint(condition=~Q(source=F("target")), name="ledger_link_to_another"),
            models.UniqueConstraint(
                fields=["source", "target", "kind"], condition=Q(valid_to=None), name="ledger_link_once_at_a_time"
            ),
        )


class FigureQuerySet(KnownQuerySet["Figure"]):
    """Figures; a name of its own for the managers of what has figures."""


class Figure(Known):
    """What was reported of an item or a unit for a period, in its basis; a later report supersedes, never overwrites.

    Money is integer 分 in `amount`; other figures are exact decimals in `number`.
    """

    item = models.ForeignKey(Item, on_delete=models.PROTECT, null=True, related_name="figures")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, related_name="+")
    field = models.CharField(max_length=64)
    period = models.CharField(max_length=16)
    amount = models.BigIntegerField(null=True)
    number = models.CharField(max_length=64, blank=True)
    reason = models.TextField(blank=True)  # of an adjusted plan, or why a figure that was asked about stands
    by_hand = models.BooleanField(default=False)  # entered in a form, not read from a workbook

    objects = FigureQuerySet.as_manager()

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(item=None, unit__isnull=False) | Q(item__isnull=False, unit=None),
                name="ledger_figure_of_an_item_or_a_unit",
            ),
            models.UniqueConstraint(
                fields=["item", "field", "period"],
                condition=Q(superseded_by_sequence=None, unit=None),
                name="ledger_figure_one_in_force_per_item",
            ),
        )
        indexes = (
            models.Index(fields=["field", "period", "item"], name="ledger_figure_by_period"),
            models.Index(fields=["period", "item"], condition=Q(by_hand=True), name="ledger_figure_by_hand"),
        )


class PersonalValue(models.Model):
    """What a report says of people in an item's fields (names, phones): shown masked, erasable, in no revision."""

    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="personal_values")
    field = models.CharField(max_length=64)
    value = models.TextField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["item", "field"], name="ledger_personal_once_per_field"),)
