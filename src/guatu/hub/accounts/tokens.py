"""What an API token looks like, and who speaks with it."""

from __future__ import annotations

import hashlib
import secrets
import string
import zlib
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.utils.timezone import localdate

from guatu.hub.accounts.actor import Actor, Held
from guatu.hub.accounts.models import ApiToken
from guatu.hub.audit.source import Source
from guatu.hub.composed import ByKey

PREFIX = "guatu_"
"""Tells people, and programs that look for leaked secrets, what it is."""
_ALPHABET = string.digits + string.ascii_uppercase + string.ascii_lowercase
_RANDOM, _CHECK = 43, 6  # 256 bits of chance, then a checksum of everything before it


@ByKey
def _speaks(day: Any, digest: Any) -> Any:
    """Who speaks with the token of a digest on a day."""
    found = ApiToken.objects.in_force(day).filter(digest=digest)
    return found.values_list("pk", "post__person_id", "post_id", "post__unit_id", "post__role")


def new_token() -> str:
    """A token nobody can guess. It is handed to its owner once; the site keeps `digest_of` it."""
    body = PREFIX + "".join(secrets.choice(_ALPHABET) for _ in range(_RANDOM))
    return body + _check(body)


def is_well_formed(token: str) -> bool:
    """Whether this can be a token at all: a mistyped or cut one is known without asking the database."""
    body, check = token[:-_CHECK], token[-_CHECK:]
    return len(token) == len(PREFIX) + _RANDOM + _CHECK and token.startswith(PREFIX) and check == _check(body)


def digest_of(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def actor_of_token(token: str, *, at: datetime, source: Source) -> Actor | None:
    """Who speaks with a token: its post alone, while token, post and person are in force; else nobody."""
    if not is_well_formed(token):
        return None
    found = _speaks.first(localdate(at), digest_of(token))
    if found is None:
        return None
    token_id, person_id, post_id, unit_id, role = found
    return Actor(person_id, (Held(post_id, unit_id, role),), replace(source, token_id=token_id))


def _check(body: str) -> str:
    rest, digits = zlib.crc32(body.encode()), ""
    for _ in range(_CHECK):
        rest, digit = divmod(rest, len(_ALPHABET))
        digits = _ALPHABET[digit] + digits
    return digits
