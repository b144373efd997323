"""The same lake judged by DuckDB and by Spark on one machine: two rounds of a made-up city, the later looking back.

python benchmarks/lake_engines.py [projects] [repetitions]        (needs pyspark and Java 17)

Every contestant is a process of its own that opens the lake, judges both rounds under the Yinchuan rulebook, and
writes lights, indicators and ranks as Parquet. What a process takes to start (Spark: a Java machine) is told apart.
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
from city import City, city
from timing import in_turn, machine, median, report

from guatu.dispatch.lake import PLACE, ROUNDS, LakeRequest, evaluate_lake
from guatu.engine.evaluation.stage import Engine
from guatu.engine.tables import ParquetLake, spark_session

PERIODS = ("2025-07", "2025-08")
ENGINES: tuple[Engine, ...] = ("duckdb", "spark")
CORES = 2


def prepare(made: City, lake: ParquetLake) -> None:
    """The lake as guatu lake add would leave it."""
    units = made.units.append_column(PLACE, pa.array(range(made.units.num_rows), pa.int32()))
    for period in PERIODS:
        inputs = made.inputs(period, ())
        tables = {"items": inputs.items, "units": units, "closure": made.closure, "membership": inputs.membership}
        for name, rows in tables.items():
            lake.write(name, period, rows)
        lake.write(ROUNDS, period, pa.table({"period": [period], "items": [inputs.items.num_rows]}))


def judge(engine: Engine, lake: str) -> None:
    """One contestant."""
    before = time.perf_counter()
    spark: Any = spark_session(f"local[{CORES}]", {"spark.driver.memory": "4g"}) if engine == "spark" else None
    started = time.perf_counter()
    with tempfile.TemporaryDirectory() as out:
        request = LakeRequest(lake, "key_projects", "yinchuan_2025", out, engine=engine)
        found = evaluate_lake(request, lambda stage, done, total: None)
        ended = time.perf_counter()
        same = _digest(Path(out))
    cpu = time.process_time()
    if spark is not None:
        handle = spark._jvm.java.lang.ProcessHandle.current()
        cpu += handle.info().totalCpuDuration().get().toMillis() / 1000
    report(start=started - before, judging=ended - started, cpu=cpu, items=found[-1].items, digest=same)


def _digest(out: Path) -> str:
    """All lights and indicators as one number, to show that both engines said the same."""
    parts = []
    for name in ("lights", "indicators"):
        query = f"select sum(hash(t)::hugeint)::varchar from read_parquet('{out}/{name}/*/*.parquet') t"
        parts.append(str(duckdb.sql(query).fetchone()))
    return " ".join(parts)


def main(projects: int, repetitions: int) -> None:
    print(machine("duckdb", "pyspark", "pyarrow", "sqlglot"))
    print(f"{projects:,} projects, {len(PERIODS)} rounds, {CORES} cores, {repetitions} repetitions")
    with tempfile.TemporaryDirectory() as folder:
        prepare(city(projects), ParquetLake(folder))
        contestants = {one: [sys.executable, __file__, "--as", one, folder] for one in ENGINES}
        runs = in_turn(contestants, repetitions)
    said = {name: [json.loads(one.said.strip().splitlines()[-1]) for one in found] for name, found in runs.items()}
    agreed = len({one["digest"] for found in said.values() for one in found}) == 1
    print(
        "| | start s | judging s, median | CPU s, Java included | judging: this / DuckDB | CPU: this / DuckDB |\n"
        "|---|---:|---:|---:|---:|---:|"
    )
    ours = {key: median(one[key] for one in said["duckdb"]) for key in ("judging", "cpu")}
    for name, found in said.items():
        start, judging, cpu = (median(one[key] for one in found) for key in ("start", "judging", "cpu"))
        print(
            f"| {name} | {start:.1f} | {judging:.1f} | {cpu:.1f} "
            f"| {judging / ours['judging']:.1f} | {cpu / ours['cpu']:.1f} |"
        )
    print(f"lights and indicators of both: {'the same' if agreed else 'DIFFERENT'}")
    if not agreed:
        sys.exit(1)


if __name__ == "__main__":
    if "--as" in sys.argv:
        judge("spark" if sys.argv[2] == "spark" else "duckdb", sys.argv[3])
    else:
        given = [int(one) for one in sys.argv[1:]]
        main(*(given + [100_000, 3][len(given) :]))
