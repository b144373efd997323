"""A request as views see it: the policy of its route has been held, and it knows who acts; and what stands before views."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from guatu.hub.accounts.actor import Actor
from guatu.hub.accounts.models import Person


class ActorRequest(HttpRequest):
    """What the policy middleware makes of a request on a route that is not open to all."""

    actor: Actor
    user: Person


class BesideViews:
    """A middleware that lets every request through and has its say once it is known which view is meant, by the hooks of
    Django that a subclass has: `process_view`, `process_exception`."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)
