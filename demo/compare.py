"""Hold a run's indicators.csv against expected.csv, figure by figure, to the digit."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

EXPECTED = Path(__file__).parent / "expected.csv"
RANKS = "rank_"


@dataclass(frozen=True, slots=True)
class Difference:
    """A figure that is not what it should be; `found` is None where the run has no such figure at all."""

    unit: str
    list: str
    measure: str
    expected: str
    found: str | None


def rows(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        yield from csv.DictReader(file)


def compare(indicators: Path, period: str) -> tuple[int, list[Difference]]:
    """How many figures of the round agree, and those that do not (value, numerator and denominator)."""
    found = {(row["unit_code"], row["list"], row["indicator"]): row for row in rows(indicators)}
    agreed = 0
    differences: list[Difference] = []
    for row in rows(EXPECTED):
        if row["round"] != period:
            continue
        measure = row["measure"].removeprefix(RANKS)
        have = found.get((row["unit_code"], row["list"], measure))
        column = "rank" if row["measure"].startswith(RANKS) else "value"
        wanted = [(column, row["value"]), *((part, row[part]) for part in ("numerator", "denominator") if row[part])]
        wrong = [(part, value) for part, value in wanted if have is None or have[part] != value]
        if wrong:
            part, value = wrong[0]
            differences.append(
                Difference(row["unit"], row["list"], f"{row['measure']}.{part}", value, have[part] if have else None)
            )
        else:
            agreed += 1
    return agreed, differences
