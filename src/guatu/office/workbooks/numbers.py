"""Figures as typed: thousands separators, full-width digits, a unit inside the cell; anything doubtful is named."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TypeGuard

from guatu.office.containers.grid import Value
from guatu.office.containers.number_formats import scales, unit_in
from guatu.office.containers.spelling import plain
from guatu.office.workbooks.normalising import squeezed
from guatu.office.workbooks.parsed import Parsed, refused
from guatu.standards.quantities import CNY, CURRENCIES, SIGNS, Unit, UnitKind, unit_named

_PLAIN = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)")
_THOUSANDS = re.compile(r"[+-]?\d{1,3}(?:,\d{3})+(?:\.\d+)?")
_WITH_UNIT = re.compile(r"([+-]?[\d,]*\.?\d+)([^\d.,].*)")
_SIGNED = re.compile(
    rf"([+-]?)({'|'.join(sorted(map(re.escape, SIGNS), key=len, reverse=True))})([+-]?)(\d.*|\.\d.*)", re.I
)
_APART = re.compile(r"\d\s+\d")
_ABOUT = re.compile(r"^[约近超逾]|[余多]|以上|以下|左右|不足|[<>≥≤]")
_TWO = re.compile(r"\d\s*(?:[-~～至到/、;+]|或)\s*\d")
_EXACT = 10.0**15
_BEYOND = 10**18
"""No figure in smallest units is as large: tables keep them in 64 bits."""
_ERRORS = re.compile(r"#(?:REF!|N/A|VALUE!|DIV/0!|NAME\?|NULL!|NUM!|ERROR|SPILL!|CALC!|GETTING_DATA)|Err:\d{3}")


def exact(number: float) -> Decimal:
    """The decimal a person sees in Excel: 15 significant digits, 0.30000000000000004 is 0.3."""
    return Decimal(f"{number:.15g}")


def is_excel_error(value: Value) -> bool:
    """#REF!, #N/A and their kin; Err:502 is LibreOffice's."""
    return isinstance(value, str) and value.startswith(("#", "Err:")) and bool(_ERRORS.fullmatch(value))


def read_number(value: Value) -> tuple[Decimal | None, str, Parsed | None]:
    """(number, what follows it in the cell, refusal): a refusal comes without a number."""
    if isinstance(value, float):
        return exact(value), "", None
    if not isinstance(value, str):
        return None, "", refused("not_a_number", "bad")
    if _APART.search(plain(value)):
        return None, "", refused("two_numbers", "question")  # 500 and, on the next line, 300: never 500300
    text = squeezed(value)
    if match := _SIGNED.fullmatch(text):
        if match[1] and match[3]:
            return None, "", refused("not_a_number", "bad")
        number, suffix, problem = read_number((match[1] or match[3]) + match[4])
        return number, match[2] + suffix if number is not None else "", problem
    if _PLAIN.fullmatch(text):
        return Decimal(text), "", None
    if _THOUSANDS.fullmatch(text):
        return Decimal(text.replace(",", "")), "", None
    if _ABOUT.search(text) and any(letter.isdecimal() for letter in text):
        return None, "", refused("about_a_number", "question")
    if match := _WITH_UNIT.fullmatch(text):
        number, _, problem = read_number(match[1]) if match[1] != text else (None, "", None)
        if number is not None and not _TWO.search(text):
            return number, match[2], None
        if problem and not _TWO.search(text):
            return None, "", problem
    if _TWO.search(text):
        return None, "", refused("two_numbers", "question")
    if "," in text and re.fullmatch(r"[+-]?[\d,.]+", text):
        return None, "", refused("bad_thousands", "bad")
    return None, "", refused("not_a_number", "bad")


