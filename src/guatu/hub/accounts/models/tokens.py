"""Tokens of the API: each acts as one post, and as nothing else of its person."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.db import models

from guatu.hub.accounts.models.people import Post, held_on
from guatu.hub.accounts.roles import Permission

if TYPE_CHECKING:
    from guatu.hub.accounts.actor import Actor


class ApiTokenQuerySet(models.QuerySet["ApiToken"]):
    def in_force(self, day: date) -> ApiTokenQuerySet:
        """Neither revoked nor expired, of a post held that day by somebody who may sign in."""
        return self.filter(held_on(day, "post__"), revoked_at=None, expires_on__gt=day, post__person__is_active=True)

    def visible_to(self, actor: Actor, permission: Permission = Permission.RESET_SIGN_IN) -> ApiTokenQuerySet:
        """One's own, and those of posts at units over which a post of the actor allows this."""
        return self.filter(post__in=Post.objects.visible_to(actor, permission))


class ApiToken(models.Model):
    """Only a digest is kept; the token itself is shown once. It holds no more than its post, and not longer."""

    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="tokens")
    name = models.CharField(max_length=64)
    digest = models.CharField(max_length=64, unique=True)
    issued_at = models.DateTimeField()
    expires_on = models.DateField()  # the first day on which it no longer counts
    revoked_at = models.DateTimeField(null=True)

    objects = ApiTokenQuerySet.as_manager()

    def __str__(self) -> str:
        return self.name
