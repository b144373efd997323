"""Kill processes in the midst of changing the database and see that nothing is lost and nothing is half done.

    python drills/kill_actions.py [--kills 200] [--seed 1] [--only ACTION] [--shapes bulk,slips] [--database postgresql://USER@HOST:PORT/NAME]

Every action is killed at every named failpoint; then, for each shape of writing (one person, a load of units and people, slips for a
roomful, a branch of the tree), as many processes as asked for are killed at moments of chance. A process writes a receipt after
each commit, as a page would tell its reader. Without an address the drill works on SQLite in a folder of its own; on PostgreSQL it
makes and drops databases whose names begin with the one given. `--torn` takes the transactions out first: the drill must then find
what is left half done, or it proves nothing. Exit code 1 when a write was lost or half done.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=200, help="kills at random for each shape of writing")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--database", default="", help="PostgreSQL; SQLite if not given")
    parser.add_argument("--only", default="", help="one action alone, by name")
    parser.add_argument(
        "--shapes", default="", help="shapes of writing to be killed at random, with commas; all if not given"
    )
    parser.add_argument("--torn", action="store_true", help="without transactions, to see the drill fail (SQLite)")
    given = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="guatu-kills-") as folder:
        set_up(Path(folder), given.database)
        if given.torn:
            take_transactions_out()
        tolls = drill(
            Path(folder), given.only, [one for one in given.shapes.split(",") if one], given.kills, given.seed
        )
    faults = [fault for toll in tolls.values() for fault in toll.pop("faults")]
    kind = "postgresql" if given.database else "sqlite"
    print(json.dumps({"database": kind, **tolls}, ensure_ascii=False, indent=1))
    for fault in faults:
        print(fault, file=sys.stderr)
    print(f"lost or half done: {len(faults)}")
    return 1 if faults else 0


def set_up(folder: Path, database: str) -> None:
    """Django, on a database that is nobody's."""
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
    os.environ["GUATU_HOME"] = str(folder)
    os.environ["DJANGO_SETTINGS_MODULE"] = "guatu.hub.config.settings"
    os.environ.pop("GUATU_DATABASE", None)
    if database:
        os.environ["GUATU_DATABASE"] = database
    import django

    django.setup()


def take_transactions_out() -> None:
    from contextlib import nullcontext
    from types import SimpleNamespace

    from guatu.hub.audit import acting

    acting.transaction = SimpleNamespace(atomic=lambda **_: nullcontext())


def drill(folder: Path, only: str, shapes: Sequence[str], kills: int, seed: int) -> dict[str, dict[str, object]]:
    from tests.hub.changes.actions import CHANGES, load_all_actions
    from tests.hub.changes.databases import Databases
    from tests.hub.changes.killing import SHAPES, Toll, killed_at_every_failpoint, killed_at_random

    load_all_actions()
    names = [only] if only else sorted(CHANGES)
    databases = Databases(folder)
    try:
        total = Toll()
        for name in names:
            total = total + killed_at_every_failpoint(databases, name)
            databases.drop_copies()
        tolls = {f"{len(names)} actions at every failpoint": total}
        for name in (shapes or SHAPES) if kills else ():
            tolls[f"{name} at random"] = killed_at_random(databases, name, kills=kills, seed=seed)
            databases.drop_copies()
    finally:
        databases.drop_all()
    return {name: toll.counted() for name, toll in tolls.items()}


if __name__ == "__main__":
    sys.exit(main())
