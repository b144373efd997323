"""The columns of a ledger's sheet, and what stands in a cell: exact numbers in the unit of the header, days, words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from guatu.declarations import FieldDeclaration, FieldType
from guatu.declarations import Ledger as LedgerDeclaration
from guatu.hub.ledger.encodings import Json, plain_decimal
from guatu.hub.ledger.exports.items import Exported
from guatu.hub.ledger.fields import facts_of
from guatu.hub.ledger.shown import STATES
from guatu.standards.quantities import from_fen, from_mu_millionths
from guatu.standards.rounding import round_half_up
from guatu.text import Language, Text

_AREA_DECIMALS = 6


@dataclass(frozen=True, slots=True)
class Number:
    """A number as exact decimal text; a share is shown as a percentage."""

    text: str
    is_share: bool = False


Cell = Number | date | str | None


@dataclass(frozen=True, slots=True)
class Column:
    """A column's title, and what it says of an item."""

    title: str
    cell: Callable[[Exported], Cell]
    wide: bool = False


def columns_of(ledger: LedgerDeclaration, units: Mapping[int, Text], language: Language) -> list[Column]:
    """Who it is and where it belongs, then every declared fact in the order of the declaration."""

    def lists(item: Exported) -> str:
        titles = [ledger.list_title(key).in_(language) for key in item.lists]
        return ("、" if language == "zh" else ", ").join(titles)

    def said(zh: str, en: str) -> str:
        return Text(zh, en).in_(language)

    core = [
        Column(said("系统编号", "System id"), lambda item: Number(str(item.id))),
        Column(said("名称", "Name"), lambda item: item.name, wide=True),
        Column(said("代码", "Code"), lambda item: item.code),
        Column(said("责任单位", "Unit"), lambda item: units[item.unit].in_(language)),
        Column(said("状态", "State"), lambda item: STATES[item.state].in_(language)),
        Column(said("清单", "Lists"), lists),
        Column(said("进入台账", "Entered"), lambda item: item.entered_on),
        Column(said("退出或并入", "Left"), lambda item: item.left_on),
    ]
    return core + [_column(one, language) for one in facts_of(ledger).values()]


def _column(declared: FieldDeclaration, language: Language) -> Column:
    read = _reader(declared, language)
    unit = "" if declared.type is FieldType.PERCENT else _unit(declared)
    title = declared.title.in_(language)
    headed = f"{title}（{unit}）" if language == "zh" else f"{title} ({unit})"

    def cell(item: Exported) -> Cell:
        value = item.values.get(declared.key)
        return None if value is None else read(value)

    return Column(headed if unit else title, cell, wide=declared.type is FieldType.TEXT)


def _unit(declared: FieldDeclaration) -> str:
    default = {FieldType.MONEY: "元", FieldType.AREA: "亩"}.get(declared.type, "")
    return declared.unit or default


def _reader(declared: FieldDeclaration, language: Language) -> Callable[[Json], Cell]:
    unit = _unit(declared)
    match declared.type:
        case FieldType.MONEY:
            one_fen = from_fen(1, unit)
            return lambda value: Number(plain_decimal(int(str(value)) * one_fen))
        case FieldType.AREA:
            return lambda value: Number(
                plain_decimal(round_half_up(from_mu_millionths(int(str(value)), unit), _AREA_DECIMALS))
            )
        case FieldType.NUMBER | FieldType.INTEGER:
            return lambda value: Number(plain_decimal(Decimal(str(value))))
        case FieldType.PERCENT:
            return lambda value: Number(str(value), is_share=True)
        case FieldType.DATE:
            return lambda value: date.fromisoformat(str(value))
        case FieldType.FLAG:
            yes, no = Text("是", "yes").in_(language), Text("否", "no").in_(language)
            return lambda value: yes if value else no
        case FieldType.CHOICE:
            titles = {key: declared.choice_title(key).in_(language) for key in declared.states}
            return lambda value: titles.get(str(value), str(value))
    return lambda value: "、".join(value) if isinstance(value, list) else str(value)
