"""A checked formula: every node with its type, its level and the digits it can take."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal as OneOf

from guatu.engine.expressions.nodes import Expression, Literal, Operation, Reference, Value
from guatu.engine.expressions.scope import Name
from guatu.engine.expressions.types import NO_DIGITS, NUMBER, Bound, Level, Type
from guatu.engine.expressions.vocabulary import AGGREGATES
from guatu.text import Text


@dataclass(frozen=True, slots=True)
class Typed:
    """A node that makes sense. `arguments` follow the node's; a definition's one argument is its formula.

    `columns`: declared columns of another table the operation reads (a parameter's value and its keys).
    """

    node: Expression
    type: Type
    level: Level
    bound: Bound = NO_DIGITS
    arguments: tuple[Typed, ...] = ()
    where: Typed | None = None
    options: tuple[tuple[str, Typed], ...] = ()
    source: OneOf["column", "indicator", "constant", "definition"] | None = None
    name: Name | None = None
    title: Text | None = None
    columns: tuple[Name, ...] = ()

    @property
    def digits(self) -> int:
        """How many digits the value's numerator can have; 0 for what is not a number."""
        return len(str(self.bound.num)) if self.type.numeric else 0

    @property
    def operation(self) -> str:
        """The operation's name; empty for literals and names."""
        return self.node.name if isinstance(self.node, Operation) else ""

    @property
    def key(self) -> str:
        """The identifier of a name; empty for literals and operations."""
        return self.node.name if isinstance(self.node, Reference) else ""

    @property
    def value(self) -> Value:
        """The value of a literal."""
        if not isinstance(self.node, Literal):
            raise TypeError(f"{type(self.node).__name__} is not a literal")
        return self.node.value

    @property
    def is_literal(self) -> bool:
        return isinstance(self.node, Literal)

    @property
    def children(self) -> tuple[Typed, ...]:
        filtered = () if self.where is None else (self.where,)
        return (*self.arguments, *filtered, *(value for _, value in self.options))

    def option(self, key: str) -> Typed | None:
        return next((value for name, value in self.options if name == key), None)

    def word(self, key: str, default: str) -> str:
        """The bare word given to an option such as `gap`."""
        given = self.option(key)
        return default if given is None else str(given.value)

    def walk(self) -> Iterator[Typed]:
        """This node and everything inside it, through definitions, outside first."""
        yield self
        for child in self.children:
            yield from child.walk()


def conjuncts(typed: Typed) -> tuple[Typed, ...]:
    """The conditions that must all hold, looking through definitions; one for anything but `and`."""
    if typed.source == "definition":
        inner = conjuncts(typed.arguments[0])
        return inner if len(inner) > 1 else (typed,)
    if typed.operation == "and":
        return tuple(part for argument in typed.arguments for part in conjuncts(argument))
    return (typed,)


def aggregates(typed: Typed) -> tuple[Typed, ...]:
    """The aggregates of a group formula, each once, in order of appearance."""
    if typed.operation in AGGREGATES:
        return (typed,)
    found = (part for child in typed.children for part in aggregates(child))
    return tuple({part.node: part for part in found}.values())


def numerator_and_denominator(typed: Typed) -> tuple[Typed, Typed] | None:
    """The two sides of a formula that is a division (or a share); None for anything else."""
    if typed.source == "definition":
        return numerator_and_denominator(typed.arguments[0])
    if typed.operation == "divide":
        return typed.arguments[0], typed.arguments[1]
    if typed.operation == "share":
        return share_parts(typed)
    return None


def share_parts(typed: Typed) -> tuple[Typed, Typed]:
    """`share(x where c)` as `coalesce(sum(x where c), 0)` and `sum(x)`; `share(where c)` as the two counts."""
    assert isinstance(typed.node, Operation)
    part = _total_of(typed, typed.where)
    whole = _total_of(typed, None)
    if not typed.arguments:
        return part, whole
    zero = Typed(Literal(Fraction(0), NUMBER), NUMBER, Level.CONSTANT)
    filled = Operation("coalesce", (part.node, zero.node))
    return Typed(filled, part.type, Level.GROUP, part.bound, (part, zero)), whole


def _total_of(share: Typed, where: Typed | None) -> Typed:
    assert isinstance(share.node, Operation)
    node = Operation("sum" if share.arguments else "count", share.node.arguments, None if where is None else where.node)
    type_ = share.arguments[0].type if share.arguments else NUMBER
    return Typed(node, type_, Level.GROUP, share.bound, share.arguments, where)
