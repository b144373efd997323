"""Sessions deleted, for the actions that end them."""

from __future__ import annotations

from datetime import datetime

from guatu.hub.accounts.models import KeptSession, Person


def end_rows(person: Person, *, names: list[str] | None = None, but: str = "") -> int:
    """Delete sessions of a person: all, or those named, never the one called `but`. Whoever holds one is nobody at once."""
    rows = KeptSession.objects.filter(person=person)
    if names is not None:
        rows = rows.filter(name__in=names)
    if but:
        rows = rows.exclude(name=but)
    return rows.delete()[0]


def sweep(*, at: datetime) -> int:
    """Delete sessions past their time, which nobody can use."""
    return KeptSession.objects.filter(expire_date__lt=at).delete()[0]
