"""Formulas: a catalogue in which every operation occurs, and a generator of typed ones."""

from __future__ import annotations

from hypothesis import strategies as st

ROW_FORMULAS = """
done + plan | n - k | n * k | done * n | done / plan | n / k | foreign / foreign | done / land | -n | abs(n)
land * (done / land) | done / (plan / land) | k / 0.5 | 1 / k | done / nothing | n / unknown | 3 / expected
n = k | done != plan | begun < due | kind <= "a" | light > severity("notice") | done >= 1元 | month = period
n between -1 and k | begun between date("2021-01-01") and due | kind in ("a", "产业_a") | n in (k, 2.5, null)
started and included | started or included | not started | done is null | kind is not null
case when started then done when included then 2元 else plan end | case when started then n / k else k end
case when included then "是" end | case when started then light else severity("normal") end
coalesce(n, k, 0) | coalesce(done / plan, n) | coalesce(kind, "无") | nullif(n, k) | nullif(kind, "") | nullif(done / plan, 0.25)
min_of(n, k, 1) | max_of(n, k) | min_of(done / plan, n / k) | max_of(begun, due) | max_of(light, severity("notice"))
min_of(kind, "a") | round(n, 1) | round(done / plan, 3) | round(-n) | floor(n) | ceil(n, 1) | floor(done / plan, 2) | ceil(n / k, 1)
power(n, 2) | power(done / plan, 3) | power(k, 0) | bucket(n, [-1, 0, 2.5]) | bucket(done, [0元, 1元], side=right)
bucket(done / plan, [0.25, 1], right) | bucket(begun, [date("2021-01-31"), date("2021-06-30")]) | quantity(n, "万元")
quantity(n, "亩") | quantity(k, "kWh") | in_unit(done, "万元") | in_unit(land, "亩") | in_unit(quantity(k, "kWh"), "kWh")
at_least(2, started, included, n > 0) | at_least(1, at_least(2, started, included), done is null) | at_least(0, started)
year(begun) | quarter(begun) | month(begun) | day(begun) | year(month) | quarter(month) | month(month)
add_days(begun, k) | add_months(begun, k) | add_months(begun, 1) | add_days(begun, 999999) | add_days(begun, -999999)
days_between(begun, due) | months_between(begun, due) | months_between(due, begun) | end_of_month(begun) | end_of_month(month)
period_of(begun) | period_of(begun) < period | working_days_between(begun, due) | working_days_between(begun, today)
starts_with(kind, "产业") | ends_with(kind, "a") | contains(kind, "%") | matches(kind, "*a") | matches(kind, "?%") | contains(kind, kind)
on_list("x") | on_list(lists, "y") | has_any(lists, "x", "z") | has_all(lists, "x", "y") | lists is null
reached(begun, today) | reached(due, begun) | reached("start", today) | reached("finish", today)
stage([begun, due], today) | stage([begun], due) | stage(["start", "finish"], today)
along("parcels", sum(area)) | along("parcels", count()) | along("parcels", count(where part > 0)) | along("parcels", distinct(parcel))
along("parcels", sum(area * part) / count()) | along("parcels", mean(part)) | along("parcels", median(part))
along("parcels", share(area where part > 0))
along("parcels", share(where part > 0)) | along("parcels", any(part > 0)) | along("parcels", all(part > 0))
along("parcels", min(parcel)) | along("parcels", max(area)) > 3亩
param("standards", kind, as_of=begun) | param("standards", kind, as_of=today) * n | param("flat", unit) - done
rank(n) | rank(n, asc) | rank(done / plan, desc) | rank(done / plan, asc, within=unit) | rank(begun, asc, within=[unit, kind]) | rank(light)
cut(n, quotas=[50%, 50%]) | cut(n, quotas=[20%, 60%, 20%], ties=down, veto=not started, grace=included)
cut(done / plan, quotas=[30%, 70%], asc, within=unit)
prev(score) | prev(light) | prev(rate) | prev(done, 2) | prev(done / plan) | prev(score, calendar=quarterly)
prev(done, 1, calendar=monthly)
same_period_last_year(score) | same_period_last_year(rate) | score - same_period_last_year(score)
as_of(score, period("2021-06")) | as_of(rate, date("2021-07-15")) | as_of(light, today) | as_of(score, period("2030-01"))
streak(started) | streak(started, gap=skip) | streak(started, calendar=monthly) | streak(light >= severity("serious"), gap=break)
streak(started, calendar=quarterly, gap=skip)
running(3, started) | running(1, started) | running(2, started, calendar=monthly) | running(2, rate > 0, calendar=quarterly)
to_month(done) | to_month(done, calendar=monthly) | to_cumulative(score) | to_cumulative(done, calendar=monthly)
to_month(done, calendar=quarterly) | prev(done, calendar=yearly) | streak(started, calendar=yearly)
running(2, started, calendar=yearly) | to_cumulative(done, calendar=yearly) | to_month(done, calendar=yearly)
behind | late | behind or late | not behind and expected > 50% | rate < expected | rate + score | rate / score | kind = "无" or unit is null
root(expected, 2, 4) * k | done * 50% >= 1元 | done + 0 | 0 < land | null = n | n + null | coalesce(null, started) | not null
""".replace("\n", " | ").split(" | ")
ROW_FORMULAS = [formula.strip() for formula in ROW_FORMULAS if formula.strip()]

