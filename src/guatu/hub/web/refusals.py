"""A refusal as a page: where, what, and what to do."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from guatu.hub.accounts.language import spoken
from guatu.hub.accounts.refusals import status_of
from guatu.text import Refusal


class RefusalMiddleware:
    """Whatever a page's view refuses is answered with the page of that refusal."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

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
