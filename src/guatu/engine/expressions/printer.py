"""Nodes back to words: by identifier, in Chinese or in English, with or without values put in."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Literal as OneOf

from guatu.engine.expressions.nodes import Expression, Literal, Operation, Reference
from guatu.engine.expressions.parser import COMPARISONS
from guatu.engine.expressions.scope import Scope
from guatu.engine.expressions.typed import Typed
from guatu.engine.expressions.types import NUMBER, Kind, Type
from guatu.engine.expressions.vocabulary import (
    CHINESE_KEYWORDS,
    FUNCTIONS,
    JOINED_KEYWORDS,
    KEYWORDS,
    MU,
    TYPED_TEXTS,
    UNITS,
)
from guatu.text import Text

Names = OneOf["id", "zh", "en"]

_SIGNS = {name: sign for sign, name in COMPARISONS.items()} | {
    "add": "+",
    "subtract": "-",
    "multiply": "*",
    "divide": "/",
}
_STRENGTH = {
    "or": 1,
    "and": 2,
    "not": 3,
    **dict.fromkeys(COMPARISONS.values(), 4),
    **dict.fromkeys(("is_null", "in", "between"), 4),
    "add": 5,
    "subtract": 5,
    "multiply": 6,
    "divide": 6,
    "negate": 7,
}
_ALONE = 9
_PLAIN_NAME = re.compile(r"[^\W\d]\w*")


def show(
    expression: Expression | Typed,
    names: Names = "id",
    values: Mapping[str, object] | None = None,
    scope: Scope | None = None,
) -> str:
    """The formula as text that parses back to the same nodes.

    `names`: identifiers, or titles with keywords and functions of that language (titles are known for a
    checked formula, or through `scope`). `values` replaces parts by what they were worth: its keys are
    identifiers or whole parts as `show(part)` prints them; a text goes in as it is, anything else as a
    literal of the part's type. What has values put in is for reading, not for parsing.
    """
    titles = _titles(expression) if isinstance(expression, Typed) else {}
    types = _types(expression) if isinstance(expression, Typed) else {}
    node = expression.node if isinstance(expression, Typed) else expression
    return _Printer(names, dict(values or {}), titles, types, scope).text(node, 0)


def show_value(value: object, type_: Type) -> str:
    """A value as the literal that would be written for it; other fractions as `1/3`."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (Fraction, int, Decimal)):
        return _number(Fraction(value), type_)
    if isinstance(value, date):
        return f'date("{value.isoformat()}")'
    text = str(value).replace('"', '""')
    return f'{type_.kind.value}("{text}")' if type_.kind in (Kind.PERIOD, Kind.SEVERITY) else f'"{text}"'


def _titles(typed: Typed) -> dict[str, Text]:
    return {node.key: node.title for node in typed.walk() if node.key and node.title}


def _types(typed: Typed) -> dict[Expression, Type]:
    return {node.node: node.type for node in typed.walk()}


def _decimal(value: Fraction) -> str | None:
    """Exact decimal digits; None where there are none (1/3)."""
    twos_and_fives = value.denominator
    for prime in (2, 5):
        while twos_and_fives % prime == 0:
            twos_and_fives //= prime
    if twos_and_fives != 1:
        return None
    places = 0
    while (value * 10**places).denominator != 1:
        places += 1
    digits = str(abs((value * 10**places).numerator)).rjust(places + 1, "0")
    sign = "-" if value < 0 else ""
    return sign + (digits if not places else f"{digits[:-places]}.{digits[-places:]}")


def _number(value: Fraction, type_: Type) -> str:
    if type_ == NUMBER or type_.kind in (Kind.QUANTITY, Kind.MONEY_PER_AREA):
        return _decimal(value) or str(value)
    units = {parts: unit for unit, (unit_type, parts) in reversed(UNITS.items()) if unit_type == type_}
    if type_.kind is Kind.AREA:
        units = {Fraction(MU): "亩"}
    for parts, unit in sorted(units.items(), reverse=True):
        if abs(value) >= parts and (written := _decimal(value / parts)) and len(written.partition(".")[2]) <= 4:
            return written + unit
    smallest, unit = min(units.items())
    return (_decimal(value / smallest) or str(value / smallest)) + unit


