"""What an expression can be worth, and how many digits it can take."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from guatu.text import Text

MOST = 10**38 - 1
"""The largest magnitude DECIMAL(38,0) holds; nothing in an expression may pass it."""


class Kind(Enum):
    BOOLEAN = "boolean"
    NUMBER = "number"
    MONEY = "money"
    AREA = "area"
    MONEY_PER_AREA = "money_per_area"
    QUANTITY = "quantity"
    DATE = "date"
    PERIOD = "period"
    TEXT = "text"
    TAGS = "tags"
    SEVERITY = "severity"
    NULL = "null"


_WORDS = {
    Kind.BOOLEAN: Text("是非", "true or false"),
    Kind.NUMBER: Text("数", "a number"),
    Kind.MONEY: Text("金额", "money"),
    Kind.AREA: Text("面积", "an area"),
    Kind.MONEY_PER_AREA: Text("单位面积金额", "money per area"),
    Kind.QUANTITY: Text("数量", "a quantity"),
    Kind.DATE: Text("日期", "a date"),
    Kind.PERIOD: Text("期", "a period"),
    Kind.TEXT: Text("文本", "text"),
    Kind.TAGS: Text("标签", "tags"),
    Kind.SEVERITY: Text("程度", "a severity"),
    Kind.NULL: Text("空", "null"),
}
_NUMERIC = frozenset({Kind.NUMBER, Kind.MONEY, Kind.AREA, Kind.MONEY_PER_AREA, Kind.QUANTITY})
_ORDERED = _NUMERIC | {Kind.DATE, Kind.PERIOD, Kind.TEXT, Kind.SEVERITY}


@dataclass(frozen=True, slots=True)
class Type:
    """A kind, and for money its currency or for a quantity its unit (`CNY`, `kWh`)."""

    kind: Kind
    unit: str | None = None

    def __post_init__(self) -> None:
        needs_unit = self.kind in (Kind.MONEY, Kind.MONEY_PER_AREA, Kind.QUANTITY)
        if needs_unit != (self.unit is not None):
            raise ValueError(f"{self.kind.value} {'needs a unit' if needs_unit else 'has no unit'}")

    @property
    def numeric(self) -> bool:
        """Held as an exact rational: money in 分, area in millionths of a 亩."""
        return self.kind in _NUMERIC

    @property
    def ordered(self) -> bool:
        return self.kind in _ORDERED

    @property
    def words(self) -> Text:
        base = _WORDS[self.kind]
        return base if self.unit is None else Text(f"{base.zh}（{self.unit}）", f"{base.en} ({self.unit})")


BOOLEAN = Type(Kind.BOOLEAN)
NUMBER = Type(Kind.NUMBER)
AREA = Type(Kind.AREA)
DATE = Type(Kind.DATE)
PERIOD = Type(Kind.PERIOD)
TEXT = Type(Kind.TEXT)
TAGS = Type(Kind.TAGS)
SEVERITY = Type(Kind.SEVERITY)
NULL = Type(Kind.NULL)
CNY = Type(Kind.MONEY, "CNY")


def money(currency: str) -> Type:
    return Type(Kind.MONEY, currency)


class Level(Enum):
    """Over what an expression is worth something.

    CONSTANT needs no row; ROW one row; SUBJECT one row together with other subjects' or earlier
    results; GROUP many rows.
    """

    CONSTANT = "constant"
    ROW = "row"
    SUBJECT = "subject"
    GROUP = "group"


@dataclass(frozen=True, slots=True)
class Bound:
    """How large the numerator and denominator of a value can get, in SQL's integers.

    `fixed`: the denominator is the same for every row, so values may be summed and sorted as they are.
    `known`: and it is exactly `den`, not merely at most that.
    """

    num: int
    den: int = 1
    fixed: bool = True
    known: bool = True

    @property
    def whole(self) -> bool:
        return self.known and self.den == 1

    @property
    def fits(self) -> bool:
        return self.num <= MOST and self.den <= MOST


NO_DIGITS = Bound(0)
"""The bound of what is not a number."""
