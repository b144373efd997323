"""A month's job on one workbook of 10,000 projects x 30 columns: league workbook with every project's lights, and circular.

python benchmarks/spreadsheet_job.py [repetitions] [projects]

Ours is `guatu run` as a user starts it, with the pack in benchmarks/city (one circular as DOCX, no PDF, no charts): every cell
checked, every number traced to its cell, results kept for next month. The peers are `analyst_script.py`, which checks nothing. All
three must agree on the lights and on who is first.
"""

from __future__ import annotations

import csv
import json
import shutil
import sys
from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory

from monthly_ledger import write_ledger
from timing import Run, machine, median, print_table, run

HERE = Path(__file__).parent
GUATU = str(Path(sys.executable).with_name("guatu"))
COLOURS = {"lagging": "红", "attention": "黄", "normal": "绿"}
OURS, FAST, USUAL = "guatu run", "calamine + pandas + xlsxwriter", "pandas + openpyxl"


def commands(ledger: Path, out: Path) -> dict[str, list[str]]:
    script = str(HERE / "analyst_script.py")
    return {
        OURS: [
            GUATU, "run", str(ledger), "--pack", str(HERE / "city"), "--rulebook", "shibei_2021_lights",
            "--round", "2026-06", "-o", str(out / "ours"),
        ],
        FAST: [sys.executable, script, "fast", str(ledger), str(out / "fast")],
        USUAL: [sys.executable, script, "openpyxl", str(ledger), str(out / "usual")],
    }  # fmt: skip


def in_turn(contestants: dict[str, list[str]], out: Path, repetitions: int) -> dict[str, list[Run]]:
    """Each contestant into an empty folder every time, in an order that turns; the first round does not count."""
    runs: dict[str, list[Run]] = {name: [] for name in contestants}
    names = list(contestants)
    for repetition in range(repetitions + 1):
        for name in names:
            shutil.rmtree(out, ignore_errors=True)
            out.mkdir()
            one = run(contestants[name])
            agree(name, one, out)
            if repetition:
                runs[name].append(one)
        names = names[1:] + names[:1]
    return runs


_told: dict[str, object] = {}


def agree(name: str, one: Run, out: Path) -> None:
    """Whoever disagrees with those before ends the benchmark."""
    told = ours(out / "ours") if name == OURS else json.loads(one.said.splitlines()[-1])
    _told.setdefault("all", told)
    if told != _told["all"]:
        sys.exit(f"{name} comes to other results: {told}, not {_told['all']}")


def ours(folder: Path) -> dict[str, object]:
    with (folder / "lights.csv").open(encoding="utf-8-sig", newline="") as file:
        overall = [row for row in csv.DictReader(file) if row["dimension"] == "overall" and row["item"]]
    counted = Counter(COLOURS[row["severity"]] for row in overall)
    with (folder / "indicators.csv").open(encoding="utf-8-sig", newline="") as file:
        ranked = [row for row in csv.DictReader(file) if row["indicator"] == "completion_rate" and row["rank"] == "1"]
    names = {row["unit_code"]: row["name"] for row in units(folder)}
    first = next(names[row["unit_code"]] for row in ranked if row["list"] == "全部")
    return {"projects": len(overall), "first": first, "lights": {one: counted[one] for one in COLOURS.values()}}


def units(folder: Path) -> list[dict[str, str]]:
    arrivals = json.loads((folder / "results" / "arrivals.json").read_text(encoding="utf-8"))
    return [{"unit_code": one["unit"], "name": one["title"]["zh"]} for one in arrivals]


def main(repetitions: int, projects: int) -> None:
    with TemporaryDirectory() as folder:
        ledger, out = Path(folder) / "示例市2026年6月.xlsx", Path(folder) / "out"
        write_ledger(ledger, projects)
        runs = in_turn(commands(ledger, out), out, repetitions)
    print(machine("python-calamine", "pandas", "openpyxl", "XlsxWriter", "python-docx", "duckdb", "pyarrow"))
    print_table(runs, OURS)
    wall = {name: median(one.wall for one in found) for name, found in runs.items()}
    cpu = {name: median(one.cpu for one in found) for name, found in runs.items()}
    print(
        f"against the fast path: {wall[OURS] / wall[FAST]:.2f} x its wall clock, {cpu[OURS] / cpu[FAST]:.2f} x its CPU; "
        "the aim is within 1.5 x"
    )
    print(
        f"against pandas + openpyxl: {wall[USUAL] / wall[OURS]:.2f} x faster on the clock, {cpu[USUAL] / cpu[OURS]:.2f} x by CPU; "
        "the aim is 3 x"
    )
    print(f"agreed: {_told['all']}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 5, int(sys.argv[2]) if len(sys.argv) > 2 else 10_000)
