"""The parts of an item's page beside its facts: milestones, duties, links, remarks, as of a day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time

from django.db.models import Q
from django.utils.timezone import get_current_timezone, localdate, localtime

from guatu.declarations import DutyDeclaration, MilestoneDeclaration
from guatu.declarations import Ledger as LedgerDeclaration
from guatu.hub.accounts.actor import Actor
from guatu.hub.accounts.masking import masked_phone
from guatu.hub.accounts.models import PersonalDetails, Post
from guatu.hub.accounts.roles import ROLES
from guatu.hub.audit.models import Record
from guatu.hub.ledger.as_of import sequence_at
from guatu.hub.ledger.milestone_order import order_of
from guatu.hub.ledger.models import Baseline, Duty, Item, Link, Milestone, PersonalValue, Remark, SequenceNumber
from guatu.hub.ledger.models.milestones import COUNTING, Fact, Standing
from guatu.hub.ledger.packs import declared
from guatu.hub.ledger.shown import FACTS
from guatu.text import Text

BASELINES = 3
REMARKS = 30
STANDINGS: Mapping[str, tuple[Text, str]] = {
    Standing.CLAIMED: (Text("○ 已申报", "○ claimed"), "waits"),
    Standing.CHECKED: (Text("◐ 已审核", "◐ checked"), "waits"),
    Standing.VERIFIED: (Text("● 已核实", "● verified"), "good"),
    Standing.REJECTED: (Text("■ 已退回", "■ rejected"), "bad"),
    Standing.WITHDRAWN: (Text("□ 已撤回", "□ withdrawn"), "soft"),
}
"""Each standing of an actual day with its sign, its word and its colour."""


@dataclass(frozen=True, slots=True)
class FactTold:
    """A fact of a milestone as the page tells it; `gone` when another took its place."""

    fact: Milestone
    word: Text
    gone: bool
    when: str
    post: Text | None


@dataclass
class MilestoneShown:
    """A milestone's line: the plan first made, the plan that stands, the day reached, and how they lie to one another."""

    declared: MilestoneDeclaration
    facts: dict[str, Milestone] = field(default_factory=dict)
    past: list[Milestone] = field(default_factory=list)
    baselines: list[date | None] = field(default_factory=list)
    too_early: list[Text] = field(default_factory=list)
    """Milestones that should have come before and did not."""
    told: list[FactTold] = field(default_factory=list)

    @property
    def planned(self) -> Milestone | None:
        return self.facts.get(Fact.PLANNED)

    @property
    def plan(self) -> Milestone | None:
        return self.facts.get(Fact.REVISED) or self.planned

    @property
    def actual(self) -> Milestone | None:
        return self.facts.get(Fact.ACTUAL)

    @property
    def reached(self) -> bool:
        return self.actual is not None and self.actual.standing in COUNTING

    @property
    def standing(self) -> tuple[Text, str] | None:
        return STANDINGS[self.actual.standing] if self.actual is not None else None

    @property
    def slip(self) -> int | None:
        """Days the plan that stands, or the day reached, lies after the plan first made; negative before it."""
        now = self.actual if self.reached else self.plan
        first = self.planned
        if now is None or now.on is None or first is None or first.on is None or now is first:
            return None
        return (now.on - first.on).days

    @property
    def early(self) -> int:
        return -(self.slip or 0)

    @property
    def overdue(self) -> bool:
        plan = self.plan
        return not self.reached and plan is not None and plan.on is not None and plan.on < localdate()


def sequence_on(day: date) -> int | None:
    """What was known by the end of a day; today: everything."""
    if day >= localdate():
        return None
    return sequence_at(datetime.combine(day, time.max, get_current_timezone()))


def milestones_of(item: Item, ledger: LedgerDeclaration, day: date) -> tuple[list[MilestoneShown], list[Baseline]]:
    """Every declared milestone with what was known of it by a day, and the latest baselines."""
    known_by = sequence_on(day)
    rows = {key: MilestoneShown(one) for key, one in ledger.milestones.items()}
    everything = list(item.milestones.select_related("agreed_by").order_by("sequence"))
    for one in everything:
        if one.key not in rows or (known_by is not None and one.sequence > known_by):
            continue
        later = one.superseded_by_sequence
        if later is None or (known_by is not None and later > known_by):
            rows[one.key].facts[one.fact] = one
        else:
            rows[one.key].past.append(one)
    baselines = list(item.baselines.order_by("-sequence")[:BASELINES])
    for key, row in rows.items():
        row.baselines = [_planned_at(everything, key, one.sequence) for one in baselines]
    _mark_too_early(rows, ledger, item)
    _tell_all(list(rows.values()))
    return list(rows.values()), baselines


def _planned_at(facts: Sequence[Milestone], key: str, sequence: int) -> date | None:
    """The day a milestone was planned for as known at a number."""
    then = {
        one.fact: one.on
        for one in facts
        if one.key == key
        and one.sequence <= sequence
        and (one.superseded_by_sequence is None or one.superseded_by_sequence > sequence)
    }
    return then.get(Fact.REVISED) or then.get(Fact.PLANNED)


def _mark_too_early(rows: Mapping[str, MilestoneShown], ledger: LedgerDeclaration, item: Item) -> None:
    """Name what should have come before a milestone that is reached, and is not reached or came later."""
    order = order_of(ledger, item.milestone_orders.filter(superseded_by_sequence=None))
    for key, row in rows.items():
        if not row.reached or row.actual is None:
            continue
        for before in order[key]:
            other = rows[before]
            if not other.reached or _later(other.actual, row.actual):
                row.too_early.append(other.declared.title)


def _later(one: Milestone | None, than: Milestone) -> bool:
    return one is not None and one.on is not None and than.on is not None and one.on > than.on


