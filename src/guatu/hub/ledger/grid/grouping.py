"""Items in groups: how many each holds, and what their amounts come to. Shares are never summed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db.models import Count, F, FilteredRelation, OuterRef, Q, QuerySet, Subquery, TextField, Value
from django.db.models.expressions import Combinable
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast, Coalesce, NullIf

from guatu.declarations import FieldDeclaration, FieldType
from guatu.declarations import Ledger as LedgerDeclaration
from guatu.engine.values.severity import Severity
from guatu.hub.accounts.models import Unit
from guatu.hub.ledger.fields import facts_of, stated_lists
from guatu.hub.ledger.grid.columns import Column, Kind
from guatu.hub.ledger.grid.sums import ExactSum
from guatu.hub.ledger.models import Figure, Item
from guatu.hub.ledger.shown import Shown, shown
from guatu.text import Text

UNIT, LIST, TREE, LIGHT = "unit", "list", "tree", "light"
_WHOLE = (FieldType.MONEY, FieldType.AREA, FieldType.INTEGER)
_CHOSEN = (FieldType.CHOICE, FieldType.FLAG)
WORST_FIRST = (
    *(one.value for one in sorted((one for one in Severity if one.rank is not None), reverse=True)),
    Severity.NOT_JUDGED.value,
)
"""Severities in the order lists show them."""
FIGURE_SAID = Coalesce(Cast("amount", TextField()), NullIf("number", Value("")), output_field=TextField())
"""A figure as it is kept, as text: whole fen or a decimal."""
RATIO = Text("比率不能相加", "ratios are not added up")
NO_UNIT = Text("没有单位的数不相加", "numbers without a unit are not added up")


@dataclass(slots=True)
class Group:
    """Items that have something in common: its key (None: they lack it), how many, the exact sum of each column."""

    key: str | None
    count: int = 0
    sums: dict[str, Decimal] = field(default_factory=dict)

    def add(self, other: Group) -> None:
        self.count += other.count
        for key, value in other.sums.items():
            self.sums[key] = self.sums.get(key, Decimal(0)) + value


def groupings(ledger: LedgerDeclaration) -> dict[str, Text]:
    """What items of a ledger may be grouped by, by its word in an address."""
    found = {TREE: Text("单位树", "Tree of units"), UNIT: Text("责任单位", "Unit")}
    if stated_lists(ledger):
        found[LIST] = Text("清单", "List")
    found[LIGHT] = Text("亮灯", "Light")
    return found | {key: one.title for key, one in facts_of(ledger).items() if one.type in _CHOSEN}


def summed(column: Column, ledger: LedgerDeclaration) -> bool:
    """Whether amounts of a column come to something: money, areas, whole numbers, other numbers that have a unit."""
    one = column.field
    if one is None or column.kind not in (Kind.FIELD, Kind.FIGURE):
        return False
    if one.type in _WHOLE:
        return True
    return one.type is FieldType.NUMBER and one.unit not in (None, "", "%") and one.key not in (ledger.position or ())


def unsummed(column: Column) -> Text | None:
    """Why numbers of a column are not added up; nothing for what is no number."""
    if not column.is_number or column.field is None:
        return None
    return RATIO if column.field.type is FieldType.PERCENT or column.field.unit == "%" else NO_UNIT


def with_group(items: QuerySet[Item], by: str, light: Combinable | None = None) -> QuerySet[Any]:
    """The items with `grouped`, what they are grouped by as text; an item on several lists comes once for each.

    `light` finds an item's light; without it no item has one.
    """
    if by == LIGHT:
        return items.annotate(grouped=Cast(light if light is not None else Value(None), TextField()))
    if by in (UNIT, TREE):
        return items.annotate(grouped=Cast("unit_id", TextField()))
    if by == LIST:
        on = FilteredRelation("memberships", condition=Q(memberships__valid_to=None))
        return items.annotate(stands_on=on).annotate(grouped=F("stands_on__list"))
    return items.annotate(grouped=Cast(KeyTextTransform(by, "values"), TextField()))


def groups_of(
    items: QuerySet[Item],
    by: str,
    columns: Sequence[Column],
    periods: Mapping[str, str],
    light: Combinable | None = None,
) -> dict[str | None, Group]:
    """Every group with its count and the sums of these columns, in one statement."""
    totals = {f"sum_{place}": ExactSum(_amount(one, periods)) for place, one in enumerate(columns)}
    counted = with_group(items, by, light).order_by().values("grouped").annotate(count=Count("pk"), **totals)
    found: dict[str | None, Group] = {}
    for row in counted:
        group = Group(row["grouped"], row["count"])
        for place, one in enumerate(columns):
            if row[f"sum_{place}"] is not None:
                group.sums[one.key] = Decimal(row[f"sum_{place}"])
        found[group.key] = group
    return found


def all_together(groups: Iterable[Group]) -> Group:
    """What groups come to that no item is in twice."""
    whole = Group("")
    for one in groups:
        whole.add(one)
    return whole


def total_of(items: QuerySet[Item], columns: Sequence[Column], periods: Mapping[str, str]) -> Group:
    """All of them as one group: an item on several lists counts once."""
    totals = {f"sum_{place}": ExactSum(_amount(one, periods)) for place, one in enumerate(columns)}
    row: dict[str, Any] = items.order_by().aggregate(count=Count("pk"), **totals)
    sums = {
        one.key: Decimal(row[f"sum_{place}"]) for place, one in enumerate(columns) if row[f"sum_{place}"] is not None
    }
    return Group("", row["count"], sums)


def _amount(column: Column, periods: Mapping[str, str]) -> Combinable:
    """What is summed of an item: its value, or its figure of the period shown."""
    if column.kind is Kind.FIELD:
        return KeyTextTransform(column.key, "values")
    held = Figure.objects.in_force().filter(item=OuterRef("pk"), field=column.key, period=periods.get(column.key, ""))
    return Subquery(held.annotate(said=FIGURE_SAID).values("said")[:1], output_field=TextField())


def shown_sum(column: Column, group: Group) -> Shown:
    """A sum as it is read, in the column's unit; a dash where no item has a value."""
    assert column.field is not None
    value = group.sums.get(column.key)
    if value is None:
        return shown(column.field, None)
    return shown(column.field, int(value) if column.field.type in _WHOLE else value)


