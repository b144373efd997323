"""All row checks of a round in one statement over its items; only what fired is looked at again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from guatu.declarations.ledger import Ledger
from guatu.declarations.located import Place
from guatu.engine.checks.book import CheckBook, ReadyCheck
from guatu.engine.evaluation import EarlierResults, Inputs
from guatu.engine.evaluation.lists import derive_lists, with_fields
from guatu.engine.evaluation.saying import in_printed_unit, said, show_of
from guatu.engine.evaluation.stage import Engine, set_stage
from guatu.engine.expressions import Scope, Typed, check, parse
from guatu.engine.rulebook.formulas import PERIOD_CONSTANTS, item_columns
from guatu.engine.tables import ReferenceTables
from guatu.standards.periods import Period
from guatu.text import Text

_RATES = ("%", "pp")
_MOST_DECIMALS = 6
"""1 分 is 0.000001 万元."""


@dataclass(frozen=True, slots=True)
class Fired:
    """A check that fired for one item."""

    check: ReadyCheck
    item_id: str
    said: Mapping[str, Text]
    """What its sayings name, as computed: definitions, settings, fields."""
    rests_on: Mapping[str, str | None]
    """The item's own fields the formula reads, exactly: while these stand, it is the same question."""


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
    asked = _Asked(book, checks)
    stage = set_stage(_inputs(book, items, period, history), book.rulebook, engine)
    answer = stage.tables(asked.conditions.values()).rows("items", asked.conditions)
    fired = [
        (index, number)
        for number, name in enumerate(asked.conditions)
        for index in pc.indices_nonzero(pc.fill_null(answer[name], False)).to_pylist()
    ]
    if not fired:
        return []
    # Few rows fire; only of these is it worked out what their sayings name.
    places = sorted({index for index, _ in fired})
    few = replace(stage, items=stage.items.take(pa.array(places, pa.int64())))
    told = few.tables(asked.told.values()).rows("items", asked.told, ["item_id"]).to_pylist()
    rows = dict(zip(places, told, strict=True))
    return [asked.fired(number, rows[index]) for index, number in sorted(fired)]


def fields_read(book: CheckBook, period: Period) -> set[str]:
    """The item's fields that checks of the period look at or tell."""
    asked = _Asked(book, [one for one in book.checks if one.holds_in(period)])
    formulas = [*asked.conditions.values(), *asked.told.values()]
    return {part.key for typed in formulas for part in typed.walk() if part.source == "column"}


class _Asked:
    """What two statements answer: each check's condition; and where one holds, what it tells and rests on."""

    def __init__(self, book: CheckBook, checks: Sequence[ReadyCheck]) -> None:
        self._book = book
        self._checks = checks
        formulas = book.rulebook.formulas
        self._conditions = [formulas.over("item", one.clause.when) for one in checks]
        self._fields = [_columns(typed) for typed in self._conditions]
        self._named = {
            name: formulas.definition("item", name)
            for one, fields in zip(checks, self._fields, strict=True)
            for name in (*one.told, *fields)
        }
        self.conditions = {f"?{number}": typed for number, typed in enumerate(self._conditions)}
        self.told = {f"={name}": typed for name, typed in self._named.items()}

    def fired(self, number: int, row: Mapping[str, Any]) -> Fired:
        one = self._checks[number]
        return Fired(
            check=one,
            item_id=str(row["item_id"]),
            said={name: self._said(name, row) for name in one.told},
            rests_on={name: _exactly(self._value(name, row)) for name in self._fields[number]},
        )

    def _value(self, name: str, row: Mapping[str, Any]) -> Any:
        if not self._named[name].type.numeric:
            return row[f"={name}"]
        num, den = row[f"={name}.num"], row[f"={name}.den"]
        return None if num is None else Fraction(int(num), int(den))

    def _said(self, name: str, row: Mapping[str, Any]) -> Text:
        rulebook, typed = self._book.rulebook, self._named[name]
        if name in rulebook.settings:
            return Text(rulebook.settings[name].written, rulebook.settings[name].written)
        value, shown = self._value(name, row), show_of(rulebook, "item", name, typed.type)
        if isinstance(value, Fraction) and shown.unit:
            # 29843万元, not 29843.00万元: beside what the workbook shows, zeros would look like precision.
            figure = in_printed_unit(value, shown, _MOST_DECIMALS if shown.unit not in _RATES else shown.decimals)
            return Text(f"{figure}{shown.unit}", f"{figure}{shown.unit}")
        return said(value, typed.type, shown, rulebook)


def _columns(typed: Typed) -> tuple[str, ...]:
    """The item's own columns a formula reads this round, each once."""
    return tuple(dict.fromkeys(part.key for part in typed.walk() if part.source == "column" and part.key != "lists"))


def _exactly(value: Any) -> str | None:
    if isinstance(value, bool):
        return "true" if value else "false"
    return value.isoformat() if isinstance(value, date) else None if value is None else str(value)


def _inputs(book: CheckBook, items: pa.Table, period: Period, history: Iterable[EarlierResults]) -> Inputs:
    text, nothing = pa.string(), pa.array([], pa.string())
    ledger = book.rulebook.ledger
    return Inputs(
        period=period,
        items=items,
        units=pa.table(dict.fromkeys(("code", "title", "parent", "peers"), nothing)),
        closure=pa.table({"ancestor": nothing, "descendant": nothing, "depth": pa.array([], pa.int32())}),
        membership=derive_lists(items, ledger)
        if _reads_lists(book)
        else pa.table({"item_id": pa.array([], text), "list": pa.array([], text)}),
        ledger=ledger,
        history=[one for one in history if one.period < str(period)],
    )


def _reads_lists(book: CheckBook) -> bool:
    formulas = book.rulebook.formulas
    return any(part.key == "lists" for one in book.checks for part in formulas.over("item", one.clause.when).walk())


def condition_over(source: str, place: Place, ledger: Ledger) -> Typed:
    """A condition over one item of the ledger, checked. Raises ExpressionRefused."""
    constants = {key: name for key, name in PERIOD_CONSTANTS.items() if key in constants_of(Period.month(2021, 1))}
    return check(parse(source, place), Scope(columns=item_columns(ledger), constants=constants))


def constants_of(period: Period) -> dict[str, str | date | Fraction]:
    """What a condition knows of its round."""
    return {
        "period": str(period.months[-1]) if period.months else f"{period.last_day:%Y-%m}",
        "period_start": period.first_day,
        "period_end": period.last_day,
        "period_year": Fraction(period.year),
        "period_quarter": Fraction(period.quarter),
        "period_month": Fraction(period.last_day.month),
    }


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
