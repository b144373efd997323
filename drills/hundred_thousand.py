"""The ledger at ten times its usual size: what list, filter, search, as-of and export cost with 10,000 and with 100,000 items.

    python drills/hundred_thousand.py --database postgresql://USER@HOST/NAME [--sizes 10000,100000] [--requests 50] [--repetitions 3]

Every item has some twenty values and twelve milestones. The requests are those of benchmarks/hub_requests.py, measured in the same
way; of exports the time and CPU of one, and what the web process holds in memory after one and while eight run at once.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.hub_requests import (
    LEDGER_ROUTES,
    Cost,
    Route,
    ask,
    fill,
    fill_ledger,
    measured,
    print_costs,
    tree,
)
from tests.hub.live import Site, live_site

AT_ONCE = 8


def main() -> int:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--database", required=True)
    asked.add_argument("--sizes", default="10000,100000")
    for name, default in (("--requests", 50), ("--repetitions", 3)):
        asked.add_argument(name, type=int, default=default)
    told = asked.parse_args()
    costs = [
        at_size(told.database, int(size), told.requests, told.repetitions) for size in told.sizes.split(",")
    ]  # fmt: skip
    if len(costs) > 1:
        print("\n| request | CPU, largest / smallest |\n|---|---:|")
        for route in LEDGER_ROUTES:
            print(f"| {route.title} | {_cpu(costs[-1][route]) / _cpu(costs[0][route]):.1f} |")
    return 0


def at_size(database: str, size: int, requests: int, repetitions: int) -> dict[Route, list[Cost]]:
    with tempfile.TemporaryDirectory() as folder, live_site(Path(folder), database=database, workers=1) as site:
        fill(site)
        begun = time.perf_counter()
        fill_ledger(site, size)
        print(
            f"\n{size} items, written in {time.perf_counter() - begun:.0f} s; {requests} requests x {repetitions}, medians\n"
        )
        before = memory(site)
        costs = measured(site, database, LEDGER_ROUTES, requests, repetitions)
        print_costs(costs)
        after = memory(site)
        statuses, peak = eight_at_once(site)
        print(
            f"\nMiB of the web process: {before} at first, {after} after all this, {peak} while {AT_ONCE} workbooks left at once"
        )
        print(f"{AT_ONCE} at once: {statuses} whole files")
        assert statuses == AT_ONCE, "an export was refused or broke off"
    return costs


def eight_at_once(site: Site) -> tuple[int, int]:
    """How many of them came whole, and the most memory seen meanwhile."""
    route = next(one for one in LEDGER_ROUTES if one.path.endswith("format=xlsx"))
    sizes: list[int] = []

    def one() -> None:
        connection = HTTPConnection(urlsplit(site.base).netloc, timeout=600)
        sizes.append(ask(connection, site, route))
        connection.close()

    peak = 0
    with ThreadPoolExecutor(AT_ONCE) as pool:
        running = [pool.submit(one) for _ in range(AT_ONCE)]
        while not all(done.done() for done in running):
            peak = max(peak, memory(site))
            time.sleep(0.1)
    for done in running:
        done.result()
    return sum(size == max(sizes) for size in sizes), peak


def memory(site: Site) -> int:
    """MiB resident of the site's processes."""
    pages = 0
    for pid in tree(site.pid):
        try:
            pages += int(Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1])
        except OSError:  # it has ended
            continue
    return pages * 4096 // 2**20


def _cpu(found: list[Cost]) -> float:
    return statistics.median(one.app + one.database for one in found)


if __name__ == "__main__":
    sys.exit(main())
