"""Items in columns by how far they have come: by a choice, or by the milestone they reached last."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
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
from guatu.text import Text

MILESTONES = "milestones"
CARDS = 20
"""Of a column at most; the rest are in the table."""


@dataclass(slots=True)
class Column:
    """A column by its key (None: the items lack it), how many items it holds, the first of them."""

    key: str | None
    title: Text
    count: int = 0
    items: list[Item] = field(default_factory=list)

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
    """Every column in the order of the declaration, empty ones too. Two statements."""
    standing = _standing(ledger, items, by)
    counts = dict(standing.order_by().values_list("standing").annotate(n=Count("pk")))
    number = Window(RowNumber(), partition_by=[F("standing")], order_by=[*(F(one) for one in BY_UNIT)])
    first: dict[str | None, list[Item]] = {}
    for one in standing.annotate(number=number).filter(number__lte=CARDS).order_by("number"):
        first.setdefault(one.standing, []).append(one)
    columns = [Column(key, title) for key, title in _titles(ledger, by)]
    known = {one.key for one in columns}
    columns += [
        Column(key, Text(key, key)) for key in sorted(one for one in counts if one is not None and one not in known)
    ]
    for column in columns:
        column.count, column.items = counts.get(column.key, 0), first.get(column.key, [])
    return columns


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


def next_days(items: Sequence[Item], ledger: LedgerDeclaration) -> dict[int, tuple[Text, date]]:
    """Of each item the earliest day planned for a milestone it has not reached. One statement."""
    plans: dict[tuple[int, str], date] = {}
    reached: set[tuple[int, str]] = set()
    held = Milestone.objects.in_force().counting().filter(item__in=[one.pk for one in items])
    for one in held.order_by("fact"):  # what was planned first, then what was revised
        if one.fact == Fact.ACTUAL:
            reached.add((one.item_id, one.key))
        elif one.on is not None:
            plans[one.item_id, one.key] = one.on
    found: dict[int, tuple[Text, date]] = {}
    for (item, key), on in plans.items():
        if (item, key) not in reached and key in ledger.milestones and (item not in found or on < found[item][1]):
            found[item] = (ledger.milestones[key].title, on)
    return found
