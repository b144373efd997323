"""The Yinchuan rulebook and the pack's indicators as an analyst would write them for DuckDB: the peer of engine_year.

Month after month, as rounds close: a month reads its own items and what was published before, and leaves its lights
and indicators as Parquet. Exact like ours: thresholds by cross-multiplication in 64 bits, which these data fit.
"""

from __future__ import annotations

import calendar
from pathlib import Path

import duckdb

FACTS = """
create or replace temp table facts as
select item_id, unit, plan_start, actual_start, is_started, is_included, ytd_done as y, annual_plan as p,
  budget_allocated as b, budget_paid as paid, exempt_start, exempt_investment,
  plan_start <= date '{end}' and not is_started as overdue,
  (5 * {month} - 18) * annual_plan > 60 * ytd_done and annual_plan <> 0 as gap_red,
  (5 * {month} - 6) * annual_plan >= 60 * ytd_done and annual_plan <> 0 as gap_yellow,
  gcd(ytd_done, annual_plan) as g, {month} * annual_plan - 12 * ytd_done as gap_num, 12 * annual_plan as gap_den,
  actual_start + interval 2 month < date '{end}' as two_months,
  actual_start + interval 1 month <= date '{end}' as one_month
from read_parquet('{folder}/items-{period}.parquet')
"""

RUNNING = """
create or replace temp table running as
select f.item_id, {running} as three from facts f {joins}
"""

START = """
create or replace temp table start_light as
select f.item_id, unit, 'start' as dimension,
  case when plan_start is null then 'not_applicable' when exempt_start then 'exempt'
    when three or overdue then 'judged' when three is null and overdue is null then 'not_judged'
    when overdue is null then 'not_judged' else 'judged' end as state,
  case when plan_start is null then 'not_judged' when exempt_start then 'normal'
    when three then 'lagging' when overdue then 'attention' when overdue is null or three is null then 'not_judged'
    else 'normal' end as severity,
  case when plan_start is null or exempt_start then null when three then 'start_red' when overdue then 'start_yellow' end
    as clause,
  case when plan_start is null or exempt_start or three then []
    when overdue then if(three is null, ['start_red'], [])
    else list_concat(if(three is null, ['start_red'], []), if(overdue is null, ['start_yellow'], [])) end as undecided,
  case when plan_start is null or exempt_start or three then []
    when three is null and is_started is not null then ['history']
    when overdue is null or (three is null and is_started is null) then ['is_started'] else [] end as missing,
  case when plan_start is not null and exempt_start is not true and (three or overdue)
    then [plan_start::varchar] else [] end as inputs
from facts f join running using (item_id)
"""

START_STATE = """
update start_light set state = 'not_judged' where severity = 'not_judged' and state = 'judged'
"""

INVESTMENT = """
create or replace temp table investment_light as
select item_id, unit, 'investment' as dimension,
  case when exempt_investment then 'exempt' when gap_yellow is null then 'not_judged' else 'judged' end as state,
  case when exempt_investment then 'normal' when gap_red then 'lagging' when gap_yellow then 'attention'
    when gap_yellow is null then 'not_judged' else 'normal' end as severity,
  case when exempt_investment then null when gap_red then 'investment_red'
    when gap_yellow then 'investment_yellow' end as clause,
  if(exempt_investment is not true and gap_yellow is null, ['investment_red', 'investment_yellow'], []) as undecided,
  case when exempt_investment is true or gap_yellow is not null then []
    else list_filter([if(y is null, 'ytd_done', null), if(p is null, 'annual_plan', null)], x -> x is not null) end
    as missing,
  if(exempt_investment is not true and (gap_red or gap_yellow),
    [if(p = g, (y // g)::varchar, (y // g) || '/' || (p // g)), '{progress}',
     if(gcd(gap_num, gap_den) = gap_den, (gap_num // gap_den)::varchar,
       (gap_num // gcd(gap_num, gap_den)) || '/' || (gap_den // gcd(gap_num, gap_den)))], []) as inputs
from facts
"""

INCLUSION = """
create or replace temp table inclusion_light as
with judged as (
  select *, not is_included and two_months as red, not is_included and one_month as yellow from facts
)
select item_id, unit, 'inclusion' as dimension,
  case when is_started is null then 'not_judged' when not is_started then 'not_applicable'
    when red or yellow then 'judged' when red is null or yellow is null then 'not_judged' else 'judged' end as state,
  case when is_started is null or not is_started then 'not_judged' when red then 'lagging' when yellow then 'attention'
    when red is null or yellow is null then 'not_judged' else 'normal' end as severity,
  case when not is_started then null when is_started and red then 'inclusion_red'
    when is_started and yellow then 'inclusion_yellow' end as clause,
  case when is_started is not true or red then []
    when yellow then if(red is null, ['inclusion_red'], [])
    else list_filter([if(red is null, 'inclusion_red', null), if(yellow is null, 'inclusion_yellow', null)],
      x -> x is not null) end as undecided,
  case when is_started is null then ['is_started'] when not is_started or red then []
    when red is null or (not yellow is true and yellow is null)
      then list_filter([if(is_included is null, 'is_included', null), if(actual_start is null, 'actual_start', null)],
        x -> x is not null) else [] end as missing,
  if(is_started and (red or yellow), [actual_start::varchar], []) as inputs
from judged
"""

