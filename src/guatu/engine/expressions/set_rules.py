"""Typing of what looks beyond one row: totals, links, parameters, other subjects, earlier results."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from guatu.engine.expressions import bounds
from guatu.engine.expressions.calls import Call, Result, Rule
from guatu.engine.expressions.nodes import Literal, Operation, Reference
from guatu.engine.expressions.scope import Scope
from guatu.engine.expressions.typed import Typed
from guatu.engine.expressions.types import BOOLEAN, NO_DIGITS, NULL, NUMBER, TEXT, Bound, Kind, Level
from guatu.engine.expressions.vocabulary import HISTORY, WINDOWS
from guatu.text import Text

PARAMETER_COLUMNS = frozenset({"value", "valid_from", "valid_to", "source"})
"""Columns of a parameter table that are not keys."""

MOST_PERIODS = 60
"""How far back history functions look."""


def _group(call: Call) -> None:
    for part in (*call.arguments, *([call.where] if call.where else [])):
        if part.level is Level.GROUP:
            raise call.refuse(
                Text("合计里面不能再合计", "a total cannot stand inside a total"),
                Text("先做成指标，再引用。", "Make the inner one an indicator of its own."),
                part.node.span,
            )
    if call.where is not None:
        call.condition(call.where)


def _count(call: Call) -> Result:
    call.count(0, 1)
    _group(call)
    if call.arguments and call.arguments[0].type.kind is Kind.BOOLEAN:
        raise call.refuse(
            Text("计数会把“否”也数进去", "this would count the rows where it is false, too"),
            Text("写成 count(where 条件)。", "Write count(where condition)."),
        )
    return Result(NUMBER, Bound(bounds.ROWS), Level.GROUP)


def _summed(call: Call) -> Bound:
    """The bound of the sum of the one argument. It always happens in SQL's integers, whatever follows it."""
    _group(call)
    one = call.sortable(call.numeric(call.arguments[0])).bound
    return replace(call, exact=True).fit(Bound(one.num * bounds.ROWS, one.den, one.fixed, one.known))


def _sum(call: Call) -> Result:
    call.count(1, 1)
    return Result(call.arguments[0].type, _summed(call), Level.GROUP)


def _mean(call: Call) -> Result:
    call.count(1, 1)
    total = _summed(call)
    bound = call.fit(Bound(total.num, total.den * bounds.ROWS, fixed=False, known=False))
    return Result(call.arguments[0].type, bound, Level.GROUP)


def _extreme(call: Call) -> Result:
    call.count(1, 1)
    _group(call)
    value = call.sortable(call.arguments[0])
    if not value.type.ordered and value.type != NULL:
        raise call.refuse(
            Text(f"{value.type.words.zh}没有大小", f"{value.type.words.en} has no order"),
            Text("换成数、日期或文本。", "Use numbers, dates or texts."),
        )
    return Result(value.type, value.bound, Level.GROUP)


def _median(call: Call) -> Result:
    result = _extreme(call)
    call.numeric(call.arguments[0])
    bound = result.bound
    return Result(result.type, Bound(2 * bound.num, 2 * bound.den, bound.fixed, bound.known), Level.GROUP)


def _distinct(call: Call) -> Result:
    call.count(1, 1)
    _group(call)
    if call.sortable(call.arguments[0]).type.kind is Kind.TAGS:
        raise call.refuse(
            Text("标签集合不能去重计数", "sets of tags are not counted apart"),
            Text("用 has_any 选出再计数。", "Select with has_any and count."),
        )
    return Result(NUMBER, Bound(bounds.ROWS), Level.GROUP)


def _any_all(call: Call) -> Result:
    call.count(1, 1)
    _group(call)
    call.condition(call.arguments[0])
    return Result(BOOLEAN, level=Level.GROUP)


def _share(call: Call) -> Result:
    call.count(0, 1)
    if call.where is None:
        raise call.refuse(
            Text("占比缺少“其中”条件", "share needs a 'where'"),
            Text("例如 share(x where four_new)。", "For instance share(x where four_new)."),
        )
    _group(call)
    most = max(_summed(call).num, 1) if call.arguments else bounds.ROWS
    return Result(NUMBER, call.fit(Bound(most, most, fixed=False, known=False)), Level.GROUP)


def _row_part(call: Call, part: Typed) -> Typed:
    """Refuses totals, windows and history inside a part that is looked up elsewhere."""
    if part.level is Level.GROUP or any(node.operation in HISTORY | WINDOWS for node in part.walk()):
        raise call.refuse(
            Text("这里面不能有合计、位次或历史函数", "no totals, ranks or history functions can stand in here"),
            Text("先做成指标或亮灯结果，再引用它。", "Make it an indicator or a light of its own and refer to that."),
            part.node.span,
        )
    return part


