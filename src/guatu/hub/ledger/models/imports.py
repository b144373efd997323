"""Workbooks on their way into a ledger: as they came, what they would change, and what was taken of them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from django.db import models

from guatu.hub.accounts.models import Unit, UnitAncestry
from guatu.hub.accounts.roles import Permission
from guatu.hub.ledger.models.items import Item
from guatu.hub.ledger.models.packs import Ledger
from guatu.text import Text

if TYPE_CHECKING:
    from guatu.hub.accounts.actor import Actor


class ImportState(models.TextChoices):
    WAITING = "waiting"  # for the worker to read it
    REFUSED = "refused"  # an error in it, or no file to be read: nothing of it is taken
    READY = "ready"  # read; what it would change can be looked at
    TAKEN = "taken"
    UNDONE = "undone"
    DISCARDED = "discarded"


class ImportQuerySet(models.QuerySet["Import"]):
    def visible_to(self, actor: Actor, permission: Permission = Permission.SEE_ITEMS) -> ImportQuerySet:
        """Workbooks sent for units over which a post of the actor allows this."""
        under = UnitAncestry.objects.filter(ancestor_id__in=actor.units_with(permission)).values("descendant_id")
        return self.filter(unit__in=under)


class Import(models.Model):
    """One workbook sent into a ledger for a round."""

    ledger = models.ForeignKey(Ledger, on_delete=models.PROTECT, related_name="imports")
    unit = models.ForeignKey(
        Unit, on_delete=models.PROTECT, related_name="+"
    )  # for whom it was sent: it and those under it
    period = models.CharField(max_length=16)  # the round, as `guatu.standards.periods` writes it
    file_name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    file = models.FileField(upload_to="imports/%Y/%m")
    state = models.CharField(max_length=16, choices=ImportState.choices, default=ImportState.WAITING)
    submitted_at = models.DateTimeField()
    findings = models.TextField(default="[]")  # canonical JSON: grade, sheet, cell, raw, reason, remedy
    plan = models.TextField(default="{}")  # canonical JSON of `guatu.hub.ledger.importing.plan.Plan`
    refusal_zh = models.TextField(blank=True)
    refusal_en = models.TextField(blank=True)
    first_sequence = models.BigIntegerField(null=True)  # of the revisions it made
    last_sequence = models.BigIntegerField(null=True)

    objects = ImportQuerySet.as_manager()

    class Meta:
        indexes = (models.Index(fields=["ledger", "-submitted_at"], name="ledger_import_latest"),)

    def findings_by_grade(self) -> dict[str, list[dict[str, Any]]]:
        """What was found, errors first; reasons and remedies in both languages."""
        found: dict[str, list[dict[str, Any]]] = {}
        for one in json.loads(self.findings):
            said = {
                "reason": Text(one["reason_zh"], one["reason_en"]),
                "remedy": Text(one["remedy_zh"], one["remedy_en"]),
            }
            found.setdefault(one["grade"], []).append({**one, **said})
        return {grade: found[grade] for grade in ("error", "question", "warning") if grade in found}


class ImportedItem(models.Model):
    """What an import did to one item: from which revision to which, so that it can be undone."""

    taken_from = models.ForeignKey(Import, on_delete=models.PROTECT, related_name="items")
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="+")
    before = models.PositiveIntegerField()  # revision; 0: the item was new
    after = models.PositiveIntegerField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["taken_from", "item"], name="ledger_imported_item_once"),)
