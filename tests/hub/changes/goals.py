"""Changes of goals, their targets and their papers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from guatu.hub.audit.acting import ACTIONS
from guatu.hub.ledger.actions.goals import Wanted as WantedGoal
from guatu.hub.ledger.actions.targets import Part as ShareOf
from guatu.hub.ledger.models import (
    Goal,
    Item,
    Paper,
    Target,
)
from guatu.hub.ledger.models.goals import GoalState
from guatu.hub.ledger.models.targets import Along
from tests.hub.changes.change import DAY, TODAY, Change
from tests.hub.changes.items import an_item
from tests.hub.goals_pack import kept_goals_pack
from tests.hub.people import NOW, City

AIM = WantedGoal("攻势", date(2026, 1, 1), date(2026, 12, 31))


def _a_goal(city: City) -> None:
    kept_goals_pack()
    ACTIONS["goal.open"](
        pack="campaign",
        level="campaign",
        parent=None,
        unit=city.units["city"],
        wanted=AIM,
        by=city.actor("zhao"),
        at=NOW,
    )


def _a_goal_and_an_item(city: City) -> None:
    an_item(city)
    _a_goal(city)


def _a_goal_with_its_item(city: City) -> None:
    _a_goal_and_an_item(city)
    GOALS["goal.link"].make("goal.link", city)


def _a_target(city: City) -> None:
    _a_goal(city)
    GOALS["target.set"].make("target.set", city)


def _a_target_that_no_item_tells_of(city: City) -> None:
    _a_target(city)
    Target.objects.update(indicator="growth", value="0.09")


def _a_share(city: City) -> None:
    _a_target(city)
    GOALS["target.split"].make("target.split", city)


def _a_paper(city: City) -> None:
    _a_goal(city)
    GOALS["goal.assign"].make("goal.assign", city)
    GOALS["paper.draw"].make("paper.draw", city)


GOALS: Mapping[str, Change] = {
    "goal.open": Change(
        lambda city: {
            "pack": "campaign", "level": "campaign", "parent": None, "unit": city.units["city"], "wanted": AIM,
            "by": city.actor("zhao"),
        },
        before=lambda city: kept_goals_pack() and None,
    ),
    "goal.change": Change(
        lambda city: {
            "goal": Goal.objects.get(), "seen": 1, "wanted": replace(AIM, title="总攻"), "reason": "更名",
            "by": city.actor("zhao"),
        },
        before=_a_goal,
    ),
    "goal.end": Change(
        lambda city: {
            "goal": Goal.objects.get(), "state": GoalState.ENDED, "reason": "到期", "by": city.actor("zhao"),
        },
        before=_a_goal,
    ),
    "goal.assign": Change(
        lambda city: {
            "goal": Goal.objects.get(), "slot": "lead_unit", "person": None, "unit": city.units["city"], "on": DAY,
            "by": city.actor("zhao"),
        },
        before=_a_goal,
    ),
    "goal.link": Change(
        lambda city: {"goal": Goal.objects.get(), "items": [Item.objects.get()], "on": DAY, "by": city.actor("zhao")},
        before=_a_goal_and_an_item,
    ),
    "goal.unlink": Change(
        lambda city: {"goal": Goal.objects.get(), "item": Item.objects.get(), "on": TODAY, "by": city.actor("zhao")},
        before=_a_goal_with_its_item,
    ),
    "target.set": Change(
        lambda city: {
            "goal": Goal.objects.get(), "indicator": "started", "period": "2026", "value": "4", "by": city.actor("zhao"),
        },
        before=_a_goal,
    ),
    "target.adjust": Change(
        lambda city: {
            "target": Target.objects.get(), "seen": 1, "value": "5", "reason": "年中调整", "by": city.actor("zhao"),
        },
        before=_a_target,
    ),
    "target.split": Change(
        lambda city: {
            "target": Target.objects.get(), "seen": 1, "along": Along.UNIT,
            "parts": [ShareOf("3", unit=city.units["east"]), ShareOf("1", unit=city.units["west"])],
            "by": city.actor("zhao"),
        },
        before=_a_target,
    ),
    "target.answer": Change(
        lambda city: {
            "target": Target.objects.get(unit=city.units["west"]), "seen": 1, "agrees": True, "by": city.actor("qian"),
        },
        before=_a_share,
    ),
    "target.reach": Change(
        lambda city: {
            "target": Target.objects.get(), "on": TODAY, "value": "0.05", "evidence": "统计月报", "by": city.actor("zhao"),
        },
        before=_a_target_that_no_item_tells_of,
    ),
    "paper.draw": Change(
        lambda city: {"goal": Goal.objects.get(), "kind": "letter", "by": city.actor("zhao")}, before=_a_goal
    ),
    "paper.sign": Change(
        lambda city: {
            "paper": Paper.objects.get(), "slot": "lead_unit", "digest": Paper.objects.get().digest,
            "by": city.actor("zheng"),
        },
        before=_a_paper,
    ),
}  # fmt: skip
