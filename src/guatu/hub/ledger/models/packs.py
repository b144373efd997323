"""Installed packs, kept by the hash of their content, and the ledgers they declare."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from guatu.text import Text


class PackVersion(models.Model):
    """One content of a pack, all it inherits included. Never changed; an old round goes on using the one it was closed with."""

    key = models.CharField(max_length=64)
    version = models.CharField(max_length=32)
    hash = models.CharField(max_length=64, unique=True)
    files = models.TextField()  # canonical JSON: folder -> path -> text, the pack's own folder and those it extends
    title_zh = models.CharField(max_length=100)
    title_en = models.CharField(max_length=200)
    installed_at = models.DateTimeField()
    is_current = models.BooleanField()
    overlay_of = models.CharField(
        max_length=64, blank=True, default=""
    )  # the pack whose own changes of this city it holds

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["key"], condition=Q(is_current=True), name="ledger_pack_one_current_version"
            ),
        )

    def __str__(self) -> str:
        return f"{self.title_zh} {self.version}"


class Ledger(models.Model):
    """A ledger as the current version of its pack declares it."""

    key = models.CharField(max_length=64, unique=True)
    pack = models.ForeignKey(PackVersion, on_delete=models.PROTECT, related_name="ledgers")
    title_zh = models.CharField(max_length=100)
    title_en = models.CharField(max_length=200)

    def __str__(self) -> str:
        return self.title_zh

    @property
    def title(self) -> Text:
        return Text(self.title_zh, self.title_en)
