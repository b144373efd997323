"""How well the reader does on workbooks it was not written against: a table per layout and per cause.

python drills/unseen_layouts.py [N] [SEED] [LAYOUT]
"""

from __future__ import annotations

import sys
from collections import Counter, defaultdict
from pathlib import Path
from tempfile import TemporaryDirectory

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tests.office.unseen.judging import Verdict, county_pack, judge, read
from tests.office.unseen.layouts import make

SHOWN = ("columns", "columns right", "silently wrong", "wrong but asked", "rest named", "rest not named")
MORE = (
    "values",
    "silently wrong value",
    "value lost",
    "value asked",
    "row lost",
    "row asked",
    "phantom row",
    "wrong tags",
)
MORE += (
    "tags lost",
    "false error",
    "false question",
    "warning",
    "stranger read as ledger",
    "stranger not said",
    "unit not recognised",
)


def main(count: int, seed: int, layout: str | None) -> None:
    by_layout: defaultdict[str, Verdict] = defaultdict(Verdict)
    by_cause: defaultdict[str, Verdict] = defaultdict(Verdict)
    whole = Verdict()
    refused = 0
    with TemporaryDirectory() as folder:
        pack = county_pack(Path(folder) / "pack")
        for one in range(seed, seed + count):
            made = make(Path(folder), one, layout)
            reading = read(made, pack)
            verdict = judge(made, reading)
            refused += reading.refused
            whole.add(verdict)
            by_layout[made.layout].add(verdict)
            for cause in made.causes:
                by_cause[cause].add(verdict)
    for title, found in (("layout", by_layout), ("cause", by_cause)):
        print(f"\n{title:32}" + "".join(f"{name:>17}" for name in (*SHOWN, "right %")))
        for name in sorted(found):
            counts = found[name].counts
            share = 100 * counts["columns right"] / (counts["columns"] or 1)
            print(f"{name:32}" + "".join(f"{counts[kind]:17}" for kind in SHOWN) + f"{share:17.2f}")
    counts = whole.counts
    share = 100 * counts["columns right"] / counts["columns"]
    print(f"\nall: {share:.2f} % of {counts['columns']} columns right; {refused} of {count} refused")
    print("; ".join(f"{kind} {counts[kind]}" for kind in (*SHOWN, *MORE)))
    for kind in sorted({kind for kind, _, _ in whole.faults}):
        lines = Counter()
        first: dict[str, str] = {}
        for one, where, what in whole.faults:
            if one == kind:
                key = what if kind not in ("false question", "warning", "false error") else what.split("<")[0]
                lines[key] += 1
                first.setdefault(key, where)
        print(f"\n== {kind} ({sum(lines.values())})")
        for what, times in lines.most_common(40):
            print(f"{times:4} {first[what]}  {what[:230]}")


if __name__ == "__main__":
    arguments = sys.argv[1:]
    main(
        int(arguments[0]) if arguments else 200,
        int(arguments[1]) if len(arguments) > 1 else 1,
        arguments[2] if len(arguments) > 2 else None,
    )
