"""Every page and every answer in the language its request asks for."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from guatu.hub.accounts.language import chosen, speaking


class LanguageMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        language = chosen(request)
        with speaking(language):
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        return response
