"""Whom doors of goals, their targets and their papers let in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils import timezone

from guatu.hub.ledger.models import GoalItem, Paper, Target
from tests.hub.permissions.door import ANSWERERS, CLAIMERS, DISPATCHER, LEADER, SEERS, SENDERS, Door, Let, nothing
from tests.hub.permissions.doors_of_items import only, photo
from tests.hub.permissions.doors_of_people import reason
from tests.hub.permissions.world import SINCE, Caller, World

DAYS = {"starts_on": "2026-01-01", "ends_on": "2026-12-31"}


def _goal_form(world: World, caller: Caller, place: str) -> Mapping[str, Any]:
    unit = world.unit(place, caller).pk
    return {
        "level": "campaign/campaign",
        "unit": f"#{unit}",
        "title": "新目标",
        "statement": "",
        "reason": "更名",
        **DAYS,
    }


def _unit_answers(world: World, caller: Caller, place: str) -> Mapping[str, Any]:
    unit = world.unit(place, caller).pk
    return {"slot": "commander", "unit": f"#{unit}", "person": "", "on": str(timezone.localdate())}


def _item_not_linked(world: World, caller: Caller, place: str) -> Mapping[str, Any]:
    GoalItem.objects.filter(goal=world.goal(place, caller)).delete()
    return {"item": f"#{world.item(place, caller).pk}", "on": str(timezone.localdate())}


def _split_all(world: World, caller: Caller, place: str) -> Mapping[str, Any]:
    return {f"unit-{world.units['child'].pk}": "4", "reason": ""}


def _asked_for_an_answer(world: World, caller: Caller, place: str) -> Mapping[str, Any]:
    Target.objects.filter(goal=world.goal(place, caller)).update(standing="proposed")
    return {"agrees": "yes"}


def _signature(world: World, caller: Caller, place: str) -> Mapping[str, Any]:
    return {"slot": "lead_unit", "digest": Paper.objects.get(goal=world.goal(place, caller)).digest}


def _new_goal(world: World, caller: Caller, place: str) -> Mapping[str, Any]:
    unit = world.unit(place, caller).pk
    return {"pack": "campaign", "level": "campaign", "unit_id": unit, "title": "新目标", **DAYS}


def _goal_answered_by(world: World, caller: Caller, place: str) -> Mapping[str, Any]:
    return {"slot": "commander", "unit_id": world.unit(place, caller).pk, "on": str(timezone.localdate())}


def _items_not_linked(world: World, caller: Caller, place: str) -> Mapping[str, Any]:
    GoalItem.objects.filter(goal=world.goal(place, caller)).delete()
    return {"items": [world.item(place, caller).pk], "on": str(timezone.localdate())}


def _parts_of_it(world: World, caller: Caller, place: str) -> Mapping[str, Any]:
    return {"seen": 1, "along": "unit", "parts": [{"unit_id": world.units["child"].pk, "value": 4}]}


def _answer_of_a_unit(world: World, caller: Caller, place: str) -> Mapping[str, Any]:
    return {"seen": 1, "agrees": _asked_for_an_answer(world, caller, place)["agrees"] == "yes"}


def _reached_so_far(world: World, caller: Caller, place: str) -> Mapping[str, Any]:
    """A share of growth, which no item tells of."""
    Target.objects.filter(goal=world.goal(place, caller)).update(indicator="growth")
    return {"on": "2026-01-02", "value": "5", "evidence": "统计月报", "reason": ""}


API_OF_GOALS: Mapping[str, Door] = {
    "goals": Door(Let(DISPATCHER), body=_new_goal, records="goal.opened"),
    "goal_change": Door(
        Let(DISPATCHER),
        body=lambda *_: {"seen": 1, "title": "新目标", "reason": "更名", **DAYS},
        records="goal.changed",
    ),
    "goal_end": Door(Let(DISPATCHER), body=lambda *_: {"state": "ended", "reason": "到期"}, records="goal.ended"),
    "goal_duties": Door(Let(DISPATCHER), body=_goal_answered_by, records="goal.assigned"),
    "goal_items": Door(Let(DISPATCHER), body=_items_not_linked, records="goal.linked"),
    "goal_unlink": Door(Let(DISPATCHER), body=lambda *_: {"on": str(SINCE)}, records="goal.unlinked"),
    "goal_targets": Door(
        Let(DISPATCHER),
        body=lambda *_: {"indicator": "growth", "period": "2026", "value": "0.09"},
        records="target.set",
    ),
    "target_adjust": Door(
        Let(DISPATCHER), body=lambda *_: {"seen": 1, "value": 5, "reason": "年中调整"}, records="target.adjusted"
    ),
    "target_split": Door(Let(DISPATCHER), body=_parts_of_it, records="target.split"),
    "goal_papers": Door(Let(DISPATCHER), body=lambda *_: {"kind": "roadmap"}, records="paper.drawn"),
    "target_reached": Door(
        Let(CLAIMERS), body=only(_reached_so_far, "on", "evidence", value="0.05"), records="target.reached"
    ),
    "target_answer": Door(Let(ANSWERERS), body=_answer_of_a_unit, records="target.answered"),
    "goal_attachments": Door(Let(SENDERS), body=photo, records="attachment.attached"),
    "item_attachments": Door(Let(SENDERS), body=photo, records="attachment.attached"),
    "attachment_erase": Door(Let(DISPATCHER), body=reason, records="attachment.erased"),
}
"""What programs send about goals and files."""
PAGES_OF_GOALS: Mapping[str, Door] = {
    "goal_change": Door(Let(DISPATCHER), body=_goal_form, records="goal.changed"),
    "goal_end": Door(Let(DISPATCHER), body=lambda *_: {"state": "ended", "reason": "到期"}, records="goal.ended"),
    "goal_assign": Door(Let(DISPATCHER), body=_unit_answers, records="goal.assigned"),
    "goal_link": Door(Let(DISPATCHER), body=_item_not_linked, records="goal.linked"),
    "target_set": Door(
        Let(DISPATCHER), body=lambda *_: {"indicator": "growth", "period": "2026", "value": "9"}, records="target.set"
    ),
    "target_adjust": Door(
        Let(DISPATCHER), body=lambda *_: {"value": "5", "reason": "年中调整"}, records="target.adjusted"
    ),
    "target_split": Door(Let(DISPATCHER), body=_split_all, records="target.split"),
}
"""The same for goals."""


DOORS_OF_GOALS: Mapping[tuple[str, str], Door] = {
    ("goals", "GET"): Door(Let(SEERS)),
    ("goal", "GET"): Door(Let(SEERS)),
    ("goal_open", "GET"): Door(Let(DISPATCHER)),
    ("goal_open", "POST"): Door(Let(DISPATCHER), body=_goal_form, records="goal.opened"),
    **{(name, "POST"): door for name, door in PAGES_OF_GOALS.items()},
    **{(name, "GET"): Door(*(Let(one.who) for one in door.lets)) for name, door in PAGES_OF_GOALS.items()},
    ("goal_attachments", "GET"): Door(Let(SEERS)),
    ("goal_attachment_send", "POST"): Door(Let(SENDERS), body=photo, records="attachment.attached"),
    ("goal_unlink", "POST"): Door(Let(DISPATCHER), body=nothing, records="goal.unlinked"),
    ("target", "GET"): Door(Let(SEERS)),
    ("target_answer", "POST"): Door(Let(ANSWERERS), body=_asked_for_an_answer, records="target.answered"),
    ("target_reached", "GET"): Door(Let(CLAIMERS)),
    ("target_reached", "POST"): Door(Let(CLAIMERS), body=_reached_so_far, records="target.reached"),
    ("paper", "GET"): Door(Let(SEERS)),
    ("paper_word", "GET"): Door(Let(SEERS)),
    ("paper_draw", "POST"): Door(Let(DISPATCHER), body=lambda *_: {"kind": "roadmap"}, records="paper.drawn"),
    ("paper_sign", "POST"): Door(Let(LEADER), body=_signature, records="paper.signed"),
    **{(f"api-1:{name}", "POST"): door for name, door in API_OF_GOALS.items()},
    **{
        (f"api-1:{name}", "GET"): Door(Let(SEERS))
        for name in (
            "goals",
            "goal_schema",
            "goal_tree",
            "goal",
            "goal_revisions",
            "goal_duties",
            "goal_items",
            "goal_targets",
            "goal_attachments",
            "target",
            "target_parts",
            "target_versions",
            "target_reached",
            "goal_papers",
            "paper",
            "paper_word",
        )
    },
}
