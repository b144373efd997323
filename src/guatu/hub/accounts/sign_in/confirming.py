"""Whether whoever is signed in has shown it just now: changes that matter ask for it again."""

from __future__ import annotations

import time

from allauth.account.internal.flows.login import get_authentication_records
from django.http import HttpRequest

from guatu.hub.accounts.sign_in.profile import profile
from guatu.hub.accounts.sign_in.sessions import began_at


def confirmed_lately(request: HttpRequest) -> bool:
    """Signed in, or shown a password, code or passkey again, within the profile's minutes."""
    begun = began_at(request.session)
    shown = [one["at"] for one in get_authentication_records(request, request.user) if one.get("reauthenticated")]
    latest = max([begun.timestamp() if begun else 0.0, *shown])
    return bool(time.time() - latest < profile().sessions.confirm.total_seconds())
