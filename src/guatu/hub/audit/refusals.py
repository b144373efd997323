"""Kinds of refusal that doors tell apart."""

from __future__ import annotations

from guatu.text import Refusal


class Conflict(Refusal):
    """What is there now does not allow it; asked at another time, or of another object, it would be done. Doors answer 409.

    Refusals that are neither this nor a matter of permission are about what was sent; doors answer 422.
    """
