"""Errors as problem details (RFC 9457)."""

from __future__ import annotations

import json
from http import HTTPStatus

from django.http import HttpResponse

from guatu.hub.accounts.language import spoken
from guatu.text import Refusal


def problem(status: int, code: str, refusal: Refusal | None = None) -> HttpResponse:
    """An answer of type `application/problem+json`; `code` is for programs and never changes."""
    body: dict[str, object] = {"type": f"urn:guatu:{code}", "title": HTTPStatus(status).phrase, "status": status}
    if refusal is not None:
        body["detail"] = refusal.in_(spoken())
    return HttpResponse(
        json.dumps(body, ensure_ascii=False), status=status, content_type="application/problem+json; charset=utf-8"
    )
