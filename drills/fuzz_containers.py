"""Mutated workbooks: how many were read, how many refused, and whatever else happened.

python drills/fuzz_containers.py 10000 1
"""

from __future__ import annotations

import random
import sys
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tests.office.containers.mutants import BATCH, SOUND, judged, mutant

_AT_ONCE = 40


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    random_ = random.Random(int(sys.argv[2]) if len(sys.argv) > 2 else 1)
    found: Counter[str] = Counter()
    while (made := sum(found.values())) < count:
        batches = [[mutant(random_) for _ in range(BATCH)] for _ in range(min(_AT_ONCE, -(-(count - made) // BATCH)))]
        found += judged(batches)
    for what, times in found.most_common():
        print(f"{times:7}  {what}")
    sys.exit(not set(found) <= SOUND)


if __name__ == "__main__":
    main()