def _along(call: Call) -> Result:
    call.count(2, 2)
    table = call.literal_text(call.arguments[0])
    inner = call.arguments[1]
    if inner.level is not Level.GROUP:
        raise call.refuse(
            Text(f"沿“{table}”要有合计", f"what goes along '{table}' must be a total"),
            Text(f'例如 along("{table}", count())。', f'For instance along("{table}", count()).'),
            inner.node.span,
        )
    return Result(inner.type, inner.bound, Level.ROW)


def linked_scope(call_scope: Scope, table: str) -> Scope:
    """Inside `along` the columns are those of the link; constants stay."""
    return Scope(columns=call_scope.tables[table], tables=call_scope.tables, constants=call_scope.constants)


def milestone(key: str, as_of: Operation | Literal | Reference) -> Operation:
    """`reached("key", date)` in terms of the milestones table: null for an item without that milestone."""
    same = Operation("eq", (Reference("milestone"), Literal(key, TEXT)))
    held = Operation("reached", (Reference("actual"), as_of))
    return Operation("along", (Literal("milestones", TEXT), Operation("any", (held,), same)))


def _reached(call: Call) -> Result:
    call.count(2, 2)
    what, as_of = call.arguments
    call.want(as_of, Kind.DATE)
    if what.type.kind is not Kind.TEXT:
        call.want(what, Kind.DATE)
        return Result(BOOLEAN)
    return Result(BOOLEAN, arguments=(_by_key(call, what, as_of),))


def _by_key(call: Call, what: Typed, as_of: Typed) -> Typed:
    key = call.literal_text(what)
    if "milestones" not in call.scope.tables:
        raise call.refuse(
            Text(f"没有节点表，查不到“{key}”", f"there is no milestones table to find '{key}' in"),
            Text(
                "改写日期字段，例如 reached(actual_start, …)。",
                "Write a date field, for instance reached(actual_start, …).",
            ),
        )
    if as_of.level is not Level.CONSTANT:
        raise call.refuse(
            Text("按节点名查时，截止日期不能随行变化", "with a milestone's key the date must be a constant"),
            Text("用本期末日期。", "Use the end of the round."),
            as_of.node.span,
        )
    return call.check(milestone(key, as_of.node), call.scope)


def _stage(call: Call) -> Result:
    call.count(2, 2)
    chain, as_of = call.arguments
    call.want(as_of, Kind.DATE)
    if chain.operation != "list":
        raise call.refuse(
            Text("阶段链要写成列表", "the chain of stages is a list"),
            Text("例如 [signed_on, started_on]。", "For instance [signed_on, started_on]."),
            chain.node.span,
        )
    links = tuple(_link(call, link, as_of) for link in chain.arguments)
    return Result(NUMBER, Bound(len(links)), arguments=links)


def _link(call: Call, link: Typed, as_of: Typed) -> Typed:
    if link.type.kind is Kind.TEXT:
        return _by_key(call, link, as_of)
    call.want(link, Kind.DATE)
    return call.check(Operation("reached", (link.node, as_of.node), span=link.node.span), call.scope)


def _param(call: Call) -> Result:
    call.count(1)
    table = call.literal_text(call.arguments[0])
    columns = call.scope.tables.get(table)
    if columns is None or "value" not in columns:
        raise call.refuse(
            Text(f"没有参数表“{table}”", f"there is no parameter table '{table}'"),
            Text("在规则的 parameters 里声明它。", "Declare it among the parameters."),
        )
    keys = [name for key, name in columns.items() if key not in PARAMETER_COLUMNS]
    if len(keys) != len(call.arguments) - 1:
        titles = ", ".join(name.key for name in keys) or "–"
        raise call.refuse(
            Text(f"参数表“{table}”按 {titles} 查", f"the parameters '{table}' are found by {titles}"),
            Text("按此顺序写全这些键。", "Write all of these keys, in this order."),
        )
    for key, argument in zip(keys, call.arguments[1:], strict=True):
        call.want(argument, key.type.kind)
    if (as_of := call.option("as_of")) is not None:
        call.want(as_of, Kind.DATE)
    elif "valid_from" in columns:
        raise call.refuse(
            Text(f"参数表“{table}”有生效日期", f"the parameters '{table}' have effective dates"),
            Text("写上 as_of=日期。", "Write as_of=date."),
        )
    value = columns["value"]
    level = Level.SUBJECT if any(part.level is Level.SUBJECT for part in call.arguments) else Level.ROW
    return Result(value.type, value.bound, level, columns=(value, *keys))


