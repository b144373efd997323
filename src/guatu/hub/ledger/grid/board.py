"""Items in columns by how far they have come: by a choice, or by the milestone they reached last."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Case, Count, F, IntegerField, OuterRef, QuerySet, Subquery, TextField, Value, When, Window
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast, RowNumber

from guatu.declarations import FieldType
from guatu.declarations import Ledger as LedgerDeclaration
from guatu.hub.ledger.asking import NONE
from guatu.hub.ledger.fields import facts_of
from guatu.hub.ledger.grid.sorting import BY_UNIT
from guatu.hub.ledger.models import Item, Milestone
from guatu.hub.ledger.models.milestones import Fact
from guatu.hub.ledger.plans import days_to_come
from guatu.text import Text

MILESTONES = "milestones"
CARDS = 20
"""Of a column at most; the rest are in the table."""


@dataclass(frozen=True, slots=True)
class Card:
    """An item as its card says it, with the milestone that comes next, by its key, and the day planned for it."""

    pk: int
    name: str
    unit: int
    comes: str | None = None
    on: date | None = None


@dataclass(frozen=True, slots=True)
class Column:
    """A column by its key (None: the items lack it), how many items it holds, the first of them."""

    key: str | None
    title: Text
    count: int = 0
    items: Sequence[Card] = ()

    @property
    def rest(self) -> int:
        """Items that are not among the cards."""
        return self.count - len(self.items)


def boards(ledger: LedgerDeclaration) -> dict[str, Text]:
    """By what items of a ledger can stand on a board, by its word in an address."""
    chosen = {
        key: one.title for key, one in facts_of(ledger).items() if one.filterable and one.type is FieldType.CHOICE
    }
    return ({MILESTONES: Text("走到的节点", "milestone reached")} if ledger.milestones else {}) | chosen


def columns_of(ledger: LedgerDeclaration, items: QuerySet[Item], by: str) -> list[Column]:
    """Every column in the order of the declaration, empty ones too. Three statements."""
    standing = _standing(ledger, items, by)
    counts = dict(standing.order_by().values_list("standing").annotate(n=Count("pk")))
    number = Window(RowNumber(), partition_by=[F("standing")], order_by=[*(F(one) for one in BY_UNIT)])
    numbered = standing.annotate(number=number).filter(number__lte=CARDS).order_by("number")
    rows = list(numbered.values_list("standing", "pk", "name", "unit_id"))
    coming = next_days([pk for _, pk, _, _ in rows], ledger)
    first: dict[str | None, list[Card]] = {}
    for column, pk, name, unit in rows:
        first.setdefault(column, []).append(Card(pk, name, unit, *coming.get(pk, ())))
    titles = dict(_titles(ledger, by))
    titles |= {key: Text(key, key) for key in sorted(one for one in counts if one is not None and one not in titles)}
    return [Column(key, title, counts.get(key, 0), first.get(key, ())) for key, title in titles.items()]


def condition(by: str, key: str | None) -> tuple[str, str]:
    """What a column asks for, as an address says it."""
    if by == MILESTONES:
        return "reached", NONE if key is None else key
    return "where", f"{by}:lacks:" if key is None else f"{by}:is:{key}"


def _titles(ledger: LedgerDeclaration, by: str) -> list[tuple[str | None, Text]]:
    if by == MILESTONES:
        return [(None, Text("未到任何节点", "None yet")), *((key, one.title) for key, one in ledger.milestones.items())]
    field_ = facts_of(ledger)[by]
    return [*((key, field_.choice_title(key)) for key in field_.states), (None, Text("没有填", "Not given"))]


def _standing(ledger: LedgerDeclaration, items: QuerySet[Item], by: str) -> QuerySet[Any]:
    """The items with `standing`, the key of their column."""
    if by != MILESTONES:
        return items.annotate(standing=Cast(KeyTextTransform(by, "values"), TextField()))
    place = Case(
        *(When(key=key, then=Value(number)) for number, key in enumerate(ledger.milestones)),
        output_field=IntegerField(),
    )
    reached = Milestone.objects.in_force().counting().filter(
        item=OuterRef("pk"), fact=Fact.ACTUAL, key__in=list(ledger.milestones)
    )  # fmt: skip
    last = reached.annotate(place=place).order_by("-place").values("key")[:1]
    return items.annotate(standing=Subquery(last, output_field=TextField()))


def next_days(items: Sequence[int], ledger: LedgerDeclaration) -> dict[int, tuple[str, date]]:
    """Of each item the earliest day planned for a milestone it has not reached, with its key. One statement."""
    found = {}
    for item, days in days_to_come(items).items():
        declared = [(on, key) for key, on in days.items() if key in ledger.milestones]
        if declared:
            on, key = min(declared, key=lambda one: one[0])
            found[item] = (key, on)
    return found
