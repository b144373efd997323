"""The demonstration: three rounds in turn, each reading the ones before, then every figure held against expected.csv.

Run by `make demo`. Uses nothing but the `guatu` command a dispatcher would type.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from compare import compare

HERE = Path(__file__).resolve().parent
OUT = HERE.parent / "out"
ROUNDS = ("2021-06", "2021-07", "2021-08")
DATED = {"2021-06": "2021-07-08", "2021-07": "2021-08-06", "2021-08": "2021-09-07"}


def guatu(*arguments: str) -> int:
    shown = " ".join(("guatu", *(argument for argument in arguments if not argument.endswith(".xlsx"))))
    print(f"\n$ {shown}  +10 xlsx", flush=True)
    return subprocess.run([Path(sys.executable).with_name("guatu"), *arguments]).returncode


def main() -> int:
    failed = 0
    for position, period in enumerate(ROUNDS):
        workbooks = sorted(str(path.relative_to(Path.cwd())) for path in (HERE / period).glob("*.xlsx"))
        history = [word for earlier in ROUNDS[:position] for word in ("--history", f"out/{earlier}")]
        arguments = [
            "--pack",
            "demo/pack",
            "--rulebook",
            "yinchuan_2025",
            "--round",
            period,
            *history,
            "--dated",
            DATED[period],
        ]
        if (code := guatu("run", *workbooks, *arguments, "-o", f"out/{period}")) != 0:
            return code
        agreed, differences = compare(OUT / period / "indicators.csv", period)
        print(f"  {period}: {agreed} figures as expected, {len(differences)} different", flush=True)
        for one in differences[:10]:
            print(f"    {one.unit} {one.list} {one.measure}: expected {one.expected}, found {one.found}")
        failed += len(differences)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
