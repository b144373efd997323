"""Typing of what works on one row's values: arithmetic, comparison, dates, text, tags."""

from __future__ import annotations

from fractions import Fraction

from guatu.engine.expressions import bounds
from guatu.engine.expressions.calls import Call, Result, Rule, boolean
from guatu.engine.expressions.nodes import Reference
from guatu.engine.expressions.typed import Typed
from guatu.engine.expressions.types import (
    AREA,
    BOOLEAN,
    DATE,
    NULL,
    NUMBER,
    PERIOD,
    Bound,
    Kind,
    Level,
    Type,
)
from guatu.engine.expressions.vocabulary import UNITS
from guatu.text import Text

MOST_DECIMALS = 12
_LONGEST_SPAN = 10**6
"""Days or months a date may be moved by."""


def _sum(call: Call) -> Result:
    left, right = (call.numeric(argument) for argument in call.arguments)
    return Result(call.same_type((left, right)), call.fit(bounds.added(left.bound, right.bound)))


def _product_type(call: Call, left: Type, right: Type) -> Type:
    if left.kind is Kind.NUMBER:
        return right
    if right.kind is Kind.NUMBER:
        return left
    for rate, area in ((left, right), (right, left)):
        if rate.kind is Kind.MONEY_PER_AREA and area.kind is Kind.AREA:
            return Type(Kind.MONEY, rate.unit)
    raise call.refuse(
        Text(f"{left.words.zh}不能乘{right.words.zh}", f"{left.words.en} is not multiplied by {right.words.en}"),
        Text("其中一项应是数或百分比。", "One of the two should be a number or a percentage."),
    )


def _multiply(call: Call) -> Result:
    left, right = (call.numeric(argument) for argument in call.arguments)
    if NULL in (left.type, right.type):
        return Result(left.type if right.type == NULL else right.type, Bound(0))
    type_ = _product_type(call, left.type, right.type)
    return Result(type_, call.fit(bounds.multiplied(left.bound, right.bound)))


def _quotient_type(call: Call, left: Type, right: Type) -> Type:
    if left == right:
        return NUMBER
    if right.kind is Kind.NUMBER:
        return left
    if left.kind is Kind.MONEY and right.kind is Kind.AREA:
        return Type(Kind.MONEY_PER_AREA, left.unit)
    if left.kind is Kind.MONEY and right.kind is Kind.MONEY_PER_AREA and left.unit == right.unit:
        return AREA
    raise call.refuse(
        Text(f"{left.words.zh}不能除以{right.words.zh}", f"{left.words.en} is not divided by {right.words.en}"),
        Text("核对两边；不同币种不折算。", "Check both sides; currencies are not converted."),
    )


def _divide(call: Call) -> Result:
    left, right = (call.numeric(argument) for argument in call.arguments)
    if NULL in (left.type, right.type):
        return Result(NUMBER if left.type == NULL else left.type, Bound(0))
    if right.is_literal and right.value == 0:
        raise call.refuse(
            Text("除数是 0", "this divides by 0"), Text("改写除数。", "Write another divisor."), right.node.span
        )
    bound = bounds.divided(
        left.bound, right.bound, by_constant=right.level is Level.CONSTANT, by_literal=right.is_literal
    )
    return Result(_quotient_type(call, left.type, right.type), call.fit(bound))


def _negate(call: Call) -> Result:
    value = call.numeric(call.arguments[0])
    return Result(value.type, value.bound)


def _compare(call: Call) -> Result:
    parts = call.arguments
    type_ = call.same_type(parts)
    needs_order = call.node.name in ("lt", "le", "gt", "ge", "between")
    if type_.kind is Kind.TAGS or (needs_order and not type_.ordered and type_ != NULL):
        raise call.refuse(
            Text(f"{type_.words.zh}不能这样比较", f"{type_.words.en} is not compared like this"),
            Text(
                "标签用 has_any / on_list；是非直接写条件。",
                "Use has_any or on_list for tags; write a condition as it is.",
            ),
        )
    if type_.numeric:
        for other in parts[1:]:
            call.fit(bounds.crossed(parts[0].bound, other.bound))
    return Result(BOOLEAN)


def _is_null(call: Call) -> Result:
    return Result(BOOLEAN)


def _case(call: Call) -> Result:
    parts = call.arguments
    for condition in parts[:-1:2]:
        call.condition(condition)
    return Result(*call.merged((*parts[1:-1:2], parts[-1])))


