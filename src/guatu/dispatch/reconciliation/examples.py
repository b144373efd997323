"""Worked examples of identity checks, run through the same joining as a round's items."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import pyarrow as pa

from guatu.declarations import Ledger
from guatu.declarations.checks import CheckExample, Dated, IdentityCheck
from guatu.declarations.entries import Problem
from guatu.dispatch.items import Cell, Item, give_ids, join_items
from guatu.dispatch.reconciliation.decisions import Decisions
from guatu.dispatch.reconciliation.identity import Places
from guatu.dispatch.reconciliation.joining import reconcile
from guatu.dispatch.reconciliation.past import past_items
from guatu.dispatch.tables import items_table
from guatu.engine.checks import condition_over, earlier_round, example_rows
from guatu.engine.expressions import ExpressionRefused
from guatu.standards.periods import Period
from guatu.text import Refusal, Text

JOINED = ("facts_differ", "names_differ")


def check_identity(ledger: Ledger) -> list[Problem]:
    """Every problem of the ledger's identity checks: conditions that make no sense, examples that come out otherwise."""
    problems: list[Problem] = []
    for check in ledger.checks.identity.values():
        if check.unless is not None and check.unless_place is not None:
            try:
                condition_over(check.unless, check.unless_place, ledger)
            except ExpressionRefused as refused:
                problems.append(Problem(check.unless_place, refused.what, refused.remedy))
                continue
        problems += [found for one in check.examples if (found := _run(ledger, check, one)) is not None]
    return problems


def identity_cases(ledger: Ledger) -> Iterator[CheckExample]:
    return (example for check in ledger.checks.identity.values() for example in check.examples)


def _run(ledger: Ledger, check: IdentityCheck, example: CheckExample) -> Problem | None:
    try:
        outcome = "fires" if _fires(ledger, check, example) else "quiet"
    except Refusal as refused:
        return Problem(example.place, refused.what, refused.remedy)
    if outcome == example.then:
        return None
    return Problem(
        example.place,
        Text(
            f"“{check.key}”的样例得出 {outcome}，写的是 {example.then}",
            f"the example of '{check.key}' gives {outcome}, not {example.then}",
        ),
        Text("改正检查，或改正样例。", "Correct the check, or the example."),
    )


def _fires(ledger: Ledger, check: IdentityCheck, example: CheckExample) -> bool:
    # By itself, in force, and said: whatever else the pack declares or switches off.
    made = replace(check, grade="warning", dated=Dated())
    alone = replace(ledger, checks=replace(ledger.checks, identity={check.key: made}))
    period = Period.parse(example.period, where=str(example.place))
    items = _items(alone, example.given, example, period)
    if check.kind in JOINED:
        first, *others = items
        return any(one.code == check.key for other in others for one in join_items(first, other, alone, period))
    kept: dict[str, list[Item]] = {}
    history = []
    if example.before is not None:
        last = period.previous()
        kept[str(last)] = _items(alone, example.before, example, last)
        give_ids(kept[str(last)], {})
        history.append(earlier_round(items_table(kept[str(last)], alone), last))
    past = past_items(history, kept, made.fields, ledger.code_field)
    units = {item.unit for item in items} | {one.unit for one in past.values()}
    places = Places({}, {unit: f"{unit}.xlsx" for unit in units})
    found = reconcile(items, alone, period, past, history, Decisions(), places)
    return any(one.code == check.key for one in found.findings)


def _items(ledger: Ledger, given: Any, example: CheckExample, period: Period) -> list[Item]:
    rows: list[Mapping[str, Any]] = list(given) if isinstance(given, list) else [given]
    table: pa.Table = example_rows(ledger, rows, example.place)
    return [_item(row, number, ledger.code_field) for number, row in enumerate(table.to_pylist(), 5)]


def _item(row: Mapping[str, Any], number: int, code: str | None) -> Item:
    values = {key: value for key, value in row.items() if key not in ("item_id", "unit", "lists")}
    item = Item("", row["unit"], values=values, code_field=code)
    for column, (key, value) in enumerate(values.items()):
        place = f"{chr(ord('A') + column)}{number}"
        item.cells[key] = (Cell(key, None, value, str(value), None, f"{item.unit}.xlsx", "样例", place),)
    return item
