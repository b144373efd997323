"""A request as views see it: the policy of its route has been held, and it knows who acts."""

from __future__ import annotations

from django.http import HttpRequest

from guatu.hub.accounts.actor import Actor
from guatu.hub.accounts.models import Person


class ActorRequest(HttpRequest):
    """What the policy middleware makes of a request on a route that is not open to all."""

    actor: Actor
    user: Person
