"""Nodes to typed nodes: names found, types and levels agreed, digits bounded."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from guatu.engine.expressions import bounds
from guatu.engine.expressions.calls import Call, Result, Rule
from guatu.engine.expressions.nodes import Expression, Literal, Operation, Reference
from guatu.engine.expressions.parser import LONGEST_CHAIN, too_long_a_chain
from guatu.engine.expressions.refused import ExpressionRefused
from guatu.engine.expressions.scalar_rules import SCALAR_RULES
from guatu.engine.expressions.scope import Scope
from guatu.engine.expressions.set_rules import SET_RULES, linked_scope
from guatu.engine.expressions.typed import Typed
from guatu.engine.expressions.types import NO_DIGITS, TEXT, Level
from guatu.engine.expressions.vocabulary import AGGREGATES
from guatu.text import Text

_LEVELS = (Level.CONSTANT, Level.ROW, Level.SUBJECT)


def check(expression: Expression, scope: Scope) -> Typed:
    """The formula with types, or ExpressionRefused at the first thing that makes no sense.

    Titles become identifiers; definitions are put in but remembered under their names.
    """
    return _Checker(scope).check(expression)


def _list(call: Call) -> Result:
    # What takes a list says what may be in it.
    return Result(call.arguments[0].type)


_RULES: dict[str, Rule] = {**SCALAR_RULES, **SET_RULES, "list": _list}


class _Checker:
    def __init__(self, scope: Scope, *, inside_link: bool = False, open_: tuple[str, ...] = (), depth: int = 0) -> None:
        self._scope = scope
        self._depth = depth
        self._inside_link = inside_link
        self._open = open_

    def check(self, node: Expression) -> Typed:
        if isinstance(node, Literal):
            bound = bounds.of_value(node.value) if isinstance(node.value, Fraction) else NO_DIGITS
            return Typed(node, node.type, Level.CONSTANT, bound)
        self._depth += 1
        if self._depth > LONGEST_CHAIN:
            # Definitions count with what they stand for.
            raise too_long_a_chain(node.span)
        typed = self._name(node) if isinstance(node, Reference) else self._operation(node)
        self._depth -= 1
        return typed

    def _name(self, node: Reference) -> Typed:
        key, scope = self._scope.key_of(node), self._scope
        found = Reference(key, node.span)
        if key in scope.columns:
            name = scope.columns[key]
            return Typed(found, name.type, Level.ROW, name.bound, source="column", name=name, title=name.title)
        if key in scope.indicators:
            name = scope.indicators[key]
            return Typed(found, name.type, Level.SUBJECT, name.bound, source="indicator", name=name, title=name.title)
        if key in scope.constants:
            return self._constant(found, key)
        if key in self._open:
            circle = " → ".join([*self._open, key])
            raise ExpressionRefused(
                node.span,
                Text(f"定义绕回自身：{circle}", f"definitions go in a circle: {circle}"),
                Text("拆开其中一步。", "Break one of the steps."),
            )
        inner = _Checker(scope, inside_link=self._inside_link, open_=(*self._open, key), depth=self._depth).check(
            scope.definitions[key]
        )
        title = scope.title(key)
        return Typed(found, inner.type, inner.level, inner.bound, (inner,), source="definition", title=title)

    def _constant(self, node: Reference, key: str) -> Typed:
        name = self._scope.constants[key]
        # Whatever its denominator turns out to be, a constant's is the same for every row.
        bound = replace(name.bound, fixed=True) if name.type.numeric else NO_DIGITS
        return Typed(node, name.type, Level.CONSTANT, bound, source="constant", name=name, title=name.title)

    def _operation(self, node: Operation) -> Typed:
        arguments = self._arguments(node)
        where = None if node.where is None else self.check(node.where)
        if where is not None and node.name not in AGGREGATES:
            raise ExpressionRefused(
                node.span,
                Text(f"“{node.name}”不带“其中”", f"'{node.name}' takes no 'where'"),
                Text("“其中”只跟在合计类函数里。", "'where' belongs inside totals such as sum and count."),
            )
        options = tuple((key, self.check(value)) for key, value in node.options)
        parts = (*arguments, *([where] if where else []), *(value for _, value in options))
        level = self._level(node, parts)
        exact = level is not Level.GROUP or self._inside_link
        call = Call(node, arguments, where, options, self._scope, exact, self._check_in)
        if node.name not in _RULES:
            raise ValueError(f"no such operation: {node.name}")
        result = _RULES[node.name](call)
        typed_arguments = arguments if result.arguments is None else result.arguments
        clean = Operation(
            node.name,
            tuple(argument.node for argument in arguments),
            where.node if where else None,
            tuple((key, value.node) for key, value in options),
            node.span,
        )
        found = result.level or self._level(node, typed_arguments or parts)
        return Typed(clean, result.type, found, result.bound, typed_arguments, where, options, columns=result.columns)

    def _arguments(self, node: Operation) -> tuple[Typed, ...]:
        if node.name != "along" or len(node.arguments) != 2:
            return tuple(self.check(argument) for argument in node.arguments)
        table, total = node.arguments
        if not isinstance(table, Literal) or table.type != TEXT or table.value not in self._scope.tables:
            known = ", ".join(self._scope.tables) or "–"
            raise ExpressionRefused(
                table.span,
                Text("没有这张关联表", "there is no such linked table"),
                Text(f"此处可用：{known}。", f"Tables known here: {known}."),
            )
        inside = _Checker(linked_scope(self._scope, str(table.value)), inside_link=True, depth=self._depth)
        return self.check(table), inside.check(total)

    def _check_in(self, node: Expression, scope: Scope) -> Typed:
        return _Checker(scope, inside_link=self._inside_link, open_=self._open, depth=self._depth).check(node)

    def _level(self, node: Operation, parts: tuple[Typed, ...]) -> Level:
        """The highest level among the parts; totals do not mix with single rows."""
        levels = {part.level for part in parts}
        if node.name in AGGREGATES:
            return Level.ROW if Level.GROUP not in levels else Level.GROUP
        if node.name == "along":
            return Level.ROW
        if Level.GROUP not in levels:
            return max(levels, key=_LEVELS.index, default=Level.CONSTANT)
        single = next((part for part in parts if part.level in (Level.ROW, Level.SUBJECT)), None)
        if single is None:
            return Level.GROUP
        name = next((inner.key for inner in single.walk() if inner.key), "?")
        raise ExpressionRefused(
            single.node.span,
            Text(f"合计与单行的“{name}”混在一起", f"a total is mixed with a single row's '{name}'"),
            Text(f"写成 sum({name})、max({name}) 等。", f"Write sum({name}), max({name}) or another total of it."),
        )
