"""How a declared field's value stands in JSON: exactly, whatever it is, and the same on every database.

Money is whole 分, areas are whole millionths of a 亩, other numbers are decimal text, days are ISO 8601.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from guatu.declarations import FieldDeclaration, FieldType
from guatu.text import Refusal, Text

Json = str | int | bool | list[str]
Value = str | int | bool | Decimal | date | Sequence[str]

_WHOLE = (FieldType.MONEY, FieldType.AREA, FieldType.INTEGER)
_DECIMAL = (FieldType.NUMBER, FieldType.PERCENT)
_MOST = 2**63 - 1
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_PLAIN_DECIMAL = re.compile(r"-?(0|[1-9][0-9]{0,17})(\.[0-9]{1,12})?")


class WrongValue(Refusal):
    """A value that its field cannot hold; `field` names it."""

    def __init__(self, declared: FieldDeclaration, value: object) -> None:
        self.field = declared.key
        wanted = _WANTED[declared.type]
        super().__init__(
            declared.title.zh,
            Text(f"“{declared.title.zh}”不能是“{value}”", f"'{declared.title.en}' cannot be '{value}'"),
            Text(f"写成{wanted.zh}。", f"Give {wanted.en}."),
        )


def encoded(declared: FieldDeclaration, value: Value) -> Json:
    """A value as it stands in `values`; `WrongValue` when the field cannot hold it."""
    kind = declared.type
    if kind in _WHOLE and type(value) is int and abs(value) <= _MOST:
        return value
    if kind in _DECIMAL and isinstance(value, Decimal | int) and not isinstance(value, bool):
        text = plain_decimal(Decimal(value))
        if _PLAIN_DECIMAL.fullmatch(text):
            return text
    if kind is FieldType.DATE and type(value) is date:
        return value.isoformat()
    if kind is FieldType.FLAG and isinstance(value, bool):
        return value
    if kind is FieldType.TAGS and isinstance(value, list | tuple | set | frozenset):
        return sorted({str(one) for one in value})
    if kind is FieldType.CHOICE and value in declared.states:
        return str(value)
    if kind in _WORDS and isinstance(value, str) and value:
        return value
    raise WrongValue(declared, value)


def decoded(declared: FieldDeclaration, value: Json) -> Value:
    """What `encoded` was given."""
    match declared.type:
        case FieldType.NUMBER | FieldType.PERCENT:
            return Decimal(str(value))
        case FieldType.DATE:
            return date.fromisoformat(str(value))
        case _:
            return value


def valued(declared: FieldDeclaration, said: object) -> Value:
    """A value that a program gives in the kept form, as `encoded` takes it; `WrongValue` when it is none of the field's."""
    try:
        match declared.type:
            case FieldType.NUMBER | FieldType.PERCENT if isinstance(said, str) and _PLAIN_DECIMAL.fullmatch(said):
                return Decimal(said)
            case FieldType.DATE if isinstance(said, str) and _DAY.fullmatch(said):
                return date.fromisoformat(said)
            case FieldType.NUMBER | FieldType.PERCENT | FieldType.DATE:
                raise WrongValue(declared, said)
    except ValueError as error:  # 2026-02-30
        raise WrongValue(declared, said) from error
    assert isinstance(said, str | int | bool | list)
    return said


def accepted(declared: FieldDeclaration, said: object) -> Json:
    """The one kept form of a value a program gives."""
    return encoded(declared, valued(declared, said))


def plain_decimal(number: Decimal) -> str:
    """The one way to write a decimal: no exponent, no zeros at its end."""
    text = format(number, "f")
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text in ("-0", "") else text


_WORDS = (
    FieldType.TEXT, FieldType.PROJECT_CODE, FieldType.CREDIT_CODE, FieldType.PEOPLE, FieldType.PHONES,
)  # fmt: skip
_WANTED: dict[FieldType, Text] = {
    FieldType.TEXT: Text("文字", "text"),
    FieldType.INTEGER: Text("整数", "a whole number"),
    FieldType.NUMBER: Text("数，小数最多 12 位", "a number of at most 12 decimals"),
    FieldType.MONEY: Text("金额，最小到分", "an amount, to the 分 at most"),
    FieldType.AREA: Text("面积", "an area"),
    FieldType.PERCENT: Text("百分比", "a percentage"),
    FieldType.DATE: Text("日期，如 2026-08-31", "a day, such as 2026-08-31"),
    FieldType.FLAG: Text("是或否", "yes or no"),
    FieldType.TAGS: Text("清单名称", "names of lists"),
    FieldType.CHOICE: Text("所列选项之一", "one of the choices"),
    FieldType.PROJECT_CODE: Text("项目代码", "a project code"),
    FieldType.CREDIT_CODE: Text("统一社会信用代码", "a unified credit code"),
    FieldType.PEOPLE: Text("姓名", "names"),
    FieldType.PHONES: Text("电话", "phone numbers"),
}
