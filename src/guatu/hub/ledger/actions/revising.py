"""How an item comes to a new revision: the row of now, the rows of every day since, and what is kept beside them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TypeVar

from django.db import connection
from django.utils.timezone import localdate

from guatu.hub.audit.models import Record
from guatu.hub.audit.recording import canonical
from guatu.hub.ledger.models import (
    Figure,
    Item,
    ItemAccess,
    ItemCode,
    ItemRevision,
    Ledger,
    ListMembership,
    Milestone,
    MilestoneOrder,
    Reached,
    SequenceCounter,
    SequenceNumber,
)
from guatu.hub.ledger.models.items import GONE
from guatu.hub.ledger.rows import Changes, Row
from guatu.hub.ledger.search import search_text
from guatu.hub.written import insert, insert_all, update
from guatu.text import Refusal, Text

Stated = TypeVar("Stated", Figure, Milestone, MilestoneOrder, Reached)


class NotYet(Refusal):
    """A change of a day that has not come."""

    def __init__(self, where: str, on: date) -> None:
        super().__init__(
            where,
            Text(f"{on} 还没有到", f"{on} has not come yet"),
            Text("写今天或以前的日期。", "Give today or an earlier day."),
        )


@dataclass(frozen=True, slots=True)
class Told:
    """What a revision says of itself: what kind of change, since when, why, and on what evidence."""

    kind: str
    effective_on: date
    at: datetime
    record: Record
    reason: str = ""
    evidence: Mapping[str, object] = field(default_factory=dict)


_COUNT_ON = f'UPDATE "{SequenceCounter._meta.db_table}" SET "last" = "last" + 1 WHERE "id" = 1 RETURNING "last"'
"""Counts on and says where it came to in one statement; both databases know it."""


def next_sequence(told: Record) -> int:
    """The next number in the order of commits, given to what a record tells of. The counter stays locked until the caller's
    commit: take it late."""
    with connection.cursor() as cursor:
        cursor.execute(_COUNT_ON)
        row = cursor.fetchone()
    number = int(row[0]) if row is not None else SequenceCounter.objects.create(pk=1, last=1).last
    insert(SequenceNumber(number=number, recorded_at=told.at, record_id=told.pk))
    return number


def put_in_force(before: Stated | None, fresh: Stated, sequence: int) -> Stated:
    """The fresh fact in the place of the one before, which stays known as it was."""
    if before is not None:
        before.superseded_by_sequence = sequence
        update(before, "superseded_by_sequence")
    fresh.sequence = sequence
    return insert(fresh)


def require_past(where: str, on: date, at: datetime) -> None:
    if on > localdate(at):
        raise NotYet(where, on)


def enter(ledger: Ledger, row: Row, told: Told) -> Item:
    """A new item with its first revision."""
    sequence = next_sequence(told.record)
    item = Item(
        ledger=ledger, revision=1, sequence=sequence, entered_on=told.effective_on, effective_on=told.effective_on
    )
    show(item, row)
    insert(item)
    _write(item, row, told, number=1, sequence=sequence, on=told.effective_on)
    _begin_dated(item, row, told.effective_on, told.reason)
    return item


def revise(item: Item, changes: Changes, told: Told, *, sequence: int | None = None) -> Item:
    """The item's next revision, under a number of its own or that of a bulk change.

    A change of an earlier day goes into every later row that said the same until then.

    `item` is locked by the caller. Its row of now is the latest by day, then by number.
    """
    timeline = rows_by_day(item)
    earlier = [day for day in timeline if day <= told.effective_on]
    base = timeline[max(earlier)] if earlier else timeline[min(timeline)]
    sequence = sequence if sequence is not None else next_sequence(told.record)
    number = item.revision
    written = {told.effective_on: base.changed(changes)}
    left = changes
    for day in sorted(day for day in timeline if day > told.effective_on):
        left = _not_said_otherwise(left, base, timeline[day])
        if left.empty:
            break
        written[day] = timeline[day].changed(left)
    for day, row in sorted(written.items()):
        number += 1
        _write(item, row, told, number=number, sequence=sequence, on=day)
    item.revision, item.sequence = number, sequence
    latest = {**timeline, **written}
    item.effective_on = max(latest)
    now = latest[item.effective_on]
    show(item, now)
    since = left_since(latest)
    item.left_on = max(since, item.entered_on) if since is not None else None
    update(item, *_AS_SHOWN, "revision", "sequence", "effective_on", "left_on")
    keep_dated(item, now, told.effective_on, told.reason)
    return item


def _not_said_otherwise(changes: Changes, before: Row, later: Row) -> Changes:
    """Those of the changes to what a later row still says as it was before."""
    core = {name: value for name, value in changes.core.items() if getattr(later, name) == getattr(before, name)}
    values = {key: value for key, value in changes.values.items() if later.values.get(key) == before.values.get(key)}
    return Changes(core, values, {key: why for key, why in changes.missing.items() if key in values})


def rows_by_day(item: Item, known_by: int | None = None) -> dict[date, Row]:
    """What is known of an item since which day: of each day the latest revision, up to a sequence number if given."""
    revisions = ItemRevision.objects.filter(item=item)
    if known_by is not None:
        revisions = revisions.filter(sequence__lte=known_by)
    return {one.effective_on: Row.of(one.row) for one in revisions.order_by("number").only("effective_on", "row")}


_AS_SHOWN = ("unit", "name", "code", "state", "merged_into", "geometry", "values", "missing", "search_text")


def show(item: Item, row: Row) -> None:
    """The item's columns as the row says."""
    item.unit_id, item.name, item.code, item.state = row.unit, row.name, row.code, row.state
    item.merged_into_id, item.geometry = row.merged_into, row.geometry
    item.values, item.missing = row.values, row.missing
    item.search_text = search_text(row.name, row.code, row.values)


