"""Keep what one asks of a ledger under a name, share it with a unit and all under it, let it go."""

from __future__ import annotations

from datetime import datetime

from guatu.hub.accounts.actor import Actor, NotAllowed, require
from guatu.hub.accounts.models import Unit
from guatu.hub.accounts.roles import Permission
from guatu.hub.audit.acting import action
from guatu.hub.audit.events import Event
from guatu.hub.audit.recording import record
from guatu.hub.audit.refusals import Conflict
from guatu.hub.ledger.actions.holding import nothing_different
from guatu.hub.ledger.models import Ledger, SavedView
from guatu.text import Refusal, Text

LONGEST = 4000
"""Characters of a query."""
MOST_OF_ONE = 100
"""Views a person keeps of one ledger."""


class NameTaken(Conflict):
    """Another of one's own views of the ledger has this name."""

    field = "name"

    def __init__(self, name: str) -> None:
        super().__init__(
            name,
            Text("您已有一个同名的视图", "you have a view of this name already"),
            Text("换一个名字，或先删去那一个。", "Choose another name, or delete that one first."),
        )


@action("view.save")
def save_view(*, ledger: Ledger, name: str, view: str, query: str, by: Actor, at: datetime) -> SavedView:
    """A view of one's own, shared with nobody yet."""
    if not by.may(Permission.SEE_ITEMS):
        raise NotAllowed(Permission.SEE_ITEMS, ledger.title.zh)
    name, mine = _checked(name, query), SavedView.objects.filter(ledger=ledger, owner_id=by.person_id)
    if mine.filter(name=name).exists():
        raise NameTaken(name)
    if mine.count() >= MOST_OF_ONE:
        raise Refusal(
            ledger.title.zh,
            Text(f"已存了 {MOST_OF_ONE} 个视图", f"{MOST_OF_ONE} views are kept already"),
            Text("先删去不用的。", "Delete those not used first."),
        )
    made = SavedView.objects.create(ledger=ledger, owner_id=by.person_id, name=name, view=view, query=query)
    record(
        Event.VIEW_SAVED, subject=made, after={"name": name, "view": view, "query": query}, by=by.as_self(), at=at
    )  # fmt: skip
    return made


@action("view.rename")
def rename_view(*, view: SavedView, name: str, by: Actor, at: datetime) -> SavedView:
    """Another name for it, also for those it is shared with."""
    held, name = _mine(view, by), _checked(name, "")
    if name == held.name:
        raise nothing_different(held.name)
    if SavedView.objects.filter(ledger=held.ledger, owner_id=by.person_id, name=name).exists():
        raise NameTaken(name)
    record(
        Event.VIEW_RENAMED, subject=held, before={"name": held.name}, after={"name": name}, by=by.as_self(), at=at
    )  # fmt: skip
    held.name = name
    held.save()
    return held


@action("view.share")
def share_view(*, view: SavedView, unit: Unit, by: Actor, at: datetime) -> SavedView:
    """Whoever holds a post at a unit or under it finds it; it shows them what they may see themselves."""
    held = _mine(view, by)
    require(by, Permission.SEE_ITEMS, unit=unit)
    if held.shared_with_id == unit.pk:
        raise nothing_different(held.name)
    record(
        Event.VIEW_SHARED, subject=held, before={"unit": held.shared_with_id}, after={"unit": unit.pk}, by=by.as_self(),
        at=at,
    )  # fmt: skip
    held.shared_with = unit
    held.save()
    return held


@action("view.unshare")
def unshare_view(*, view: SavedView, by: Actor, at: datetime) -> SavedView:
    """One's own alone again."""
    held = _mine(view, by)
    if held.shared_with_id is None:
        raise nothing_different(held.name)
    record(Event.VIEW_UNSHARED, subject=held, before={"unit": held.shared_with_id}, by=by.as_self(), at=at)
    held.shared_with = None
    held.save()
    return held


@action("view.delete")
def delete_view(*, view: SavedView, by: Actor, at: datetime) -> None:
    """Gone, also for those it is shared with."""
    held = _mine(view, by)
    before = {"name": held.name, "view": held.view, "query": held.query}
    record(Event.VIEW_DELETED, subject=held, before=before, by=by.as_self(), at=at)
    held.delete()


def _mine(view: SavedView, by: Actor) -> SavedView:
    """The view as it is now, locked; of another person's nothing may be changed, nor without a post that sees items."""
    held: SavedView = SavedView.objects.select_for_update(of=("self",)).select_related("ledger").get(pk=view.pk)
    if held.owner_id != by.person_id or not by.may(Permission.SEE_ITEMS):
        raise NotAllowed(Permission.SEE_ITEMS, held.name)
    return held


def _checked(name: str, query: str) -> str:
    plain = " ".join(name.split())
    if not plain or len(plain) > 60 or len(query) > LONGEST:
        raise Refusal(
            plain[:40] or "—",
            Text("名称空着或太长，或筛选太长", "the name is missing or too long, or the filter is"),
            Text(
                "名称最多 60 字；少选几个条件或列。",
                "Give a name of at most 60 characters, fewer conditions or columns.",
            ),
        )
    return plain
