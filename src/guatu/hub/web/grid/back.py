"""Where a form of the table leads back to: the table it was opened from, filter and all."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme

from guatu.hub.web.posted import posted


def back_of(request: HttpRequest, otherwise: str) -> str:
    """As the form carries it on, or as the browser says where it came from; only an address of this site."""
    said = posted(request, "back") or request.headers.get("Referer", "")
    comes_from_itself = request.path in said
    safe = url_has_allowed_host_and_scheme(said, {request.get_host()}, require_https=request.is_secure())
    return said if said and safe and not comes_from_itself else otherwise
