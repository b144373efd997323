"""A person says that they have seen what happened."""

from __future__ import annotations

from datetime import datetime

from guatu.hub.accounts.actor import Actor
from guatu.hub.accounts.models import Person
from guatu.hub.audit.acting import action
from guatu.hub.audit.events import Event
from guatu.hub.audit.recording import record
from guatu.hub.ledger.as_of import latest_sequence
from guatu.hub.ledger.models import SeenUpTo


@action("news.see")
def see_news(*, up_to: int, shown_at: datetime | None = None, by: Actor, at: datetime) -> SeenUpTo:
    """Everything known up to a sequence number, and every round judged by when it was shown, has been seen; never less than
    before, never what has not happened."""
    held = SeenUpTo.objects.select_for_update().filter(person=by.person_id).first()
    before = held.sequence if held is not None else 0
    sequence = max(before, min(up_to, latest_sequence()))
    record(
        Event.NEWS_SEEN,
        subject=Person.objects.get(pk=by.person_id),
        after={"sequence": sequence},
        by=by.as_self(),
        at=at,
    )
    when = at if shown_at is None else min(at, shown_at)
    when = max(when, held.at) if held is not None else when
    seen, _ = SeenUpTo.objects.update_or_create(person_id=by.person_id, defaults={"sequence": sequence, "at": when})
    return seen
