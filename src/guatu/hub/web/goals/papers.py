"""Commitment papers of a goal: drawn, read and printed, signed in versions, taken away as a Word file."""

from __future__ import annotations

from django.contrib import messages
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from guatu.declarations.goals import Goals
from guatu.hub.accounts.language import spoken
from guatu.hub.accounts.models import below
from guatu.hub.accounts.requests import ActorRequest
from guatu.hub.accounts.roles import Permission
from guatu.hub.ledger.actions.papers import draw_paper, sign_paper
from guatu.hub.ledger.goals.paper_facts import still_so
from guatu.hub.ledger.goals.paper_shown import places_of, sections_of
from guatu.hub.ledger.goals.paper_written import DOCX, word_name, word_of
from guatu.hub.ledger.goals.schemes import paper_named, scheme_of
from guatu.hub.ledger.models import Paper
from guatu.hub.ledger.models.goals import GoalState
from guatu.hub.web.goals.pages import goal_to_manage
from guatu.hub.web.posted import posted
from guatu.text import Text


@require_POST
def draw(request: ActorRequest, goal_id: int) -> HttpResponse:
    goal = goal_to_manage(request, goal_id)
    made = draw_paper(goal=goal, kind=posted(request, "kind"), by=request.actor, at=timezone.now())
    return redirect("paper", made.pk)


def paper(request: ActorRequest, paper_id: int) -> HttpResponse:
    found, scheme = _found(request, paper_id)
    declared = paper_named(scheme, found.kind)
    versions = list(found.goal.papers.filter(kind=found.kind).order_by("-version"))
    last = versions[0].version
    outdated = not still_so(found.goal, found, declared)
    open_ = found.goal.state == GoalState.ACTIVE and last == found.version and not outdated
    words = {
        "paper": found,
        "title": declared.title,
        "sections": sections_of(found, scheme),
        "signing": places_of(found, scheme),
        "last": last,
        "outdated": outdated,
        "mine": _own_slots(request, found) if open_ else set(),
        "versions": versions,
    }
    return render(request, "goals/paper.html", words)


def _own_slots(request: ActorRequest, found: Paper) -> set[str]:
    """Slots of the goal that the reader, or a unit they sign for, holds now."""
    units = request.actor.units_with(Permission.SIGN_PAPERS)
    held = found.goal.duties.filter(valid_to=None).filter(
        Q(person_id=request.actor.person_id) | Q(unit__in=below(units))
    )
    return set(held.values_list("slot", flat=True)) if units else set()


@require_POST
def sign(request: ActorRequest, paper_id: int) -> HttpResponse:
    found, _ = _found(request, paper_id)
    slot, digest = posted(request, "slot"), posted(request, "digest")
    sign_paper(paper=found, slot=slot, digest=digest, by=request.actor, at=timezone.now())
    messages.success(request, Text("已签。", "Signed.").in_(spoken()))
    return redirect("paper", found.pk)


def word(request: ActorRequest, paper_id: int) -> HttpResponse:
    found, scheme = _found(request, paper_id)
    answer = HttpResponse(word_of(found, scheme, spoken()), content_type=DOCX)
    answer.headers["Content-Disposition"] = f'attachment; filename="{word_name(found)}"'
    return answer


def _found(request: ActorRequest, paper_id: int) -> tuple[Paper, Goals]:
    found = get_object_or_404(
        Paper.objects.visible_to(request.actor).select_related("goal__unit", "goal__parent"), pk=paper_id
    )
    return found, scheme_of(found.goal)