def _coalesce(call: Call) -> Result:
    call.count(1)
    return Result(*call.merged(call.arguments))


def _nullif(call: Call) -> Result:
    call.count(2, 2)
    _compare(call)
    value = call.arguments[0]
    return Result(value.type, value.bound)


def _extreme(call: Call) -> Result:
    call.count(1)
    type_ = call.same_type(call.arguments)
    if type_ != NULL and not type_.ordered:
        raise call.refuse(
            Text(f"{type_.words.zh}没有大小", f"{type_.words.en} has no order"),
            Text("换成数、日期或文本。", "Use numbers, dates or texts."),
        )
    if type_.numeric:
        parts = [part.bound for part in call.arguments]
        for index, left in enumerate(parts):
            for right in parts[index + 1 :]:
                call.fit(bounds.crossed(left, right))
    return Result(*call.merged(call.arguments))


def _abs(call: Call) -> Result:
    call.count(1, 1)
    return _negate(call)


def _round(call: Call) -> Result:
    call.count(1, 2)
    value = call.numeric(call.arguments[0])
    decimals = call.literal_whole(call.arguments[1], MOST_DECIMALS) if len(call.arguments) == 2 else 0
    call.fit(bounds.rounding(value.bound, decimals))
    return Result(value.type, call.fit(bounds.rounded(value.bound, decimals)))


def _power(call: Call) -> Result:
    call.count(2, 2)
    value = call.want(call.arguments[0], Kind.NUMBER)
    exponent = call.literal_whole(call.arguments[1], 12)
    bound = value.bound
    return Result(NUMBER, call.fit(Bound(bound.num**exponent, bound.den**exponent, bound.fixed, bound.known)))


def _root(call: Call) -> Result:
    call.count(3, 3)
    value = call.want(call.arguments[0], Kind.NUMBER)
    call.literal_whole(call.arguments[1], 12)
    decimals = call.literal_whole(call.arguments[2], MOST_DECIMALS)
    if call.arguments[1].value == 0:
        raise call.refuse(Text("没有 0 次方根", "there is no 0th root"), Text("写 2 或更大。", "Write 2 or more."))
    if value.level in (Level.ROW, Level.SUBJECT):
        raise call.refuse(
            Text("开方只用于合计之后", "root is for totals, not for single rows"),
            Text("写进指标公式，或在数据里给出该值。", "Move it into an indicator, or supply the value as data."),
        )
    return Result(NUMBER, Bound(value.bound.num * 10**decimals + 1, 10**decimals))


def _bucket(call: Call) -> Result:
    call.count(2, 2)
    edges = call.arguments[1]
    if edges.operation != "list" or any(edge.level is not Level.CONSTANT for edge in edges.arguments):
        raise call.refuse(
            Text("分界要写成列表，且不随行变化", "the edges are a list of constants"),
            Text("例如 [5000万元, 1亿元]。", "For instance [5000万元, 1亿元]."),
            edges.node.span,
        )
    call.same_type((call.arguments[0], *edges.arguments))
    for edge in edges.arguments:
        call.fit(bounds.crossed(call.arguments[0].bound, edge.bound))
    written = [edge.value for edge in edges.arguments if edge.is_literal and isinstance(edge.value, Fraction)]
    if written != sorted(set(written)):
        raise call.refuse(
            Text("分界要从小到大、互不相同", "the edges go up, each once"),
            Text("重新排列。", "Put them in order."),
            edges.node.span,
        )
    return Result(NUMBER, Bound(len(edges.arguments)))


def _at_least(call: Call) -> Result:
    call.count(2)
    call.literal_whole(call.arguments[0], len(call.arguments) - 1)
    for argument in call.arguments[1:]:
        call.condition(argument)
    return Result(BOOLEAN)


def _quantity(call: Call) -> Result:
    call.count(2, 2)
    value = call.want(call.arguments[0], Kind.NUMBER)
    unit = call.literal_text(call.arguments[1])
    if unit not in UNITS:
        return Result(Type(Kind.QUANTITY, unit), value.bound)
    type_, parts = UNITS[unit]
    return Result(type_, call.fit(bounds.multiplied(value.bound, bounds.of_value(parts))))


