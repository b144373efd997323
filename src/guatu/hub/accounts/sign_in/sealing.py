"""Secrets at rest: what the database must hold but nobody who reads it may use, sealed with a key made from the site's secret."""

from __future__ import annotations

import base64

from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.utils.crypto import salted_hmac


def sealed(text: str) -> str:
    return _keys().encrypt(text.encode()).decode()


def unsealed(text: str) -> str:
    """The text again; also after the site's secret was changed, while the former one stands in SECRET_KEY_FALLBACKS."""
    return _keys().decrypt(text.encode()).decode()


def _keys() -> MultiFernet:
    return MultiFernet([Fernet(_key(secret)) for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)])


def _key(secret: str | bytes) -> bytes:
    return base64.urlsafe_b64encode(
        salted_hmac("guatu.sign_in.sealing", "second factors", secret=secret, algorithm="sha256").digest()
    )
