"""The formula language: read, check, print. Meaning lives in `guatu.engine.tables`."""

from guatu.engine.expressions.checker import check
from guatu.engine.expressions.nodes import Expression, Literal, Operation, Reference, referenced_names, walk
from guatu.engine.expressions.parser import parse
from guatu.engine.expressions.printer import show, show_value
from guatu.engine.expressions.refused import ExpressionRefused, Span
from guatu.engine.expressions.scope import Name, Scope
from guatu.engine.expressions.typed import Typed, aggregates, conjuncts, numerator_and_denominator
from guatu.engine.expressions.types import (
    AREA,
    BOOLEAN,
    CNY,
    DATE,
    NUMBER,
    PERIOD,
    SEVERITY,
    TAGS,
    TEXT,
    Bound,
    Kind,
    Level,
    Type,
    money,
)

__all__ = [
    "AREA",
    "BOOLEAN",
    "CNY",
    "DATE",
    "NUMBER",
    "PERIOD",
    "SEVERITY",
    "TAGS",
    "TEXT",
    "Bound",
    "Expression",
    "ExpressionRefused",
    "Kind",
    "Level",
    "Literal",
    "Name",
    "Operation",
    "Reference",
    "Scope",
    "Span",
    "Type",
    "Typed",
    "aggregates",
    "check",
    "conjuncts",
    "money",
    "numerator_and_denominator",
    "parse",
    "referenced_names",
    "show",
    "show_value",
    "walk",
]
