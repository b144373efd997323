"""Ladders: who breached, how many breaches stand, which step is due and what it blocks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from guatu.engine.evaluation.indicators import Subjects
from guatu.engine.evaluation.lights import Light, Row, leaves, missing_of, rows_of
from guatu.engine.evaluation.past import with_lights
from guatu.engine.evaluation.results import LADDER
from guatu.engine.evaluation.stage import Stage
from guatu.engine.evaluation.unit_rows import unit_rows
from guatu.engine.expressions import Typed
from guatu.engine.rulebook.formulas import light_names
from guatu.engine.rulebook.model import Ladder, Rulebook, Step
from guatu.standards.periods import Period


@dataclass(slots=True)
class Standing:
    """Where one subject stands on one ladder."""

    ladder: str
    subject: str
    id: str
    unit: str
    state: str
    count: int = 0
    step: str | None = None
    hold: str | None = None
    missing: list[str] = field(default_factory=list)


def climb(stage: Stage, subjects: Subjects, item_lights: pa.Table, unit_lights: Sequence[Light]) -> list[Standing]:
    """The standing of every subject on every ladder of the rulebook."""
    found: list[Standing] = []
    for ladder in stage.rulebook.ladders:
        wanted = _wanted(stage.rulebook, ladder)
        if ladder.subject == "unit":
            rows = unit_rows(stage, subjects, wanted, ladder.list, unit_lights)
        else:
            rows = _item_rows(stage, ladder, wanted, item_lights)
        earlier = _earlier_counts(stage, ladder)
        found += [_stand(stage, ladder, row, wanted, earlier.get(row.id, 0)) for row in rows]
    return found


def _wanted(rulebook: Rulebook, ladder: Ladder) -> dict[str, Typed]:
    wanted = {"!": rulebook.formulas.over(ladder.subject, ladder.trigger)}
    for step in ladder.steps:
        if step.when is not None:
            wanted[step.key] = rulebook.formulas.over(ladder.subject, step.when)
    for typed in list(wanted.values()):
        for name in leaves(typed):
            wanted.setdefault(name, rulebook.formulas.definition(ladder.subject, name))
    return wanted


def _item_rows(stage: Stage, ladder: Ladder, wanted: Mapping[str, Typed], lights: pa.Table) -> list[Row]:
    table = with_lights(stage.items, "item_id", lights)
    for name in light_names(stage.rulebook.lights, "item"):
        if name not in table.column_names:
            table = table.append_column(name, pa.nulls(table.num_rows, pa.string()))
    answer = stage.tables(wanted.values(), items=table).rows("items", wanted, ["item_id"])
    rows = rows_of(answer, wanted, table["item_id"].to_pylist(), table["unit"].to_pylist())
    members = stage.inputs.membership
    on_list = set(members.filter(pc.equal(members["list"], ladder.list))["item_id"].to_pylist())
    return [row for row in rows if row.id in on_list]


def _word(rulebook: Rulebook, written: str) -> str:
    """A choice of the ladder, through a setting where it names one."""
    setting = rulebook.settings.get(written)
    return str(setting.value) if setting is not None else written


def _stand(stage: Stage, ladder: Ladder, row: Row, wanted: Mapping[str, Typed], earlier: int) -> Standing:
    standing = Standing(ladder.key, ladder.subject, row.id, row.unit, "clear")
    if _word(stage.rulebook, ladder.rounds) == "quarter_end" and stage.inputs.period.last_day.month % 3:
        # Between quarters nothing is counted; what stood still stands.
        standing.state = "no_round"
        standing.count = earlier
        return standing
    breached = row.values["!"]
    if breached is None:
        standing.state, standing.missing = "not_judged", missing_of(wanted["!"], row.values)
        standing.count = earlier
        return standing
    if not breached:
        reset = _word(stage.rulebook, ladder.reset)
        standing.count = 0 if reset == "on_recovery" else earlier
        return standing
    standing.state = "breach"
    standing.count = earlier + 1
    step = _step(stage, ladder, row, standing.count)
    if step is not None:
        standing.step = step.key
        standing.hold = step.hold.key if step.hold else None
    return standing


def _step(stage: Stage, ladder: Ladder, row: Row, count: int) -> Step | None:
    counted = _word(stage.rulebook, ladder.counted)
    if counted == "condition":
        return next((step for step in reversed(ladder.steps) if row.values[step.key] is True), None)
    reached = stage.inputs.period.quarter if counted == "quarter" else count
    return next((step for step in reversed(ladder.steps) if step.at <= reached), None)


def _earlier_counts(stage: Stage, ladder: Ladder) -> dict[str, int]:
    """Breaches standing after the latest earlier round, since the year began where the reset says so."""
    yearly = _word(stage.rulebook, ladder.reset) == "each_year"
    earlier = [
        one for one in stage.inputs.history if not yearly or Period.parse(one.period).year == stage.inputs.period.year
    ]
    if not earlier:
        return {}
    last = max(earlier, key=lambda one: one.period).ladder.read(("ladder", "id", "count"), ladder=[ladder.key])
    return dict(zip(last["id"].to_pylist(), last["count"].to_pylist(), strict=True))


def ladder_table(standings: list[Standing]) -> pa.Table:
    rows: list[dict[str, Any]] = [
        {
            "ladder": one.ladder,
            "subject": one.subject,
            "id": one.id,
            "unit": one.unit,
            "state": one.state,
            "count": one.count,
            "step": one.step,
            "hold": one.hold,
            "missing": one.missing,
        }
        for one in standings
    ]
    return pa.Table.from_pylist(rows, schema=LADDER)
