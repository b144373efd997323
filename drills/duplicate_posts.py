"""200 keys, each posted 50 times at once to a site of several processes: 200 effects, the same answer to all, 409 to another body.

    python drills/duplicate_posts.py [--keys 200] [--times 50] [--workers 2] [--port 0] [--database postgresql://USER@HOST/NAME]

Runs on SQLite, and on PostgreSQL when an address is given; its database is made and dropped.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tests.hub.api.duplicates import send_duplicates
from tests.hub.live import live_site


def main() -> int:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name, default in (("--keys", 200), ("--times", 50), ("--workers", 2), ("--port", 0)):
        asked.add_argument(name, type=int, default=default)
    asked.add_argument("--database", default="")
    told = asked.parse_args()
    with (
        tempfile.TemporaryDirectory() as folder,
        live_site(Path(folder), database=told.database, port=told.port, workers=told.workers) as site,
    ):
        outcome = send_duplicates(site, keys=told.keys, times=told.times)
    print(f"{'PostgreSQL' if told.database else 'SQLite'}, {told.workers} processes: {outcome.said()}")
    for fault in outcome.faults[:20]:
        print(f"  {fault}")
    return 1 if outcome.faults else 0


if __name__ == "__main__":
    sys.exit(main())
