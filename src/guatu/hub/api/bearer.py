"""Tokens as requests carry them."""

from __future__ import annotations

from datetime import datetime

from guatu.hub.accounts.actor import Actor
from guatu.hub.accounts.tokens import actor_of_token
from guatu.hub.audit.source import Source


def actor_of_header(authorization: str, *, at: datetime, source: Source) -> Actor | None:
    """The actor of `Authorization: Bearer TOKEN`, if there is one."""
    scheme, _, token = authorization.partition(" ")
    return actor_of_token(token.strip(), at=at, source=source) if scheme.lower() == "bearer" else None
