"""Formulas over units: one row per unit of one list, with indicators, history and, once judged, lights."""

from __future__ import annotations

from collections.abc import Mapping

import pyarrow as pa

from guatu.engine.evaluation.indicators import Subjects, units_history
from guatu.engine.evaluation.lights import Judge, Light, Row, earlier_severities, rows_of, since
from guatu.engine.evaluation.stage import Stage
from guatu.engine.expressions import Typed
from guatu.engine.rulebook.formulas import light_names


def unit_rows(
    stage: Stage, subjects: Subjects, wanted: Mapping[str, Typed], listed: str, lights: list[Light] | None = None
) -> list[Row]:
    """What the formulas are worth for every unit that reports itself, on that list: what is above them is not judged."""
    table = subjects.table()
    by_column: dict[str, dict[str, str]] = {}
    for light in lights or ():
        column = "light" if light.dimension == "overall" else f"light_{light.dimension}"
        by_column.setdefault(column, {})[light.id] = light.severity.value
    for name in light_names(stage.rulebook.lights, "unit"):
        found = [by_column.get(name, {}).get(unit) for unit, _ in subjects.keys]
        table = table.append_column(name, pa.array(found, pa.string()))
    answer = stage.tables(units=table, units_history=units_history(stage)).rows("units", wanted, ["unit"])
    units = [unit for unit, _ in subjects.keys]
    rows = rows_of(answer, wanted, units, units)
    above = set(subjects.parents.values())
    return [row for row, (_, on) in zip(rows, subjects.keys, strict=True) if on == listed and row.id not in above]


def judge_units(stage: Stage, subjects: Subjects) -> list[Light]:
    """The lights of every unit; none when the rulebook has none for units."""
    lights = stage.rulebook.lights_of("unit")
    if lights is None:
        return []
    judge = Judge(stage, lights)
    before = earlier_severities(stage, "unit")
    found = unit_rows(stage, subjects, judge.wanted(), lights.list)
    return [since(light, before) for row in found for light in judge.judge(row)]
