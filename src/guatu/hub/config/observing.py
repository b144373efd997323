"""Every request gets its id, a line in the log and its place in the metrics."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from guatu.hub.config.logs import network_of
from guatu.hub.config.metrics import METHODS, observe
from guatu.hub.config.requests import new_request_id

log = logging.getLogger("guatu.request")
_UNWATCHED = {"health_live", "health_ready", "metrics"}
"""Asked every few seconds by machines: in the metrics, not in the log."""


class ObservingMiddleware:
    """Stands first, so that nothing a later one refuses goes unseen."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        made, begun = new_request_id(), time.perf_counter()
        response = self.get_response(request)
        seconds = time.perf_counter() - begun
        route = route_of(request)
        method = request.method if request.method in METHODS else "other"
        observe(route, method, response.status_code, seconds)
        if route not in _UNWATCHED:
            actor = getattr(request, "actor", None)
            told = {
                "route": route,
                "method": method,
                "status": response.status_code,
                "ms": round(seconds * 1000),
                "person": actor.person_id if actor is not None else None,
                "network": network_of(request.META.get("REMOTE_ADDR", "")),
            }
            log.log(logging.ERROR if response.status_code >= 500 else logging.INFO, "request", extra=told)
        response.headers["X-Request-Id"] = made
        return response


def route_of(request: HttpRequest) -> str:
    """The name of the route; never the address itself, in which people's words may stand."""
    if request.resolver_match is not None:
        return request.resolver_match.view_name or "unnamed"
    return "static" if request.path_info.startswith(settings.STATIC_URL) else "none"