def _in_unit(call: Call) -> Result:
    call.count(2, 2)
    value, unit = call.numeric(call.arguments[0]), call.literal_text(call.arguments[1])
    type_, parts = UNITS.get(unit, (Type(Kind.QUANTITY, unit), Fraction(1)))
    if value.type not in (type_, NULL):
        raise call.refuse(
            Text(f"{value.type.words.zh}不能用“{unit}”表示", f"{value.type.words.en} is not told in '{unit}'"),
            Text("换一个单位；币种不折算。", "Use another unit; currencies are not converted."),
        )
    return Result(NUMBER, call.fit(bounds.multiplied(value.bound, bounds.of_value(1 / parts))))


def _date_part(call: Call) -> Result:
    call.count(1, 1)
    kinds = (Kind.DATE,) if call.node.name == "day" else (Kind.DATE, Kind.PERIOD)
    call.want(call.arguments[0], *kinds)
    return Result(NUMBER, Bound(9999 if call.node.name == "year" else 31))


def _add_to_date(call: Call) -> Result:
    call.count(2, 2)
    call.want(call.arguments[0], Kind.DATE)
    step = call.want(call.arguments[1], Kind.NUMBER)
    if not step.bound.whole or step.bound.num > _LONGEST_SPAN:
        raise call.refuse(
            Text("日期只能加不超过六位的整数", "a date is moved by a whole number of at most six digits"),
            Text("用 round(…) 取整，或给字段声明 digits。", "Use round(…), or declare the field's digits."),
            step.node.span,
        )
    return Result(DATE)


def _between_dates(call: Call) -> Result:
    call.count(2, 2)
    for argument in call.arguments:
        call.want(argument, Kind.DATE)
    return Result(NUMBER, Bound(4_000_000))


def _end_of_month(call: Call) -> Result:
    call.count(1, 1)
    call.want(call.arguments[0], Kind.DATE, Kind.PERIOD)
    return Result(DATE)


def _period_of(call: Call) -> Result:
    call.count(1, 1)
    call.want(call.arguments[0], Kind.DATE)
    return Result(PERIOD)


def _text_test(call: Call) -> Result:
    call.count(2, 2)
    for argument in call.arguments:
        call.want(argument, Kind.TEXT)
    if call.node.name == "matches":
        call.literal_text(call.arguments[1])
    return Result(BOOLEAN)


def _tag_test(call: Call) -> Result:
    call.count(2)
    call.want(call.arguments[0], Kind.TAGS)
    for argument in call.arguments[1:]:
        call.literal_text(argument)
    return Result(BOOLEAN)


def _on_list(call: Call) -> Result:
    call.count(1, 2)
    if len(call.arguments) == 2:
        return _tag_test(call)
    call.literal_text(call.arguments[0])
    columns = [name for name in call.scope.columns.values() if name.type.kind is Kind.TAGS]
    column = next((name for name in columns if name.key == "lists"), columns[0] if len(columns) == 1 else None)
    if column is None:
        raise call.refuse(
            Text("不知道清单记在哪个字段", "it is not clear which field holds the lists"),
            Text('写成 on_list(字段, "key")。', 'Write on_list(field, "key").'),
        )
    return Result(BOOLEAN, level=Level.ROW, arguments=(_column(column.key, call), *call.arguments))


def _column(key: str, call: Call) -> Typed:
    name = call.scope.columns[key]
    return Typed(Reference(key), name.type, Level.ROW, source="column", name=name, title=name.title)


SCALAR_RULES: dict[str, Rule] = {
    "add": _sum,
    "subtract": _sum,
    "multiply": _multiply,
    "divide": _divide,
    "negate": _negate,
    **dict.fromkeys(("eq", "ne", "lt", "le", "gt", "ge", "between", "in"), _compare),
    "and": boolean,
    "or": boolean,
    "not": boolean,
    "is_null": _is_null,
    "case": _case,
    "coalesce": _coalesce,
    "nullif": _nullif,
    "abs": _abs,
    "min_of": _extreme,
    "max_of": _extreme,
    **dict.fromkeys(("round", "floor", "ceil"), _round),
    "power": _power,
    "root": _root,
    "bucket": _bucket,
    "at_least": _at_least,
    "quantity": _quantity,
    "in_unit": _in_unit,
    **dict.fromkeys(("year", "quarter", "month", "day"), _date_part),
    "add_days": _add_to_date,
    "add_months": _add_to_date,
    **dict.fromkeys(("days_between", "months_between", "working_days_between"), _between_dates),
    "end_of_month": _end_of_month,
    "period_of": _period_of,
    **dict.fromkeys(("starts_with", "ends_with", "contains", "matches"), _text_test),
    "has_any": _tag_test,
    "has_all": _tag_test,
    "on_list": _on_list,
}
