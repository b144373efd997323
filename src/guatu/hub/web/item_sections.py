"""The parts of an item's page beside its facts: duties, links, remarks, as of a day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Q

from guatu.declarations import DutyDeclaration
from guatu.declarations import Ledger as LedgerDeclaration
from guatu.hub.accounts.actor import Actor
from guatu.hub.accounts.masking import masked_phone
from guatu.hub.accounts.models import PersonalDetails, valid_on
from guatu.hub.accounts.roles import Permission
from guatu.hub.composed import ByKey
from guatu.hub.ledger.holders import duties_on
from guatu.hub.ledger.models import Duty, Item, Link, Remark
from guatu.hub.ledger.packs import declared
from guatu.text import Text

REMARKS = 30
_REMARKS = ByKey(
    lambda item, day: (
        Remark.objects.filter(item=item, on__lte=day).select_related("corrected_by").order_by("-on", "-pk")[:REMARKS]
    )
)
_LINKS = ByKey(
    lambda item, day: Link.objects.filter(valid_on(day), Q(source=item) | Q(target=item)).order_by("kind", "pk")
)
_BESIDE = ByKey(
    lambda ends, item, tops: (
        Item.objects.seen_from(tops)
        .filter(Q(pk__in=ends) | Q(merged_into=item))
        .select_related("unit")
        .only("name", "code", "ledger_id", "merged_into_id", "unit__title_zh", "unit__title_en")
        .order_by("pk")
    )
)


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


def duties_of(item: Item, ledger: LedgerDeclaration, day: date, reported: Mapping[str, str]) -> list[DutyShown]:
    """Every slot that is held on a day, named by reports, or required; as declared, chains of levels from the top.

    `reported`: whom reports name, by field.
    """
    return duties_of_all({item: ledger}, day, {item.pk: reported})[item.pk]


def duties_of_all(
    ledgers: Mapping[Item, LedgerDeclaration], day: date, reported: Mapping[int, Mapping[str, str]]
) -> dict[int, list[DutyShown]]:
    """The same of many items, by their ids, in a constant number of queries."""
    duties = duties_on(day, [item.pk for item in ledgers])
    people = {one.person_id for one, _ in duties if one.person_id}
    details = PersonalDetails.objects.filter(person__in=people).values_list("person_id", "phone")
    phones = dict(details) if people else {}
    of: dict[int, list[tuple[Duty, Text]]] = {}
    for one, name in duties:
        of.setdefault(one.item_id, []).append((one, name))
    found = {}
    for item, ledger in ledgers.items():
        rows = {key: DutyShown(slot) for key, slot in ledger.duties.items()}
        for one, name in of.get(item.pk, ()):
            row = rows.setdefault(
                one.slot, DutyShown(DutyDeclaration(one.slot, Text(one.slot, one.slot), ledger.place))
            )
            phone = masked_phone(phones.get(one.person_id or 0, ""))
            row.held.append((one, name, phone))
        for row in rows.values():
            row.reported = _reported(row.slot, item, reported.get(item.pk, {}))
        shown = [row for row in rows.values() if row.held or row.reported or row.missing]
        found[item.pk] = sorted(shown, key=lambda row: row.slot.level or 0)
    return found


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


def links_of(item: Item, ledger: LedgerDeclaration, actor: Actor, day: date) -> tuple[list[LinkShown], list[Item]]:
    """Links both ways that hold on a day, to items the actor may see, of others nothing is said; and items merged into this one."""
    links = _LINKS.all(item.pk, day)
    ends = {one.target_id if one.source_id == item.pk else one.source_id for one in links}
    tops = actor.tops(Permission.SEE_ITEMS)
    found = {one.pk: one for one in _BESIDE.all(tuple(sorted(ends)), item.pk, tops)}
    shown = []
    for one in links:
        outward = one.source_id == item.pk
        other = found.get(one.target_id if outward else one.source_id)
        if other is not None:
            kind = (ledger if outward or other.ledger_id == item.ledger_id else declared(other.ledger)).link_kinds.get(
                one.kind
            )
            title = Text(one.kind, one.kind) if kind is None else kind.title if outward else kind.back
            shown.append(LinkShown(title, other, one, outward))
    shown.sort(key=lambda one: not one.outward)
    return shown, [one for one in found.values() if one.merged_into_id == item.pk]


def remarks_of(item: Item, day: date) -> list[Remark]:
    """The latest entries of its remarks and work log up to a day, each with what puts it right."""
    return _REMARKS.all(item.pk, day)
