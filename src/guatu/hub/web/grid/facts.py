"""What a cell of the table holds of an item, and how people type it: its name, its code, a declared field."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import forms

from guatu.declarations import FieldDeclaration
from guatu.declarations import Ledger as LedgerDeclaration
from guatu.hub.ledger.fields import facts_of
from guatu.hub.ledger.grid.columns import CODE, NAME, Column, Kind, column_of_names, columns_of
from guatu.hub.ledger.models import Item
from guatu.hub.ledger.shown import NOTHING, Shown, reason_shown, shown
from guatu.hub.web.declared_fields import DeclaredField
from guatu.hub.web.item_changes import code_field, name_field
from guatu.text import Text


@dataclass(frozen=True, slots=True)
class Fact:
    """A fact by its key; `field` where the ledger declares it among the values of items."""

    ledger: LedgerDeclaration
    key: str
    title: Text
    field: FieldDeclaration | None = None

    @classmethod
    def of(cls, ledger: LedgerDeclaration, key: str) -> Fact | None:
        """None for what the ledger does not have, and for what is no fact of an item's row."""
        if key == NAME:
            return cls(ledger, key, column_of_names(ledger).title)
        if key == CODE:
            return cls(ledger, key, columns_of(ledger)[CODE].title)
        field = facts_of(ledger).get(key)
        return cls(ledger, key, field.title, field) if field is not None else None

    @property
    def name(self) -> str:
        """Its name in a form, apart from those of the form's own fields."""
        return f"f-{self.key}"

    def asked(self, item: Item | None = None) -> forms.Field:
        """The form's field; a name alone cannot be left blank."""
        if self.field is not None:
            field = DeclaredField(self.field).asked(item.values.get(self.key) if item is not None else None)
        else:
            field = name_field() if self.key == NAME else code_field(self.ledger)
        field.required = self.key == NAME
        return field

    def at_first(self, item: Item) -> object:
        """What the form shows of an item."""
        if self.field is None:
            return item.name if self.key == NAME else item.code
        return DeclaredField(self.field).shown_at_first(item.values.get(self.key))

    def stated(self, answer: Any) -> Mapping[str, Any]:
        """What an answer says, by the words of `change_item` and of `Together`."""
        if self.field is None:
            return {self.key: str(answer or "").strip()}
        return {"values": {self.key: DeclaredField(self.field).meant(answer)}}

    def shown(self, item: Item) -> Shown:
        if self.field is None:
            said = (item.name if self.key == NAME else item.code) or NOTHING
            return Shown(self.key, self.title, Text(said, said))
        return shown(self.field, item.values.get(self.key), reason_shown(self.ledger, item.missing.get(self.key)))


def is_fact(column: Column) -> bool:
    """Whether a column shows a fact of an item's row that is changed in the table."""
    return column.kind is Kind.FIELD or column.key in (NAME, CODE)
