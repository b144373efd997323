"""What a paper says: the facts it is drawn from, by ids; a version of it is exactly this, and nothing about people but their ids."""

from __future__ import annotations

import hashlib
from typing import Any

from guatu.declarations.goals import GoalPaper, PaperSection
from guatu.hub.audit.recording import canonical
from guatu.hub.ledger.goals.progress import PLANNED, linked_below
from guatu.hub.ledger.models import Goal, Milestone, Paper

Facts = dict[str, Any]


def facts_of(goal: Goal, paper: GoalPaper) -> Facts:
    """The facts of now. Drawn again from the same facts they are the same, to the byte."""
    found: Facts = {
        "kind": paper.key, "goal": goal.pk, "pack": goal.pack, "level": goal.level, "title": goal.title,
        "unit": goal.unit_id, "starts_on": goal.starts_on.isoformat(), "ends_on": goal.ends_on.isoformat(),
    }  # fmt: skip
    for section in paper.sections:
        found |= _section(section, goal, paper)
    if paper.signed_by:
        found["signers"] = [one for one in _duties(goal) if one["slot"] in paper.signed_by]
    return found


def _section(section: PaperSection, goal: Goal, paper: GoalPaper) -> Facts:
    match section:
        case PaperSection.STATEMENT:
            return {"statement": goal.statement, "flags": list(goal.flags)}
        case PaperSection.TARGETS:
            return {"targets": _targets(goal)}
        case PaperSection.TIMETABLE:
            return {"timetable": _timetable(goal)}
        case PaperSection.STEPS:
            return {"steps": _steps(goal)}
        case PaperSection.DUTIES:
            return {"duties": _duties(goal)}
        case PaperSection.TERMS:
            return {"terms": [[one.zh, one.en] for one in paper.terms]}


def digest_of(facts: Facts) -> str:
    """SHA-256 over the canonical JSON of the facts."""
    return hashlib.sha256(canonical(facts).encode()).hexdigest()


def still_so(goal: Goal, paper: Paper, declared: GoalPaper) -> bool:
    """Whether a version says just what is so now."""
    return digest_of(facts_of(goal, declared)) == paper.digest


def _targets(goal: Goal) -> list[Facts]:
    rows = goal.targets.in_force().order_by("indicator", "period", "whole_id", "pk")
    return [
        {
            "indicator": one.indicator, "period": one.period, "along": one.along, "unit": one.unit_id,
            "item": one.item_id, "value": one.value,
        }
        for one in rows
    ]  # fmt: skip


def _timetable(goal: Goal) -> list[Facts]:
    """Planned milestones of every linked item, each on the day that holds now."""
    items = [one.item for one in linked_below([goal.pk], goal.pack)[goal.pk]]
    rows = Milestone.objects.in_force().filter(item__in=items, fact__in=PLANNED)
    held: dict[tuple[int, str], Facts] = {}
    for one in rows.select_related("item").order_by("pk"):
        if one.on is not None and (one.fact == PLANNED[0] or (one.item_id, one.key) not in held):
            held[one.item_id, one.key] = {
                "item": one.item_id, "name": one.item.name, "milestone": one.key, "on": one.on.isoformat(),
            }  # fmt: skip
    return sorted(held.values(), key=lambda one: (one["on"], one["item"], one["milestone"]))


def _steps(goal: Goal) -> list[Facts]:
    rows = goal.children.exclude(state="withdrawn").order_by("starts_on", "ends_on", "pk")
    return [
        {
            "goal": one.pk, "level": one.level, "title": one.title, "unit": one.unit_id,
            "starts_on": one.starts_on.isoformat(), "ends_on": one.ends_on.isoformat(),
        }
        for one in rows
    ]  # fmt: skip


def _duties(goal: Goal) -> list[Facts]:
    rows = goal.duties.filter(valid_to=None).order_by("slot", "pk")
    return [{"slot": one.slot, "person": one.person_id, "unit": one.unit_id} for one in rows]
