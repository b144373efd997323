"""Tokens of the API: each acts as one post, and as nothing else of its person."""

from __future__ import annotations

from django.db import models

from guatu.hub.accounts.models.people import Post


class ApiToken(models.Model):
    """Only a digest is kept; the token itself is shown once. It holds no more than its post, and not longer."""

    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="tokens")
    name = models.CharField(max_length=64)
    digest = models.CharField(max_length=64, unique=True)
    issued_at = models.DateTimeField()
    expires_on = models.DateField()
    revoked_at = models.DateTimeField(null=True)
