"""A visit kept with its stops, put off or told otherwise, and what was seen at one: boxes, an entry of the log, photos, together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from guatu.hub.accounts.actor import Actor, require
from guatu.hub.accounts.roles import Permission
from guatu.hub.audit.acting import action
from guatu.hub.audit.events import Event
from guatu.hub.audit.recording import record
from guatu.hub.audit.refusals import Conflict
from guatu.hub.audit.source import OnBehalf
from guatu.hub.ledger.actions.attachments import digest_of_file, kept_as_sent
from guatu.hub.ledger.actions.holding import held_and_there, nothing_different
from guatu.hub.ledger.actions.remarks import require_entry
from guatu.hub.ledger.actions.revising import next_sequence
from guatu.hub.ledger.models import Attachment, Item, KeptVisit, Remark, VisitStop
from guatu.hub.ledger.packs import declared
from guatu.text import Refusal, Text

MOST = 40
"""Items of one visit: more are not visited in a day."""
LONGEST = 120
"""Characters of who goes, and of why."""


@dataclass(frozen=True, slots=True)
class Photo:
    """A file as it was sent."""

    name: str
    content: bytes


class DayIsSeen(Conflict):
    """Something was written down on a visit that is to be moved to another day."""

    def __init__(self, where: str) -> None:
        self.field = "on"
        super().__init__(
            where,
            Text("这一天已经记了走访情况，日期不能改", "what was seen on that day is written down; the day stays"),
            Text("没去成的，另排一次走访。", "Keep another visit for what was not seen."),
        )


class NotOnTheSheet(Refusal):
    """A box the item's ledger does not declare."""

    def __init__(self, where: str, key: str) -> None:
        self.field = "boxes"
        super().__init__(
            where,
            Text(f"走访单上没有“{key}”", f"there is no box '{key}' on its sheet"),
            Text("刷新这一页，再勾。", "Load the page again and tick then."),
        )


@action("visit.keep")
def keep_visit(*, items: Sequence[Item], on: date, who: str = "", why: str = "", by: Actor, at: datetime) -> KeptVisit:
    """A way to some items, in their order. Who goes may be told; the record says nothing about people."""
    there = list({one.pk: one for one in items}.values())
    if not 0 < len(there) <= MOST:
        raise Refusal(
            str(len(there)),
            Text(f"一次走访 1 到 {MOST} 个事项", f"a visit goes to 1 to {MOST} items"),
            Text("分几次走。", "Make several of it."),
        )
    posts = [
        require(by, Permission.REPORT_ITEMS, unit=unit) for unit in {one.unit_id: one.unit for one in there}.values()
    ]
    under = posts[0]
    assert under.post_id is not None  # whoever may report holds the post that allows it
    visit = KeptVisit.objects.create(on=on, who=who[:LONGEST], why=why[:LONGEST], kept_at=at, post_id=under.post_id)
    VisitStop.objects.bulk_create(VisitStop(visit=visit, item=one, place=n) for n, one in enumerate(there, 1))
    record(Event.VISIT_KEPT, subject=visit, after={"on": on, "items": [one.pk for one in there]}, by=under, at=at)
    return visit


@action("visit.change")
def change_visit(*, visit: KeptVisit, on: date, who: str, why: str, by: Actor, at: datetime) -> KeptVisit:
    """Another day, or other words on who goes and why. The record says which of them changed and nothing about people: what
    named somebody is gone once it is taken back. The day stays when something was seen on it."""
    visit = KeptVisit.objects.select_for_update(of=("self",)).get(pk=visit.pk)
    stops = visit.stops.select_related("item__unit")
    posts = [require(by, Permission.REPORT_ITEMS, unit=one.item.unit) for one in stops]
    told = {"on": on, "who": who[:LONGEST].strip(), "why": why[:LONGEST].strip()}
    before, changed = {"on": visit.on}, [name for name, one in told.items() if getattr(visit, name) != one]
    if not changed:
        raise nothing_different(str(visit))
    if "on" in changed and any(one.seen_at is not None for one in stops):
        raise DayIsSeen(str(visit))
    for name in changed:
        setattr(visit, name, told[name])
    visit.save()
    after = {"on": visit.on, "changed": changed}
    record(Event.VISIT_CHANGED, subject=visit, before=before, after=after, by=posts[0], at=at)
    return visit


@dataclass(frozen=True, slots=True)
class Seen:
    """What was seen at an item: an entry of its log, boxes ticked, photos."""

    on: date
    text: str
    boxes: Sequence[str] = ()
    photos: Sequence[Photo] = ()


@action("visit.see")
def see_stop(*, stop: VisitStop, seen: Seen, by: Actor, at: datetime) -> VisitStop:
    """What was seen at a stop of a visit: all of it is kept, or nothing."""
    stop = VisitStop.objects.select_for_update(of=("self",)).select_related("visit", "item").get(pk=stop.pk)
    if stop.seen_at is not None:
        raise Conflict(
            stop.item.name,
            Text("这次走访已经记过它", "what was seen there on this visit is written down already"),
            Text("要补充的，在事项上另记一条。", "Add to it by another entry at the item."),
        )
    item = held_and_there(stop.item)
    return _written(stop, item, seen, _allowed(item, seen, by), at)


@action("visit.drop_in")
def drop_in(*, item: Item, seen: Seen, by: Actor, at: datetime) -> VisitStop:
    """What was seen at an item on no visit kept before: it becomes a visit of its own."""
    item = held_and_there(item)
    under = _allowed(item, seen, by)
    assert under.post_id is not None  # whoever may report holds the post that allows it
    visit = KeptVisit.objects.create(on=seen.on, kept_at=at, post_id=under.post_id)
    return _written(VisitStop(visit=visit, item=item, place=1), item, seen, under, at)


def _allowed(item: Item, seen: Seen, by: Actor) -> OnBehalf:
    """The post in which somebody may write about an item, and attach photos if there are any."""
    if seen.photos:
        require(by, Permission.ATTACH_FILES, unit=item.unit)
    return require(by, Permission.REPORT_ITEMS, unit=item.unit)


def _written(stop: VisitStop, item: Item, seen: Seen, under: OnBehalf, at: datetime) -> VisitStop:
    """The entry goes into the book the ledger names for visits; one record tells of all of it."""
    ledger = declared(item.ledger)
    for key in seen.boxes:
        if key not in ledger.visit_boxes:
            raise NotOnTheSheet(item.name, key)
    kind = ledger.visit_kind.key if ledger.visit_kind is not None else ""
    text = require_entry(item, kind, seen.on, seen.text, at)
    stop.boxes, stop.seen_at = [key for key in ledger.visit_boxes if key in seen.boxes], at
    photos = [digest_of_file(item.name, one.content) for one in seen.photos]
    after = {"item": item.pk, "on": seen.on, "boxes": stop.boxes, "kind": kind, "length": len(text), "photos": photos}
    told = record(Event.VISIT_SEEN, subject=stop.visit, after=after, by=under, at=at)
    stop.remark = Remark.objects.create(item=item, kind=kind, on=seen.on, text=text, sequence=next_sequence(told))
    stop.save()
    for one in seen.photos:
        kept_as_sent(Attachment(item=item, stop=stop, submitted_at=at, record_id=told.pk), one.name, one.content)
    return stop
