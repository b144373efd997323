"""The language of a request: what its cookie says, or what the browser asks for; Chinese if nothing says."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import override

from guatu.text import Language

_spoken: ContextVar[Language | None] = ContextVar("spoken", default=None)


@contextmanager
def speaking(code: str) -> Iterator[None]:
    """Within it the language of a code in `LANGUAGES` is spoken, by us and by Django."""
    said = _spoken.set("en" if code.startswith("en") else "zh")
    try:
        with override(code):
            yield
    finally:
        _spoken.reset(said)


def spoken() -> Language:
    """The language of the request at hand; outside of one the site's first. Pages ask hundreds of times."""
    return _spoken.get() or "zh"


def chosen(request: HttpRequest) -> str:
    """The language a request asks for, by its code in `LANGUAGES`."""
    cookie = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
    if cookie in dict(settings.LANGUAGES):
        return cookie
    asked = request.headers.get("Accept-Language", "").lower()
    return "en" if asked.startswith("en") else settings.LANGUAGE_CODE


def remember_language(response: HttpResponse, language: str) -> None:
    """Let the browser ask for this language from now on."""
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=365 * 24 * 3600,
        samesite="Lax",
        secure=settings.TLS,
        httponly=True,
    )
