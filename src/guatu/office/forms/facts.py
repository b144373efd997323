"""What a prefilled report form is made from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from guatu.declarations.ledger import FieldDeclaration
from guatu.text import Language, Text

FormValue = str | int | Decimal | Fraction | bool | date | tuple[str, ...] | None
"""As stored: money in 分, area in millionths of a 亩, percentages with 1 = 100 %, flags as bool, tags as words."""


@dataclass(frozen=True, slots=True)
class FormColumn:
    """A column of the form: a field of the ledger, under its own title or the one given."""

    field: FieldDeclaration
    title: Text | None = None
    """For a field whose title depends on the round, such as 1-8月累计完成投资."""
    locked: bool = False
    """Shown, not to be changed: what identifies the item."""
    help: Text | None = None

    @property
    def heading(self) -> Text:
        return self.title or self.field.title


@dataclass(frozen=True, slots=True)
class FormRow:
    """A known item with what is known about it."""

    item_id: str
    values: Mapping[str, FormValue]


@dataclass(frozen=True, slots=True)
class FormFacts:
    """The form of one unit for one round."""

    form: str
    version: str
    title: Text
    """Such as 2021年8月重点项目调度表."""
    unit: Text
    unit_code: str
    issuer: Text
    as_of: date
    columns: tuple[FormColumn, ...]
    rows: tuple[FormRow, ...]
    due_on: date | None = None
    money_unit: str = "万元"
    spare_rows: int = 20
    """Empty rows below the known items, for new ones."""
    instructions: tuple[Text, ...] = ()
    """The issuer's own words on how to fill it in, before the list of columns."""
    language: Language = "zh"

    def __post_init__(self) -> None:
        keys = [column.field.key for column in self.columns]
        if len(set(keys)) != len(keys):
            raise ValueError("A form has one column for each field.")
        if not keys:
            raise ValueError("A form needs columns.")
