"""Read the UK's major projects of every year there is a file for, and compare with figures worked out by others.

    python drills/uk_gmpp.py [FOLDER]

FOLDER holds `uk_2014.csv` to `uk_2023.csv` and `reference_answers.json`; the repository carries four of the years
(tests/packs/data/uk_gmpp, with where the others are). Exit code 1 when a figure differs.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path
from typing import Any

from guatu.declarations import Ledger, load_pack
from guatu.office.workbooks import WorkbookReading, read_workbook
from guatu.standards.periods import Period

DATA = Path(__file__).resolve().parents[1] / "tests" / "packs" / "data" / "uk_gmpp"
GRADES = {"green": "Green", "amber_green": "Amber/Green", "amber": "Amber", "amber_red": "Amber/Red", "red": "Red"}
PENCE = 10**8


def main(arguments: list[str]) -> int:
    folder = Path(arguments[0]) if arguments else DATA
    reference = json.loads((folder / "reference_answers.json").read_text(encoding="utf-8"))["per_year"]
    ledger = load_pack("uk_gmpp").ledger
    wrong = 0
    for path in sorted(folder.glob("uk_20*.csv")):
        year = path.stem.removeprefix("uk_")
        reading = read_workbook(path, ledger, period=Period.parse(year))
        differing = differences(reading, ledger, reference[year])
        wrong += len(differing)
        errors = ", ".join(f"{one.cell} {one.raw!r}" for one in reading.findings if one.grade == "error")
        state = f"refused for {errors}" if errors else "taken"
        print(f"{year}: {len(reading.rows)} projects, {'; '.join(differing) or 'every figure equal'}; {state}")
    return 1 if wrong else 0


def differences(reading: WorkbookReading, ledger: Ledger, expected: Mapping[str, Any]) -> list[str]:
    """Figures of a year that are not those expected, each in words."""
    assert ledger.fields["whole_life_cost"].currency == "GBP"
    found = figures(reading)
    rag = Counter(expected["rag"])
    rag["Not rated"] += rag.pop("Reset", 0)  # a rating that is reset is none
    wanted = {
        "projects": expected["projects"],
        "ratings": dict(rag),
        "starts": expected["start_parsed"],
        "ends": expected["end_parsed"],
        "costs": expected["whole_life_cost_numeric"],
        "cost": round(expected["sum_whole_life_cost_m"], 2),
        "both figures": expected["budget_and_forecast_both_numeric"],
        "budget": expected["sum_budget_m"],
        "forecast": expected["sum_forecast_m"],
    }
    return [f"{key} {found[key]}, expected {value}" for key, value in wanted.items() if found[key] != value]


def figures(reading: WorkbookReading) -> dict[str, Any]:
    rows = [{cell.field: cell.value for cell in row.cells} for row in reading.rows]
    both = [row for row in rows if row.get("budget") is not None and row.get("forecast") is not None]
    costs = [row["whole_life_cost"] for row in rows if row.get("whole_life_cost") is not None]
    return {
        "projects": len(rows),
        "ratings": dict(Counter(GRADES.get(str(row.get("confidence")), "Not rated") for row in rows)),
        "starts": sum(row.get("starts_on") is not None for row in rows),
        "ends": sum(row.get("ends_on") is not None for row in rows),
        "costs": len(costs),
        "cost": millions(costs),
        "both figures": len(both),
        "budget": millions([row["budget"] for row in both]),
        "forecast": millions([row["forecast"] for row in both]),
    }


def millions(amounts: list[Any]) -> float:
    """Pence as millions of pounds to two decimals, as the reference gives them."""
    return round(float(Fraction(sum(amounts), PENCE)), 2)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
