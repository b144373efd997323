"""The unit tree, and a unit with its history and posts."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render

from guatu.hub.accounts.models import Unit
from guatu.hub.accounts.requests import ActorRequest


def tree(request: ActorRequest) -> HttpResponse:
    units = Unit.objects.visible_to(request.actor).order_by("order", "id")
    return render(request, "units/tree.html", {"units": units})


def unit(request: ActorRequest, unit_id: int) -> HttpResponse:
    found = get_object_or_404(Unit.objects.visible_to(request.actor), pk=unit_id)
    return render(request, "units/unit.html", {"unit": found})
