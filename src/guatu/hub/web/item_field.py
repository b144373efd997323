"""A field of a form that names an item."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Q, QuerySet

from guatu.hub.ledger.models import Item
from guatu.hub.web.page_forms import ID_BEHIND, OFFERED, OfferedInput, in_language, the_one
from guatu.text import Text


class ItemField(forms.CharField):
    """An item by name, code or number, of those a queryset holds."""

    def __init__(self, label: Text, items: QuerySet[Item]) -> None:
        self.items = items
        offered = [f"{name} #{pk}" for pk, name in items.order_by("name", "pk").values_list("pk", "name")[:OFFERED]]
        super().__init__(label=in_language(label), widget=OfferedInput(offered))

    def clean(self, value: Any) -> Item:
        said = str(super().clean(value)).strip()
        by_id = ID_BEHIND.search(said)
        found = self.items.filter(Q(pk=int(by_id[1])) if by_id else Q(code=said) | Q(name=said))
        item: Item = the_one(said, list(found.select_related("ledger__pack", "unit")[:2]))
        return item
