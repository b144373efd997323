"""Commitment papers of a goal: what each says, in versions that never change, and who signed which."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from django.db import models

from guatu.hub.accounts.models import Post
from guatu.hub.accounts.roles import Permission
from guatu.hub.ledger.models.goals import Goal

if TYPE_CHECKING:
    from guatu.hub.accounts.actor import Actor


class PaperQuerySet(models.QuerySet["Paper"]):
    def visible_to(self, actor: Actor, permission: Permission = Permission.SEE_ITEMS) -> PaperQuerySet:
        """Papers of goals whose owner the actor sees: a share alone does not show what others promised."""
        return self.filter(goal__in=Goal.objects.owned_under(actor, permission).values("pk"))


class Paper(models.Model):
    """One version of a paper. `content` holds ids of people and posts, never names: names are shown from the posts of now."""

    goal = models.ForeignKey(Goal, on_delete=models.PROTECT, related_name="papers")
    kind = models.CharField(max_length=64)  # as the pack declares it
    version = models.PositiveIntegerField()
    content = models.TextField()  # canonical JSON of `guatu.hub.ledger.goals.paper_facts`
    digest = models.CharField(max_length=64)  # SHA-256 of `content`
    drawn_at = models.DateTimeField()
    record_id = models.BigIntegerField()

    objects = PaperQuerySet.as_manager()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["goal", "kind", "version"], name="ledger_paper_version_once"),)

    @property
    def facts(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.content)
        return found


class Signature(models.Model):
    """Somebody signed this very version, in this post."""

    paper = models.ForeignKey(Paper, on_delete=models.PROTECT, related_name="signatures")
    slot = models.CharField(max_length=64)
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+")
    digest = models.CharField(max_length=64)  # of what was signed
    signed_at = models.DateTimeField()
    record_id = models.BigIntegerField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["paper", "slot"], name="ledger_signature_once_per_slot"),)
