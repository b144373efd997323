"""Which HTTP status a refusal is, the same at every door."""

from __future__ import annotations

from guatu.hub.accounts.actor import NotAllowed
from guatu.hub.audit.refusals import Conflict
from guatu.text import Refusal


def status_of(refusal: Refusal) -> int:
    """403: no post allows it. 409: what is there now does not allow it. 422: what was sent will not do."""
    if isinstance(refusal, NotAllowed):
        return 403
    return 409 if isinstance(refusal, Conflict) else 422
