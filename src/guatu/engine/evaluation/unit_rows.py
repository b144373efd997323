"""Formulas over units: one row per unit of one list, with indicators, history and, once judged, lights."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pyarrow as pa

from guatu.engine.evaluation.indicators import Subjects, units_tables
from guatu.engine.evaluation.lights import Judge, Light, Row, earlier_severities, lights_table, rows_of, since
from guatu.engine.evaluation.past import with_lights
from guatu.engine.evaluation.stage import Stage
from guatu.engine.expressions import Typed
from guatu.engine.rulebook.formulas import light_names


def unit_rows(
    stage: Stage, subjects: Subjects, wanted: Mapping[str, Typed], listed: str, lights: Sequence[Light] = ()
) -> list[Row]:
    """What the formulas are worth for every unit that reports itself, on that list: what is above them is not judged."""
    table = with_lights(subjects.table(), "unit", lights_table("unit", lights))
    for name in light_names(stage.rulebook.lights, "unit"):
        if name not in table.column_names:
            table = table.append_column(name, pa.nulls(table.num_rows, pa.string()))
    answer = units_tables(stage, table, wanted.values()).rows("units", wanted, ["unit"])
    units = [unit for unit, _ in subjects.keys]
    rows = rows_of(answer, wanted, units, units)
    above = set(subjects.parents.values())
    return [row for row, (_, on) in zip(rows, subjects.keys, strict=True) if on == listed and row.id not in above]


def judge_units(stage: Stage, subjects: Subjects) -> list[Light]:
    """The lights of every unit; none when the rulebook has none for units."""
    lights = stage.rulebook.lights_of("unit")
    if lights is None:
        return []
    judge = Judge(stage.rulebook, lights)
    before = earlier_severities(stage, "unit")
    found = unit_rows(stage, subjects, judge.wanted(), lights.list)
    return [since(light, before) for row in found for light in judge.judge(row)]
