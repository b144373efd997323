"""Figures as people read them, each with the reasons behind it: what documents and workbooks are given to print.

A value is exact (int, Decimal or Fraction) and in base units: money in 分 (hundredths of the currency), a percentage as
its ratio (1 = 100 %), a difference of percentages likewise. Printing rounds half up and is the last thing that happens.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields, is_dataclass, replace
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Any

from guatu.office.palette import LIGHT_COLOURS
from guatu.standards.rounding import round_half_up
from guatu.text import Language, Text

MISSING = "—"
REST_MARK = "*"
"""Printed behind a figure that rests on missing cells."""


class FigureKind(StrEnum):
    """What a figure counts, and so how it prints."""

    COUNT = "count"
    NUMBER = "number"
    PERCENT = "percent"
    POINTS = "points"  # a difference of percentages, in percentage points
    MONEY = "money"
    RANK = "rank"
    DAYS = "days"


@dataclass(frozen=True, slots=True)
class RowRef:
    """A cell (or a run of cells, `H5:H12`) of a workbook somebody sent."""

    workbook: str
    sheet: str
    cell: str

    def __str__(self) -> str:
        return f"{self.workbook} {self.sheet}!{self.cell}"


@dataclass(frozen=True, slots=True)
class Provenance:
    """Why a figure is what it is: the rule and its version, the fraction, the cells."""

    title: Text
    rule: str
    version: str
    formula: Text | None = None
    numerator: str | None = None
    denominator: str | None = None
    rows: tuple[RowRef, ...] = ()
    items: int | None = None
    """How many items stand behind it, when that is more than a reader wants listed."""
    missing_cells: int = 0
    """How many cells it would have rested on that were blank, questioned or decided to be missing."""
    note: Text | None = None


@dataclass(frozen=True, slots=True)
class Figure:
    """One number. `id` is stable from one computation to the next: it is how edits find it again."""

    id: str
    kind: FigureKind
    value: Fraction | Decimal | int | None
    provenance: Provenance
    decimals: int = 0
    currency: str = "CNY"
    missing: Text | None = None
    """Why there is no value."""
    signed: bool = False
    """Print + before a gain: differences and changes."""

    def __post_init__(self) -> None:
        if not re.fullmatch(r"[^\s\x00-\x1f]{1,200}", self.id):
            raise ValueError(f"A figure's id is one word of at most 200 characters, not {self.id!r}.")
        if isinstance(self.value, float | bool):
            raise TypeError(f"Figure {self.id} holds a {type(self.value).__name__}; give Fraction, Decimal or int.")
        if self.value is None and self.missing is None:
            raise ValueError(f"Figure {self.id} has neither a value nor a reason why not.")

    @property
    def rests_on_missing(self) -> bool:
        return self.provenance.missing_cells > 0


@dataclass(frozen=True, slots=True)
class Mark:
    """A light as it is shown: shape, word and colour token, chosen by the rulebook's palette."""

    key: str
    glyph: str
    word: Text
    colour: str
    serious: bool = False
    """Whether it asks for action."""

    def __post_init__(self) -> None:
        if self.colour not in LIGHT_COLOURS:
            raise ValueError(f"Mark {self.key} has colour {self.colour!r}; use one of {', '.join(LIGHT_COLOURS)}.")
        if not self.glyph or not self.word.zh:
            raise ValueError(f"Mark {self.key} needs a shape and a word: colour alone says nothing.")

    def shown(self, language: Language) -> str:
        return f"{self.glyph} {self.word.in_(language)}"


@dataclass(frozen=True, slots=True)
class Scale:
    """The unit a figure, or a whole column of figures, is shown in."""

    divisor: Fraction
    suffix: Text
    """Written behind the number in running text."""
    header: Text
    """Written in a column's header."""


_PLAIN = Scale(Fraction(1), Text("", ""), Text("", ""))
_PERCENT = Scale(Fraction(1, 100), Text("%", "%"), Text("%", "%"))
_POINTS = Scale(Fraction(1, 100), Text("个百分点", " pp"), Text("百分点", "pp"))
_DAYS = Scale(Fraction(1), Text("天", " days"), Text("天", "days"))
_CURRENCY_ZH = {"CNY": "元", "USD": "美元", "EUR": "欧元", "HKD": "港元", "JPY": "日元"}
_WAN = 10**6  # 分 in 万元
_YI = 10**10  # 分 in 亿元
_MILLION = 10**8  # 分 in a million yuan
_BILLION = 10**11


def scale_for(figures: Iterable[Figure]) -> Scale:
    """One scale for all `figures`: for money 亿 when the median amount reaches one 亿, else 万.

    Figures of different kinds or currencies have no common scale; that is a ValueError.
    """
    given = list(figures)
    kinds = {(figure.kind, figure.currency if figure.kind is FigureKind.MONEY else "") for figure in given}
    if len(kinds) > 1:
        raise ValueError(f"Figures of several kinds cannot share a column: {sorted(map(str, kinds))}.")
    if not given:
        return _PLAIN
    match given[0].kind:
        case FigureKind.PERCENT:
            return _PERCENT
        case FigureKind.POINTS:
            return _POINTS
        case FigureKind.DAYS:
            return _DAYS
        case FigureKind.MONEY:
            amounts = sorted(abs(Fraction(figure.value)) for figure in given if figure.value is not None)
            middle = amounts[len(amounts) // 2] if amounts else Fraction(0)
            return _money(given[0].currency, large=middle >= _YI)
        case _:
            return _PLAIN


def _money(currency: str, *, large: bool) -> Scale:
    yuan = _CURRENCY_ZH.get(currency, currency)
    zh = ("亿" if large else "万") + yuan
    en = "00 million" if large else "0,000"
    return Scale(Fraction(_YI if large else _WAN), Text(zh, ""), Text(zh, f"{currency} 1{en}"))


def number_of(figure: Figure, scale: Scale, language: Language) -> str:
    """The digits alone, in `scale`, rounded half up; a dash when there is no value."""
    if figure.value is None:
        return MISSING
    amount = round_half_up(Fraction(figure.value) / scale.divisor, figure.decimals)
    digits = f"{amount:,f}" if language == "en" else f"{amount:f}"
    digits = digits.replace("-", "−")
    return f"+{digits}" if figure.signed and amount > 0 else digits


def printed(figure: Figure, language: Language) -> str:
    """The figure as it stands in a sentence, with its unit where the unit belongs to the number."""
    if figure.value is None:
        return MISSING
    if figure.kind is FigureKind.MONEY and language == "en":
        large = abs(Fraction(figure.value)) >= _BILLION
        divisor, name = (_BILLION, "billion") if large else (_MILLION, "million")
        return f"{figure.currency} {number_of(figure, replace(_PLAIN, divisor=Fraction(divisor)), 'en')} {name}"
    scale = scale_for([figure])
    return number_of(figure, scale, language) + scale.suffix.in_(language)


def figures_in(value: Any) -> Iterator[Figure]:
    """Every figure inside plain data (dataclasses, mappings, sequences), in order."""
    if isinstance(value, Figure):
        yield value
    elif is_dataclass(value) and not isinstance(value, type):
        for field in fields(value):
            yield from figures_in(getattr(value, field.name))
    elif isinstance(value, dict) or hasattr(value, "items"):
        for one in value.values():
            yield from figures_in(one)
    elif isinstance(value, tuple | list):
        for one in value:
            yield from figures_in(one)