def left_since(timeline: Mapping[date, Row]) -> date | None:
    """The day since which an item is withdrawn or merged, by its rows of each day; None if it is neither now."""
    since = None
    for day in sorted(timeline, reverse=True):
        if timeline[day].state not in GONE:
            break
        since = day
    return since


def _write(item: Item, row: Row, told: Told, *, number: int, sequence: int, on: date) -> None:
    insert(revision_of(item, row, told, number=number, sequence=sequence, on=on))


def revision_of(
    item: Item,
    row: Row,
    told: Told,
    *,
    number: int,
    sequence: int,
    on: date,
    evidence: Mapping[str, object] | None = None,
) -> ItemRevision:
    """A revision, not yet written."""
    return ItemRevision(
        item=item, number=number, sequence=sequence, effective_on=on, recorded_at=told.at, record_id=told.record.pk,
        kind=told.kind, row=row.text, evidence=canonical(dict(told.evidence if evidence is None else evidence)), reason=told.reason,
    )  # fmt: skip


def _begin_dated(item: Item, row: Row, on: date, reason: str) -> None:
    """Code, lists and access of an item that had none."""
    if row.code:
        insert(ItemCode(item=item, scheme=ItemCode.MAIN, code=row.code, valid_from=on))
    insert_all(ListMembership(item=item, list=key, valid_from=on, reason=reason) for key in row.lists)
    insert(ItemAccess(item=item, unit_id=row.unit))


def keep_dated(item: Item, row: Row, on: date, reason: str = "") -> None:
    """Codes, lists and access as the row of now has them, begun and ended on a day where they differ."""
    codes = {(ItemCode.MAIN, row.code)} if row.code else set()
    known_codes = {(one.scheme, one.code): one for one in item.codes.filter(valid_to=None)}
    _end_all([one for key, one in known_codes.items() if key not in codes], on)
    insert_all(
        ItemCode(item=item, scheme=scheme, code=code, valid_from=on) for scheme, code in codes - known_codes.keys()
    )
    known_lists = {one.list: one for one in item.memberships.filter(valid_to=None)}
    left = [one for key, one in known_lists.items() if key not in row.lists]
    for one in left:
        one.left_reason = reason
    _end_all(left, on, "left_reason")
    insert_all(
        ListMembership(item=item, list=key, valid_from=on, reason=reason)
        for key in sorted(set(row.lists) - known_lists.keys())
    )
    keep_access(item)


def keep_access(item: Item) -> None:
    """The units that may see an item: its own, and those with a duty that has not ended."""
    wanted = {item.unit_id, *item.duties.filter(valid_to=None).exclude(unit=None).values_list("unit_id", flat=True)}
    held = set(item.accesses.values_list("unit_id", flat=True))
    item.accesses.exclude(unit_id__in=wanted).delete()
    insert_all(ItemAccess(item=item, unit_id=one) for one in sorted(wanted - held))


def _end_all(dated: Sequence[ItemCode | ListMembership], on: date, *also: str) -> None:
    """In force until a day, written with other fields that changed; what would have ended before it began never was."""
    for one in dated:
        if on <= one.valid_from:
            one.delete()
        else:
            one.valid_to = on
            update(one, "valid_to", *also)
