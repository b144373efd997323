"""Exact values as people read them: in a unit, to so many decimals, half up, in both languages."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from fractions import Fraction
from functools import cache
from typing import Any

from guatu.declarations.ledger import FieldType
from guatu.engine.expressions import Kind, Type
from guatu.engine.expressions.vocabulary import UNITS
from guatu.engine.rulebook.model import Rulebook, Show, Subject
from guatu.engine.values import Severity
from guatu.standards.rounding import rounded_figure
from guatu.text import Text

_PERCENT = ("%", "pp")
_SPOKEN = {
    "pp": Text("个百分点", " percentage points"), "%": Text("%", "%"),
    "天": Text("天", " days"), "月": Text("月", " months"), "个": Text("个", ""),
}  # fmt: skip
_MILLIONS = {
    key: str(kind.unit) for key, (kind, parts) in UNITS.items() if kind.kind is Kind.MONEY and key.startswith("百万")
}
"""Units of money that English counts in too -> the currency's code."""
_USUAL = {Kind.MONEY: Show("万元", 2), Kind.AREA: Show("亩", 2)}
NOTHING = Text("（无数据）", "(no data)")


@cache
def _scale(show: Show) -> tuple[int, int]:
    """How many of the smallest parts (分, …) make one of the printed unit, as a ratio."""
    if show.unit in _PERCENT:
        return 1, 100
    return UNITS[show.unit][1].as_integer_ratio() if show.unit in UNITS else (1, 1)


def _figures(values: Iterable[Fraction | None], show: Show, decimals: int) -> list[str | None]:
    many, one = _scale(show)
    return [
        None if value is None else rounded_figure(value.numerator * one, value.denominator * many, decimals)
        for value in values
    ]


def _trimmed(figure: str) -> str:
    return figure.rstrip("0").rstrip(".") if "." in figure else figure


def in_printed_unit(value: Fraction, show: Show, decimals: int) -> str:
    """The figure alone, half up to at most `decimals`, without trailing zeros: `70.27027`."""
    (num, den), (many, one) = value.as_integer_ratio(), _scale(show)
    return _trimmed(rounded_figure(num * one, den * many, decimals))


def all_in_printed_unit(values: Iterable[Fraction | None], show: Show, decimals: int) -> list[str | None]:
    """`in_printed_unit` of each value there is."""
    return [None if figure is None else _trimmed(figure) for figure in _figures(values, show, decimals)]


def printed(value: Fraction, show: Show) -> Text:
    """The figure with its unit, to exactly the printed decimals: `77.3%`, `10.00个百分点`."""
    [figure] = _figures([value], show, show.decimals)
    unit = _unit(show)
    if show.unit in _MILLIONS:
        return Text(f"{figure}{unit.zh}", f"{_MILLIONS[show.unit]} {figure} million")
    return Text(f"{figure}{unit.zh}", f"{figure}{unit.en}")


def all_printed(values: Iterable[Fraction | None], show: Show) -> list[str | None]:
    """`printed` of each value there is, in Chinese."""
    unit = _unit(show).zh
    return [None if figure is None else figure + unit for figure in _figures(values, show, show.decimals)]


def usual_show(type_: Type) -> Show:
    """How a value of this type is printed where nothing else is declared."""
    return _USUAL.get(type_.kind, Show())


def printed_parts(show: Show) -> tuple[int, int, Text, int]:
    """What `printed` does in figures: value × `many` / `one`, half up to so many decimals, then the unit's words."""
    one, many = _scale(show)
    unit = _unit(show)
    if show.unit in _MILLIONS:
        unit = Text(unit.zh, f" million {_MILLIONS[show.unit]}")
    return many, one, unit, show.decimals


def _unit(show: Show) -> Text:
    """What follows the figure."""
    return _SPOKEN.get(show.unit, Text(show.unit, f" {show.unit}" if show.unit else ""))


def show_of(rulebook: Rulebook, subject: Subject, key: str, type_: Type) -> Show:
    """How a value is printed: as its definition, indicator, field or setting says, else as its type usually is."""
    if key in rulebook.definitions and (show := rulebook.definitions[key].show) is not None:
        return show
    if subject == "unit" and key in rulebook.indicators:
        return rulebook.indicators[key].show
    field = rulebook.ledger.fields.get(key)
    if field is not None and field.type is FieldType.PERCENT:
        return Show("%", 1)
    if field is not None and field.unit in UNITS:
        return Show(str(field.unit), 2)
    if key == "expected_progress":
        return Show("%", 2)
    setting = rulebook.settings.get(key)
    if setting is not None and setting.written.endswith(("%", "pp")):
        return Show("%" if setting.written.endswith("%") else "pp", 1)
    return usual_show(type_)


def said(value: Any, type_: Type, show: Show, rulebook: Rulebook) -> Text:
    """Any value in both languages."""
    if value is None:
        return NOTHING
    if isinstance(value, bool):
        return Text("是", "yes") if value else Text("否", "no")
    if isinstance(value, date):
        return Text(f"{value.year}年{value.month}月{value.day}日", f"{value.day} {value:%B} {value.year}")
    if isinstance(value, Fraction):
        return printed(value, show) if show.unit or show.decimals else _plain(value)
    if type_.kind is Kind.SEVERITY:
        return rulebook.word(Severity(str(value)))
    return Text(str(value), str(value))


def _plain(value: Fraction) -> Text:
    figure = in_printed_unit(value, Show(), 4)
    return Text(figure, figure)
