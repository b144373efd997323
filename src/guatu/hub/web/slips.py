"""Whom first-password slips are to be printed for."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render

from guatu.hub.accounts.actions.people import awaiting_slips
from guatu.hub.accounts.models import Person
from guatu.hub.accounts.requests import ActorRequest
from guatu.hub.accounts.roles import Permission


def waiting(request: ActorRequest) -> HttpResponse:
    """Everybody the actor looks after who has not set a password of their own, unit by unit."""
    people = Person.objects.visible_to(request.actor, Permission.MANAGE_PEOPLE).filter(awaiting_slips())
    listed = (
        people.exclude(pk=request.actor.person_id).select_related("unit").order_by("unit__order", "unit_id", "name")
    )
    return render(request, "people/waiting.html", {"people": listed})
