"""What looks beyond one row, in SQL: totals, links, parameters, other subjects, earlier results."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from sqlglot import exp

from guatu.engine.expressions import DATE, Name, Typed, aggregates
from guatu.engine.tables import sql_values as sql
from guatu.engine.tables.earlier import last_period_ended
from guatu.engine.tables.parameters import intervals
from guatu.engine.tables.rounds import first_round, period_of_round, round_number, year_before
from guatu.engine.tables.sources import column
from guatu.engine.tables.sql_values import Compiled, Pair, Sql, constant
from guatu.text import Text

if TYPE_CHECKING:
    from guatu.engine.tables.compiler import Compiler

# totals


def filtered(aggregate: Sql, where: Sql | None) -> Sql:
    return aggregate if where is None else exp.Filter(this=aggregate, expression=exp.Where(this=where))


def total_parts(typed: Typed, value: Compiled | None, where: Sql | None) -> dict[str, Sql]:
    """The SQL aggregates a total is finished from; numbers are sums or picks of numerators."""
    name = typed.operation
    inner = value.num if isinstance(value, Pair) else value
    if name == "count":
        return {"n": filtered(exp.Count(this=exp.Star() if inner is None else inner), where)}
    if name == "distinct":
        return {"n": filtered(exp.Count(this=exp.Distinct(expressions=[inner])), where)}
    if name == "sum":
        return {"v": filtered(exp.Sum(this=inner), where)}
    if name == "mean":
        return {"v": filtered(exp.Sum(this=inner), where), "n": filtered(exp.Count(this=inner), where)}
    if name == "share" and inner is None:
        return {"v": filtered(exp.Count(this=exp.Star()), where), "n": exp.Count(this=exp.Star())}
    if name == "share":
        return {"v": filtered(exp.Sum(this=inner), where), "n": exp.Sum(this=inner)}
    if name == "median":
        return _median_parts(inner, where)
    kinds: dict[str, Callable[[], Sql]] = {
        "min": lambda: exp.Min(this=inner),
        "max": lambda: exp.Max(this=inner),
        "any": lambda: exp.LogicalOr(this=inner),
        "all": lambda: exp.LogicalAnd(this=inner),
    }
    return {"v": filtered(kinds[name](), where)}


def _median_parts(inner: Sql, where: Sql | None) -> dict[str, Sql]:
    there = sql.is_there(inner) if where is None else sql.all_of([where, sql.is_there(inner)])
    ordered = exp.ArraySort(this=filtered(exp.ArrayAgg(this=inner), there))
    count = filtered(exp.Count(this=inner), where)
    middle = [sql.truncated(sql.add(sql.wide(count), sql.whole(step)), sql.whole(2)) for step in (1, 2)]
    low, high = (sql.call("list_extract", ordered, sql.cast(place, "bigint")) for place in middle)
    return {"v": sql.add(low, high)}


def finished(typed: Typed, value: Compiled | None, parts: dict[str, Sql]) -> Compiled:
    """A total from its aggregates, once they are columns."""
    name = typed.operation
    den = value.den if isinstance(value, Pair) else 1
    if name in ("count", "distinct"):
        return Pair(exp.Coalesce(this=sql.wide(parts["n"]), expressions=[sql.whole(0)]), 1)
    if name == "sum":
        return Pair(sql.wide(parts["v"]), den)
    if name == "mean":
        return Pair(sql.wide(parts["v"]), sql.times(sql.wide(parts["n"]), den))
    if name == "median":
        return Pair(sql.wide(parts["v"]), den * 2)
    if name == "share":
        part = exp.Coalesce(this=sql.wide(parts["v"]), expressions=[sql.whole(0)])
        return sql.divided(Pair(part, 1), Pair(sql.wide(parts["n"]), 1))
    return Pair(sql.wide(parts["v"]), den) if isinstance(value, Pair) else parts["v"]


# links and parameters


def _same_keys(compiler: Compiler, keys: Sequence[str]) -> Callable[[str], Sql]:
    left = [compiler.sources.plain(compiler.table, compiler.alias, key) for key in keys]

    def on(alias: str) -> Sql:
        pairs = [sql.infix(exp.EQ, mine, column(alias, f"k{i}")) for i, mine in enumerate(left)]
        return sql.all_of(pairs)

    return on


def along(compiler: Compiler, typed: Typed) -> Compiled:
    """Totals over linked rows, made before joining: no row of this table is counted twice."""
    table = str(typed.arguments[0].value)
    keys = compiler.sources.store.subject(compiler.table).key
    inside = compiler.over(table, "l")
    columns: dict[str, Sql] = {f"k{i}": inside.sources.plain(table, "l", key) for i, key in enumerate(keys)}
    grouped = list(columns.values())
    totals = aggregates(typed.arguments[1])
    values: list[Compiled | None] = []
    for number, part in enumerate(totals):
        value = inside.value(part.arguments[0]) if part.arguments else None
        where = None if part.where is None else inside.value(part.where)
        values.append(value)
        columns |= {f"{name}{number}": made for name, made in total_parts(part, value, where).items()}
    query = inside.select(columns).group_by(*grouped, copy=False)
    alias = compiler.join_query(query, _same_keys(compiler, keys))
    given = {
        part.node: finished(part, value, {name: column(alias, f"{name}{number}") for name in ("v", "n")})
        for number, (part, value) in enumerate(zip(totals, values, strict=True))
    }
    return compiler.over(table, "l", given=given).value(typed.arguments[1])


def param(compiler: Compiler, typed: Typed) -> Compiled:
    table = str(typed.arguments[0].value)
    store = compiler.sources.store
    intervals(store, table, typed)  # refuses overlaps, so that no row finds two values
    value_name, *key_names = typed.columns
    keys = [compiler.sources.declared(table, "p", name) for name in key_names]
    wanted = [compiler.as_type(part, name.type) for part, name in zip(typed.arguments[1:], key_names, strict=True)]
    value = compiler.sources.declared(table, "p", value_name)
    columns = {"v": value.num, "d": value.den_sql} if isinstance(value, Pair) else {"v": value}
    for i, key in enumerate(keys):
        columns[f"k{i}"] = key.num if isinstance(key, Pair) else key
    dated = [name for name in ("valid_from", "valid_to") if store.has(table, name)]
    for name in dated:
        columns[name] = compiler.sources.declared(table, "p", Name(name, Text(name, name), DATE))
    as_of = typed.option("as_of")
    day = None if as_of is None else compiler.as_type(as_of, DATE)
    query = compiler.over(table, "p").select(columns)

    def on(alias: str) -> Sql:
        conditions = []
        for i, (key, want) in enumerate(zip(keys, wanted, strict=True)):
            mine = column(alias, f"k{i}")
            conditions.append(sql.compared("eq", Pair(mine, key.den) if isinstance(key, Pair) else mine, want))
        if "valid_from" in dated:
            start = column(alias, "valid_from")
            conditions.append(
                sql.any_of([sql.all_of([sql.is_null(start), sql.is_there(day)]), sql.infix(exp.LTE, start, day)])
            )
        if "valid_from" in dated and "valid_to" in dated:
            end = column(alias, "valid_to")
            conditions.append(sql.any_of([sql.is_null(end), sql.infix(exp.LT, day, end)]))
        return sql.all_of(conditions)

    alias = compiler.join_query(query, on)
    if not isinstance(value, Pair):
        return column(alias, "v")
    return Pair(sql.wide(column(alias, "v")), value.den if value.fixed else sql.wide(column(alias, "d")))


# other rows of this table


def _partition(compiler: Compiler, typed: Typed) -> list[Sql]:
    within = typed.option("within")
    parts = () if within is None else within.arguments if within.operation == "list" else (within,)
    return [compiler.value(part) for part in parts]


def _ranked(compiler: Compiler, typed: Typed) -> tuple[list[Sql], bool]:
    value = typed.arguments[0]
    den_digits = len(str(value.bound.den))
    return sql.sorting_keys(compiler.value(value), den_digits), typed.word("order", "desc") == "desc"


def _over(function: Sql, partition: Sequence[Sql], keys: Sequence[Sql] = (), *, descending: bool = False) -> Sql:
    ordered = [exp.Ordered(this=key, desc=descending, nulls_first=False) for key in keys]
    order = exp.Order(expressions=ordered) if ordered else None
    return exp.Window(this=function, partition_by=list(partition), order=order)


def window(compiler: Compiler, typed: Typed) -> Compiled:
    if typed.operation == "of":
        return _of(compiler, typed)
    keys, descending = _ranked(compiler, typed)
    there = sql.there(compiler.value(typed.arguments[0]))
    partition = _partition(compiler, typed)
    if typed.operation == "rank":
        place = _over(sql.call("RANK"), [*partition, there], keys, descending=descending)
        return Pair(sql.choose([(there, sql.wide(place))], sql.null()), 1)
    return _cut(compiler, typed, keys, there, partition, descending=descending)


def _cut(
    compiler: Compiler, typed: Typed, keys: list[Sql], there: Sql, partition: list[Sql], *, descending: bool
) -> Pair:
    def flag(key: str) -> Sql:
        condition = typed.option(key)
        return (
            exp.false()
            if condition is None
            else exp.Coalesce(this=compiler.value(condition), expressions=[exp.false()])
        )

    quotas = typed.option("quotas")
    assert quotas is not None
    shares = [share for part in quotas.arguments if isinstance(share := part.value, Fraction)]
    classed = sql.all_of([there, sql.negated(flag("grace"))])
    running = sql.all_of([classed, sql.negated(flag("veto"))])
    best = typed.word("ties", "up") == "up"
    counted = sql.call("RANK") if best else exp.Count(this=exp.Star())
    place = sql.wide(_over(counted, [*partition, running], keys, descending=descending))
    number = sql.wide(
        _over(exp.Sum(this=sql.choose([(running, exp.Literal.number(1))], exp.Literal.number(0))), partition)
    )
    branches = [(sql.negated(classed), sql.null()), (sql.negated(running), sql.whole(len(shares)))]
    for index in range(len(shares)):
        end = sql.rounded(
            sql.multiplied(Pair(number, 1), sql.literal(sum(shares[: index + 1], Fraction(0)))), 0, "round"
        )
        branches.append((sql.infix(exp.LTE, place, end.num), sql.whole(index + 1)))
    return Pair(sql.choose(branches, sql.whole(len(shares))), 1)


def _of(compiler: Compiler, typed: Typed) -> Compiled:
    store = compiler.sources.store
    subject = store.subject(compiler.table)
    store.refuse_twice(compiler.table, subject.key)
    others = [key for key in subject.key if key != subject.unit]
    wanted = compiler.value(typed.arguments[1])
    inner = compiler.over(compiler.table, "o")
    value = inner.value(typed.arguments[0])
    columns = {f"k{i}": compiler.sources.plain(compiler.table, "o", key) for i, key in enumerate(others)}
    columns["u"] = compiler.sources.plain(compiler.table, "o", subject.unit)
    same = _same_keys(compiler, others)

    def on(alias: str) -> Sql:
        return sql.all_of([same(alias), sql.infix(exp.EQ, column(alias, "u"), wanted)])

    return _joined_value(compiler, inner, value, columns, on)


def _joined_value(
    compiler: Compiler, inner: Compiler, value: Compiled, columns: dict[str, Sql], on: Callable[[str], Sql]
) -> Compiled:
    """Select a value with its keys, join it, and read it back."""
    made = {"v": value.num, "d": value.den_sql} if isinstance(value, Pair) else {"v": value}
    alias = compiler.join_query(inner.select({**columns, **made}), on)
    return _read(alias, value)


def _read(alias: str, value: Compiled) -> Compiled:
    if not isinstance(value, Pair):
        return column(alias, "v")
    return Pair(column(alias, "v"), value.den if value.fixed else column(alias, "d"))


# earlier results


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
        store.refuse_twice(self.history, (*self.subject.key, "period"))
        self.inner = compiler.over(self.history, "h", past=True)
        self.value = self.inner.value(self.part)
        self.period = compiler.sources.plain(self.history, "h", "period")
        self.on = _same_keys(compiler, self.subject.key)

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
        return _read(self.compiler.join_query(query, self.on), self.value)

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
            number = sql.add(sql.times(year, 4), sql.subtract(sql.truncated(month, sql.whole(3)), sql.whole(1)))
            whole = sql.infix(exp.EQ, sql.remainder(month, sql.whole(3)), sql.whole(0))
            return sql.choose([(whole, number)], sql.null())
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
    return _read(compiler.join_query(query, past.on), past.value)


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
    alias = compiler.join_query(query, past.on)
    return _counted(compiler, typed, exp.Coalesce(this=sql.wide(column(alias, "n")), expressions=[sql.whole(0)]))


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
    alias = compiler.join_query(query, past.on)
    counts = (exp.Coalesce(this=sql.wide(column(alias, key)), expressions=[sql.whole(0)]) for key in ("t", "f"))
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
    alias = compiler.join_query(query, past.on)
    complete = sql.infix(exp.EQ, column(alias, "n"), sql.whole(len(rounds)))
    before = Pair(sql.choose([(complete, sql.wide(column(alias, "s")))], sql.null()), past.value.den)
    return sql.plus(value, before)
