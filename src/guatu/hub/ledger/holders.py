"""Who holds the duties of items on a day, and which duties somebody holds."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

from guatu.hub.accounts.actor import Actor
from guatu.hub.accounts.models import Post, valid_on
from guatu.hub.accounts.roles import ROLES, Permission
from guatu.hub.composed import ByKey
from guatu.hub.ledger.models import Duty
from guatu.text import Text


def duties_held(actor: Actor, day: date) -> QuerySet[Duty]:
    """Duties the actor holds on a day: as themselves, by a post, or as the unit they report for."""
    mine = Q(person=actor.person_id)
    for post in actor.posts:
        mine |= Q(unit=post.unit_id, role=post.role)
    units = [post.unit_id for post in actor.posts if post.unit_id in actor.units_with(Permission.REPORT_ITEMS)]
    return Duty.objects.filter(valid_on(day), mine | Q(unit__in=units, role=""))


def _standing(day: Any) -> QuerySet[Duty]:
    return Duty.objects.filter(valid_on(day)).select_related("person", "unit").order_by("valid_from", "pk")


_OF_ONE = ByKey(lambda item, day: _standing(day).filter(item=item))


def duties_on(day: date, items: Iterable[int], slots: Collection[str] | None = None) -> list[tuple[Duty, Text]]:
    """Duties of items in force on a day, of some slots or all, the earliest first, each with the name of its holder: a
    person, a unit, or a role at a unit with whoever is in it that day. Two queries at most.
    """
    of, duties = tuple(items), []
    if len(of) == 1 and slots is None:
        duties = _OF_ONE.all(of[0], day)
    else:
        standing = _standing(day).filter(item__in=of)
        duties = list(standing if slots is None else standing.filter(slot__in=slots))
    names: dict[tuple[int, str], list[str]] = {}
    if units := {one.unit_id for one in duties if one.role}:
        posts = Post.objects.active_on(day).filter(unit__in=units)
        for post in posts.select_related("person").order_by("starts_on", "pk"):
            names.setdefault((post.unit_id, post.role), []).append(post.person.name)
    return [(one, _named(one, names.get((one.unit_id or 0, one.role), ()))) for one in duties]


def _named(duty: Duty, people: Sequence[str]) -> Text:
    if duty.person is not None:
        return Text(duty.person.name, duty.person.name)
    assert duty.unit is not None
    if not duty.role:
        return duty.unit.title
    role = ROLES[duty.role].title
    return Text(
        f"{duty.unit.title.zh}{role.zh}（{'、'.join(people) or '空缺'}）",
        f"{role.en} of {duty.unit.title.en} ({', '.join(people) or 'vacant'})",
    )
