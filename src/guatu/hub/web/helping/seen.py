"""Which kinds of page a person has looked at, for the ticks of the first steps: in a signed cookie, nothing of it in the database."""

from __future__ import annotations

from collections.abc import Callable
from functools import update_wrapper
from typing import Any, Concatenate, ParamSpec

from django.conf import settings
from django.core.signing import BadSignature
from django.http import HttpResponse

from guatu.hub.accounts.requests import ActorRequest

COOKIE, DAYS = "seen", 30
P = ParamSpec("P")
View = Callable[Concatenate[ActorRequest, P], HttpResponse]


def looked_at(kind: str) -> Callable[[View[P]], View[P]]:
    """A view whose page, once shown to somebody, counts as looked at."""

    def wrapped(view: View[P]) -> View[P]:
        def shown(request: ActorRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            response = view(request, *args, **kwargs)
            kinds = kinds_seen(request)
            if request.method == "GET" and response.status_code == 200 and kind not in kinds:
                _remember(request, response, kinds | {kind})
            return response

        update_wrapper(shown, view)
        return shown

    return wrapped


def kinds_seen(request: ActorRequest) -> set[str]:
    """What the person of this browser has looked at; another's cookie says nothing."""
    try:
        said: Any = request.get_signed_cookie(COOKIE, "", salt=COOKIE, max_age=DAYS * 24 * 3600)
    except BadSignature:
        return set()
    person, _, kinds = str(said).partition(":")
    return set(kinds.split(".")) if person == str(request.actor.person_id) and kinds else set()


def _remember(request: ActorRequest, response: HttpResponse, kinds: set[str]) -> None:
    response.set_signed_cookie(
        COOKIE, f"{request.actor.person_id}:{'.'.join(sorted(kinds))}", salt=COOKIE, max_age=DAYS * 24 * 3600,
        secure=settings.TLS, httponly=True, samesite="Lax",
    )  # fmt: skip
