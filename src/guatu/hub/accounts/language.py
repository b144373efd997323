"""The language of a request: what its cookie says, or what the browser asks for; Chinese if nothing says."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language

from guatu.text import Language


def spoken() -> Language:
    """The language of the request at hand."""
    return "en" if (get_language() or "").startswith("en") else "zh"


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
