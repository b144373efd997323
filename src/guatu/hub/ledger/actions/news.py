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
def see_news(*, up_to: int, by: Actor, at: datetime) -> SeenUpTo:
    """Everything known up to a sequence number has been seen; never less than before, never what has not happened."""
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
    seen, _ = SeenUpTo.objects.update_or_create(person_id=by.person_id, defaults={"sequence": sequence, "at": at})
    return seen