class _Printer:
    def __init__(
        self,
        names: Names,
        values: dict[str, object],
        titles: dict[str, Text],
        types: dict[Expression, Type],
        scope: Scope | None,
    ) -> None:
        self._names = names
        self._values = values
        self._titles = titles
        self._types = types
        self._scope = scope
        self._chinese = names == "zh"

    def text(self, node: Expression, loosest: int) -> str:
        """The node, in brackets where it binds more loosely than its surroundings allow."""
        if self._values and (value := self._put_in(node)) is not None:
            return value
        text, strength = self._written(node)
        return f"({text})" if strength < loosest else text

    def _put_in(self, node: Expression) -> str | None:
        key = node.name if isinstance(node, Reference) else show(node)
        if key not in self._values:
            return None
        value = self._values[key]
        if isinstance(value, str):
            return value
        return show_value(value, self._types.get(node, NUMBER))

    def _written(self, node: Expression) -> tuple[str, int]:
        if isinstance(node, Literal):
            return self._literal(node), _ALONE
        if isinstance(node, Reference):
            return self._name(node.name), _ALONE
        strength = _STRENGTH.get(node.name, _ALONE)
        if node.name in _SIGNS:
            left, right = node.arguments
            # Comparisons do not chain; the others group to the left.
            tighter = strength + 1 if strength == 4 else strength
            return f"{self.text(left, tighter)} {_SIGNS[node.name]} {self.text(right, strength + 1)}", strength
        if node.name in ("and", "or"):
            left, right = node.arguments
            return f"{self.text(left, strength)} {self._keyword(node.name)} {self.text(right, strength + 1)}", strength
        if node.name == "negate":
            return f"-{self.text(node.arguments[0], strength)}", strength
        if node.name == "not":
            return self._not(node), 4 if _postfix(node.arguments[0]) else 3
        if node.name in ("is_null", "in", "between"):
            return self._tested(node, negated=False), strength
        return self._function(node), _ALONE

    def _not(self, node: Operation) -> str:
        inner = node.arguments[0]
        if isinstance(inner, Operation) and _postfix(inner) and not self._values:
            return self._tested(inner, negated=True)
        return f"{self._keyword('not')} {self.text(inner, 3)}"

    def _tested(self, node: Operation, *, negated: bool) -> str:
        left = self.text(node.arguments[0], 5)
        if node.name == "is_null":
            word = ("不为空" if negated else "为空") if self._chinese else f"is {'not ' if negated else ''}null"
            return f"{left} {word}"
        word = self._keyword(node.name)
        if negated:
            word = f"不{word}" if self._chinese else f"not {word}"
        if node.name == "in":
            return f"{left} {word} ({', '.join(self.text(item, 0) for item in node.arguments[1:])})"
        low, high = (self.text(edge, 5) for edge in node.arguments[1:])
        return f"{left} {word} {low} {'与' if self._chinese else 'and'} {high}"

    def _function(self, node: Operation) -> str:
        if node.name == "list":
            return f"[{', '.join(self.text(item, 0) for item in node.arguments)}]"
        if node.name == "case":
            return self._case(node)
        words = FUNCTIONS[node.name]
        parts = [self._argument(node, place) for place in range(len(node.arguments))]
        for key, value in node.options:
            option = words.options[key]
            if option.words and isinstance(value, Literal):
                written = option.words[str(value.value)] if self._chinese else str(value.value)
            else:
                written = self.text(value, 0)
            parts.append(f"{option.zh if self._chinese else key}={written}")
        inside = ", ".join(parts)
        if node.where is not None:
            inside += f"{' ' if inside else ''}{self._keyword('where')} {self.text(node.where, 0)}"
        return f"{words.zh if self._chinese else node.name}({inside})"

    def _argument(self, node: Operation, place: int) -> str:
        """An argument; what runs over linked rows keeps its names, for the values put in are the item's own."""
        own = self._values if node.name != "along" or place == 0 else {}
        return _Printer(self._names, own, self._titles, self._types, self._scope).text(node.arguments[place], 0)

    def _case(self, node: Operation) -> str:
        parts = [self._keyword("case")]
        for condition, value in zip(node.arguments[:-1:2], node.arguments[1:-1:2], strict=True):
            parts += [self._keyword("when"), self.text(condition, 0), self._keyword("then"), self.text(value, 0)]
        return " ".join([*parts, self._keyword("else"), self.text(node.arguments[-1], 0), self._keyword("end")])

    def _keyword(self, word: str) -> str:
        return KEYWORDS[word] if self._chinese else word

    def _literal(self, node: Literal) -> str:
        if node.written is not None:
            return node.written
        if node.value is None or isinstance(node.value, bool):
            return self._keyword({None: "null", True: "true", False: "false"}[node.value])
        text = show_value(node.value, node.type)
        for typed, zh in TYPED_TEXTS.items():
            if self._chinese and text.startswith(f"{typed}("):
                return zh + text[len(typed) :]
        return text

    def _name(self, key: str) -> str:
        title = self._titles.get(key) or (self._scope.title(key) if self._scope else None)
        written = key if self._names == "id" or title is None else title.in_(self._names)
        words = (*KEYWORDS, *CHINESE_KEYWORDS, *JOINED_KEYWORDS)
        return written if _PLAIN_NAME.fullmatch(written) and written not in words else f"`{written}`"


def _postfix(node: Expression) -> bool:
    return isinstance(node, Operation) and node.name in ("is_null", "in", "between")
