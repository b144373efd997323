"""Values of items as people read them: in their unit, every digit, thin spaces between thousands."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from guatu.declarations import FieldDeclaration, FieldType
from guatu.declarations import Ledger as LedgerDeclaration
from guatu.hub.ledger.places import DECIMALS
from guatu.standards.quantities import from_fen, from_mu_millionths
from guatu.standards.rounding import round_half_up
from guatu.standards.unit_titles import behind, unit_title
from guatu.text import Text

THIN = "\u2009"
_AREA_DECIMALS = 6
NOTHING = "—"

BLANK: Mapping[str, Text] = {
    "blank": Text("空着", "left blank"),
    "bad": Text("单元格有误", "the cell was wrong"),
    "question": Text("待答复", "waits for an answer"),
}
"""Why a field has no value, where the reader says so in a word of its own; others are the ledger's."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A fact of an item: its name, what it says, its unit, and whether it is a number."""

    key: str
    title: Text
    said: Text
    unit: str = ""
    is_number: bool = False
    missing: Text | None = None

    @property
    def with_unit(self) -> Text:
        """What it says with its unit behind it."""
        unit = behind(unit_title(self.unit))
        return Text(f"{self.said.zh}{unit.zh}", f"{self.said.en}{unit.en}")


def shown(declared: FieldDeclaration, value: Any, missing: Text | None = None) -> Shown:
    """A kept value; a missing one is a dash with its reason."""
    unit = declared.unit or ""
    if value is None:
        return Shown(declared.key, declared.title, Text(NOTHING, NOTHING), unit, missing=missing)
    match declared.type:
        case FieldType.MONEY:
            text, number = grouped(from_fen(int(value), declared.unit or "元")), True
        case FieldType.AREA:
            text, number = grouped(_decimal(from_mu_millionths(int(value), declared.unit or "亩"))), True
        case FieldType.PERCENT:
            text, number, unit = grouped(Decimal(str(value)) * 100), True, "%"
        case FieldType.NUMBER | FieldType.INTEGER:
            text, number = grouped(Decimal(str(value))), True
        case FieldType.FLAG:
            said = Text("是", "yes") if value else Text("否", "no")
            return Shown(declared.key, declared.title, said)
        case FieldType.CHOICE:
            return Shown(declared.key, declared.title, declared.choice_title(str(value)))
        case _:
            text, number = str(value), False
    return Shown(declared.key, declared.title, Text(text, text), unit, number)


def reason_shown(ledger: LedgerDeclaration, why: str | None) -> Text | None:
    """Why there is no value: in the words units write for it, or the reader's own."""
    if why is None:
        return None
    words = ledger.blanks.get(why, ())
    return BLANK.get(why) or Text(words[0] if words else why, why.replace("_", " "))


def shown_figure(declared: FieldDeclaration, amount: int | None, number: str) -> Shown:
    """A figure of a period."""
    return shown(declared, amount if amount is not None else number or None)


def grouped(number: Decimal) -> str:
    """Every digit there is, thousands apart."""
    plain = format(number.normalize() if number else Decimal(0), "f")
    whole, _, rest = plain.partition(".")
    return f"{int(whole):,}".replace(",", THIN) + (f".{rest}" if rest else "") if not whole.startswith("-0") else plain


def _decimal(value: Fraction) -> Decimal:
    return round_half_up(value, _AREA_DECIMALS)


def titled(ledger: LedgerDeclaration, fact: str) -> Text:
    """What a fact is called: core columns, declared fields, figures of a period, milestones."""
    kind, _, rest = fact.partition(".")
    if kind == "values" and (declared := ledger.field_called(rest)) is not None:
        return declared.title
    if kind == "figures":
        field, _, period = rest.rpartition(".")
        title = ledger.fields[field].title if field in ledger.fields else Text(field, field)
        return Text(f"{title.zh}（{period}）", f"{title.en} ({period})")
    if kind == "milestones":
        key, _, which = rest.partition(".")
        title = ledger.milestone_title(key)
        word = FACTS.get(which, Text(which, which))
        return Text(f"{title.zh}·{word.zh}", f"{title.en}, {word.en}")
    return _CORE.get(fact, Text(fact, fact))


def said_of(ledger: LedgerDeclaration, fact: str, value: Any, units: Mapping[int, Text]) -> Text:
    """What a fact says, for a person: values in their unit, units and lists by their names."""
    kind, _, rest = fact.partition(".")
    field = rest if kind == "values" else rest.rpartition(".")[0] if kind == "figures" else ""
    if value is None:
        return Text(NOTHING, NOTHING)
    if (declared := ledger.field_called(field)) is not None:
        one = shown(declared, value)
        return one.with_unit
    if fact == "unit":
        return units.get(int(value), Text(str(value), str(value)))
    if fact == "lists":
        titles = [ledger.list_title(key) for key in value]
        return Text("、".join(one.zh for one in titles) or NOTHING, ", ".join(one.en for one in titles) or NOTHING)
    if fact == "state":
        return STATES.get(str(value), Text(str(value), str(value)))
    if fact == "geometry":
        return _placed(str(value))
    return Text(str(value), str(value))


def _placed(text: str) -> Text:
    """A point by its numbers; of anything larger, what it is."""
    geometry = json.loads(text)
    if geometry.get("type") != "Point":
        return Text(str(geometry.get("type")), str(geometry.get("type")))
    longitude, latitude = (f"{number:.{DECIMALS}f}" for number in geometry["coordinates"][:2])
    return Text(f"经度 {longitude}°，纬度 {latitude}°", f"longitude {longitude}°, latitude {latitude}°")


_CORE: Mapping[str, Text] = {
    "unit": Text("责任单位", "Unit"),
    "name": Text("名称", "Name"),
    "code": Text("代码", "Code"),
    "state": Text("状态", "State"),
    "lists": Text("清单", "Lists"),
    "merged_into": Text("并入", "Merged into"),
    "geometry": Text("位置", "Place"),
}
PRECISIONS: Mapping[str, Text] = {
    "ten_days": Text("到旬", "to ten days"),
    "month": Text("到月", "to the month"),
    "quarter": Text("到季", "to the quarter"),
    "half": Text("到半年", "to the half-year"),
    "year": Text("到年", "to the year"),
}
"""How exactly a day is known, where it is not to the day."""
FACTS: Mapping[str, Text] = {
    "planned": Text("计划", "planned"),
    "revised": Text("调整", "revised"),
    "actual": Text("实际", "actual"),
}
STATES: Mapping[str, Text] = {
    "active": Text("在列", "active"),
    "suspended": Text("暂停", "suspended"),
    "withdrawn": Text("退出", "withdrawn"),
    "merged": Text("已合并", "merged"),
}
