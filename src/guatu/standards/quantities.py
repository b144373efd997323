"""Money and area, exact: every unit to the integer in which tables store it, and back.

Money is stored as whole 分, the hundredth part of its currency's unit, and area as whole millionths of a 亩
(1 m² = 1500, 1 公顷 = 15 亩). Both fit 64 bits. Currencies are kept apart and never converted. Nothing here is a float.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Literal, NamedTuple, overload

from guatu.standards.rounding import round_half_up
from guatu.standards.units import (
    AREA_UNITS,
    CNY,
    CURRENCIES,
    MONEY_UNITS,
    SIGNS,
    Quantity,
    Unit,
    UnitKind,
    find_units,
    parse_unit,
    read_quantity,
    unit_named,
)
from guatu.text import Refusal, Text

__all__ = [
    "AREA_UNITS",
    "CNY",
    "CURRENCIES",
    "MONEY_UNITS",
    "SIGNS",
    "Amount",
    "CurrenciesDiffer",
    "NotAUnit",
    "NotWhole",
    "Quantity",
    "Rounded",
    "TooLarge",
    "Unit",
    "UnitKind",
    "find_units",
    "from_fen",
    "from_mu_millionths",
    "parse_unit",
    "read_quantity",
    "show_area",
    "show_fen",
    "to_fen",
    "to_mu_millionths",
    "total",
    "unit_named",
]

_LARGEST = 2**63 - 1
_KIND_NAMES = {UnitKind.MONEY: Text("货币单位", "a unit of money"), UnitKind.AREA: Text("面积单位", "a unit of area")}
_SMALLEST = {UnitKind.MONEY: Text("分", "分 (hundredths)"), UnitKind.AREA: Text("百万分之一亩", "millionths of a mu")}


class NotAUnit(Refusal):
    """The unit is unknown, or of another kind than money or area."""

    def __init__(self, unit: str, kind: UnitKind, where: str) -> None:
        name = _KIND_NAMES[kind]
        usual = MONEY_UNITS if kind is UnitKind.MONEY else AREA_UNITS
        super().__init__(
            where,
            Text(f"“{unit}”不是{name.zh}", f"'{unit}' is not {name.en}"),
            Text(f"写 {'、'.join(usual)} 等。", f"Write one of {', '.join(usual)}, or the like."),
        )


class NotWhole(Refusal):
    """The value is no whole number of the smallest unit, so storing it would change it."""

    def __init__(self, number: Decimal, unit: Unit, where: str) -> None:
        smallest = _SMALLEST[unit.kind]
        super().__init__(
            where,
            Text(f"{number}{unit} 不是整数{smallest.zh}", f"{number} {unit} is not a whole number of {smallest.en}"),
            Text("减少小数位数，或同意四舍五入。", "Give fewer decimals, or agree to rounding half up."),
        )


class TooLarge(Refusal):
    """The value does not fit 64 bits, which no real amount or area exceeds."""

    def __init__(self, number: Decimal, unit: Unit, where: str) -> None:
        super().__init__(
            where,
            Text(f"{number}{unit} 大得不可能", f"{number} {unit} is impossibly large"),
            Text(
                "核对数字和单位（例如把元写成了亿元）。",
                "Check the number and its unit (元 written as 亿元, for instance).",
            ),
        )


class CurrenciesDiffer(Refusal):
    """Amounts of different currencies were added or compared."""

    def __init__(self, one: str, other: str) -> None:
        super().__init__(
            f"{one}, {other}",
            Text(f"{one} 与 {other} 不能相加或比较", f"{one} and {other} cannot be added or compared"),
            Text("各币种分别统计，本平台不折算。", "Total each currency by itself; nothing is converted here."),
        )


class Rounded(NamedTuple):
    """A stored integer, and whether rounding changed the value."""

    value: int
    rounded: bool


@overload
def to_fen(amount: Decimal | int, unit: Unit | str, *, rounding: None = None, where: str | None = ...) -> int: ...
@overload
def to_fen(
    amount: Decimal | int, unit: Unit | str, *, rounding: Literal["half_up"], where: str | None = ...
) -> Rounded: ...
def to_fen(
    amount: Decimal | int,
    unit: Unit | str,
    *,
    rounding: Literal["half_up"] | None = None,
    where: str | None = None,
) -> int | Rounded:
    """`amount` in a unit of money, as whole 分 of that unit's currency.

    What is no whole number of 分 is refused with `NotWhole`, unless `rounding="half_up"` is asked for: then the answer
    also says whether anything was rounded.
    """
    stored = _stored(amount, _unit(unit, UnitKind.MONEY, where), rounding is not None, where)
    return stored if rounding else stored.value


@overload
def to_mu_millionths(
    area: Decimal | int, unit: Unit | str, *, rounding: None = None, where: str | None = ...
) -> int: ...
@overload
def to_mu_millionths(
    area: Decimal | int, unit: Unit | str, *, rounding: Literal["half_up"], where: str | None = ...
) -> Rounded: ...
def to_mu_millionths(
    area: Decimal | int,
    unit: Unit | str,
    *,
    rounding: Literal["half_up"] | None = None,
    where: str | None = None,
) -> int | Rounded:
    """`area` in a unit of area, as whole millionths of a 亩; otherwise as `to_fen`."""
    stored = _stored(area, _unit(unit, UnitKind.AREA, where), rounding is not None, where)
    return stored if rounding else stored.value


def from_fen(fen: int, unit: Unit | str, *, where: str | None = None) -> Decimal:
    """Stored money in a unit, exactly: 123 分 are 0.000123 万元. The currency is the caller's to know."""
    return _terminating(_in_unit(fen, _unit(unit, UnitKind.MONEY, where)))


