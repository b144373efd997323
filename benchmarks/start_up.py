"""How long `guatu --help` takes, against an empty Python and against a click program that does nothing.

python benchmarks/start_up.py [repetitions]
"""

from __future__ import annotations

import sys
from pathlib import Path

from timing import in_turn, machine, median, print_table

GUATU = str(Path(sys.executable).with_name("guatu"))
EMPTY_CLICK = "import click; click.command()(lambda: None).main(['--help'], standalone_mode=False)"


def main(repetitions: int) -> None:
    runs = in_turn(
        {
            "guatu --help": [GUATU, "--help"],
            "guatu run --help": [GUATU, "run", "--help"],
            "empty click program": [sys.executable, "-c", EMPTY_CLICK],
            "empty Python": [sys.executable, "-c", ""],
        },
        repetitions,
    )
    print(machine("click", "rich"))
    print_table(runs, "guatu --help")
    print(f"guatu --help: {median(one.wall for one in runs['guatu --help']):.3f} s; the aim is 0.3 s")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 9)
