"""Every address of the site; `policy.py` says who may open which."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.urls import URLPattern, URLResolver, include, path

from guatu.hub.api.routes import api
from guatu.hub.config import health, metrics
from guatu.hub.web.urls import urlpatterns as pages


def by_first_word(routes: Iterable[Any]) -> list[Any]:
    """The same routes, those that begin with the same word one step further in: an address is held against the routes of its
    own word alone. None is moved before another that could take its addresses."""
    found: list[Any] = []
    words: dict[str, list[URLPattern]] = {}
    for one in routes:
        word, slash, rest = str(one.pattern).partition("/")
        if isinstance(one, URLResolver) or "<" in word:
            words = {}
        if isinstance(one, URLResolver) or "<" in word or not slash:
            found.append(one)
            continue
        if word not in words:
            words[word] = []
            found.append(path(f"{word}/", include(words[word])))
        words[word].append(path(rest, one.callback, one.default_args, one.name))
    return found


_operations, _app, _namespace = api.urls
urlpatterns = [
    path("api/", (by_first_word(_operations), _app, _namespace)),
    *by_first_word(pages),
    path("health/live", health.live, name="health_live"),
    path("health/ready", health.ready, name="health_ready"),
    path("metrics", metrics.metrics, name="metrics"),
]

handler400 = "guatu.hub.config.errors.bad_request"
handler403 = "guatu.hub.config.errors.forbidden"
handler404 = "guatu.hub.config.errors.not_found"
handler500 = "guatu.hub.config.errors.failed"
