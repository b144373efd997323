"""What people decided about workbooks, kept for the next ones: columns by sender and layout, and answers about items."""

from __future__ import annotations

from django.db import models

from guatu.hub.accounts.models import Post
from guatu.hub.ledger.models.packs import Ledger


class SenderLayout(models.Model):
    """One layout of a sender's workbooks for a ledger, and what each of its columns is.

    `layout` is one entry of the main job's mapping files, as JSON: it says in which post who decided, never by name.
    """

    ledger = models.ForeignKey(Ledger, on_delete=models.PROTECT, related_name="layouts")
    sender = models.CharField(max_length=200)  # a unit's code, else the name the workbook gives
    title = models.CharField(max_length=200)
    fingerprint = models.CharField(max_length=80)
    layout = models.TextField()
    confirmed_by = models.ForeignKey(Post, on_delete=models.PROTECT, null=True, related_name="+")
    confirmed_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["ledger", "sender", "fingerprint"], name="ledger_layout_once_per_sender"),
        )


class ImportDecision(models.Model):
    """An answer about items rather than a cell: same, different, ended, confirmed. Replayed with every later workbook.

    `items` are ids of items as text, or what an item not yet in the ledger goes by; taking it gives it its id here too.
    """

    ledger = models.ForeignKey(Ledger, on_delete=models.PROTECT, related_name="decisions")
    digest = models.CharField(max_length=64)  # of what is decided, whoever answers and however
    check_key = models.CharField(max_length=64)
    items = models.JSONField(default=list)
    answer = models.CharField(max_length=16)
    period = models.CharField(max_length=16)
    rests_on = models.JSONField(default=dict)
    decided_by = models.ForeignKey(Post, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["ledger", "digest"], name="ledger_decision_once"),)
