"""What a cell of a form accepts, as Excel checks it while people type: list, number, whole number, date."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from guatu.declarations.ledger import FieldDeclaration, FieldType
from guatu.office.forms.facts import FormColumn
from guatu.text import Language, Text

_NUMBERS = {FieldType.MONEY, FieldType.AREA, FieldType.NUMBER, FieldType.PERCENT}
_FIRST_DAY, _LAST_DAY = date(1990, 1, 1), date(2099, 12, 31)
_LARGEST = 999_999_999
_LONGEST_LIST = 255


def choices(field: FieldDeclaration) -> tuple[str, ...]:
    """The word to write for each state: the first that is no pattern."""
    words = (_word(written) for written in field.states.values())
    return tuple(word for word in words if word) if field.type in (FieldType.FLAG, FieldType.CHOICE) else ()


def word_for(field: FieldDeclaration, state: str) -> str:
    """How a state is written in a cell; the state's key where a pack gives no word."""
    return _word(field.states.get(state, ())) or state


def _word(written: tuple[str, ...]) -> str:
    """The first word people would write: Chinese before marks and digits, no pattern, no comma."""
    plain = [word for word in written if "*" not in word and "," not in word and "，" not in word]
    return next((word for word in plain if "\u4e00" <= word[0] <= "\u9fff"), plain[0] if plain else "")


def validation(column: FormColumn, language: Language) -> dict[str, Any] | None:
    """Excel's data validation for a column; None where any text will do."""
    rule = _rule(column.field)
    if rule is None:
        return None
    said = accepts(column.field)
    return {
        **rule,
        "ignore_blank": True,
        "input_title": column.heading.in_(language)[:32],
        "input_message": said.in_(language)[:255],
        "error_title": Text("填写有误", "Not accepted").in_(language),
        "error_message": (f"“{column.heading.zh}”{said.zh}" if language == "zh" else f"{column.heading.en}: {said.en}")[
            :255
        ],
    }


def _rule(field: FieldDeclaration) -> dict[str, Any] | None:
    if words := choices(field):
        return {"validate": "list", "source": list(words)} if len(",".join(words)) <= _LONGEST_LIST else None
    least = -_LARGEST if field.negative else 0
    if field.type in _NUMBERS:
        return {"validate": "decimal", "criteria": "between", "minimum": least, "maximum": _LARGEST}
    match field.type:
        case FieldType.INTEGER:
            return {"validate": "integer", "criteria": "between", "minimum": least, "maximum": _LARGEST}
        case FieldType.DATE:
            return {
                "validate": "date",
                "criteria": "between",
                "minimum": datetime(_FIRST_DAY.year, 1, 1),
                "maximum": datetime(_LAST_DAY.year, 12, 31),
            }
        case _:
            return None


def accepts(field: FieldDeclaration) -> Text:
    """What may be written, as a sentence for the person who fills it in."""
    if words := choices(field):
        return Text(f"从列表中选：{'、'.join(words)}。", f"Choose from the list: {', '.join(words)}.")
    sign = Text("，可为负", ", may be negative") if field.negative else Text("", "")
    match field.type:
        case FieldType.MONEY | FieldType.AREA | FieldType.NUMBER:
            unit = Text(f"，单位{field.unit}", f" in {field.unit}") if field.unit else Text("", "")
            return Text(f"填数字{unit.zh}{sign.zh}，不带单位。", f"A number{unit.en}{sign.en}, without its unit.")
        case FieldType.PERCENT:
            return Text("填百分比，例如 101.5%。", "A percentage such as 101.5%.")
        case FieldType.INTEGER:
            return Text(f"填整数{sign.zh}。", f"A whole number{sign.en}.")
        case FieldType.DATE:
            return Text("填日期，例如 2021-09-30；没有就空着。", "A date such as 2021-09-30; leave it empty if none.")
        case FieldType.PROJECT_CODE:
            return Text("填 24 位在线审批监管平台代码。", "The 24-character project code.")
        case FieldType.CREDIT_CODE:
            return Text("填 18 位统一社会信用代码。", "The 18-character credit code.")
        case FieldType.TAGS | FieldType.PEOPLE | FieldType.PHONES:
            return Text("多个之间用“、”隔开。", "Separate several with 、.")
        case _:
            return Text("填文字。", "Text.")
