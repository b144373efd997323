"""What a request costs the hub: CPU of the web process and of its PostgreSQL, per request and route, at a running site.

    python benchmarks/hub_requests.py --database postgresql://USER@HOST/NAME [--items 10000] [--requests 200] [--repetitions 3] [--port 0]

One connection kept alive, one request after the other, routes in turn within every repetition; medians over repetitions. CPU is
read from /proc, so a noisy neighbour costs little; figures of other systems on the same machine are comparable when taken the
same way. Another route is another line of ROUTES.
"""

from __future__ import annotations

import argparse
import itertools
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from http.client import HTTPConnection
from json import dumps
from pathlib import Path
from urllib.parse import urlsplit

import psycopg

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tests.hub.live import Site, live_site

UNITS = 2000
TICKS = os.sysconf("SC_CLK_TCK")
_numbers = itertools.count()


@dataclass(frozen=True, slots=True)
class Route:
    """One kind of request: a page with the session, or an operation of the API with the token, of one of the cast."""

    title: str
    path: str
    who: str
    opens: str = ""
    """A POST that opens a unit or enters an item, each with another name and key."""
    heavy: bool = False
    """Asked a fiftieth as often."""


ROUTES = (
    Route("page: my desk", "/", "zhao"),
    Route("page: units", "/units", "zhao"),
    Route("page: a unit", "/units/{town}", "zhao"),
    Route("page: people", "/people", "zhao"),
    Route("page: API tokens", "/tokens", "zhao"),
    Route("API: list of 50 units", "/api/units?limit=50", "zhao"),
    Route("API: list of 50 posts", "/api/posts?limit=50", "zhao"),
    Route("API: one unit", "/api/units/{town}", "zhao"),
    Route("API: tree of 2,000 units", "/api/units/tree", "zhao"),
    Route("API: open a unit, with record", "/api/units", "sun", opens="unit"),
)
LEDGER_ROUTES = (
    Route("page: list of 50 items", "/ledgers/city_works", "zhao"),
    Route("page: filtered by unit and list", "/ledgers/city_works?unit={east}&list=municipal", "zhao"),
    Route("page: the last 50 of 10,000 items", "/ledgers/city_works?page=200", "zhao"),
    Route("page: sorted by code, of one district's reporter", "/ledgers/city_works?sort=-code", "li"),
    Route(
        "page: tree of units, four sums",
        "/ledgers/city_works?group=tree&columns=total,plan,done,land",
        "zhao",
        heavy=True,
    ),
    Route("page: board by milestones", "/ledgers/city_works/board", "zhao", heavy=True),
    Route("page: calendar", "/ledgers/city_works/calendar?month=2025-06", "zhao", heavy=True),
    Route("page: an item", "/items/{item}", "zhao"),
    Route("page: search, two characters", "/search?q=%E5%A4%A7%E6%A1%A5", "zhao"),
    Route("page: search, pinyin", "/search?q=chongqinglu", "zhao"),
    Route("API: list of 50 items", "/api/ledgers/city_works/items?limit=50", "zhao"),
    Route("API: list of 50 items, on a list", "/api/ledgers/city_works/items?limit=50&list=municipal", "zhao"),
    Route("API: 50 rows as of a day", "/api/ledgers/city_works/rows?limit=50&on=2025-06-30", "zhao"),
    Route("API: one item", "/api/items/{item}", "zhao"),
    Route("API: enter an item, with record", "/api/ledgers/city_works/items", "zhao", opens="item"),
    Route("API: export as CSV", "/api/ledgers/city_works/export?format=csv", "zhao", heavy=True),
    Route("API: export as XLSX", "/api/ledgers/city_works/export?format=xlsx", "zhao", heavy=True),
)


@dataclass(slots=True)
class Cost:
    """Of one request, in milliseconds."""

    app: float
    database: float
    wall: float
    size: int


def main() -> int:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--database", required=True)
    for name, default in (("--requests", 200), ("--repetitions", 3), ("--port", 0), ("--items", 0)):
        asked.add_argument(name, type=int, default=default)
    told = asked.parse_args()
    with (
        tempfile.TemporaryDirectory() as folder,
        live_site(Path(folder), database=told.database, port=told.port, workers=1) as site,
    ):
        fill(site)
        routes = ROUTES
        if told.items:
            fill_ledger(site, told.items)
            routes = LEDGER_ROUTES
        costs = measured(site, told.database, routes, told.requests, told.repetitions)
    print(f"{UNITS} units, {told.items} items, 1 web process, {told.requests} requests x {told.repetitions}, medians\n")
    print_costs(costs)
    return 0


def print_costs(costs: dict[Route, list[Cost]]) -> None:
    print("| request | CPU ms, app + database | p50 ms, one connection | bytes |\n|---|---:|---:|---:|")
    for route, found in costs.items():
        app, database, wall = (
            statistics.median(getattr(one, name) for one in found) for name in ("app", "database", "wall")
        )
        print(f"| {route.title} | {app:.1f} + {database:.1f} | {wall:.1f} | {found[0].size} |")