def _of(call: Call) -> Result:
    call.count(2, 2)
    value = _row_part(call, call.arguments[0])
    call.want(_row_part(call, call.arguments[1]), Kind.TEXT)
    return Result(value.type, value.bound, Level.SUBJECT)


def _within(call: Call) -> None:
    within = call.option("within")
    for part in () if within is None else within.arguments if within.operation == "list" else (within,):
        _row_part(call, part)
        if part.type.numeric or part.type.kind is Kind.TAGS:
            call.want(part, Kind.TEXT)


def _rank(call: Call) -> Result:
    call.count(1, 1)
    value = _row_part(call, call.arguments[0])
    _within(call)
    if not value.type.ordered and value.type != NULL:
        raise call.refuse(
            Text(f"{value.type.words.zh}排不出位次", f"{value.type.words.en} cannot be ranked"),
            Text("换成数或日期。", "Use numbers or dates."),
        )
    if value.type.numeric and not value.bound.fixed:
        call.fit(Bound(value.bound.den * 100, value.bound.den))
    return Result(NUMBER, Bound(bounds.ROWS), Level.SUBJECT)


def _cut(call: Call) -> Result:
    result = _rank(call)
    quotas = call.option("quotas")
    shares = [part.value for part in quotas.arguments if part.is_literal] if quotas else []
    total = sum((share for share in shares if isinstance(share, Fraction)), Fraction(0))
    if quotas is None or quotas.operation != "list" or len(shares) != len(quotas.arguments) or total != 1:
        raise call.refuse(
            Text("比例要写成列表，合计 100%", "the quotas are a list that adds up to 100%"),
            Text("例如 quotas=[20%, 75%, 5%]。", "For instance quotas=[20%, 75%, 5%]."),
        )
    for key in ("veto", "grace"):
        if (condition := call.option(key)) is not None:
            call.condition(_row_part(call, condition))
    return Result(result.type, Bound(len(shares)), Level.SUBJECT)


def _prev(call: Call) -> Result:
    call.count(1, 2)
    value = _row_part(call, call.arguments[0])
    if len(call.arguments) == 2:
        _steps(call, call.arguments[1])
    return Result(value.type, value.bound, Level.SUBJECT)


def _steps(call: Call, written: Typed) -> int:
    steps = call.literal_whole(written, MOST_PERIODS)
    if steps == 0:
        raise call.refuse(
            Text("期数至少为 1", "at least 1 period"), Text("写 1 或更大。", "Write 1 or more."), written.node.span
        )
    return steps


def _last_year(call: Call) -> Result:
    call.count(1, 1)
    value = _row_part(call, call.arguments[0])
    return Result(value.type, value.bound, Level.SUBJECT)


def _as_of(call: Call) -> Result:
    call.count(2, 2)
    value = _row_part(call, call.arguments[0])
    as_of = call.want(call.arguments[1], Kind.PERIOD, Kind.DATE)
    if as_of.level is not Level.CONSTANT:
        raise call.refuse(
            Text("截至的期不能随行变化", "the period must be a constant"),
            Text('例如 period("2021-06")。', 'For instance period("2021-06").'),
            as_of.node.span,
        )
    return Result(value.type, value.bound, Level.SUBJECT)


def _streak(call: Call) -> Result:
    call.count(1, 1)
    call.condition(_row_part(call, call.arguments[0]))
    return Result(NUMBER, Bound(10_000), Level.SUBJECT)


def _running(call: Call) -> Result:
    call.count(2, 2)
    _steps(call, call.arguments[0])
    call.condition(_row_part(call, call.arguments[1]))
    return Result(BOOLEAN, NO_DIGITS, Level.SUBJECT)


def _rebased(call: Call) -> Result:
    call.count(1, 1)
    value = call.numeric(_row_part(call, call.arguments[0]))
    call.sortable(value)
    bound = value.bound
    times = 12 if call.node.name == "to_cumulative" else 2
    return Result(value.type, call.fit(Bound(times * bound.num, bound.den, bound.fixed, bound.known)), Level.SUBJECT)


SET_RULES: dict[str, Rule] = {
    "count": _count,
    "sum": _sum,
    "mean": _mean,
    "min": _extreme,
    "max": _extreme,
    "median": _median,
    "distinct": _distinct,
    "any": _any_all,
    "all": _any_all,
    "share": _share,
    "along": _along,
    "reached": _reached,
    "stage": _stage,
    "param": _param,
    "of": _of,
    "rank": _rank,
    "cut": _cut,
    "prev": _prev,
    "same_period_last_year": _last_year,
    "as_of": _as_of,
    "streak": _streak,
    "running": _running,
    "to_month": _rebased,
    "to_cumulative": _rebased,
}
