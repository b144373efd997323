"""A year of a city: 10,000 projects, twelve months, the Yinchuan rulebook, lights to ranks with reasons.

python benchmarks/engine_year.py [projects] [repetitions]

Ours against the same rules written by hand for DuckDB and for pandas. Each contestant is a process of its own that
reads the same Parquet, judges month after month (a month sees what was published before) and writes its results. Before
anything is timed, their lights, reasons, indicators and ranks are asserted equal. Ours runs as it is installed, without
pandas, which Arrow would load beside it only because the peers' package lies in the same environment.
"""

from __future__ import annotations

import sys
import tempfile
import time
from fractions import Fraction
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
from timing import in_turn, machine, median, peak_mib, print_table, report, run

PERIODS = [f"2025-{month:02d}" for month in range(1, 13)]
OURS, SQL, PANDAS = "ours", "hand-written SQL", "pandas"
LIGHT = ("item_id", "dimension", "state", "severity", "clause", "undecided", "missing", "inputs", "before", "change")


def ours(folder: Path, out: Path) -> None:
    from city import city

    from guatu.engine.evaluation import EarlierResults, Inputs, evaluate
    from guatu.standards.periods import Period

    rulebook = city(0).rulebook
    tables = {name: pq.read_table(folder / f"{name}.parquet") for name in ("units", "closure")}
    for period in PERIODS:
        month = {name: pq.read_table(folder / f"{name}-{period}.parquet") for name in ("items", "membership")}
        history = [EarlierResults.read(out / one) for one in PERIODS if one < period]
        inputs = Inputs(Period.parse(period), **month, **tables, ledger=rulebook.ledger, history=history)
        evaluate(inputs, rulebook).write(out / period)


def by_hand(folder: Path, out: Path) -> None:
    from engine_year_sql import judge_year

    judge_year(folder, out, PERIODS)


def with_pandas(folder: Path, out: Path) -> None:
    from engine_year_pandas import judge_year

    judge_year(folder, out, PERIODS)


class AsInstalled:
    """Finds no pandas: nothing of ours needs it, so no installation of ours has it."""

    def find_spec(self, name: str, path: object = None, target: object = None) -> None:
        if name == "pandas":
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)


CONTESTANTS = {OURS: ours, SQL: by_hand, PANDAS: with_pandas}


def prepare(size: int, folder: Path) -> None:
    from city import city

    made = city(size)
    for name in ("units", "closure"):
        pq.write_table(getattr(made, name), folder / f"{name}.parquet")
    for period in PERIODS:
        inputs = made.inputs(period, ())
        for name in ("items", "membership"):
            pq.write_table(getattr(inputs, name), folder / f"{name}-{period}.parquet", compression="zstd")


def prepared(size: int, folder: Path) -> None:
    """`prepare` in a process of its own: what this one holds would count in the peak of those it starts."""
    run([sys.executable, __file__, "--prepare", str(size), str(folder)])


def lights(name: str, out: Path, period: str) -> set[tuple[Any, ...]]:
    """A month's lights, comparable."""
    if name == OURS:
        table = pq.read_table(out / period / "lights.parquet").rename_columns({"id": "item_id"})
    else:
        table = pq.read_table(out / f"lights-{period}.parquet")
    columns = (table[one].to_pylist() for one in LIGHT)
    return {tuple(tuple(one) if isinstance(one, list) else one for one in row) for row in zip(*columns, strict=True)}


def indicators(name: str, out: Path, period: str) -> dict[tuple[str, str, str], tuple[Any, ...]]:
    """A month's indicators and ranks, comparable."""
    path = out / period / "indicators.parquet" if name == OURS else out / f"indicators-{period}.parquet"
    table = pq.read_table(path)
    names = ("unit", "list", "indicator", "num", "den", "items", "rank", "ranked_among")
    return {
        (unit, listed, key): (None if num is None else Fraction(int(num), int(den)), items, rank, among)
        for unit, listed, key, num, den, items, rank, among in zip(
            *(table[one].to_pylist() for one in names), strict=True
        )
    }


def require_equal(folder: Path) -> None:
    """Stops at the first difference between contestants."""
    outs = {name: folder / name for name in CONTESTANTS}
    for period in PERIODS:
        for compared in (lights, indicators):
            expected = compared(OURS, outs[OURS], period)
            for name in (SQL, PANDAS):
                found = compared(name, outs[name], period)
                if found != expected:
                    different = sorted(map(str, set(dict_items(found)) ^ set(dict_items(expected))))[:6]
                    sys.exit(f"{name} differs in {compared.__name__} of {period}:\n" + "\n".join(different))
        assert any(row[3] == "lagging" for row in lights(OURS, outs[OURS], period)), "nothing to judge"


def dict_items(found: Any) -> Any:
    return found.items() if isinstance(found, dict) else found


def main(size: int, repetitions: int) -> None:
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        prepared(size, folder)
        outs = {name: folder / name for name in CONTESTANTS}
        commands = {name: [sys.executable, __file__, "--as", name, str(folder), str(out)] for name, out in outs.items()}
        for command in commands.values():
            run(command)
        run([sys.executable, __file__, "--check", str(folder)])
        print(machine("duckdb", "pandas", "numpy", "pyarrow", "sqlglot"))
        print(
            f"{size:,} projects x {len(PERIODS)} months; lights, reasons, indicators and ranks of all three are equal"
        )
        runs = in_turn(commands, repetitions)
    print_table(runs, OURS)
    print("wall is the clock, CPU is user and system seconds of the process with its threads; judge by CPU")
    cpu = {name: median(one.cpu for one in found) for name, found in runs.items()}
    print(
        f"CPU: ours / {SQL} = {cpu[OURS] / cpu[SQL]:.2f} (aim: within 2), ours / {PANDAS} = {cpu[OURS] / cpu[PANDAS]:.2f}"
    )


if __name__ == "__main__":
    if sys.argv[1:2] == ["--as"]:
        if sys.argv[2] == OURS:
            sys.meta_path.insert(0, AsInstalled())
        start = time.perf_counter()
        CONTESTANTS[sys.argv[2]](Path(sys.argv[3]), Path(sys.argv[4]))
        report(seconds=round(time.perf_counter() - start, 3), peak=round(peak_mib()))
    elif sys.argv[1:2] == ["--prepare"]:
        prepare(int(sys.argv[2]), Path(sys.argv[3]))
    elif sys.argv[1:2] == ["--check"]:
        require_equal(Path(sys.argv[2]))
    else:
        main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000, int(sys.argv[2]) if len(sys.argv) > 2 else 5)
