"""Seed many made counties with one case of every kind of contradiction, and count what is said of them.

Each world has two rounds of four towns: projects with and without codes, phases, halves and numbered works that only look
alike. The generator's own record says which finding must stand at which cell; anything else said is a false alarm.

    python drills/reconcile_worlds.py --worlds 40
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tests.dispatch.cast import pack  # noqa: E402
from tests.dispatch.reconciliation.world import UNITS, Expected, made_world, play, seed_all  # noqa: E402


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--worlds", type=int, default=20)
    arguments.add_argument("--from-seed", type=int, default=100)
    given = arguments.parse_args()
    seeded: Counter[str] = Counter()
    found: Counter[str] = Counter()
    alarms: list[str] = []
    rows = 0
    for seed in range(given.from_seed, given.from_seed + given.worlds):
        with tempfile.TemporaryDirectory() as folder:
            home = Path(folder)
            pack(home, **{"units.yaml": UNITS})
            world = seed_all(made_world(seed))
            before = play(home, world.before, 7)
            now = play(home, world.now, 8, history=(7,), totals=world.totals)
        rows += sum(
            len(projects) for sheets in (*world.before.values(), *world.now.values()) for projects in sheets.values()
        )
        said = Counter(Expected(one.code, one.grade, one.workbook, one.sheet, one.cell) for one in now.findings)
        for one in world.expected:
            seeded[one.code] += 1
            found[one.code] += said[one] == 1
        for one, times in said.items():
            if one not in world.expected or times > 1:
                alarms.append(f"seed {seed}: {one} ×{times}")
        alarms += [f"seed {seed}, clean round: {one.where} {one.code}" for one in before.findings]
    for code in sorted(seeded):
        print(f"{code:28} {found[code]:4} of {seeded[code]}")
    print(f"\n{sum(found.values())} of {sum(seeded.values())} seeded cases said once, at their cell, with their grade")
    print(f"{len(alarms)} false alarms in {rows} rows of {given.worlds} worlds")
    print("\n".join(alarms[:20]))
    return 0 if found == seeded and not alarms else 1


if __name__ == "__main__":
    sys.exit(main())
