"""Why a step of a ladder is due: the breach with its values, how many breaches stand, and what follows."""

from __future__ import annotations

from dataclasses import dataclass

import pyarrow.compute as pc

from guatu.engine.evaluation.explaining import Condition, NothingToExplain, condition_of, name_title, values_of
from guatu.engine.evaluation.results import Results
from guatu.engine.expressions import conjuncts
from guatu.engine.rulebook.formulas import light_names
from guatu.engine.rulebook.model import Consequence, Rulebook, Step
from guatu.text import Text


@dataclass(frozen=True, slots=True)
class StepExplanation:
    """Where one subject stands on one ladder, and why."""

    rulebook: Text
    version: str
    source: Text
    period: str
    ladder: str
    title: Text
    subject: str
    id: str
    state: str
    count: int
    """Breaches standing, this round's included."""
    step: Step | None
    hold: Consequence | None
    breach: tuple[Condition, ...]
    """The conditions of the ladder's trigger."""
    reached: tuple[Condition, ...]
    """The conditions of the step itself, where it has its own."""
    missing: tuple[Text, ...]


def explain_step(results: Results, rulebook: Rulebook, ladder: str, subject_id: str) -> StepExplanation:
    """Raises NothingToExplain when the results have no such ladder or subject."""
    table = results.ladder
    rows = table.filter(pc.and_(pc.equal(table["ladder"], ladder), pc.equal(table["id"], subject_id))).to_pylist()
    declared = next((one for one in rulebook.ladders if one.key == ladder), None)
    if not rows or declared is None:
        raise NothingToExplain(
            f"{ladder} {subject_id}",
            Text("结果里没有这一阶梯或对象", "the results hold no such ladder or subject"),
            Text("核对阶梯的键和编号。", "Check the ladder's key and the id."),
        )
    row = rows[0]
    values = values_of(results, rulebook, declared.subject, subject_id, declared.list)
    lights = results.lights.filter(pc.equal(results.lights["id"], subject_id)).to_pylist()
    named = light_names(rulebook.lights, declared.subject)
    for light in (one for one in lights if one["subject"] == declared.subject):
        name = "light" if light["dimension"] == "overall" else f"light_{light['dimension']}"
        if name in named:
            values[name] = light["severity"]
    step = next((one for one in declared.steps if one.key == row["step"]), None)
    bit = {"breach": "1", "clear": "0"}.get(row["state"], "?")
    trigger = rulebook.formulas.over(declared.subject, declared.trigger)
    own = rulebook.formulas.over(declared.subject, step.when) if step is not None and step.when is not None else None
    return StepExplanation(
        rulebook=rulebook.title,
        version=results.version,
        source=rulebook.source,
        period=str(results.period),
        ladder=ladder,
        title=declared.title,
        subject=declared.subject,
        id=subject_id,
        state=row["state"],
        count=row["count"],
        step=step,
        hold=step.hold if step is not None else None,
        breach=(condition_of(rulebook, trigger, bit, values, declared.subject),),
        reached=tuple(condition_of(rulebook, part, "1", values, declared.subject) for part in conjuncts(own))
        if own
        else (),
        missing=tuple(name_title(rulebook, declared.subject, name) for name in row["missing"]),
    )
