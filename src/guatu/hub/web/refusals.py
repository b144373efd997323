"""A refusal as a page: where, what, and what to do."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from guatu.hub.accounts.language import spoken
from guatu.hub.accounts.refusals import status_of
from guatu.hub.accounts.requests import BesideViews
from guatu.text import Refusal


class RefusalMiddleware(BesideViews):
    """Whatever a page's view refuses is answered with the page of that refusal."""

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        return refused_page(request, exception) if isinstance(exception, Refusal) else None


def refused_page(request: HttpRequest, refusal: Refusal, status: int | None = None) -> HttpResponse:
    """The page of a refusal, with the status that is its own unless another is given."""
    language = spoken()
    words = {
        "where": refusal.where,
        "what": refusal.what.in_(language),
        "remedy": refusal.remedy.in_(language),
    }
    return render(request, "refused.html", words, status=status or status_of(refusal))