FUNDS = """
create or replace temp table funds_light as
select item_id, unit, 'funds' as dimension,
  case when b is null or b <= 0 then 'not_applicable' when paid is null then 'not_judged' else 'judged' end as state,
  case when b is null or b <= 0 or paid is null then 'not_judged' when paid < b then 'lagging' else 'normal' end
    as severity,
  case when b > 0 and paid < b then 'funds_red' end as clause,
  if(b > 0 and paid is null, ['funds_red'], []) as undecided,
  if(b > 0 and paid is null, ['budget_paid'], []) as missing,
  if(b > 0 and paid < b,
    [if(b = gcd(paid, b), (paid // gcd(paid, b))::varchar, (paid // gcd(paid, b)) || '/' || (b // gcd(paid, b))), '1'],
    []) as inputs
from facts
"""

RANK = "case {} when 'lagging' then 4 when 'attention' then 2 when 'normal' then 0 else -1 end"
OVERALL = f"""
create or replace temp table overall_light as
with wide as (
  select s.item_id, s.unit, s as s, i as i, n as n, f as f,
    if(s.state in ('judged', 'exempt'), {RANK.format("s.severity")}, -2) as rs,
    if(i.state in ('judged', 'exempt'), {RANK.format("i.severity")}, -2) as ri,
    if(n.state in ('judged', 'exempt'), {RANK.format("n.severity")}, -2) as rn,
    if(f.state in ('judged', 'exempt'), {RANK.format("f.severity")}, -2) as rf
  from start_light s join investment_light i using (item_id) join inclusion_light n using (item_id)
    join funds_light f using (item_id)
), worst as (
  select *, greatest(rs, ri, rn, rf) as w,
    list_filter([if(s.state = 'not_judged', 'start', null), if(i.state = 'not_judged', 'investment', null),
      if(n.state = 'not_judged', 'inclusion', null), if(f.state = 'not_judged', 'funds', null)],
      x -> x is not null) as missing
  from wide
), decided as (
  select *, w > -2 and not (w = 0 and len(missing) > 0) as shown,
    case w when rs then s when ri then i when rn then n else f end as d
  from worst
)
select item_id, unit, 'overall' as dimension,
  case when shown then 'judged' when len(missing) > 0 then 'not_judged' else 'not_applicable' end as state,
  if(shown, case w when 4 then 'lagging' when 2 then 'attention' else 'normal' end, 'not_judged') as severity,
  if(shown, d.clause, null) as clause,
  if(shown, flatten([if(rs > -2, s.undecided, []), if(ri > -2, i.undecided, []), if(rn > -2, n.undecided, []),
    if(rf > -2, f.undecided, [])]), []) as undecided,
  missing, if(shown, d.inputs, []) as inputs
from decided
"""

LIGHTS = """
copy (
  with lights as (
    from start_light union all from investment_light union all from inclusion_light union all from funds_light
    union all from overall_light
  )
  select l.*, {before} as before,
    case when {before} is null or {before} = 'not_judged' or severity = 'not_judged' then null
      when {before} = severity then 'same'
      when {was} < {now} then 'worse' else 'better' end as change
  from lights l {join}
) to '{out}/lights-{period}.parquet' (compression zstd)
"""

