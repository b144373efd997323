"""What of goals waits for somebody: shares their own unit has not answered for, papers they have not signed."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q

from guatu.hub.accounts.actor import Actor
from guatu.hub.accounts.roles import Permission
from guatu.hub.ledger.goals.schemes import schemes
from guatu.hub.ledger.models import GoalDuty, Paper, Target
from guatu.hub.ledger.models.goals import GoalState
from guatu.hub.ledger.models.targets import Standing
from guatu.text import Text

MOST = 50


@dataclass(frozen=True, slots=True)
class Waiting:
    """A share or a paper, what it is called, and the goal it belongs to."""

    pk: int
    title: Text
    goal: str


def shares_waiting(actor: Actor) -> list[Waiting]:
    """Shares proposed to the very units at which a post of the actor answers, the newest first."""
    units = actor.units_with(Permission.ANSWER_TARGETS)
    rows = Target.objects.in_force().filter(
        standing=Standing.PROPOSED, unit__in=units, goal__state=GoalState.ACTIVE
    ).select_related("goal")  # fmt: skip
    found = list(rows.order_by("-pk")[:MOST]) if units else []
    known = schemes() if found else {}
    return [
        Waiting(one.pk, known[one.goal.pack].indicators[one.indicator].title, one.goal.title)
        for one in found
        if one.goal.pack in known and one.indicator in known[one.goal.pack].indicators
    ]


def papers_waiting(actor: Actor) -> list[Waiting]:
    """The last version of each paper that has no signature in a slot the actor, or a unit they sign for, holds."""
    units = actor.units_with(Permission.SIGN_PAPERS)
    duties = GoalDuty.objects.filter(valid_to=None, goal__state=GoalState.ACTIVE).filter(
        Q(person_id=actor.person_id) | Q(unit__in=units)
    )
    slots: dict[int, set[str]] = {}
    for goal, slot in duties.values_list("goal_id", "slot") if units else ():
        slots.setdefault(goal, set()).add(slot)
    if not slots:
        return []
    known, last = schemes(), dict[tuple[int, str], Paper]()
    papers = Paper.objects.filter(goal__in=slots).select_related("goal").prefetch_related("signatures")
    for one in papers.order_by("version"):
        last[one.goal_id, one.kind] = one
    found = []
    for (goal, kind), one in sorted(last.items(), key=lambda pair: -pair[1].pk)[:MOST]:
        declared = known[one.goal.pack].papers.get(kind) if one.goal.pack in known else None
        signed = {each.slot for each in one.signatures.all()}
        if declared is not None and slots[goal] & set(declared.signed_by) - signed:
            found.append(Waiting(one.pk, declared.title, one.goal.title))
    return found
