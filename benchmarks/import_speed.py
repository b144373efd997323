"""Import of a workbook of 20,000 projects x 30 columns with every check, against calamine only reading it.

python benchmarks/import_speed.py [repetitions] [projects]

Ours reads as `guatu run` and `guatu import` do: in a child process held to memory and time, every cell parsed and checked, the rows
sent back by column. calamine reads the same file into Python lists and looks at nothing. CPU counts the child.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from monthly_ledger import write_ledger
from timing import in_turn, machine, median, print_table, report

OURS, CALAMINE = "guatu: read, check, hold by column", "python-calamine: read"
CITY = Path(__file__).with_name("city")


def ours(path: Path) -> None:
    from functools import partial
    from time import perf_counter

    from guatu.declarations import load_pack
    from guatu.office.workbooks import WorkbookReading, read_each, read_workbook
    from guatu.standards.periods import Period

    pack = load_pack(CITY)
    before = perf_counter()
    read = partial(read_workbook, path, pack.ledger, period=Period.parse("2026-06"), units=tuple(pack.units.values()))
    [reading] = read_each([(path, read)])
    if not isinstance(reading, WorkbookReading):
        raise reading
    report(seconds=perf_counter() - before, rows=len(reading.rows), findings=len(reading.findings))


def calamine(path: Path) -> None:
    from time import perf_counter

    from python_calamine import CalamineWorkbook

    before = perf_counter()
    with CalamineWorkbook.from_path(path) as book:
        rows = book.get_sheet_by_index(0).to_python()
    report(seconds=perf_counter() - before, rows=len(rows))


def main(repetitions: int, projects: int) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "示例市2026年6月.xlsx"
        write_ledger(path, projects)
        here = [sys.executable, __file__]
        runs = in_turn({OURS: [*here, "ours", str(path)], CALAMINE: [*here, "calamine", str(path)]}, repetitions)
    print(machine("python-calamine"))
    print_table(runs, OURS)
    told = {name: [json.loads(one.said.splitlines()[-1]) for one in found] for name, found in runs.items()}
    seconds = {name: median(one["seconds"] for one in found) for name, found in told.items()}
    print(f"{told[OURS][0]['rows']} rows of {projects}, {told[OURS][0]['findings']} findings")
    cpu = {name: median(one.cpu for one in found) for name, found in runs.items()}
    print(f"whole processes: {cpu[OURS] / cpu[CALAMINE]:.1f} x its CPU; the aim is within 6 x")
    print(
        f"the import alone: {seconds[OURS]:.2f} s against {seconds[CALAMINE]:.2f} s, "
        f"{seconds[OURS] / seconds[CALAMINE]:.1f} x on the clock"
    )


if __name__ == "__main__":
    if sys.argv[1:2] in (["ours"], ["calamine"]):
        (ours if sys.argv[1] == "ours" else calamine)(Path(sys.argv[2]))
    else:
        main(int(sys.argv[1]) if len(sys.argv) > 1 else 5, int(sys.argv[2]) if len(sys.argv) > 2 else 20_000)
