"""API tokens: one's own, and those of the units whose sign-in one looks after."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import F, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.timezone import localdate
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from guatu.hub.accounts.actions.tokens import WrongToken, issue_token, revoke_token
from guatu.hub.accounts.language import spoken
from guatu.hub.accounts.models import ApiToken, Post
from guatu.hub.accounts.numbers import whole_number
from guatu.hub.accounts.refusals import status_of
from guatu.hub.accounts.requests import ActorRequest
from guatu.hub.accounts.roles import Permission, roles_with
from guatu.hub.web.posted import posted
from guatu.text import Refusal, Text

_FRESH = "fresh_token"
_SHOWN_FOR = timedelta(minutes=5)
_USUAL_DAYS = 90


@never_cache
def tokens(request: ActorRequest) -> HttpResponse:
    return render(request, "tokens/tokens.html", _page(request) | {"secret": _fresh_secret(request)})


@require_POST
def issue(request: ActorRequest) -> HttpResponse:
    """The secret waits in the session for the next page, where it is shown once; it is kept nowhere else."""
    post = get_object_or_404(_own_posts(request), pk=whole_number(posted(request, "post")))
    try:
        issued = issue_token(
            post=post,
            name=posted(request, "name"),
            expires_on=_day(posted(request, "expires_on")),
            by=request.actor,
            at=timezone.now(),
        )
    except Refusal as refusal:
        words = {"refusal": refusal.what.in_(spoken()), "remedy": refusal.remedy.in_(spoken())}
        return render(request, "tokens/tokens.html", _page(request) | words, status=status_of(refusal))
    request.session[_FRESH] = [issued.secret, timezone.now().isoformat()]
    return redirect("tokens")


@require_POST
def revoke(request: ActorRequest, token_id: int) -> HttpResponse:
    token = get_object_or_404(ApiToken.objects.visible_to(request.actor).select_related("post__unit"), pk=token_id)
    revoke_token(token=token, by=request.actor, at=timezone.now())
    return redirect("tokens")


def _page(request: ActorRequest) -> dict[str, Any]:
    today = localdate()
    in_force = ApiToken.objects.in_force(today)
    mine = ApiToken.objects.filter(post__person_id=request.actor.person_id)
    others = in_force.visible_to(request.actor).exclude(post__person_id=request.actor.person_id)
    return {
        "mine": mine.select_related("post__unit").order_by(F("revoked_at").asc(nulls_first=True), "-expires_on", "-id"),
        "in_force": set(in_force.filter(post__person_id=request.actor.person_id).values_list("pk", flat=True)),
        "others": others.select_related("post__unit", "post__person").order_by(
            "post__unit__order", "post__person__name", "id"
        ),
        "posts": _own_posts(request),
        "soonest": today + timedelta(days=1),
        "usual": today + timedelta(days=min(_USUAL_DAYS, settings.TOKEN_DAYS)),
        "latest": today + timedelta(days=settings.TOKEN_DAYS),
    }


def _own_posts(request: ActorRequest) -> QuerySet[Post]:
    """The posts of the person, in force, that may have tokens."""
    held = [post.post_id for post in request.actor.posts]
    return Post.objects.filter(pk__in=held, role__in=roles_with(Permission.ISSUE_TOKENS)).select_related("unit")


def _fresh_secret(request: ActorRequest) -> str:
    """The secret just issued, once; one nobody came to see in time is dropped."""
    secret, issued_at = request.session.pop(_FRESH, ("", ""))
    return secret if secret and timezone.now() - datetime.fromisoformat(issued_at) < _SHOWN_FOR else ""


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise WrongToken(
            text or "—",
            Text("失效日不是日期", "the day it expires is no date"),
            Text("写成 2026-12-31 这样。", "Write it like 2026-12-31."),
        ) from None