def fill(site: Site) -> None:
    """Some hundred units under each of forty districts."""
    site.run(
        "from django.db import transaction\n"
        "from datetime import date; from django.utils.timezone import now\n"
        "from guatu.hub.accounts.actions.units import placed; from guatu.hub.accounts.models import Unit\n"
        "from guatu.text import Text\n"
        f"city = Unit.objects.get(pk={site.units['city']})\n"
        "with transaction.atomic():\n"
        f"  for number in range({UNITS} // 50):\n"
        "    one = placed(parent=city, kind='district', title=Text(f'第{number}区', ''), on=date(2020, 1, 1), at=now())\n"
        "    for part in range(49):\n"
        "      placed(parent=one, kind='town', title=Text(f'第{part}镇', ''), on=date(2020, 1, 1), at=now())\n"
        "print('true')"
    )


def fill_ledger(site: Site, size: int) -> None:
    """Items over the towns of the districts; `item` is one of them from then on."""
    site.units["item"] = site.run(
        "from benchmarks.filled_ledger import fill, install; from guatu.hub.accounts.models import Unit\n"
        "from guatu.hub.ledger.models import Item; from tests.hub.people import found_city; from django.db import connection\n"
        "by = found_city().actor('sun'); ledger = install(by)\n"
        "units = list(Unit.objects.filter(kind='town').order_by('pk'))\n"
        f"fill(ledger, units, {size}, by)\n"
        "if connection.vendor == 'postgresql': connection.cursor().execute('ANALYZE')\n"
        "print(Item.objects.order_by('pk').values_list('pk', flat=True)[7])"
    )


def measured(
    site: Site, database: str, routes: Sequence[Route], requests: int, repetitions: int
) -> dict[Route, list[Cost]]:
    costs: dict[Route, list[Cost]] = {route: [] for route in routes}
    connection = HTTPConnection(urlsplit(site.base).netloc, timeout=60)
    for repetition in range(repetitions + 1):  # the first warms up and is not counted
        for route in routes:
            often = max(2, requests // 50) if route.heavy else requests
            cost = asked_often(connection, site, route, database, often if repetition else max(2, often // 10))
            if repetition:
                costs[route].append(cost)
    connection.close()
    return costs


def asked_often(connection: HTTPConnection, site: Site, route: Route, database: str, requests: int) -> Cost:
    backends, walls, size = backends_of(database), [], 0
    app, behind = cpu(tree(site.pid)), cpu(backends)
    for _ in range(requests):
        begun = time.perf_counter()
        size = ask(connection, site, route)
        walls.append(time.perf_counter() - begun)
    app, behind = cpu(tree(site.pid)) - app, cpu(backends) - behind
    return Cost(app / requests * 1000, behind / requests * 1000, statistics.median(walls) * 1000, size)


def ask(connection: HTTPConnection, site: Site, route: Route) -> int:
    path = route.path.format(**site.units)
    if path.startswith("/api/"):
        headers = {"Authorization": f"Bearer {site.tokens[route.who]}"}
    else:
        headers = {"Cookie": f"session={site.sessions[route.who]}"}
    if route.opens:
        number = next(_numbers)
        headers |= {"Idempotency-Key": f"bench-{number}", "Content-Type": "application/json"}
        connection.request("POST", path, dumps(_new(site, route.opens, number)), headers)
    else:
        connection.request("GET", path, headers=headers)
    answer = connection.getresponse()
    body = answer.read()
    if answer.status not in (200, 201):
        sys.exit(f"{route.title}: {answer.status} {body[:300]!r}")
    return len(body)


def _new(site: Site, what: str, number: int) -> dict[str, object]:
    if what == "unit":
        return {"parent_id": site.units["west"], "kind": "zone", "title_zh": f"园区{number}", "on": "2026-01-01"}
    values = {"total": 12_000_000_00, "nature": "new", "begun": True, "plan_start": "2026-03-01", "owner": "城建集团"}
    return {
        "unit_id": site.units["town"], "name": f"新桥{number}", "code": f"N-{number}", "values": values, "lists": ["municipal"],
        "on": "2026-01-01",
    }  # fmt: skip


def tree(root: int) -> list[int]:
    """A process and all below it."""
    below: dict[int, list[int]] = {}
    for pid in filter(str.isdigit, os.listdir("/proc")):
        below.setdefault(_stat(int(pid))[1], []).append(int(pid))
    found, waiting = [], [root]
    while waiting:
        found.append(waiting.pop())
        waiting += below.get(found[-1], [])
    return found


def backends_of(database: str) -> list[int]:
    with psycopg.connect(database) as connection:
        rows = connection.execute(
            "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        return [row[0] for row in rows]


def cpu(pids: list[int]) -> float:
    """Seconds of processor these have used."""
    return sum(_stat(pid)[0] for pid in pids)


def _stat(pid: int) -> tuple[float, int]:
    """Seconds of processor, and the parent."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    except OSError:
        return 0.0, 0
    return (int(fields[11]) + int(fields[12])) / TICKS, int(fields[1])


if __name__ == "__main__":
    sys.exit(main())
