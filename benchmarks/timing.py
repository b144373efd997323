"""Runs contestants in turn, each in a process of its own, and prints medians beside ratios.

A machine is noisy: contestants alternate within every repetition, and what is quoted is the ratio of medians in one run.
"""

from __future__ import annotations

import json
import os
import platform
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version


@dataclass(frozen=True, slots=True)
class Run:
    """One process, from start to exit."""

    wall: float
    """Seconds on the clock."""
    cpu: float
    """Seconds of processor, children included."""
    peak: float
    """Largest resident memory of any one process of it, MiB."""
    said: str
    """What it printed."""


def run(command: Sequence[str], **environment: str) -> Run:
    """Run a command to its end; a failure ends the benchmark with what it said. Ours is compiled once, as packages are."""
    known = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    before = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env={**known, **environment})
    assert process.stdout is not None
    said = process.stdout.read().decode("utf-8", "replace")
    process.stdout.close()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    wall = time.perf_counter() - before
    if process.returncode != 0:
        sys.exit(f"{' '.join(command)}\nexit {process.returncode}\n{said}")
    return Run(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, said)


def in_turn(contestants: Mapping[str, Sequence[str]], repetitions: int) -> dict[str, list[Run]]:
    """Every contestant once per repetition, in an order that turns, after one uncounted round for warm caches."""
    runs: dict[str, list[Run]] = {name: [] for name in contestants}
    names = list(contestants)
    for repetition in range(repetitions + 1):
        for name in names:
            one = run(contestants[name])
            if repetition:
                runs[name].append(one)
        names = names[1:] + names[:1]
    return runs


def print_table(runs: Mapping[str, Sequence[Run]], ours: str) -> None:
    """Medians of all contestants, and how often the first fits into each other."""
    print("| | wall s, median (min-max) | CPU s | peak MiB | wall: ours / this | CPU: ours / this |")
    print("|---|---:|---:|---:|---:|---:|")
    our_wall, our_cpu = median(one.wall for one in runs[ours]), median(one.cpu for one in runs[ours])
    for name, found in runs.items():
        walls, cpu = [one.wall for one in found], median(one.cpu for one in found)
        print(
            f"| {name} | {median(walls):.2f} ({min(walls):.2f}-{max(walls):.2f}) | {cpu:.2f} "
            f"| {median(one.peak for one in found):.0f} | {our_wall / median(walls):.2f} | {our_cpu / cpu:.2f} |"
        )


def median(values: object) -> float:
    return statistics.median(values)  # type: ignore[arg-type, type-var]


def machine(*packages: str) -> str:
    """One line that says where figures come from."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return (
        f"{os.cpu_count()} cores, {memory:.0f} GiB, {platform.system()} {platform.machine()}, Python "
        f"{platform.python_version()}; {', '.join(f'{name} {_version(name)}' for name in packages)}; {time.strftime('%Y-%m-%d')}"
    )


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "missing"


def report(**figures: object) -> None:
    """How a contestant hands figures of its own to the script that started it: one JSON line."""
    print(json.dumps(figures, ensure_ascii=False))


def peak_mib() -> float:
    """Largest resident memory of this process so far, MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
