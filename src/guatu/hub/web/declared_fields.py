"""A form's fields drawn from a ledger's declaration: people write in the field's unit, the ledger gets exact values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms

from guatu.declarations import FieldDeclaration, FieldType
from guatu.hub.ledger.encodings import Json, Value, plain_decimal
from guatu.hub.web.page_forms import ChosenField, DayField, LineField, beside_field, in_language, with_unit
from guatu.standards.credit_codes import parse_credit_code
from guatu.standards.project_codes import parse_project_code
from guatu.standards.quantities import from_fen, from_mu_millionths, to_fen, to_mu_millionths
from guatu.standards.rounding import round_half_up
from guatu.text import Refusal, Text

LONG = 40
"""Characters of a text after which it gets lines of its own."""
MOST = 4000
MOST_DIGITS = 32
"""Of a number as it is typed; what its field can hold is less."""
_AREA_DECIMALS = 6
YES_NO: Mapping[str, Text] = {"true": Text("是", "Yes"), "false": Text("否", "No")}


class QuantityField(forms.DecimalField):
    """A number in the unit its label names."""

    def __init__(self, declared: FieldDeclaration) -> None:
        super().__init__(label=in_language(_labelled(declared)), required=False, max_digits=MOST_DIGITS)
        self.declared = declared

    def clean(self, value: Any) -> Value | None:
        number = super().clean(value)
        if number is None:
            return None
        try:
            return _kept_number(self.declared, number)
        except Refusal as refusal:
            raise forms.ValidationError(beside_field(refusal)) from refusal


class CodeField(LineField):
    """A project or credit code, whose check characters must agree."""

    def __init__(self, label: Text, kind: FieldType) -> None:
        super().__init__(label, most=64, required=False)
        self.kind = kind

    def clean(self, value: Any) -> str:
        said = str(super().clean(value)).strip()
        if not said:
            return ""
        try:
            return parse_credit_code(said) if self.kind is FieldType.CREDIT_CODE else str(parse_project_code(said))
        except Refusal as refusal:
            raise forms.ValidationError(beside_field(refusal)) from refusal


@dataclass(frozen=True, slots=True)
class DeclaredField:
    """A declared field in a form: how it is asked, what it shows at first, what an answer means."""

    declared: FieldDeclaration

    @property
    def name(self) -> str:
        """Its name in the form, apart from those of the form's own fields."""
        return f"f-{self.declared.key}"

    def asked(self, kept: Json | None) -> forms.Field:
        """The form's field; three short ones stand on a line."""
        match self.declared.type:
            case FieldType.MONEY | FieldType.AREA | FieldType.PERCENT | FieldType.NUMBER | FieldType.INTEGER:
                field: forms.Field = QuantityField(self.declared)
            case FieldType.DATE:
                field = DayField(self.declared.title, required=False)
            case FieldType.FLAG:
                field = ChosenField(self.declared.title, YES_NO, required=False)
            case FieldType.CHOICE:
                field = ChosenField(self.declared.title, choices_of(self.declared), required=False)
            case FieldType.CREDIT_CODE | FieldType.PROJECT_CODE:
                field = CodeField(self.declared.title, self.declared.type)
            case _:
                field = LineField(self.declared.title, most=MOST, required=False)
        if self.declared.type is FieldType.TEXT and isinstance(kept, str) and (len(kept) > LONG or "\n" in kept):
            field.widget = forms.Textarea(attrs={"rows": 3, "maxlength": MOST})
        else:
            field.is_third = True  # type: ignore[attr-defined]  # read by the template
        return field

    def shown_at_first(self, kept: Json | None) -> object:
        """What a kept value looks like in the form."""
        if kept is None:
            return None
        match self.declared.type:
            case FieldType.MONEY:
                return plain_decimal(from_fen(int(str(kept)), self.declared.unit or "元"))
            case FieldType.AREA:
                area = from_mu_millionths(int(str(kept)), self.declared.unit or "亩")
                return plain_decimal(round_half_up(area, _AREA_DECIMALS))
            case FieldType.PERCENT:
                return plain_decimal(Decimal(str(kept)) * 100)
            case FieldType.DATE:
                return date.fromisoformat(str(kept))
            case FieldType.FLAG:
                return "true" if kept else "false"
            case _:
                return str(kept)

    def meant(self, answer: Any) -> Value | None:
        """The value an answer means; None where it is left blank."""
        if answer in (None, ""):
            return None
        if self.declared.type is FieldType.FLAG:
            return bool(answer == "true")
        if self.declared.type in (FieldType.TEXT, FieldType.CREDIT_CODE, FieldType.PROJECT_CODE):
            return str(answer).strip()
        value: Value = answer
        return value


def choices_of(declared: FieldDeclaration) -> dict[str, Text]:
    """The keys of a choice with their names."""
    return {key: declared.choice_title(key) for key in declared.states}


def _labelled(declared: FieldDeclaration) -> Text:
    unit = "%" if declared.type is FieldType.PERCENT else declared.unit
    return with_unit(declared.title, unit)


def _kept_number(declared: FieldDeclaration, number: Decimal) -> Value:
    match declared.type:
        case FieldType.MONEY:
            return to_fen(number, declared.unit or "元", where=declared.title.zh)
        case FieldType.AREA:
            return to_mu_millionths(number, declared.unit or "亩", where=declared.title.zh)
        case FieldType.PERCENT:
            return number / 100
        case FieldType.INTEGER if number == number.to_integral_value():
            return int(number)
        case _:
            return number
