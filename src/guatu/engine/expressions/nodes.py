"""What a formula is once read: literals, names and operations. Nothing is known of types yet."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

from guatu.engine.expressions.refused import Span
from guatu.engine.expressions.types import Type

Value = Fraction | bool | str | date | None


@dataclass(frozen=True, slots=True)
class Literal:
    """A value written in the formula. Numbers are exact; money is in 分, area in millionths of a 亩."""

    value: Value
    type: Type
    written: str | None = field(default=None, compare=False)
    span: Span = field(default=Span(), compare=False)


@dataclass(frozen=True, slots=True)
class Reference:
    """A name: a column, a definition, an indicator or a constant, by identifier or title."""

    name: str
    span: Span = field(default=Span(), compare=False)


@dataclass(frozen=True, slots=True)
class Operation:
    """An operation: its name, its arguments, a filter (`where`) and its named options."""

    name: str
    arguments: tuple[Expression, ...] = ()
    where: Expression | None = None
    options: tuple[tuple[str, Expression], ...] = ()
    span: Span = field(default=Span(), compare=False)

    @property
    def children(self) -> tuple[Expression, ...]:
        filtered = () if self.where is None else (self.where,)
        return (*self.arguments, *filtered, *(value for _, value in self.options))


Expression = Literal | Reference | Operation


def walk(expression: Expression) -> Iterator[Expression]:
    """The expression and everything inside it, outside first."""
    yield expression
    if isinstance(expression, Operation):
        for child in expression.children:
            yield from walk(child)


def referenced_names(expression: Expression) -> frozenset[str]:
    """Every name the formula mentions, as written."""
    return frozenset(node.name for node in walk(expression) if isinstance(node, Reference))