def title_of(ledger: LedgerDeclaration, by: str, key: str | None, units: Mapping[int, Text]) -> Text:
    """What a group is called."""
    if by == LIGHT:
        return Severity(key or Severity.NOT_JUDGED.value).words
    if key is None:
        return Text("没有填", "not given") if by != LIST else Text("不在任何清单上", "on no list")
    if by in (UNIT, TREE):
        return units.get(int(key), Text(key, key))
    if by == LIST:
        return ledger.list_title(key)
    one: FieldDeclaration = facts_of(ledger)[by]
    if one.type is FieldType.FLAG:
        yes = Text("是", "yes") if key == "true" else Text("否", "no")
        return Text(f"{one.title.zh}：{yes.zh}", f"{one.title.en}: {yes.en}")
    return one.choice_title(key)


def in_order(ledger: LedgerDeclaration, by: str, groups: Mapping[str | None, Group]) -> list[Group]:
    """Groups of lists and choices as the ledger declares them, unknown ones after, those that lack it last."""
    known = {LIST: ledger.lists, LIGHT: WORST_FIRST}.get(by) or ("true", "false", *facts_of(ledger)[by].states)
    place = {key: number for number, key in enumerate(known)}
    return sorted(
        groups.values(), key=lambda one: (one.key is None, place.get(one.key or "", len(place)), one.key or "")
    )


def named_in_order(ledger: LedgerDeclaration, by: str, groups: Mapping[str | None, Group]) -> list[tuple[Group, Text]]:
    """Groups with what they are called: units as the city prints them, in one statement, all else as the ledger declares it."""
    units: dict[int, Text] = {}
    if by == UNIT:
        listed = Unit.objects.filter(pk__in=[int(key) for key in groups if key]).order_by("order", "pk")
        units = {one.pk: one.title for one in listed}
    ordered = [groups[str(pk)] for pk in units] if by == UNIT else in_order(ledger, by, groups)
    return [(one, title_of(ledger, by, one.key, units)) for one in ordered]
