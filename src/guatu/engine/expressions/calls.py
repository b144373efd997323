"""What a rule of typing sees of one operation, and the refusals most rules share."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from guatu.engine.expressions import bounds
from guatu.engine.expressions.nodes import Expression, Operation
from guatu.engine.expressions.refused import ExpressionRefused, Span
from guatu.engine.expressions.scope import Name, Scope
from guatu.engine.expressions.typed import Typed
from guatu.engine.expressions.types import BOOLEAN, NO_DIGITS, NULL, Bound, Kind, Level, Type
from guatu.text import Text


@dataclass(frozen=True, slots=True)
class Result:
    """What an operation is worth. `level` None: the highest of its parts. `arguments` None: as given."""

    type: Type
    bound: Bound = NO_DIGITS
    level: Level | None = None
    arguments: tuple[Typed, ...] | None = None
    columns: tuple[Name, ...] = ()


@dataclass(frozen=True, slots=True)
class Call:
    """One operation with its parts checked.

    `exact` says its arithmetic happens in SQL's integers; `check` checks another formula in another scope.
    """

    node: Operation
    arguments: tuple[Typed, ...]
    where: Typed | None
    options: tuple[tuple[str, Typed], ...]
    scope: Scope
    exact: bool
    check: Callable[[Expression, Scope], Typed]

    def refuse(self, what: Text, remedy: Text, span: Span | None = None) -> ExpressionRefused:
        return ExpressionRefused(span or self.node.span, what, remedy)

    def option(self, key: str) -> Typed | None:
        return next((value for name, value in self.options if name == key), None)

    def count(self, least: int, most: int | None = None) -> None:
        """Refuses a wrong number of arguments."""
        given = len(self.arguments)
        if given < least or (most is not None and given > most):
            wanted = str(least) if most == least else f"{least}–{most}" if most else f"≥ {least}"
            raise self.refuse(
                Text(
                    f"“{self.node.name}”要 {wanted} 个参数，写了 {given} 个",
                    f"'{self.node.name}' takes {wanted} arguments, not {given}",
                ),
                Text("用法见 docs/reference/expressions.md。", "Its use is in docs/reference/expressions.md."),
            )

    def want(self, typed: Typed, *kinds: Kind) -> Typed:
        """Refuses an argument of another kind; null passes for anything."""
        if typed.type.kind in kinds or typed.type == NULL:
            return typed
        wanted = Type(kinds[0], "·" if kinds[0] in (Kind.MONEY, Kind.QUANTITY) else None).words
        raise self.refuse(
            Text(
                f"此处要{wanted.zh}，却是{typed.type.words.zh}",
                f"{wanted.en} is needed here, this is {typed.type.words.en}",
            ),
            Text("核对这一项的类型。", "Check what this part is."),
            typed.node.span,
        )

    def numeric(self, typed: Typed) -> Typed:
        if typed.type.numeric or typed.type == NULL:
            return typed
        return self.want(typed, Kind.NUMBER)

    def condition(self, typed: Typed) -> Typed:
        return self.want(typed, Kind.BOOLEAN)

    def literal_text(self, typed: Typed) -> str:
        if typed.is_literal and isinstance(typed.value, str):
            return typed.value
        raise self.refuse(
            Text("此处只能写文本", "only a text in quotes can stand here"),
            Text('例如 "key"。', 'For instance "key".'),
            typed.node.span,
        )

    def literal_whole(self, typed: Typed, most: int) -> int:
        """A whole number written out, from 0 to `most`."""
        value = typed.value if typed.is_literal else None
        if isinstance(value, Fraction) and value.denominator == 1 and 0 <= value <= most:
            return int(value)
        raise self.refuse(
            Text(f"此处只能写 0 到 {most} 的整数", f"only a whole number from 0 to {most} can stand here"),
            Text("写出这个数，例如 2。", "Write the number, for instance 2."),
            typed.node.span,
        )

    def fit(self, bound: Bound) -> Bound:
        """Refuses what could pass 38 digits."""
        if self.exact and not bound.fits:
            digits = max(len(str(bound.num)), len(str(bound.den)))
            raise self.refuse(
                Text(
                    f"这一步可能用到 {digits} 位数，最多 38 位", f"this step could take {digits} digits; 38 is the most"
                ),
                Text(
                    "用 round(…, n) 缩短小数，或在字段里声明更少的 digits。",
                    "Shorten a part with round(…, n), or declare fewer digits for its fields.",
                ),
            )
        return bound

    def same_type(self, parts: Sequence[Typed]) -> Type:
        """The one type of all parts. Null joins anything; a plain 0 joins any amount."""
        real = [part for part in parts if part.type != NULL and not _zero(part)]
        if not real:
            return next((part.type for part in parts if part.type != NULL), NULL)
        first = real[0]
        for part in real[1:]:
            if part.type != first.type:
                raise self._different(first, part)
        zero = next((part for part in parts if _zero(part)), None)
        if zero is not None and not first.type.numeric:
            raise self._different(first, zero)
        return first.type

    def _different(self, first: Typed, other: Typed) -> ExpressionRefused:
        a, b = first.type, other.type
        what = Text(f"{a.words.zh}与{b.words.zh}不能放在一起", f"{a.words.en} and {b.words.en} do not mix")
        remedy = Text("核对两边的字段和单位。", "Check the fields and units of both sides.")
        if a.kind == b.kind == Kind.MONEY:
            remedy = Text("币种分开算，不折算。", "Keep currencies apart; nothing is converted.")
        elif Kind.NUMBER in (a.kind, b.kind) and a.numeric and b.numeric:
            remedy = Text(
                "给数写上单位，例如 500万元、3亩。", "Write the unit with the number, for instance 500万元 or 3亩."
            )
        return self.refuse(what, remedy)

    def merged(self, parts: Sequence[Typed]) -> tuple[Type, Bound]:
        """Type and digits of a value that is one of `parts`."""
        type_ = self.same_type(parts)
        if not type_.numeric:
            return type_, NO_DIGITS
        return type_, self.fit(bounds.merged([part.bound for part in parts if part.type != NULL]))

    def sortable(self, typed: Typed) -> Typed:
        """Refuses ratios whose denominator differs from row to row where values are totalled or sorted."""
        if typed.type.numeric and not typed.bound.fixed:
            raise self.refuse(
                Text(
                    "比率不能合计或排序：各行分母不同",
                    "ratios are not totalled or sorted: each row has its own denominator",
                ),
                Text(
                    "分子分母分别合计后再相除，或先 round(…, n)。",
                    "Total numerator and denominator apart and divide, or round(…, n) first.",
                ),
                typed.node.span,
            )
        return typed


Rule = Callable[[Call], Result]


def _zero(part: Typed) -> bool:
    return part.is_literal and part.type.kind is Kind.NUMBER and part.value == 0


def boolean(call: Call) -> Result:
    """A condition of conditions."""
    for argument in call.arguments:
        call.condition(argument)
    return Result(BOOLEAN)
