"""What a page posts beside its forms' own fields, and what an address asks for, as text that a database takes: none takes a null
character."""

from __future__ import annotations

from collections.abc import Iterator

from django.http import HttpRequest

_NULL = "\x00"


def asked_for(request: HttpRequest, name: str, otherwise: str = "") -> str:
    """The value an address gives a name; the last where there are several."""
    return request.GET.get(name, otherwise).replace(_NULL, "")


def posted(request: HttpRequest, name: str) -> str:
    """The value under a name, empty where there is none; the last where there are several."""
    return request.POST.get(name, "").replace(_NULL, "")


def all_posted(request: HttpRequest, name: str) -> list[str]:
    """Every value under a name, in the order they came."""
    return [one.replace(_NULL, "") for one in request.POST.getlist(name)]


def everything_posted(request: HttpRequest) -> Iterator[tuple[str, str]]:
    """Each name with its value, as `posted` gives it."""
    return ((name, posted(request, name)) for name in request.POST)
