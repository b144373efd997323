"""Dates, periods, texts and tags in SQL, meaning what `meanings` says."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlglot import exp

from guatu.engine.tables import sql_values as sql
from guatu.engine.tables.sql_values import Pair, Sql

_FIRST_DAY, _LAST_DAY = date.min, date.max
_FIRST_MONTH, _LAST_MONTH = 12, 9999 * 12 + 11


def part(value: Sql, name: str, *, period: bool) -> Sql:
    """Year, month or day of a date; year or month of a period."""
    if period:
        start, length = (1, 4) if name == "YEAR" else (6, 2)
        piece = exp.Substring(this=value, start=exp.Literal.number(start), length=exp.Literal.number(length))
        return sql.wide(piece)
    return sql.wide(exp.Extract(this=exp.var(name), expression=value))


def date_part(name: str, value: Sql, *, period: bool) -> Pair:
    if name == "quarter":
        month = part(value, "MONTH", period=period)
        return Pair(sql.truncated(sql.add(month, sql.whole(2)), sql.whole(3), most=12), 1)
    return Pair(part(value, name.upper(), period=period), 1)


def days_between(start: Sql, end: Sql) -> Sql:
    return sql.wide(exp.DateDiff(this=end, expression=start, unit=exp.var("DAY")))


def _within(value: Sql, least: int, most: int, moved: Sql) -> Sql:
    """What lies outside the years 1 to 9999 is missing."""
    inside = exp.Between(this=value, low=sql.whole(least), high=sql.whole(most))
    return sql.choose([(inside, moved)], sql.null("date"))


def add_days(value: Sql, days: Sql) -> Sql:
    reached = sql.add(days_between(sql.day(_FIRST_DAY), value), days)
    moved = sql.cast(sql.infix(exp.Add, value, sql.cast(days, "int")), "date")
    return _within(reached, 0, (_LAST_DAY - _FIRST_DAY).days, moved)


def month_index(value: Sql) -> Sql:
    year, month = part(value, "YEAR", period=False), part(value, "MONTH", period=False)
    return sql.add(sql.times(year, 12), sql.subtract(month, sql.whole(1)))


def add_months(value: Sql, months: Sql) -> Sql:
    step = exp.Paren(this=sql.cast(months, "int"))
    moved = sql.cast(exp.Paren(this=exp.DateAdd(this=value, expression=step, unit=exp.var("MONTH"))), "date")
    return _within(sql.add(month_index(value), months), _FIRST_MONTH, _LAST_MONTH, moved)


def months_between(start: Sql, end: Sql) -> Sql:
    backwards = sql.times(_whole_months(end, start), -1)
    return sql.choose([(sql.infix(exp.LT, end, start), backwards)], _whole_months(start, end))


def _whole_months(start: Sql, end: Sql) -> Sql:
    first, last = part(start, "DAY", period=False), part(end, "DAY", period=False)
    longest = part(exp.LastDay(this=end), "DAY", period=False)
    short = sql.all_of([sql.infix(exp.LT, last, first), sql.infix(exp.LT, last, longest)])
    months = sql.subtract(month_index(end), month_index(start))
    return sql.subtract(months, sql.choose([(short, sql.whole(1))], sql.whole(0)))


def end_of_month(value: Sql, *, period: bool) -> Sql:
    start = sql.cast(exp.DPipe(this=value, expression=sql.text("-01")), "date") if period else value
    return sql.cast(exp.LastDay(this=start), "date")


def period_of(value: Sql) -> Sql:
    written = sql.cast(value, "text")
    return exp.Substring(this=written, start=exp.Literal.number(1), length=exp.Literal.number(7))


def matches(value: Sql, pattern: str) -> Sql:
    """Wildcards `*` and `?` as LIKE, everything else itself."""
    like = "".join({"*": "%", "?": "_", "%": "\\%", "_": "\\_", "\\": "\\\\"}.get(c, c) for c in pattern)
    return exp.Escape(this=exp.Like(this=value, expression=sql.text(like)), expression=sql.text("\\"))


def text_test(name: str, value: Sql, part_: Sql) -> Sql:
    node = {"starts_with": exp.StartsWith, "ends_with": exp.EndsWith, "contains": exp.Contains}[name]
    return node(this=value, expression=part_)


def tag_test(tags: Sql, wanted: Sequence[str], *, every: bool) -> Sql:
    tests = [exp.ArrayContains(this=tags, expression=sql.text(tag)) for tag in wanted]
    return sql.all_of(tests) if every else sql.any_of(tests)
