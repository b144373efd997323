"""Bend the record in every way we know and count what verification finds: every byte of 1,000 rows, and 300 of each deed.

python drills/tamper_audit.py [ROWS] [TIMES] [FLIPPED]

A chain of ROWS records (1000), TIMES of each deed (300), every byte of FLIPPED of the rows (all).

In a database of its own beside the one GUATU_DATABASE names (SQLite if it names none), made and dropped here.
"""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path
from time import monotonic

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
os.environ["GUATU_HOME"] = tempfile.mkdtemp(prefix="guatu-drill-")
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "guatu.hub.config.settings")

import django

django.setup()

from django.conf import settings  # noqa: E402  # after Django is set up
from django.db import connection  # noqa: E402
from tests.hub.audit.tamper_drill import DEEDS, Counts, Drill  # noqa: E402
from tests.hub.past_triggers import past_the_triggers  # noqa: E402


def main(rows: int, times: int, turned: int) -> int:
    connection.settings_dict["TEST"]["NAME"] = (
        str(Path(settings.HOME) / "drill.sqlite3")
        if connection.vendor == "sqlite"
        else f"guatu_tamper_drill_{os.getpid()}"
    )
    connection.creation.create_test_db(verbosity=0, autoclobber=True)
    started = monotonic()
    try:
        drill = Drill(rows)
        with past_the_triggers(connection):
            drill.flip_every_byte(turned)
            drill.flip_personal_parts(times)
            drill.tamper(times)
    finally:
        connection.creation.destroy_test_db(connection.settings_dict["NAME"], verbosity=0)
    print(
        f"{connection.vendor}: {rows} rows, every byte of {turned}, {times} of each deed, {monotonic() - started:.0f} s\n"
    )
    return report(drill.counts)


def report(counts: Counts) -> int:
    flips = [name for name in counts.tried if name not in DEEDS]
    for name in [*flips, *DEEDS]:
        refused = f"   {counts.refused[name]} the database cannot hold" if counts.refused[name] else ""
        print(f"{counts.found[name]:>8} of {counts.tried[name]:>8}  {name}{refused}")
    found = sum(counts.found[name] for name in flips)
    print(f"\nbytes turned: {found} of {sum(counts.tried[name] for name in flips)} found")
    print(
        f"deeds:        {sum(counts.found[name] for name in DEEDS)} of {sum(counts.tried[name] for name in DEEDS)} found"
    )
    for missed in counts.missed[:50]:
        print(f"  NOT FOUND  {missed}")
    return 1 if counts.missed else 0


if __name__ == "__main__":
    numbers = [int(one) for one in sys.argv[1:4]]
    rows, times = numbers[0] if numbers else 1000, numbers[1] if len(numbers) > 1 else 300
    sys.exit(main(rows, times, numbers[2] if len(numbers) > 2 else rows))