INDICATORS = """
copy (
  with items as (
    select item_id, unit, is_started, is_included, total_investment, annual_plan, month_done, ytd_done, on_schedule,
      list_contains(lists, 'four_new') as four_new, plan_start is not null and plan_start <= date '{end}' as due
    from read_parquet('{folder}/items-{period}.parquet')
  ), totals as (
    select ancestor as unit, list, count(*) as n, count(*) filter (is_started) as started,
      count(*) filter (is_included) as included, sum(total_investment) as total, sum(annual_plan) as plan,
      sum(month_done) as month_done, sum(ytd_done) as ytd, count(*) filter (four_new) as fours,
      count(*) filter (four_new and is_started) as fours_started,
      coalesce(sum(ytd_done) filter (four_new), 0) as fours_done, count(*) filter (due) as due,
      count(*) filter (due and is_started) as due_started, count(*) filter (on_schedule) as on_schedule
    from items join read_parquet('{folder}/membership-{period}.parquet') m using (item_id)
      join closure c on c.descendant = items.unit
    group by all
  ), keyed as (
    select code as unit, k.list, coalesce(n, 0) as n, started, included, total, plan, month_done, ytd, fours,
      fours_started, fours_done, due, due_started, on_schedule
    from (select code, 'all' as list from units union select unit, list from totals) k
      left join totals t on t.unit = k.code and t.list = k.list
  ), long as (
    select unit, list, n as items, unnest([
      {{'indicator': 'project_count', 'num': n::decimal(38, 0), 'den': 1::decimal(38, 0)}},
      {{'indicator': 'started_count', 'num': coalesce(started, 0), 'den': 1}},
      {{'indicator': 'included_count', 'num': coalesce(included, 0), 'den': 1}},
      {{'indicator': 'total_investment_wan', 'num': if(n > 0, coalesce(total, 0), null), 'den': 1}},
      {{'indicator': 'total_investment_usd_wan', 'num': null, 'den': 1}},
      {{'indicator': 'annual_plan_wan', 'num': if(n > 0, coalesce(plan, 0), null), 'den': 1}},
      {{'indicator': 'month_done_wan', 'num': if(n > 0, coalesce(month_done, 0), null), 'den': 1}},
      {{'indicator': 'ytd_done_wan', 'num': if(n > 0, coalesce(ytd, 0), null), 'den': 1}},
      {{'indicator': 'four_new_count', 'num': coalesce(fours, 0), 'den': 1}},
      {{'indicator': 'four_new_started_count', 'num': coalesce(fours_started, 0), 'den': 1}},
      {{'indicator': 'four_new_done_wan', 'num': coalesce(fours_done, 0), 'den': 1}},
      {{'indicator': 'due_start_count', 'num': coalesce(due, 0), 'den': 1}},
      {{'indicator': 'due_started_count', 'num': coalesce(due_started, 0), 'den': 1}},
      {{'indicator': 'on_schedule_count', 'num': coalesce(on_schedule, 0), 'den': 1}},
      {{'indicator': 'start_rate', 'num': started, 'den': nullif(n, 0)}},
      {{'indicator': 'inclusion_rate', 'num': included, 'den': nullif(n, 0)}},
      {{'indicator': 'completion_rate', 'num': ytd, 'den': nullif(plan, 0)}},
      {{'indicator': 'four_new_done_share', 'num': fours_done, 'den': nullif(ytd, 0)}},
      {{'indicator': 'share_of_all', 'num': n, 'den': nullif(max(if(list = 'all', n, null)) over (partition by unit), 0)}}
    ], recursive := true)
    from keyed
  ), rankable as (
    select long.*, parent, indicator in ('start_rate', 'inclusion_rate', 'completion_rate')
      and num is not null and den is not null and items >= 5 as ranked
    from long join units on code = unit
  )
  select unit, list, indicator, items, if(den is null, null, num) as num, if(num is null, null, den) as den,
    if(ranked, rank() over (partition by indicator, list, parent, ranked order by num::double / den::double desc), null)
      as rank,
    if(ranked, count(*) over (partition by indicator, list, parent, ranked), null) as ranked_among
  from rankable
) to '{out}/indicators-{period}.parquet' (compression zstd)
"""


def judge_year(folder: Path, out: Path, periods: list[str]) -> None:
    """Every month's lights and indicators, from `items-…` and `membership-…` to `lights-…` and `indicators-…`."""
    out.mkdir(parents=True, exist_ok=True)
    with duckdb.connect(":memory:", config={"threads": 1}) as connection:
        for table in ("units", "closure"):
            connection.execute(f"create table {table} as from read_parquet('{folder}/{table}.parquet')")
        for period in periods:
            _judge(connection, folder, out, period)


def _judge(connection: duckdb.DuckDBPyConnection, folder: Path, out: Path, period: str) -> None:
    year, month = int(period[:4]), int(period[5:])
    end = f"{period}-{calendar.monthrange(year, month)[1]:02d}"
    named = {"folder": folder, "out": out, "period": period, "month": month, "end": end, "progress": _progress(month)}
    connection.execute(FACTS.format(**named))
    connection.execute(RUNNING.format(**_running(month)))
    for statement in (START, START_STATE, INVESTMENT, INCLUSION, FUNDS, OVERALL):
        connection.execute(statement.format(**named))
    connection.execute(LIGHTS.format(**named, **_before(out, year, month)))
    connection.execute(INDICATORS.format(**named))
    # What the months to come look back at.
    connection.execute(f"create temp table overdue_{month} as select item_id, overdue from facts")


def _progress(month: int) -> str:
    whole = {12: "1", 6: "1/2", 4: "1/3", 3: "1/4", 2: "1/6", 8: "2/3", 9: "3/4", 10: "5/6"}
    return whole.get(month, f"{month}/12")


def _running(month: int) -> dict[str, str]:
    """Three rounds running; January has no round, and nothing was published before it."""
    if month == 1:
        return {"running": "null::boolean", "joins": ""}
    held = ["f.overdue"]
    joins = []
    for back in (1, 2):
        if month - back >= 2:
            held.append(f"o{back}.overdue")
            joins.append(f"left join overdue_{month - back} o{back} on o{back}.item_id = f.item_id")
    if len(held) < 3:
        held.append("null")
    return {"running": " and ".join(held), "joins": " ".join(joins)}


def _before(out: Path, year: int, month: int) -> dict[str, str]:
    if month == 1:
        return {"before": "null::varchar", "was": "0", "now": "0", "join": ""}
    last = f"{out}/lights-{year}-{month - 1:02d}.parquet"
    join = f"left join (select item_id, dimension, severity as was from read_parquet('{last}')) b using (item_id, dimension)"
    return {"before": "b.was", "was": RANK.format("b.was"), "now": RANK.format("severity"), "join": join}