def _tell_all(rows: Sequence[MilestoneShown]) -> None:
    """Give every line its facts in the order they became known, with when that was and the post under which."""
    everything = [one for row in rows for one in [*row.facts.values(), *row.past]]
    given = {one.number: one for one in SequenceNumber.objects.filter(number__in={one.sequence for one in everything})}
    post_of = dict(Record.objects.filter(pk__in=[one.record_id for one in given.values()]).values_list("pk", "post_id"))
    posts = Post.objects.select_related("unit").in_bulk([one for one in set(post_of.values()) if one is not None])
    for row in rows:
        for one in sorted([*row.facts.values(), *row.past], key=lambda one: one.sequence, reverse=True):
            number = given.get(one.sequence)
            post = posts.get(post_of.get(number.record_id) or 0) if number is not None else None
            named = (
                Text(f"{post.unit.title.zh}{post.title.zh}", f"{post.title.en}, {post.unit.title.en}") if post else None
            )
            word = STANDINGS[one.standing][0] if one.fact == Fact.ACTUAL else FACTS[one.fact]
            when = localtime(number.recorded_at).strftime("%Y-%m-%d %H:%M") if number is not None else ""
            row.told.append(FactTold(one, word, one in row.past, when, named))


@dataclass
class DutyShown:
    """A slot with whoever holds it: their name, what they may be reached by (masked), since when."""

    slot: DutyDeclaration
    held: list[tuple[Duty, Text, str]] = field(default_factory=list)
    reported: str = ""
    """Whom reports name for it, masked."""

    @property
    def missing(self) -> bool:
        return self.slot.required and not self.held and not self.reported


def duties_of(item: Item, ledger: LedgerDeclaration, day: date) -> list[DutyShown]:
    """Every slot that is held on a day, named by reports, or required; as declared, chains of levels from the top."""
    standing = item.duties.filter(valid_from__lte=day).filter(Q(valid_to=None) | Q(valid_to__gt=day))
    duties = list(standing.select_related("person", "unit").order_by("valid_from", "pk"))
    phones = dict(
        PersonalDetails.objects.filter(person__in=[one.person_id for one in duties if one.person_id]).values_list(
            "person_id", "phone"
        )
    )
    holders = _in_posts([one for one in duties if one.role], day)
    reported = dict(PersonalValue.objects.filter(item=item).values_list("field", "value"))
    rows = {key: DutyShown(slot) for key, slot in ledger.duties.items()}
    for one in duties:
        row = rows.setdefault(one.slot, DutyShown(DutyDeclaration(one.slot, Text(one.slot, one.slot), ledger.place)))
        row.held.append((one, _named(one, holders.get(one.pk, [])), masked_phone(phones.get(one.person_id or 0, ""))))
    for row in rows.values():
        row.reported = _reported(row.slot, item, reported)
    shown = [row for row in rows.values() if row.held or row.reported or row.missing]
    return sorted(shown, key=lambda row: row.slot.level or 0)


def _in_posts(duties: Sequence[Duty], day: date) -> dict[int, list[str]]:
    """Who holds the role at the unit on the day, of each duty of a post."""
    posts = Post.objects.active_on(day).filter(unit__in={one.unit_id for one in duties}).select_related("person")
    names: dict[tuple[int, str], list[str]] = {}
    for post in posts.order_by("starts_on", "pk"):
        names.setdefault((post.unit_id, post.role), []).append(post.person.name)
    return {one.pk: names.get((one.unit_id or 0, one.role), []) for one in duties}


def _named(duty: Duty, holders: Sequence[str]) -> Text:
    if duty.person is not None:
        return Text(duty.person.name, duty.person.name)
    assert duty.unit is not None
    if not duty.role:
        return duty.unit.title
    role = ROLES[duty.role].title
    people = Text("、".join(holders) or "空缺", ", ".join(holders) or "vacant")
    return Text(f"{duty.unit.title.zh}{role.zh}（{people.zh}）", f"{role.en} of {duty.unit.title.en} ({people.en})")


def _reported(slot: DutyDeclaration, item: Item, people: Mapping[str, str]) -> str:
    for key in slot.fields:
        if people.get(key):
            return f"{people[key][:1]}＊＊"
        if item.values.get(key):
            return str(item.values[key])
    return ""


@dataclass
class LinkShown:
    title: Text
    other: Item
    link: Link
    outward: bool


def links_of(item: Item, ledger: LedgerDeclaration, actor: Actor, day: date) -> list[LinkShown]:
    """Links both ways that hold on a day, to items the actor may see; of others nothing is said."""
    seen = Item.objects.visible_to(actor)
    standing = (
        Link.objects.filter(valid_from__lte=day).filter(Q(valid_to=None) | Q(valid_to__gt=day)).order_by("kind", "pk")
    )
    outward = standing.filter(source=item, target__in=seen).select_related("target__unit")
    inward = standing.filter(target=item, source__in=seen).select_related("source__unit", "source__ledger__pack")
    inward = inward.defer("source__ledger__pack__files")
    found = []
    for one in outward:
        kind = ledger.link_kinds.get(one.kind)
        found.append(LinkShown(kind.title if kind else Text(one.kind, one.kind), one.target, one, outward=True))
    for one in inward:
        kind = declared(one.source.ledger).link_kinds.get(one.kind)
        found.append(LinkShown(kind.back if kind else Text(one.kind, one.kind), one.source, one, outward=False))
    return found


def remarks_of(item: Item, day: date) -> list[Remark]:
    """The latest entries of its remarks and work log up to a day, each with what puts it right."""
    return list(item.remarks.filter(on__lte=day).select_related("corrected_by").order_by("-on", "-pk")[:REMARKS])
