"""What happened to the items somebody answers for since they last looked: read from the facts, kept nowhere else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet

from guatu.hub.accounts.actor import Actor
from guatu.hub.accounts.models import Post
from guatu.hub.accounts.roles import Permission
from guatu.hub.audit.models import Record
from guatu.hub.ledger.as_of import sequence_at
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
from guatu.text import Text

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


def duties_held(actor: Actor) -> QuerySet[Duty]:
    """Duties the actor holds now: as themselves, by a post, or as the unit they report for."""
    mine = Q(person=actor.person_id)
    for post in actor.posts:
        mine |= Q(unit=post.unit_id, role=post.role)
    units = [post.unit_id for post in actor.posts if post.unit_id in actor.units_with(Permission.REPORT_ITEMS)]
    return Duty.objects.filter(mine | Q(unit__in=units, role=""), valid_to=None)


def answered_for(actor: Actor) -> QuerySet[Item]:
    """Items the actor answers for: by a duty, or because their own unit reports them."""
    units = actor.units_with(Permission.REPORT_ITEMS)
    return Item.objects.filter(Q(unit__in=units) | Q(pk__in=duties_held(actor).values("item"))).exclude(
        state=ItemState.MERGED
    )


def changes_since(actor: Actor, seen: Seen) -> list[QuerySet[Told]]:
    """Revisions, figures, milestones and remarks that others brought since, each kind a query of its own."""
    items = answered_for(actor).values("pk")
    own = SequenceNumber.objects.filter(
        number__gt=seen.sequence, record_id__in=Record.objects.filter(person_id=actor.person_id).values("pk")
    )
    kinds: Sequence[type[Told]] = (ItemRevision, Figure, Milestone, Remark)
    return [
        kind.objects.filter(sequence__gt=seen.sequence, item__in=items).exclude(sequence__in=own.values("number"))
        for kind in kinds
    ]


def count_since(actor: Actor, seen: Seen) -> int:
    """How many of the items something happened to. Four small queries."""
    touched: set[int] = set()
    for facts in changes_since(actor, seen):
        touched.update(facts.order_by().values_list("item_id", flat=True).distinct()[: MOST * 4])
    return len(touched)


def claims_waiting(actor: Actor) -> QuerySet[Milestone]:
    """Days units claimed that the actor may check, and checked ones they may verify on the spot."""
    check = Item.objects.under(actor, Permission.CHECK_ITEMS).values("pk")
    verify = Item.objects.under(actor, Permission.VERIFY_ITEMS).values("pk")
    waiting = Milestone.objects.in_force().filter(fact=Fact.ACTUAL)
    return waiting.filter(
        Q(standing=Standing.CLAIMED, item__in=check) | Q(standing=Standing.CHECKED, item__in=verify)
    ).order_by("-sequence")


def duties_given(actor: Actor, seen: Seen) -> list[Duty]:
    """Duties the actor came to hold since, as the record tells."""
    held = list(
        duties_held(actor).select_related("item__unit", "item__ledger__pack").defer("item__ledger__pack__files")
    )
    kinds = ("duty.assigned", "duty.handed_over")
    told = Record.objects.filter(kind__in=kinds, at__gt=seen.at).exclude(person_id=actor.person_id)
    given = set(told.filter(subject_id__in=[str(one.item_id) for one in held]).values_list("subject_id", flat=True))
    return [one for one in held if str(one.item_id) in given and one.valid_from >= seen.at.date() - timedelta(days=1)]


@dataclass(frozen=True, slots=True)
class Who:
    """When a fact became known, and under which post."""

    at: datetime
    post: Text | None


def who_of(sequences: Sequence[int]) -> dict[int, Who]:
    """Of each sequence number, in three queries."""
    numbers = list(SequenceNumber.objects.filter(number__in=set(sequences)))
    posts_of = dict(Record.objects.filter(pk__in=[one.record_id for one in numbers]).values_list("pk", "post_id"))
    posts = Post.objects.select_related("unit").in_bulk([one for one in set(posts_of.values()) if one is not None])
    found = {}
    for one in numbers:
        post = posts.get(posts_of.get(one.record_id) or 0)
        named = Text(f"{post.unit.title.zh}{post.title.zh}", f"{post.title.en}, {post.unit.title.en}") if post else None
        found[one.number] = Who(one.recorded_at, named)
    return found