@dataclass(frozen=True, slots=True)
class AmountReader:
    """Reads the cells of one money or area column into whole smallest units (分, millionths of a 亩)."""

    unit: Unit | None
    """What the column is in; None when nothing says so."""
    currency: str | None
    """The currency the field is in; None for areas."""
    foreign: str | None
    """The field that takes amounts of another currency."""
    negative: bool
    unit_holds: bool = False
    """Whether a bare currency sign leaves the column's unit as it is: £3.5 in a column of £ million."""

    def __call__(self, value: Value) -> Parsed:
        unit, named = self.unit, None
        if unit is not None and unit.factor and self._is_common(value, unit):
            return Parsed(int(value) * unit.factor)
        number, suffix, problem = read_number(value)
        if number is None:
            return problem or refused("not_a_number", "bad")
        if suffix and not self._only_names_the_currency(suffix):
            unit = self._named(suffix)
            if unit is None:
                return refused("unknown_unit", "question", unit=suffix)
            named = unit.name
        if unit is None or unit.factor is None:
            return refused("no_unit", "question")
        if number < 0 and not self.negative:
            return refused("negative", "bad")
        if unit.currency != self.currency:
            return self._in_other_currency(number, unit)
        smallest = number * unit.factor
        if abs(smallest) >= _BEYOND:
            return refused("beyond_measure", "bad")
        rounded = smallest.to_integral_value(rounding="ROUND_HALF_UP")
        parsed = Parsed(int(rounded), unit=named)
        return parsed if rounded == smallest else parsed._replace(problem=refused("rounded", "").problem)

    def as_shown(self, value: float, code: str) -> Parsed:
        """A figure whose number format (`code`) moves the point or writes a unit: what stands there and what a person
        sees differ, so it is asked, unless the unit written is the column's own."""
        if scales(code):
            return refused("scaled_by_format", "question", format=code)
        written = unit_in(code)
        unit = self._named(written)
        if unit is None or (self.unit is not None and unit.name != self.unit.name):
            return refused("unit_by_format", "question", unit=written)
        return replace(self, unit=unit)(value)

    def _is_common(self, value: Value, unit: Unit) -> TypeGuard[float]:
        """Most cells of most ledgers: a whole number in the column's own unit, of the field's own currency."""
        return (
            type(value) is float
            and value.is_integer()
            and abs(value) < _EXACT
            and (value >= 0 or self.negative)
            and unit.currency == self.currency
        )

    def _only_names_the_currency(self, sign: str) -> bool:
        return self.unit_holds and self.unit is not None and SIGNS.get(sign.upper()) == self.unit.currency

    def _named(self, suffix: str) -> Unit | None:
        unit = unit_named(suffix)
        if suffix.upper() in SIGNS and self.unit is not None and unit is not None and unit.factor != self.unit.factor:
            return None  # pounds, or millions of them as the column says: who knows
        if unit is not None and unit.kind is UnitKind.MULTIPLIER and self.currency == CNY:
            unit = unit_named(f"{unit.name}元")  # 3.5亿 in a column of yuan
        kind = UnitKind.AREA if self.currency is None else UnitKind.MONEY
        return unit if unit is not None and unit.kind is kind else None

    def _own_currency(self) -> dict[str, str]:
        """What the field is reported in, by name."""
        if self.currency in (CNY, None):
            return _YUAN
        name = next((word for word, code in CURRENCIES.items() if code == self.currency), str(self.currency))
        return {"currency": name, "currency_en": str(self.currency)}

    def _in_other_currency(self, number: Decimal, unit: Unit) -> Parsed:
        if self.foreign is None or unit.currency is None or unit.factor is None:
            return refused(
                "other_unit", "question", unit=unit.name, unit_en=unit.currency or unit.name, **self._own_currency()
            )
        if abs(number * unit.factor) >= _BEYOND:
            return refused("beyond_measure", "bad")
        amount = Parsed(int((number * unit.factor).to_integral_value()), unit=unit.name)
        return Parsed(missing="foreign", unit=unit.name, beside=((self.foreign, amount),))


_YUAN = {"currency": "人民币", "currency_en": "yuan"}


@dataclass(frozen=True, slots=True)
class NumberReader:
    """Reads plain numbers, with or without the column's unit repeated in the cell."""

    negative: bool
    whole: bool = False

    def __call__(self, value: Value) -> Parsed:
        number, _, problem = read_number(value)
        if number is None:
            return problem or refused("not_a_number", "bad")
        if number < 0 and not self.negative:
            return refused("negative", "bad")
        if abs(number) >= _BEYOND:
            return refused("beyond_measure", "bad")
        if self.whole:
            whole = number.to_integral_value()
            return Parsed(int(whole)) if whole == number else refused("not_whole", "bad")
        return Parsed(number)


@dataclass(frozen=True, slots=True)
class PercentReader:
    """Reads a percent column; `points` says whether bare numbers are percentage points (101.5) or ratios (1.015)."""

    points: bool
    most: Decimal = Decimal(100)
    """Ratios beyond this (10 000 %) are no rates."""

    def __call__(self, value: Value) -> Parsed:
        if type(value) is float:
            return self._rate(exact(value), percent=self.points)
        number, suffix, problem = read_number(value)
        if number is None:
            return problem or refused("not_a_number", "bad")
        if suffix not in ("", "%", "%%", "个百分点", "百分点"):
            return refused("unknown_unit", "question", unit=suffix)
        return self._rate(number, percent=bool(suffix) or self.points)

    def _rate(self, number: Decimal, *, percent: bool) -> Parsed:
        ratio = number / 100 if percent else number
        return refused("implausible_rate", "question") if abs(ratio) > self.most else Parsed(ratio)
