"""What the reader does with dirty cells: counts, then every cell read otherwise than a careful person would.

python drills/unseen_dirt.py        # twenty bad cells of each kind
python drills/unseen_dirt.py 50 7   # fifty of each, from seed 7
"""

from __future__ import annotations

import sys
from pathlib import Path
from tempfile import TemporaryDirectory

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tests.office.unseen.bad_cells import KINDS, bad_cells
from tests.office.unseen.dirty_judging import judge_bad_cells, judge_dirt, judge_tables
from tests.office.unseen.dirty_tables import CASES
from tests.office.unseen.judging import county_pack


def main() -> None:
    each = int(sys.argv[1]) if len(sys.argv) > 1 else 20
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else 2023
    with TemporaryDirectory() as folder:
        pack = county_pack(Path(folder) / "pack")
        verdict = judge_dirt(Path(folder), pack)
        tables = judge_tables(Path(folder), pack)
        recall = judge_bad_cells(Path(folder) / "bad", pack, bad_cells(seed, each=each))
    print(
        f"{verdict.right} of {verdict.cells} dirty cells right; {len(verdict.false_alarms)} false alarms on {verdict.clean} clean cells"
    )
    print(
        f"{recall.named} of {recall.seeded} seeded bad cells of {len(KINDS)} kinds named; "
        f"{len(recall.false_alarms)} false alarms on {recall.clean} clean cells; {len(recall.taken)} values taken"
    )
    parts = {
        "bad cells missed": recall.missed,
        "values taken from bad cells": recall.taken,
        "false alarms beside bad cells": recall.false_alarms,
        "silent": verdict.silent,
        "not named": verdict.unnamed,
        "refused": verdict.refused_value,
        "false alarms": verdict.false_alarms,
    }
    parts[f"tables wrong of {len(CASES)}"] = tables
    for title, lines in parts.items():
        print(f"\n== {title} ({len(lines)})")
        for line in lines:
            print("  ", line)


if __name__ == "__main__":
    main()
