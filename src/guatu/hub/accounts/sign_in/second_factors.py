"""Second factors of a person: one-time codes, passkeys, recovery codes. The sign-in library keeps them; this asks them."""

from __future__ import annotations

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import (
    SECRET_SESSION_KEY,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
    yield_hotp_counters_from_time,
)
from cryptography.fernet import InvalidToken
from django.contrib.sessions.backends.base import SessionBase
from django.db import transaction
from django.utils.crypto import constant_time_compare

from guatu.hub.accounts.actor import Actor
from guatu.hub.accounts.models import Person
from guatu.hub.accounts.sign_in.profile import profile
from guatu.hub.accounts.sign_in.sealing import sealed, unsealed

Kind = Authenticator.Type


def has_second_factor(person: Person) -> bool:
    return bool(Authenticator.objects.filter(user=person, type__in=(Kind.TOTP, Kind.WEBAUTHN)).exists())


def needs_second_factor(actor: Actor) -> bool:
    """Whether a post held today asks for one, by the site's profile."""
    roles = profile().second_factor_roles
    return any(post.role in roles for post in actor.posts)


def right_code(person: Person, code: str) -> int | None:
    """Which time step a one-time code is right for, if it is and was not used: nothing is spent yet."""
    found = Authenticator.objects.filter(user=person, type=Kind.TOTP).first()
    return None if found is None else _step(found, code)


def spend_code(person: Person, code: str) -> Authenticator | None:
    """The second factor a code opens, spent by it: a one-time code of now, or a recovery code. None if it opens none."""
    typed = "".join(code.split())
    with transaction.atomic():
        for found in Authenticator.objects.select_for_update().filter(user=person, type=Kind.TOTP):
            step = _step(found, typed)
            if step is not None:
                found.data["last_step"] = step
                found.save(update_fields=["data"])
                return found
        for found in Authenticator.objects.filter(user=person, type=Kind.RECOVERY_CODES):
            if RecoveryCodes(found).validate_code(typed):
                return found
    return None


def secret_to_enrol(session: SessionBase, *, new: bool) -> str:
    """The secret of codes that are being turned on, until they are: in the session, sealed like those that are on."""
    kept = "" if new else session.get(SECRET_SESSION_KEY, "")
    try:
        return unsealed(kept)
    except InvalidToken:  # none yet, or sealed by a key that is no longer there
        secret: str = generate_totp_secret()
        session[SECRET_SESSION_KEY] = sealed(secret)
        return secret


def _step(authenticator: Authenticator, code: str) -> int | None:
    """A code counts once, and none before it counts after it (RFC 6238, 5.2): kept in the row, so that all processes know."""
    secret = unsealed(authenticator.data["secret"])
    for step in yield_hotp_counters_from_time():
        if step > authenticator.data.get("last_step", 0) and constant_time_compare(
            format_hotp_value(hotp_value(secret, step)), "".join(code.split())
        ):
            return int(step)
    return None
