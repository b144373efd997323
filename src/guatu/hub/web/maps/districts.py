"""What a map says of each unit with an outline: how many items it has, how many have a place, how many are of a kind."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, OuterRef, QuerySet, Subquery

from guatu.declarations import FieldType
from guatu.declarations import Ledger as LedgerDeclaration
from guatu.hub.accounts.models import Unit, UnitAncestry
from guatu.hub.assessment.models import ItemLight, Run
from guatu.hub.ledger.fields import facts_of
from guatu.hub.ledger.indexing import DeclaredValue
from guatu.hub.ledger.models.items import ItemQuerySet
from guatu.text import Text

COUNT, LIGHT = "count", "light"


@dataclass(frozen=True, slots=True)
class Share:
    """A choice items may have said, or a light they may have: the share of a unit's items that do is what its district is
    washed by."""

    field: str
    choice: str
    title: Text

    @property
    def key(self) -> str:
        return f"{self.field}:{self.choice}"


@dataclass(frozen=True, slots=True)
class District:
    """A unit with an outline, how many of the items asked for it has, and how many of these are of the kind asked for."""

    unit: int
    code: str
    title: Text
    items: int
    part: int


@dataclass(frozen=True, slots=True)
class Counted:
    """Every district, and how many items lie in none of them."""

    districts: Sequence[District]
    elsewhere: int


def shares(ledger: LedgerDeclaration) -> list[Share]:
    """Everything a map can be washed by beside the count: each choice of the fields people filter by."""
    found = []
    for key, one in facts_of(ledger).items():
        if not one.filterable:
            continue
        if one.type is FieldType.FLAG:
            found.append(Share(key, "true", one.title))
        elif one.type is FieldType.CHOICE:
            found += [Share(key, choice, _joined(one.title, one.choice_title(choice))) for choice in one.states]
    return found


def _joined(field: Text, choice: Text) -> Text:
    return Text(f"{field.zh}：{choice.zh}", f"{field.en}: {choice.en}")


def districts(
    items: ItemQuerySet, units: QuerySet[Unit], codes: Iterable[str], share: Share | None, run: Run | None = None
) -> Counted:
    """Of the items asked for, those of each unit with one of these codes and of the units under it; three queries."""
    found = list(units.filter(code__in=list(codes), closed_on=None).order_by("order", "pk"))
    above: defaultdict[int, list[int]] = defaultdict(list)
    pairs = UnitAncestry.objects.filter(ancestor__in=[one.pk for one in found])
    for ancestor, descendant in pairs.values_list("ancestor_id", "descendant_id"):
        above[descendant].append(ancestor)
    counted, parts, elsewhere = Counter[int](), Counter[int](), 0
    for unit, said, count in _counts(items, share, run):
        elsewhere += 0 if above[unit] else count
        for one in above[unit]:
            counted[one] += count
            parts[one] += count if share is not None and said == share.choice else 0
    return Counted([District(one.pk, one.code, one.title, counted[one.pk], parts[one.pk]) for one in found], elsewhere)


def _counts(items: ItemQuerySet, share: Share | None, run: Run | None) -> Iterable[tuple[int, str, int]]:
    """Unit, what its items say of the share's field, how many."""
    if share is None:
        counted = items.order_by().values_list("unit_id").annotate(n=Count("pk", distinct=True))
        return [(unit, "", count) for unit, count in counted]
    lit = ItemLight.objects.filter(run=run, item=OuterRef("pk")).values("severity")[:1]
    of_share = Subquery(lit) if share.field == LIGHT else DeclaredValue(share.field, "values")
    said = items.order_by().annotate(said=of_share)
    rows = said.values_list("unit_id", "said").annotate(n=Count("pk", distinct=True))
    return [(unit, _word(value), count) for unit, value, count in rows]


def _word(value: Any) -> str:
    """A value as a share names it: choices by their keys, flags as `true` and `false`."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)
