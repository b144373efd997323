"""Let items leave the ledger as a file, with a record of who took which of them."""

from __future__ import annotations

from datetime import datetime

from guatu.hub.accounts.actor import Actor, NotAllowed
from guatu.hub.accounts.roles import ROLES, Permission
from guatu.hub.audit.acting import action
from guatu.hub.audit.events import Event
from guatu.hub.audit.recording import record
from guatu.hub.audit.source import OnBehalf
from guatu.hub.ledger.as_of import latest_sequence
from guatu.hub.ledger.asking import ItemsAsked
from guatu.hub.ledger.exports.formats import Export, Format
from guatu.hub.ledger.models import Ledger
from guatu.text import Language


@action("item.export")
def export_items(
    *, ledger: Ledger, asked: ItemsAsked, format: Format, language: Language, by: Actor, at: datetime
) -> Export:
    """What is asked for of what one may see. The record says what was asked, how many items it was, and up to which change."""
    under = _as_reader(by)
    export = Export(ledger, asked.items(ledger, by).defer("search_text"), format, language, at)
    after = {
        "format": format.value, "filters": asked.said(), "items": export.items.count(), "known_to": latest_sequence(),
    }  # fmt: skip
    record(Event.ITEMS_EXPORTED, subject=ledger, after=after, by=under, at=at)
    return export


def _as_reader(by: Actor) -> OnBehalf:
    """The first post that sees items; an export may go over the units of several."""
    for post in by.posts:
        if Permission.SEE_ITEMS in ROLES[post.role].permissions:
            return OnBehalf(by.person_id, post.post_id, post.unit_id, by.source)
    raise NotAllowed(Permission.SEE_ITEMS, "items")
