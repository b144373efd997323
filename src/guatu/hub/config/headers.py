"""Headers every answer carries, beyond what Django and the content policy set."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

# Nothing of the device but the passkey; the camera for evidence photos is a file input and needs no permission.
PERMISSIONS = (
    "accelerometer=(), camera=(), geolocation=(), gyroscope=(), magnetometer=(), microphone=(), payment=(), usb=(), "
    "publickey-credentials-create=(self), publickey-credentials-get=(self)"
)


UNTIL_CHANGED = "private, no-cache"


class HeadersMiddleware:
    """Outermost, so that answers of other middleware carry them too. Pages of signed-in people are kept by no cache; what a
    map is drawn from may be kept by the browser alone, which asks each time whether it is still so."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Permissions-Policy", PERMISSIONS)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        response.headers.setdefault("X-Permitted-Cross-Domain-Policies", "none")
        is_page = getattr(request, "resolver_match", None) is not None  # static files have none, and may be kept
        if is_page and response.headers.get("Cache-Control") != UNTIL_CHANGED:
            response.headers["Cache-Control"] = "no-store"
        return response
