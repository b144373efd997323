"""The names a formula may use, and what each is worth."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches

from guatu.engine.expressions.nodes import Expression, Reference
from guatu.engine.expressions.refused import ExpressionRefused
from guatu.engine.expressions.types import NO_DIGITS, Bound, Kind, Type
from guatu.text import Text

_USUAL_DIGITS = {
    Kind.NUMBER: 12,
    Kind.MONEY: 15,  # 10 万亿元 in 分
    Kind.AREA: 14,  # 一亿亩 in millionths
    Kind.MONEY_PER_AREA: 15,
    Kind.QUANTITY: 12,
}


@dataclass(frozen=True, slots=True)
class Name:
    """A column, indicator or constant.

    A number has at most `digits` digits in all, `decimals` of them after the point (money counts 分,
    area millionths of a 亩, so both usually have 0 decimals). `ratio` > 0 says that the value comes as
    a numerator of up to `digits` digits and a denominator of up to `ratio` digits: in a table the two
    columns `key.num` and `key.den`, as `rows` writes them.
    """

    key: str
    title: Text
    type: Type
    digits: int = 0
    decimals: int = 0
    ratio: int = 0

    def __post_init__(self) -> None:
        if not self.digits:
            usual = _USUAL_DIGITS.get(self.type.kind, 0)
            object.__setattr__(self, "digits", usual + self.decimals if usual else 0)
        if self.digits > 38 or self.decimals > self.digits or self.ratio > 38:
            raise ValueError(f"{self.key}: {self.digits} digits with {self.decimals} decimals cannot be stored")
        if self.ratio and self.decimals:
            raise ValueError(f"{self.key}: a ratio has no decimals")

    @property
    def bound(self) -> Bound:
        if not self.type.numeric:
            return NO_DIGITS
        if self.ratio:
            return Bound(10**self.digits - 1, 10**self.ratio - 1, fixed=False, known=False)
        return Bound(10**self.digits - 1, 10**self.decimals)


@dataclass(frozen=True, slots=True)
class Scope:
    """What a formula can see.

    `columns`: of the table it runs over. `tables`: other tables by name (links, milestones, parameters),
    with their columns. `constants`: one value for the whole run. `definitions`: named formulas over
    `columns`. `indicators`: results (this period's of the subject, `of` others, `prev` periods).
    `titles`: how a definition is called.
    """

    columns: Mapping[str, Name]
    tables: Mapping[str, Mapping[str, Name]] = field(default_factory=dict)
    constants: Mapping[str, Name] = field(default_factory=dict)
    definitions: Mapping[str, Expression] = field(default_factory=dict)
    indicators: Mapping[str, Name] = field(default_factory=dict)
    titles: Mapping[str, Text] = field(default_factory=dict)

    def title(self, key: str) -> Text | None:
        """How a name is called; None when nothing has this key."""
        for names in (self.columns, self.indicators, self.constants):
            if key in names:
                return names[key].title
        if key in self.definitions:
            return self.titles.get(key, Text(key, key))
        return None

    def keys(self) -> list[str]:
        return [*self.columns, *self.indicators, *self.definitions, *self.constants]

    def key_of(self, reference: Reference) -> str:
        """The identifier behind an identifier or a title; refuses unknown and ambiguous names."""
        written = reference.name
        if self.title(written) is not None:
            return written
        matches = [key for key in dict.fromkeys(self.keys()) if self._called(key, written)]
        if len(matches) == 1:
            return matches[0]
        if matches:
            listed = ", ".join(matches)
            raise ExpressionRefused(
                reference.span,
                Text(f"“{written}”可指 {listed}", f"'{written}' may mean {listed}"),
                Text("改写标识符。", "Write the identifier."),
            )
        raise self._unknown(reference)

    def _called(self, key: str, written: str) -> bool:
        title = self.title(key)
        return title is not None and written in (title.zh, title.en)

    def _unknown(self, reference: Reference) -> ExpressionRefused:
        keys = self.keys()
        titles = {title.zh: key for key in keys if (title := self.title(key))}
        titles |= {title.en: key for key in keys if (title := self.title(key))}
        close = get_close_matches(reference.name, [*keys, *titles], 1, 0.6)
        what = Text(f"没有名为“{reference.name}”的字段、定义或指标", f"unknown name '{reference.name}'")
        if not close:
            known = ", ".join(keys[:12]) + (" …" if len(keys) > 12 else "")
            return ExpressionRefused(reference.span, what, Text(f"此处可用：{known}。", f"Names known here: {known}."))
        key = titles.get(close[0], close[0])
        title = self.title(key) or Text(key, key)
        remedy = Text(f"是否指 '{key}'（{title.zh}）？", f"Did you mean '{key}' ({title.zh})?")
        return ExpressionRefused(reference.span, what, remedy)