GROUP_FORMULAS = """
count() | count(n) | count(where started) | count(kind where n > 0) | sum(done) | sum(done where started) | sum(n * k)
sum(round(done / plan, 2)) | min(n) | max(begun) | min(kind) | max(light where included) | mean(done) | mean(n where started) | median(n)
median(done where n > 0) | distinct(kind) | distinct(n where started) | distinct(unit) | any(started) | any(n > 0 where included)
all(started)
all(behind where started) | share(done where started) | share(where started) | share(n where kind = "a")
sum(done) / sum(plan) | sum(done where started) / count() | count(where started) / count(where included) | sum(done) / sum(land)
case when count() > 1 then sum(done) else 0元 end | coalesce(sum(done where n > 100), 0) | round(mean(n), 1) | sum(done) is null
root(count() + 1, 2, 4) | root(sum(k), 3, 2) | power(mean(n), 2) | expected * sum(plan) - sum(done)
sum(case when started then done else 0 end)
count(where prev(light) >= severity("serious")) | sum(done - prev(done)) | max(streak(started)) | count(where rank(n) <= 2)
sum(along("parcels", sum(area)))
bucket(count(), [1, 2]) | min_of(sum(done), sum(plan)) | at_least(1, any(started), all(included))
max(case when started then begun else due end) > today
""".replace("\n", " | ").split(" | ")
GROUP_FORMULAS = [formula.strip() for formula in GROUP_FORMULAS if formula.strip()]

UNIT_FORMULAS = [
    "rate - of(rate, parent)",
    'of(score, "u1")',
    "of(light, parent)",
    "of(score, unit)",
    "rank(rate, desc, within=list)",
    "rank(rate, asc, within=[list, parent])",
    "rank(rate)",
    "cut(rate, quotas=[34%, 33%, 33%], within=list)",
    "cut(score, quotas=[50%, 50%], ties=down)",
    "rate > of(rate, parent)",
    "prev(rate)",
    "streak(rate < expected)",
]

NUMBERS = ["n", "k", "score", "rate", "0", "1", "2.5", "50%", "expected", "unknown", "nothing"]
MONEYS = ["done", "plan", "1元", "0.01元"]
DAYS = ["begun", "due", "today", 'date("2021-02-28")']
TEXTS = ["kind", "unit", '"a"', '""']
GRADES = ["light", 'severity("attention")']
FLAGS = ["started", "included", "behind", "late", "true", "false", 'on_list("x")', 'has_all(lists, "x", "z")']

Kinds = dict[str, st.SearchStrategy[str]]


