"""History functions in SQL, over the table of earlier results."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from sqlglot import exp

from guatu.engine.expressions import Typed
from guatu.engine.tables import sql_values as sql
from guatu.engine.tables.earlier import last_period_ended
from guatu.engine.tables.rounds import first_round, period_of_round, round_number, year_before
from guatu.engine.tables.sources import column
from guatu.engine.tables.sql_joins import outputs_of, read_back, same_keys
from guatu.engine.tables.sql_totals import filtered
from guatu.engine.tables.sql_values import Compiled, Pair, Sql, constant

if TYPE_CHECKING:
    from guatu.engine.tables.compiler import Compiler


class _Past:
    """The history of a subject table, as a query to pick from."""

    def __init__(self, compiler: Compiler, typed: Typed) -> None:
        store = compiler.sources.store
        self.subject = store.subject(compiler.table)
        self.history = self.subject.history
        self.compiler = compiler
        self.part = typed.arguments[1] if typed.operation == "running" else typed.arguments[0]
        self.calendar = typed.word("calendar", "statistical")
        self.now = store.period()
        self.round_now = round_number(self.now, self.calendar)
        store.check_history(self.subject)
        self.inner = compiler.over(self.history, "h", past=True)
        self.value = self.inner.value(self.part)
        self.period = compiler.sources.plain(self.history, "h", "period")
        self.on = same_keys(compiler, self.subject.key)

    def query(self, condition: Sql | None = None, **more: Sql) -> Sql:
        """Keys k0…, value v (and d), and whatever else, for rows before now that meet the condition."""
        keys = {f"k{i}": self.compiler.sources.plain(self.history, "h", key) for i, key in enumerate(self.subject.key)}
        made = {"v": self.value.num, "d": self.value.den_sql} if isinstance(self.value, Pair) else {"v": self.value}
        query = self.inner.select({**keys, **made, **more})
        query = query.where(sql.infix(exp.LT, self.period, sql.text(self.now)), copy=False)
        return query if condition is None else query.where(condition, copy=False)

    def grouped(self, query: Sql, **totals: Sql) -> Sql:
        keys = [column("g", f"k{i}") for i in range(len(self.subject.key))]
        named = [sql.named(key, f"k{i}") for i, key in enumerate(keys)]
        named += [sql.named(total, name) for name, total in totals.items()]
        return sql.select(named, sql.subquery(query, "g")).group_by(*keys, copy=False)

    def in_periods(self, rounds: Sequence[int]) -> Sql:
        names = [sql.text(period_of_round(number, self.calendar)) for number in rounds]
        return sql.any_of([sql.infix(exp.EQ, self.period, name) for name in names])

    def value_in(self, period: str) -> Compiled:
        """The value published for one period."""
        query = self.query(sql.infix(exp.EQ, self.period, sql.text(period)))
        return read_back(self.compiler.join_query(query, outputs_of(self.value), self.on), self.value)

    def round_sql(self) -> Sql:
        """`round_number` of the period column; null where the calendar has no such round."""
        year, month = (
            sql.wide(exp.Substring(this=self.period, start=exp.Literal.number(s), length=exp.Literal.number(n)))
            for s, n in ((1, 4), (6, 2))
        )
        if self.calendar == "statistical":
            number = sql.add(sql.times(year, 11), sql.subtract(month, sql.whole(2)))
            return sql.choose([(sql.infix(exp.NEQ, month, sql.whole(1)), number)], sql.null())
        if self.calendar == "quarterly":
            number = sql.add(
                sql.times(year, 4), sql.subtract(sql.truncated(month, sql.whole(3), most=12), sql.whole(1))
            )
            whole = sql.infix(exp.EQ, sql.remainder(month, sql.whole(3)), sql.whole(0))
            return sql.choose([(whole, number)], sql.null())
        if self.calendar == "yearly":
            return sql.choose([(sql.infix(exp.EQ, month, sql.whole(12)), year)], sql.null())
        return sql.add(sql.times(year, 12), sql.subtract(month, sql.whole(1)))


def history(compiler: Compiler, typed: Typed) -> Compiled:
    """A history function; without a table of earlier results nothing was published."""
    if compiler.sources.store.subject(compiler.table).history not in compiler.sources.store:
        return _without_history(compiler, typed)
    past = _Past(compiler, typed)
    if typed.operation == "same_period_last_year":
        return past.value_in(year_before(past.now))
    if typed.operation == "as_of":
        return _as_of(compiler, typed, past)
    if past.round_now is None:
        return constant(None, typed.type)
    work: dict[str, Callable[[Compiler, Typed, _Past, int], Compiled]] = {
        "prev": _prev,
        "streak": _streak,
        "running": _running,
        "to_month": _to_month,
        "to_cumulative": _to_cumulative,
    }
    return work[typed.operation](compiler, typed, past, past.round_now)


def _without_history(compiler: Compiler, typed: Typed) -> Compiled:
    name, now = typed.operation, compiler.sources.store.period()
    calendar = typed.word("calendar", "statistical")
    number = round_number(now, calendar)
    if name == "as_of":
        day = compiler.known_value(typed.arguments[1])
        held = day is not None and now <= _last_period(day)
        return compiler.value(typed.arguments[0]) if held else constant(None, typed.type)
    if name in ("prev", "same_period_last_year") or number is None:
        return constant(None, typed.type)
    first = int(now[5:7]) == first_round(calendar)
    if name in ("to_month", "to_cumulative"):
        return compiler.value(typed.arguments[0]) if first else constant(None, typed.type)
    if name == "running":
        return _all_running(compiler, typed, sql.whole(0), sql.whole(0))
    return _counted(compiler, typed, sql.whole(0))


def _prev(compiler: Compiler, typed: Typed, past: _Past, now: int) -> Compiled:
    steps = int(str(typed.arguments[1].value)) if len(typed.arguments) == 2 else 1
    return past.value_in(period_of_round(now - steps, past.calendar))


def _last_period(day: date | str) -> str:
    return day if isinstance(day, str) else last_period_ended(day)


def _as_of(compiler: Compiler, typed: Typed, past: _Past) -> Compiled:
    day = compiler.known_value(typed.arguments[1])
    if day is None:
        return constant(None, typed.type)
    last = _last_period(day)
    if past.now <= last:
        return compiler.value(past.part)
    known = past.query(sql.infix(exp.LTE, past.period, sql.text(last)), p=past.period)
    keys = [column("g", f"k{i}") for i in range(len(past.subject.key))]
    order = exp.Order(expressions=[exp.Ordered(this=column("g", "p"), desc=True, nulls_first=False)])
    newest = exp.Window(this=sql.call("ROW_NUMBER"), partition_by=keys, order=order)
    inner = sql.select([exp.Star(), sql.named(newest, "r")], sql.subquery(known, "g"))
    query = sql.select([exp.Star()], sql.subquery(inner, "f"))
    query = query.where(sql.infix(exp.EQ, column("f", "r"), sql.whole(1)), copy=False)
    return read_back(compiler.join_query(query, outputs_of(past.value), past.on), past.value)


def _streak(compiler: Compiler, typed: Typed, past: _Past, now: int) -> Compiled:
    skip = typed.word("gap", "break") == "skip"
    number = past.round_sql()
    rows = past.query(sql.all_of([sql.is_there(number), sql.infix(exp.LT, number, sql.whole(now))]), r=number)
    keys = [column("g", f"k{i}") for i in range(len(past.subject.key))]
    value, place = column("g", "v"), column("g", "r")
    source = sql.subquery(rows, "g")
    everything = [sql.named(key, f"k{i}") for i, key in enumerate(keys)]
    if skip:
        stop = exp.Window(this=exp.Max(this=sql.choose([(sql.negated(value), place)], sql.null())), partition_by=keys)
        columns = [*everything, sql.named(value, "v"), sql.named(place, "r"), sql.named(stop, "s")]
        inner = sql.select(columns, source)
        last = exp.Coalesce(this=column("g", "s"), expressions=[sql.whole(-1)])
        held = sql.all_of([column("g", "v"), sql.infix(exp.GT, column("g", "r"), last)])
    else:
        order = exp.Order(expressions=[exp.Ordered(this=place, desc=True, nulls_first=False)])
        back = exp.Window(this=sql.call("ROW_NUMBER"), partition_by=keys, order=order)
        inner = sql.select([*everything, sql.named(place, "r"), sql.named(back, "s")], source).where(value, copy=False)
        held = sql.infix(exp.EQ, column("g", "r"), sql.subtract(sql.whole(now), sql.wide(column("g", "s"))))
    query = past.grouped(inner, n=filtered(exp.Count(this=exp.Star()), held))
    read = compiler.join_query(query, ("n",), past.on)
    return _counted(compiler, typed, exp.Coalesce(this=sql.wide(read("n")), expressions=[sql.whole(0)]))


def _counted(compiler: Compiler, typed: Typed, before: Sql) -> Pair:
    """This period on top of the unbroken ones before it."""
    now = compiler.value(typed.arguments[0])
    open_ = before if typed.word("gap", "break") == "skip" else sql.null()
    return Pair(sql.choose([(now, sql.add(before, sql.whole(1))), (sql.is_null(now), open_)], sql.whole(0)), 1)


def _running(compiler: Compiler, typed: Typed, past: _Past, now: int) -> Compiled:
    steps = int(str(typed.arguments[0].value))
    rows = past.query(past.in_periods(range(now - steps + 1, now)))
    value = column("g", "v")
    query = past.grouped(
        rows,
        t=filtered(exp.Count(this=exp.Star()), value),
        f=filtered(exp.Count(this=exp.Star()), sql.negated(value)),
    )
    read = compiler.join_query(query, ("t", "f"), past.on)
    counts = (exp.Coalesce(this=sql.wide(read(key)), expressions=[sql.whole(0)]) for key in ("t", "f"))
    return _all_running(compiler, typed, *counts)


def _all_running(compiler: Compiler, typed: Typed, held: Sql, failed: Sql) -> Sql:
    now, steps = compiler.value(typed.arguments[1]), int(str(typed.arguments[0].value))
    broken = sql.any_of([sql.negated(now), sql.infix(exp.GT, failed, sql.whole(0))])
    unbroken = sql.all_of([now, sql.infix(exp.EQ, held, sql.whole(steps - 1))])
    return sql.choose([(broken, exp.false()), (unbroken, exp.true())], sql.null("boolean"))


def _rounds_this_year(past: _Past, now: int) -> range:
    first = round_number(f"{past.now[:4]}-{first_round(past.calendar):02d}", past.calendar)
    assert first is not None
    return range(first, now)


def _to_month(compiler: Compiler, typed: Typed, past: _Past, now: int) -> Compiled:
    value = compiler.number(past.part)
    if not _rounds_this_year(past, now):
        return value
    earlier = past.value_in(period_of_round(now - 1, past.calendar))
    return sql.minus(value, earlier)


def _to_cumulative(compiler: Compiler, typed: Typed, past: _Past, now: int) -> Compiled:
    value: Any = compiler.number(past.part)
    rounds = _rounds_this_year(past, now)
    if not rounds:
        return value
    rows = past.query(past.in_periods(rounds))
    query = past.grouped(rows, n=exp.Count(this=column("g", "v")), s=exp.Sum(this=column("g", "v")))
    read = compiler.join_query(query, ("n", "s"), past.on)
    complete = sql.infix(exp.EQ, read("n"), sql.whole(len(rounds)))
    before = Pair(sql.choose([(complete, sql.wide(read("s")))], sql.null()), past.value.den)
    return sql.plus(value, before)
