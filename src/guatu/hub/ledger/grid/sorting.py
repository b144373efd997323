"""In which order items stand: by a core fact, their light or a field people filter by, up or down; missing values always last."""

from __future__ import annotations

from typing import Any

from django.db.models import Case, DecimalField, IntegerField, Value, When
from django.db.models.expressions import Combinable
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast
from django.db.models.lookups import Exact

from guatu.declarations import FieldDeclaration, FieldType
from guatu.declarations import Ledger as LedgerDeclaration
from guatu.engine.values.severity import Severity
from guatu.hub.ledger.fields import facts_of
from guatu.hub.ledger.grid.columns import Column, Kind
from guatu.hub.ledger.grid.grouping import LIGHT, WORST_FIRST
from guatu.hub.ledger.indexing import DeclaredValue

BY_UNIT = ("unit__order", "unit_id", "pk")
"""As the city prints its units: how a table stands until somebody sorts it."""
_CORE = {"name": ("name",), "code": ("code",), "unit": ("unit__order", "unit_id")}
_AS_TEXT = (FieldType.NUMBER, FieldType.PERCENT)


def sortable(column: Column) -> bool:
    """Whether a table is sorted by a column."""
    if column.kind is Kind.CORE:
        return column.key in _CORE
    if column.kind is Kind.LIGHT:
        return column.key == LIGHT
    return column.kind is Kind.FIELD and column.field is not None and column.field.filterable


def checked_sort(ledger: LedgerDeclaration, said: str) -> str:
    """What an address sorts by, `KEY` or `-KEY`; nothing where that cannot be."""
    key = said.removeprefix("-")
    field = facts_of(ledger).get(key)
    return said if key in _CORE or key == LIGHT or (field is not None and field.filterable) else ""


def order_by(ledger: LedgerDeclaration, sort: str, light: Combinable | None = None) -> tuple[Any, ...]:
    """What a queryset of items is ordered by; the same items always stand in the same order.

    `light` finds an item's light; without it none has one, and they stand as the city prints its units. The worst come first.
    """
    key, down = sort.removeprefix("-"), sort.startswith("-")
    if not key or (key == LIGHT and light is None):
        return BY_UNIT
    if key == LIGHT:
        place = _place_of(light)
        return (place.desc(nulls_last=True) if down else place.asc(nulls_last=True), *BY_UNIT)
    if key in _CORE:
        return (*(f"-{one}" if down else one for one in _CORE[key]), "pk")
    value = _value(facts_of(ledger)[key])
    return (value.desc(nulls_last=True) if down else value.asc(nulls_last=True), "pk")


def _place_of(light: Any) -> Case:
    """A light's place among severities, the worst first; none where nothing was judged."""
    judged = [one for one in WORST_FIRST if one != Severity.NOT_JUDGED.value]
    places = [When(Exact(light, one), then=Value(place)) for place, one in enumerate(judged)]
    return Case(*places, output_field=IntegerField())


def _value(field: FieldDeclaration) -> Any:
    """What a field's values are compared by: choices as declared, numbers as numbers."""
    text: Combinable = KeyTextTransform(field.key, "values")
    if field.type is FieldType.CHOICE:
        places = [When(Exact(text, state), then=Value(place)) for place, state in enumerate(field.states)]
        return Case(*places, output_field=IntegerField())
    if field.type in _AS_TEXT:
        return Cast(text, DecimalField(max_digits=38, decimal_places=12))
    return DeclaredValue(field.key, "values")
