"""Items of a ledger that may be one: by rule (one credit code or one unit, one name), by likeness as the pack's checks say."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass

from guatu.declarations import FieldType
from guatu.declarations import Ledger as LedgerDeclaration
from guatu.dispatch.reconciliation.names import ComparedName, compared, likely_pairs
from guatu.hub.ledger.models import Item, ToldApart
from guatu.hub.ledger.models.items import ItemQuerySet, ItemState
from guatu.text import Text

EQUAL = 100


@dataclass(frozen=True, slots=True)
class Double:
    """Two items that may be one, the earlier first; why, and how alike their names are in percent."""

    one: Item
    other: Item
    because: Text
    likeness: int


def doubles(items: ItemQuerySet, ledger: LedgerDeclaration) -> list[Double]:
    """Pairs nobody has told apart yet, the likeliest first; three queries, whatever there is."""
    held = list(items.exclude(state=ItemState.MERGED).select_related("unit").order_by("pk"))
    names = [compared(one.name, ledger.checks.naming) for one in held]
    apart = set(ToldApart.objects.values_list("one_id", "other_id"))
    found: dict[tuple[int, int], Double] = {}
    for first, second, because, likeness in _pairs(held, names, ledger):
        one, other = held[min(first, second)], held[max(first, second)]
        if (one.pk, other.pk) not in apart:
            found.setdefault((one.pk, other.pk), Double(one, other, because, likeness))
    return sorted(found.values(), key=lambda one: (-one.likeness, one.one.pk, one.other.pk))


def _pairs(
    items: Sequence[Item], names: Sequence[ComparedName], ledger: LedgerDeclaration
) -> Iterator[tuple[int, int, Text, int]]:
    for key, declared in ledger.fields.items():
        if declared.type is FieldType.CREDIT_CODE:
            because = Text(f"{declared.title.zh}相同、名称相同", f"the same {declared.title.en}, the same name")
            keys: list[Hashable] = [one.values.get(key) for one in items]
            yield from _alike(keys, names, EQUAL, because)
    units: list[Hashable] = [one.unit_id for one in items]
    yield from _alike(units, names, EQUAL, Text("同一单位、名称相同", "one unit, the same name"))
    for check in ledger.checks.of_kind("similar"):
        yield from _alike([_facts(one, check.fields) for one in items], names, check.likeness, check.title)


def _facts(item: Item, fields: Sequence[str]) -> Hashable:
    """The facts two items must share to be held against each other; None where one is not there."""
    values = tuple(str(item.values[key]) for key in fields if key in item.values)
    return values if len(values) == len(fields) else None


def _alike(
    keys: Sequence[Hashable], names: Sequence[ComparedName], likeness: int, because: Text
) -> Iterator[tuple[int, int, Text, int]]:
    there = [position for position, key in enumerate(keys) if key is not None and names[position].bare]
    entries = [(keys[position], names[position]) for position in there]
    for first, second, alike in likely_pairs(entries, None, likeness):
        yield there[first], there[second], because, alike
