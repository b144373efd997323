"""The ledger as it was: on any day, as known then or as known now."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

from django.db.models import F, Max, OuterRef, QuerySet, Subquery

from guatu.hub.ledger.models import Item, ItemRevision, SequenceCounter, SequenceNumber
from guatu.hub.ledger.rows import Row


def sequence_at(moment: datetime) -> int:
    """The last number given by a moment; 0 before the first."""
    found: int | None = SequenceNumber.objects.filter(recorded_at__lte=moment).aggregate(last=Max("number"))["last"]
    return found or 0


def latest_sequence() -> int:
    """The last number given and committed; 0 before the first."""
    found: int | None = SequenceCounter.objects.filter(pk=1).values_list("last", flat=True).first()
    return found or 0


def revisions_on(items: QuerySet[Item], day: date, *, known_by: int | None = None) -> QuerySet[ItemRevision]:
    """Of each item, the revision that holds on a day: the latest day's, and of that the latest known.

    `known_by` is a sequence number (`sequence_at`): what was known then. Without it, what is known now. An item that had not
    entered by that day has none.
    """
    known = ItemRevision.objects.filter(item=OuterRef("item"), effective_on__lte=day)
    if known_by is not None:
        known = known.filter(sequence__lte=known_by)
    latest = known.order_by("-effective_on", "-number").values("pk")[:1]
    return ItemRevision.objects.filter(item__in=items.values("pk")).filter(pk=Subquery(latest)).order_by("item_id")


def rows_on(items: QuerySet[Item], day: date, *, known_by: int | None = None) -> Iterator[tuple[int, Row]]:
    """Item id and row of every item there on a day, streamed."""
    found = revisions_on(items, day, known_by=known_by).values_list(F("item_id"), "row")
    for item_id, row in found.iterator(chunk_size=2000):
        yield item_id, Row.of(row)
