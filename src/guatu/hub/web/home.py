"""My desk, and the switch of language."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Q
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.timezone import localdate
from django.views.decorators.http import require_POST

from guatu.hub.accounts.actions.sign_in import choose_language
from guatu.hub.accounts.actor import Actor
from guatu.hub.accounts.language import remember_language
from guatu.hub.accounts.models import Load, LoadState, Post
from guatu.hub.accounts.requests import ActorRequest
from guatu.hub.accounts.roles import Permission
from guatu.hub.ledger.due import due
from guatu.hub.ledger.goals.waiting import papers_waiting, shares_waiting
from guatu.hub.ledger.models import Import
from guatu.hub.ledger.models.imports import ImportState
from guatu.hub.web.due import AHEAD, lines
from guatu.hub.web.rounds.lit import desk_lights

MOST = 10
"""Lines of a kind on the desk."""
LONGEST_OVERDUE = 5


def home(request: ActorRequest) -> HttpResponse:
    posts = (
        Post.objects.filter(person_id=request.actor.person_id)
        .active_on(localdate())
        .select_related("unit", "stands_in_for__person")
    )
    words = {
        "posts": posts,
        "shares": shares_waiting(request.actor),
        "papers": papers_waiting(request.actor),
        "workbooks": imports_ready(request.actor),
        "loads": loads_waiting(request.actor),
        **(
            {**_due(request.actor, localdate()), **desk_lights(request.actor)}
            if request.actor.may(Permission.SEE_ITEMS)
            else {}
        ),
    }
    return render(request, "home/desk.html", words)


def imports_ready(actor: Actor) -> list[Import]:
    """Read, and waiting for somebody who may take them: the newest first."""
    ready = Import.objects.visible_to(actor, Permission.IMPORT_REPORTS).filter(state=ImportState.READY)
    return list(ready.select_related("unit", "ledger").order_by("-pk")[:MOST])


def loads_waiting(actor: Actor) -> list[Load]:
    """Of units and people, waiting for the actor to accept them or the posts in them."""
    waiting = Load.objects.visible_to(actor)
    own = Q(state=LoadState.READY, submitter_id=actor.person_id)
    posts = Q(state=LoadState.POSTS) if actor.may(Permission.ASSIGN_POSTS) else Q(pk=None)
    return list(waiting.filter(own | posts).order_by("-pk")[:MOST])


def _due(actor: Actor, today: date) -> dict[str, Any]:
    """The milestones that come next, and how many are overdue."""
    coming = due(actor, since=today, before=today + timedelta(days=AHEAD + 1))[:MOST]
    return {
        "coming": lines(coming, today),
        "ahead": AHEAD,
        "overdue": due(actor, before=today).order_by().count(),
        "longest": lines(due(actor, before=today)[:LONGEST_OVERDUE], today),
    }


LONGEST_ADDRESS = 2000
"""Characters of a page to go back to; no page of ours has more."""


@require_POST
def language(request: ActorRequest) -> HttpResponse:
    """Keep the language asked for, with the browser and with the person, and go back to the page."""
    back = request.POST.get("back", "/")
    if not (back.startswith("/") and back.isprintable() and url_has_allowed_host_and_scheme(back, allowed_hosts=None)):
        back = "/"
    response = HttpResponseRedirect(back[:LONGEST_ADDRESS])
    chosen = request.POST.get("language", "")
    if chosen in dict(settings.LANGUAGES):
        remember_language(response, chosen)
        if request.actor is not None and request.user.language != chosen:
            choose_language(person=request.user, language=chosen, by=request.actor, at=timezone.now())
    return response
