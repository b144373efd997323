"""The record as an auditor asks for it: whose, where, what, when, through which door; within the units their posts cover."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.timezone import make_aware

from guatu.hub.accounts.actor import Actor, NotAllowed
from guatu.hub.accounts.models import Person, Post, Unit, below
from guatu.hub.accounts.numbers import whole_number
from guatu.hub.accounts.roles import ROLES, Permission
from guatu.hub.audit.events import Event
from guatu.hub.audit.models import Record
from guatu.hub.audit.source import Door, OnBehalf
from guatu.text import Refusal, Text


def visible_records(actor: Actor) -> QuerySet[Record]:
    """What was done under a post in the subtrees of the actor's posts, and what people who hold or held one there did as
    themselves. What belongs to no unit at all is for those whose posts cover every unit.
    """
    if sees_everything(actor):
        return Record.objects.all()
    tops = actor.units_with(Permission.SEE_AUDIT)
    under = below(tops).filter(descendant_id=OuterRef("unit_id"))
    of_ours = Post.objects.filter(unit__ancestry__ancestor_id__in=tops, person_id=OuterRef("person_id"))
    return Record.objects.filter(Exists(under) | Q(Exists(of_ours), unit_id=None))


def sees_everything(actor: Actor) -> bool:
    """Whether the actor's posts cover every unit there is."""
    tops = actor.units_with(Permission.SEE_AUDIT)
    return bool(tops) and not Unit.objects.filter(parent=None).exclude(pk__in=tops).exists()


def as_auditor(actor: Actor) -> OnBehalf:
    """The post under which somebody reads the record; `NotAllowed` without one."""
    for post in actor.posts:
        if Permission.SEE_AUDIT in ROLES[post.role].permissions:
            return OnBehalf(actor.person_id, post.post_id, post.unit_id, actor.source)
    raise NotAllowed(Permission.SEE_AUDIT, "audit")


class WrongFilter(Refusal):
    """A filter that cannot be understood."""

    def __init__(self, name: str, value: str) -> None:
        super().__init__(
            name,
            Text(f"“{value}”不行", f"'{value}' will not do"),
            Text(
                "日期写成 2026-06-15，编号写数字，其余从列表里选。",
                "Days as 2026-06-15, ids as numbers, the rest from the lists.",
            ),
        )


@dataclass(frozen=True, slots=True)
class Wanted:
    """What an auditor wants to see; nothing set means everything."""

    who: str = ""
    """A sign-in name, a name, or a person's id."""
    unit: int | None = None
    """Of this unit's subtree."""
    kind: str = ""
    subject_kind: str = ""
    subject: str = ""
    door: str = ""
    since: date | None = None
    until: date | None = None
    """The last day that counts."""

    @classmethod
    def of(cls, said: Mapping[str, str]) -> Wanted:
        """From the fields of a form or a query string."""
        return cls(
            who=said.get("who", "").strip(),
            unit=_number(said, "unit"),
            kind=_one_of(said, "kind", Event),
            subject_kind=said.get("subject_kind", "").strip(),
            subject=said.get("subject", "").strip(),
            door=_one_of(said, "door", Door),
            since=_day(said, "since"),
            until=_day(said, "until"),
        )

    def said(self) -> dict[str, str]:
        """What is set, as a query string says it."""
        return {name: str(value) for name, value in asdict(self).items() if value not in (None, "")}

    def recorded(self) -> dict[str, object]:
        """What is set, as the record of an export may keep it: people by id, for a name is personal."""
        said: dict[str, object] = {name: value for name, value in self.said().items() if name != "who"}
        return said | {"people": list(self._people().values_list("pk", flat=True))} if self.who else said

    def _people(self) -> QuerySet[Person]:
        named = Q(username=self.who.lower()) | Q(name=self.who)
        if (number := whole_number(self.who)) is not None:
            named |= Q(pk=number)
        people: QuerySet[Person] = Person.objects.filter(named)
        return people

    def records(self, actor: Actor) -> QuerySet[Record]:
        """The records wanted, of those the actor may see."""
        found = visible_records(actor)
        if self.unit is not None:
            under = below([self.unit]).filter(descendant_id=OuterRef("unit_id"))
            found = found.filter(Exists(under))
        if self.who:
            found = found.filter(person_id__in=self._people().values("pk"))
        fields = {"kind": self.kind, "door": self.door}
        fields |= {"subject_kind": self.subject_kind, "subject_id": self.subject}
        found = found.filter(**{name: value for name, value in fields.items() if value})
        if self.since is not None:
            found = found.filter(at__gte=_midnight(self.since))
        if self.until is not None:
            found = found.filter(at__lt=_midnight(self.until + timedelta(days=1)))
        return found


def _midnight(day: date) -> datetime:
    return make_aware(datetime.combine(day, time.min))


def _number(said: Mapping[str, str], name: str) -> int | None:
    value = said.get(name, "").strip()
    number = whole_number(value)
    if value and number is None:
        raise WrongFilter(name, value)
    return number


def _one_of(said: Mapping[str, str], name: str, kinds: type[Event] | type[Door]) -> str:
    value = said.get(name, "").strip()
    if value and value not in set(kinds):
        raise WrongFilter(name, value)
    return value


def _day(said: Mapping[str, str], name: str) -> date | None:
    value = said.get(name, "").strip()
    try:
        return date.fromisoformat(value) if value else None
    except ValueError as error:
        raise WrongFilter(name, value) from error


def newest_records(actor: Actor, wanted: Wanted, *, before: int | None, count: int) -> list[Record]:
    """The newest records as wanted, below an id; one more than `count` where there are more."""
    found = wanted.records(actor).select_related("seal").order_by("-id")
    if before is not None:
        found = found.filter(id__lt=before)
    return list(found[: count + 1])
