"""My desk, and the switch of language."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.timezone import localdate
from django.views.decorators.http import require_POST

from guatu.hub.accounts.models import Post
from guatu.hub.accounts.requests import ActorRequest


def home(request: ActorRequest) -> HttpResponse:
    posts = (
        Post.objects.filter(person_id=request.actor.person_id)
        .active_on(localdate())
        .select_related("unit", "stands_in_for__person")
    )
    return render(request, "home/desk.html", {"posts": posts})


@require_POST
def language(request: ActorRequest) -> HttpResponse:
    """Keep the language asked for in a cookie and go back to the page."""
    back = request.POST.get("back", "/")
    if not url_has_allowed_host_and_scheme(back, allowed_hosts=None):
        back = "/"
    response = redirect(back)
    if request.POST.get("language") in dict(settings.LANGUAGES):
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            request.POST["language"],
            max_age=365 * 24 * 3600,
            samesite="Lax",
            secure=settings.TLS,
        )
    return response
