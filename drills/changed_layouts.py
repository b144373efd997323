"""How kept mappings fare a month later: layouts known again, changes noticed, nothing guessed.

python drills/changed_layouts.py [N] [SEED]
"""

from __future__ import annotations

import sys
from pathlib import Path
from tempfile import TemporaryDirectory

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tests.office.unseen.changed import Outcome, month_later
from tests.office.unseen.judging import county_pack


def main(count: int, seed: int) -> int:
    whole, served = Outcome(), 0
    with TemporaryDirectory() as folder:
        pack = county_pack(Path(folder) / "pack")
        for one in range(seed, seed + count):
            outcome = month_later(Path(folder), one, pack)
            if outcome is not None:
                served += 1
                whole.add(outcome)
    print(f"{served} of {count} workbooks serve (those with formulas or without a sender do not)\n")
    for name, number in sorted(whole.counts.items()):
        print(f"{number:>7}  {name}")
    for fault in whole.faults:
        print(f"  {fault}")
    return 1 if whole.faults else 0


if __name__ == "__main__":
    numbers = [int(one) for one in sys.argv[1:3]]
    sys.exit(main(*(numbers + [60, 9000][len(numbers) :])))