def _made(*patterns: str, **parts: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """One of the patterns with its {parts} drawn."""
    return st.builds(lambda pattern, **drawn: pattern.format(**drawn), st.sampled_from(patterns), **parts)


def _deeper(of: Kinds) -> Kinds:
    """Formulas of each kind whose parts are formulas one level less deep."""
    number, amount, day, text, grade, flag = (of[k] for k in ("number", "amount", "day", "text", "grade", "flag"))
    return {
        "number": st.one_of(
            _made("({a} + {b})", "({a} - {b})", "({a} * {b})", "({a} / {b})", "coalesce({a}, {b})", "nullif({a}, {b})",
                  "min_of({a}, {b})", "max_of({a}, {b})", "(-{a} - {b})", a=number, b=number),
            _made("abs({a})", "round({a}, 2)", "floor({a})", "ceil({a}, 1)", "power({a}, 2)", "bucket({a}, [0, 1.5], right)",
                  "rank({a})", "rank({a}, asc, within=unit)", "prev({a})", "to_month({a})", "to_cumulative({a})", a=number),
            _made("({a} / {b})", 'in_unit({a} + {b}, "元")', a=amount, b=amount),
            _made("case when {c} then {a} else {b} end", c=flag, a=number, b=number),
            _made("month({a})", "days_between({a}, {b})", "months_between({a}, {b})", "working_days_between({a}, {b})",
                  "stage([{a}, {b}], today)", a=day, b=day),
            _made("streak({a})", "streak({a}, gap=skip)", a=flag),
        ),
        "amount": st.one_of(
            _made("({a} + {b})", "({a} - {b})", "min_of({a}, {b})", "coalesce({a}, {b})", "prev({a})", a=amount, b=amount),
            _made("({a} * {b})", "({a} / {b})", a=amount, b=number),
            _made("case when {c} then {a} else 0 end", c=flag, a=amount),
        ),
        "day": _made("add_days({a}, k)", "add_months({a}, k)", "end_of_month({a})", "max_of({a}, {b})", "coalesce({a}, {b})",
                     a=day, b=day),
        "text": _made("coalesce({a}, {b})", "min_of({a}, {b})", "nullif({a}, {b})", a=text, b=text),
        "grade": _made("max_of({a}, {b})", "prev({a})", "coalesce({a}, {b})", a=grade, b=grade),
        "flag": st.one_of(
            _made("({a} and {b})", "({a} or {b})", "(not {a})", "({a}) is null", "at_least(1, {a}, {b})", a=flag, b=flag),
            _made("{a} < {b}", "{a} = {b}", "{a} >= {b}", "{a} between {b} and 1", "{a} in ({b}, 0)", a=number, b=number),
            _made("{a} <= {b}", "{a} != {b}", a=amount, b=amount),
            _made("{a} < {b}", "reached({a}, {b})", "{a} = {b}", a=day, b=day),
            _made("{a} = {b}", "contains({a}, {b})", "starts_with({a}, {b})", "ends_with({a}, {b})", a=text, b=text),
            _made("{a} >= {b}", a=grade, b=grade),
            _made("running(2, {a})", "prev({a})", a=flag),
        ),
    }  # fmt: skip


_leaves: Kinds = {
    "number": st.sampled_from(NUMBERS),
    "amount": st.sampled_from(MONEYS),
    "day": st.sampled_from(DAYS),
    "text": st.sampled_from(TEXTS),
    "grade": st.sampled_from(GRADES),
    "flag": st.sampled_from(FLAGS),
}
_once = _deeper(_leaves)
_twice = _deeper({kind: st.one_of(_leaves[kind], _once[kind]) for kind in _leaves})
_thrice = _deeper({kind: st.one_of(_leaves[kind], _once[kind], _twice[kind]) for kind in _leaves})

rows = st.one_of(*_once.values(), *_twice.values(), *_thrice.values())
_TOTALS = [
    "sum({a})", "sum({a} where {c})", "mean({a})", "median({a} where {c})", "min({a})", "max({a})", "share({a} where {c})",
    "count(where {c})", "any({c})", "all({c})", "distinct({a})", "count({a})", "share(where {c})",
]  # fmt: skip
_total = _made(*_TOTALS, a=st.one_of(_leaves["number"], _once["number"], _leaves["amount"]), c=_once["flag"])
groups = st.one_of(_total, _made("{a} / {b}", "coalesce({a}, {b})", "{a} < {b}", a=_total, b=_total))
