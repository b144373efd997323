"""Items as they are now, and every revision of them."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Case, Exists, F, OuterRef, Q, When

from guatu.hub.accounts.models import Unit, below
from guatu.hub.accounts.roles import Permission
from guatu.hub.ledger.models.packs import Ledger
from guatu.hub.ledger.search import words_of

if TYPE_CHECKING:
    from guatu.hub.accounts.actor import Actor


class ItemState(models.TextChoices):
    ACTIVE = "active"
    SUSPENDED = "suspended"
    WITHDRAWN = "withdrawn"
    MERGED = "merged"  # a tombstone: `merged_into` goes on


GONE = (ItemState.WITHDRAWN, ItemState.MERGED)
"""States of an item that has left its ledger."""


class ItemQuerySet(models.QuerySet["Item"]):
    def visible_to(self, actor: Actor, permission: Permission = Permission.SEE_ITEMS) -> ItemQuerySet:
        """Items some unit of a subtree, over which a post of the actor allows this, has access to."""
        return self.seen_from(actor.units_with(permission))

    def seen_from(self, tops: Collection[int]) -> ItemQuerySet:
        """Items some unit under these has access to."""
        return self.filter(Exists(ItemAccess.objects.filter(item_id=OuterRef("pk"), unit__in=below(tops))))

    def under(self, actor: Actor, permission: Permission) -> ItemQuerySet:
        """Items whose own unit lies where a post of the actor allows this: a duty alone lets see, not change."""
        units = below(actor.units_with(permission))
        return self.filter(unit__in=units)

    def on_list(self, key: str) -> ItemQuerySet:
        """Items on a list of their ledger now."""
        return self.filter(memberships__list=key, memberships__valid_to=None)

    def found_by(self, asked: str) -> ItemQuerySet:
        """Items that every word of what was typed leads to (`guatu.hub.ledger.search`); blanks find everything."""
        found = self
        for word in words_of(asked):
            found = found.filter(search_text__contains=word)
        return found

    def best_first(self, asked: str) -> ItemQuerySet:
        """Those whose code or name is what was typed, whose name begins with it, whose name holds it, then the rest."""
        plain = asked.strip()
        first = "".join(words_of(asked)[:1])
        nearness = Case(
            When(Q(code__iexact=plain) | Q(name__iexact=plain), then=0),
            When(search_text__startswith=first, then=1),
            When(name__contains=plain, then=2),
            default=3,
        )
        return self.order_by(nearness, "name", "pk")


class Item(models.Model):
    """Anything a city tracks, known by a permanent id. Core facts are columns; declared fields stand in `values`.

    `values` holds each declared field in its exact encoding (`guatu.hub.ledger.encodings`); a field without a value is not
    in it, and `missing` says why where a report said so.
    """

    ledger = models.ForeignKey(Ledger, on_delete=models.PROTECT, related_name="items")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=300)
    code = models.CharField(max_length=64, blank=True)  # the one in force; `ItemCode` has them all
    state = models.CharField(max_length=16, choices=ItemState.choices, default=ItemState.ACTIVE)
    merged_into = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="merged_from")
    values = models.JSONField(default=dict)
    missing = models.JSONField(default=dict)
    geometry = models.JSONField(null=True)  # GeoJSON, CGCS2000
    revision = models.PositiveIntegerField()
    sequence = models.BigIntegerField()  # of the latest revision
    effective_on = models.DateField()  # the day since which it is as it is now
    entered_on = models.DateField()
    left_on = models.DateField(null=True)  # the day since which it is withdrawn or merged; none while it is neither
    search_text = models.TextField(default="")  # all it can be found by (`guatu.hub.ledger.search`)

    objects = ItemQuerySet.as_manager()

    class Meta:
        indexes = (
            models.Index(fields=["ledger", "state", "unit", "id"], name="ledger_item_listed"),
            models.Index(fields=["ledger", "name"], name="ledger_item_name"),
            models.Index(fields=["ledger", "code"], name="ledger_item_code"),  # the one of unique codes is partial
        )
        constraints = (
            models.UniqueConstraint(
                fields=["ledger", "code"],
                condition=~Q(code="") & ~Q(state=ItemState.MERGED),
                name="ledger_item_code_once",
            ),
            models.CheckConstraint(condition=~Q(name=""), name="ledger_item_has_a_name"),
            models.CheckConstraint(
                condition=Q(state=ItemState.MERGED, merged_into__isnull=False)
                | (~Q(state=ItemState.MERGED) & Q(merged_into=None)),
                name="ledger_item_merged_goes_with_merged_into",
            ),
            models.CheckConstraint(
                condition=Q(left_on=None) | Q(state__in=(ItemState.WITHDRAWN, ItemState.MERGED)),
                name="ledger_item_left_is_gone",
            ),
            models.CheckConstraint(
                condition=Q(left_on=None) | Q(left_on__gte=F("entered_on")), name="ledger_item_leaves_once_it_entered"
            ),
        )

    def __str__(self) -> str:
        return self.name


class ItemRevision(models.Model):
    """A whole row of an item as it became known: never changed. The ledger as of a moment is each item's last one by then.

    `sequence` is given in the order of commits, so that "known by then" means the same for every reader.
    """

    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="revisions")
    number = models.PositiveIntegerField()
    sequence = models.BigIntegerField()
    effective_on = models.DateField()
    recorded_at = models.DateTimeField()
    record_id = models.BigIntegerField()  # of the audit: who, in which post, from where
    kind = models.CharField(max_length=32)
    row = models.TextField()  # canonical JSON of the whole row
    evidence = models.TextField()  # canonical JSON: where values come from (import, sheet, cell)
    reason = models.TextField(blank=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["item", "number"], name="ledger_revision_number_once"),)
        indexes = (
            models.Index(fields=["sequence"], name="ledger_revision_sequence"),
            models.Index(fields=["item", "effective_on", "sequence"], name="ledger_revision_as_of"),
        )


class ItemAccess(models.Model):
    """Which units may see an item: that which answers for it, and those with a duty. Kept by actions."""

    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="accesses")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = (models.UniqueConstraint(fields=["item", "unit"], name="ledger_access_once"),)
        indexes = (models.Index(fields=["unit", "item"], name="ledger_access_by_unit"),)


class SequenceCounter(models.Model):
    """One row. Whoever takes the next number holds it until their commit: numbers are given in the order of commits."""

    last = models.BigIntegerField()


class SequenceNumber(models.Model):
    """A number that was given: when, and under which record of the audit, which says who. Whatever carries the number
    became known then."""

    number = models.BigIntegerField(primary_key=True)
    recorded_at = models.DateTimeField(db_index=True)
    record_id = models.BigIntegerField()
