"""Figures of a run as people read them: in their unit, half up from the exact pair, thin spaces between thousands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from guatu.hub.assessment.rows import Figure, spoken_of
from guatu.hub.assessment.why import Book
from guatu.hub.ledger.shown import NOTHING, THIN
from guatu.standards.rounding import rounded_figure
from guatu.text import Text

WHY_NOT: Mapping[str, Text] = {
    "missing": Text("缺数据", "data missing"),
    "zero_denominator": Text("分母为零", "nothing to divide by"),
    "no_items": Text("没有事项", "no items"),
}
"""Why a figure has no value."""


@dataclass(frozen=True, slots=True)
class Printing:
    """How an indicator is printed: exact value × `many` / `one`, so many decimals, then the unit."""

    title: Text
    many: int
    one: int
    decimals: int
    unit: Text
    better: str
    min_items: int
    sides: tuple[Mapping[str, Any], ...]

    @classmethod
    def of(cls, book: Book, indicator: str) -> Printing:
        told = book.told["indicators"][indicator]
        show = told["show"]
        return cls(
            spoken_of(told["title"]), show["many"], show["one"], show["decimals"], spoken_of(show["unit"]),
            told["better"], told["min_items"], tuple(told["sides"]),
        )  # fmt: skip

    @property
    def is_share(self) -> bool:
        return self.unit.zh == "%"

    def figure(self, value: Fraction) -> str:
        return apart(rounded_figure(value.numerator * self.many, value.denominator * self.one, self.decimals))

    def said(self, one: Figure | None) -> Text:
        """The value with its unit; a dash where there is none."""
        value = one.exact if one is not None else None
        return self.value(value) if value is not None else Text(NOTHING, NOTHING)

    def value(self, value: Fraction) -> Text:
        """A value with its unit."""
        figure = self.figure(value)
        return Text(f"{figure}{self.unit.zh}", f"{figure}{self.unit.en}")

    @property
    def at_head(self) -> Text | None:
        """The unit as the head of a column says it; shares say it beside the figure."""
        return None if self.is_share or not self.unit.zh else Text(self.unit.zh, self.unit.en.strip())

    def in_column(self, one: Figure | None) -> Text:
        """The value under a head that says its unit."""
        value = one.exact if one is not None else None
        if self.is_share or value is None:
            return self.said(one)
        figure = self.figure(value)
        return Text(figure, figure)

    def why_not(self, one: Figure | None) -> Text | None:
        """Why there is no value, or no rank for it."""
        if one is None:
            return WHY_NOT["no_items"]
        if one.exact is None:
            return WHY_NOT.get(one.state, WHY_NOT["missing"])
        if self.better != "none" and not one.comparable:
            few = Text(f"少于{self.min_items}个事项，不参加排名", f"fewer than {self.min_items} items, so not ranked")
            return few if one.items < self.min_items else Text("不参加排名", "not ranked")
        return None

    def both_sides(self, one: Figure | None) -> Text | None:
        """Numerator and denominator of a division: `52 / 74`."""
        if one is None or one.numerator is None or one.denominator is None or len(self.sides) != 2:
            return None
        first, second = (
            _side(show, int(value)) for show, value in zip(self.sides, (one.numerator, one.denominator), strict=True)
        )
        return Text(f"{first.zh} / {second.zh}", f"{first.en} / {second.en}")

    def apart_by(self, now: Fraction | None, then: Fraction | None) -> str | None:
        """How far one value lies from another, with its sign, without a unit: shares in percentage points."""
        if now is None or then is None:
            return None
        off = now - then
        figure = self.figure(abs(off))
        sign = "" if not any(digit in figure for digit in "123456789") else "+" if off > 0 else "−"
        return f"{sign}{figure}"


def _side(show: Mapping[str, Any], value: int) -> Text:
    figure, unit = rounded_figure(value * show["many"], show["one"], show["decimals"]), spoken_of(show["unit"])
    plain = apart(figure.rstrip("0").rstrip(".") if "." in figure else figure)
    return Text(f"{plain}{unit.zh}", f"{plain}{unit.en}")


def apart(figure: str) -> str:
    """A written figure with thin spaces between thousands."""
    sign = "−" if figure.startswith("-") else ""
    whole, point, rest = figure.removeprefix("-").partition(".")
    return f"{sign}{int(whole):,}".replace(",", THIN) + point + rest
