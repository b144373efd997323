"""In which order items stand: by a core fact or a field people filter by, up or down; missing values always last."""

from __future__ import annotations

from typing import Any

from django.db.models import Case, DecimalField, IntegerField, Value, When
from django.db.models.expressions import Combinable
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast
from django.db.models.lookups import Exact

from guatu.declarations import FieldDeclaration, FieldType
from guatu.declarations import Ledger as LedgerDeclaration
from guatu.hub.ledger.fields import facts_of
from guatu.hub.ledger.grid.columns import Column, Kind
from guatu.hub.ledger.indexing import DeclaredValue

BY_UNIT = ("unit__order", "unit_id", "pk")
"""As the city prints its units: how a table stands until somebody sorts it."""
_CORE = {"name": ("name",), "code": ("code",), "unit": ("unit__order", "unit_id")}
_AS_TEXT = (FieldType.NUMBER, FieldType.PERCENT)


def sortable(column: Column) -> bool:
    """Whether a table is sorted by a column."""
    if column.kind is Kind.CORE:
        return column.key in _CORE
    return column.kind is Kind.FIELD and column.field is not None and column.field.filterable


def checked_sort(ledger: LedgerDeclaration, said: str) -> str:
    """What an address sorts by, `KEY` or `-KEY`; nothing where that cannot be."""
    key = said.removeprefix("-")
    field = facts_of(ledger).get(key)
    return said if key in _CORE or (field is not None and field.filterable) else ""


def order_by(ledger: LedgerDeclaration, sort: str) -> tuple[Any, ...]:
    """What a queryset of items is ordered by; the same items always stand in the same order."""
    key, down = sort.removeprefix("-"), sort.startswith("-")
    if not key:
        return BY_UNIT
    if key in _CORE:
        return (*(f"-{one}" if down else one for one in _CORE[key]), "pk")
    value = _value(facts_of(ledger)[key])
    return (value.desc(nulls_last=True) if down else value.asc(nulls_last=True), "pk")


def _value(field: FieldDeclaration) -> Any:
    """What a field's values are compared by: choices as declared, numbers as numbers."""
    text: Combinable = KeyTextTransform(field.key, "values")
    if field.type is FieldType.CHOICE:
        places = [When(Exact(text, state), then=Value(place)) for place, state in enumerate(field.states)]
        return Case(*places, output_field=IntegerField())
    if field.type in _AS_TEXT:
        return Cast(text, DecimalField(max_digits=38, decimal_places=12))
    return DeclaredValue(field.key, "values")
