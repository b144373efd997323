"""Routes gathered by their first words lead where they led one after the other."""

from __future__ import annotations

import re

from django.http import HttpRequest, HttpResponse
from django.urls import Resolver404, URLPattern, URLResolver, include, path
from django.urls.resolvers import RoutePattern

from guatu.hub.api.routes import api
from guatu.hub.config.urls import by_first_word
from guatu.hub.web.urls import urlpatterns as pages


def view(request: HttpRequest, **arguments: object) -> HttpResponse:
    return HttpResponse()


def found(routes: list[object], address: str) -> object:
    try:
        match = URLResolver(RoutePattern(""), routes).resolve(address)  # type: ignore[arg-type]
    except Resolver404:
        return None
    return match.url_name, match.route, match.kwargs, match.func


def addresses(routes: list[object], before: str = "") -> list[str]:
    """One for each route, and one that hardly any knows."""
    held: list[str] = []
    for one in routes:
        if isinstance(one, URLResolver):
            held += addresses(one.url_patterns, before + str(one.pattern))  # type: ignore[arg-type]
        elif isinstance(one, URLPattern):
            plain = re.sub(r"<int:\w+>", "7", re.sub(r"<(str|slug|path):\w+>", "words", before + str(one.pattern)))
            held += [plain, f"{plain}/nowhere"]
    return held


def test_every_page_and_operation_is_found_as_in_one_long_list() -> None:
    for routes in (list(pages), list(api.urls[0])):
        asked = addresses(routes)
        assert len(asked) > 100
        for address in asked:
            assert found(by_first_word(routes), address) == found(routes, address)


def test_a_route_is_not_moved_before_one_that_takes_its_addresses() -> None:
    routes: list[object] = [
        path("roads/new", view, name="new"),
        path("<slug:kind>/<int:number>", view, name="any"),
        path("roads/<int:number>", view, {"known": True}, name="road"),
        path("", include([path("roads/<slug:word>", view, name="within")])),
        path("roads/<str:word>", view, name="last"),
        path("roads", view, name="roads"),
    ]
    for address in ("roads/new", "roads/7", "rails/7", "roads/old", "roads/a.b", "roads", "roads/", "rails"):
        assert found(by_first_word(routes), address) == found(routes, address)
