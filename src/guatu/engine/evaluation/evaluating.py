"""One round, from tables to results: indicators, lights, points, ladders, each kept with its reasons."""

from __future__ import annotations

import pyarrow as pa

from guatu.engine.evaluation.indicators import indicators_table, measure
from guatu.engine.evaluation.inputs import Inputs
from guatu.engine.evaluation.ladders import climb, ladder_table
from guatu.engine.evaluation.lights import judge_items, lights_table
from guatu.engine.evaluation.past import written
from guatu.engine.evaluation.points import mark_units, points_table
from guatu.engine.evaluation.results import Results
from guatu.engine.evaluation.stage import Engine, public_items, set_stage
from guatu.engine.evaluation.unit_rows import judge_units
from guatu.engine.rulebook.model import Rulebook


def evaluate(inputs: Inputs, rulebook: Rulebook, tables: Engine = "duckdb") -> Results:
    """The results of one round under one rulebook. The same inputs give the same tables on either engine."""
    stage = set_stage(inputs, rulebook, tables)
    subjects = measure(stage)
    item_lights = judge_items(stage)
    unit_lights = judge_units(stage, subjects)
    earned = mark_units(stage, subjects, unit_lights)
    standings = climb(stage, subjects, item_lights, unit_lights)
    return Results(
        period=inputs.period,
        rulebook=rulebook.key,
        version=rulebook.version,
        sha256=rulebook.sha256,
        engine=tables,
        constants={key: written(value) for key, value in stage.constants.items()},
        items=public_items(stage.items, inputs),
        lights=pa.concat_tables([item_lights, lights_table("unit", unit_lights)]),
        indicators=indicators_table(stage, subjects),
        points=points_table(earned),
        ladder=ladder_table(standings),
        units=inputs.units,
        closure=inputs.closure,
        membership=inputs.membership,
    )
