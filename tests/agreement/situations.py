"""What each operation has met: missing values, ties, negatives, zero denominators, empty groups."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from fractions import Fraction
from typing import Any

from guatu.engine.expressions import Typed
from guatu.engine.expressions.vocabulary import AGGREGATES
from guatu.engine.tables.evaluator import Evaluator

MET: dict[str, set[str]] = defaultdict(set)


def record(typed: Typed, evaluator: Evaluator, empty_groups: bool) -> None:
    """Note the operations of a formula and what their arguments held. Links are looked into by their totals."""
    if typed.operation:
        met = MET[typed.operation]
        met.add("used")
        if typed.operation in AGGREGATES and empty_groups:
            met.add("empty group")
        for argument in _looked_at(typed):
            met |= _situations(evaluator.values(argument))
        if typed.operation in ("divide", "share", "mean") and 0 in _flat(evaluator, typed.arguments[-1:]):
            met.add("zero denominator")
    if typed.operation == "along":
        return
    for child in typed.children:
        record(child, evaluator, empty_groups)


def _looked_at(typed: Typed) -> Iterable[Typed]:
    if typed.operation in ("along", "list"):
        return ()
    return (argument for argument in typed.arguments if not _holds_total(argument) and argument.operation != "list")


def _holds_total(typed: Typed) -> bool:
    return any(node.operation in AGGREGATES for node in typed.walk())


def _flat(evaluator: Evaluator, arguments: Iterable[Typed]) -> list[Any]:
    return [value for one in arguments if not _holds_total(one) for value in evaluator.values(one)]


def _situations(values: list[Any]) -> set[str]:
    there = [value for value in values if value is not None]
    met = set()
    if len(there) < len(values):
        met.add("null")
    if len(set(map(repr, there))) < len(there):
        met.add("tie")
    if any(isinstance(value, Fraction) and value < 0 for value in there):
        met.add("negative")
    return met
