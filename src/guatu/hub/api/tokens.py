"""Tokens as requests carry them."""

from __future__ import annotations

import hashlib
from datetime import datetime

from django.utils.timezone import localdate

from guatu.hub.accounts.actor import Actor
from guatu.hub.accounts.models import ApiToken, Post
from guatu.hub.audit.source import Source


def actor_of_token(authorization: str, *, at: datetime, source: Source) -> Actor | None:
    """The actor of `Authorization: Bearer TOKEN`: the token's post alone, while post, person and token are in force."""
    scheme, _, token = authorization.partition(" ")
    if scheme.lower() != "bearer" or not token:
        return None
    today = localdate(at)
    post = (
        Post.objects.active_on(today)
        .filter(
            tokens__in=ApiToken.objects.filter(
                digest=hashlib.sha256(token.strip().encode()).hexdigest(), revoked_at=None, expires_on__gt=today
            ),
            person__is_active=True,
        )
        .first()
    )
    return Actor.with_posts(post.person_id, [post], source) if post else None
