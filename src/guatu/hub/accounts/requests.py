"""A request as views see it: the policy of its route has been held, and it knows who acts; and what stands before views."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse

from guatu.hub.accounts.actor import Actor
from guatu.hub.accounts.models import Person


class ActorRequest(HttpRequest):
    """What the policy middleware makes of a request on a route that is not open to all."""

    actor: Actor
    user: Person


def said_by_form(request: HttpRequest, *but: str) -> list[Any]:
    """Everything a form says, files by their digests, but for some fields: the same for the same form, however it came."""
    said: list[Any] = [[name, values] for name, values in sorted(request.POST.lists()) if name not in but]
    for name, files in sorted(request.FILES.lists()):
        for file in files:
            said.append([name, file.name, hashlib.file_digest(file, "sha256").hexdigest()])
            file.seek(0)
    return said


class BesideViews:
    """A middleware that lets every request through and has its say once it is known which view is meant, by the hooks of
    Django that a subclass has: `process_view`, `process_exception`."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)
