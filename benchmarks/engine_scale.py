"""How evaluation grows with the number of projects: a year of 10,000 to 1,000,000 under the Yinchuan rulebook.

python benchmarks/engine_scale.py [sizes ...]

Each size is a process of its own that reads a month's Parquet, judges it against what earlier months published, writes
lights, reasons, indicators and ranks, and goes on to the next month; the same work as in engine_year.py. What is
made up beforehand is not counted. Ends with the cost of a project at the largest size against the smallest.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from engine_year import OURS, PERIODS, prepared
from timing import Run, machine, run

SIZES = (10_000, 30_000, 100_000, 300_000, 1_000_000)
THREADS = 2


def judged(size: int) -> Run:
    """A year of that many projects."""
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        prepared(size, folder)
        script = str(Path(__file__).with_name("engine_year.py"))
        cores = ",".join(map(str, range(THREADS)))
        return run(["taskset", "-c", cores, sys.executable, script, "--as", OURS, str(folder), str(folder / "out")])


def main(sizes: list[int]) -> None:
    print(machine("duckdb", "pyarrow", "sqlglot"))
    print(f"{len(PERIODS)} months on {THREADS} cores")
    print("| projects | CPU s | wall s | peak MiB | CPU µs per project and month |")
    print("|---:|---:|---:|---:|---:|", flush=True)
    each: list[float] = []
    for size in sizes:
        one = judged(size)
        each.append(one.cpu / size / len(PERIODS) * 1e6)
        print(f"| {size:,} | {one.cpu:.1f} | {one.wall:.1f} | {one.peak:.0f} | {each[-1]:.1f} |", flush=True)
    print(f"a project costs {each[-1] / each[0]:.2f} of what it costs at {sizes[0]:,}")


if __name__ == "__main__":
    main([int(one) for one in sys.argv[1:]] or list(SIZES))
