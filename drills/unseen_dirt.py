"""What the reader does with dirty cells: counts, then every cell read otherwise than a careful person would.

python drills/unseen_dirt.py
"""

from __future__ import annotations

import sys
from pathlib import Path
from tempfile import TemporaryDirectory

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tests.office.unseen.dirty_judging import judge_dirt, judge_tables
from tests.office.unseen.dirty_tables import CASES
from tests.office.unseen.judging import county_pack


def main() -> None:
    with TemporaryDirectory() as folder:
        pack = county_pack(Path(folder) / "pack")
        verdict = judge_dirt(Path(folder), pack)
        tables = judge_tables(Path(folder), pack)
    print(
        f"{verdict.right} of {verdict.cells} dirty cells right; {len(verdict.false_alarms)} false alarms on {verdict.clean} clean cells"
    )
    parts = {
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
