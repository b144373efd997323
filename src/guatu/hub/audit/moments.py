"""How the chain writes an instant."""

from __future__ import annotations

from datetime import UTC, datetime


def instant(at: datetime) -> str:
    """In UTC, to the microsecond, always of one length: `2026-06-15T02:30:00.000000Z`."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
