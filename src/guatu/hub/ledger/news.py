"""What happened to the items somebody answers for since they last looked: read from the facts, kept nowhere else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Q, QuerySet

from guatu.hub.accounts.actor import Actor
from guatu.hub.accounts.roles import Permission
from guatu.hub.audit.models import Record
from guatu.hub.ledger.as_of import sequence_at
from guatu.hub.ledger.holders import duties_held
from guatu.hub.ledger.models import (
    Duty,
    Figure,
    Item,
    ItemRevision,
    Milestone,
    Remark,
    SeenUpTo,
    SequenceNumber,
)
from guatu.hub.ledger.models.items import ItemState
from guatu.hub.ledger.models.milestones import Fact, Standing

DAYS = 14
"""How far back whoever never looked is told."""
MOST = 60
"""Facts of a kind on one page."""
Told = ItemRevision | Figure | Milestone | Remark


@dataclass(frozen=True, slots=True)
class Seen:
    """Up to where, and since when."""

    sequence: int
    at: datetime
    said: bool = True
    """Whether the actor said so; else a fortnight is taken for it."""


def seen_up_to(actor: Actor, now: datetime) -> Seen:
    """Where the actor last said they had seen it all; a fortnight ago if never."""
    held = SeenUpTo.objects.filter(person=actor.person_id).first()
    if held is not None:
        return Seen(held.sequence, held.at)
    since = now - timedelta(days=DAYS)
    return Seen(sequence_at(since), since, said=False)


def answered_for(actor: Actor, day: date) -> QuerySet[Item]:
    """Items the actor answers for on a day: by a duty, or because their own unit reports them."""
    units = actor.units_with(Permission.REPORT_ITEMS)
    return Item.objects.filter(Q(unit__in=units) | Q(pk__in=duties_held(actor, day).values("item"))).exclude(
        state=ItemState.MERGED
    )


def changes_since(actor: Actor, seen: Seen, day: date) -> list[QuerySet[Told]]:
    """Revisions, figures, milestones and remarks that others brought since, each kind a query of its own."""
    items = answered_for(actor, day).values("pk")
    own = SequenceNumber.objects.filter(
        number__gt=seen.sequence, record_id__in=Record.objects.filter(person_id=actor.person_id).values("pk")
    )
    kinds: Sequence[type[Told]] = (ItemRevision, Figure, Milestone, Remark)
    return [
        kind.objects.filter(sequence__gt=seen.sequence, item__in=items).exclude(sequence__in=own.values("number"))
        for kind in kinds
    ]


def touched_since(actor: Actor, seen: Seen, day: date) -> set[int]:
    """Those of the items that something happened to. Four small queries."""
    touched: set[int] = set()
    for facts in changes_since(actor, seen, day):
        touched.update(facts.order_by().values_list("item_id", flat=True).distinct()[: MOST * 4])
    return touched


def claims_waiting(actor: Actor) -> QuerySet[Milestone]:
    """Days units claimed that the actor may check, and checked ones they may verify on the spot."""
    check = Item.objects.under(actor, Permission.CHECK_ITEMS).values("pk")
    verify = Item.objects.under(actor, Permission.VERIFY_ITEMS).values("pk")
    waiting = Milestone.objects.in_force().filter(fact=Fact.ACTUAL)
    return waiting.filter(
        Q(standing=Standing.CLAIMED, item__in=check) | Q(standing=Standing.CHECKED, item__in=verify)
    ).order_by("-sequence")


def duties_given(actor: Actor, seen: Seen, day: date) -> list[Duty]:
    """Duties the actor came to hold since, as the record tells."""
    held = list(
        duties_held(actor, day).select_related("item__unit", "item__ledger__pack").defer("item__ledger__pack__files")
    )
    kinds = ("duty.assigned", "duty.handed_over")
    told = Record.objects.filter(kind__in=kinds, at__gt=seen.at).exclude(person_id=actor.person_id)
    given = set(told.filter(subject_id__in=[str(one.item_id) for one in held]).values_list("subject_id", flat=True))
    return [one for one in held if str(one.item_id) in given and one.valid_from >= seen.at.date() - timedelta(days=1)]
