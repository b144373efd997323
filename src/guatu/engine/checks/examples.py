"""Worked examples of row checks, run as rounds are: what is given fires, or stays quiet, as written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import pyarrow as pa

from guatu.declarations.checks import THIS, CheckExample, Checks, Dated
from guatu.declarations.entries import Problem
from guatu.declarations.ledger import Ledger
from guatu.declarations.located import Place
from guatu.engine.checks.asked import constants_of
from guatu.engine.checks.book import CheckBook, ReadyCheck, load_book, with_settings
from guatu.engine.checks.running import run_checks
from guatu.engine.evaluation import EarlierResults
from guatu.engine.evaluation.examples import items_table
from guatu.engine.evaluation.results import INDICATORS, LADDER, LIGHTS, Kept
from guatu.engine.evaluation.stage import Engine
from guatu.engine.rulebook.model import Example
from guatu.standards.periods import Period
from guatu.text import Refusal, Text


def check_cases(book: CheckBook) -> Iterator[tuple[ReadyCheck, CheckExample]]:
    """Every worked example, once for each field its check is made for."""
    yield from ((one, example) for one in book.checks for example in one.declared.examples)


def run_check_examples(book: CheckBook, engine: Engine = "reference") -> list[Problem]:
    """Every example that comes out otherwise than written; empty when the checks are proven."""
    found = (run_check_case(book, ready, example, engine) for ready, example in check_cases(book))
    return [problem for problem in found if problem is not None]


def run_check_case(
    book: CheckBook, ready: ReadyCheck, example: CheckExample, engine: Engine = "reference"
) -> Problem | None:
    """None when the example comes out as written, else what came out instead."""
    # A figure changed by a pack that extends this one does not make the example wrong: it was written about the old.
    then = with_settings(CheckBook(book.rulebook, (_made(ready),)), ready.declared.settings)
    try:
        fired = _fires(then, ready, example, engine)
    except Refusal as refused:
        return Problem(example.place, refused.what, refused.remedy)
    outcome = "fires" if fired else "quiet"
    if outcome == example.then:
        return None
    return Problem(
        example.place,
        Text(
            f"“{ready.clause.id}”的样例得出 {outcome}，写的是 {example.then}",
            f"the example of '{ready.clause.id}' gives {outcome}, not {example.then}",
        ),
        Text("改正条件，或改正样例。", "Correct the condition, or the example."),
    )


def _made(ready: ReadyCheck) -> ReadyCheck:
    """The check as if it were in force: one switched off or not yet effective still proves itself."""
    return replace(ready, declared=replace(ready.declared, grade="warning", dated=Dated()))


def _fires(book: CheckBook, ready: ReadyCheck, example: CheckExample, engine: Engine) -> bool:
    period = Period.parse(example.period, where=str(example.place))
    history = []
    if isinstance(example.before, Mapping):
        history.append(earlier_round(_items(book, ready, example.before, example), period.previous()))
    fired = run_checks(book, _items(book, ready, example.given, example), period, history, engine)
    return bool(fired)


def _items(book: CheckBook, ready: ReadyCheck, given: Any, example: CheckExample) -> pa.Table:
    named = {ready.field if key == THIS else key: value for key, value in dict(given).items()}
    return _rows(book, [named], example.place)


def example_rows(ledger: Ledger, rows: Sequence[Mapping[str, Any]], place: Place) -> pa.Table:
    """The items an example gives, as tables hold them. Refuses fields the ledger does not have."""
    return _rows(load_book(replace(ledger, checks=Checks())), rows, place)


def _rows(book: CheckBook, rows: Sequence[Mapping[str, Any]], place: Place) -> pa.Table:
    return items_table(book.rulebook, rows, Example("also", {}, None, None, "all", {}, {}, place))


def earlier_round(items: pa.Table, period: Period) -> EarlierResults:
    """Items as the published results of a round, with nothing judged."""
    constants = {key: str(value) for key, value in constants_of(period).items()}
    return EarlierResults(
        period=str(period),
        rulebook="",
        version="",
        constants=constants,
        items=Kept(items),
        lights=Kept(LIGHTS.empty_table()),
        indicators=Kept(INDICATORS.empty_table()),
        ladder=Kept(LADDER.empty_table()),
    )
