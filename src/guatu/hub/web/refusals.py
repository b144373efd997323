"""A refusal as a page: where, what, and what to do."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from guatu.hub.accounts.language import spoken
from guatu.text import Refusal


def refused_page(request: HttpRequest, refusal: Refusal, status: int) -> HttpResponse:
    language = spoken()
    words = {
        "where": refusal.where,
        "what": refusal.what.in_(language),
        "remedy": refusal.remedy.in_(language),
    }
    return render(request, "refused.html", words, status=status)
