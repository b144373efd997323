"""What stands before every page of a signed-in person: the session's end, a first password, a second factor, a confirmation."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from allauth.account.internal.flows.reauthentication import suspend_request
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from guatu.hub.accounts.actions.sign_in import sign_out
from guatu.hub.accounts.actor import Actor
from guatu.hub.accounts.models import Person
from guatu.hub.accounts.requests import BesideViews
from guatu.hub.accounts.sign_in import sessions
from guatu.hub.accounts.sign_in.confirming import confirmed_lately
from guatu.hub.accounts.sign_in.passwords import is_stale
from guatu.hub.accounts.sign_in.profile import profile
from guatu.hub.accounts.sign_in.second_factors import has_second_factor, needs_second_factor
from guatu.hub.config.policy import actor_of

ALWAYS = frozenset({"language", "account_login", "account_logout", "health_live", "health_ready", "metrics"})
BEFORE_PASSWORD = ALWAYS | {"account_password"}
"""All that is open to whoever signed in with a slip, or whose password is too old."""

BEFORE_SECOND_FACTOR = BEFORE_PASSWORD | {
    "mfa_index",
    "mfa_activate_totp",
    "mfa_add_webauthn",
    "mfa_view_recovery_codes",
    "account_reauthenticate",
}
"""All that is open to whoever needs a second factor and has none yet."""

CONFIRMED_FIRST = frozenset(
    {
        "mfa_activate_totp",
        "mfa_deactivate_totp",
        "mfa_add_webauthn",
        "mfa_remove_webauthn",
        "mfa_generate_recovery_codes",
        "mfa_view_recovery_codes",
        "token_issue",
        "person_reveal",
        "person_reset_password",
        "person_reset_second_factor",
    }
)
"""Routes before which a password, code or passkey must have been shown within the profile's minutes."""


class SessionLimitsMiddleware:
    """Ends a session at its limits, before anything looks at who is signed in by it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            now = timezone.now()
            why = sessions.over(request.session, profile().sessions, now)
            if why is None:
                sessions.seen(request.session, now)
            elif (actor := actor_of(request, is_api=False)) is not None:
                sign_out(request=request, person=request.user, why=why, by=actor.as_self(), at=now)
        return self.get_response(request)


class GatesMiddleware(BesideViews):
    """Leads to the page that must come first."""

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        assert request.resolver_match is not None
        route = request.resolver_match.view_name
        actor: Actor | None = getattr(request, "actor", None)
        if actor is None or route.startswith("api-") or route in ALWAYS:
            return None
        first = _must_come_first(request, actor, route)
        if first is not None:
            return redirect(first)
        if route in CONFIRMED_FIRST and not confirmed_lately(request):
            return _confirmation(request)
        return None


def _must_come_first(request: HttpRequest, actor: Actor, route: str) -> str | None:
    """The route that is open before this one, if this one is not open yet."""
    person = request.user
    assert isinstance(person, Person)
    if route not in BEFORE_PASSWORD and (person.must_change_password or is_stale(person, timezone.now())):
        return "account_password"
    if route in BEFORE_SECOND_FACTOR or not needs_second_factor(actor) or sessions.has_second_factor(request.session):
        return None
    if has_second_factor(person):
        sessions.note_second_factor(request.session)
        return None
    return "mfa_index"


def _confirmation(request: HttpRequest) -> HttpResponse:
    """To the page that asks for the password again; a form sent is kept and dealt with afterwards."""
    answer: HttpResponseRedirect = suspend_request(request, reverse("account_reauthenticate"))
    return answer
