"""What checks ask of an item, and what is said where one of them fires: the same whatever works it out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from guatu.engine.checks.book import CheckBook, ReadyCheck
from guatu.engine.evaluation.saying import in_printed_unit, said, show_of
from guatu.engine.expressions import Typed
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


class Asked:
    """What two statements answer: each check's condition; and where one holds, what it tells and rests on."""

    def __init__(self, book: CheckBook, checks: Sequence[ReadyCheck]) -> None:
        self._book = book
        self.checks = checks
        formulas = book.rulebook.formulas
        self.conditions = [formulas.over("item", one.clause.when) for one in checks]
        self._fields = [_columns(typed) for typed in self.conditions]
        self.told = {
            name: formulas.definition("item", name)
            for one, fields in zip(checks, self._fields, strict=True)
            for name in (*one.told, *fields)
        }

    def fired(self, number: int, item_id: str, told: Mapping[str, Any]) -> Fired:
        """`told`: what the names in `self.told` are worth for the item, numbers as Fraction."""
        one = self.checks[number]
        return Fired(
            check=one,
            item_id=item_id,
            said={name: self._said(name, told[name]) for name in one.told},
            rests_on={name: _exactly(told[name]) for name in self._fields[number]},
        )

    def _said(self, name: str, value: Any) -> Text:
        rulebook, typed = self._book.rulebook, self.told[name]
        if name in rulebook.settings:
            return Text(rulebook.settings[name].written, rulebook.settings[name].written)
        shown = show_of(rulebook, "item", name, typed.type)
        if isinstance(value, Fraction) and shown.unit:
            # 29843万元, not 29843.00万元: beside what the workbook shows, zeros would look like precision.
            figure = in_printed_unit(value, shown, _MOST_DECIMALS if shown.unit not in _RATES else shown.decimals)
            return Text(f"{figure}{shown.unit}", f"{figure}{shown.unit}")
        return said(value, typed.type, shown, rulebook)

    def parts(self) -> Iterator[Typed]:
        """Everything inside the formulas."""
        yield from (part for typed in (*self.conditions, *self.told.values()) for part in typed.walk())


def reads_lists(book: CheckBook) -> bool:
    """Whether a check looks at the lists an item is on."""
    formulas = book.rulebook.formulas
    return any(part.key == "lists" for one in book.checks for part in formulas.over("item", one.clause.when).walk())


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


def _columns(typed: Typed) -> tuple[str, ...]:
    """The item's own columns a formula reads this round, each once."""
    return tuple(dict.fromkeys(part.key for part in typed.walk() if part.source == "column" and part.key != "lists"))


def _exactly(value: Any) -> str | None:
    if isinstance(value, bool):
        return "true" if value else "false"
    return value.isoformat() if isinstance(value, date) else None if value is None else str(value)
