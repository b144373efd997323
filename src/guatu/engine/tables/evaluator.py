"""The plain-Python truth: a formula worked out column by column over the rows of one table."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import Any

from guatu.engine.expressions import DATE, Expression, Kind, Name, Typed, aggregates
from guatu.engine.expressions.vocabulary import AGGREGATES, HISTORY, WINDOWS
from guatu.engine.tables.dimension import missing_table
from guatu.engine.tables.earlier import EarlierResults
from guatu.engine.tables.meanings import MEANINGS, total
from guatu.engine.tables.parameters import find_parameters
from guatu.engine.tables.places import cut, ranks
from guatu.engine.tables.readable import Column, Readable
from guatu.engine.values import Severity
from guatu.text import Text

CALENDAR_DAY = Name("date", Text("日期", "date"), DATE)


class Evaluator:
    """Works formulas out over the rows of `table`.

    `past` reads constants from the table where it has a column of that name: a history table may carry
    the time-proportional progress of its period; a column it lacks was not published then, so it is
    missing. `given` holds totals already worked out.
    """

    def __init__(
        self,
        store: Readable,
        table: str,
        size: int | None = None,
        *,
        past: bool = False,
        given: Mapping[Expression, Column] | None = None,
    ) -> None:
        self._store = store
        self._table = table
        self._size = store.size(table) if size is None else size
        self._past = past
        self._given = given or {}
        self._done: dict[int, tuple[Typed, Column]] = {}

    def values(self, typed: Typed) -> Column:
        """One value per row."""
        found = self._done.get(id(typed))
        if found is None:
            # The node is kept beside its values: an id is only unique while its object lives.
            found = self._done[id(typed)] = (typed, self._work_out(typed))
        return found[1]

    def _work_out(self, typed: Typed) -> Column:
        if typed.is_literal:
            graded = typed.type.kind is Kind.SEVERITY
            return [Severity(typed.value).rank if graded else typed.value] * self._size
        if typed.source == "definition":
            return self.values(typed.arguments[0])
        if typed.source == "constant":
            return self._constant(typed)
        if typed.source is not None:
            assert typed.name is not None
            if self._past and not self._store.has_column(self._table, typed.name):
                return [None] * self._size
            return self._store.values(self._table, typed.name)
        return self._operation(typed)

    def _constant(self, typed: Typed) -> Column:
        assert typed.name is not None
        if self._past and self._store.has(self._table, typed.key):
            return self._store.values(self._table, typed.name)
        return [self._store.constant(typed.name)] * self._size

    def _operation(self, typed: Typed) -> Column:
        name = typed.operation
        if name in AGGREGATES:
            return self._given[typed.node]
        if name in HISTORY:
            return self._history(typed)
        if name in WINDOWS:
            return self._window(typed)
        special: dict[str, Callable[[Typed], Column]] = {
            "along": self._along,
            "param": self._param,
            "working_days_between": self._working_days,
        }
        if name in special:
            return special[name](typed)
        arguments = [self.values(argument) for argument in typed.arguments]
        words = {key: value.value for key, value in typed.options}
        meaning = MEANINGS[name]
        if name == "reached" and len(arguments) == 1:
            return arguments[0]
        return [meaning(*row, **words) for row in zip(*arguments, strict=True)] if arguments else []

    # other rows of this table

    def _window(self, typed: Typed) -> Column:
        if typed.operation == "of":
            return self._of(typed)
        value = self.values(typed.arguments[0])
        within = typed.option("within")
        parts = () if within is None else within.arguments if within.operation == "list" else (within,)
        peers = list(zip(*(self.values(part) for part in parts), strict=True)) if parts else [()] * self._size
        descending = typed.word("order", "desc") == "desc"
        if typed.operation == "rank":
            return ranks(value, peers, descending=descending)
        quotas = typed.option("quotas")
        assert quotas is not None
        shares = [share for part in quotas.arguments if isinstance(share := part.value, Fraction)]
        veto, grace = (
            [None] * self._size if (condition := typed.option(key)) is None else self.values(condition)
            for key in ("veto", "grace")
        )
        return cut(value, peers, shares, veto, grace, descending=descending, ties=typed.word("ties", "up"))

    def _of(self, typed: Typed) -> Column:
        """Another unit's value among the rows that differ in nothing but the unit."""
        subject = self._store.subject(self._table)
        self._store.refuse_twice(self._table, subject.key)
        value, wanted = (self.values(argument) for argument in typed.arguments)
        others = [column for column in subject.key if column != subject.unit]
        rest = self._store.keys(self._table, others)
        units = self._store.texts(self._table, subject.unit)
        found = {(unit, *keys): v for unit, keys, v in zip(units, rest, value, strict=True)}
        return [found.get((unit, *keys)) for unit, keys in zip(wanted, rest, strict=True)]

    # earlier results

    def _history(self, typed: Typed) -> Column:
        subject = self._store.subject(self._table)
        part = typed.arguments[1] if typed.operation == "running" else typed.arguments[0]
        known = subject.history in self._store
        if known:
            self._store.check_history(subject)
        earlier = EarlierResults(
            now=self._store.period(),
            calendar=typed.word("calendar", "statistical"),
            keys=self._store.keys(subject.history, subject.key) if known else [],
            periods=self._store.texts(subject.history, "period") if known else [],
            values=Evaluator(self._store, subject.history, past=True).values(part) if known else [],
        )
        keys = self._store.keys(self._table, subject.key)
        only_past = typed.operation in ("prev", "same_period_last_year")
        current = [None] * self._size if only_past else self.values(part)
        if typed.operation == "as_of":
            [day] = Evaluator(self._store, self._table, 1).values(typed.arguments[1])
            return earlier.as_of(day, keys, current)
        return earlier.answer(typed, keys, current)

    # other tables

    def _along(self, typed: Typed) -> Column:
        table = str(typed.arguments[0].value)
        subject = self._store.subject(self._table)
        partners: dict[tuple[Any, ...], list[int]] = defaultdict(list)
        for index, key in enumerate(self._store.keys(table, subject.key)):
            partners[key].append(index)
        keys = self._store.keys(self._table, subject.key)
        inside = Evaluator(self._store, table)
        return inside.totals(typed.arguments[1], [partners.get(key, []) for key in keys])

    def totals(self, typed: Typed, groups: Sequence[Sequence[int]]) -> Column:
        """A group formula for each group of rows."""
        given = {part.node: self._total(part, groups) for part in aggregates(typed)}
        return Evaluator(self._store, self._table, len(groups), given=given).values(typed)

    def _total(self, typed: Typed, groups: Sequence[Sequence[int]]) -> Column:
        value = self.values(typed.arguments[0]) if typed.arguments else [True] * self._size
        kept = None if typed.where is None else self.values(typed.where)
        return [
            total(typed.operation, [value[i] for i in rows], None if kept is None else [kept[i] for i in rows])
            for rows in groups
        ]

    def _param(self, typed: Typed) -> Column:
        as_of = typed.option("as_of")
        days = [None] * self._size if as_of is None else self.values(as_of)
        keys = list(zip(*(self.values(key) for key in typed.arguments[1:]), strict=True))
        return find_parameters(self._store, typed, keys or [()] * self._size, days)

    def _working_days(self, typed: Typed) -> Column:
        start, end = (self.values(argument) for argument in typed.arguments)
        counted = working_day_numbers(self._store)
        return [
            None if a not in counted or b not in counted else Fraction(counted[b] - counted[a])
            for a, b in zip(start, end, strict=True)
        ]


def working_day_numbers(store: Readable) -> dict[date | None, int]:
    """Day -> how many working days there are up to and including it, from the calendar table."""
    if "calendar" not in store:
        raise missing_table("calendar", "working_days_between")
    days = store.values("calendar", CALENDAR_DAY)
    return dict(zip(days, store.texts("calendar", "working_day_number"), strict=True))
