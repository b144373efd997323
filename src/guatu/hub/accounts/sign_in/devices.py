"""Browsers that have signed in as somebody before: a signed cookie tells, and gives them a count of failures of their own."""

from __future__ import annotations

import secrets

from django.conf import settings
from django.core.signing import BadSignature, TimestampSigner
from django.http import HttpRequest, HttpResponse

from guatu.hub.accounts.models import Person
from guatu.hub.accounts.sign_in.profile import profile

COOKIE = "guatu_device"
_MOST_PEOPLE = 8  # on one shared computer, the last ones
_signer = TimestampSigner(salt="guatu.sign_in.device")


def device_for(request: HttpRequest, person: Person | None) -> str:
    """The name of this browser as one that has signed in as the person before; empty if it has not."""
    return _known(request).get(str(person.pk), "") if person is not None else ""


def remember_device(request: HttpRequest, response: HttpResponse, person: Person) -> None:
    """Let the browser carry that it has signed in as the person."""
    known = _known(request)
    name = known.pop(str(person.pk), "") or secrets.token_urlsafe(12)
    kept = dict([*known.items(), (str(person.pk), name)][-_MOST_PEOPLE:])
    response.set_cookie(
        COOKIE,
        _signer.sign_object(kept),
        max_age=profile().throttling.device,
        httponly=True,
        samesite="Lax",
        secure=settings.TLS,
        path="/",
    )


def _known(request: HttpRequest) -> dict[str, str]:
    try:
        found: dict[str, str] = _signer.unsign_object(
            request.COOKIES.get(COOKIE, ""), max_age=profile().throttling.device
        )
    except BadSignature:
        return {}
    return found
