"""Which HTTP status a refusal is, the same at every door."""

from __future__ import annotations

from guatu.hub.accounts.actor import NotAllowed
from guatu.hub.accounts.sign_in.throttling import TooSoon
from guatu.hub.audit.refusals import Conflict
from guatu.text import Refusal


def status_of(refusal: Refusal) -> int:
    """403: no post allows it. 429: too soon after failures. 409: what is there now does not allow it. 422: what was sent will not do."""
    if isinstance(refusal, NotAllowed):
        return 403
    if isinstance(refusal, TooSoon):
        return 429
    return 409 if isinstance(refusal, Conflict) else 422
