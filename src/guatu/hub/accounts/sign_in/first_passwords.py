"""First passwords: made at random, printed once on a slip, good for setting one's own and nothing else."""

from __future__ import annotations

import secrets

from django.contrib.auth.hashers import Argon2PasswordHasher, get_hasher

_CAPITALS, _SMALL, _DIGITS = "ABCDEFGHJKLMNPQRSTUVWXYZ", "abcdefghijkmnpqrstuvwxyz", "23456789"
_GROUPS = 4


def first_password() -> str:
    """Like Kfm7-Wqx3-Hdt9-Bzn4: 71 bits, no letter taken for another, every class that strict policies ask for."""
    return "-".join(
        secrets.choice(_CAPITALS)
        + secrets.choice(_SMALL)
        + secrets.choice(_SMALL + _CAPITALS)
        + secrets.choice(_DIGITS)
        for _ in range(_GROUPS)
    )


class _Light(Argon2PasswordHasher):
    """Argon2 with little work. What is random cannot be guessed however cheap a guess is; a slow hash protects passwords
    people think of, and nine hundred slips must not take minutes. The first sign-in replaces it by a full one."""

    time_cost = 1
    memory_cost = 8 * 1024
    parallelism = 1


def hashed_first_password(password: str) -> str:
    """The hash kept of a first password."""
    usual = get_hasher()
    hasher = _Light() if isinstance(usual, Argon2PasswordHasher) else usual
    encoded: str = hasher.encode(password, hasher.salt())
    return encoded
