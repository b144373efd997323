"""A made-up city of any size to measure with: units in a tree, projects with months of figures, some cells missing.

Figures follow from an item's number and the month by arithmetic alone, so every run and every size has the same
shape: about a tenth of the projects late, a few percent of the cells missing, a few projects exempt.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pyarrow as pa

from guatu.declarations import load_pack
from guatu.engine.evaluation import EarlierResults, Inputs
from guatu.engine.rulebook import Rulebook, load_rulebook
from guatu.standards.periods import Period

DISTRICTS, BUREAUS = 12, 4
PERIODS = tuple(f"2025-{month:02d}" for month in range(1, 13))
PACKS = Path(__file__).parent.parent / "packs"

_ITEMS = """
with numbers as (
  select n, (hash(n) % 1000003)::bigint as h, (hash(n + 7777777) % 1000003)::bigint as g,
    (hash(n * 31 + {month}) % 1000003)::bigint as m
  from range({size}) r(n)
), plans as (
  select *,
    (100 + h % 20000) * 1000000::bigint as annual_plan,
    date '2025-01-01' + (h % 540 - 180)::int as plan_start,
    date '2025-01-01' + (h % 540 - 180 + g % 120 - 20)::int as actual_start
  from numbers
)
select
  'p' || lpad(n::varchar, 8, '0') as item_id,
  'u' || lpad((n % {units})::varchar, 3, '0') as unit,
  '项目' || n as name,
  list_filter([if(h % 3 = 0, 'district', null), if(g % 5 = 0, 'four_new', null), if(h % 4 = 0, 'municipal', null),
    if(g % 7 = 0, 'provincial', null)], x -> x is not null) as lists,
  annual_plan * (2 + g % 5) as total_investment,
  if(g % 97 = 0, null, annual_plan) as annual_plan,
  if(m % 29 = 0, null, annual_plan // 12 * (h % 3)) as month_done,
  if(m % 41 = 0, null, annual_plan // 1200 * least({month} * (60 + g % 50), 1300)) as ytd_done,
  if(g % 53 = 0, null, plan_start) as plan_start,
  if(actual_start <= last_day(date '{period}-01') and g % 71 <> 0, actual_start, null) as actual_start,
  if(m % 61 = 0, null, actual_start <= last_day(date '{period}-01')) as is_started,
  if(m % 67 = 0, null, actual_start + (30 + h % 90)::int <= last_day(date '{period}-01')) as is_included,
  if(m % 37 = 0, null, h % 9 <> 0) as on_schedule,
  h % 211 = 0 as exempt_start,
  g % 223 = 0 as exempt_investment,
  if(g % 4 = 0, annual_plan // 5, null) as budget_allocated,
  if(m % 43 = 0, null, if(h % 6 = 0, annual_plan // 6, annual_plan // 5)) as budget_paid
from plans order by n
"""


@dataclass(frozen=True)
class City:
    """`size` projects in 12 districts of 4 bureaus; the leaves report."""

    size: int
    rulebook: Rulebook
    units: pa.Table
    closure: pa.Table

    def inputs(self, period: str, history: tuple[EarlierResults, ...]) -> Inputs:
        with duckdb.connect() as connection:
            connection.execute("set threads = 2")
            items = self.items(connection, period)
            connection.register("items", items)
            membership = connection.execute(
                "select item_id, 'all' as list from items union all select item_id, unnest(lists) from items"
            ).to_arrow_table()
        return Inputs(
            Period.parse(period), items, self.units, self.closure, membership, self.rulebook.ledger, history=history
        )

    def items(self, connection: duckdb.DuckDBPyConnection, period: str) -> pa.Table:
        month = int(period[5:])
        query = _ITEMS.format(size=self.size, month=month, period=period, units=DISTRICTS * BUREAUS)
        return connection.execute(query).to_arrow_table()


def city(size: int) -> City:
    """The city, under the rulebook of Yinchuan 2025."""
    pack = load_pack(PACKS / "key_projects")
    rulebook = load_rulebook(pack.rulebook("yinchuan_2025"), ledger=pack.ledger, indicators=pack.indicators())
    parents: dict[str, str | None] = {"city": None}
    parents |= {f"d{number:02d}": "city" for number in range(DISTRICTS)}
    parents |= {f"u{number:03d}": f"d{number % DISTRICTS:02d}" for number in range(DISTRICTS * BUREAUS)}
    return City(size, rulebook, _units(parents), pa.Table.from_pylist(list(_closure(parents))))


def _units(parents: dict[str, str | None]) -> pa.Table:
    return pa.table(
        {
            "code": list(parents),
            "title": list(parents),
            "parent": pa.array(parents.values(), pa.string()),
            "peers": pa.nulls(len(parents), pa.string()),
        }
    )


def _closure(parents: dict[str, str | None]) -> Iterator[dict[str, object]]:
    for code in parents:
        above: str | None = code
        depth = 0
        while above is not None:
            yield {"ancestor": above, "descendant": code, "depth": depth}
            above, depth = parents[above], depth + 1
