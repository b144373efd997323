"""My desk, and the switch of language."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.timezone import localdate
from django.views.decorators.http import require_POST

from guatu.hub.accounts.actions.sign_in import choose_language
from guatu.hub.accounts.language import remember_language
from guatu.hub.accounts.models import Post
from guatu.hub.accounts.requests import ActorRequest
from guatu.hub.ledger.goals.waiting import papers_waiting, shares_waiting


def home(request: ActorRequest) -> HttpResponse:
    posts = (
        Post.objects.filter(person_id=request.actor.person_id)
        .active_on(localdate())
        .select_related("unit", "stands_in_for__person")
    )
    words = {"posts": posts, "shares": shares_waiting(request.actor), "papers": papers_waiting(request.actor)}
    return render(request, "home/desk.html", words)


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