def from_mu_millionths(stored: int, unit: Unit | str, *, where: str | None = None) -> Fraction:
    """Stored area in a unit, exactly; a Fraction, because one 亩 is 2000/3 m²."""
    return _in_unit(stored, _unit(unit, UnitKind.AREA, where))


def show_fen(fen: int, unit: Unit | str, decimals: int, *, where: str | None = None) -> str:
    """Stored money as printed in a unit, half up: `show_fen(1_012_345_678, "万元", 1)` is `1012.3`."""
    return f"{round_half_up(_in_unit(fen, _unit(unit, UnitKind.MONEY, where)), decimals):f}"


def show_area(stored: int, unit: Unit | str, decimals: int, *, where: str | None = None) -> str:
    """Stored area as printed in a unit, half up: one 亩 is `666.67` 平方米."""
    return f"{round_half_up(_in_unit(stored, _unit(unit, UnitKind.AREA, where)), decimals):f}"


@dataclass(frozen=True, slots=True)
class Amount:
    """Money of one currency. Amounts of different currencies neither add nor compare: `CurrenciesDiffer`."""

    fen: int
    currency: str = CNY

    def __post_init__(self) -> None:
        if not isinstance(self.fen, int) or isinstance(self.fen, bool):
            raise TypeError(f"An amount is whole 分, not {self.fen!r}.")
        if self.currency not in CURRENCIES.values():
            raise ValueError(f"{self.currency!r} is no currency known here.")

    def __add__(self, other: Amount) -> Amount:
        return Amount(self.fen + self._same(other), self.currency)

    def __sub__(self, other: Amount) -> Amount:
        return Amount(self.fen - self._same(other), self.currency)

    def __neg__(self) -> Amount:
        return Amount(-self.fen, self.currency)

    def __lt__(self, other: Amount) -> bool:
        return self.fen < self._same(other)

    def __le__(self, other: Amount) -> bool:
        return self.fen <= self._same(other)

    def _same(self, other: Amount) -> int:
        if other.currency != self.currency:
            raise CurrenciesDiffer(self.currency, other.currency)
        return other.fen


def total(amounts: Iterable[Amount]) -> dict[str, Amount]:
    """The sum in each currency that occurs, by ISO code in alphabetical order."""
    sums: dict[str, Amount] = {}
    for amount in amounts:
        sums[amount.currency] = sums.get(amount.currency, Amount(0, amount.currency)) + amount
    return dict(sorted(sums.items()))


def _unit(unit: Unit | str, kind: UnitKind, where: str | None) -> Unit:
    found = unit if isinstance(unit, Unit) else unit_named(unit)
    if found is None or found.kind is not kind:
        raise NotAUnit(str(unit), kind, where or str(unit))
    return found


def _factor(unit: Unit) -> int:
    assert unit.factor is not None, "units of money and area have factors"
    return unit.factor


def _stored(number: Decimal | int, unit: Unit, may_round: bool, where: str | None) -> Rounded:
    if isinstance(number, (bool, float)):
        raise TypeError(f"A quantity is Decimal or int, not {number!r}.")
    number = Decimal(number)
    if not number.is_finite():
        raise ValueError(f"{number} is no quantity.")
    exact = Fraction(number) * _factor(unit)
    value = int(round_half_up(exact, 0))
    if value != exact and not may_round:
        raise NotWhole(number, unit, where or f"{number}{unit}")
    if abs(value) > _LARGEST:
        raise TooLarge(number, unit, where or f"{number}{unit}")
    return Rounded(value, value != exact)


def _in_unit(stored: int, unit: Unit) -> Fraction:
    if not isinstance(stored, int) or isinstance(stored, bool):
        raise TypeError(f"A stored quantity is an integer, not {stored!r}.")
    return Fraction(stored, _factor(unit))


def _terminating(value: Fraction) -> Decimal:
    """A fraction as the Decimal it is, with no more places than it needs; units of money are powers of ten."""
    decimals = 0
    while 10**decimals % value.denominator:
        decimals += 1
    return round_half_up(value, decimals)
