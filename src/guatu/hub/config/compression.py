"""Pages a third as long on their way: compressed where nobody can learn a secret from how long they become.

Why this is safe, and what is left out of it: docs/decisions/0024-pages-compressed.md.
"""

from __future__ import annotations

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware

KINDS = ("text/html", "application/json", "application/geo+json")


class CompressionMiddleware(GZipMiddleware):
    """Compresses what a GET shows, of these kinds; a hundred random bytes at most hide the length. Files go as they are."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        kind = response.get("Content-Type", "").partition(";")[0]
        if request.method != "GET" or response.streaming or kind not in KINDS:
            return response
        return super().process_response(request, response)
