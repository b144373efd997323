"""Headers every answer carries, beyond what Django sets."""

from __future__ import annotations

from collections.abc import Callable

from csp.constants import HEADER
from csp.utils import build_policy
from django.conf import settings
from django.http import HttpRequest, HttpResponse

# Nothing of the device but the passkey; the camera for evidence photos is a file input and needs no permission.
PERMISSIONS = (
    "accelerometer=(), camera=(), geolocation=(), gyroscope=(), magnetometer=(), microphone=(), payment=(), usb=(), "
    "publickey-credentials-create=(self), publickey-credentials-get=(self)"
)


UNTIL_CHANGED = "private, no-cache"


class HeadersMiddleware:
    """Outermost, so that answers of other middleware carry them too: the content policy, put together once, and the rest. Pages
    of signed-in people are kept by no cache; what a map is drawn from may be kept by the browser alone, which asks each time
    whether it is still so."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response, self.policy = get_response, build_policy()

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if not (settings.DEBUG and response.status_code in (404, 500)):  # pages of Django's own, which would be bare
            response.headers.setdefault(HEADER, self.policy)
        response.headers.setdefault("Permissions-Policy", PERMISSIONS)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        response.headers.setdefault("X-Permitted-Cross-Domain-Policies", "none")
        is_page = getattr(request, "resolver_match", None) is not None  # static files have none, and may be kept
        if is_page and response.headers.get("Cache-Control") != UNTIL_CHANGED:
            response.headers["Cache-Control"] = "no-store"
        return response
