"""All row checks of a round in one statement over its items; only what fired is looked at again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from guatu.declarations.ledger import Ledger
from guatu.declarations.located import Place
from guatu.engine.checks.asked import Asked, Fired, constants_of, reads_lists
from guatu.engine.checks.book import CheckBook
from guatu.engine.evaluation import EarlierResults, Inputs
from guatu.engine.evaluation.lists import derive_lists, with_fields
from guatu.engine.evaluation.stage import Engine, set_stage
from guatu.engine.expressions import Scope, Typed, check, parse
from guatu.engine.rulebook.formulas import PERIOD_CONSTANTS, item_columns
from guatu.engine.tables import ReferenceTables
from guatu.standards.periods import Period


def run_checks(
    book: CheckBook,
    items: pa.Table,
    period: Period,
    history: Sequence[EarlierResults] = (),
    engine: Engine = "duckdb",
) -> list[Fired]:
    """Every check of the period that fired, in the order of the items and of the book.

    `items`: item_id, unit, lists and the ledger's fields; `history`: results of earlier rounds, for `prev`. A
    condition that cannot be decided, for want of a value or of an earlier round, says nothing.
    """
    checks = [one for one in book.checks if one.holds_in(period)]
    if not checks or not items.num_rows:
        return []
    asked = Asked(book, checks)
    stage = set_stage(_inputs(book, items, period, history), book.rulebook, engine)
    conditions = {f"?{number}": typed for number, typed in enumerate(asked.conditions)}
    answer = stage.tables(conditions.values()).rows("items", conditions)
    fired = [
        (index, number)
        for number, name in enumerate(conditions)
        for index in pc.indices_nonzero(pc.fill_null(answer[name], False)).to_pylist()
    ]
    if not fired:
        return []
    # Few rows fire; only of these is it worked out what their sayings name.
    places = sorted({index for index, _ in fired})
    few = replace(stage, items=stage.items.take(pa.array(places, pa.int64())))
    told = {f"={name}": typed for name, typed in asked.told.items()}
    answers = few.tables(told.values()).rows("items", told, ["item_id"]).to_pylist()
    rows = dict(zip(places, answers, strict=True))
    return [
        asked.fired(number, str(rows[index]["item_id"]), _worth(asked, rows[index])) for index, number in sorted(fired)
    ]


def _worth(asked: Asked, row: Mapping[str, Any]) -> dict[str, Any]:
    """What each name is worth in an answer's row, numbers as Fraction."""
    return {name: _value(name, typed, row) for name, typed in asked.told.items()}


def _value(name: str, typed: Typed, row: Mapping[str, Any]) -> Any:
    if not typed.type.numeric:
        return row[f"={name}"]
    num, den = row[f"={name}.num"], row[f"={name}.den"]
    return None if num is None else Fraction(int(num), int(den))


def fields_read(book: CheckBook, period: Period) -> set[str]:
    """The item's fields that checks of the period look at or tell."""
    asked = Asked(book, [one for one in book.checks if one.holds_in(period)])
    return {part.key for part in asked.parts() if part.source == "column"}


def _inputs(book: CheckBook, items: pa.Table, period: Period, history: Iterable[EarlierResults]) -> Inputs:
    text, nothing = pa.string(), pa.array([], pa.string())
    ledger = book.rulebook.ledger
    return Inputs(
        period=period,
        items=items,
        units=pa.table(dict.fromkeys(("code", "title", "parent", "peers"), nothing)),
        closure=pa.table({"ancestor": nothing, "descendant": nothing, "depth": pa.array([], pa.int32())}),
        membership=derive_lists(items, ledger)
        if reads_lists(book)
        else pa.table({"item_id": pa.array([], text), "list": pa.array([], text)}),
        ledger=ledger,
        history=[one for one in history if one.period < str(period)],
    )


def condition_over(source: str, place: Place, ledger: Ledger) -> Typed:
    """A condition over one item of the ledger, checked. Raises ExpressionRefused."""
    constants = {key: name for key, name in PERIOD_CONSTANTS.items() if key in constants_of(Period.month(2021, 1))}
    return check(parse(source, place), Scope(columns=item_columns(ledger), constants=constants))


def held(typed: Typed, items: pa.Table, ledger: Ledger, period: Period) -> dict[str, bool]:
    """For each item whether the condition holds in that round; one that cannot be decided does not."""
    if not items.num_rows:
        return {}
    answer = ReferenceTables({"items": with_fields(items, ledger)}, constants_of(period)).rows(
        "items", {"held": typed}, ["item_id"]
    )
    return {
        item: value is True
        for item, value in zip(*(answer[one].to_pylist() for one in ("item_id", "held")), strict=True)
    }
